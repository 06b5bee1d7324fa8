"""How fast a model is asked: so many at a time, so many requests and tokens a minute, fewer when it objects."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

CREDIT_SECONDS = 1.0
"""How much of an unused allowance may be caught up at once; more would be a burst that a provider refuses."""
CUT = 0.7
"""What is left of the concurrency after a refusal: additive increase, multiplicative decrease, as TCP finds its rate
(Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion avoidance", 1989)."""


class Allowance:
    """So much a minute, spread evenly: the generic cell rate algorithm, which needs one number of memory.

    Args:
        per_minute: How much; None is no limit.
        clock: What time it is, in seconds.
    """

    def __init__(self, per_minute: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._each = 60.0 / per_minute if per_minute else 0.0
        self._clock = clock
        self._at = float("-inf")

    def take(self, amount: float) -> float:
        """Take so much, and say how many seconds to wait before it may be used."""
        if not self._each:
            return 0.0
        now = self._clock()
        start = max(self._at, now - CREDIT_SECONDS)
        self._at = start + amount * self._each
        return max(0.0, start - now)

    def settle(self, taken: float, used: float) -> None:
        """Give back what was taken and not used, or take what was used beyond it."""
        self._at += (used - taken) * self._each


class Gate:
    """Lets so many through at a time, and fewer for a while after each sign that it was too many.

    Args:
        most: How many at the best of times.
    """

    def __init__(self, most: int) -> None:
        self._most, self.limit = max(1, most), float(max(1, most))
        self._busy = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._cut_at = float("-inf")

    async def enter(self) -> float:
        """Wait for a place; returns when it was had, for `pressed`."""
        if self._busy < int(self.limit) and not self._waiting:
            self._busy += 1
            return time.monotonic()
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()
            raise
        return time.monotonic()

    def leave(self) -> None:
        """Make room for the next."""
        self._busy -= 1
        while self._waiting and self._busy < int(self.limit):
            turn = self._waiting.popleft()
            if not turn.done():
                self._busy += 1
                turn.set_result(None)

    def pressed(self, entered: float) -> None:
        """The endpoint objected to a question that entered then; one round of objections counts once."""
        if entered >= self._cut_at:
            self.limit = max(1.0, self.limit * CUT)
            self._cut_at = time.monotonic()

    def eased(self) -> None:
        """The endpoint answered at once."""
        self.limit = min(float(self._most), self.limit + 1.0 / self.limit)


class Place:
    """One question on its way; whoever holds it says how it went."""

    __slots__ = ("pressed", "used")

    def __init__(self) -> None:
        self.used = 0.0
        self.pressed = False


class Pace:
    """Both together, for one endpoint.

    Args:
        concurrency: Questions at a time.
        requests_per_minute: Requests a minute, retries not counted; None is no limit.
        tokens_per_minute: Tokens a minute, read and written; None is no limit.
    """

    def __init__(
        self, concurrency: int, requests_per_minute: float | None = None, tokens_per_minute: float | None = None
    ) -> None:
        self.gate = Gate(concurrency)
        self.counts_tokens = tokens_per_minute is not None
        self._requests, self._tokens = Allowance(requests_per_minute), Allowance(tokens_per_minute)

    @asynccontextmanager
    async def place(self, tokens: float) -> AsyncIterator[Place]:
        """A place for a question that may use so many tokens; set `used` and `pressed` on it before leaving."""
        wait = max(self._requests.take(1), self._tokens.take(tokens))
        if wait:
            await asyncio.sleep(wait)
        entered = await self.gate.enter()
        place = Place()
        try:
            yield place
        finally:
            self._tokens.settle(tokens, place.used)
            if place.pressed:
                self.gate.pressed(entered)
            else:
                self.gate.eased()
            self.gate.leave()
