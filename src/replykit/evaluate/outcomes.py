"""What an evaluation found: scores to look at, and an outcome for every single expectation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from replykit.types import Noun


class Score(Noun):
    """One number of an evaluation.

    `value` is a share from 0 to 1; `total` says of how many it is, so that nobody trusts a share of three.
    """

    group: str
    name: str
    value: float
    total: int
    note: str = ""
    low_is_good: bool = False


class Outcome(Noun):
    """One expectation of one case, and whether it held."""

    case: str
    what: str
    expected: str
    got: str
    ok: bool
    text: str = ""


class Point(Noun):
    """One bin of the calibration curve: how sure, how often right, how many."""

    sure: float
    right: float
    count: int


class Confusion(Noun):
    """How often each label was read as each other."""

    label: str
    counts: tuple[tuple[str, str, int], ...]


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


def share(group: str, name: str, outcomes: Iterable[bool], *, note: str = "", low_is_good: bool = False) -> list[Score]:
    """The share that holds, as a list of one score; of nothing there is no share, and the list is empty."""
    held = list(outcomes)
    if not held:
        return []
    return [
        Score(group=group, name=name, value=sum(held) / len(held), total=len(held), note=note, low_is_good=low_is_good)
    ]
