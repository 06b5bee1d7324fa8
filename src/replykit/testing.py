"""Models without a network, for tests of replykit and of what is built on it."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import Any

from replykit.errors import ModelError
from replykit.model import Deadline
from replykit.types import Answer, Call, Usage

Said = str | Mapping[str, Any] | Answer | ModelError
Scripted = Said | Callable[[Call], Said]

PIECE = 7
"""Characters in one piece of a streamed answer: short and odd, so that pieces end in the middle of things."""


class ScriptedModel:
    """Says what it was told to say, in order, and remembers what it was asked.

    Args:
        answers: What to say to the first call, the second, and so on: a text, a mapping (sent as JSON), an `Answer`, a
            `ModelError` to raise, or a function of the call that returns one of these.
        last: What to say once the answers are used up; None makes a further call a `ModelError`.
        name: The model's name.

    Attributes:
        calls: Every call so far, in order.

    Example:
        >>> model = ScriptedModel(["hello"])
        >>> model.complete(Call(purpose="draft", messages=(), schema={})).text
        'hello'
        >>> len(model.calls)
        1
    """

    def __init__(
        self, answers: Iterable[Scripted] = (), *, last: Scripted | None = None, name: str = "scripted"
    ) -> None:
        self.name = name
        self.calls: list[Call] = []
        self._answers, self._last = iter(tuple(answers)), last
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, calls={len(self.calls)})"

    def complete(self, call: Call, *, deadline: Deadline | None = None) -> Answer:  # noqa: ARG002  # never waits
        """The next answer of the script.

        Raises:
            ModelError: The script says so, or it is used up.
        """
        with self._lock:
            self.calls.append(call)
            said = next(self._answers, self._last)
        if said is None:
            raise ModelError(f"the script of {self.name!r} has no answer for call {len(self.calls)} ({call.purpose})")
        return self._answer(said(call) if callable(said) else said)

    async def acomplete(self, call: Call, *, deadline: Deadline | None = None) -> Answer:
        """The same as `complete`."""
        return self.complete(call, deadline=deadline)

    def stream(self, call: Call, *, deadline: Deadline | None = None) -> Iterator[str | Answer]:
        """The next answer of the script in short pieces, then the whole."""
        answer = self.complete(call, deadline=deadline)
        yield from (answer.text[i : i + PIECE] for i in range(0, len(answer.text), PIECE))
        yield answer

    async def astream(self, call: Call, *, deadline: Deadline | None = None) -> AsyncIterator[str | Answer]:
        """The same as `stream`."""
        for piece in self.stream(call, deadline=deadline):
            yield piece

    def _answer(self, said: Said) -> Answer:
        if isinstance(said, ModelError):
            raise said
        if isinstance(said, Answer):
            return said
        text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        return Answer(text=text, model=self.name, usage=Usage(calls=1))


class FailingModel(ScriptedModel):
    """Fails at every call.

    Args:
        error: What to raise each time.
    """

    def __init__(self, error: ModelError | None = None, *, name: str = "failing") -> None:
        super().__init__(last=error or ModelError("the model is down"), name=name)


class ObedientModel(ScriptedModel):
    """Writes the same thing into every text field that it is asked for: the worst that an attack could make of a model.

    Args:
        says: What to write: a text, or a function of the field's name and the call.
    """

    def __init__(self, says: str | Callable[[str, Call], str], *, name: str = "obedient") -> None:
        super().__init__(last=self._obey, name=name)
        self._says = says

    def _obey(self, call: Call) -> Said:
        return {key: self._field(key, inner, call) for key, inner in _properties(call.schema_).items()}

    def _field(self, name: str, schema: Mapping[str, Any], call: Call) -> Any:
        return example_of(schema, lambda: self._says if isinstance(self._says, str) else self._says(name, call))


def example_of(schema: Mapping[str, Any], write: Callable[[], str]) -> Any:
    """A value that fits a JSON schema, its free texts written by `write`."""
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], write)
    kind = schema.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {key: example_of(inner, write) for key, inner in _properties(schema).items()}
    plain = {"array": [], "integer": 0, "number": 0.5, "boolean": False, "null": None}
    return plain[kind] if kind in plain else write()


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = schema.get("properties", {})
    return found
