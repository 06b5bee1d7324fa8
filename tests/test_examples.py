"""Every example runs as it stands, and does what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
# What each small example prints, as far as it matters: patterns that have to be found, in this order.
SHOWS = {
    "own_model.py": ["Lumen Lamps", r"calm-down in the text: False", r"asked: \[.*'draft'"],
    "own_rule.py": [r"no-nicknames \(warn\): 'the big fella'", "Instead: the Halden 720"],
    "own_strategy.py": ["pack", "'say-who-packed-it'"],
    "several_brands.py": [
        "send you a new pair",
        "Mira Solberg, Halden Audio",
        "refund what you paid",
        "Theo Lindqvist",
    ],
    "house_style/run.py": ["as shipped", "our house", "send you a new light", "Ines Marsh", "house-we-are-a-co-op"],
}
# Examples that have a test file of their own, and those of other extras.
ELSEWHERE = {"service/app.py": "test_service.py", "helpdesk_webhook/app.py": "test_service.py"}


def ran(example: str, folder: Path) -> str:
    """What an example prints, started from a folder of its own."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("OPENAI_", "REPLYKIT_"))}
    env["PYTHONPATH"] = os.pathsep.join(sys.path)
    command = [sys.executable, "-W", "error::DeprecationWarning", str(EXAMPLES / example)]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("example", SHOWS)
def test_an_example_runs_and_shows_what_it_is_about(example: str, tmp_path: Path):
    """An example runs from anywhere, without a key, and prints what its docstring promises."""
    shown = ran(example, tmp_path)
    assert re.search(".*".join(SHOWS[example]), shown, re.DOTALL), shown


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.py")), ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_every_example_is_tested_and_says_what_it_is(path: Path):
    """No example is left without a docstring, nor without a test that runs it."""
    name = path.relative_to(EXAMPLES).as_posix()
    assert path.read_text(encoding="utf-8").lstrip().startswith('"""')
    tests = [file for file in (ROOT / "tests").glob("test_*.py") if file.name != Path(__file__).name]
    mentioned = any(path.name in text or path.parent.name in text for text in map(_text, tests))
    assert name in SHOWS or name in ELSEWHERE or mentioned, f"{name} is run by no test"


def test_the_labelled_cases_can_be_evaluated(cli: Callable[..., Any]):
    """`replykit evaluate` reads the labelled cases of the examples, which hold every kind of case."""
    told = json.loads(cli("evaluate", str(EXAMPLES / "labelled.jsonl"), "--json", "--offline").out)
    assert {score["group"] for score in told["scores"]} == {
        "classification",
        "checks",
        "checks by category",
        "drafting",
    }
    assert [outcome for outcome in told["outcomes"] if outcome["what"] == "drafted" and not outcome["ok"]] == []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
