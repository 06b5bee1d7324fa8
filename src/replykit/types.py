"""The nouns that rooms pass to one another: frozen, strict about their keys, and at home in JSON."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from replykit.errors import FindingsError

Cause = Literal["product", "miscommunication", "emotional", "none"]
Tone = Literal["calm", "frustrated", "angry", "abusive"]
Stakes = Literal["low", "medium", "high"]
Request = Literal[
    "refund", "replacement", "repair", "fix", "compensation", "cancellation", "information", "apology", "escalation", "contact"
]
Threat = Literal["legal", "regulator", "media", "churn", "violence"]
ReturnReason = Literal["defect", "damage", "wrong_item", "size", "not_as_described", "change_of_mind"]
IssueKind = Literal[
    "defective", "damaged", "wrong_item", "missing_item", "late", "not_delivered", "quality", "not_as_described",
    "sizing", "change_of_mind", "outage", "account_access", "billing", "refund_delay", "cancellation", "price",
    "misinformation", "no_response", "wait", "staff_conduct", "policy", "safety", "privacy", "hygiene", "usability", "other",
]  # fmt: skip
Channel = Literal["email", "chat", "phone", "social", "in_person"]
Kind = Literal["reply", "boundary", "closing", "escalation", "follow_up", "not_a_complaint"]
Paragraph = Literal["opening", "stance", "matter", "way_forward", "issues", "steps", "boundary", "closing"]
Level = Literal["block", "warn"]
Scope = Literal["fragment", "reply"]
Category = Literal[
    "refusal", "blame-customer", "blame-shift", "argue", "dismissive", "over-promise", "ungrounded", "apology",
    "missing", "jargon", "policy-hiding", "robotic", "placeholder", "abusive-language", "intimidation", "sarcasm",
    "shouting", "false-empathy", "demanding", "over-familiar", "liability", "data-safety", "boundary", "escalation",
    "house",
]  # fmt: skip
FactValue = str | int | float | bool | dt.date


class Noun(BaseModel):
    """A value: it cannot change, and a key that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002
        # How a notebook shows it. The room that draws lies above this one; it is opened when a notebook asks, so that
        # a noun shows itself wherever it comes from, and costs nothing where nobody looks.
        notebook = importlib.import_module("replykit.display.notebook")
        html = notebook.as_html(self)
        return {"text/plain": notebook.as_text(self)} | ({"text/html": html} if html else {})

    def _repr_html_(self) -> str | None:
        html: str | None = importlib.import_module("replykit.display.notebook").as_html(self)
        return html


# ---------------------------------------------------------------- what comes in


class Customer(Noun):
    """Who wrote."""

    name: str | None = None
    tier: str | None = None


class Order(Noun):
    """What the complaint is about, as the shop's own system knows it."""

    id: str | None = None
    item: str | None = None
    amount: float | None = None
    currency: str | None = None
    purchased_on: dt.date | None = None
    promised_on: dt.date | None = None
    delivered_on: dt.date | None = None


class Contact(Noun):
    """One earlier message of the thread."""

    on: dt.date | None = None
    by: Literal["customer", "agent"]
    agent: str | None = None
    text: str = ""
    outcome: str | None = None


class Agent(Noun):
    """Who will sign the reply."""

    name: str | None = None
    role: str | None = None
    contact: str | None = None


class Complaint(Noun):
    """A message from a customer, with whatever the business knows around it; only `text` is required.

    `history` is oldest first. `facts` holds free key and value pairs that the business vouches for and the reply may
    state; `data/SCENARIOS`-style keys such as `in_stock`, `resolved`, `ongoing` steer the plan.

    Example:
        >>> Complaint(text="My kettle broke.", channel="chat").channel
        'chat'
    """

    text: str
    subject: str | None = None
    channel: Channel = "email"
    received_at: dt.datetime | None = None
    customer: Customer = Customer()
    order: Order = Order()
    history: tuple[Contact, ...] = ()
    agent: Agent = Agent()
    facts: dict[str, FactValue] = Field(default_factory=dict)


# ---------------------------------------------------------------- what it was read as


class Span(Noun):
    """A passage of a text and what it shows: `text[start:end] == quote`, always."""

    kind: str
    quote: str
    start: int
    end: int


class Issue(Span):
    """One distinct problem, with the shortest passage that shows it."""

    kind: IssueKind


class Evidence(Span):
    """Why a label was given: `field` and `kind` are the label (`tone`, `angry`), the passage speaks for it."""

    field: str


class Classification(Noun):
    """How a complaint was read. Spans index the complaint's `text`.

    `mentions` are the facts a reply may repeat: kinds `item`, `order_id`, `amount`, `date`, `duration`, `contacts`,
    `person`, `channel`, `promise`. `confidence` is the calibrated probability that `cause` is right; `probabilities`
    holds the distribution per single-valued field. `source` says who read it: `local`, or `model` where one was asked.
    """

    cause: Cause
    secondary: tuple[Cause, ...] = ()
    tone: Tone = "calm"
    stakes: Stakes = "low"
    requests: tuple[Request, ...] = ()
    issues: tuple[Issue, ...] = ()
    repeat_contact: bool = False
    threats: tuple[Threat, ...] = ()
    return_reason: ReturnReason | None = None
    feelings: tuple[str, ...] = ()
    language: str = "en"
    confidence: float = 0.0
    probabilities: dict[str, dict[str, float]] = Field(default_factory=dict)
    mentions: tuple[Span, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    source: Literal["local", "model"] = "local"


# ---------------------------------------------------------------- what the business grants


class Remedy(Noun):
    """One way to put things right. `say` ends a sentence that begins with "we can"."""

    id: str
    name: str = ""
    say: str
    for_: tuple[IssueKind, ...] = Field(default=(), alias="for")
    limit: str | None = None
    within: str | None = None
    when: tuple[str, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Alternative(Noun):
    """Another route where the straight remedy is not to be had; `say` as for `Remedy`."""

    say: str
    for_: tuple[IssueKind, ...] = Field(default=(), alias="for")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Goodwill(Noun):
    """The one gesture the business may add after a remedy; `say` as for `Remedy`."""

    say: str
    for_: tuple[IssueKind, ...] = Field(default=(), alias="for")
    limit: str | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class ResponseTimes(Noun):
    """Times in words, ready to be said."""

    first_answer: str | None = None
    update: str | None = None
    resolution: str | None = None


class EscalationRoute(Noun):
    """Who takes over. One match of `when` with any label of the complaint is enough."""

    when: tuple[str, ...]
    name: str | None = None
    role: str | None = None
    contact: str | None = None
    within: str | None = None


class Returns(Noun):
    """How something comes back: the window in words, the customer's steps, the return reasons it covers."""

    window: str | None = None
    steps: tuple[str, ...] = ()
    for_: tuple[ReturnReason, ...] = Field(default=(), alias="for")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class NotAllowed(Noun):
    """A request that the policy refuses, and what it offers instead."""

    what: str
    instead: str | None = None


class Crisis(Noun):
    """What was agreed beforehand for high stakes. `steps` are for the agent, `say` may be said to the customer."""

    speaker: str | None = None
    update_every: str | None = None
    say: str | None = None
    steps: tuple[str, ...] = ()


class Boundary(Noun):
    """How many boundaries are set before an exchange is closed, and which ways back stay open."""

    warnings: int = 1
    channels_left_open: tuple[str, ...] = ()


class FollowUp(Noun):
    """How many days after a resolution the business asks whether it held."""

    after_days: int = 7


class Policy(Noun):
    """What a business grants. Every key is optional; a kit lays what is set over the embedded default.

    Example:
        >>> Policy(company="Fern & Oak").company
        'Fern & Oak'
    """

    company: str | None = None
    agent: Agent = Agent()
    sign_off: str | None = None
    tone: str | None = None
    remedies: tuple[Remedy, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    goodwill: Goodwill | None = None
    response_times: ResponseTimes = ResponseTimes()
    escalation: tuple[EscalationRoute, ...] = ()
    returns: Returns = Returns()
    not_allowed: tuple[NotAllowed, ...] = ()
    departments: dict[IssueKind, str] = Field(default_factory=dict)
    crisis: Crisis = Crisis()
    boundary: Boundary = Boundary()
    follow_up: FollowUp = FollowUp()
    rules_off: tuple[str, ...] = ()
    jargon: tuple[str, ...] = ()

    @field_validator("agent", mode="before")
    @classmethod
    def _agent_may_be_a_name(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value

    def over(self, default: Policy) -> Policy:
        """This policy with `default` showing through wherever a key was not set.

        The three nested records of times, crisis and boundary are merged key by key, as a person who changes one
        time means that time only.
        """
        merged: dict[str, Any] = {}
        for name in self.model_fields_set:
            mine, theirs = getattr(self, name), getattr(default, name)
            if isinstance(mine, ResponseTimes | Crisis | Boundary | Agent):
                mine = theirs.model_copy(update={k: getattr(mine, k) for k in mine.model_fields_set})
            merged[name] = mine
        return default.model_copy(update=merged)


# ---------------------------------------------------------------- what will be said, and why


class Source(Noun):
    """Where an idea comes from: the article's number and the heading or tip in it."""

    article: str
    heading: str


class Strategy(Noun):
    """One strategy file, checked.

    `when` and `unless` are alternatives of conditions over the situation (any of the rows, all keys of a row);
    `excludes` names the strategies that this one displaces when its `priority` is at least theirs. `satisfies` names the
    rules on missing things that this move answers for.
    """

    id: str
    title: str
    sources: tuple[Source, ...]
    order: int
    kinds: tuple[Kind, ...]
    when: tuple[dict[str, Any], ...] = ()
    unless: tuple[dict[str, Any], ...] = ()
    excludes: tuple[str, ...] = ()
    priority: int = 50
    paragraph: Paragraph = "way_forward"
    needs: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    satisfies: tuple[str, ...] = ()
    condition: str
    instruction: str
    offline: dict[str, tuple[str, ...]]
    why: str


class Considered(Noun):
    """One strategy that the plan looked at: kept or dropped, why, and which words of the complaint decided."""

    strategy: str
    kept: bool
    reason: str
    evidence: tuple[str, ...] = ()


class Clause(Noun):
    """Something the reply may commit to: `id` says where it is granted, `text` is what, `within` is by when."""

    id: str
    text: str
    within: str | None = None
    limit: str | None = None


class Plan(Noun):
    """Which moves the reply makes, in order, and what it may promise."""

    kind: Kind
    moves: tuple[str, ...]
    considered: tuple[Considered, ...]
    clauses: tuple[Clause, ...] = ()
    notes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    situation: dict[str, Any] = Field(default_factory=dict)


class Move(Noun):
    """One part of a reply, traceable to a strategy, its sources and the words of the complaint it answers."""

    strategy: str
    text: str
    sources: tuple[Source, ...]
    evidence: tuple[str, ...] = ()
    written_by: Literal["offline", "model", "repair"] = "offline"
    reason: str = ""


# ---------------------------------------------------------------- what is asked of a model


class Message(Noun):
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


class Call(Noun):
    """One question for a model. `schema` is the JSON schema that the answer must fit."""

    purpose: Literal["classify", "draft", "repair", "judge"]
    messages: tuple[Message, ...]
    schema_: dict[str, Any] = Field(alias="schema")
    max_tokens: int = 1200

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Usage(Noun):
    """What something cost: tokens, calls, retries, seconds. Adds up with `+`.

    `cost` is in US dollars and `None` where no price is known for the model.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    calls: int = 0
    retries: int = 0
    seconds: float = 0.0
    cost: float | None = None

    def __add__(self, other: Usage) -> Usage:
        cost = None if self.cost is None and other.cost is None else (self.cost or 0.0) + (other.cost or 0.0)
        sums = {k: getattr(self, k) + getattr(other, k) for k in type(self).model_fields if k != "cost"}
        return Usage(**sums, cost=cost)


class Answer(Noun):
    """What a model said to a call, with what it cost. `finish` is the endpoint's own word (`stop`, `length`, …)."""

    text: str
    model: str = ""
    finish: str = "stop"
    usage: Usage = Usage()


T = TypeVar("T")
Flow = Generator[Call, Answer, T]
"""A stage that asks: it yields calls, is sent answers (or has a `ModelError` thrown in), and returns its result."""


class Attempt(Noun):
    """One question that was put to a model and what became of it; everything secret in it is masked."""

    purpose: str
    messages: tuple[Message, ...]
    answer: str | None = None
    error: str | None = None
    usage: Usage = Usage()


# ---------------------------------------------------------------- what was found in a text


class Finding(Noun):
    """Something wrong in a text. Offsets index the text that the caller passed: `text[start:end] == quote`.

    `instead` holds rewrites, best first; `fix` is the replacement for exactly this span where one is licensed, else
    None. `probability` is 1.0 for deterministic rules and the model's own estimate for the statistical tier.
    """

    rule: str
    category: Category
    level: Level
    start: int
    end: int
    quote: str
    message: str
    why: str
    instead: tuple[str, ...] = ()
    source: str = ""
    fix: str | None = None
    probability: float = 1.0


class Commitment(Noun):
    """Something a text commits to. `clause` is the id of what licenses it; None means nothing does."""

    kind: Literal["remedy", "amount", "share", "deadline", "date", "contact", "action"]
    quote: str
    start: int
    end: int
    value: str
    clause: str | None = None
    licence: str | None = None


class Report(Noun):
    """The findings of one check: `len(report)`, `for finding in report`, `report.ok`."""

    findings: tuple[Finding, ...] = ()
    commitments: tuple[Commitment, ...] = ()

    def __len__(self) -> int:
        return len(self.findings)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Finding]:  # type: ignore[override]  # a report is its findings, not its fields
        return iter(self.findings)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that must not leave the house."""
        return tuple(f for f in self.findings if f.level == "block")

    @property
    def ok(self) -> bool:
        """True when nothing blocks."""
        return not self.blocking

    def raise_for_findings(self) -> Report:
        """Return the report, or raise `FindingsError` when something blocks."""
        if self.blocking:
            raise FindingsError(self.blocking)
        return self


# ---------------------------------------------------------------- what comes out


class Draft(Noun):
    """A checked reply with the reason for every sentence.

    `status` is `ready` or `needs_review`, with `reasons`. `notes` are for the agent, never for the customer.
    `version` names replykit and the wording it used, so that a stored draft can be explained later.
    """

    text: str
    subject: str | None = None
    moves: tuple[Move, ...]
    classification: Classification
    plan: Plan
    findings: tuple[Finding, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    notes: dict[str, str] = Field(default_factory=dict)
    status: Literal["ready", "needs_review"] = "ready"
    reasons: tuple[str, ...] = ()
    confidence: float = 0.0
    usage: Usage = Usage()
    attempts: tuple[Attempt, ...] = ()
    version: str = ""

    def raise_for_findings(self) -> Draft:
        """Return the draft, or raise `FindingsError` when something in it blocks."""
        Report(findings=self.findings).raise_for_findings()
        return self


class MoveReview(Noun):
    """Whether a person's reply makes a move, and with which passage of it."""

    strategy: str
    present: bool
    quote: str = ""
    start: int = 0
    end: int = 0
    advice: str = ""


class Review(Noun):
    """What a person wrote, scored against the plan and the rules. `score` runs from 0 to 1."""

    score: float
    moves: tuple[MoveReview, ...]
    findings: tuple[Finding, ...] = ()
    advice: tuple[str, ...] = ()


Labels = Mapping[str, Any]
