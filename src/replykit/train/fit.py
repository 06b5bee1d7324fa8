"""The room that fits linear models on labelled messages; scikit-learn comes in here, and only when asked to train."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from replykit.classify.features import Features
from replykit.train.steps import Step, reached, taken

# Families of features that merely occurred (words, pairs) have to be seen more often than those that people chose.
LEAST = {"w": 3, "b": 4, "q": 2}
SEED = 20260101


def vocabulary(rows: Sequence[Features]) -> dict[str, int]:
    """The features that enough rows show, numbered in alphabetical order so that the same data gives the same file."""
    counts: dict[str, int] = {}
    for row in rows:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
    kept = sorted(name for name, n in counts.items() if n >= LEAST.get(name.split(":", 1)[0], 2))
    return {name: i for i, name in enumerate(kept)}


def matrix(rows: Sequence[Features], words: Mapping[str, int]) -> Any:
    """The rows as a sparse matrix."""
    from scipy.sparse import csr_matrix  # heavy, and a dependency of training only

    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for row in rows:
        for name, value in row.items():
            if name in words:
                columns.append(words[name])
                values.append(value)
        ends.append(len(values))
    return csr_matrix((values, columns, ends), shape=(len(rows), len(words)))


class Linear:
    """One fitted head: for each label its weights and bias, and steps where it has them.

    A head without two different answers stays constant.
    """

    def __init__(self, labels: Sequence[str], weights: Any, bias: Sequence[float]) -> None:
        self.labels, self.weights, self.bias = tuple(labels), weights, tuple(bias)
        self.steps: dict[Step, Any] = {}

    def with_steps(self, weights: Any, bias: Sequence[float], steps: Sequence[Step]) -> Linear:
        """This head and boosted steps as one: the mean of the two scores, label for label."""
        out = Linear(self.labels, self.weights / 2, [(a + b) / 2 for a, b in zip(self.bias, bias, strict=True)])
        out.steps = {step: column / 2 for step, column in taken(weights, steps).items()}
        return out

    def scores(self, x: Any, rows: Sequence[Features] = ()) -> Any:
        """Raw scores, one column per label; `rows` are the same rows as `x`, for the steps."""
        out = x @ self.weights.T + list(self.bias)
        if self.steps:
            import numpy as np  # heavy, and a dependency of training only

            out = out + reached(rows, list(self.steps)) @ np.array(list(self.steps.values()))
        return out


def fit_single(  # noqa: D417  # the text tells the rest
    x: Any, answers: Sequence[str], labels: Sequence[str], strength: float, weigh: Sequence[float]
) -> Linear:
    """A head that gives exactly one of `labels`; one that never occurred is given up on.

    Args:
        strength: How far the weights may go (scikit-learn's C).
        weigh: How much each row counts.
    """
    import numpy as np  # heavy, and a dependency of training only

    weights, bias = np.zeros((len(labels), x.shape[1])), np.full(len(labels), -12.0)
    seen = sorted(set(answers))
    if len(seen) < 2:
        bias[list(labels).index(seen[0])] = 0.0
        return Linear(labels, weights, bias)  # type: ignore[arg-type]  # rows of numpy are sequences of floats
    model = _model(strength).fit(x, list(answers), sample_weight=list(weigh))
    for i, label in enumerate(model.classes_):
        if len(seen) > 2:
            weights[list(labels).index(label)], bias[list(labels).index(label)] = model.coef_[i], model.intercept_[i]
        else:
            sign = 0.5 if i else -0.5
            weights[list(labels).index(label)], bias[list(labels).index(label)] = (
                sign * model.coef_[0],
                sign * model.intercept_[0],
            )
    return Linear(labels, weights, bias)  # type: ignore[arg-type]  # rows of numpy are sequences of floats


def fit_many(
    x: Any, answers: Sequence[set[str]], labels: Sequence[str], strength: float, weigh: Sequence[float]
) -> Linear:
    """A head that says yes or no to each of `labels`, each on its own."""
    import numpy as np

    weights, bias = np.zeros((len(labels), x.shape[1])), np.full(len(labels), -6.0)
    for i, label in enumerate(labels):
        yes = [label in answer for answer in answers]
        if 0 < sum(yes) < len(yes):
            model = _yes_no(strength).fit(x, yes, sample_weight=list(weigh))
            weights[i], bias[i] = model.coef_[0], model.intercept_[0]
    return Linear(labels, weights, bias)  # type: ignore[arg-type]  # rows of numpy are sequences of floats


def _model(strength: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, max_iter=200, tol=1e-3, random_state=SEED)


def folds(keys: Sequence[str], count: int) -> list[list[int]]:
    """Row numbers in `count` parts, dealt out by label so that rare labels are spread; the order of rows decides."""
    parts: list[list[int]] = [[] for _ in range(count)]
    dealt: dict[str, int] = {}
    for i, key in enumerate(keys):
        turn = dealt.get(key, sum(map(ord, key)) % count)
        parts[turn % count].append(i)
        dealt[key] = turn + 1
    return parts


def isotonic(values: Sequence[float], truth: Sequence[bool], least: int = 30) -> list[list[float]]:
    """A calibration curve as knots (said, true): pooled so that it never falls and each step rests on `least` rows."""
    ordered = sorted(zip(values, truth, strict=True))
    blocks: list[list[float]] = []
    for value, true in ordered:
        blocks.append([value, float(true), 1.0])
        while len(blocks) > 1 and (blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]):
            a, b = blocks[-2], blocks.pop()
            a[0], a[1], a[2] = a[0] + b[0], a[1] + b[1], a[2] + b[2]
    merged: list[list[float]] = []
    for block in blocks:
        if merged and merged[-1][2] < least:
            merged[-1] = [m + b for m, b in zip(merged[-1], block, strict=True)]
        else:
            merged.append(block)
    if len(merged) > 1 and merged[-1][2] < least:
        last = merged.pop()
        merged[-1] = [m + b for m, b in zip(merged[-1], last, strict=True)]
    return [[round(v / n, 4), round((t + 0.5) / (n + 1.0), 4)] for v, t, n in merged]


def _yes_no(strength: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    # Quick on sparse rows; it also shrinks the bias, which a large intercept column makes negligible.
    return LogisticRegression(C=strength, solver="liblinear", intercept_scaling=8.0, tol=3e-3, random_state=SEED)
