"""An evaluation for a terminal: a table of scores, and where two settings differ."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from replykit.display.terminal import QUIET, quoted
from replykit.evaluate.outcomes import Difference, Evaluation
from replykit.evaluate.scores import Score

MOST = 12
"""Differing cases shown: what fits on a screen; `--json` and `--html` hold them all."""


def score_table(results: Sequence[Evaluation], *, width: int = 80) -> RenderableType:
    """Scores by group; with two evaluations, both and the change.

    Args:
        results: One evaluation, or two of the same cases.
        width: How many columns there are; notes are left out where they would not fit.
    """
    groups = dict.fromkeys(score.group for score in results[0].scores)
    parts: list[RenderableType] = []
    if len(results) == 2:
        parts.append(Text(f"{results[0].name} against {results[1].name}\n", QUIET))
    for group in groups:
        parts += [
            Text(group, "bold"),
            Padding(_group(group, results, notes=width >= 72 and len(results) == 1), (0, 0, 1, 2)),
        ]
    return Group(*parts)


def _group(group: str, results: Sequence[Evaluation], *, notes: bool) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, min_width=28)
    for _ in range(len(results) + (len(results) == 2)):
        table.add_column(justify="right", no_wrap=True)
    table.add_column(style=QUIET, justify="right", no_wrap=True)
    table.add_column(style=QUIET)
    for score in (score for score in results[0].scores if score.group == group):
        others = [one.score(score.group, score.name) for one in results]
        values = [Text(f"{other.value:.3f}" if other else "") for other in others]
        change = [_change(score, others[1])] if len(results) == 2 else []
        note = ", ".join(filter(None, (score.note if notes else "", "low is good" if score.low_is_good else "")))
        table.add_row(score.name, *values, *change, f"of {score.total}", note)
    return table


def _change(first: Score, second: Score | None) -> Text:
    change = 0.0 if second is None else second.value - first.value
    if abs(change) < 0.0005:
        return Text("")
    return Text(f"{change:+.3f}", "green" if (change > 0) != first.low_is_good else "red")


def difference_table(found: Sequence[Difference]) -> RenderableType:
    """Where two settings differ: what each got, the worse first."""
    if not found:
        return Text("No case comes out differently.")
    worse, better = sum(d.worse for d in found), sum(d.better for d in found)
    lines: list[RenderableType] = [Text(f"{len(found)} differ: {better} better, {worse} worse", "bold")]
    for one in found[:MOST]:
        style = "green" if one.better else "red" if one.worse else ""
        lines.append(
            Text.assemble(
                f"{one.case} ",
                (one.what, QUIET),
                f"  {one.first} → ",
                (one.second, style),
                (f"  (expected {one.expected})", QUIET),
            )
        )
        lines.append(Padding(quoted(one.text), (0, 0, 0, 2)))
    if len(found) > MOST:
        lines.append(Text(f"… and {len(found) - MOST} more; --html FILE shows them", QUIET))
    return Group(*lines)
