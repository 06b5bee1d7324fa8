"""Passages of a text marked where they stand, however they overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from replykit.types import Classification, Commitment, Finding, Span


@dataclass(frozen=True)
class Mark:
    """A passage and why it is marked.

    Args:
        start: Where it begins.
        end: Where it ends.
        kind: The style: `issue`, `request`, `tone`, `stakes`, `feeling`, `fact`, `promise`, `block`, `warn`.
        label: What the passage shows, in words.
    """

    start: int
    end: int
    kind: str
    label: str


@dataclass(frozen=True)
class Piece:
    """A run of text that all its marks share; without marks it is plain. `gap` stands for words that were left out."""

    text: str
    marks: tuple[Mark, ...] = ()
    gap: bool = field(default=False)

    @property
    def style(self) -> str:
        """The classes of the piece, the first mark giving its ground, the others their lines."""
        return " ".join(dict.fromkeys(f"rk-m-{mark.kind}" for mark in self.marks))

    @property
    def title(self) -> str:
        """What hovering says."""
        return " · ".join(dict.fromkeys(mark.label for mark in self.marks))


def pieces(text: str, marks: Iterable[Mark], *, start: int = 0, end: int | None = None) -> list[Piece]:
    """A text, or a part of it, cut wherever a mark begins or ends; put together again, the pieces are the text.

    Args:
        text: The whole text.
        marks: Passages of the whole text; what lies outside it is left out.
        start: Where the part begins.
        end: Where it ends; None means with the text.
    """
    stop = len(text) if end is None else min(end, len(text))
    inside = [mark for mark in marks if mark.start < mark.end and mark.start < stop and mark.end > start]
    cuts = {start, stop, *(cut for mark in inside for cut in (mark.start, mark.end) if start < cut < stop)}
    return [
        Piece(text[left:right], tuple(m for m in inside if m.start < right and m.end > left))
        for left, right in pairwise(sorted(cuts))
    ]


def reading_marks(found: Classification) -> list[Mark]:
    """Every passage that speaks for a label of a classification, issues first.

    What only says once more, inside the passage of an issue, that there is one, is left out: the page stays calm.
    """
    marks = [Mark(span.start, span.end, "issue", f"issue: {span.kind}".replace("_", " ")) for span in found.issues]
    for evidence in found.evidence:
        kind, label = KINDS.get(evidence.field, "fact"), f"{evidence.field}: {evidence.kind}".replace("_", " ")
        inside = any(span.start <= evidence.start and evidence.end <= span.end for span in found.issues)
        if not (inside and evidence.field in ("cause", "repeat_contact", "return_reason", "issues")):
            marks.append(Mark(evidence.start, evidence.end, kind, label.removesuffix(": yes")))
    return marks


KINDS = {
    "requests": "request",
    "tone": "tone",
    "feelings": "feeling",
    "stakes": "stakes",
    "threats": "stakes",
    "cause": "fact",
    "repeat_contact": "fact",
    "return_reason": "fact",
}


def finding_marks(findings: Iterable[Finding]) -> list[Mark]:
    """The passages of findings, the ones that must go first."""
    ordered = sorted(findings, key=lambda finding: finding.level != "block")
    return [Mark(f.start, f.end, f.level, f"{f.rule}: {f.message}") for f in ordered]


def promise_marks(commitments: Iterable[Commitment]) -> list[Mark]:
    """The passages that commit to something, with what allows them."""
    return [
        Mark(c.start, c.end, "promise", f"promise, allowed by {c.licence or c.clause or 'nothing'}")
        for c in commitments
    ]


def excerpts(spans: Sequence[Span], marks: Sequence[Mark]) -> list[Piece]:
    """Marked passages in their order where the text itself is not at hand, with gaps between them.

    Spans carry their own words, so that what a classification quotes can be shown without the message.

    Args:
        spans: The passages with their words.
        marks: Why they are marked.
    """
    known: dict[int, str] = {}
    for span in spans:
        known.update(zip(range(span.start, span.end), span.quote, strict=False))
    shown: list[Piece] = []
    for left, right in _runs(sorted(known)):
        text = "".join(known[offset] for offset in range(left, right))
        moved = [Mark(m.start - left, m.end - left, m.kind, m.label) for m in marks if m.start < right and m.end > left]
        clipped = [Mark(max(0, m.start), min(len(text), m.end), m.kind, m.label) for m in moved]
        shown += [Piece("", gap=True)] * bool(shown) + pieces(text, clipped)
    return shown


def _runs(offsets: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for offset in offsets:
        if runs and runs[-1][1] == offset:
            runs[-1] = (runs[-1][0], offset + 1)
        else:
            runs.append((offset, offset + 1))
    return runs
