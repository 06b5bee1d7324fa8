"""What a flow works with: the library and everything read from it once, for one kit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from replykit.check import Context
from replykit.guard import Guard
from replykit.library import Library
from replykit.mask import Mask, Masker
from replykit.plan import Case, Cues
from replykit.rules import RuleSet
from replykit.types import Classification, Complaint, Plan, Policy, Report, Scope
from replykit.write import Wording

ONE_LINE = 110
Read = Callable[[Complaint], Classification]
Check = Callable[[str, Context], Report]


@dataclass(frozen=True)
class Rooms:
    """Everything a draft needs besides the complaint. `asks` is False where there is no model.

    `ask_below` is the calibrated confidence under which the model is asked to read the complaint too.
    """

    library: Library
    policy: Policy
    rules: RuleSet
    cues: Cues
    wording: Wording
    read: Read
    check: Check
    masker: Masker
    guard: Guard
    detect: Callable[[str], str]
    asks: bool = False
    ask_below: float = 0.6
    version: str = ""

    @cached_property
    def banned(self) -> list[str]:
        """One flagged sentence for each category of rules that block: the model is warned of what it is judged by."""
        found: dict[str, str] = {}
        for rule in self.rules.values():
            if rule.level == "block" and rule.category not in found:
                short = (e.text for e in rule.examples("flag") if e.scope == "fragment" and len(e.text) < ONE_LINE)
                found.update({rule.category: " ".join(sentence.split()) for sentence in islice(short, 1)})  # noqa: B035  # the key is fixed, at most one sentence comes
        return list(found.values())

    def mask(self, complaint: Complaint) -> Mask:
        """A mask for one case: what the business itself gives stays readable, what the customer gave away does not."""
        return self.masker.mask(
            keep=tuple(filter(None, (complaint.order.id, complaint.agent.contact, *_own_contacts(self.policy))))
        )


def own_words(library: Library) -> Iterator[str]:
    """Our own wording: what the strategies say and ask for, and what is said of each kind of issue."""
    for strategy in library.strategies.values():
        yield strategy.instruction
        yield from (wording for variants in strategy.offline.values() for wording in variants)
    for name in library.files("issues", ".yaml"):
        yield library.text(name)


def _own_contacts(policy: Policy) -> tuple[str | None, ...]:
    routes = (route.contact for route in policy.escalation)
    return (policy.agent.contact, *routes, *policy.boundary.channels_left_open, *policy.returns.steps)


def context_of(case: Case, plan: Plan, scope: Scope = "reply", *, name: str = "") -> Context:
    """What a reply to this case may say and promise, as the check wants to know it."""
    complaint = case.complaint
    earlier = (entry.text for entry in complaint.history if entry.by == "customer")
    order = complaint.order
    own = (
        str(v)
        for v in (order.id, order.item, order.amount, order.purchased_on, order.promised_on, order.delivered_on)
        if v is not None
    )
    vouched = (f"{key}: {value}" for key, value in complaint.facts.items())
    said = (entry.text for entry in complaint.history if entry.by == "agent")
    people = filter(
        None,
        (
            complaint.agent.name,
            complaint.agent.contact,
            case.policy.agent.name,
            case.policy.agent.contact,
            case.policy.company,
        ),
    )
    return Context(
        customer_message=complaint.text,
        offers=(),
        deadlines=(),
        scope=scope if plan.kind in ("reply", "escalation") and not case.situation.public else "fragment",
        facts=(*vouched, *own, *said, *earlier, *people, complaint.subject or ""),
        clauses=plan.clauses,
        language=case.reading.language,
        customer_name=name or None,
        jargon=case.policy.jargon,
        issues=(),  # the plan answers each issue by construction, and `covers` looks at what a model made of it
    )
