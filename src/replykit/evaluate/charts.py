"""The plots of an evaluation, for a page and for a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from replykit.display.html import Series, calibration, confusion, grouped_bars, render
from replykit.evaluate.scores import Confusion, Point, Score

CALIBRATION, CONFUSION = "Calibration", "What was taken for what"
ORDERS = {
    "cause": ("product", "miscommunication", "emotional", "none"),
    "tone": ("calm", "frustrated", "angry", "abusive"),
    "stakes": ("low", "medium", "high"),
}
PARTS = {
    "classification": (
        "Reading",
        "How often the labels are right. Lists are scored by F1, single labels by accuracy and macro-F1.",
    ),
    "checks": ("Checking", "Faults found (recall), findings that are right (precision), and clean replies left alone."),
    "checks by category": ("Checking, by category", "The share of labelled faults that were found."),
    "drafting": ("Drafting", "The share of expectations that held."),
}


def score_chart(heading: str, known: Sequence[Score], named: Sequence[tuple[str, Sequence[Score]]]) -> Markup:
    """Bars for some scores, one bar a setting.

    Args:
        heading: What is shown, for those who cannot see it.
        known: Which scores, in order.
        named: The scores of each setting, by its name.
    """
    return grouped_bars([_series(name, scores, known) for name, scores in named], caption=f"{heading}: scores")


def _series(name: str, scores: Iterable[Score], known: Iterable[Score]) -> Series:
    found = {(score.group, score.name): score for score in scores}
    mine = [found[key] for key in ((score.group, score.name) for score in known) if key in found]
    values = {_named(score): score.value for score in mine}
    return Series(name, values, {label: f"{value:.3f}" for label, value in values.items()})


def _named(score: Score) -> str:
    return f"{score.name} (low is good)" if score.low_is_good else score.name


def curve(points: Iterable[Point]) -> Markup:
    """The calibration curve."""
    return calibration([(point.sure, point.right, point.count) for point in points], caption=CALIBRATION)


def matrix(found: Confusion) -> Markup:
    """What was taken for what, for one label."""
    counts = {(is_, read): count for is_, read, count in found.counts}
    return confusion(counts, ORDERS[found.label], caption=f"{found.label}: what it is and what it was read as")


def evaluation_part(
    name: str, cases: int, scores: Sequence[Score], points: Sequence[Point], confusions: Sequence[Confusion]
) -> Markup:
    """One evaluation for a notebook: a chart for each part, then the plots."""
    charts = []
    for group, (heading, _) in PARTS.items():
        known = [score for score in scores if score.group == group]
        if known:
            charts.append((heading, score_chart(heading, known, [(name, scores)])))
    plots = [(CALIBRATION, curve(points))] if points else []
    plots += [
        (f"{found.label}: rows are what it is, columns what it was read as", matrix(found)) for found in confusions
    ]
    return render("evaluation", name=name, cases=cases, charts=charts, plots=render("side", columns=plots))
