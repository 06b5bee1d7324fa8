"""The numbers of an evaluation."""

from __future__ import annotations

from collections.abc import Iterable

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


class Point(Noun):
    """One bin of the calibration curve: how sure, how often right, how many."""

    sure: float
    right: float
    count: int


class Confusion(Noun):
    """How often each label was read as each other."""

    label: str
    counts: tuple[tuple[str, str, int], ...]


def share(group: str, name: str, outcomes: Iterable[bool], *, note: str = "", low_is_good: bool = False) -> list[Score]:
    """The share that holds, as a list of one score; of nothing there is no share, and the list is empty."""
    held = list(outcomes)
    if not held:
        return []
    return [
        Score(group=group, name=name, value=sum(held) / len(held), total=len(held), note=note, low_is_good=low_is_good)
    ]
