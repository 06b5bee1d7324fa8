"""The room that boosts steps: what it adds to a label that a feature reaches a certain size."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from replykit.classify.features import Features

# Words and phrases stay with the linear model; steps are for features that count or measure something.
MEASURES = frozenset(("c", "f", "g", "k", "ks", "l", "s", "x"))
# Rounds and rate as in Friedman's gradient boosting (2001); chosen by cross-validation on the development messages.
ROUNDS = 60
RATE = 0.2
CALM = 5.0
LEAST = 10
PLACES = 8
Step = tuple[str, float]


def candidates(rows: Sequence[Features]) -> list[Step]:
    """Every feature and size that enough rows reach and enough rows do not, in a fixed order."""
    values: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.items():
            if value > 0 and name.split(":", 1)[0] in MEASURES:
                values.setdefault(name, []).append(value)
    out: list[Step] = []
    for name in sorted(values):
        found = sorted(values[name])
        marks = {round(found[len(found) * i // PLACES] - 5e-5, 4) for i in range(PLACES)}
        out += [(name, mark) for mark in sorted(marks) if LEAST <= sum(v >= mark for v in found) <= len(rows) - LEAST]
    return out


def reached(rows: Sequence[Features], steps: Sequence[Step]) -> Any:
    """Which row reaches which step, as a matrix of noughts and ones."""
    import numpy as np  # heavy, and a dependency of training only

    places: dict[str, list[tuple[int, float]]] = {}
    for number, (name, mark) in enumerate(steps):
        places.setdefault(name, []).append((number, mark))
    out = np.zeros((len(rows), len(steps)), dtype=np.float32)
    for i, row in enumerate(rows):
        for name, value in row.items():
            for number, mark in places.get(name, ()):
                out[i, number] = value >= mark
    return out


def told(answers: Sequence[Collection[str]], labels: Sequence[str]) -> Any:
    """The answers as a matrix of noughts and ones, a column for each label."""
    import numpy as np

    return np.array([[float(label in answer) for label in labels] for answer in answers])


def boost(x: Any, y: Any, weigh: Sequence[float], *, several: bool) -> tuple[Any, Any]:
    """Boosted steps: the weights (one row per label, one column per step) and the bias of each label.

    Args:
        x: What `reached` gave.
        y: One column per label, 1 where the row has it.
        weigh: How much each row counts.
        several: Labels stand side by side (each yes or no) instead of excluding one another.
    """
    import numpy as np

    w = np.asarray(weigh)[:, None]
    share = np.clip((w * y).sum(0) / w.sum(), 1e-3, 1 - 1e-3)
    bias = np.log(share / (1 - share)) if several else np.log(share)
    weights = np.zeros((y.shape[1], x.shape[1]))
    scores = np.tile(bias, (len(y), 1))
    for _ in range(ROUNDS):
        chances = _chances(np, scores, several)
        slope, bend = w * (y - chances), np.maximum(w * chances * (1 - chances), 1e-6)
        up, up_bend = np.hsplit(x.T @ np.hstack([slope, bend]).astype(np.float32), 2)
        down, down_bend = slope.sum(0) - up, bend.sum(0) - up_bend
        gain = up**2 / (up_bend + CALM) + down**2 / (down_bend + CALM)
        for label, step in enumerate(gain.argmax(0)):
            above = RATE * up[step, label] / (up_bend[step, label] + CALM)
            below = RATE * down[step, label] / (down_bend[step, label] + CALM)
            bias[label] += below
            weights[label, step] += above - below
            scores[:, label] += below + (above - below) * x[:, step]
    return weights, bias


def _chances(np: Any, scores: Any, several: bool) -> Any:
    if several:
        return 1 / (1 + np.exp(-scores))
    parts = np.exp(scores - scores.max(1, keepdims=True))
    return parts / parts.sum(1, keepdims=True)


def taken(weights: Any, steps: Sequence[Step]) -> dict[Step, Any]:
    """The steps that some label takes, each with its weight for every label."""
    return {step: column for step, column in zip(steps, weights.T, strict=True) if abs(column).max() > 0}
