"""How far a batch has come, shown in a notebook and nowhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sized
from contextlib import closing
from typing import Any, TypeVar

from replykit.display.html.charts import Bar, bars
from replykit.display.html.frame import fragment
from replykit.types import Draft

T = TypeVar("T")

PAUSE = 0.2
"""Seconds between two pictures: fast enough for the eye, slow enough for the wire to the browser."""


def watched(results: Iterator[T], items: object) -> Iterator[T]:
    """The same results; in a notebook, with a bar above that says how many are done and how they came out.

    Args:
        results: What is coming.
        items: What it is made from; where its length is known, the bar has an end.
    """
    display = _notebook()
    if display is None:
        return results
    return _with_bar(results, len(items) if isinstance(items, Sized) else None, display)


def _notebook() -> Any:
    """The display tools of a running notebook kernel; None in a script, a console or a test."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return ipython.display if ipython is not None and hasattr(shell, "kernel") else None


def _with_bar(results: Iterator[T], total: int | None, display: Any) -> Iterator[T]:
    counts = {"ready": 0, "to review": 0, "failed": 0}
    handle = display.display(display.HTML(_picture(counts, total)), display_id=True)
    drawn = time.monotonic()
    with closing(results) as stream:  # type: ignore[type-var]  # the drivers give generators
        for result in stream:
            counts[_came_out(result)] += 1
            if time.monotonic() - drawn > PAUSE:
                handle.update(display.HTML(_picture(counts, total)))
                drawn = time.monotonic()
            yield result
    handle.update(display.HTML(_picture(counts, total)))


def _came_out(result: object) -> str:
    if not isinstance(result, Draft):
        return "failed"
    return "ready" if result.status == "ready" else "to review"


def _picture(counts: dict[str, int], total: int | None) -> str:
    done = sum(counts.values())
    note = f"{done} of {total}" if total is not None else str(done)
    split = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    value = done / total if total else float(done > 0)
    return fragment(bars([Bar("drafts", value, note, strong=True)], caption="Progress"), split)
