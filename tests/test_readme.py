"""The README is true: its code runs, and what it prints is what stands there."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
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


@pytest.mark.parametrize(("code", "shown"), PYTHON, ids=range(len(PYTHON)))
def test_python_prints_what_the_readme_says(code: str, shown: tuple[str, str]):
    """Each block of Python runs, and prints the block of text that follows it."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
    assert ("text", out.getvalue()) == shown


@pytest.mark.parametrize("session", CONSOLE, ids=range(len(CONSOLE)))
def test_commands_print_what_the_readme_says(session: str, tmp_path: Path):
    """Each session of commands prints what it shows."""
    command, _, shown = session.removeprefix("$ ").partition("\n")
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        command,
        shell=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": path, "COLUMNS": "80"},
        check=False,
    )
    assert done.stdout + done.stderr == shown


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
