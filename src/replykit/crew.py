"""Threads that work through a queue and never keep a program from ending."""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Self, TypeVar

R = TypeVar("R")


class Crew:
    """So many threads at most, started as they are needed.

    The executor of the standard library waits for its threads when the interpreter ends, which would turn Ctrl-C into a
    wait for the slowest endpoint; these are daemons. Leaving the `with` block drops what has not been begun.

    Args:
        size: How many may work at a time.
    """

    def __init__(self, size: int) -> None:
        self._size, self._started = max(1, size), 0
        self._idle = threading.Semaphore(0)
        self._waiting: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._left = False

    def begin(self, work: Callable[..., R], *args: Any) -> Future[R]:
        """Have `work(*args)` done, in the caller's context."""
        future: Future[R] = Future()
        context = contextvars.copy_context()
        self._waiting.put((future, lambda: context.run(work, *args)))
        if not self._idle.acquire(blocking=False) and self._started < self._size:
            self._started += 1
            threading.Thread(target=self._work, daemon=True, name=f"replykit-{self._started}").start()
        return future

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._left = True
        for _thread in range(self._started):
            self._waiting.put(None)

    def _work(self) -> None:
        while (task := self._waiting.get()) is not None:
            future, work = task
            if self._left or not future.set_running_or_notify_cancel():
                future.cancel()
                continue
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001  # it belongs to whoever asks for the result
                future.set_exception(error)
            self._idle.release()
