"""The journal: every finished draft by its key, so that a run that ended at any moment goes on where it was."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from pathlib import Path

from replykit.batch.store import Store
from replykit.errors import BatchError

SUFFIX = ".journal"
FORMAT = "1"


class Journal(Store):
    """What a batch has finished, in a file beside its output.

    Args:
        path: The journal's file.
        identity: What the drafts hang on; a journal begun with another one is refused.
        fresh: Forget what is there.

    Raises:
        BatchError: The settings have changed since it was begun, another run is using it, or it is no journal.
    """

    def __init__(self, path: Path, identity: Mapping[str, str], *, fresh: bool = False) -> None:
        if fresh:
            remove(path)
        super().__init__(path, alone=True)
        wanted = {"format": FORMAT, **identity}
        try:
            self._agree(wanted)
        except BatchError:
            self.close()
            raise

    def _agree(self, wanted: dict[str, str]) -> None:
        known = self.notes()
        if not known:
            self.note(wanted)
            return
        pairs = ((name, known.get(name), value) for name, value in wanted.items())
        changed = [f"{name} was {before}, is {value}" for name, before, value in pairs if before != value]
        if changed:
            raise BatchError(
                f"{self.path} was begun with other settings ({'; '.join(changed)}): "
                f"put them back to go on, or start over with --fresh"
            )


def journal_of(target: Path) -> Path:
    """Where the journal of an output is."""
    return target.with_name(target.name + SUFFIX)


def key_of(row_id: object, body: bytes) -> bytes:
    """What one row is known by: its id and its input. The settings are the journal's own."""
    return hashlib.blake2b(repr(row_id).encode() + b"\0" + body, digest_size=16).digest()


def remove(path: Path) -> None:
    """Delete a journal and the log that belongs to it, where no other run is using it.

    Raises:
        BatchError: Another run is using it.
    """
    if path.is_file():
        # a file that is not a store at all is what somebody starts over for
        with contextlib.suppress(BatchError) if not _is_store(path) else contextlib.nullcontext():
            Store(path, alone=True).close()
    for each in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        each.unlink(missing_ok=True)


def _is_store(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(15) == b"SQLite format 3"
