"""The README is true: its code runs, and what it prints is what stands there."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml

from replykit.types import Policy

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(match["kind"], match["body"]) for match in BLOCK.finditer(README)]
PYTHON = [(body, BLOCKS[n + 1]) for n, (kind, body) in enumerate(BLOCKS) if kind == "python"]
CONSOLE = [body for kind, body in BLOCKS if kind == "console"]
SHELL = [body.strip() for kind, body in BLOCKS if kind == "sh"]
REMEDY = "where the new output is right, write it into the README: python tests/test_readme.py"


def printed_by(code: str) -> str:
    """What a block of Python prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
    return out.getvalue()


def answered_to(command: str, folder: str | Path) -> str:
    """What a command of the shell prints in an empty folder, on both streams."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {"PATH": path, "COLUMNS": "80", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=folder, env=environment, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize(("code", "shown"), PYTHON, ids=range(len(PYTHON)))
def test_python_prints_what_the_readme_says(code: str, shown: tuple[str, str]):
    """Each block of Python runs, and prints the block of text that follows it."""
    assert ("text", printed_by(code)) == shown, REMEDY


@pytest.mark.parametrize("session", CONSOLE, ids=range(len(CONSOLE)))
def test_commands_print_what_the_readme_says(session: str, tmp_path: Path):
    """Each session of commands prints what it shows."""
    command, _, shown = session.removeprefix("$ ").partition("\n")
    assert answered_to(command, tmp_path) == shown, REMEDY


def test_code_that_needs_a_key_is_still_valid():
    """Blocks that cannot run here are Python all the same, and name only what the kit knows."""
    blocks = [body for kind, body in BLOCKS if kind == "python no-run"]
    assert blocks
    for body in blocks:
        compile(body, "README.md", "exec")


def test_the_policy_is_one_that_replykit_takes():
    """The policy in the README is valid."""
    (body,) = [body for kind, body in BLOCKS if kind == "yaml"]
    assert Policy.model_validate(yaml.safe_load(body)).company == "Fern & Oak"


def test_the_test_command_is_the_one_that_is_run_on_every_change():
    """What the README tells people to run is what .ci/run runs."""
    commands = SHELL[1].replace(".venv/bin/", "").split(" && ")[1:]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [command for command in commands if command not in script] == []


def rewritten() -> str:
    """The README with what its code and its commands print today."""
    text = README
    for code, (_, shown) in PYTHON:
        text = text.replace(f"```text\n{shown}```", f"```text\n{printed_by(code)}```", 1)
    for session in CONSOLE:
        command, _, shown = session.removeprefix("$ ").partition("\n")
        with tempfile.TemporaryDirectory() as folder:
            text = text.replace(f"$ {command}\n{shown}", f"$ {command}\n{answered_to(command, folder)}", 1)
    return text


if __name__ == "__main__":
    (ROOT / "README.md").write_text(rewritten(), encoding="utf-8")
