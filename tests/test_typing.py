"""What type checkers make of programs that use replykit: right ones pass, wrong ones are told so."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAMS = sorted((ROOT / "tests" / "typing").glob("*.py"))
# Each line that says so must be refused, and no other.
MISTAKES = """
from replykit import Complaint, Draft, Policy, ReplyKit, compare

kit = ReplyKit(policy=Policy(company="Fern & Oak"))
kit = ReplyKit(modell="gpt")  # wrong
draft = kit.draft(42)  # wrong
words: int = kit.draft("It broke.").text  # wrong
draft = kit.draft("It broke.")
draft.txt  # wrong
kit.check("fine", scope="letter")  # wrong
for answer in kit.draft_many(["It broke."]):
    answer.text  # wrong
    if isinstance(answer, Draft):
        answer.text
late: Draft = kit.adraft("It broke.")  # wrong
compare("It broke.", kit.draft)  # wrong
Complaint(text="It broke.", channel="fax")  # wrong
"""
WRONG = {number for number, line in enumerate(MISTAKES.splitlines(), start=1) if line.endswith("# wrong")}


def has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of a user's own: programs, and replykit as it is installed, with its promise to be typed."""
    (tmp_path / "mistakes.py").write_text(MISTAKES, encoding="utf-8")
    for program in PROGRAMS:
        (tmp_path / program.name).write_bytes(program.read_bytes())
    return tmp_path


def output_of(command: list[str], folder: Path) -> str:
    env = {**os.environ, "MYPYPATH": "", "PYTHONPATH": ""}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=600).stdout


@pytest.mark.skipif(not has("mypy"), reason="needs mypy: pip install 'replykit[dev]'")
def test_mypy_passes_right_programs_and_refuses_each_mistake(folder: Path):
    """Mypy --strict finds exactly the lines that are wrong."""
    cache = f"--cache-dir={ROOT / '.mypy_cache'}"
    told = output_of([sys.executable, "-m", "mypy", "--strict", cache, "--no-error-summary", "."], folder)
    errors = {(name, int(line)) for name, line in re.findall(r"^(\w+\.py):(\d+): error", told, re.MULTILINE)}
    assert errors == {("mistakes.py", line) for line in WRONG}, told


@pytest.mark.skipif(not has("pyright"), reason="needs pyright: pip install 'replykit[dev]'")
def test_pyright_passes_right_programs_and_refuses_each_mistake(folder: Path):
    """Strict pyright finds exactly the lines that are wrong."""
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "reportUnusedExpression": False}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    told = output_of([sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable], folder)
    if not told.startswith("{"):
        pytest.skip(f"pyright cannot start here: {told[:200]}")
    found = json.loads(told)["generalDiagnostics"]
    errors = {(Path(f["file"]).name, f["range"]["start"]["line"] + 1) for f in found if f["severity"] == "error"}
    assert errors == {("mistakes.py", line) for line in WRONG}, found
