"""Where feedback is kept: a file with one line for each draft that was sent, which only ever grows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from replykit.errors import InputError
from replykit.feedback.nouns import Feedback


class FeedbackStore:
    """A file of feedback, JSONL.

    Lines are appended in one write and brought to the disk before `record` returns, so that several people can write
    at once and a crash costs at most its own line. The file quotes sentences from replies: only its owner can read it.

    Args:
        path: The file; it is made when the first record comes.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def record(self, *found: Feedback) -> None:
        """Keep what became of drafts.

        Raises:
            InputError: The file cannot be written.
        """
        lines = b"".join(one.model_dump_json(exclude_defaults=True).encode() + b"\n" for one in found)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(file, "ab", buffering=0) as stream:
                left = (b"\n" if self._torn() else b"") + lines
                while left:
                    left = left[stream.write(left) :]
                os.fsync(stream.fileno())
        except OSError as error:
            raise InputError(f"{self.path} cannot be written: {error.strerror}; name another with --store") from None

    def _torn(self) -> bool:
        """Whether the last line has no end, because a machine went down in the middle of it."""
        with self.path.open("rb") as file:
            if not file.seek(0, os.SEEK_END):
                return False
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"

    def read(self) -> tuple[list[Feedback], int]:
        """What was recorded, in order, a later record of a case in place of an earlier one; and how many lines are broken.

        Raises:
            InputError: The file cannot be read.
        """
        found: dict[str, Feedback] = {}
        broken = 0
        for number, line in enumerate(self._lines()):
            try:
                one = Feedback.model_validate_json(line)
            except ValidationError:
                broken += 1
                continue
            key = one.id or f"\0{number}"
            found.pop(key, None)
            found[key] = one
        return list(found.values()), broken

    def _lines(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                yield from (line for line in file if line.strip())
        except OSError as error:
            problem = (
                f"{self.path} cannot be read: {error.strerror}; record something first, or name another with --store"
            )
            raise InputError(problem) from None
