"""What goes out: lines of JSON in the order of the input, in a file that takes its name only once it is whole."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Self

from replykit.batch.rows import Row
from replykit.errors import BatchError

SUFFIX = ".part"
BUFFER = 1 << 20
HELD = 1024
"""Lines that wait in memory for an earlier one; beyond that they are fetched from the journal again."""


class Kept(NamedTuple):
    """A line whose draft is in the journal."""

    id: Any
    key: bytes


class Output:
    """The output file.

    Args:
        target: Its name once it is whole; until then it has `.part` behind it, and is written anew by each run.
        fetch: The draft of a key, from the journal.
        ordered: Whether lines keep the order of their rows.

    Raises:
        BatchError: It cannot be written.
    """

    def __init__(self, target: Path, fetch: Callable[[bytes], bytes | None], *, ordered: bool) -> None:
        self._target, self._fetch, self._ordered = target, fetch, ordered
        self._part = target.with_name(target.name + SUFFIX)
        self._next = 1
        self._early: dict[int, bytes | Kept] = {}
        try:
            self._file = self._part.open("wb", buffering=BUFFER)
        except OSError as error:
            problem = f"{self._part} cannot be written: {error.strerror}; give another place for the output"
            raise BatchError(problem) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def early(self) -> int:
        """Lines that wait for an earlier one."""
        return len(self._early)

    def put(self, place: int, line: bytes | Kept) -> None:
        """The line for the row at this place, counted from 1 without gaps."""
        if not self._ordered or place == self._next:
            self._write(line)
            self._next += 1
            while self._early and (line := self._early.pop(self._next, b"")):
                self._write(line)
                self._next += 1
            return
        self._early[place] = line

    def put_draft(self, place: int, row: Row, draft: bytes) -> None:
        """The same for a draft that is in the journal already, which need not be held in memory."""
        waits = self._ordered and place != self._next and len(self._early) >= HELD
        self.put(place, Kept(row.id, row.key) if waits else drafted(row.id, draft))

    def flush(self) -> None:
        """Let others see what has been written."""
        self._file.flush()

    def finish(self) -> None:
        """Give the file its name; what was there before is replaced in one step."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._target)

    def _write(self, line: bytes | Kept) -> None:
        if isinstance(line, Kept):
            line = drafted(line.id, self._fetch(line.key) or b"{}")
        self._file.write(line)


def drafted(row_id: Any, draft: bytes) -> bytes:
    """The line of a draft: its row's id in front of everything else."""
    return b'{"id":' + _json(row_id) + b"," + draft[1:] + b"\n"


def refused(row: Row, error: str) -> bytes:
    """The line of a row that could not be drafted."""
    return b'{"id":' + _json(row.id) + b',"line":' + _json(row.number) + b',"error":' + _json(error) + b"}\n"


def _json(value: Any) -> bytes:
    return json.dumps(value, default=str).encode()
