"""What replykit costs before it does anything, as ratios beside the packages that it stands on, in the same run.

    python tests/benchmarks/import_cost.py [ROUNDS]

Each round starts a fresh process for every case, in an order that rotates, so that noise falls on all alike. To hold:
importing replykit costs at most 1.5 times pydantic + jinja2 + yaml; `replykit --help` under twice typer + rich.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

CASES = {
    "python": "pass",
    "pydantic, jinja2, yaml": "import pydantic, jinja2, yaml; pydantic.BaseModel",
    "replykit": "import replykit",
    "replykit, a kit made": "from replykit import ReplyKit; ReplyKit()",
    "replykit, one draft": "from replykit import ReplyKit; ReplyKit().draft('My kettle broke.')",
    "openai": "import openai",
    "typer, rich": "import typer, rich",
    "replykit --help": "import sys; sys.argv[1:] = ['--help']; from replykit.cli import main; main()",
}
RATIOS = {
    ("replykit", "pydantic, jinja2, yaml"): 1.5,
    ("replykit, a kit made", "pydantic, jinja2, yaml"): None,
    ("replykit, one draft", "openai"): None,
    ("replykit --help", "typer, rich"): 2.0,
}


class Start(NamedTuple):
    """What one start of an interpreter took."""

    wall: float
    cpu: float


def start(code: str) -> Start:
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL, cwd=Path.home())
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Start(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measured(rounds: int) -> dict[str, list[Start]]:
    names = list(CASES)
    for name in names:
        start(CASES[name])  # unrecorded: compiles bytecode and fills the page cache
    starts: dict[str, list[Start]] = {name: [] for name in names}
    for turn in range(rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            starts[name].append(start(CASES[name]))
    return starts


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    starts = measured(rounds)
    middle = {
        name: Start(*(statistics.median(values) for values in zip(*each, strict=True))) for name, each in starts.items()
    }
    print(f"{rounds} rounds, medians    wall ms   cpu ms")
    for name, each in middle.items():
        print(f"{name:25} {each.wall * 1e3:8.0f} {each.cpu * 1e3:8.0f}")
    print()
    for (ours, theirs), most in RATIOS.items():
        wall, cpu = (getattr(middle[ours], field) / getattr(middle[theirs], field) for field in Start._fields)
        bar = "" if most is None else f"   (to hold: {most})"
        print(f"{ours} / {theirs}: {wall:.2f} wall, {cpu:.2f} cpu{bar}")


if __name__ == "__main__":
    main()
