"""What an endpoint sent, read with suspicion: an `Answer`, or an `AnswerError` that says what was wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from replykit.errors import AnswerError
from replykit.partial import storable
from replykit.types import Answer, Call, Usage

MAX_BYTES = 2_000_000
"""The most that is read of one answer. A reply of 1,200 tokens is about 5 kB, so this is only ever a fault."""

CHARACTERS_PER_TOKEN = 12
"""More than any tokenizer puts into one token of prose, so that a longer text was not limited by `max_tokens`."""

THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>\s*", re.DOTALL)
"""What local reasoning models write in front of their answer when their server does not take it off."""


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def usage_of(envelope: dict[str, Any]) -> Usage:
    """The tokens that an endpoint reports, in the forms of OpenAI and DeepSeek; what is not a number counts as 0."""
    told = envelope.get("usage")
    if not isinstance(told, dict):
        return Usage()
    details = told.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else told.get("prompt_cache_hit_tokens")
    prompt = _count(told.get("prompt_tokens"))
    return Usage(
        prompt_tokens=prompt,
        cached_tokens=min(_count(cached), prompt),
        completion_tokens=_count(told.get("completion_tokens")),
    )


def parse(content: bytes) -> dict[str, Any]:
    """The JSON object of an answer.

    Raises:
        AnswerError: It is empty, not JSON, or not an object.
    """
    if not content.strip():
        raise AnswerError("the endpoint sent an empty answer")
    try:
        envelope = json.loads(content)
    except (ValueError, RecursionError):
        raise AnswerError("the endpoint sent something that is not JSON; is the base URL that of an API?") from None
    if not isinstance(envelope, dict):
        raise AnswerError("the endpoint sent JSON of another form than a chat completion")
    return envelope


def answer_of(envelope: dict[str, Any], call: Call) -> Answer:
    """The answer in a chat completion.

    Raises:
        AnswerError: There is none: an error, no choices, a refusal, a filter, no text, or far too much of it.
    """
    if envelope.get("error"):
        raise AnswerError("the endpoint reported an error instead of an answer")
    choices = envelope.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict) or not isinstance(message := choice.get("message"), dict):
        raise AnswerError("the answer holds no choices")
    return finished(
        call,
        text=_text(message.get("content")),
        refusal=message.get("refusal"),
        finish=choice.get("finish_reason"),
        model=envelope.get("model"),
        usage=usage_of(envelope),
    )


def finished(call: Call, *, text: str, refusal: object, finish: object, model: object, usage: Usage) -> Answer:
    """An answer whose parts have been gathered, once they have passed every check.

    Raises:
        AnswerError: It is a refusal, was filtered, is empty, or is far longer than what was asked for.
    """
    if refusal and not text.strip():
        raise AnswerError("the model refused to answer")
    if finish == "content_filter":
        raise AnswerError("a content filter stopped the answer")
    text = THOUGHTS.sub("", storable(text)).strip()
    if not text:
        raise AnswerError(
            "the limit of tokens was reached before any text" if finish == "length" else "the answer holds no text"
        )
    too_much(len(text), call)
    return Answer(text=text, model=storable(str(model or "")), finish=str(finish or "stop"), usage=usage)


def too_much(size: int, call: Call) -> None:
    """Refuses a text that is far longer than what was asked for, so that nobody downstream works through it.

    Raises:
        AnswerError: It is.
    """
    if size > CHARACTERS_PER_TOKEN * call.max_tokens + 2000:
        raise AnswerError(f"the answer is {size:,} characters long, far more than was asked for")


def _text(content: object) -> str:
    """The text of a message, which some endpoints send in parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str))
    return ""


class EventReader:
    """Server-sent events put together: feed bytes, take pieces of text, ask for the whole at the end.

    An endpoint that ignores the wish for a stream and sends one JSON object is read as well.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._rest = b""
        self._whole = bytearray()
        self._events = False
        self._told: dict[str, Any] = {}
        self._all: list[str] = []
        self._fresh: list[str] = []
        self._done, self._size = False, 0
        self.usage = Usage()

    @property
    def silent(self) -> bool:
        """Whether no piece of text has come out so far."""
        return not self._all

    def begin(self, chunks: Iterator[bytes]) -> None:
        """Read until the first piece of text; what comes before it may still be asked for again."""
        for chunk in chunks:
            self.feed(chunk)
            if self._fresh:
                return

    async def abegin(self, chunks: AsyncIterator[bytes]) -> None:
        """The same for asynchronous calls."""
        async for chunk in chunks:
            self.feed(chunk)
            if self._fresh:
                return

    def pieces(self) -> list[str]:
        """The pieces of text since the last time."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def feed(self, chunk: bytes) -> None:
        """Take in some bytes.

        Raises:
            AnswerError: An event is not JSON, or reports an error.
        """
        if not self._events:
            self._whole += chunk
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                self._events = True
                self._event(line[5:].strip())

    def _event(self, payload: bytes) -> None:
        if payload == b"[DONE]":
            self._done = True
            return
        event = parse(payload)
        if event.get("error"):
            raise AnswerError("the endpoint reported an error in the middle of its answer")
        if event.get("usage"):
            self.usage = usage_of(event)
        choices = event.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        delta = choice.get("delta") if isinstance(choice, dict) else None
        found = {
            "model": event.get("model"),
            "finish": choice.get("finish_reason") if isinstance(choice, dict) else None,
            "refusal": delta.get("refusal") if isinstance(delta, dict) else None,
        }
        self._told |= {key: value for key, value in found.items() if value}
        if isinstance(delta, dict) and (piece := _text(delta.get("content"))):
            self._size += len(piece)
            too_much(self._size, self._call)
            self._all.append(piece)
            self._fresh.append(piece)

    def finish(self) -> Answer:
        """The whole answer.

        Raises:
            AnswerError: As for `finished`, and where the stream broke off before its end.
        """
        self.feed(b"\n")  # a last line without its line break
        if not self._events:
            envelope = parse(bytes(self._whole))
            self.usage = usage_of(envelope)
            return answer_of(envelope, self._call)
        if not self._done and "finish" not in self._told:
            raise AnswerError("the stream broke off before the answer was complete")
        told = {"refusal": None, "finish": None, "model": None} | self._told
        return finished(self._call, text="".join(self._all), usage=self.usage, **told)
