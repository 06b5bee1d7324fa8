"""Small charts: bars, a confusion matrix and a calibration curve, in HTML and SVG, with their numbers in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from replykit.display.html.frame import render

SIDE = 220
"""The plotting area of the calibration curve, in the units of its own view."""


@dataclass(frozen=True)
class Bar:
    """One bar.

    Args:
        label: What it stands for.
        value: Its length, as a share of the longest possible.
        note: The number as it should be read.
        strong: Whether it is the one to look at.
    """

    label: str
    value: float
    note: str = ""
    strong: bool = False

    @property
    def width(self) -> str:
        """Its length for a style."""
        return f"{max(0.0, min(1.0, self.value)) * 100:.1f}%"


@dataclass(frozen=True)
class Series:
    """Bars of one setting, by label, for a chart that lays settings side by side."""

    name: str
    values: Mapping[str, float]
    notes: Mapping[str, str]


def bars(rows: Sequence[Bar], *, caption: str = "") -> Markup:
    """Bars one below the other, each with its label and its number."""
    return render("bars", rows=rows, caption=caption)


def grouped_bars(series: Sequence[Series], *, caption: str = "") -> Markup:
    """One group of bars a label, one bar a setting; a single setting makes plain bars.

    Args:
        series: The settings, the first one first in every group.
        caption: What the chart shows, for those who cannot see it.
    """
    labels = list(dict.fromkeys(label for one in series for label in one.values))
    groups = [
        (
            label,
            [Bar(one.name, one.values[label], one.notes.get(label, "")) for one in series if label in one.values],
        )
        for label in labels
    ]
    return render("grouped", groups=groups, names=[one.name for one in series], caption=caption)


def confusion(counts: Mapping[tuple[str, str], int], labels: Sequence[str], *, caption: str = "") -> Markup:
    """How often each label was read as each other; the darker, the larger the share of its row.

    Args:
        counts: How many by (what it is, what it was read as).
        labels: The order of rows and columns.
        caption: What the chart shows.
    """
    rows = []
    for is_ in labels:
        total = sum(counts.get((is_, read), 0) for read in labels)
        cells = [
            (counts.get((is_, read), 0), counts.get((is_, read), 0) / total if total else 0.0, is_ == read)
            for read in labels
        ]
        rows.append((is_, cells, total))
    return render("confusion", labels=labels, rows=rows, caption=caption)


def calibration(points: Sequence[tuple[float, float, int]], *, caption: str = "") -> Markup:
    """How sure the reading was against how often it was right; on the diagonal, confidence can be taken at its word.

    Args:
        points: (mean confidence, share that was right, how many) for each bin.
        caption: What the chart shows.
    """
    most = max((count for _, _, count in points), default=1)
    dots = [
        (
            sure * SIDE,
            SIDE - right * SIDE,
            4 + 8 * (count / most) ** 0.5,
            f"{count} messages: {sure:.0%} sure, {right:.0%} right",
        )
        for sure, right, count in points
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in dots)
    return render("calibration", dots=dots, line=line, side=SIDE, caption=caption)
