"""The score of a person's reply: planned moves by their weight, less what its findings cost, and one to three things to do better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from replykit.check import Context
from replykit.plan import Case
from replykit.plan.conditions import matching_row
from replykit.plan.licences import GROUPS, clauses
from replykit.review.moves import Written
from replykit.review.signs import Sign, Signs
from replykit.review.words import vouched
from replykit.rooms import context_of
from replykit.types import Clause, Finding, MoveReview, Plan, Report, Review, Strategy

MOST_ADVICE = 3
"""Three things are as much as somebody takes from one review."""
WORTH_SAYING = 0.3
"""A missing move that weighs less is not worth one of the three."""


def review_context(case: Case, plan: Plan) -> Context:
    """What a person may promise in this case: more than the plan does, as they may see a way that the plan did not take.

    Args:
        case: The complaint as it was read.
        plan: The moves that a reply to it should make.
    """
    granted = {clause.id: clause for clause in (*clauses(case, set(GROUPS)), *plan.clauses)}
    granted = {clause.id: clause for clause in _overlooked(case)} | granted
    quotes = tuple(issue.quote for issue in case.reading.issues)
    return context_of(case, plan).model_copy(update={"clauses": tuple(granted.values()), "issues": quotes})


def _overlooked(case: Case) -> Iterator[Clause]:
    """What the policy grants for other matters, where the reading found nothing that it grants for this one."""
    policy, granted = case.policy, case.grants
    if not granted.remedies:
        for r in policy.remedies:
            yield Clause(id=f"remedies.{r.id}", text=r.say, within=r.within, limit=r.limit)
    if not granted.alternatives:
        for i, a in enumerate(policy.alternatives, 1):
            yield Clause(id=f"alternatives.{i}", text=a.say)
    if not granted.refused:
        for row in policy.not_allowed:
            yield Clause(id="not_allowed.instead", text=row.instead or "")


def review(
    text: str, case: Case, plan: Plan, report: Report, strategies: Mapping[str, Strategy], signs: Signs
) -> Review:
    """A person's reply against the plan of its complaint.

    Args:
        text: What the person wrote.
        case: The complaint as it was read.
        plan: The moves that a reply to it should make.
        report: What the rules found in the text, under `review_context`.
        strategies: By id, for what to say about a missing move.
        signs: By what moves are recognised.
    """
    written = Written(text, case, report)
    present = {name for name, sign in signs.moves.items() if written.find(sign)}
    moves = tuple(_reviewed(name, written, signs.of(name), strategies[name]) for name in plan.moves)
    weights = {name: _weight(signs.of(name), case) for name in plan.moves}
    findings = tuple(f for f in report.findings if _stands(f, moves, present, signs, case))
    made = sum(weight * _credit(name, signs.of(name), present) for name, weight in weights.items())
    share = made / (sum(weights.values()) or 1.0) if any(weights.values()) else 1.0
    return Review(
        score=round(share * _kept(findings, plan, signs), 2),
        moves=moves,
        findings=findings,
        advice=_advice(moves, findings, weights, signs, present),
    )


def _stands(finding: Finding, moves: Sequence[MoveReview], present: set[str], signs: Signs, case: Case) -> bool:
    """Whether a finding is worth telling.

    It is not where a move answers for what it misses, where the policy's own words are what it takes for a promise
    without a ground, and where the second tier suspects a sentence that makes a move which was due.
    """
    if present & set(signs.answers(finding.rule)):
        return False
    if finding.category == "ungrounded" and vouched(finding.quote, case):
        return False
    return finding.probability >= 1 or not any(
        m.present and m.start < finding.end and finding.start < m.end for m in moves
    )


def _weight(sign: Sign, case: Case) -> float:
    under = (weight for when, weight in sign.lighter if matching_row(when, case.situation) is not None)
    return min([sign.weight, *under])


def _credit(name: str, sign: Sign, present: set[str]) -> float:
    """1 for a move that is there; the largest share by which another makes up for it where it is not."""
    if name in present:
        return 1.0
    return max((share for other, share in sign.partly.items() if other in present), default=0.0)


def _kept(findings: Sequence[Finding], plan: Plan, signs: Signs) -> float:
    """What findings leave of a score. A missing thing whose move is planned has been counted with the moves."""
    return signs.kept(f for f in findings if not set(plan.moves) & set(signs.answers(f.rule)))


def _reviewed(name: str, written: Written, sign: Sign, strategy: Strategy) -> MoveReview:
    place = written.find(sign)
    if place is None:
        instruction = " ".join(strategy.instruction.split()).split(". ")[0].rstrip(".")
        return MoveReview(strategy=name, present=False, advice=f"{strategy.title}: {instruction}.")
    return MoveReview(
        strategy=name, present=True, quote=written.text[place.start : place.end], start=place.start, end=place.end
    )


def _advice(
    moves: Sequence[MoveReview],
    findings: Sequence[Finding],
    weights: Mapping[str, float],
    signs: Signs,
    present: set[str],
) -> tuple[str, ...]:
    """One to three things: what breaks a rule first, then what is missing, the heaviest first."""
    broken = [_told(f) for f in findings if f.level == "block" and f.category != "missing"]
    due = {m.strategy: weights[m.strategy] * (1 - _credit(m.strategy, signs.of(m.strategy), present)) for m in moves}
    missing = sorted((m for m in moves if due[m.strategy] >= WORTH_SAYING), key=lambda m: -due[m.strategy])
    lines = [*broken[:2], *(m.advice.partition(": ")[2] for m in missing), *broken[2:]]
    lines += [_told(f) for f in findings if f.level == "warn"] if not lines else []
    return tuple(dict.fromkeys(lines))[:MOST_ADVICE] or ("Nothing: send it.",)


def _told(finding: Finding) -> str:
    if finding.quote and finding.instead:
        return f"“{finding.quote}”: {finding.why} Write instead: {finding.instead[0]}"
    return f"{finding.message} {finding.why}"
