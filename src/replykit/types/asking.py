"""What is asked of a model, what it answers, what it costs."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Literal, TypeVar

from pydantic import ConfigDict, Field

from replykit.types.labels import Noun


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

    Example:
        >>> (Usage(prompt_tokens=900, calls=1) + Usage(prompt_tokens=300, calls=1)).prompt_tokens
        1200
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
