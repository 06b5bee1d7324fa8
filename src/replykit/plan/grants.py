"""What the policy grants for one complaint: remedies, alternatives, goodwill, returns, refusals, who takes over."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from replykit.plan.amounts import amounts_in
from replykit.plan.cues import Cues
from replykit.plan.kinds import desks
from replykit.plan.stems import stems
from replykit.types import (
    Alternative,
    Classification,
    Complaint,
    EscalationRoute,
    Goodwill,
    NotAllowed,
    Policy,
    Remedy,
    Returns,
)  # fmt: skip

Offer = TypeVar("Offer", Remedy, Alternative, Goodwill)
UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
           "twelve": 12, "fourteen": 14, "thirty": 30, "sixty": 60, "ninety": 90}  # fmt: skip
SPAN = re.compile(
    rf"\b(\d+|{'|'.join(NUMBERS)})[ -]?(?:calendar |working |business )?({'|'.join(UNITS)})s?\b", re.IGNORECASE
)
REFUSED_SHARE = 0.4
"""Share of a refused request's own words that the complaint must hold: two in five separated the cases we wrote."""

UNNAMED_SHARE = 0.5
"""The same where no request was read in it."""

SHARED_WORDS = 3
"""Content words a remedy must share with the complaint to be recognised by its words alone; two happened by chance."""


@dataclass(frozen=True)
class Grants:
    """What this policy means for this complaint. `each` says that several issues have each their own remedy."""

    remedies: tuple[Remedy, ...]
    each: bool
    withheld: tuple[Remedy, ...]
    alternatives: tuple[Alternative, ...]
    goodwill: Goodwill | None
    returns: Returns | None
    reason: str | None
    outside_window: bool
    refused: NotAllowed | None
    over_limit: bool
    route: EscalationRoute | None
    departments: tuple[str, ...]


def grants(complaint: Complaint, reading: Classification, policy: Policy, cues: Cues, *, self_blame: bool) -> Grants:
    """Match the policy to one complaint."""
    kinds = tuple(dict.fromkeys(issue.kind for issue in reading.issues))
    fitting = _for_kinds(policy.remedies, kinds, cues) or _by_words(policy.remedies, complaint, reading)
    open_now = tuple(r for r in fitting if all(complaint.facts.get(name) for name in r.when))
    reason = reading.return_reason or next((cues.reasons[k] for k in kinds if k in cues.reasons), None)
    outside = _outside(complaint, policy.returns, reason)
    if outside:
        late = {kind for kind, name in cues.reasons.items() if name == reason}
        open_now = tuple(r for r in open_now if not set(r.for_) <= late)
    over = _over_limit(complaint, reading, open_now)
    refused = _refused(complaint, reading, policy, cues, outside=outside, over=over, self_blame=self_blame)
    if refused and not over:
        open_now = _beside(refused, open_now, reading, cues)
    return Grants(
        remedies=open_now,
        each=len(open_now) > 1 and _each_its_own(open_now, kinds),
        withheld=tuple(r for r in fitting if r not in open_now),
        alternatives=_for_kinds(policy.alternatives, kinds, cues),
        goodwill=next(iter(_for_kinds([policy.goodwill] if policy.goodwill else [], kinds, cues)), None),
        returns=policy.returns if policy.returns.steps and reason in policy.returns.for_ and not outside else None,
        reason=reason,
        outside_window=outside,
        refused=refused,
        over_limit=over,
        route=_route(reading, policy.escalation),
        departments=desks(kinds, policy, cues),
    )


def _beside(
    refused: NotAllowed, remedies: tuple[Remedy, ...], reading: Classification, cues: Cues
) -> tuple[Remedy, ...]:
    """The remedies without those that would give what is refused: no refund is declined and granted in one letter."""
    declined = [
        words for request in reading.requests if (words := cues.asks.get(request)) and stems(refused.what) & _all(words)
    ]
    return tuple(r for r in remedies if r.say == refused.instead or not any(stems(r.say) & _all(w) for w in declined))


def _all(words: Iterable[str]) -> frozenset[str]:
    return frozenset(stem for word in words for stem in stems(word))


def _for_kinds(offers: Iterable[Offer], kinds: tuple[str, ...], cues: Cues) -> tuple[Offer, ...]:
    """The offers for these kinds; where one has none, those for a near kind, since a reader may have named the neighbour."""
    offers = tuple(offers)
    meant = {kind for kind in kinds if any(kind in o.for_ for o in offers)}
    wider = {near for kind in kinds if kind not in meant for near in cues.near.get(kind, ())}
    return tuple(o for o in offers if not o.for_ or set(o.for_) & (meant or wider))


def _by_words(remedies: Iterable[Remedy], complaint: Complaint, reading: Classification) -> tuple[Remedy, ...]:
    """The remedies whose own words the customer uses: a last resort where the kinds of the policy and of the reader differ."""
    if reading.cause == "none":
        return ()
    said = stems(f"{complaint.text} {complaint.subject or ''}")
    return tuple(r for r in remedies if len(stems(f"{r.say} {r.name}") & said) >= SHARED_WORDS)


def _each_its_own(remedies: tuple[Remedy, ...], kinds: tuple[str, ...]) -> bool:
    covered = [set(r.for_) & set(kinds) for r in remedies]
    return all(covered) and all(not (a & b) for i, a in enumerate(covered) for b in covered[:i])


def days_in(text: str) -> list[int]:
    """Every stretch of time named in a text, in days."""
    return [(int(n) if n.isdigit() else NUMBERS[n.lower()]) * UNITS[unit.lower()] for n, unit in SPAN.findall(text)]


def _outside(complaint: Complaint, returns: Returns, reason: str | None) -> bool:
    """Whether the return comes after the window; only for reasons that the window is meant for."""
    window = days_in(returns.window or "")
    if not window or reason not in returns.for_ or reason is None:
        return False
    since = complaint.order.delivered_on or complaint.order.purchased_on
    if since and complaint.received_at:
        return (complaint.received_at.date() - since) > dt.timedelta(days=window[0])
    return any(days > window[0] for days in days_in(complaint.text)) and reason in ("change_of_mind", "size")


def _over_limit(complaint: Complaint, reading: Classification, remedies: tuple[Remedy, ...]) -> bool:
    limits = [max(amounts_in(r.limit)) for r in remedies if r.limit and "%" not in r.limit and amounts_in(r.limit)]
    asked = [a for m in reading.mentions if m.kind == "amount" for a in amounts_in(m.quote)]
    wants_money = bool({"refund", "compensation"} & set(reading.requests))
    return bool(limits and asked and wants_money and max(asked) > max(limits) and max(asked) != complaint.order.amount)


def _refused(
    complaint: Complaint,
    reading: Classification,
    policy: Policy,
    cues: Cues,
    *,
    outside: bool,
    over: bool,
    self_blame: bool,
) -> NotAllowed | None:
    """The row of `not_allowed` that speaks of what this customer asks, by the share of its words that the case holds."""
    flags = {"outside_window": outside, "over_limit": over, "self_blame": self_blame}
    named = [
        *reading.requests,
        *([reading.return_reason] if reading.return_reason else []),
        *(k for k, on in flags.items() if on),
    ]
    asked = {stem for name in named for word in cues.asks.get(name, ()) for stem in stems(word)}
    if not named and not cues.find("puts_to_us", complaint.text):
        return None
    facts = " ".join(str(v) for v in complaint.facts.values())
    bag = stems(f"{complaint.text} {complaint.subject or ''} {complaint.order.item or ''} {facts}") | asked
    scored = [(len(stems(row.what) & bag) / (len(stems(row.what)) or 1), i) for i, row in enumerate(policy.not_allowed)]
    best = max(scored, key=lambda s: (s[0], -s[1]), default=(0.0, 0))
    if best[0] >= (REFUSED_SHARE if named else UNNAMED_SHARE):
        return policy.not_allowed[best[1]]
    if outside:
        return NotAllowed(what=f"a return after {policy.returns.window}")
    return None


def _route(reading: Classification, rows: tuple[EscalationRoute, ...]) -> EscalationRoute | None:
    labels = {
        reading.stakes,
        reading.tone,
        reading.cause,
        *reading.threats,
        *reading.requests,
        *(i.kind for i in reading.issues),
    }
    return next((row for row in rows if labels & set(row.when)), None)
