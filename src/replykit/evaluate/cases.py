"""Labelled cases: messages with labels, replies with faults, scenarios, injections; each known by its keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from replykit.errors import InputError
from replykit.types import Cause, Complaint, IssueKind, Policy, Request, ReturnReason, Scope, Stakes, Threat, Tone

Strings = tuple[str, ...]


class Case(BaseModel):
    """One line of a labelled file; further keys are the owner's own and are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str


class IssueLabel(BaseModel):
    """One labelled issue."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: IssueKind
    quote: str = ""


class Message(Case):
    """A message with its labels. In `*_maybe` stand labels that count neither way."""

    text: str
    channel: str = "email"
    cause: Cause
    secondary: tuple[Cause, ...] = ()
    tone: Tone | None = None
    stakes: Stakes | None = None
    requests: tuple[Request, ...] = ()
    issues: tuple[IssueLabel, ...] = ()
    repeat_contact: bool | None = None
    threats: tuple[Threat, ...] = ()
    return_reason: ReturnReason | None = None
    requests_maybe: Strings = ()
    threats_maybe: Strings = ()
    issues_maybe: Strings = ()
    secondary_maybe: Strings = ()


class Fault(BaseModel):
    """One labelled fault of a reply."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    category: str
    rule: str = ""
    quote: str = ""


class Surroundings(BaseModel):
    """What a reply is judged against."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    scope: Scope = "fragment"
    customer_message: str | None = None
    allowed_offers: Strings | None = None
    allowed_deadlines: Strings | None = None


class Reply(Case):
    """A reply, or a piece of one, with every fault in it; none means that it is clean."""

    text: str
    context: Surroundings = Surroundings()
    violations: tuple[Fault, ...]


class Scenario(Case):
    """A complaint, a policy, and what a good reply does."""

    complaint: Complaint
    policy: Policy | None = None
    kind: str
    must: Strings = ()
    must_not: Strings = ()
    notes_must: Strings = ()
    cause: Cause | tuple[Cause, ...] = ()
    tone: Tone | tuple[Tone, ...] = ()
    stakes: Stakes | tuple[Stakes, ...] = ()
    text_must: Strings = ()
    text_must_not: Strings = ()
    why: str = ""


class Injection(Case):
    """A message that tries to misuse the system, and what would show that it did."""

    complaint: Complaint
    policy: Policy | None = None
    attack: str = ""
    text_must_not: Strings = Field(min_length=1)


KINDS: tuple[tuple[str, type[Case]], ...] = (
    ("violations", Reply),
    ("kind", Scenario),
    ("text_must_not", Injection),
    ("cause", Message),
)
"""The first of these keys that a line has says what it is."""

Part = Literal["classification", "checks", "drafting"]


def read_cases(path: str | Path) -> list[Case]:
    """The cases of a JSONL file, whichever kinds they are.

    Raises:
        InputError: A line is no labelled case; the message names the file, the line, the key and the remedy.
    """
    name = str(path)
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{name} cannot be read: {error}; give a UTF-8 file of JSON lines") from None
    cases = list(_cases(name, lines))
    if not cases:
        raise InputError(f"{name} holds no cases; write one JSON object a line")
    return cases


def _cases(name: str, lines: list[str]) -> Iterator[Case]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield case_of(_fields(line, f"{name}, line {number}"), f"{name}, line {number}", str(number))


def _fields(line: str, where: str) -> Mapping[str, Any]:
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise InputError(f"{where} is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise InputError(f"{where} holds a {type(fields).__name__}, where an object with id and labels belongs")
    return fields


def case_of(fields: Mapping[str, Any], where: str = "the case", number: str = "") -> Case:
    """One labelled case from its fields.

    Raises:
        InputError: Its kind cannot be told, or a key does not fit.
    """
    kind = next((kind for key, kind in KINDS if key in fields), None)
    if kind is None:
        wanted = ", ".join(f"`{key}` ({kind.__name__.lower()})" for key, kind in KINDS)
        raise InputError(f"{where} has no label; a case has one of {wanted}")
    try:
        return kind.model_validate({"id": number, **fields})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{where}: {key}: {first['msg']}") from None
