"""Those who draft for a batch: a thread of this process, or processes of their own that are replaced when they die."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple, Protocol, Self, cast

from replykit.batch.desk import Desk, Terms
from replykit.batch.outcome import END, Job, Outcome
from replykit.batch.settings import KitSettings
from replykit.errors import BatchError

DEATHS_OF_ONE_ROW = 2
MOST_DEATHS = 20


class Gone(NamedTuple):
    """A hand that works no more, and why; `error` where it was not meant to stop."""

    hand: Hand
    reason: str = ""
    error: BaseException | None = None


class Hand(Protocol):
    """Somebody who drafts."""

    def give(self, job: Job) -> None:
        """One more job."""

    def finish(self) -> None:
        """No more jobs will come."""

    def join(self) -> None:
        """Wait until it has gone."""

    def drop(self) -> None:
        """Stop at once."""


class Inside:
    """A thread of this process, for kits that cannot travel and batches that are not worth a process."""

    def __init__(self, desk: Desk, results: queue.SimpleQueue[Outcome | Gone]) -> None:
        self._desk, self._results = desk, results
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, daemon=True, name="replykit-batch")
        self._thread.start()

    def give(self, job: Job) -> None:
        self._jobs.put(job)

    def finish(self) -> None:
        self._jobs.put(None)

    def join(self) -> None:
        self._thread.join()

    def drop(self) -> None:
        """Nothing: the thread is a daemon, and ends with the process."""

    def _work(self) -> None:
        try:
            self._desk.serve(self._jobs.get, self._results.put)
        except BaseException as error:  # noqa: BLE001  # it belongs to whoever waits for the results
            self._results.put(Gone(self, str(error), error))


class Process:
    """A process of its own, spoken to in lines."""

    def __init__(self, settings: KitSettings, terms: Terms, results: queue.SimpleQueue[Outcome | Gone]) -> None:
        self._results = results
        self._finished = False
        command = [sys.executable, "-P", "-m", "replykit.batch.worker"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  # our own module
        self._in, self._out = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        self._send(json.dumps({"kit": settings.sent(), "terms": terms.model_dump(mode="json")}).encode() + b"\n")
        self._thread = threading.Thread(target=self._listen, daemon=True, name="replykit-batch")
        self._thread.start()

    def give(self, job: Job) -> None:
        self._send(job.line())

    def finish(self) -> None:
        self._finished = True
        self._send(END)

    def join(self) -> None:
        self._thread.join()
        with contextlib.suppress(BrokenPipeError):
            self._process.__exit__(None, None, None)

    def drop(self) -> None:
        self._finished = True
        self._process.kill()
        self.join()

    def _send(self, line: bytes) -> None:
        try:
            self._in.write(line)
            self._in.flush()
        except (BrokenPipeError, ValueError):
            pass  # it has died, which whoever listens to it will notice

    def _listen(self) -> None:
        for line in self._out:
            if line.endswith(b"\n"):
                self._results.put(Outcome.of(line))
        code = self._process.wait()
        if not self._finished:
            self._results.put(Gone(self, f"the process that drafted it ended with code {code}"))


class Pool:
    """Hands, each with its share of the jobs under way.

    Args:
        make: Makes a hand that puts its results in the given queue.
        hands: How many of them.
        each: How many jobs one hand may hold at a time.
    """

    def __init__(self, make: Callable[[queue.SimpleQueue[Outcome | Gone]], Hand], hands: int, each: int) -> None:
        self._make, self._each = make, each
        self._results: queue.SimpleQueue[Outcome | Gone] = queue.SimpleQueue()
        self._held: dict[Hand, dict[int, Job]] = {make(self._results): {} for _ in range(hands)}
        self._deaths: dict[int, int] = {}
        self._buried = 0

    @property
    def under_way(self) -> int:
        """Jobs that were given and are not done."""
        return sum(len(jobs) for jobs in self._held.values())

    @property
    def has_room(self) -> bool:
        """Whether one more job would be begun."""
        return any(len(jobs) < self._each for jobs in self._held.values())

    def give(self, job: Job) -> None:
        """One more job, to whoever has the fewest."""
        hand = min(self._held, key=lambda each: len(self._held[each]))
        self._held[hand][job.ticket] = job
        hand.give(job)

    def outcomes(self, seconds: float) -> Iterator[Outcome]:
        """What is finished by now; waits so long where nothing is.

        Raises:
            BatchError: Processes keep dying.
        """
        try:
            found = self._results.get(timeout=seconds)
            while True:
                yield from self._replace(found) if isinstance(found, Gone) else self._done(found)
                found = self._results.get_nowait()
        except queue.Empty:
            return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Send everybody home; at once where something went wrong."""
        for hand in self._held:
            hand.drop() if kind else hand.finish()
        for hand in self._held if not kind else ():
            hand.join()

    def _done(self, outcome: Outcome) -> Iterator[Outcome]:
        for jobs in self._held.values():
            if jobs.pop(outcome.ticket, None):
                yield outcome
                return

    def _replace(self, gone: Gone) -> Iterator[Outcome]:
        """A new hand takes over what the dead one held; a row that killed twice is given up."""
        if gone.error:
            raise gone.error
        self._buried += 1
        if self._buried > MOST_DEATHS:
            raise BatchError(
                f"the processes that draft keep dying ({gone.reason}); is there enough memory? Try --processes 1"
            )
        left = self._held.pop(gone.hand, {})
        first = next(iter(left), None)
        if first is not None:
            self._deaths[first] = self._deaths.get(first, 0) + 1
            if self._deaths[first] >= DEATHS_OF_ONE_ROW:
                del left[first]
                yield Outcome(first, error=gone.reason, lasting=False)
        gone.hand.join()
        hand = self._make(self._results)
        self._held[hand] = left
        for job in left.values():
            hand.give(job)
