"""What comes in: files, standard input and lines of JSON, each refused with a remedy when it cannot be read."""

from __future__ import annotations

import glob
import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, get_args

from pydantic import ValidationError

from replykit.display.safe import printable
from replykit.errors import InputError
from replykit.types import Channel, Complaint

STDIN = "-"


class Row(NamedTuple):
    """One usable line of JSON."""

    number: int
    fields: dict[str, Any]

    @property
    def id(self) -> Any:
        """What the caller knows this line by."""
        return self.fields.get("id")


class Unusable(NamedTuple):
    """One line that could not be used, and why."""

    number: int
    id: Any
    error: str

    def shown(self) -> dict[str, Any]:
        """The error row that stands in for a result."""
        return {"id": self.id, "line": self.number, "error": self.error}


def text_from(path: str) -> str:
    """The text of a file, or of standard input for `-`.

    Raises:
        InputError: It cannot be read, or it is not UTF-8.
    """
    return decoded(_bytes_from(path), "standard input" if path == STDIN else path)


def decoded(raw: bytes, name: str) -> str:
    """Bytes as text, refused by name where they are not UTF-8.

    Raises:
        InputError: The bytes are in another encoding.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not UTF-8 (byte 0x{raw[error.start]:02x} at position {error.start}); "
            f"save it as UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8"
        ) from None


def complaint_from(path: str, **known: Any) -> Complaint:
    """A complaint from a text file, from standard input, or with all its fields from a `.json` file.

    Args:
        path: The file, or `-`.
        known: Fields given as flags; those that are None are left as the file has them.

    Raises:
        InputError: The file cannot be read, is empty, or holds a key that a complaint does not have.
    """
    text = text_from(path)
    fields = json_object(text, path) if path.endswith(".json") else {"text": text}
    fields |= {key: value for key, value in known.items() if value is not None}
    complaint = complaint_of(fields, path)
    if not complaint.text.strip():
        where = "standard input" if path == STDIN else path
        raise InputError(
            f"{where} holds no words; give the complaint as text in a file, or pipe it in: replykit draft -"
        )
    return complaint


def complaint_of(fields: dict[str, Any], name: str) -> Complaint:
    """A complaint from its fields.

    Raises:
        InputError: A key is unknown or its value does not fit.
    """
    try:
        return Complaint.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        problem = first["msg"]
        if first["type"] == "extra_forbidden":
            problem = f"is not a field of a complaint; there are {', '.join(Complaint.model_fields)}"
        raise InputError(f"{name}: {key}: {problem}") from None


def complaint_in(row: Row | Unusable, strange: set[str]) -> Complaint | Unusable:
    """The complaint of one line, or why there is none.

    Args:
        row: The line. Keys that a complaint does not have are the caller's own and are passed over.
        strange: Takes up the names of channels that replykit does not know; the line counts as an e-mail then, as an
            export from a helpdesk knows more channels than there are manners of writing.
    """
    if isinstance(row, Unusable):
        return row
    fields = {key: value for key, value in row.fields.items() if key in Complaint.model_fields}
    if isinstance(channel := fields.get("channel"), str) and channel not in get_args(Channel):
        strange.add(channel)
        del fields["channel"]
    try:
        return complaint_of(fields, "the line")
    except InputError as error:
        return Unusable(row.number, row.id, str(error))


def say_strange(channels: set[str]) -> None:
    """Say on standard error which channels were taken for e-mail."""
    if channels:
        names = ", ".join(repr(name) for name in sorted(channels))
        known = ", ".join(get_args(Channel))
        print(printable(f"replykit: unknown channels were taken for email: {names} (known: {known})"), file=sys.stderr)


def rows(path: str) -> Iterator[Row | Unusable]:
    """The lines of a JSONL file or of standard input, one by one; blank lines are passed over.

    Raises:
        InputError: The file cannot be opened.
    """
    with _opened(path) as stream:
        for number, raw in enumerate(stream, start=1):
            if raw.strip():
                yield _row(number, raw)


def expanded(patterns: list[str]) -> list[str]:
    """The files that paths and globs name, each once, in order.

    Raises:
        InputError: A glob matches nothing.
    """
    found: list[str] = []
    for pattern in patterns:
        if pattern == STDIN or Path(pattern).exists() or not glob.has_magic(pattern):
            found.append(pattern)
        elif matches := _matching(pattern):
            found.extend(matches)
        else:
            raise InputError(f"{pattern} matches no file; check the spelling, or the folder you are in")
    return list(dict.fromkeys(found))


def _matching(pattern: str) -> list[str]:
    # Path.glob would need the fixed part of an absolute pattern cut off first.
    return sorted(name for name in glob.glob(pattern, recursive=True) if Path(name).is_file())  # noqa: PTH207  # the pattern is what a person typed


def _row(number: int, raw: bytes) -> Row | Unusable:
    try:
        fields = json_object(decoded(raw, "the line"), "the line")
    except InputError as error:
        return Unusable(number, None, str(error))
    if not isinstance(fields.get("text"), str):
        return Unusable(number, fields.get("id"), 'the line has no "text"; each line is an object with id and text')
    return Row(number, fields)


def json_object(
    text: str, name: str, *, wanted: str = "an object with id and text", remedy: str = ""
) -> dict[str, Any]:
    """What a JSON text holds, which must be an object.

    Raises:
        InputError: It is something else; the message names it, says what was `wanted`, and ends in the `remedy`.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not JSON: {error}{remedy}") from None
    if not isinstance(value, dict):
        raise InputError(f"{name} holds a JSON {type(value).__name__}, where {wanted} belongs")
    return value


def _opened(path: str) -> AbstractContextManager[BinaryIO]:
    if path == STDIN:
        if sys.stdin.isatty():
            print("replykit: reading from the keyboard; end with Ctrl-D", file=sys.stderr)
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; give a file, or - for standard input") from None


def _bytes_from(path: str) -> bytes:
    try:
        with _opened(path) as stream:
            return stream.read()
    except IsADirectoryError:
        raise InputError(f"{path} is a folder; give a file") from None
