"""The room that decides the labels of a message from its probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

from replykit.classify.features import Features, kind_features, message_features
from replykit.classify.kinds import ClauseChances, clause_chances, together
from replykit.classify.linear import Table, Weights, sigmoid, softmax, straighten
from replykit.classify.message import Message
from replykit.classify.votes import Judgement, vote
from replykit.types import Cause, Request, ReturnReason, Stakes, Threat, Tone

SINGLE = ("cause", "tone", "stakes", "return_reason")
MANY = ("requests", "threats", "secondary", "repeat_contact", "issues")
NO_REASON = "none"
# Where no threshold was fitted.
EVEN = 0.5
_REQUESTS, _THREATS, _CAUSES = get_args(Request), get_args(Threat), get_args(Cause)


@dataclass(frozen=True, slots=True)
class Reading:
    """The labels of one message without their spans; `chances` holds the probability of every label of every field."""

    cause: Cause
    secondary: tuple[Cause, ...]
    tone: Tone
    stakes: Stakes
    requests: tuple[Request, ...]
    threats: tuple[Threat, ...]
    return_reason: ReturnReason | None
    feelings: tuple[str, ...]
    repeat_contact: bool
    confidence: float
    chances: Judgement
    kinds: ClauseChances

    def fields(self) -> dict[str, Any]:
        """The fields of a `Classification` that this reading settles."""
        single = {k: {n: round(p, 4) for n, p in self.chances[k].items()} for k in ("cause", "tone", "stakes")}
        return {
            "cause": self.cause, "secondary": self.secondary, "tone": self.tone, "stakes": self.stakes,
            "requests": self.requests, "threats": self.threats, "return_reason": self.return_reason,
            "feelings": self.feelings, "confidence": round(self.confidence, 4), "probabilities": single,
        }  # fmt: skip

    def doubted(self) -> Reading:
        """This reading in a thread that began as a complaint: what is hardly a mere question is no question."""
        chances = self.chances["cause"]
        if self.cause != "none" or chances["none"] >= EVEN:
            return self
        cause = max((c for c in chances if c != "none"), key=lambda c: chances[c])
        return replace(self, cause=cast("Cause", cause), confidence=chances[cause])

    def informed_by(self, before: Reading) -> Reading:
        """This reading of a nudge, with what the earlier messages of the thread were about."""
        stakes: Stakes = before.stakes if before.stakes != "low" else "medium"
        return replace(
            self, cause=before.cause if before.cause != "none" else "product", secondary=before.secondary, stakes=stakes,
            requests=before.requests or self.requests or ("contact",), return_reason=before.return_reason,
            feelings=tuple(dict.fromkeys((*self.feelings, "ignored"))), repeat_contact=True,
            confidence=min(self.confidence, before.confidence),
            chances={**self.chances, "cause": before.chances["cause"], "stakes": before.chances["stakes"]},
        )  # fmt: skip


def judge(message: Message, subject: Message | None, weights: Weights | None) -> Reading:
    """The labels of a message; a subject line counts as part of it."""
    kinds = clause_chances(message, weights)
    if weights is None:
        return decide(message, subject, vote(message), kinds, None)
    chances = chances_of(features_of(message, subject, kinds), weights)
    chances["issues"] = together(kinds, chances["issues"])
    return decide(message, subject, chances, kinds, weights)


def features_of(message: Message, subject: Message | None, kinds: ClauseChances) -> Features:
    """The features of a message, those of its subject line added where the message does not show them itself."""
    features = {**message_features(message), **kind_features(kinds)}
    if subject:
        for name, value in message_features(subject).items():
            if name[0] in "cqwb":
                features.setdefault(name, value)
    return features


def chances_of(features: Features, weights: Weights) -> Judgement:
    """The probability of every label of every field; those of one single-valued field add up to one."""
    return table_chances(weights.message, features)


def table_chances(table: Table, features: Features) -> Judgement:
    """The same from one table."""
    grouped: dict[str, dict[str, float]] = {}
    for output, score in zip(table.outputs, table.scores(features), strict=True):
        head, label = output.split(":", 1)
        grouped.setdefault(head, {})[label] = score
    for head, scores in grouped.items():
        if head in SINGLE:
            grouped[head] = dict(zip(scores, softmax(list(scores.values())), strict=True))
        else:
            grouped[head] = {label: sigmoid(score) for label, score in scores.items()}
    return grouped


def _best(chances: Mapping[str, float], bounds: Mapping[str, float], head: str) -> str:
    """The likeliest label once each is weighed by its fitted factor, which makes up for how rare it is."""
    return max(chances, key=lambda label: chances[label] * bounds.get(f"{head}:{label}", 1.0))


def decide(
    message: Message, subject: Message | None, chances: Judgement, kinds: ClauseChances, weights: Weights | None
) -> Reading:
    """Turn probabilities into labels with the fitted thresholds."""
    bounds = weights.message.thresholds if weights else {}
    curves = weights.curves if weights else {}
    cause = _best(chances["cause"], bounds, "cause")

    def chosen(head: str, labels: tuple[str, ...]) -> tuple[str, ...]:
        got = chances.get(head, {})
        return tuple(label for label in labels if got.get(label, 0.0) >= bounds.get(f"{head}:{label}", EVEN))

    reason = _best(chances["return_reason"], bounds, "return_reason") if chances["return_reason"] else NO_REASON
    return Reading(
        cause=cast("Cause", cause),
        secondary=cast("tuple[Cause, ...]", tuple(c for c in chosen("secondary", _CAUSES) if c not in (cause, "none"))),
        tone=cast("Tone", _best(chances["tone"], bounds, "tone")),
        stakes=cast("Stakes", _best(chances["stakes"], bounds, "stakes")),
        requests=cast("tuple[Request, ...]", chosen("requests", _REQUESTS)),
        threats=cast("tuple[Threat, ...]", chosen("threats", _THREATS)),
        return_reason=cast("ReturnReason | None", None if reason == NO_REASON else reason),
        feelings=_feelings(message, subject),
        repeat_contact=bool(chosen("repeat_contact", ("yes",))),
        confidence=straighten(chances["cause"][cause], curves.get("cause", ())),
        chances=chances,
        kinds=kinds,
    )


def _feelings(message: Message, subject: Message | None) -> tuple[str, ...]:
    """What they feel, the most often shown first; at most three, as a reply that lists more sounds like a form."""
    counts: dict[str, int] = {}
    for hit in (*message.hits, *(subject.hits if subject else ())):
        if hit.cue.startswith("feelings.") and not hit.negated:
            counts[hit.cue[9:]] = counts.get(hit.cue[9:], 0) + 1
    return tuple(sorted(counts, key=lambda name: (-counts[name], list(counts).index(name)))[:3])
