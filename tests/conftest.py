"""What tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from replykit.cli import app
from replykit.errors import ReplyKitError

# The server that fails as told and the small model, for every test that speaks HTTP.
pytest_plugins = ("endpoints",)

SETTINGS = (
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "REPLYKIT_MODEL",
    "REPLYKIT_POLICY",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLUMNS",
)


class Ran(NamedTuple):
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def settings_of_this_machine_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, model or policy of whoever runs the tests reaches a test."""
    for name in SETTINGS:
        if name in os.environ:
            monkeypatch.delenv(name)


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs the command line in an empty working directory, in this process, as `main()` would."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    def run(*args: str, stdin: str | bytes = "") -> Ran:
        result = runner.invoke(app, args, input=stdin, prog_name="replykit")
        if isinstance(result.exception, ReplyKitError):
            return Ran(2, result.stdout, f"{result.stderr}replykit: {result.exception}\n")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of what is not right yet, from a list that everybody can read; one that passes fails the run."""
    lines = (Path(__file__).parent / "open_tests.txt").read_text(encoding="utf-8").splitlines()
    known = {line for line in lines if line and not line.startswith("#")}
    for item in items:
        if item.nodeid in known:
            item.add_marker(pytest.mark.xfail(reason="open: not right yet"))
