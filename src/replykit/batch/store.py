"""A table of keys and values on disk that survives any death of its writer: SQLite, set up for this work."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from replykit.errors import BatchError

BUSY_SECONDS = 30.0
CHECKPOINT_PAGES = 4000


class Store:
    """Keys and compressed values in one SQLite file with a write-ahead log.

    A transaction that was committed is there after a `kill -9`, and one that was not leaves no trace
    (https://sqlite.org/wal.html); several processes may read and write one file. SQLite rather than a cache library on
    top of it, because those pickle their values, and a pickle that somebody else put there runs their code.

    Args:
        path: The file; its folder must exist.
        alone: Refuse to share the file with another process for as long as it is open.

    Raises:
        BatchError: The file cannot be opened, is no such store, or is in use where it is wanted alone.
    """

    def __init__(self, path: Path, *, alone: bool = False) -> None:
        self.path = path
        try:
            self._db = sqlite3.connect(path, timeout=0.1 if alone else BUSY_SECONDS, isolation_level=None)
            self._prepare(alone=alone)
        except sqlite3.Error as error:
            raise BatchError(_problem(path, error)) from None

    def _prepare(self, *, alone: bool) -> None:
        if alone:
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        # rows are appended and an index finds them: keys are hashes, and a table sorted by them would scatter the rows
        self._db.execute("CREATE TABLE IF NOT EXISTS entries (key BLOB NOT NULL, value BLOB NOT NULL)")
        self._db.execute("CREATE UNIQUE INDEX IF NOT EXISTS by_key ON entries (key)")
        self._db.execute("CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Fold the log into the file and let go of it."""
        self._db.close()

    def get(self, key: bytes) -> bytes | None:
        """The value of a key."""
        found = self._db.execute("SELECT value FROM entries WHERE key = ?", (key,)).fetchone()
        try:
            return zlib.decompress(found[0]) if found else None
        except zlib.error:
            raise BatchError(f"{self.path} is damaged; move it away, or start over with --fresh") from None

    def put(self, entries: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep these, all or none of them; a key that is there keeps its value."""
        rows = [(key, zlib.compress(value, 1)) for key, value in entries]
        if not rows:
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT OR IGNORE INTO entries VALUES (?, ?)", rows)
        self._db.execute("COMMIT")

    def notes(self) -> dict[str, str]:
        """What is written about the entries."""
        return dict(self._db.execute("SELECT name, value FROM notes"))

    def note(self, notes: dict[str, str]) -> None:
        """Write something about the entries, all or none of it."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT OR REPLACE INTO notes VALUES (?, ?)", list(notes.items()))
        self._db.execute("COMMIT")

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM entries").fetchone()[0])


def _problem(path: Path, error: sqlite3.Error) -> str:
    if "locked" in str(error):
        return f"{path} is in use by another run; wait for it, or write to another file"
    if isinstance(error, sqlite3.OperationalError):
        return f"{path} cannot be opened ({error}); is its folder there, and may you write to it?"
    return f"{path} is not a journal of replykit ({error}); move it away, or start over with --fresh"
