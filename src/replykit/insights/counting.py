"""Counting: how many, in which week, what comes again, what comes more often than before."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from replykit.insights.nouns import GROUPS, Count, Insights, Repeat, Rise, Week
from replykit.insights.seen import Seen

Key = TypeVar("Key")
BY_WEEK = ("causes", "issues", "items", "strategies")
RISING = ("issues", "items", "requests", "threats")
LEAST_RISE = 3
"""A rise by fewer is chance in files of the usual size."""
STEEP = 1.25
"""A share of all complaints that grows by a quarter; where everything doubles, nothing in particular is rising."""
FEWEST_WEEKS = 2
MOST_IDS = 50
"""Ids that a repeat names; its count is always whole."""


def insights(seen: Iterable[Seen], *, unread: int = 0) -> Insights:
    """What a set of complaints has in common.

    Args:
        seen: The complaints, in any order.
        unread: How many rows could not be used.

    Example:
        >>> found = insights([Seen(id="1", cause="product", issues=("late",)), Seen(id="2", cause="product")])
        >>> found.counts["causes"][0].name, found.counts["causes"][0].count
        ('product', 2)
    """
    rows = list(seen)
    dated = sorted(row.on for row in rows if row.on)
    weeks = tuple(_weeks(rows))
    review = sum(row.needs_review for row in rows)
    return Insights(
        total=len(rows),
        unread=unread,
        undated=len(rows) - len(dated),
        first=dated[0] if dated else None,
        last=dated[-1] if dated else None,
        counts={group: _ranked(_tally(rows, group), len(rows)) for group in GROUPS},
        needs_review=Count(name="needs review", count=review, share=review / (len(rows) or 1)),
        reasons=_ranked(Counter(reason for row in rows for reason in dict.fromkeys(row.reasons)), len(rows)),
        weeks=weeks,
        repeats=tuple(_repeats(rows)),
        rising=tuple(_rising(rows, weeks)),
    )


def _names(row: Seen, group: str) -> Sequence[str]:
    """What one complaint adds to a group."""
    one = {"causes": row.cause, "items": row.item, "stakes": row.stakes, "tones": row.tone, "kinds": row.kind, "channels": row.channel}  # fmt: skip
    if group in one:
        name = one[group]
        return () if name is None else (name,)
    many = {"issues": row.issues, "requests": row.requests, "threats": row.threats, "strategies": row.strategies}
    return tuple(dict.fromkeys(many[group]))


def _tally(rows: Iterable[Seen], group: str) -> Counter[str]:
    return Counter(name for row in rows for name in _names(row, group))


def _ranked(tally: Counter[str], total: int) -> tuple[Count, ...]:
    ordered = sorted(tally.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Count(name=name, count=count, share=count / (total or 1)) for name, count in ordered)


def monday(day: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def _weeks(rows: Iterable[Seen]) -> Iterator[Week]:
    """Every week from the first to the last, empty ones included, so that a gap is seen as one."""
    by_week: dict[dt.date, list[Seen]] = defaultdict(list)
    for row in rows:
        if row.on:
            by_week[monday(row.on)].append(row)
    if not by_week:
        return
    starts, last = min(by_week), max(by_week)
    while starts <= last:
        here = by_week.get(starts, [])
        counts = {group: dict(sorted(_tally(here, group).items())) for group in BY_WEEK}
        yield Week(starts=starts, total=len(here), needs_review=sum(r.needs_review for r in here), counts=counts)
        starts += dt.timedelta(days=7)


def _repeats(rows: Iterable[Seen]) -> Iterator[Repeat]:
    """The same issue with the same item, then the same customer, the most frequent first."""
    by_fault: dict[tuple[str, str], list[str]] = defaultdict(list)
    by_customer: dict[str, list[str]] = defaultdict(list)
    spelt: dict[str, str] = {}
    for row in rows:
        for issue in row.issues if row.item else ():
            by_fault[str(row.item), issue].append(row.id)
        if row.customer:
            key = " ".join(row.customer.casefold().split())
            spelt.setdefault(key, row.customer)
            by_customer[key].append(row.id)
    for (item, issue), ids in _twice(by_fault):
        yield Repeat(what="item", name=item, issue=issue, count=len(ids), ids=tuple(ids[:MOST_IDS]))
    for key, ids in _twice(by_customer):
        yield Repeat(what="customer", name=spelt[key], count=len(ids), ids=tuple(ids[:MOST_IDS]))


def _twice(found: dict[Key, list[str]]) -> list[tuple[Key, list[str]]]:
    return sorted(
        ((k, ids) for k, ids in found.items() if len(ids) > 1), key=lambda pair: (-len(pair[1]), str(pair[0]))
    )


def _rising(rows: Sequence[Seen], weeks: Sequence[Week]) -> Iterator[Rise]:
    """What came more often in the later half of the weeks; of an odd number, the middle one counts for neither."""
    if len(weeks) < FEWEST_WEEKS:
        return
    half = len(weeks) // 2
    until, since = weeks[half].starts, weeks[-half].starts
    earlier = [row for row in rows if row.on and row.on < until]
    later = [row for row in rows if row.on and monday(row.on) >= since]
    usual = STEEP * len(later) / len(earlier) if earlier else 0.0
    found = []
    for group in RISING:
        before, after = _tally(earlier, group), _tally(later, group)
        found += [
            Rise(group=group, name=name, before=before[name], after=count)
            for name, count in after.items()
            if count - before[name] >= LEAST_RISE and count >= usual * before[name]
        ]
    yield from sorted(found, key=lambda r: (r.before - r.after, r.group, r.name))
