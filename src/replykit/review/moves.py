"""Which moves a reply makes: its sentences held against signs, promises, findings and the words of the case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from replykit.plan import Case
from replykit.plan.stems import stems
from replykit.review.sentences import Sentence, Sentences, said_words
from replykit.review.signs import Sign, licensed
from replykit.review.words import words_of
from replykit.rules.reading import message_read
from replykit.rules.topics import content, parts, shared, topics
from replykit.types import Report

AHEAD = re.compile(
    r"^(?:we|i|you|he|she|they|it|this|that|our \w+|please|choose|send|tell|let|would|shall|will|can)? ?"
    r"\b(?:will|shall|can|could|may|would like|am going|are going|please|choose|send|tell me|let me)\b"
)
CLAUSES = re.compile(r"[,;:] | - | (?:and|but|because|while|which|that|so) ")
SORRY_THAT = re.compile(r"\b(?:sorry|apologi[sz]e|apologies) that\b")
PROMISED, MATCHED, SHARED = 3.0, 2.0, 1.0
"""How much each sort of evidence says: a promise that the ledger licenses, a wording, words shared with the case."""


@dataclass(frozen=True)
class Passage:
    """The sentence of a reply that makes a move; offsets into the text."""

    start: int
    end: int
    strength: float


class Written:
    """A reply that a person wrote, read once for all moves.

    Args:
        text: The reply.
        case: The complaint as it was read.
        report: What the rules found in the reply, and what it commits to.
    """

    def __init__(self, text: str, case: Case, report: Report) -> None:
        self.text, self.case = text, case
        self._parts = Sentences(text, report)
        self.sentences = self._parts.all

    def find(self, sign: Sign) -> Passage | None:
        """The passage that makes a move, the strongest first, or None."""
        return max(
            (p for p in (*self._single(sign), *self._whole(sign)) if p is not None),
            key=lambda p: (p.strength, -p.start),
            default=None,
        )

    # ------------------------------------------------------------ sentence by sentence

    def _single(self, sign: Sign) -> Iterator[Passage]:
        wanted = [stems(text) for text in words_of(sign.words_of, self.case)]
        for sentence in self.sentences:
            for part in self._parts.sound(sentence, sign):
                strength = self._strength(part, sign, wanted)
                if strength:
                    yield Passage(part.start, part.end, strength)

    def _strength(self, sentence: Sentence, sign: Sign, wanted: Sequence[frozenset[str]]) -> float:
        if any(sign.allows(c) for c in sentence.promises):
            return PROMISED
        if sign.never and any(sign.never.search(view) for view in (sentence.text, sentence.plain)):
            return 0.0
        if sign.retells and (told := self._retold(sentence, sign.retells)):
            return told
        here = stems(sentence.text)
        if any(len(words & here) >= max(2, sign.share * len(words)) for words in wanted if words):
            return SHARED + 0.5 * sentence.gives
        if any(licensed(c, sign.unless_clauses) for c in sentence.promises):
            return 0.0
        if sentence.ungrounded and "ungrounded" in sign.undone_by:
            return 0.0
        if sign.pattern and any(sign.pattern.search(view) for view in (sentence.text, sentence.plain)):
            return SHARED if sign.retells else MATCHED
        return 0.0

    # ------------------------------------------------------------ what the customer told

    @cached_property
    def _told(self) -> frozenset[str]:
        complaint = self.case.complaint
        earlier = " ".join(entry.text for entry in complaint.history if entry.by == "customer")
        order = " ".join(filter(None, (complaint.order.item, complaint.order.id)))
        return frozenset(said_words(f"{complaint.text} {complaint.subject or ''} {earlier} {order}".lower()))

    def _retold(self, sentence: Sentence, least: int) -> float:
        """How much of the customer's own matter a sentence gives back, in the clauses that look back."""
        clauses = [c for c in CLAUSES.split(sentence.plain.lower()) if c and not AHEAD.search(c)]
        said = frozenset().union(*(said_words(c) for c in clauses))
        held = said & self._told
        alike = len(topics(said - held) & topics(self._told - held))
        if SORRY_THAT.search(sentence.plain):
            least -= 1  # who is sorry that something happened says what it was
        if not held or len(held) + alike < least + sentence.gives:
            return 0.0
        return SHARED + len(held) / 10 - 0.5 * sentence.gives

    # ------------------------------------------------------------ over the whole reply

    def _whole(self, sign: Sign) -> Iterator[Passage | None]:
        if sign.two_of:
            yield self._two_of(sign)
        if sign.answers_each:
            yield self._each()

    def _two_of(self, sign: Sign) -> Passage | None:
        """The sentences that offer two different ones of what the case grants, with a word of choice between them."""
        wanted = [] if self.case.grants.each else [stems(text) for text in words_of(sign.two_of, self.case)]
        for first, second in zip_longest(self.sentences, self.sentences[1:]):
            pair = [s for s in (first, second) if s and not s.spoils(sign)]
            text = " ".join(s.text for s in pair)
            here = stems(text)
            if sum(len(w & here) >= max(1, 0.6 * len(w)) for w in wanted) >= 2 and re.search(r"\bor\b", text):
                return Passage(pair[0].start, pair[-1].end, SHARED)
        return None

    def _each(self) -> Passage | None:
        """The sentences that answer one issue each, where every issue has its own."""
        issues = [content(issue.quote.lower()) for issue in self.case.reading.issues]
        if len(issues) < 2:
            issues = parts(message_read(self.case.complaint.text).normal.text)
        giving = [(s, content(s.text)) for s in self.sentences if s.gives]
        answers = [next((s for s, words in giving if shared(issue, words)), None) for issue in issues if issue]
        found = sorted({s.start: s for s in answers if s}.items())
        if len(found) < 2 or None in answers:
            return None
        return Passage(found[0][1].start, found[-1][1].end, SHARED)
