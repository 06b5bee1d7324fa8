"""Whole drafts a second against a local endpoint, beside clients that only make the call, in rounds of one run.

    python tests/benchmarks/endpoint_throughput.py [ROUNDS] [--environments FOLDER] [--only NAME,…]

Peers live in environments of their own, which this command makes. Delays of 300 ms and 0 ms, 64 and 512 at a time. To
hold at 300 ms and 64: whole drafts a second at least the calls a second of openai's `create`, and more than every
peer's; at 0 ms: processor time of a whole draft at most 1.6 times that of a `create`, and below instructor's call.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from common import Taken, child, endpoint, environment, taking, write_rows

PEERS = {
    "openai_create": (),
    "instructor": ("instructor",),
    "pydantic_ai": ("pydantic-ai-slim[openai]",),
    "langchain": ("langchain-openai",),
}
CASES = [(300, 64), (0, 64), (300, 512), (0, 512)]


def run(url: str, rows: int, concurrency: int, processes: int) -> None:
    """Whole drafts, in a process of their own; a first batch brings up the kit, as peers have a first call."""
    from replykit.batch import KitSettings, Terms, run_batch

    settings = KitSettings(model="fixed", base_url=url)
    kit = settings.open() if processes == 1 else settings
    with tempfile.TemporaryDirectory() as folder:
        warm, source = (write_rows(Path(folder) / name, n) for name, n in (("warm.jsonl", 64), ("in.jsonl", rows)))
        run_batch(warm, Path(folder) / "warm.out.jsonl", kit, Terms(concurrency=concurrency))
        taken: list[Taken] = []
        with taking(taken):
            done = run_batch(
                source, Path(folder) / "out.jsonl", kit, Terms(concurrency=concurrency), processes=processes
            )
    assert done.drafted == rows
    assert done.fell_back == 0
    print(json.dumps({**taken[0]._asdict(), "calls": done.usage.calls / rows}))


def main(rounds: int, folder: Path, only: list[str]) -> None:
    pythons = {n: environment(folder, n, *p) if p else Path(sys.executable) for n, p in PEERS.items()}
    names = [n for n in ("replykit", "replykit, 2 processes", *PEERS) if not only or n in only]
    with endpoint() as served:
        for delay, concurrency in CASES:
            count = 400 if concurrency == 64 else 1024
            runs: dict[str, list[dict[str, float]]] = {name: [] for name in names}
            for turn in range(rounds):
                for name in names[turn % len(names) :] + names[: turn % len(names)]:
                    ours = ("run", served.url(delay), count, concurrency, 2 if "2" in name else 1)
                    theirs = (name, served.url(delay), count, concurrency)
                    found = (
                        child(sys.executable, __file__, *ours)
                        if "replykit" in name
                        else child(pythons[name], "peers.py", *theirs)
                    )
                    runs[name].append(found | {"rate": count / found["wall"]})
            show(delay, concurrency, runs, count)


def show(delay: int, concurrency: int, runs: dict[str, list[dict[str, float]]], count: int) -> None:
    middle = {n: {key: statistics.median(r[key] for r in rs) for key in rs[0]} for n, rs in runs.items()}
    base = middle.get("openai_create")
    print(
        f"\n{delay} ms, {concurrency} at a time, {count} each; medians    a second   CPU ms   ÷ create: rate, CPU    MB"
    )
    for name, m in sorted(middle.items(), key=lambda pair: -pair[1]["rate"]):
        ratio = f"{m['rate'] / base['rate']:.2f} {m['cpu'] / base['cpu']:7.2f}" if base else ""
        print(
            f"{name:40} {m['rate']:18.0f} {m['cpu'] / count * 1e3:8.2f} {ratio:>20} {m['megabytes']:8.0f}", flush=True
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(sys.argv[2], *(int(n) for n in sys.argv[3:6]))
    else:
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("rounds", nargs="?", type=int, default=3)
        parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "replykit-peers")
        parser.add_argument("--only", type=lambda names: names.split(","), default=[])
        given = parser.parse_args()
        main(given.rounds, given.environments, given.only)
