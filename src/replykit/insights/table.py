"""Insights for a terminal: what there is most of, what is rising, what comes again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from replykit.display.safe import printable
from replykit.display.terminal import QUIET
from replykit.display.words import spoken
from replykit.insights.nouns import Count, Insights

SHOWN = ("causes", "issues", "items", "requests", "tones", "stakes", "threats", "strategies")
BAR = 12


def insights_table(found: Insights, *, top: int = 8) -> RenderableType:
    """Everything that fits on a screen or two.

    Args:
        found: The insights.
        top: How many of each sort are listed.
    """
    lists = [_list(spoken(group), found.counts[group], top) for group in SHOWN if found.counts[group]]
    parts: list[RenderableType] = [Text(summary(found), "bold"), Text(), Columns(lists, padding=(0, 4))]
    if found.weeks:
        parts += [_heading("by week"), _indented(_weeks(found))]
    if found.rising:
        parts += [_heading("rising"), _indented(_rising(found, top))]
    if found.repeats:
        parts += [_heading("comes again"), _indented(_repeats(found, top))]
    if found.reasons:
        parts += [_heading("why a person looks"), _indented(_counts(found.reasons[:top], wide=True))]
    return Group(*parts)


def summary(found: Insights) -> str:
    """The set in one sentence."""
    return " ".join(_said(found))


def _said(found: Insights) -> Iterator[str]:
    noun = "complaint" if found.total == 1 else "complaints"
    yield f"{found.total} {noun}{_span(found.first, found.last)}; {found.needs_review.share:.0%} need a person."
    if found.undated and found.first:
        yield f"{found.undated} without a date."
    if found.unread:
        yield f"{found.unread} more could not be read."


def _span(first: dt.date | None, last: dt.date | None) -> str:
    if first is None or last is None:
        return ""
    if first == last:
        return f" on {first.day} {first:%B %Y}"
    year = "" if first.year == last.year else f" {first.year}"
    return f" from {first.day} {first:%B}{year} to {last.day} {last:%B %Y}"


def _heading(words: str) -> Text:
    return Text(f"\n{words}", "bold")


def _indented(part: RenderableType) -> Padding:
    return Padding(part, (0, 0, 0, 2))


def _list(title: str, counts: Sequence[Count], top: int) -> RenderableType:
    more = len(counts) - top
    parts: list[RenderableType] = [Text(title, "bold"), _indented(_counts(counts[:top]))]
    if more > 0:
        parts.append(_indented(Text(f"… and {more} more", QUIET)))
    return Group(*parts, Text())


def _counts(counts: Sequence[Count], *, wide: bool = False) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(ratio=1 if wide else None, max_width=None if wide else 24, no_wrap=not wide, overflow="ellipsis")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True, style=QUIET)
    for one in counts:
        name = printable(one.name) if wide else spoken(printable(one.name))
        table.add_row(name, str(one.count), f"{one.share:.0%}")
    return table


def _weeks(found: Insights) -> Table:
    table = Table.grid(padding=(0, 1))
    for justify in ("left", "right", "left"):
        table.add_column(justify=justify, no_wrap=True)
    most = max(week.total for week in found.weeks) or 1
    for week in found.weeks:
        length = round(2 * BAR * week.total / most)
        table.add_row(week.starts.isoformat(), str(week.total), Text("█" * length, "blue"))
    return table


def _rising(found: Insights, top: int) -> Table:
    table = Table.grid(padding=(0, 2))
    for one in found.rising[:top]:
        table.add_row(spoken(printable(one.name)), f"{one.before} → {one.after}", Text(one.group, QUIET))
    return table


def _repeats(found: Insights, top: int) -> Table:
    table = Table.grid(padding=(0, 2))
    for one in found.repeats[:top]:
        what = spoken(one.issue) if one.issue else "same customer"
        table.add_row(printable(one.name), Text(what, QUIET), f"{one.count} times")
    return table
