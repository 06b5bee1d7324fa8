"""What goes out: JSON for machines, consoles for people, colour only where a person looks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from rich.console import Console, RenderableType

from replykit.display.safe import CONTROLS, printable
from replykit.errors import InputError


def console(*, stderr: bool = False) -> Console:
    """A console that colours only on a terminal, obeys NO_COLOR, and is 80 columns wide where there is none."""
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)


def show(renderable: RenderableType | str, *, stderr: bool = False) -> None:
    """Print something made for eyes; in a pipe, without the blanks that fill its lines."""
    out = console(stderr=stderr)
    if out.is_terminal:
        out.print(renderable)
        return
    with out.capture() as captured:
        out.print(renderable)
    lines = (line.rstrip() for line in captured.get().split("\n"))
    print("\n".join(lines), end="", file=sys.stderr if stderr else sys.stdout)


def plain(value: BaseModel) -> dict[str, Any]:
    """A noun as JSON holds it."""
    fields: dict[str, Any] = value.model_dump(mode="json")
    return fields


def print_json(value: BaseModel | Mapping[str, Any] | list[Any]) -> None:
    """One JSON value, indented for eyes and read by machines."""
    print(_json(plain(value) if isinstance(value, BaseModel) else value, indent=2))


def print_line(value: Mapping[str, Any]) -> None:
    """One line of JSONL, sent on its way at once."""
    print(_json(value), flush=True)


def print_lines(values: Iterable[Mapping[str, Any]]) -> int:
    """Lines of JSONL as they come; returns how many of them are error rows, which also go to standard error."""
    unusable = 0
    for value in values:
        print_line(value)
        if "error" in value:
            unusable += 1
            print(printable(f"replykit: line {value['line']}: {value['error']}"), file=sys.stderr)
    return unusable


def print_text(text: str) -> None:
    """Text ready to copy; on a terminal, without what could command the terminal."""
    print(printable(text) if sys.stdout.isatty() else text, flush=True)


def write_text(path: str, text: str, option: str) -> None:
    """A file that was asked for with an option.

    Raises:
        InputError: It cannot be written.
    """
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}; give another file to {option}") from None


def _json(value: Any, *, indent: int | None = None) -> str:
    """JSON that reads well in any language; what could command a terminal is escaped, which JSON may always do."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return CONTROLS.sub(lambda control: f"\\u{ord(control.group()):04x}", text)
