"""An evaluation, or two side by side, as a page with plots that opens anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from markupsafe import Markup

from replykit.display.html import page, render, table
from replykit.display.html.frame import section
from replykit.evaluate.charts import CALIBRATION, CONFUSION, PARTS, curve, matrix, score_chart
from replykit.evaluate.outcomes import Difference, Evaluation, Outcome, differences
from replykit.evaluate.scores import Score

T = TypeVar("T")

MOST = 200
"""Cases shown of one sort: a page with thousands opens slowly, and nobody reads past some hundred."""
EXCERPT = 220


def evaluation_page(first: Evaluation, second: Evaluation | None = None, *, title: str = "Evaluation") -> str:
    """A whole page: scores with bars, what was mistaken for what, calibration, and the cases to look at.

    Args:
        first: The evaluation.
        second: Another of the same cases, to lay beside it; then the cases in which they differ are shown.
        title: The heading.
    """
    both = [first] if second is None else [first, second]
    sections = [*_score_sections(both), *_plots(both)]
    if second is None:
        sections.append(("cases", "What went wrong", _failures(first.failed)))
    else:
        sections.append(("cases", "Where the two differ", _differing(differences(first, second))))
    lede = (
        f"{first.cases} labelled cases. {' against '.join(one.name for one in both).capitalize()}; {_versions(both)}."
    )
    parts = [part for _, _, part in sections]
    return page(title, *parts, lede=lede, contents=[(anchor, words) for anchor, words, _ in sections])


def _versions(both: Sequence[Evaluation]) -> str:
    return " and ".join(dict.fromkeys(one.version for one in both))


def _score_sections(both: Sequence[Evaluation]) -> Iterator[tuple[str, str, Markup]]:
    for group, (heading, note) in PARTS.items():
        known = [score for score in both[0].scores if score.group == group]
        if known:
            chart = score_chart(heading, known, [(one.name, one.scores) for one in both])
            anchor = group.replace(" ", "-")
            yield anchor, heading, section(heading, chart, _numbers(known, both), note=note, anchor=anchor)


def _numbers(known: Sequence[Score], both: Sequence[Evaluation]) -> Markup:
    rows = []
    for score in known:
        values = [found.value if (found := one.score(score.group, score.name)) else None for one in both]
        shown = ["" if value is None else f"{value:.3f}" for value in values]
        change = _change(values, low_is_good=score.low_is_good) if len(values) == 2 else []
        rows.append((score.name, *shown, *change, str(score.total), score.note))
    names = [one.name for one in both] if len(both) == 2 else ["Score"]
    head = ["", *names, *(["Change"] if len(both) == 2 else []), "Of", ""]
    return render("fold", summary="The numbers", body=table(head, rows, numbers=range(1, len(head) - 1)))


def _change(values: Sequence[float | None], *, low_is_good: bool) -> list[Markup | str]:
    before, after = values
    if before is None or after is None or abs(after - before) < 0.0005:
        return [""]
    return [render("change", words=f"{after - before:+.3f}", good=(after > before) != low_is_good)]


def _plots(both: Sequence[Evaluation]) -> Iterator[tuple[str, str, Markup]]:
    curves = [(name, curve(points)) for name, points in _distinct([(one.name, one.calibration) for one in both])]
    if curves:
        note = "On the dashed line, confidence can be taken at its word. Larger dots hold more messages."
        yield (
            "calibration",
            CALIBRATION,
            section(CALIBRATION, render("side", columns=curves), note=note, anchor="calibration"),
        )
    labels = [found.label for found in both[0].confusions]
    all_ = [(f"{found.label}, {one.name}", found) for one in both for found in one.confusions]
    matrices = sorted(_distinct(all_), key=lambda named: labels.index(named[1].label))
    if matrices:
        note = "Rows are what it is, columns what it was read as."
        plots = [(name, matrix(found)) for name, found in matrices]
        yield "confusion", CONFUSION, section(CONFUSION, render("side", columns=plots), note=note, anchor="confusion")


def _distinct(named: Sequence[tuple[str, T]]) -> list[tuple[str, T]]:
    """What two settings share is shown once, under the name of the first."""
    kept: list[tuple[str, T]] = []
    for name, value in named:
        if value and value not in [other for _, other in kept]:
            kept.append((name, value))
    return kept


def _failures(failed: Sequence[Outcome]) -> Markup:
    rows = [(o.case, o.what, o.expected, o.got, _excerpt(o.text)) for o in failed[:MOST]]
    more = f" The first {MOST} of {len(failed)} are shown." if len(failed) > MOST else ""
    note = f"{len(failed)} expectations did not hold.{more}" if failed else "Nothing: every expectation held."
    body = [table(("Case", "What", "Expected", "Got", "Text"), rows)] if rows else []
    return section("What went wrong", *body, note=note, anchor="cases")


def _differing(found: Sequence[Difference]) -> Markup:
    worse, better = sum(d.worse for d in found), sum(d.better for d in found)
    note = f"{len(found)} expectations come out differently: {better} better, {worse} worse in the second."
    rows = [(d.case, d.what, d.expected, d.first, _second(d), _excerpt(d.text)) for d in found[:MOST]]
    body = [table(("Case", "What", "Expected", "First", "Second", "Text"), rows)] if rows else []
    return section("Where the two differ", *body, note=note, anchor="cases")


def _second(difference: Difference) -> Markup | str:
    if difference.better == difference.worse:
        return difference.second
    return render("change", words=difference.second, good=difference.better)


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT].rstrip()} …"
