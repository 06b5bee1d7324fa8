"""The room that reads fitted weights and turns a message's features into probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from typing import Any

from replykit.classify.features import Features
from replykit.errors import LibraryError

FILE = "classifier/weights.json"
FORMAT = 1


def sigmoid(x: float) -> float:
    """The logistic function, safe for any finite number."""
    if x < -40.0:
        return 0.0
    return 1.0 / (1.0 + exp(-x))


def softmax(scores: Sequence[float]) -> list[float]:
    """Probabilities that add up to one."""
    top = max(scores)
    parts = [exp(s - top) for s in scores]
    total = sum(parts)
    return [p / total for p in parts]


def straighten(value: float, knots: Sequence[Sequence[float]]) -> float:
    """A probability put right by a calibration curve, linear between its knots."""
    if not knots:
        return value
    before = knots[0]
    if value <= before[0]:
        return before[1]
    for knot in knots[1:]:
        if value <= knot[0]:
            share = (value - before[0]) / (knot[0] - before[0]) if knot[0] > before[0] else 1.0
            return before[1] + share * (knot[1] - before[1])
        before = knot
    return before[1]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of weights: outputs named `head:label`, a bias each, and for each feature its outputs and weights.

    `rows` holds flat lists `[output, weight, output, weight, …]` of whole numbers; each output has a scale of its own
    that makes them real.
    """

    outputs: tuple[str, ...]
    bias: tuple[float, ...]
    scales: tuple[float, ...]
    rows: Mapping[str, Sequence[int]]
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def scores(self, features: Features) -> list[float]:
        """The raw score of every output."""
        sums = [0.0] * len(self.bias)
        rows = self.rows
        for name, value in features.items():
            row = rows.get(name)
            if row:
                for k in range(0, len(row), 2):
                    sums[row[k]] += value * row[k + 1]
        return [b + s * scale for b, s, scale in zip(self.bias, sums, self.scales, strict=True)]

    def pull(self, features: Features, output: str) -> list[tuple[str, float]]:
        """What each feature adds to one output, largest first by size."""
        number = self.outputs.index(output)
        parts: list[tuple[str, float]] = []
        for name, value in features.items():
            row = self.rows.get(name, ())
            parts += [
                (name, value * row[k + 1] * self.scales[number]) for k in range(0, len(row), 2) if row[k] == number
            ]
        return sorted(parts, key=lambda part: (-abs(part[1]), part[0]))


def read_table(record: Any, part: str) -> Table:
    """A table of a weights file.

    Raises:
        LibraryError: The record is not one that `replykit train` wrote.
    """
    try:
        return Table(
            tuple(record["outputs"]),
            tuple(float(b) for b in record["bias"]),
            tuple(float(s) for s in record["scales"]),
            record["rows"],
            {str(k): float(v) for k, v in record.get("thresholds", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LibraryError(FILE, part, f"{error!r}; write the file anew with `replykit train`") from error


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted weights of a classifier: one table for whole messages, one for clauses, and calibration curves."""

    message: Table
    clause: Table
    curves: Mapping[str, Sequence[Sequence[float]]]


def read_weights(record: Mapping[str, Any]) -> Weights:
    """The weights of a file that `replykit train` wrote.

    Raises:
        LibraryError: The file has another format.
    """
    if record.get("format") != FORMAT:
        raise LibraryError(
            FILE, "format", f"is {record.get('format')!r}, this version reads {FORMAT}; run `replykit train` again"
        )
    return Weights(
        read_table(record.get("message"), "message"),
        read_table(record.get("clause"), "clause"),
        record.get("curves", {}),
    )
