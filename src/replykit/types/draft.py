"""What comes out: a draft, or the review of what a person wrote."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from replykit.types.asking import Attempt, Usage
from replykit.types.findings import Commitment, Finding, Report
from replykit.types.labels import Noun
from replykit.types.planning import Move, Plan
from replykit.types.reading import Classification


class Draft(Noun):
    """A checked reply with the reason for every sentence.

    `status` is `ready` or `needs_review`, with `reasons`. `notes` are for the agent, never for the customer.
    `version` names replykit and the wording it used, so that a stored draft can be explained later.

    Example:
        >>> from replykit import ReplyKit
        >>> draft = ReplyKit().draft("My kettle broke after three weeks.")
        >>> draft.moves[0].strategy, draft.findings
        ('acknowledge-feelings', ())
    """

    text: str
    subject: str | None = None
    moves: tuple[Move, ...]
    classification: Classification
    plan: Plan
    findings: tuple[Finding, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    notes: dict[str, str] = Field(default_factory=dict)
    status: Literal["ready", "needs_review"] = "ready"
    reasons: tuple[str, ...] = ()
    confidence: float = 0.0
    usage: Usage = Usage()
    attempts: tuple[Attempt, ...] = ()
    version: str = ""

    def raise_for_findings(self) -> Draft:
        """Return the draft, or raise `FindingsError` when something in it blocks."""
        Report(findings=self.findings).raise_for_findings()
        return self


class MoveReview(Noun):
    """Whether a person's reply makes a move, and with which passage of it."""

    strategy: str
    present: bool
    quote: str = ""
    start: int = 0
    end: int = 0
    advice: str = ""


class Review(Noun):
    """What a person wrote, scored against the plan and the rules. `score` runs from 0 to 1.

    Example:
        >>> from replykit import ReplyKit
        >>> review = ReplyKit().review("My kettle broke after three weeks.", "Calm down, it is only a kettle.")
        >>> review.score < 0.5
        True
    """

    score: float
    moves: tuple[MoveReview, ...]
    findings: tuple[Finding, ...] = ()
    advice: tuple[str, ...] = ()
