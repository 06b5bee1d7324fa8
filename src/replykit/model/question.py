"""One call on its way, with what it has used so far."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from replykit.errors import AnswerError, DeadlineError, ModelError, SettingsError
from replykit.model.failures import TransientError
from replykit.model.protocol import Deadline
from replykit.model.replies import MAX_BYTES
from replykit.types import Answer, Call, Usage

MOST_REQUESTS = 16
"""Requests for one call, lessons included: more than the ladder has rungs, so that nobody can lead us in circles."""

TOO_LATE = "the time allowed for the draft was over before the model had answered"


class Question:
    """One call on its way: what it has used so far, whatever becomes of it.

    Args:
        call: The call.
        deadline: When it must be answered.
        stream: Whether the answer is wanted in pieces.
        price: What a use costs, where a price is known.
    """

    def __init__(self, call: Call, deadline: Deadline, *, stream: bool, price: Callable[[Usage], float] | None) -> None:
        self.call, self.deadline, self.stream = call, deadline, stream
        self.tokens = Usage()
        self._price = price
        self._requests = 0
        self._bytes = 0
        self._started = time.monotonic()

    def begin(self) -> float:
        """Count one more request, and say how many seconds it may take.

        Raises:
            DeadlineError: There is no time for it.
        """
        left = self.deadline.left()
        if left <= 0:
            raise DeadlineError(TOO_LATE)
        if self._requests >= MOST_REQUESTS:
            raise SettingsError("the endpoint refuses every form of request that replykit knows")
        self._requests += 1
        self._bytes = 0
        return left

    def received(self, chunk: bytes) -> bytes:
        """The chunk, counted.

        Raises:
            AnswerError: The answer is too long to be one.
        """
        self._bytes += len(chunk)
        if self._bytes > MAX_BYTES:
            raise AnswerError(f"the answer is longer than {MAX_BYTES:,} bytes")
        return chunk

    def usage(self) -> Usage:
        """Tokens, requests and seconds up to now."""
        changes: dict[str, Any] = {
            "calls": min(1, self._requests),
            "retries": max(0, self._requests - 1),
            "seconds": time.monotonic() - self._started,
            "cost": self._price(self.tokens) if self._price else None,
        }
        return self.tokens.model_copy(update=changes)

    def answered(self, answer: Answer) -> Answer:
        """The answer, with what all of its requests used."""
        return answer.model_copy(update={"usage": self.usage()})

    def failed(self, failure: Exception) -> ModelError:
        """The error for the caller, with what was used all the same."""
        error = failure.error if isinstance(failure, TransientError) else failure
        if not isinstance(error, ModelError):
            error = ModelError(f"{type(error).__name__}")
        error.usage = self.usage()
        error.again = (failure.wait or 0.0) if isinstance(failure, TransientError) else None
        return error
