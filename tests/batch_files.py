"""Rows for the tests of batches, and batches that are killed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

TEXTS = (
    "You charged me twice for order QX-{i} in March and nobody answers my mails. I want my money back. Ana",
    "The lamp I bought arrived broken (order L-{i}). The second time! I am furious, send a replacement by Friday.",
    "My parcel {i} is late by ten days. Where is it?",
    "Your colleague was rude to me at the counter on 3 May, visit {i}. I expect an apology.",
)


def records(count: int) -> list[dict[str, Any]]:
    """So many different rows."""
    return [{"id": f"r{i}", "text": TEXTS[i % len(TEXTS)].format(i=i)} for i in range(count)]


def write_jsonl(path: Path, rows: Iterable[dict[str, Any] | str]) -> Path:
    """Rows as lines; a text is a line as it is."""
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The lines of a file, each of which must be whole."""
    content = path.read_text(encoding="utf-8")
    assert content == "" or content.endswith("\n")
    return [json.loads(line) for line in content.splitlines()]


def timeless(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same without the seconds that things took, the one thing that two runs may differ in."""
    return [_without_seconds(line) for line in lines]


def _without_seconds(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_seconds(inner) for key, inner in value.items() if key != "seconds"}
    return [_without_seconds(inner) for inner in value] if isinstance(value, list) else value


def command(*arguments: object) -> list[str]:
    """The command line of `replykit batch`."""
    return [sys.executable, "-m", "replykit", "batch", *map(str, arguments)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """`replykit batch` to its end."""
    return subprocess.run(command(*arguments), capture_output=True, text=True, check=False, timeout=300)


def kill_after(seconds: float, *arguments: object) -> bool:
    """`replykit batch`, killed so many seconds after it made its journal; whether that was before its end."""
    journal = Path(f"{arguments[1]}.part")
    with subprocess.Popen(command(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        before = journal.stat().st_mtime_ns if journal.exists() else 0
        while process.poll() is None and (not journal.exists() or journal.stat().st_mtime_ns == before):
            time.sleep(0.005)
        try:
            return process.wait(timeout=seconds) != 0
        except subprocess.TimeoutExpired:
            process.kill()
            return True
