"""A review of a person's reply for a terminal: what it does well, what it leaves out, what to do better."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from replykit.display.terminal import QUIET, findings_in_short, panel, quoted, rows
from replykit.types import MoveReview, Review


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
