"""How far a batch is: a bar on a terminal, a plain line now and then everywhere else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from replykit.batch.summary import Summary, clock

LINE_SECONDS = 10.0


@contextmanager
def progress(console: Console) -> Iterator[Callable[[Summary], None]]:
    """Something to tell the numbers to, which shows them on this console."""
    if not console.is_terminal:
        yield Lines(console)
        return
    with Progress(
        TextColumn("{task.fields[rows]}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[said]}"),
        console=console, auto_refresh=False, transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=None, rows="", said="")

        def show(summary: Summary) -> None:
            total = None if summary.share is None else 1.0
            rows = f"{summary.rows:,} rows"
            bar.update(task, total=total, completed=summary.share or 0.0, rows=rows, said=said(summary))
            bar.refresh()

        yield show


class Lines:
    """A plain line every few seconds."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console, self._clock = console, clock
        self._last = clock()

    def __call__(self, summary: Summary) -> None:
        now = self._clock()
        if now - self._last < LINE_SECONDS:
            return
        self._last = now
        share = "" if summary.share is None else f" ({summary.share:.0%})"
        self._console.print(f"replykit: {summary.rows:,} rows{share}, {said(summary)}", soft_wrap=True)


def said(summary: Summary) -> str:
    """Rate, cost and time left, in one short line."""
    parts = [f"{summary.rate:,.1f} drafts/s"]
    if summary.usage.cost is not None:
        parts.append(f"${summary.usage.cost:,.4f}")
    if summary.errors:
        parts.append(f"{summary.errors:,} errors")
    if summary.left is not None:
        parts.append(f"{clock(summary.left)} left")
    return " · ".join(parts)
