"""The room that says how likely each kind of issue is in each clause of a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

from replykit.classify.features import clause_features
from replykit.classify.linear import Weights, sigmoid
from replykit.classify.message import Message
from replykit.classify.votes import vote_clause

ClauseChances = list[dict[str, float]]


def clause_chances(message: Message, weights: Weights | None) -> ClauseChances:
    """For each clause the probability of each kind of issue."""
    if weights is None:
        return [vote_clause(clause) for clause in message.clauses]
    table = weights.clause
    names = [output.split(":", 1)[1] for output in table.outputs]
    return [
        dict(zip(names, map(sigmoid, table.scores(clause_features(message, clause, i))), strict=True))
        for i, clause in enumerate(message.clauses)
    ]


def together(clauses: Sequence[Mapping[str, float]], whole: Mapping[str, float]) -> dict[str, float]:
    """The probability of each kind in a message: the likeliest clause and the message as a whole count alike."""
    out: dict[str, float] = {}
    for kind, chance in whole.items():
        best = max((clause[kind] for clause in clauses), default=0.0)
        out[kind] = sigmoid((_odds(best) + _odds(chance)) / 2)
    return out


def _odds(chance: float) -> float:
    safe = min(max(chance, 1e-4), 1 - 1e-4)
    return log(safe / (1 - safe))
