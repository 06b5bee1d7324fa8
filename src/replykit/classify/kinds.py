"""The room that says how likely each kind of issue is in each clause of a message."""

from __future__ import annotations

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
        {
            name: sigmoid(score)
            for name, score in zip(names, table.scores(clause_features(message, clause, i)), strict=True)
        }
        for i, clause in enumerate(message.clauses)
    ]
