"""A hard end for work that blocks: no read timeout alone can stop an endpoint that sends one byte now and then."""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from replykit.errors import DeadlineError
from replykit.model.protocol import Deadline

T = TypeVar("T")
Stopped = Callable[[], bool]

THREADING_MAX = threading.TIMEOUT_MAX


def within(deadline: Deadline, work: Callable[[Stopped], Iterator[T]]) -> Iterator[T]:
    """What `work` yields, while there is time.

    The work runs in a thread of its own, in the caller's context, and is left behind when time is over or the caller
    stops reading. It is told so by the function that it is given, and should look at it wherever it waits.

    Raises:
        DeadlineError: Time was over before the work was done.
        Exception: Whatever the work raised.
    """
    items: queue.SimpleQueue[tuple[str, T | BaseException | None]] = queue.SimpleQueue()
    stop = threading.Event()

    def labour() -> None:
        try:
            for item in work(stop.is_set):
                items.put(("item", item))
            items.put(("end", None))
        except BaseException as error:  # noqa: BLE001  # whatever it is, it belongs to the thread that asked
            items.put(("error", error))

    threading.Thread(target=contextvars.copy_context().run, args=(labour,), daemon=True, name="replykit-call").start()
    try:
        while (received := _next(items, deadline))[0] == "item":
            yield received[1]  # type: ignore[misc]  # an item is a T
        if isinstance(received[1], BaseException):
            raise received[1]
    finally:
        stop.set()


def _next(
    items: queue.SimpleQueue[tuple[str, T | BaseException | None]], deadline: Deadline
) -> tuple[str, T | BaseException | None]:
    try:
        return items.get(timeout=min(deadline.left(), THREADING_MAX))
    except queue.Empty:
        return "error", DeadlineError("the time allowed for the draft was over before the model had answered")
