"""The room that reads labelled messages and refuses those that would spoil the training, naming line, key and remedy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from replykit.errors import InputError
from replykit.types import Cause, IssueKind, Request, ReturnReason, Stakes, Threat, Tone

Row = dict[str, Any]
ONE: dict[str, tuple[str, ...]] = {"cause": get_args(Cause), "tone": get_args(Tone), "stakes": get_args(Stakes)}
SEVERAL: dict[str, tuple[str, ...]] = {
    "requests": get_args(Request),
    "threats": get_args(Threat),
    "secondary": get_args(Cause),
}


def read_rows(path: Path) -> list[Row]:
    """The labelled messages of a JSON-lines file.

    Raises:
        InputError: The file cannot be read, a line is no JSON object, or a label is not one that replykit knows.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text ({error}); pass a file of JSON lines") from error
    rows = [_row(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise InputError(f"{path}: holds no message; write one JSON object per line, with `text` and its labels")
    return rows


def _row(line: str, where: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"{where}: is not valid JSON ({error}); write one object per line") from error
    if not isinstance(row, dict):
        raise InputError(f'{where}: is not an object; write {{"text": …, "cause": …}}')
    for problem in _problems(row):
        raise InputError(f"{where}: {problem}")
    return row


def _problems(row: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(row.get("text"), str):
        yield "`text` is missing; put the customer's message there"
        return
    for key, labels in ONE.items():
        if row.get(key) not in labels:
            yield f"`{key}` is {row.get(key)!r}; use one of {', '.join(labels)}"
    for key, labels in SEVERAL.items():
        for label in row.get(key) or ():
            if label not in labels:
                yield f"`{key}` holds {label!r}; use {', '.join(labels)}"
    if row.get("return_reason") not in (None, *get_args(ReturnReason)):
        yield f"`return_reason` is {row['return_reason']!r}; use {', '.join(get_args(ReturnReason))} or null"
    for issue in row.get("issues") or ():
        if not isinstance(issue, dict) or issue.get("kind") not in get_args(IssueKind):
            yield f'`issues` holds {issue!r}; write {{"kind": …, "quote": …}} with one of {", ".join(get_args(IssueKind))}'
        elif not isinstance(issue.get("quote"), str) or issue["quote"] not in row["text"]:
            yield f"the quote of issue {issue['kind']!r} does not stand in the text; copy it exactly"
