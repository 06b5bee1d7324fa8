"""The notes beside a draft: for the agent, never for the customer; worded by the templates in `prompts/notes/`."""

from __future__ import annotations

from typing import Any

from replykit.plan import Case
from replykit.rooms import Rooms
from replykit.types import Draft
from replykit.write import Story


def notes_for(draft: Draft, case: Case, story: Story, rooms: Rooms) -> dict[str, str]:
    """Every note that the plan asks for, by its name."""
    if not draft.plan.notes:
        return {}
    values = _values(draft, case, story)
    return {name: rooms.library.render(f"notes/{name}.md.j2", "Note", **values) for name in draft.plan.notes}


def handover_brief(draft: Draft, case: Case, story: Story, rooms: Rooms) -> str:
    """The brief for whoever takes over, whether the plan asked for one or not."""
    return rooms.library.render("notes/handover_brief.md.j2", "Note", **_values(draft, case, story))


def _values(draft: Draft, case: Case, story: Story) -> dict[str, Any]:  # noqa: ARG001  # one signature for all of them
    complaint, s = case.complaint, case.situation
    return {
        "s": s,
        "text": complaint.text.strip(),
        "channel": complaint.channel.replace("_", " "),
        "received": complaint.received_at.strftime("%Y-%m-%d %H:%M") if complaint.received_at else "",
        "customer": complaint.customer.name or "",
        "tier": complaint.customer.tier or "",
        "order": complaint.order,
        "history": complaint.history,
        "facts": [f"{key.replace('_', ' ')}: {value}" for key, value in complaint.facts.items()],
        "issues": [kind.replace("_", " ") for kind in s.issues],
        "quotes": [issue.quote for issue in case.reading.issues],
        "offers": [_offer(r.say, r.limit, r.within) for r in case.grants.remedies],
        "times": case.policy.response_times,
        "crisis": case.policy.crisis,
        "way_up": _way_up(case),
        "why_up": _why_up(case),
        "fair": _fair(case),
        "damage": "significant"
        if s.stakes == "high" or s.large_value
        else "minor so far; mind the second complaint about the same thing",
        "verdict": _verdict(case),
        "owners": _owners(case),
        "promised": [p.text for p in case.thread.promises],
        "commitments": [f"{c.quote} ({c.clause or 'no licence'})" for c in draft.commitments],
        "next_step": _next_step(case),
        "moves": draft.plan.moves,
        "reply": draft.text,
        "findings": [f"{f.rule} ({f.level}): {f.quote}" for f in draft.findings],
        "language": case.reading.language,
        "version": draft.version,
    }


def _offer(say: str, limit: str | None, within: str | None) -> str:
    return ", ".join(filter(None, (say, f"at most {limit}" if limit else "", within or "")))


def _way_up(case: Case) -> str:
    rows = case.policy.escalation
    route = case.grants.route or (rows[0] if rows else None)
    if route is None:
        return "your team lead"
    return ", ".join(filter(None, (route.name, route.role, route.contact, route.within)))


def _why_up(case: Case) -> list[str]:
    s = case.situation
    reasons = {
        "the policy hands this on": s.route,
        "the customer asks for somebody above": s.asks_above,
        "stakes are high": s.stakes == "high",
        "harassment": s.tone == "abusive",
        f"a threat of {', '.join(t for t in s.threats if t != 'churn')}": bool(set(s.threats) - {"churn"}),
        "the value is large": s.large_value,
        "our name could suffer in public": "media" in s.threats or (s.public and s.stakes != "low"),
    }
    return [reason for reason, holds in reasons.items() if holds]


def _fair(case: Case) -> str:
    s = case.situation
    if s.refused:
        return f"It goes further than the policy: {case.grants.refused.what if case.grants.refused else ''}."
    if s.fault == "theirs":
        return "The cause seems to lie with the customer; look for what helps all the same."
    return (
        "On its face, yes."
        if s.justified
        else "Not clear from the message alone; ask for the one fact that decides it."
    )


def _verdict(case: Case) -> str:
    granted = case.grants
    if granted.refused:
        return f"declined; instead: {granted.refused.instead or 'nothing agreed'}"
    if granted.remedies:
        return "; ".join(_offer(r.say, r.limit, r.within) for r in granted.remedies)
    return "no remedy agreed for this; do not promise one"


def _owners(case: Case) -> list[dict[str, str]]:
    rows = case.policy.departments
    return [
        {"department": rows[kind], "issue": kind.replace("_", " ")} for kind in case.situation.issues if kind in rows
    ]


def _next_step(case: Case) -> str:
    granted, times = case.grants, case.policy.response_times
    if granted.route:
        return f"contact the customer {granted.route.within or times.first_answer or 'today'}"
    if granted.remedies:
        return _offer(granted.remedies[0].say, None, granted.remedies[0].within)
    return f"find out what happened and answer {times.first_answer or 'today'}"
