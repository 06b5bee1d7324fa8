"""One complaint under one policy, as the flat record of facts that conditions in strategy files speak about."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from replykit.plan.cues import Cues
from replykit.plan.facts import is_ahead
from replykit.plan.grants import Grants, grants
from replykit.plan.kinds import GRAVE, in_terms_of, matters_of
from replykit.plan.reread import is_machine, puzzled, reread, with_settled_cause
from replykit.plan.thread import Thread
from replykit.types import Classification, Complaint, Issue, Kind, Policy

PUBLIC = frozenset({"social"})


@dataclass(frozen=True)
class Situation:
    """What conditions may ask. Lists match when they share a value with the condition, the rest when they are equal."""

    kind: Kind
    channel: str
    cause: str
    causes: tuple[str, ...]
    tone: str
    stakes: str
    requests: tuple[str, ...]
    threats: tuple[str, ...]
    issues: tuple[str, ...]
    feelings: tuple[str, ...]
    language: str
    repeat_contact: bool
    return_reason: str | None
    remedy: str
    """`none`, `one`, `several` (alternatives to choose from) or `each` (every issue has its own)."""
    alternatives: bool
    out_of_stock: bool
    goodwill: bool
    returnable: bool
    refused: bool
    instead: bool
    fault: str
    """`ours`, `theirs` or `open`."""
    own_slip: bool
    """They ordered, typed or booked the wrong thing themselves."""
    blames: bool
    justified: bool
    harm: bool
    route: bool
    asks_above: bool
    standing: bool
    new_agent: bool
    matters: int
    """How many distinct matters were raised, near kinds counted once."""
    many_matters: bool
    many_departments: bool
    resolved: bool
    ongoing: bool
    pending: bool
    informed: bool
    """The business vouches for a fact that answers the customer: a place, a cause, what was done."""
    dated: bool
    """It vouches for a day that is still to come."""
    statement: bool
    """The complaint rests on something that was said or promised."""
    bereavement: bool
    illness: bool
    grave: bool
    jargon: bool
    matter: bool
    """There is something to speak about: an issue, an order, or the customer's earlier messages."""
    public: bool
    message: str
    """For messages that are no complaint: `praise`, `question`, `request`, `nudge`, `automatic`, `spam`, `thanks` or `other`."""
    behaviour: str
    """What has to stop where a message is abusive: `threats`, `remarks of that kind` or `insults`."""
    heated: bool
    """Strong words stand in the message, though not against people."""
    thanks_due: str
    """`patience`, `telling` (danger, grief or disgrace), or `none`."""
    large_value: bool

    def labels(self) -> dict[str, Any]:
        """The record as plain values that survive JSON."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@dataclass(frozen=True)
class Case:
    """Everything that planning and wording share: the situation and what it was read from."""

    complaint: Complaint
    reading: Classification
    policy: Policy
    thread: Thread
    grants: Grants
    situation: Situation
    matters: tuple[tuple[Issue, ...], ...] = ()
    """The issues as distinct matters, in the order in which they were raised."""
    doubt: str = ""
    """What was guessed in reading the complaint in the policy's terms, for a person to confirm."""


def open_case(complaint: Complaint, reading: Classification, policy: Policy, cues: Cues) -> Case:
    """Read a complaint, its labels, its thread and the policy into one case."""
    reading, doubt = in_terms_of(policy, reread(complaint, reading, cues, policy), cues, complaint.text)
    reading = with_settled_cause(complaint, reading, cues, policy)
    thread = Thread.of(complaint, cues)
    signs = _signs(complaint, reading, thread, policy, cues)
    granted = grants(complaint, reading, policy, cues, self_blame=signs["self_blame"])
    if _in_crisis(reading, granted, policy):
        reading = reading.model_copy(update={"stakes": "high"})
    kind = _kind(complaint, reading, policy, thread, granted, cues, matter=signs["matter"])
    return Case(
        complaint,
        reading,
        policy,
        thread,
        granted,
        _situation(complaint, reading, policy, thread, granted, signs, kind, cues),
        matters_of(reading.issues, cues, policy, complaint.text),
        doubt if granted.remedies else "",
    )


def _in_crisis(reading: Classification, granted: Grants, policy: Policy) -> bool:
    """Whether a matter that the policy hands upwards for what it is about has a crisis plan waiting for it."""
    about = {*reading.threats, *(issue.kind for issue in reading.issues)}
    planned = policy.crisis.say or policy.crisis.steps or policy.crisis.speaker
    return bool(planned and granted.route and about & set(granted.route.when))


def _signs(
    complaint: Complaint, reading: Classification, thread: Thread, policy: Policy, cues: Cues
) -> dict[str, bool]:
    signals = {e.kind for e in reading.evidence if e.field == "signal"}
    words = "\n".join((complaint.text, complaint.subject or "", *thread.customer_messages))
    ours = any(
        isinstance(v, str) and k not in cues.steering and cues.find("agreed_fault", v)
        for k, v in complaint.facts.items()
    )
    on_file = bool(thread.customer_messages)
    kinds = {issue.kind for issue in reading.issues}
    return {
        "self_blame": "self_blame" in signals or bool(cues.find("self_blame", complaint.text)),
        "blames": "blames_us" in signals or bool(cues.find("blames_us", complaint.text)),
        "bereavement": bool(cues.find("bereavement", words)),  # a lamp dies too, so a person must be named
        "illness": "illness" in signals or bool(cues.find("illness", words)),
        "grave": reading.stakes == "high"
        and ("grave" in signals or bool(cues.find("grave", words)) or bool(kinds & GRAVE)),
        "gift_refused": "no_more_vouchers" in signals or bool(cues.find("gift_refused", complaint.text)),
        "jargon": puzzled(complaint.text, cues, policy),
        "ours": ours,
        "matter": bool(reading.issues) or on_file,
    }


def _kind(
    complaint: Complaint,
    reading: Classification,
    policy: Policy,
    thread: Thread,
    granted: Grants,
    cues: Cues,
    *,
    matter: bool,
) -> Kind:
    """The first that fits, in the order that the design gives."""
    if reading.tone == "abusive":
        return "closing" if thread.boundaries >= policy.boundary.warnings else "boundary"
    if complaint.facts.get("resolved") is True and thread.told:
        return "follow_up"
    if reading.cause == "none" and not _wants_help(complaint, reading, granted, cues, matter=matter):
        return "not_a_complaint"
    return "escalation" if granted.route else "reply"


UNCHECKABLE = frozenset({"other", "misinformation", "staff_conduct", "no_response"})
"""Kinds that a volley of insults is easily read as; alone they are nothing that can be looked into."""
REMEDIAL = frozenset({"refund", "replacement", "repair", "compensation", "escalation"})


def _wants_help(complaint: Complaint, reading: Classification, granted: Grants, cues: Cues, *, matter: bool) -> bool:
    """Whether a message without a complaint in it still asks for what only a reply can give, or nudges about an earlier one."""
    message = _message(complaint.text, cues)
    if is_machine(complaint.text, cues):
        return False
    if granted.reason or set(reading.requests) & REMEDIAL:
        return True
    return matter and message not in ("praise", "thanks")


def _fault(reading: Classification, granted: Grants, signs: dict[str, bool]) -> str:
    if signs["ours"] and not granted.refused:
        return "ours"
    if (
        signs["self_blame"]
        or reading.return_reason == "change_of_mind"
        or (granted.refused and not granted.over_limit and signs["blames"])
    ):
        return "theirs"
    return "open"


def _remedy(granted: Grants) -> str:
    offers = [r for r in granted.remedies if not (granted.refused and granted.refused.instead == r.say)]
    if not offers:
        return "none"
    return "one" if len(offers) == 1 else "each" if granted.each else "several"


def _thanks(reading: Classification, signs: dict[str, bool]) -> str:
    if reading.tone == "abusive":
        return "none"
    heavy = signs["bereavement"] or signs["illness"] or signs["grave"] or reading.stakes == "high"
    return "telling" if heavy else "patience"


def _situation(
    complaint: Complaint, reading: Classification, policy: Policy, thread: Thread, granted: Grants,
    signs: dict[str, bool], kind: Kind, cues: Cues,
) -> Situation:  # fmt: skip
    issues = tuple(dict.fromkeys(issue.kind for issue in reading.issues))
    causes = (reading.cause, *reading.secondary)
    fault = _fault(reading, granted, signs)
    remedy = _remedy(granted)
    gentle = reading.stakes != "high" and not signs["bereavement"] and not signs["gift_refused"]
    real = reading.cause in ("product", "miscommunication") and bool(issues or complaint.order.item)
    told = [(k, v) for k, v in complaint.facts.items() if k not in cues.steering and not isinstance(v, bool)]
    now = complaint.received_at.date() if complaint.received_at else None
    ahead = [is_ahead(k, v, now) for k, v in told]
    resolved = complaint.facts.get("resolved") is True
    vague = UNCHECKABLE if reading.tone == "abusive" else frozenset()
    matters = len(matters_of(reading.issues, cues, policy, complaint.text))
    asks_above = "escalation" in reading.requests
    declined = granted.refused is not None and not granted.over_limit and "compensation" not in reading.requests
    return Situation(
        kind=kind, channel=complaint.channel, cause=reading.cause, causes=causes, tone=reading.tone, stakes=reading.stakes,
        requests=reading.requests, threats=reading.threats, issues=issues, feelings=reading.feelings, language=reading.language,
        repeat_contact=reading.repeat_contact or bool(thread.customer_messages), return_reason=granted.reason,
        remedy=remedy, alternatives=bool(granted.alternatives), out_of_stock=complaint.facts.get("in_stock") is False,
        goodwill=granted.goodwill is not None and gentle and (remedy != "none" or resolved or bool(granted.alternatives)),
        returnable=granted.returns is not None and not granted.refused and not resolved,
        refused=granted.refused is not None, instead=bool(granted.refused and granted.refused.instead),
        fault=fault, own_slip=bool(cues.find("own_order", complaint.text)), blames=signs["blames"],
        justified=real and fault != "theirs" and not signs["grave"] and issues != ("change_of_mind",) and not declined,
        harm=reading.cause == "product" and bool(set(issues) & cues.harm) and fault != "theirs" and not declined,
        route=granted.route is not None, asks_above=asks_above,
        standing=asks_above and granted.route is None and remedy != "none",
        new_agent=bool(thread.agents) and bool(complaint.agent.name) and complaint.agent.name not in thread.agents,
        matters=matters, many_matters=matters > 1, many_departments=len(granted.departments) > 1,
        resolved=resolved, ongoing=complaint.facts.get("ongoing") is True,
        pending=not resolved, informed=not all(ahead), dated=any(ahead),
        statement="miscommunication" in causes or "promise_holds" in complaint.facts or bool(thread.missed) or _was_said(complaint, issues, cues),
        bereavement=signs["bereavement"], illness=signs["illness"], grave=signs["grave"], jargon=signs["jargon"],
        matter=bool(set(issues) - vague) or bool(complaint.order.item) or bool(thread.customer_messages),
        public=complaint.channel in PUBLIC, message=_message(complaint.text, cues) if kind == "not_a_complaint" else "",
        behaviour=_behaviour(complaint.text, reading, cues), heated=bool(cues.find("heated", complaint.text)), thanks_due=_thanks(reading, signs), large_value=(complaint.order.amount or 0) >= cues.large_value,
    )  # fmt: skip


def _was_said(complaint: Complaint, issues: tuple[str, ...], cues: Cues) -> bool:
    """Whether the complaint holds us to our word: an issue of that kind, and somebody or something of ours that said it."""
    ours = {"misinformation", "not_as_described", "policy", "price"} & set(issues)
    text = complaint.text
    return bool(
        (ours and cues.find("was_said", text)) or cues.find("two_voices", text) or cues.find("broken_word", text)
    )


def _behaviour(text: str, reading: Classification, cues: Cues) -> str:
    if "violence" in reading.threats:
        return "threats"
    return "remarks of that kind" if cues.find("personal_remarks", text) else "insults"


def _message(text: str, cues: Cues) -> str:
    """What a message that is no complaint is instead."""
    if not text.strip():
        return "other"
    if is_machine(text, cues):
        return "automatic" if cues.find("automatic", text) else "spam"
    for name, message in (
        ("nudge", "nudge"), ("thanks_only", "thanks"), ("question", "question"), ("request", "request"),
        ("praise", "praise"),
    ):  # fmt: skip
        if cues.find(name, text):
            return message
    return "praise" if cues.find("strong_praise", text) else "other"
