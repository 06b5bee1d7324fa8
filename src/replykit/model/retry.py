"""When to try again: one policy for both kinds of caller, in the words of tenacity."""

from __future__ import annotations

import random
from typing import Any

from tenacity import RetryCallState, retry_if_exception_type, stop_after_attempt
from tenacity.stop import stop_base

from replykit.model.failures import TransientError
from replykit.model.protocol import Deadline

FIRST_WAIT = 0.5
LONGEST_WAIT = 20.0


class TooLate(stop_base):
    """Stops where the wait before the next attempt would end after the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def __call__(self, retry_state: RetryCallState) -> bool:
        return retry_state.upcoming_sleep >= self._deadline.left()


def policy(attempts: int, deadline: Deadline) -> dict[str, Any]:
    """The arguments for `Retrying` and `AsyncRetrying`.

    Transient failures only; as long as the endpoint asks for, else exponential with full jitter (Marc Brooker,
    "Exponential Backoff And Jitter", AWS Architecture Blog 2015); and never a wait that ends after the deadline.
    """
    return {
        "retry": retry_if_exception_type(TransientError),
        "wait": _wait,
        "stop": stop_after_attempt(attempts) | TooLate(deadline),
        "reraise": True,
    }


def _wait(state: RetryCallState) -> float:
    failure = state.outcome.exception() if state.outcome else None
    asked = getattr(failure, "wait", None)
    if asked is not None:
        # a little more than asked, so that many waiting callers do not come back in the same instant
        return float(asked) * (1 + 0.1 * random.random())  # noqa: S311  # spreads load, keeps no secret
    return random.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2 ** (state.attempt_number - 1)))  # noqa: S311  # as above
