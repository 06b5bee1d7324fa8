"""The room of the word lists: `prompts/lexicons/*.yaml`, each a mapping from a name to the wordings it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from replykit.errors import LibraryError
from replykit.rules.notation import one_of, read_piece
from replykit.rules.pattern import NotationError, Piece


class Lexicon(Mapping[str, Piece]):
    """The names that patterns may use, compiled when first asked for; a list may itself use other names.

    Args:
        files: What the lexicon files hold, by path.

    Raises:
        LibraryError: A list cannot be read, or two lists need each other.
    """

    def __init__(self, files: Mapping[str, Any]) -> None:
        self._sources: dict[str, tuple[str, list[str]]] = {}
        for path, content in files.items():
            if not isinstance(content, dict):
                raise LibraryError(path, "", "must be a mapping from a name to a list of wordings")
            for name, wordings in content.items():
                self._sources[str(name)] = (path, _wordings(path, str(name), wordings))
        self._pieces: dict[str, Piece] = {}
        self._open: list[str] = []

    def __getitem__(self, name: str) -> Piece:
        if name not in self._pieces:
            self._pieces[name] = self._read(name)
        return self._pieces[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def __contains__(self, name: object) -> bool:
        return name in self._sources

    def _read(self, name: str) -> Piece:
        path, wordings = self._sources[name]
        if name in self._open:
            raise LibraryError(path, name, f"needs itself through {' > '.join(self._open)}; take one of them out")
        self._open.append(name)
        try:
            return one_of([read_piece(wording, self) for wording in wordings])
        except NotationError as error:
            raise LibraryError(path, name, str(error)) from error
        finally:
            self._open.pop()


def _wordings(path: str, name: str, value: Any) -> list[str]:
    if isinstance(value, str):
        return [w for w in (part.strip() for part in value.split(";")) if w]
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        return value
    raise LibraryError(path, name, "must be a list of wordings, or one string of wordings parted by semicolons")
