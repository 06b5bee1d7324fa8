"""One question put to a model from inside a flow, with its answer, its failure and its cost on record."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from replykit.errors import AnswerError, ModelError
from replykit.mask import Mask
from replykit.partial import object_of
from replykit.telemetry import SILENT, Trace
from replykit.types import Answer, Attempt, Call, Flow, Message, Usage


def nonce_of(text: str) -> str:
    """A marker that a text cannot contain, because it is made from the whole of the text itself.

    Sixty-four bits of BLAKE2b: to plant it, a writer would have to find a message that holds its own hash. Being made
    from the text and not by chance, it is the same tomorrow, so that answers can be cached.
    """
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass
class Log:
    """What was asked during one draft. `mask` keeps secrets out of both the questions and the record."""

    mask: Mask
    trace: Trace = SILENT
    attempts: list[Attempt] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def usage(self) -> Usage:
        """The sum over everything that was tried."""
        return sum((a.usage for a in self.attempts), Usage())


def question(purpose: str, system: str, user: str, schema: dict[str, Any], *, max_tokens: int) -> Call:
    """A call of two messages."""
    messages = (Message(role="system", content=system), Message(role="user", content=user))
    return Call.model_validate({"purpose": purpose, "messages": messages, "schema": schema, "max_tokens": max_tokens})


def put(call: Call, log: Log) -> Flow[dict[str, Any]]:
    """Ask, record, and return the JSON object that came back.

    Raises:
        ModelError: There was no answer, or it was no JSON object.
    """
    log.trace.asked(call)
    try:
        answer: Answer = yield call
    except ModelError as error:
        log.trace.answered(error)
        log.attempts.append(_attempt(call, error=str(error), usage=error.usage or Usage()))
        raise
    log.trace.answered(answer)
    found = object_of(answer.text)
    problem = None if found else f"the answer is not a JSON object (finish: {answer.finish})"
    log.attempts.append(_attempt(call, answer=log.mask.hide(answer.text), error=problem, usage=answer.usage))
    if problem:
        raise AnswerError(problem)
    return found


def _attempt(call: Call, *, answer: str | None = None, error: str | None = None, usage: Usage) -> Attempt:
    return Attempt(purpose=call.purpose, messages=call.messages, answer=answer, error=error, usage=usage)
