"""What an evaluation found: scores to look at, and an outcome for every single expectation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from replykit.display.html.frame import fragment
from replykit.evaluate.charts import evaluation_part
from replykit.evaluate.scores import Confusion, Point, Score
from replykit.types import Noun


class Outcome(Noun):
    """One expectation of one case, and whether it held."""

    case: str
    what: str
    expected: str
    got: str
    ok: bool
    text: str = ""


class Evaluation(Noun):
    """How one setting did on a file of cases. The same cases and setting give the same evaluation.

    Example:
        >>> Evaluation(name="shipped", cases=0).failed
        ()
    """

    name: str
    cases: int
    scores: tuple[Score, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    calibration: tuple[Point, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    version: str = ""

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The expectations that did not hold."""
        return tuple(outcome for outcome in self.outcomes if not outcome.ok)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002  # notebooks pass them
        plain = "\n".join(f"{score.group}, {score.name}: {score.value:.3f} of {score.total}" for score in self.scores)
        return {"text/plain": plain or repr(self), "text/html": self._repr_html_()}

    def _repr_html_(self) -> str:
        return fragment(evaluation_part(self.name, self.cases, self.scores, self.calibration, self.confusions))

    def score(self, group: str, name: str) -> Score | None:
        """One score by its name, or None where nothing was there to be measured."""
        return next((score for score in self.scores if (score.group, score.name) == (group, name)), None)


class Difference(Noun):
    """One expectation on which two settings differ."""

    case: str
    what: str
    expected: str
    first: str
    second: str
    better: bool
    worse: bool
    text: str = ""


def differences(first: Evaluation, second: Evaluation) -> tuple[Difference, ...]:
    """Where two evaluations of the same cases differ, what the second lost first."""
    others = {(o.case, o.what): o for o in second.outcomes}
    found = list(_pairs(first.outcomes, others))
    return tuple(sorted(found, key=lambda d: (not d.worse, not d.better)))


def _pairs(outcomes: Iterable[Outcome], others: dict[tuple[str, str], Outcome]) -> Iterator[Difference]:
    for one in outcomes:
        other = others.get((one.case, one.what))
        if other is not None and (one.got, one.ok) != (other.got, other.ok):
            yield Difference(
                case=one.case,
                what=one.what,
                expected=one.expected,
                first=one.got,
                second=other.got,
                better=other.ok and not one.ok,
                worse=one.ok and not other.ok,
                text=one.text,
            )
