"""What replykit asks of a model, and the clock that every question runs against."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from replykit.types import Answer, Call, Usage


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment at which a draft must be there; made once and handed down to everything that waits.

    Example:
        >>> Deadline.after(60).left() <= 60
        True
    """

    at: float

    @classmethod
    def after(cls, seconds: float | None) -> Deadline:
        """A deadline so many seconds from now; `None` never comes."""
        return cls(float("inf") if seconds is None else time.monotonic() + seconds)

    @classmethod
    def for_draft(cls, seconds: float | None) -> Deadline:
        """The same for all questions of a draft, with a tenth of the time (at most half a second) kept for the rest.

        When a model has used up its time, the offline wording is still to be put together and checked.
        """
        return cls.after(None if seconds is None else seconds - min(0.5, seconds / 10))

    def left(self) -> float:
        """Seconds until it, never negative; infinite where there is none."""
        return max(0.0, self.at - time.monotonic())

    def finite(self) -> float | None:
        """The same for waits that want None where there is no end."""
        left = self.left()
        return None if left == float("inf") else left


class Model(Protocol):
    """Anything that answers calls.

    Both methods return an `Answer` or raise a `ModelError`, whose `usage` says what was spent all the same; a model
    that has only one of the two works too, since the drivers in `replykit.run` bridge the other.
    """

    name: str

    def complete(self, call: Call, *, deadline: Deadline | None = None) -> Answer:
        """The answer to one question."""
        ...

    async def acomplete(self, call: Call, *, deadline: Deadline | None = None) -> Answer:
        """The same, without blocking the event loop."""
        ...


@runtime_checkable
class StreamingModel(Protocol):
    """A model that can show its answer while it writes: pieces of text, and the whole `Answer` as the last item."""

    def stream(self, call: Call, *, deadline: Deadline | None = None) -> Iterator[str | Answer]:
        """The pieces of one answer as they arrive."""
        ...

    def astream(self, call: Call, *, deadline: Deadline | None = None) -> AsyncIterator[str | Answer]:
        """The same, without blocking the event loop."""
        ...


@runtime_checkable
class PricedModel(Protocol):
    """A model that can say beforehand what a call may cost at most; a budget in dollars needs one."""

    def estimate(self, call: Call) -> Usage:
        """The most that one answer to this call could use."""
        ...
