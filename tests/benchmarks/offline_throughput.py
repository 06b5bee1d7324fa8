"""Offline drafts a second through `run_batch`, with one process and with one for each processor.

    python tests/benchmarks/offline_throughput.py [ROWS] [ROUNDS]

To hold: 500 drafts a second and core; two processes at least 1.8 times one. Each run is a process of its own.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path

from common import Taken, child, taking, write_rows


def run(rows: int, processes: int) -> None:
    from replykit.batch import KitSettings, run_batch

    with tempfile.TemporaryDirectory() as folder:
        source = write_rows(Path(folder) / "in.jsonl", rows)
        taken: list[Taken] = []
        with taking(taken):
            done = run_batch(source, Path(folder) / "out.jsonl", KitSettings(), processes=processes)
        assert done.drafted == rows
    print(json.dumps({"rate": done.rate, **taken[0]._asdict()}))


def main(rows: int, rounds: int) -> None:
    found = {n: [child(sys.executable, __file__, "run", rows, n) for _ in range(rounds)] for n in (1, 2)}
    middle = {n: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for n, runs in found.items()}
    print(f"{rows:,} rows, {rounds} rounds, medians")
    for n, run in middle.items():
        told = f"{run['rate']:7.1f} drafts/s, {rows / run['cpu']:6.1f} a processor second, {run['megabytes']:.0f} MB"
        print(f"{n} process{'es' if n > 1 else '  '}: {told}")
    print(f"two / one: {middle[2]['rate'] / middle[1]['rate']:.2f}   (to hold: 1.8)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(*(int(n) for n in (sys.argv[1:] + ["2000", "3"][len(sys.argv) - 1 :])))
