"""What the benchmarks share: rows, the endpoint, and children that report what they took."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
COMPLAINTS = (
    "You charged me twice for order QX-{i} in March and nobody answers my mails. I want my money back. Ana Brandt",
    "The lamp I bought arrived broken (order L-{i}). The second time! I am furious, send a replacement by Friday.",
    "My parcel {i} is late by ten days. Where is it?",
    "Your colleague was rude to me at the counter on 3 May, visit {i}. I expect an apology.",
    "I cancelled subscription {i} in April and you still take 12.99 every month. Stop it and refund what you took.",
    "The rucksack came in green instead of blue, parcel {i}. Please send the right one, I travel on Saturday.",
    "Our internet has been down since Monday, line {i}. I work from home. When will this be fixed?",
    "The soup had a piece of plastic in it, table {i}. My daughter nearly swallowed it. What will you do?",
)


def write_rows(path: Path, count: int) -> Path:
    """So many different complaints as JSONL."""
    with path.open("w", encoding="utf-8") as file:
        for i in range(count):
            text = COMPLAINTS[i % len(COMPLAINTS)].format(i=1000 + i)
            file.write(json.dumps({"id": f"r{i}", "text": text}) + "\n")
    return path


class Taken(NamedTuple):
    """What a piece of work took: seconds, processor seconds with those of ended children, megabytes at the peak."""

    wall: float
    cpu: float
    megabytes: float


@contextmanager
def taking(into: list[Taken]) -> Iterator[None]:
    """Measures the block."""
    begun, before = time.perf_counter(), _cpu()
    yield
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    into.append(Taken(time.perf_counter() - begun, _cpu() - before, peak / 1024))


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def child(python: str | Path, script: str, *arguments: object) -> dict[str, Any]:
    """A script of this folder in a process of its own; the JSON on its last line."""
    command = [str(python), str(HERE / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tempfile.gettempdir())
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


class Endpoint(NamedTuple):
    """The running endpoint."""

    port: int

    def url(self, milliseconds: int) -> str:
        """The base URL that answers after so long."""
        return f"http://127.0.0.1:{self.port}/d{milliseconds}/v1"

    def stats(self) -> dict[str, Any]:
        """What it has seen since it was asked last."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/stats") as answer:
            found: dict[str, Any] = json.loads(answer.read())
        return found


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """An endpoint that says, for every move, what the offline wording says, so that replies pass the check."""
    from replykit import ReplyKit

    kit = ReplyKit()
    replies: dict[str, dict[str, str]] = {}
    for i, complaint in enumerate(COMPLAINTS):
        marker = complaint.partition("{")[0][-24:]
        replies[marker] = {move.strategy: move.text for move in kit.draft(complaint.format(i=1000 + i)).moves}
    with tempfile.TemporaryDirectory() as folder:
        parts = Path(folder) / "parts.json"
        parts.write_text(json.dumps(replies))
        command = [sys.executable, str(HERE / "fixed_endpoint.py"), "--parts", str(parts)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout
                yield Endpoint(int(process.stdout.readline()))
            finally:
                process.kill()


def environment(folder: Path, name: str, *packages: str) -> Path:
    """The Python of an environment that holds these packages and nothing else; made where it is not there."""
    python = folder / name / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / name)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "-q", *packages],
            check=True,
            env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        )
    return python
