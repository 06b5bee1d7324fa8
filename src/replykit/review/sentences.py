"""The sentences of a reply as they are held against signs, each with what was found in it and what it promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from replykit.review.signs import Sign
from replykit.rules import Reading
from replykit.rules.pattern import FILLER_MARK
from replykit.rules.topics import content
from replykit.types import Commitment, Finding, Report

GREETING = re.compile(
    r"\s*(?:dear|hello|hi|hey|good (?:morning|afternoon|evening|day))\b[^,.:;!\n]{0,40}[,:!]?\s+", re.IGNORECASE
)
FILLER = re.compile(rf"{FILLER_MARK}[\w-]+")
CUT = re.compile(r"[,;:]\s+|\s+[-–—]\s+")
NUMBERS = {word: str(number) for number, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split())} | dict(zip("twenty thirty forty fifty sixty seventy eighty ninety hundred twice once".split(),
    "20 30 40 50 60 70 80 90 100 2 1".split(), strict=True)) | dict(zip("first second third fourth fifth sixth".split(), "123456", strict=True))  # fmt: skip
GIVES = re.compile(
    r"\b(?:will|shall|can|(?:am|are|is) (?:\w+ )?\w+ing|have (?:asked|sent|booked|arranged|taken|put|stopped|refunded)|goes|go)\b"
)
FIGURE = re.compile(rf"\d+|\b(?:{'|'.join(NUMBERS)})\b")
DAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b")


@dataclass(frozen=True)
class Sentence:
    """One sentence as it is held against signs. `plain` has no fillers in it."""

    start: int
    end: int
    text: str
    plain: str
    findings: tuple[Finding, ...]
    promises: tuple[Commitment, ...]

    def spoils(self, sign: Sign) -> bool:
        """Whether what a rule found here undoes a move; what the second tier merely suspects does not."""
        return any(
            f.category in sign.spoiled_by
            or (f.level == "block" and f.category in sign.undone_by and f.category != "ungrounded")
            for f in self.findings
        )

    @property
    def ungrounded(self) -> bool:
        """Whether it promises what nothing allows; what the ledger or the case's own words allow is judged first."""
        return any(f.category == "ungrounded" for f in self.findings)

    @property
    def gives(self) -> bool:
        """Whether the sentence answers something: it promises, or says what is done."""
        return bool(self.promises) or GIVES.search(self.plain) is not None


class Sentences:
    """What a reply says, sentence by sentence.

    Args:
        text: The reply.
        report: What the rules found in it, and what it commits to.
    """

    def __init__(self, text: str, report: Report) -> None:
        self.text, self._findings, self._promises = text, [f for f in report if f.probability >= 1], report.commitments
        reading = Reading(text)
        self.all = [self._sentence(s.text, *reading.normal.span(s.start, s.end)) for s in reading.sentences]

    def sound(self, sentence: Sentence, sign: Sign) -> Iterator[Sentence]:
        """A sentence, or where a finding in it undoes the move, those of its clauses in which nothing does."""
        if not sentence.spoils(sign):
            yield sentence
            return
        at = sentence.start
        for cut in [*CUT.finditer(self.text, sentence.start, sentence.end), None]:
            end = cut.start() if cut else sentence.end
            clause = self._read(at, end)
            if clause and not clause.spoils(sign):
                yield clause
            at = cut.end() if cut else end

    def _read(self, start: int, end: int) -> Sentence | None:
        found = Reading(self.text[start:end]).sentences
        if not found or end - start == len(self.text):
            return None
        return self._sentence(" ".join(s.text for s in found), start, end)

    def _sentence(self, text: str, start: int, end: int) -> Sentence:
        text = text.strip()
        while start < end and self.text[start].isspace():
            start += 1
        while start < end and self.text[end - 1].isspace():
            end -= 1
        if (greeting := GREETING.match(self.text, start, end)) and greeting.end() < end:
            start = greeting.end()
            text = GREETING.sub("", text, count=1)
        return Sentence(
            start,
            end,
            text.replace(FILLER_MARK, " "),
            FILLER.sub("", text),
            tuple(f for f in self._findings if f.start < end and start < f.end),
            tuple(c for c in self._promises if c.start < end and start < c.end),
        )


def said_words(text: str) -> Iterator[str]:
    """What a text says in words of meaning: stems, figures whether written as such or in words, days of the week."""
    yield from content(text)
    yield from (NUMBERS.get(figure, figure) for figure in FIGURE.findall(text))
    yield from DAY.findall(text)
