"""What will be said, and why: strategies, the plan that chose them, the moves they became."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from replykit.types.labels import Kind, Noun, Paragraph


class Source(Noun):
    """Where an idea comes from: the article's number and the heading or tip in it."""

    article: str
    heading: str


class Strategy(Noun):
    """One strategy file, checked.

    `when` and `unless` are alternatives of conditions over the situation (any of the rows, all keys of a row);
    `excludes` names the strategies that this one displaces when its `priority` is at least theirs. `satisfies` names the
    rules on missing things that this move answers for.
    """

    id: str
    title: str
    sources: tuple[Source, ...]
    order: int
    kinds: tuple[Kind, ...]
    when: tuple[dict[str, Any], ...] = ()
    unless: tuple[dict[str, Any], ...] = ()
    excludes: tuple[str, ...] = ()
    priority: int = 50
    paragraph: Paragraph = "way_forward"
    needs: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    satisfies: tuple[str, ...] = ()
    condition: str
    instruction: str
    offline: dict[str, tuple[str, ...]]
    why: str


class Considered(Noun):
    """One strategy that the plan looked at: kept or dropped, why, and which words of the complaint decided."""

    strategy: str
    kept: bool
    reason: str
    evidence: tuple[str, ...] = ()


class Clause(Noun):
    """Something the reply may commit to: `id` says where it is granted, `text` is what, `within` is by when."""

    id: str
    text: str
    within: str | None = None
    limit: str | None = None


class Plan(Noun):
    """Which moves the reply makes, in order, and what it may promise.

    Example:
        >>> Plan(kind="reply", moves=("reflect-back", "follow-up"), considered=()).moves[0]
        'reflect-back'
    """

    kind: Kind
    moves: tuple[str, ...]
    considered: tuple[Considered, ...]
    clauses: tuple[Clause, ...] = ()
    notes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    situation: dict[str, Any] = Field(default_factory=dict)


class Move(Noun):
    """One part of a reply, traceable to a strategy, its sources and the words of the complaint it answers.

    Example:
        >>> Move(strategy="follow-up", text="I will write again on Friday.", sources=()).written_by
        'offline'
    """

    strategy: str
    text: str
    sources: tuple[Source, ...]
    evidence: tuple[str, ...] = ()
    written_by: Literal["offline", "model", "repair"] = "offline"
    reason: str = ""
