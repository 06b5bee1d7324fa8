"""What a complaint was read as: labels, passages that show them, probabilities."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from replykit.types.labels import Cause, IssueKind, Noun, Request, ReturnReason, Stakes, Threat, Tone


class Span(Noun):
    """A passage of a text and what it shows: `text[start:end] == quote`, always."""

    kind: str
    quote: str
    start: int
    end: int


class Issue(Span):
    """One distinct problem, with the shortest passage that shows it.

    Example:
        >>> Issue(kind="damaged", quote="cracked", start=12, end=19).kind
        'damaged'
    """

    kind: IssueKind


class Evidence(Span):
    """Why a label was given: `field` and `kind` are the label (`tone`, `angry`), the passage speaks for it."""

    field: str


class Classification(Noun):
    """How a complaint was read. Spans index the complaint's `text`.

    `mentions` are the facts a reply may repeat: kinds `item`, `order_id`, `amount`, `date`, `duration`, `contacts`,
    `person`, `channel`, `promise`. `confidence` is the calibrated probability that `cause` is right; `probabilities`
    holds the distribution per single-valued field. `source` says who read it: `local`, or `model` where one was asked.
    `perhaps` holds issues too faint to be named, the likelier first, and those of the customer's earlier messages: where a
    policy knows one of them and none of `issues`, the planner turns to it.

    Example:
        >>> Classification(cause="product", tone="angry").requests
        ()
    """

    cause: Cause
    secondary: tuple[Cause, ...] = ()
    tone: Tone = "calm"
    stakes: Stakes = "low"
    requests: tuple[Request, ...] = ()
    issues: tuple[Issue, ...] = ()
    perhaps: tuple[Issue, ...] = ()
    repeat_contact: bool = False
    threats: tuple[Threat, ...] = ()
    return_reason: ReturnReason | None = None
    feelings: tuple[str, ...] = ()
    language: str = "en"
    confidence: float = 0.0
    probabilities: dict[str, dict[str, float]] = Field(default_factory=dict)
    mentions: tuple[Span, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    source: Literal["local", "model"] = "local"
