"""What a row costs as the work grows: time and memory at a hundred rows, a thousand, and so on.

    python tests/benchmarks/growth.py [LARGEST] [PROCESSES]

To hold: time per row constant within 15 per cent, start-up apart; peak memory at the largest at most 1.3 times that at
a thousand. Each size is a process of its own; the smaller sizes are run several times, and their median counts.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from common import Taken, child, taking, write_rows

WARM = 100
"""Rows before the clock starts: processes come up, and each pattern is compiled when it is first needed."""


def run(rows: int, processes: int) -> None:
    from replykit.batch import KitSettings, Summary, run_batch

    began: list[tuple[float, int]] = []

    def heard(summary: Summary) -> None:
        if summary.drafted >= WARM and not began:
            began.append((time.perf_counter(), summary.drafted))

    with tempfile.TemporaryDirectory() as folder:
        source = write_rows(Path(folder) / "in.jsonl", rows + WARM)
        taken: list[Taken] = []
        with taking(taken):
            run_batch(source, Path(folder) / "out.jsonl", KitSettings(), processes=processes, report=heard)
    begun, done = began[0]
    each = (time.perf_counter() - begun) / max(1, rows + WARM - done)
    print(json.dumps({"each": each, **taken[0]._asdict()}))


def main(largest: int, processes: int) -> None:
    sizes = [10**n for n in range(2, 7) if 10**n <= largest]
    found = {}
    print("rows       ms a row   CPU ms a row   peak MB")
    for size in sizes:
        runs = [child(sys.executable, __file__, "run", size, processes) for _ in range(5 if size <= 1000 else 1)]
        found[size] = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        each, cpu = found[size]["each"] * 1e3, found[size]["cpu"] / (size + WARM) * 1e3
        print(f"{size:<10,} {each:8.2f} {cpu:12.2f} {found[size]['megabytes']:11.0f}", flush=True)
    if len(sizes) > 2:
        base, top = found[1000], found[sizes[-1]]
        print(f"time a row, largest / 1,000: {top['each'] / base['each']:.2f}   (to hold: 0.85 to 1.15)")
        print(f"peak memory, largest / 1,000: {top['megabytes'] / base['megabytes']:.2f}   (to hold: 1.3)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(*(int(n) for n in (sys.argv[1:] + ["10000", "1"][len(sys.argv) - 1 :])))
