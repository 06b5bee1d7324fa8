"""Charts of what changes over time: columns stacked by sort, and a field of counts that is darker where there are more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from replykit.display.html.frame import render

TINTS = ("--rk-accent", "--rk-look", "--rk-violet-line", "--rk-quiet")
"""Colours of the page that stay apart in light and dark, in the order in which sorts take them."""
MOST_LABELS = 8


def columns(labels: Sequence[str], series: Mapping[str, Sequence[int]], *, caption: str = "") -> Markup:
    """One column for each label, stacked by sort.

    Args:
        labels: What stands below the columns, in order; every so many are written where they would not fit.
        series: For each sort, one count a label; up to four sorts have colours of their own.
        caption: What the chart shows, for those who cannot see it.
    """
    totals = [sum(counts[at] for counts in series.values()) for at in range(len(labels))]
    most = max(totals, default=0) or 1
    tints = {name: TINTS[min(at, len(TINTS) - 1)] for at, name in enumerate(series)}
    stacks = [
        (label, total, [(name, counts[at], tints[name], counts[at] / most) for name, counts in series.items() if counts[at]])
        for at, (label, total) in enumerate(zip(labels, totals, strict=True))
    ]  # fmt: skip
    every = -(-len(labels) // MOST_LABELS)
    return render("columns", stacks=stacks, tints=tints, most=most, every=every, caption=caption)


def heat(
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[int]]],
    *,
    head: str = "",
    caption: str = "",
    slanted: bool = False,
) -> Markup:
    """A field of counts; the darker, the nearer to the largest.

    Args:
        columns: The names of the columns.
        rows: A name and one count a column.
        head: What the names of the rows are.
        caption: What the field shows, for those who cannot see it.
        slanted: Whether the names of the columns are long, and stand upright.
    """
    most = max((count for _, counts in rows for count in counts), default=0) or 1
    cells = [(name, [(count, count / most) for count in counts], sum(counts)) for name, counts in rows]
    return render("heat", columns=list(columns), rows=cells, head=head, caption=caption, slanted=slanted)
