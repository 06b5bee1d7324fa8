"""Sentences that match a regular expression: what a model would write that obeys the attack behind the pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _constants, _parser  # type: ignore[attr-defined]  # the parser has no public name
from typing import Any

MOST_OF_A_CHOICE = 3
"""Branches of one pattern that are tried; the others say the same in other words."""

ANY_WORD = "w"


def worst_words(patterns: Iterable[str]) -> Iterator[str]:
    """For each pattern up to three texts that it matches, written as sentences."""
    for pattern in patterns:
        for branch in range(MOST_OF_A_CHOICE):
            text = _text(_parser.parse(pattern, re.IGNORECASE), branch)
            if text.strip() and re.search(pattern, text, re.IGNORECASE):
                yield text[:1].upper() + text[1:] + ("" if text.endswith((".", ":", ">")) else ".")
            if "|" not in pattern:
                break


def _text(parsed: Any, branch: int) -> str:
    return "".join(_piece(op, argument, branch) for op, argument in parsed)


def _piece(op: Any, argument: Any, branch: int) -> str:
    """The shortest text for one element; what only looks at its surroundings is passed over."""
    name = str(op)
    if name == "LITERAL":
        return chr(argument)
    if name == "NOT_LITERAL":
        return "x" if argument != ord("x") else "y"
    if name == "ANY":
        return "x"
    if name == "IN":
        return _member(argument)
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        least, most, inner = argument
        text = _text(inner, branch)
        if least == 0:  # a named option such as "will" makes a better sentence, any word at all does not
            return text if branch == 0 and most == 1 and ANY_WORD not in text.split() else ""
        return text * least
    if name == "SUBPATTERN":
        return _text(argument[-1], branch)
    if name == "BRANCH":
        return _text(argument[1][min(branch, len(argument[1]) - 1)], branch)
    return ""


def _member(choices: Any) -> str:
    kinds = {"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "4", "CATEGORY_WORD": ANY_WORD, "CATEGORY_NOT_SPACE": ANY_WORD}
    op, argument = choices[0]
    if op is _constants.LITERAL:
        return chr(argument)
    if op is _constants.RANGE:
        return chr(argument[0])
    if op is _constants.NEGATE:
        taken = {a for o, a in choices[1:] if o is _constants.LITERAL}
        return next(c for c in "x \n." if ord(c) not in taken)
    return kinds.get(str(argument), ANY_WORD)
