"""The command line on a real terminal: colour there and nowhere else, and nothing in a message that commands it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="pseudo-terminals are a thing of Unix")

RED = "\x1b[31m"
BOLD_RED = "\x1b[1;31m"
HOSTILE = "My kettle leaks \x1b]0;pwned\x07 and \x1b[2J\x9b2Jnobody answers my emails. I want a refund."


def on_a_terminal(*args: str, stdin: str, folder: Path, **environment: str) -> str:
    """What a terminal of 80 columns gets from a command, both streams."""
    master, slave = pty.openpty()
    settings = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLUMNS": "80", **environment}
    command = [sys.executable, "-m", "replykit", *args]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=slave, stderr=slave, cwd=folder, env=settings
    ) as process:
        os.close(slave)
        assert process.stdin
        process.stdin.write(stdin.encode())
        process.stdin.close()
        shown = b""
        try:
            while piece := os.read(master, 65536):
                shown += piece
        except OSError:
            pass  # Linux says end of file like this
    os.close(master)
    return shown.decode()


def test_a_terminal_gets_colour(tmp_path: Path):
    """What blocks is red where a person looks."""
    shown = on_a_terminal("check", "-", stdin="We can't do that.", folder=tmp_path)
    assert RED in shown or BOLD_RED in shown


def test_no_color_is_obeyed(tmp_path: Path):
    """With NO_COLOR, weight may stay and colour goes."""
    shown = on_a_terminal("check", "-", stdin="We can't do that.", folder=tmp_path, NO_COLOR="1")
    assert "flat-refusal" in shown
    assert (RED in shown, BOLD_RED in shown) == (False, False)


@pytest.mark.parametrize(
    "args", [("draft", "-", "--explain"), ("draft", "-", "--json"), ("classify", "-", "--explain"), ("prompt", "-")]
)
def test_a_message_cannot_command_the_terminal(args: tuple[str, ...], tmp_path: Path):
    """Escape sequences of a message do not reach the terminal, in whichever way it is shown."""
    shown = on_a_terminal(*args, stdin=HOSTILE, folder=tmp_path)
    assert "kettle" in shown
    assert [control for control in ("\x1b]0;", "\x1b[2J", "\x07", "\x9b") if control in shown] == []


def test_the_panel_fits_eighty_columns(tmp_path: Path):
    """No line of the why is wider than the terminal."""
    shown = on_a_terminal("draft", "-", stdin=HOSTILE, folder=tmp_path, NO_COLOR="1", TERM="dumb")
    frame = [line.rstrip("\r") for line in shown.split("\n") if line.startswith(("│", "╭", "╰"))]
    assert frame
    assert {len(line) for line in frame} == {80}
