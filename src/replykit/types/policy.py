"""What a business grants: remedies, limits, times, people, and what it refuses."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field, field_validator

from replykit.types.incoming import Agent
from replykit.types.labels import IssueKind, Noun, ReturnReason


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
