"""The room that reads a message from its cues alone, for a library whose weights file is missing."""

from __future__ import annotations

from replykit.classify.linear import softmax
from replykit.classify.message import Clause, Message

Judgement = dict[str, dict[str, float]]
SINGLE = {
    "cause": ("product", "miscommunication", "emotional", "none"),
    "tone": ("calm", "frustrated", "angry", "abusive"),
    "stakes": ("low", "medium", "high"),
}
_SURE, _DOUBT = 0.9, 0.05


def vote(message: Message) -> Judgement:
    """Probabilities of every label from counted cues: rough, yet never absurd."""
    found = _counts(message)
    out = {
        head: dict(zip(labels, softmax(_scores(head, found, message)), strict=True)) for head, labels in SINGLE.items()
    }
    out["repeat_contact"] = {"yes": _SURE if found.get("repeat_contact.yes", 0) >= 2 else _DOUBT}
    for head in ("requests", "threats"):
        out[head] = {cue.split(".")[1]: _SURE for cue in found if cue.startswith(head + ".")}
    wants = "return_reason.wants_back" in found
    reasons = {
        c.split(".")[1]: float(n) for c, n in found.items() if c.startswith("return_reason.") and c[14:] != "wants_back"
    }
    out["return_reason"] = reasons if wants else {}
    return out


def _counts(message: Message) -> dict[str, int]:
    found: dict[str, int] = {}
    for hit in message.hits:
        if not hit.negated:
            found[hit.cue] = found.get(hit.cue, 0) + 1
    return found


def _sum(found: dict[str, int], prefix: str) -> float:
    return float(min(sum(n for cue, n in found.items() if cue.startswith(prefix)), 6))


def _scores(head: str, found: dict[str, int], message: Message) -> list[float]:  # noqa: ARG001  # every vote has one signature
    wrong = _sum(found, "issues.")
    if head == "cause":
        none = 1.5 + _sum(found, "cause.none.praise") + 0.5 * _sum(found, "cause.none.question")
        feeling = 0.5 * _sum(found, "cause.emotional.feeling") - 0.5 * wrong
        return [wrong + _sum(found, "cause.product"), 0.6 * _sum(found, "cause.miscommunication"), feeling, none]
    if head == "tone":
        insult = 5.0 * _sum(found, "signal.insult_at_person") - 1.0
        return [1.5, 0.7 * _sum(found, "tone.frustrated"), 0.8 * _sum(found, "tone.angry"), insult]
    medium = 0.35 * _sum(found, "stakes.medium")
    return [1.0, medium, 2.5 * _sum(found, "signal.grave") + 0.4 * _sum(found, "stakes.high")]


def vote_clause(clause: Clause) -> dict[str, float]:
    """Probabilities of each kind of issue in a clause, from its cues."""
    counts: dict[str, float] = {}
    for hit in clause.hits:
        if hit.cue.startswith("issues.") and not hit.negated:
            kind = hit.cue.split(".")[1]
            counts[kind] = counts.get(kind, 0.0) + 1.0 + 0.1 * (hit.last - hit.first)
    total = sum(counts.values())
    return {kind: _SURE * n / total for kind, n in counts.items()} if total else {}
