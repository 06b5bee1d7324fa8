"""The words that labels may be, and the frozen record that every noun is."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Cause = Literal["product", "miscommunication", "emotional", "none"]
Tone = Literal["calm", "frustrated", "angry", "abusive"]
Stakes = Literal["low", "medium", "high"]
Request = Literal[
    "refund",
    "replacement",
    "repair",
    "fix",
    "compensation",
    "cancellation",
    "information",
    "apology",
    "escalation",
    "contact",
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

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002  # notebooks pass them
        # How a notebook shows it. The room that draws lies above this one; it is opened when a notebook asks, so that
        # a noun shows itself wherever it comes from, and costs nothing where nobody looks.
        notebook = importlib.import_module("replykit.display.notebook")
        html = notebook.as_html(self)
        return {"text/plain": notebook.as_text(self)} | ({"text/html": html} if html else {})

    def _repr_html_(self) -> str | None:
        html: str | None = importlib.import_module("replykit.display.notebook").as_html(self)
        return html
