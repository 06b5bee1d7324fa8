"""The room that shows which words of a message speak for each of its labels."""

from __future__ import annotations

from collections.abc import Iterable

from replykit.classify.cues import Hit
from replykit.classify.judge import Reading
from replykit.classify.message import Message
from replykit.types import Evidence

# So many passages per label are proof enough.
MOST = 2


def evidence_of(message: Message, reading: Reading) -> tuple[Evidence, ...]:
    """Passages for tone, stakes (and the reason: field `stakes_reason`), requests, threats and so on.

    Marks that steer the plan come as field `signal`, whatever the labels are.
    """
    out: list[Evidence] = []
    for field, kind, prefix in _claims(reading):
        out += _passages(message, field, kind, [h for h in message.hits if h.cue.startswith(prefix)])
    if reading.stakes != "low":
        out += _reasons(message, reading.stakes)
    signals: dict[str, list[Hit]] = {}
    for hit in message.hits:
        if hit.cue.startswith("signal."):
            signals.setdefault(hit.cue[7:], []).append(hit)
    for kind in sorted(signals):
        out += _passages(message, "signal", kind, signals[kind])
    return tuple(out)


def _claims(reading: Reading) -> Iterable[tuple[str, str, str]]:
    """Every label that was given: its field, its name, and what the cues that speak for it begin with."""
    yield "cause", reading.cause, f"cause.{reading.cause}."
    for cause in reading.secondary:
        yield "secondary", cause, f"cause.{cause}."
    yield "tone", reading.tone, f"tone.{reading.tone}"
    if reading.stakes != "low":
        yield "stakes", reading.stakes, f"stakes.{reading.stakes}."
    for request in reading.requests:
        yield "requests", request, f"requests.{request}"
    for threat in reading.threats:
        yield "threats", threat, f"threats.{threat}"
    if reading.return_reason:
        yield "return_reason", reading.return_reason, f"return_reason.{reading.return_reason}"
    if reading.repeat_contact:
        yield "repeat_contact", "yes", "repeat_contact."
    for feeling in reading.feelings:
        yield "feelings", feeling, f"feelings.{feeling}"


def _passages(message: Message, field: str, kind: str, hits: Iterable[Hit]) -> list[Evidence]:
    """The longest passages among the hits, in reading order and without repeats."""
    best = sorted((h for h in hits if not h.negated), key=lambda h: (h.first - h.last, h.first))
    out: dict[tuple[int, int], Evidence] = {}
    for hit in best:
        start, end = message.words.span(hit.first, hit.last)
        if len(out) < MOST and not any(start < b and a < end for a, b in out):
            out[start, end] = Evidence(field=field, kind=kind, quote=message.text[start:end], start=start, end=end)
    return [out[place] for place in sorted(out)]


def _reasons(message: Message, level: str) -> list[Evidence]:
    groups: dict[str, list[Hit]] = {}
    for hit in message.hits:
        if hit.cue.startswith(f"stakes.{level}."):
            groups.setdefault(hit.cue.split(".", 2)[2], []).append(hit)
    return [e for kind, hits in groups.items() for e in _passages(message, "stakes_reason", kind, hits)[:1]]
