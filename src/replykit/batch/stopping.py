"""The wish to stop: Ctrl-C or SIGTERM once lets what was begun be finished, a second time ends it at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """Whether to stop, and why."""

    def __init__(self) -> None:
        self.reason = ""
        self.signal = 0

    def ask(self, reason: str) -> None:
        """Stop soon; the first reason stands."""
        self.reason = self.reason or reason

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self.signal:
            raise KeyboardInterrupt
        self.signal = number
        self.ask("interrupted" if number == signal.SIGINT else "asked to end")


@contextmanager
def listening() -> Iterator[Stop]:
    """A `Stop` that hears signals where this is the main thread; elsewhere somebody else has to."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop._on_signal) for number in SIGNALS}  # noqa: SLF001  # its other half
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
