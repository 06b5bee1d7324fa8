"""A batch that is killed again and again at random moments, beside one that nobody disturbs.

    python tests/benchmarks/kills.py [KILLS] [ROWS]

Offline and against a local endpoint. To hold: every id once, and the same bytes, the times that things took apart.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path

from common import HERE, Endpoint, endpoint, write_rows

sys.path.insert(0, str(HERE.parent))
from batch_files import command, kill_after, read_jsonl, timeless


def story(kills: int, source: Path, folder: Path, *arguments: object) -> tuple[int, int, bool]:
    """How many kills found the batch at work, how many ids are there once, and whether nothing else differs."""
    chance = random.Random(11)
    hit = sum(kill_after(chance.uniform(0, 1.5), source, folder / "killed.jsonl", *arguments) for _ in range(kills))
    for name in ("killed.jsonl", "calm.jsonl"):
        subprocess.run(command(source, folder / name, *arguments), check=True, capture_output=True)
    killed, calm = (read_jsonl(folder / name) for name in ("killed.jsonl", "calm.jsonl"))
    once = len({line["id"] for line in killed}) if len({line["id"] for line in killed}) == len(killed) else 0
    return hit, once, timeless(killed) == timeless(calm)


def main(kills: int, rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder, endpoint() as served:
        source = write_rows(Path(folder) / "in.jsonl", rows)
        for name, arguments in cases(served).items():
            (Path(folder) / name).mkdir()
            hit, once, same = story(kills, source, Path(folder) / name, *arguments)
            print(f"{name}: {hit} of {kills} kills at work, {once:,} of {rows:,} ids once, the same otherwise: {same}")


def cases(served: Endpoint) -> dict[str, tuple[object, ...]]:
    """Both ways to draft."""
    return {
        "offline": ("--processes", 2),
        "endpoint": ("--model", "fixed", "--base-url", served.url(20), "--concurrency", 64),
    }


if __name__ == "__main__":
    main(*(int(n) for n in (sys.argv[1:] + ["30", "2000"][len(sys.argv) - 1 :])))
