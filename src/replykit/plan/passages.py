"""The sentences of a message, for whoever points at one."""

from __future__ import annotations

import re

SENTENCE = re.compile(r"(?:[^.!?\n]|(?<=\d)\.(?=\d))+[.!?]*")


def trimmed(sentence: re.Match[str]) -> tuple[int, int]:
    """Where a sentence stands without the blanks before it."""
    return sentence.end() - len(sentence.group().lstrip()), sentence.end()
