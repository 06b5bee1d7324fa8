"""Where a customer counts up what went wrong: the passages of a list, so that none of them is overlooked."""

from __future__ import annotations

import re
from functools import lru_cache

from replykit.plan.passages import SENTENCE

MARK = re.compile(r"(?:^|(?<=\s))\(?(\d{1,2}|[a-h])[.)](?=\s+\w)", re.MULTILINE | re.IGNORECASE)
BULLET = re.compile(r"^[^\S\n]*[-*•]\s+(?=\w)", re.MULTILINE)
ORDINAL = re.compile(
    r"(?:^|(?<=[.!?\n] ))(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth(?:ly)?|lastly|finally|(?:number |no\. ?)?(?:one|two|three|four|five))(?=[,:]\s)",
    re.MULTILINE | re.IGNORECASE,
)
ANNOUNCED = re.compile(
    r"\b(?:two|three|four|five|six|\d|several|a (?:few|couple|number) of|a list of) (?:\w+ )?(?:things?|complaints?|problems?|points?|issues?|matters?|faults?|questions|grievances|disasters)\b",
    re.IGNORECASE,
)
HALVES = re.compile(r",? and (?=(?:you|your|the|i|my|we|our|it|there|nobody|then|also|that)\b)", re.IGNORECASE)
FEWEST, MOST = 2, 6
FEWEST_WORDS = 3


@lru_cache(maxsize=16)
def listed(text: str) -> tuple[tuple[int, int], ...]:
    """The items of a list in a message as (start, end); nothing where it holds none."""
    for marks in (_counted(text), list(BULLET.finditer(text)), list(ORDINAL.finditer(text))):
        if len(marks) >= FEWEST:
            ends = [*(m.start() for m in marks[1:]), _end(text, marks[-1].end())]
            return tuple((m.start(), end) for m, end in zip(marks, ends, strict=True))[:MOST]
    found = ANNOUNCED.search(text)
    return _announced(text, found.end()) if found else ()


def _counted(text: str) -> list[re.Match[str]]:
    """Numbers or letters that count up from one, as the hours and sums of a message do not."""
    marks: list[re.Match[str]] = []
    for mark in MARK.finditer(text):
        label = mark.group(1).lower()
        place = int(label) if label.isdigit() else ord(label) - ord("a") + 1
        if place == len(marks) + 1:
            marks.append(mark)
    return marks


def _announced(text: str, start: int) -> tuple[tuple[int, int], ...]:
    """The sentences after "two things", or the two halves of the only one."""
    stop = text.find("\n", start)
    rest = [m for m in SENTENCE.finditer(text, start) if len(m.group().split()) > FEWEST_WORDS]
    if text[start : start + 1] not in (".", ":", ",", "") and stop != start and rest:
        rest = rest[1:]
    if len(rest) == 1 and (cut := HALVES.search(text, rest[0].start(), rest[0].end())):
        return (rest[0].start(), cut.start()), (cut.end(), rest[0].end())
    return tuple((m.start(), m.end()) for m in rest[:MOST]) if len(rest) >= FEWEST else ()


def _end(text: str, start: int) -> int:
    """The end of the last item: its paragraph, or two sentences of it."""
    stop = text.find("\n", start)
    paragraph = len(text) if stop < 0 else stop
    sentences = [m.end() for m in SENTENCE.finditer(text, start, paragraph)]
    return sentences[min(1, len(sentences) - 1)] if sentences else paragraph


def item_of(text: str, place: int) -> int | None:
    """The number of the item in which a place stands."""
    return next((i for i, (a, b) in enumerate(listed(text)) if a <= place < b), None)
