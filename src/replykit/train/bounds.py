"""The room that weighs rare labels against common ones, so that a classifier does not call everything common."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import exp, log

STEPS = (0.7, 0.85, 1.0, 1.2, 1.4, 1.7, 2.0, 2.5, 3.0, 4.0)
ROUNDS = 3
CUTS = tuple(round(0.04 * i, 2) for i in range(2, 23))
# A label with so many examples gets half of its own threshold and half of the common one.
DOUBT = 40.0
# Accuracy and the mean F1 of all labels pull in different directions; both count.
BALANCE = 0.65
# A label with so many rows goes half of the way to the factor that was found on them.
FEW = 25.0
# Factors are searched for on so many draws, each of this many tenths of the rows, and the mean is taken: found once on
# all rows, they would jump with every few rows that change sides.
DRAWS = 10
TENTHS = 6


def factors(chances: Sequence[Mapping[str, float]], truth: Sequence[str], labels: Sequence[str]) -> dict[str, float]:
    """One factor per label by which its probability is multiplied before the largest wins: the mean over several draws."""
    out = dict.fromkeys(labels, 0.0)
    for draw in range(DRAWS):
        rows = [i for i in range(len(truth)) if (i + draw) % 10 < TENTHS]
        found = _factors([chances[i] for i in rows], [truth[i] for i in rows], labels)
        for label in labels:
            out[label] += log(found[label]) / DRAWS
    return {label: round(exp(mean), 3) for label, mean in out.items()}


def _factors(chances: Sequence[Mapping[str, float]], truth: Sequence[str], labels: Sequence[str]) -> dict[str, float]:
    """The factors of one draw, by trying steps for one label after the other; a label that hardly occurs keeps 1."""
    out = dict.fromkeys(labels, 1.0)
    counts = {label: sum(t == label for t in truth) for label in labels}
    common = max(labels, key=lambda label: counts[label])
    best = score(chances, truth, labels, out)
    for _ in range(ROUNDS):
        for label in labels:
            if label == common or counts[label] < 5:
                continue
            for step in STEPS:
                trial = {**out, label: step}
                reached = score(chances, truth, labels, trial)
                if reached > best + 1e-9:
                    best, out = reached, trial
    # Part of the way back towards 1 on a logarithmic scale: what was found on few rows is partly chance.
    return {label: factor ** (counts[label] / (counts[label] + FEW)) for label, factor in out.items()}


def score(
    chances: Sequence[Mapping[str, float]], truth: Sequence[str], labels: Sequence[str], weigh: Mapping[str, float]
) -> float:
    """Accuracy and macro-F1, weighed, of the labels chosen with these factors."""
    said = [max(labels, key=lambda label, c=c: c.get(label, 0.0) * weigh[label]) for c in chances]  # type: ignore[misc]  # mypy does not see a lambda's default
    right = sum(s == t for s, t in zip(said, truth, strict=True)) / max(len(truth), 1)
    marks: list[float] = []
    for label in labels:
        hit = sum(s == t == label for s, t in zip(said, truth, strict=True))
        total = said.count(label) + sum(t == label for t in truth)
        if total:
            marks.append(2 * hit / total)
    return BALANCE * right + (1 - BALANCE) * (sum(marks) / len(marks) if marks else 0.0)


def cuts(
    chances: Sequence[Mapping[str, float]],
    truth: Sequence[Collection[str]],
    labels: Sequence[str],
    weigh: Sequence[float],
) -> dict[str, float]:
    """The threshold of each label of a list, such that the F1 of all labels together is highest.

    One common threshold comes first, as with honest probabilities it is the best for every label (Lipton, Elkan and
    Naryanaswamy, 2014); then each label may leave it as far as its examples bear it out.
    """
    counts = {label: _counts(label, chances, truth, weigh) for label in labels}
    common: float = max(CUTS, key=lambda cut: _f1(counts, _level(labels, cut)))
    out = _level(labels, common)
    for label in sorted(labels, key=lambda label: -counts[label][0]):
        best = max(CUTS, key=lambda cut: (_f1(counts, {**out, label: cut}), -abs(cut - common)))
        share = counts[label][0] / (counts[label][0] + DOUBT)
        out[label] = round(share * best + (1 - share) * common, 3)
    return out


def _level(labels: Sequence[str], cut: float) -> dict[str, float]:
    return dict.fromkeys(labels, cut)


def even_cut(chances: Sequence[float], truth: Sequence[bool]) -> float:
    """The threshold with the fewest mistakes."""
    return max(
        CUTS, key=lambda cut: (sum((c >= cut) == t for c, t in zip(chances, truth, strict=True)), -abs(cut - 0.5))
    )


_Count = tuple[float, dict[float, tuple[float, float]]]


def _counts(
    label: str, chances: Sequence[Mapping[str, float]], truth: Sequence[Collection[str]], weigh: Sequence[float]
) -> _Count:
    """How many rows hold a label, and for each threshold how many are said to and rightly so."""
    rows = [(c[label], label in t, w) for c, t, w in zip(chances, truth, weigh, strict=True)]
    at: dict[float, tuple[float, float]] = {}
    for cut in CUTS:
        over = [(holds, w) for chance, holds, w in rows if chance >= cut]
        at[cut] = sum(w for _, w in over), sum(w for holds, w in over if holds)
    return sum(w for _, holds, w in rows if holds), at


def _f1(counts: Mapping[str, _Count], at: Mapping[str, float]) -> float:
    said = hit = true = 0.0
    for label, (holds, by_cut) in counts.items():
        near = min(CUTS, key=lambda cut, label=label: abs(cut - at[label]))  # type: ignore[misc]  # mypy does not see a lambda's default
        said, hit, true = said + by_cut[near][0], hit + by_cut[near][1], true + holds
    return 2 * hit / max(said + true, 1e-9)
