"""What the kept strategies may promise: clauses of the policy and facts of the case, each with an id."""

from __future__ import annotations

from collections.abc import Iterator

from replykit.plan.situation import Case
from replykit.types import Clause

GROUPS = (
    "remedies",
    "alternatives",
    "goodwill",
    "returns",
    "instead",
    "times",
    "update",
    "escalation",
    "crisis",
    "facts",
    "boundary",
    "follow_up",
)
"""What a strategy file may list under `commits`."""


def clauses(case: Case, groups: set[str]) -> tuple[Clause, ...]:
    """The clauses that this case's moves may commit to, from the groups that they name."""
    found = {clause.id: clause for group in GROUPS if group in groups for clause in _group(group, case)}
    return tuple(found.values())


def _group(group: str, case: Case) -> Iterator[Clause]:
    policy, granted = case.policy, case.grants
    match group:
        case "remedies":
            for r in granted.remedies:
                yield Clause(id=f"remedies.{r.id}", text=r.say, within=r.within, limit=r.limit)
        case "alternatives":
            for i, a in enumerate(granted.alternatives, 1):
                yield Clause(id=f"alternatives.{i}", text=a.say)
        case "goodwill" if granted.goodwill:
            yield Clause(id="goodwill", text=granted.goodwill.say, limit=granted.goodwill.limit)
        case "returns" if granted.returns:
            yield Clause(id="returns", text=" ".join(granted.returns.steps), within=granted.returns.window)
        case "instead" if granted.refused and granted.refused.instead:
            same = next((r for r in granted.remedies if r.say == granted.refused.instead), None)
            yield Clause(id="not_allowed.instead", text=granted.refused.instead, within=same.within if same else None)
            yield Clause(id="not_allowed.what", text=granted.refused.what)
        case "times":
            yield from _times(case, ("first_answer", "resolution"))
        case "update":
            yield from _times(case, ("update",))
        case "escalation" if route := granted.route or (policy.escalation[0] if policy.escalation else None):
            yield Clause(
                id="escalation",
                text=" ".join(filter(None, (route.name, route.role, route.contact))),
                within=route.within,
            )
        case "crisis" if policy.crisis.say or policy.crisis.update_every:
            yield Clause(id="crisis", text=policy.crisis.say or "", within=policy.crisis.update_every)
        case "facts":
            for key, value in case.complaint.facts.items():
                yield Clause(id=f"facts.{key}", text=str(value))
        case "boundary":
            yield Clause(id="boundary", text=", ".join(policy.boundary.channels_left_open))
        case "follow_up":
            done = [e.outcome for e in case.complaint.history if e.by == "agent" and e.outcome]
            told = done[-1] if done and case.situation.kind == "follow_up" else ""
            yield Clause(id="follow_up", text=told, within=f"{policy.follow_up.after_days} days")
        case _:
            return


def _times(case: Case, names: tuple[str, ...]) -> Iterator[Clause]:
    for name in names:
        if when := getattr(case.policy.response_times, name):
            yield Clause(id=f"response_times.{name}", text="", within=when)
