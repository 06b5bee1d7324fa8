"""The room of the part of a sentence that a remedy stands in, and of what it is about."""

from __future__ import annotations

import re

from replykit.ledger.remedies import Given
from replykit.rules.topics import content

BREAK = re.compile(r"[;:,]| plus | and | as well as | together with | but ")
ADVERB = re.compile(
    r"free of charge|for free|at no |no (?:extra )?charge|without charge|on us|on the house|at our "
    r"expense|as a |with our|costs you"
)
BARE = content("charge charges cost costs free fee course extra additional further")


def clause_of(text: str, remedy: Given) -> str:
    """The part of a sentence that a remedy stands in."""
    start = max((m.end() for m in BREAK.finditer(text, 0, remedy.start)), default=0)
    after = BREAK.search(text, remedy.end)
    return text[start : after.start() if after else len(text)]


def about(text: str, remedy: Given) -> frozenset[str]:
    """What a remedy is about: the words of its clause, or of the sentence where it only adds "at no charge"."""
    if ADVERB.match(text, remedy.start):
        return content(text)
    return content(clause_of(text, remedy)) - BARE
