"""What importing replykit costs those who do not use all of it."""

from __future__ import annotations

import subprocess
import sys

import pytest


def modules_after(code: str) -> set[str]:
    """The top-level packages that are loaded once the code has run in a process of its own."""
    script = f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_replykit_leaves_the_heavy_packages_alone():
    """`import replykit` and its public names load neither openai nor the packages of the command line."""
    loaded = modules_after("from replykit import *")
    assert loaded & {"openai", "httpx", "httpx2", "typer", "rich", "sklearn", "numpy", "ray"} == set()


def test_an_offline_kit_leaves_openai_alone():
    """A kit without a model drafts and checks without openai."""
    loaded = modules_after(
        "from replykit import ReplyKit; kit = ReplyKit(); kit.check(kit.draft('My kettle broke.').text)"
    )
    assert "openai" not in loaded


@pytest.mark.parametrize("module", ["replykit.cli", "replykit.__main__"])
def test_the_help_needs_only_the_command_line(module: str):
    """Loading the command line, which is what `--help` and completion need, loads none of the library's packages."""
    assert modules_after(f"import {module}") & {"openai", "pydantic", "jinja2", "yaml", "sklearn"} == set()
