"""A process that drafts for another one: settings on its first line, then a job a line; it ends with its parent."""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from typing import BinaryIO

from replykit.batch.desk import Desk, Terms
from replykit.batch.outcome import END, Job, Outcome
from replykit.batch.settings import KitSettings


def main() -> None:
    """Serve the parent over standard input and output."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # meant for the parent, who says when it is time to go
        signal.signal(number, signal.SIG_IGN)
    lines, out = sys.stdin.buffer, _private_output()
    first = json.loads(lines.readline())
    desk = Desk(KitSettings.model_validate(first["kit"]).open(), Terms.model_validate(first["terms"]))
    jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lines, jobs), daemon=True).start()

    def give(outcome: Outcome) -> None:
        out.write(outcome.line())

    try:
        desk.serve(jobs.get, give)
    except BrokenPipeError:
        os._exit(1)


def _private_output() -> BinaryIO:
    """Standard output for outcomes alone; whatever else is printed goes to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(own, "wb", buffering=0)


def _read(lines: BinaryIO, jobs: queue.SimpleQueue[Job | None]) -> None:
    # always reading, so that the parent never waits for us while we wait for it
    for line in lines:
        if line == END:
            jobs.put(None)
            return
        jobs.put(Job.of(line))
    os._exit(1)  # the parent is gone; nobody wants what is not finished


if __name__ == "__main__":
    main()
