"""How one endpoint wants to be spoken to: what goes into a request, and what its refusals teach."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from replykit.library import Library
from replykit.types import Call, Message

Structure = Literal["json_schema", "json_object", "text"]

REASONING = re.compile(r"(?:^|/)(?:o\d|gpt-5(?!.*chat))")
"""Models that think before they write: they take no temperature, and their thoughts count as output tokens."""

THINKING_TOKENS = 4000
"""Room for the thoughts of a reasoning model beside the text that was asked for."""

STRUCTURE_WORDS = re.compile(
    r"response_format|json_schema|json_object|json mode|structured output|schema|grammar|guided"
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What is known about an endpoint. Every lesson gives up one thing, so that learning comes to an end.

    Attributes:
        structure: The strongest way to ask for JSON that the endpoint has not refused.
        limit: The name under which it takes the limit of output tokens; empty where it takes none.
        reasoning: Whether the model thinks before it writes.
        refused: Optional parameters that it will not take.
    """

    structure: Structure = "json_schema"
    limit: str = "max_tokens"
    reasoning: bool = False
    refused: frozenset[str] = frozenset()

    @classmethod
    def of(cls, model: str) -> Dialect:
        """The dialect to begin with, guessed from the model's name."""
        return cls(limit="max_completion_tokens", reasoning=True) if REASONING.search(model) else cls()

    def tokens(self, call: Call) -> int:
        """The output tokens to allow for a call."""
        return call.max_tokens + (THINKING_TOKENS if self.reasoning else 0)

    def body(
        self, model: str, call: Call, library: Library, *, temperature: float | None, stream: bool
    ) -> dict[str, Any]:
        """The request for one call."""
        body: dict[str, Any] = {"model": model, "messages": self._messages(call, library)}
        if self.limit:
            body[self.limit] = self.tokens(call)
        if temperature is not None and not self.reasoning and "temperature" not in self.refused:
            body["temperature"] = temperature
        if self.reasoning and "reasoning_effort" not in self.refused:
            body["reasoning_effort"] = "low"
        if self.structure != "text":
            body["response_format"] = self._response_format(call)
        if stream:
            body["stream"] = True
            if "stream_options" not in self.refused:
                body["stream_options"] = {"include_usage": True}
        return body

    def learn(self, said: str) -> Dialect | None:
        """What a refused request teaches, or None when there is nothing (left) to learn from it.

        Args:
            said: What the endpoint said in small letters, the name of the parameter included.
        """
        if self.limit and self.limit in said and "too large" not in said:
            return self._other_limit()
        for optional in ("temperature", "reasoning_effort", "stream_options"):
            if optional in said and optional not in self.refused:
                return replace(self, refused=self.refused | {optional})
        if self.structure != "text" and STRUCTURE_WORDS.search(said):
            return replace(self, structure="json_object" if self.structure == "json_schema" else "text")
        if "system" in said and "role" in said and "system" not in self.refused:
            return replace(self, refused=self.refused | {"system"})
        return None

    def _other_limit(self) -> Dialect:
        """The other spelling of the limit, or none at all once both were refused."""
        refused = self.refused | {self.limit}
        other = "max_completion_tokens" if self.limit == "max_tokens" else "max_tokens"
        limit = "" if other in refused else other
        # only models that think refuse the older spelling, and a deployment's name need not tell
        return replace(self, limit=limit, reasoning=self.reasoning or limit == "max_completion_tokens", refused=refused)

    @staticmethod
    def _name(call: Call) -> str:
        return re.sub(r"\W", "_", call.purpose)

    def _response_format(self, call: Call) -> dict[str, Any]:
        if self.structure == "json_object":
            return {"type": "json_object"}
        return {
            "type": "json_schema",
            "json_schema": {"name": self._name(call), "strict": True, "schema": call.schema_},
        }

    def _messages(self, call: Call, library: Library) -> list[dict[str, str]]:
        messages = list(call.messages)
        if self.structure != "json_schema":
            schema = json.dumps(call.schema_, ensure_ascii=False, separators=(",", ":"))
            messages = _with_note(messages, library.render("answer_format.md.j2", "Schema", schema=schema))
        if "system" in self.refused:
            messages = _without_system(messages)
        return [{"role": m.role, "content": m.content} for m in messages]


def _with_note(messages: list[Message], note: str) -> list[Message]:
    """The note at the end of the system message, so that what is stable stays in front for prefix caches."""
    if messages and messages[0].role == "system":
        return [Message(role="system", content=f"{messages[0].content}\n\n{note}"), *messages[1:]]
    return [Message(role="system", content=note), *messages]


def _without_system(messages: list[Message]) -> list[Message]:
    """The system message put in front of the first message of the user, for templates that know no system role."""
    if len(messages) < 2 or messages[0].role != "system":
        return [m if m.role != "system" else Message(role="user", content=m.content) for m in messages]
    first = Message(role="user", content=f"{messages[0].content}\n\n{messages[1].content}")
    return [first, *messages[2:]]
