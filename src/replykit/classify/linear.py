"""The room that reads fitted weights and turns a message's features into probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import exp
from typing import Any

from replykit.classify.features import Features
from replykit.errors import LibraryError

FILE = "classifier/weights.json"
FORMAT = 2
# Values of features count in steps of 1/256; sums of even the longest message stay far inside 32 bits.
GRAIN = 256
HALF = 1 << 31


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


@dataclass(frozen=True)
class Table:
    """One table of weights: outputs named `head:label`, a bias each, and for each feature its outputs and weights.

    `rows` holds flat lists `[output, weight, output, weight, …]` of whole numbers; each output has a scale of its own
    that makes them real. `steps` holds for a feature lists `[size, output, weight, …]`: what it adds that the feature
    reaches that size.
    """

    outputs: tuple[str, ...]
    bias: tuple[float, ...]
    scales: tuple[float, ...]
    rows: Mapping[str, Sequence[int]]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    steps: Mapping[str, Sequence[Sequence[float]]] = field(default_factory=dict)
    _packed: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _stairs(self) -> dict[str, list[tuple[float, int]]]:
        return {
            name: [(step[0], GRAIN * _pack([int(x) for x in step[1:]])) for step in steps]
            for name, steps in self.steps.items()
        }

    @cached_property
    def _ground(self) -> int:
        """Every lane at its middle, so that none of them ever falls below zero."""
        return _pack([x for i in range(len(self.bias)) for x in (i, HALF)])

    def scores(self, features: Features) -> list[float]:
        """The raw score of every output.

        A row is packed into one large whole number, 32 bits for each output, so that a feature costs one
        multiplication and one addition however many outputs it speaks to.
        """
        total = self._ground
        packed, rows = self._packed, self.rows
        for name in features.keys() & rows.keys():
            row = packed.get(name)
            if row is None:
                row = packed[name] = _pack(rows[name])
            total += int(features[name] * GRAIN) * row
        for name, marks in self._stairs.items():
            value = features.get(name, 0.0)
            for mark, row in marks:
                if value >= mark:
                    total += row
        lanes = memoryview(total.to_bytes(4 * len(self.bias) + 4, "little")).cast("I")
        return [b + (lane - HALF) * s / GRAIN for b, lane, s in zip(self.bias, lanes, self.scales, strict=False)]

    def pull(self, features: Features, output: str) -> list[tuple[str, float]]:
        """What each feature adds to one output, largest first by size."""
        number = self.outputs.index(output)
        scale = self.scales[number]
        parts: list[tuple[str, float]] = []
        for name, value in features.items():
            added = value * _weight(self.rows.get(name, ()), number)
            added += sum(_weight(step[1:], number) for step in self.steps.get(name, ()) if value >= step[0])
            if added:
                parts.append((name, added * scale))
        return sorted(parts, key=lambda part: (-abs(part[1]), part[0]))


def _weight(row: Sequence[float], number: int) -> float:
    return sum(row[k + 1] for k in range(0, len(row), 2) if row[k] == number)


def _pack(row: Sequence[int]) -> int:
    return sum(row[k + 1] << (32 * row[k]) for k in range(0, len(row), 2))


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
            record.get("steps", {}),
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
