"""What a draft went through, for those who run services: spans for OpenTelemetry, or one structured log record.

Names and attributes follow the semantic conventions for generative AI, as they were in version 1.41 (all of them are
still in development there): <https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/>. No customer's words are
in any of it unless they are asked for; what is asked for is masked as it was for the model.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Generator, Iterable
from typing import Any, Protocol, TypeVar

from replykit.errors import InputError, ModelError
from replykit.types import Answer, Call, Draft, Flow, Message, Usage

T = TypeVar("T")

MISSING = "OpenTelemetry is not installed: pip install 'replykit[otel]'"
SCOPE = "replykit"


class Trace:
    """One draft as it is watched; this one looks away. Stages follow one another: a new one ends the one before."""

    def stage(self, name: str) -> None:
        """A stage begins: `classify`, `plan`, `write`, `check`, `repair`."""

    def asked(self, call: Call) -> None:
        """A question goes out to the model."""

    def answered(self, answer: Answer | ModelError) -> None:
        """Its answer, or how it failed."""

    def finish(self, result: object) -> None:
        """The draft is there."""

    def fail(self, error: BaseException) -> None:
        """There will be none: an error, or nobody waits for it any more."""


SILENT = Trace()
logging.getLogger(SCOPE).addHandler(logging.NullHandler())  # a library says nothing where nobody listens


class Telemetry(Protocol):
    """What watches the drafts of a kit."""

    def begin(self, model: Any) -> Trace:
        """A trace for one draft, whose questions go to this model (None where there is none)."""
        ...


def followed(flow: Flow[T], trace: Trace) -> Generator[Call, Answer, T]:
    """The same flow; its trace learns how it ended, whatever ends it."""
    try:
        result = yield from flow
    except BaseException as error:
        trace.fail(error)
        raise
    trace.finish(result)
    return result


# ---------------------------------------------------------------- in the log


class Logged:
    """One record for each draft in the standard log, under the name `replykit`: INFO, or WARNING where there is none.

    The record's message is a sentence; its attribute `replykit` is a dict for formatters that write JSON. Neither holds
    what a customer, an agent or a model wrote. This is what a kit does where nothing else is said.

    Example:
        >>> import logging
        >>> logging.getLogger("replykit").setLevel(logging.INFO)
    """

    def __init__(self, logger: logging.Logger | None = None) -> None:
        self._logger = logger or logging.getLogger(SCOPE)

    def begin(self, model: Any) -> Trace:
        """A trace that writes its record when the draft is there; nothing is gathered where nobody would read it."""
        return _LogTrace(self._logger, _name_of(model)) if self._logger.isEnabledFor(logging.WARNING) else SILENT


class _LogTrace(Trace):
    def __init__(self, logger: logging.Logger, model: str) -> None:
        self._logger, self._model = logger, model
        self._began = self._since = time.monotonic()
        self._stage, self._seconds = "", dict[str, float]()

    def stage(self, name: str) -> None:
        now = time.monotonic()
        if self._stage:
            self._seconds[self._stage] = round(self._seconds.get(self._stage, 0.0) + now - self._since, 6)
        self._stage, self._since = name, now

    def finish(self, result: object) -> None:
        self.stage("")
        facts = facts_of(result) if isinstance(result, Draft) else {}
        words = f"draft {facts.get('status', 'done')}: {facts.get('kind', '')}, {facts.get('calls', 0)} calls"
        self._write(logging.INFO, words, facts)

    def fail(self, error: BaseException) -> None:
        self.stage("")
        level = logging.INFO if isinstance(error, GeneratorExit) else logging.WARNING
        self._write(level, f"no draft: {type(error).__name__}", {"error": type(error).__name__})

    def _write(self, level: int, words: str, facts: dict[str, Any]) -> None:
        told = {"event": "draft", "model": self._model, "seconds": round(time.monotonic() - self._began, 6)}
        self._logger.log(level, words, extra={"replykit": {**told, "stages": self._seconds, **facts}})


def facts_of(draft: Draft) -> dict[str, Any]:
    """What may be said about a draft without saying what is in it: labels, counts, ids of strategies and rules."""
    usage = draft.usage
    return {
        "kind": draft.plan.kind,
        "cause": draft.classification.cause,
        "tone": draft.classification.tone,
        "stakes": draft.classification.stakes,
        "language": draft.classification.language,
        "status": draft.status,
        "confidence": draft.confidence,
        "moves": [move.strategy for move in draft.moves],
        "written_by": sorted({move.written_by for move in draft.moves}),
        "findings": [finding.rule for finding in draft.findings],
        "commitments": len(draft.commitments),
        "calls": usage.calls,
        "retries": usage.retries,
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "cost": usage.cost,
        "version": draft.version,
    }


# ---------------------------------------------------------------- as spans


class OpenTelemetry:
    """Spans for each draft, each of its stages and each question to a model.

    `replykit.draft` is the parent; `replykit.classify`, `.plan`, `.write`, `.check` and `.repair` lie in it, and the
    questions, as `chat MODEL`, in the stage that asked. Spans are made with explicit parents and attached to no
    context, so that drafts which take turns in one thread cannot get into each other's spans.

    Args:
        content: Whether the messages to and from the model are recorded too, masked as the model saw them.
        provider: `gen_ai.provider.name`: whose wire format the model speaks.
        tracer: An OpenTelemetry tracer; None takes the one of the global provider.

    Raises:
        InputError: The API is not installed; the message says how to get it.

    Example:
        >>> from replykit import ReplyKit
        >>> kit = ReplyKit(telemetry=OpenTelemetry())
    """

    def __init__(self, *, content: bool = False, provider: str = "openai", tracer: Any = None) -> None:
        try:
            from opentelemetry import trace
        except ImportError as error:
            raise InputError(MISSING) from error
        self._api = trace
        self._tracer = tracer or trace.get_tracer(SCOPE)
        self._content, self._provider = content, provider

    def begin(self, model: Any) -> Trace:
        """A trace whose spans begin now, below the span that is current here."""
        return _SpanTrace(self._api, self._tracer, _name_of(model), self._provider, content=self._content)


class _SpanTrace(Trace):
    def __init__(self, api: Any, tracer: Any, model: str, provider: str, *, content: bool) -> None:
        self._api, self._tracer, self._model, self._provider, self._content = api, tracer, model, provider, content
        self._draft = tracer.start_span("replykit.draft")
        self._stage: Any = None
        self._chat: Any = None

    def stage(self, name: str) -> None:
        self._end_stage()
        self._stage = self._span(f"replykit.{name}", self._draft)

    def asked(self, call: Call) -> None:
        self._chat = self._span(f"chat {self._model}", self._stage or self._draft, kind=self._api.SpanKind.CLIENT)
        self._chat.set_attributes(
            {
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": self._provider,
                "gen_ai.request.model": self._model,
                "gen_ai.request.max_tokens": call.max_tokens,
                "gen_ai.output.type": "json",
                "replykit.purpose": call.purpose,
            }
        )
        if self._content:
            system, others = (
                [m for m in call.messages if m.role == "system"],
                [m for m in call.messages if m.role != "system"],
            )
            self._chat.set_attribute("gen_ai.system_instructions", json.dumps([_part(m.content) for m in system]))
            self._chat.set_attribute("gen_ai.input.messages", _told(others))

    def answered(self, answer: Answer | ModelError) -> None:
        span, self._chat = self._chat, None
        if span is None:
            return
        if isinstance(answer, ModelError):
            self._spoil(span, answer)
            span.set_attributes(_usage(answer.usage or Usage()))
        else:
            span.set_attributes({"gen_ai.response.finish_reasons": [answer.finish], **_usage(answer.usage)})
            if answer.model:
                span.set_attribute("gen_ai.response.model", answer.model)
            if self._content:
                span.set_attribute("gen_ai.output.messages", _told([Message(role="assistant", content=answer.text)]))
        span.end()

    def finish(self, result: object) -> None:
        self._end_stage()
        if isinstance(result, Draft):
            facts = {key: value for key, value in facts_of(result).items() if value is not None}
            self._draft.set_attributes({f"replykit.{key}": value for key, value in facts.items()})
        self._draft.end()

    def fail(self, error: BaseException) -> None:
        for span in (self._chat, self._stage, self._draft):
            if span is not None:
                self._spoil(span, error)
                span.end()
        self._chat = self._stage = None

    def _span(self, name: str, parent: Any, **options: Any) -> Any:
        return self._tracer.start_span(name, context=self._api.set_span_in_context(parent), **options)

    def _end_stage(self) -> None:
        if self._stage is not None:
            self._stage.end()
            self._stage = None

    def _spoil(self, span: Any, error: BaseException) -> None:
        """The kind of error alone: its words could quote an endpoint that quotes the message."""
        span.set_attribute("error.type", type(error).__name__)
        span.set_status(self._api.Status(self._api.StatusCode.ERROR))


def _usage(usage: Usage) -> dict[str, int]:
    return {
        "gen_ai.usage.input_tokens": usage.prompt_tokens,
        "gen_ai.usage.cache_read.input_tokens": usage.cached_tokens,
        "gen_ai.usage.output_tokens": usage.completion_tokens,
        "replykit.retries": usage.retries,
    }


def _part(text: str) -> dict[str, str]:
    return {"type": "text", "content": text}


def _told(messages: Iterable[Message]) -> str:
    return json.dumps([{"role": m.role, "parts": [_part(m.content)]} for m in messages], ensure_ascii=False)


def _name_of(model: Any) -> str:
    return "" if model is None else str(getattr(model, "name", type(model).__name__))
