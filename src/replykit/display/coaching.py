"""Coaching on a terminal: a complaint to practise on, and the review of what a person wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from replykit.display.terminal import QUIET, findings_in_short, panel, quoted, rows
from replykit.review.practice import Exercise
from replykit.types import EscalationRoute, MoveReview, Policy, Review


def review_page(found: Review) -> Panel:
    """How a reply does against the plan and the rules: the score, each move with its passage, findings, advice."""
    return panel("review", rows([("score", Text(f"{found.score:.0%}", "bold"))]), Text(), _moves(found), *_rest(found))


def _moves(found: Review) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for move in found.moves:
        sign = Text("yes", "green") if move.present else Text("no", "yellow")
        table.add_row(sign, move.strategy, _passage(move))
    return table


def _passage(move: MoveReview) -> Text:
    # The rest of the advice comes further down, for the moves that matter most.
    return quoted(move.quote) if move.present and move.quote else Text(move.advice.partition(": ")[0], QUIET)


def _rest(found: Review) -> Iterator[RenderableType]:
    outcome: list[tuple[str, RenderableType]] = [("check", findings_in_short(found.findings))]
    if found.advice:
        outcome.append(("do better", Group(*(Text(f"- {line}") for line in found.advice))))
    yield from (Text(), rows(outcome))


def exercise_table(known: Sequence[Exercise]) -> Table:
    """The complaints to practise on, one a line."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for one in known:
        table.add_row(Text(one.id, "bold"), Text(one.title))
    return table


def exercise_page(one: Exercise, policy: Policy) -> Panel:
    """A complaint to answer, with what the house grants for it: all that an agent would see."""
    customer, order = one.complaint.customer, one.complaint.order
    known = [
        ("from", customer.name),
        ("channel", one.complaint.channel.replace("_", " ")),
        ("order", ", ".join(str(v) for v in (order.id, order.item, order.amount, order.currency) if v is not None)),
        ("you may", "; ".join(_grants(policy))),
        ("not", "; ".join(f"{row.what} (instead: {row.instead})" for row in policy.not_allowed)),
        ("hand over to", "; ".join(", ".join(_route(row)) for row in policy.escalation)),
        ("known", "; ".join(f"{key.replace('_', ' ')}: {value}" for key, value in one.complaint.facts.items())),
    ]
    shown: list[tuple[str, RenderableType]] = [(name, Text(value)) for name, value in known if value]
    thread = [Text(f"{entry.by}: {entry.text}", QUIET) for entry in one.complaint.history]
    return panel(one.title, *thread, *([Text()] if thread else []), Text(one.complaint.text), Text(), rows(shown))


def _grants(policy: Policy) -> Iterator[str]:
    for remedy in policy.remedies:
        yield f"{remedy.say} ({remedy.within})" if remedy.within else remedy.say
    yield from (alternative.say for alternative in policy.alternatives)
    if policy.goodwill:
        yield f"{policy.goodwill.say}, as a gesture"


def _route(row: EscalationRoute) -> Iterator[str]:
    yield from filter(None, (row.name, row.role, row.contact, row.within))


def lesson(one: Exercise) -> Text:
    """What an exercise is about, for after the answer."""
    return Text(f"This one is about: {one.teaches}", QUIET)
