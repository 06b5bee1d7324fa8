"""Precision, recall and F1 from counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass
class Tally:
    """What was found, what was missed, what was found in vain."""

    hits: int = 0
    misses: int = 0
    alarms: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that was right; 0 where nothing was found."""
        return self.hits / ((self.hits + self.alarms) or 1)

    @property
    def recall(self) -> float:
        """The share of what was there that was found; 0 where nothing was there."""
        return self.hits / ((self.hits + self.misses) or 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.hits / ((2 * self.hits + self.misses + self.alarms) or 1)


def f1_of(pairs: Sequence[tuple[object, object]], label: object) -> float:
    """F1 of one label over (expected, got) pairs."""
    tally = Tally()
    for expected, got in pairs:
        tally.hits += expected == label == got
        tally.misses += expected == label != got
        tally.alarms += expected != label == got
    return tally.f1


def macro_f1(pairs: Sequence[tuple[object, object]]) -> float:
    """The mean F1 over the labels that are expected somewhere, each counting alike, however rare it is."""
    labels = {expected for expected, _ in pairs}
    return sum(f1_of(pairs, label) for label in labels) / (len(labels) or 1)


def counted(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str, int], ...]:
    """How often each pair occurs, sorted."""
    return tuple((is_, read, count) for (is_, read), count in sorted(Counter(pairs).items()))


def words_of(values: Iterable[object]) -> str:
    """Labels as one readable text: sorted, each once."""
    return ", ".join(sorted({str(value) for value in values})) or "nothing"
