"""Complaints, readings and policies that tests put together into cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from replykit.library import Library
from replykit.plan import Case, Cues, decide, open_case
from replykit.rules import Reading
from replykit.types import Classification, Complaint, Evidence, Finding, Issue, Plan, Policy

LIBRARY = Library.load()
CUES = Cues.from_library(LIBRARY)


def issue(kind: str, quote: str, text: str) -> Issue:
    """An issue whose quote stands in the text."""
    start = text.index(quote)
    return Issue.model_validate({"kind": kind, "quote": quote, "start": start, "end": start + len(quote)})


def evidence(field: str, kind: str, quote: str, text: str) -> Evidence:
    """Evidence whose quote stands in the text."""
    start = text.index(quote)
    return Evidence(field=field, kind=kind, quote=quote, start=start, end=start + len(quote))


def reading(text: str, *issues: tuple[str, str], **labels: Any) -> Classification:
    """A classification with issues given as (kind, quote)."""
    found = tuple(issue(kind, quote, text) for kind, quote in issues)
    return Classification.model_validate({"cause": "product", "confidence": 0.9, "issues": found, **labels})


def case(
    text: str,
    *issues: tuple[str, str],
    policy: dict[str, Any] | None = None,
    around: dict[str, Any] | None = None,
    **labels: Any,
) -> Case:
    """A case read as told."""
    complaint = Complaint.model_validate({"text": text, **(around or {})})
    rules = Policy.model_validate(policy or {}).over(LIBRARY.policy)
    return open_case(complaint, reading(text, *issues, **labels), rules, CUES)


def plan(text: str, *issues: tuple[str, str], **given: Any) -> Plan:
    """The plan of a case read as told."""
    return decide(case(text, *issues, **given), LIBRARY.strategies)


@dataclass(frozen=True)
class SecondReader:
    """A second tier that suspects what it is told to, and is sure of every sentence or of none."""

    suspects: tuple[Finding, ...] = ()
    sure: bool = False

    def findings(self, _reading: Reading, _customer: str | None) -> tuple[Finding, ...]:
        """What it was told to suspect."""
        return self.suspects

    def clears(self, _reading: Reading, _start: int, _end: int) -> bool:
        """Whether it is sure that all is well."""
        return self.sure
