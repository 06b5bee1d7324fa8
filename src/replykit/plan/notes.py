"""Which notes the agent gets beside the draft."""

from __future__ import annotations

from replykit.plan.situation import Case, Situation

NOTES = (
    "prepare",
    "compose_yourself",
    "assess_request",
    "escalate_when",
    "handover_brief",
    "coordinate",
    "crisis_plan",
    "document",
)


def note_names(case: Case) -> tuple[str, ...]:
    """The notes that apply to a case, in the order in which an agent needs them."""
    s = case.situation
    if s.kind == "not_a_complaint":
        return ()
    applies = {
        "prepare": True,
        "compose_yourself": _heated(s),
        "assess_request": _asks_for_something(s),
        "escalate_when": _looks_upward(s),
        "handover_brief": s.kind == "escalation" or s.new_agent,
        "coordinate": s.many_departments,
        "crisis_plan": s.stakes == "high",
        "document": True,
    }
    return tuple(name for name in NOTES if applies[name])


def _heated(s: Situation) -> bool:
    return (
        s.tone in ("angry", "abusive")
        or s.stakes == "high"
        or s.blames
        or s.heated
        or bool(set(s.threats) - {"churn"})
        or (s.tone == "frustrated" and s.refused)
    )


def _asks_for_something(s: Situation) -> bool:
    asked = {"refund", "replacement", "repair", "compensation"} & set(s.requests)
    return bool(s.return_reason or asked or s.refused or (s.remedy in ("one", "several") and s.cause != "none"))


def _looks_upward(s: Situation) -> bool:
    grave_threat = bool({"legal", "regulator", "media", "violence"} & set(s.threats))
    return s.route or s.asks_above or s.stakes == "high" or s.tone == "abusive" or grave_threat or s.large_value
