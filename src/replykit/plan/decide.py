"""Conditions decide which strategies apply, priorities resolve conflicts, and every decision keeps its reason."""

from __future__ import annotations

from collections.abc import Mapping

from replykit.plan.conditions import matching_row, spell
from replykit.plan.licences import clauses
from replykit.plan.notes import note_names
from replykit.plan.situation import Case, Situation
from replykit.types import Classification, Considered, Plan, Strategy


def decide(case: Case, strategies: Mapping[str, Strategy]) -> Plan:
    """The plan of one case. Same case, same plan, always.

    Args:
        case: The complaint as it was read.
        strategies: By id, in the order in which they may appear in a reply.
    """
    first = [_consider(strategy, case) for strategy in strategies.values()]
    considered = tuple(_displaced(verdict, first, strategies) for verdict in first)
    moves = tuple(verdict.strategy for verdict in considered if verdict.kept)
    return Plan(
        kind=case.situation.kind,
        moves=moves,
        considered=considered,
        clauses=clauses(case, {name for move in moves for name in strategies[move].commits}),
        notes=note_names(case),
        reasons=reasons_for_review(case),
        situation=case.situation.labels(),
    )


def _consider(strategy: Strategy, case: Case) -> Considered:
    situation = case.situation
    if situation.kind not in strategy.kinds:
        return Considered(strategy=strategy.id, kept=False, reason=f"not for a message of kind {situation.kind}")
    row = matching_row(strategy.when, situation) if strategy.when else {}
    if row is None:
        return Considered(strategy=strategy.id, kept=False, reason=f"does not apply: {_missing(strategy)}")
    against = matching_row(strategy.unless, situation)
    if against is not None:
        return Considered(strategy=strategy.id, kept=False, reason=f"would do harm here: {spell(against)}")
    return Considered(strategy=strategy.id, kept=True, reason=spell(row), evidence=_evidence(row, case.reading))


def _missing(strategy: Strategy) -> str:
    return "needs " + "; or ".join(spell(row) for row in strategy.when)


def _displaced(verdict: Considered, all_verdicts: list[Considered], strategies: Mapping[str, Strategy]) -> Considered:
    """A kept strategy gives way to a kept one that excludes it and whose priority is at least its own."""
    if not verdict.kept:
        return verdict
    mine = strategies[verdict.strategy]
    for other in all_verdicts:
        theirs = strategies[other.strategy]
        if other.kept and verdict.strategy in theirs.excludes and theirs.priority >= mine.priority:
            return Considered(
                strategy=mine.id, kept=False, reason=f"gives way to {theirs.id}", evidence=verdict.evidence
            )
    return verdict


EVIDENCE_FOR = {
    "tone": ("tone",), "stakes": ("stakes",), "requests": ("requests",), "threats": ("threats",), "return_reason": ("return_reason",),
    "repeat_contact": ("repeat_contact",), "cause": ("cause",), "causes": ("cause",), "feelings": ("feelings",),
}  # fmt: skip
SIGNALS = {
    "blames": "blames_us",
    "asks_above": "asks_above",
    "grave": "grave",
    "bereavement": "bereavement",
    "illness": "illness",
}


def _evidence(row: Mapping[str, object], reading: Classification) -> tuple[str, ...]:
    """The words of the complaint that speak for the keys of a row; the issues where no key has words of its own."""
    wanted = {field for key in row for field in EVIDENCE_FOR.get(key, ())}
    signals = {SIGNALS[key] for key in row if key in SIGNALS}
    quotes = [e.quote for e in reading.evidence if e.field in wanted or (e.field == "signal" and e.kind in signals)]
    return tuple(dict.fromkeys(quotes or [issue.quote for issue in reading.issues]))[:4]


def reasons_for_review(case: Case) -> tuple[str, ...]:
    """Why a person must look before this is sent, whatever the draft is like."""
    s = case.situation
    return tuple(filter(None, (*(reason for reason, applies in _review_reasons(s) if applies), case.doubt)))


def _review_reasons(s: Situation) -> tuple[tuple[str, bool], ...]:
    return (
        ("stakes are high: a person reads this before it goes out", s.stakes == "high"),
        ("somebody died or is ill: a person reads this before it goes out", s.bereavement or s.illness),
        ("the message is abusive: a person decides whether the line is drawn", s.kind in ("boundary", "closing")),
        ("a person takes over: confirm that they know", s.kind == "escalation"),
        ("the request is outside the policy: confirm the refusal", s.refused),
        (
            f"the message is in another language ({s.language}): the offline wording is English",
            s.language not in ("en", "und"),
        ),
        (
            "the message could not be read as a complaint or a question",
            s.kind == "not_a_complaint" and s.message == "other",
        ),
    )
