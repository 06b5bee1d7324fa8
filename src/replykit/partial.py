"""JSON as models write it: read field by field while it arrives, with the noise around it, and when it was cut off."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from typing import Any

STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"', re.DOTALL)
ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')
SPACE = re.compile(r"[\s,]*")
COLON = re.compile(r"\s*:\s*")
THOUGHTS = re.compile(r"\s*<think(?:ing)?>")
THOUGHTS_END = re.compile(r"</think(?:ing)?>")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

DECODER = json.JSONDecoder(strict=False)


class Fields:
    """The fields of one JSON object, each as soon as it is complete.

    Example:
        >>> fields = Fields()
        >>> fields.feed('Sure: {"opening": "Good mor')
        []
        >>> fields.feed('ning", "closing": "Bye')
        [('opening', 'Good morning')]
    """

    def __init__(self) -> None:
        self._text = ""
        self._at = -1
        self._over = False

    def feed(self, piece: str) -> list[tuple[str, Any]]:
        """The fields that this piece of text completes, with their values."""
        self._text += piece
        found: list[tuple[str, Any]] = []
        while not self._over and (self._at >= 0 or self._open()) and (field := self._field()):
            found.append(field)
        return found

    def _open(self) -> bool:
        """Find the brace that begins the object, behind what a model says or thinks first."""
        start = 0
        if THOUGHTS.match(self._text):
            end = THOUGHTS_END.search(self._text)
            if end is None:
                return False
            start = end.end()
        brace = self._text.find("{", start)
        self._at = brace + 1 if brace >= 0 else -1
        return brace >= 0

    def cut_list(self) -> list[tuple[str, Any]]:
        """The list that was being written when the answer was cut off, with the items that are complete."""
        if self._over or self._at < 0 or (head := self._key()) is None or not self._text.startswith("[", head[1]):
            return []
        items: list[Any] = []
        at = self._skip(SPACE, head[1] + 1)
        with suppress(ValueError, RecursionError):
            while True:
                item, at = DECODER.raw_decode(self._text, at)
                items.append(cleaned(item))
                at = self._skip(SPACE, at)
        return [(head[0], items)]

    def _key(self) -> tuple[str, int] | None:
        """The name of the next field, and where its value begins."""
        key = STRING.match(self._text, self._skip(SPACE, self._at))
        colon = COLON.match(self._text, key.end()) if key else None
        return (text_of(key[1]), colon.end()) if key and colon else None

    def _field(self) -> tuple[str, Any] | None:
        """The next field, or None while it is not complete."""
        at = self._skip(SPACE, self._at)
        if self._text.startswith("}", at):
            self._over = True
            return None
        head = self._key()
        value = self._value(head[1]) if head else None
        if head is None or value is None:
            return None
        self._at = value[1]
        return head[0], value[0]

    def _value(self, at: int) -> tuple[Any, int] | None:
        """The value that begins here, and where it ends."""
        if self._text.startswith('"', at):
            string = STRING.match(self._text, at)
            return (text_of(string[1]), string.end()) if string else None
        with suppress(ValueError, RecursionError):
            value, end = DECODER.raw_decode(self._text, at)
            if end < len(self._text):  # a number may go on in the next piece
                return cleaned(value), end
        return None

    def _skip(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self._text, at)
        return match.end() if match else at


def text_of(raw: str) -> str:
    """The text of a JSON string without its quotes: escapes that JSON does not know are taken literally."""
    try:
        text: str = json.loads(f'"{raw}"', strict=False)
    except ValueError:
        mended = ESCAPE.sub(lambda m: m[0] if m[1] else "\\\\", raw)
        text = json.loads(f'"{mended}"', strict=False)
    return storable(text)


def storable(text: str) -> str:
    """Text that can be stored and shown anywhere, without halves of characters and without control characters."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return CONTROL.sub("", whole)


def cleaned(value: Any) -> Any:
    """A JSON value whose every text is storable."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): cleaned(item) for key, item in value.items()}
    return value


def object_of(text: str) -> dict[str, Any]:
    r"""The fields of the first JSON object in a text, or those that are complete where it was cut off.

    Of fields with the same name the first counts.

    Example:
        >>> object_of('```json\n{"a": "x", "b": ["y", "z')
        {'a': 'x', 'b': ['y']}
    """
    found: dict[str, Any] = {}
    fields = Fields()
    for name, value in [*fields.feed(text + "\n"), *fields.cut_list()]:
        found.setdefault(name, value)
    return found


def fields_from(pieces: Iterable[object]) -> Iterator[tuple[str, str]]:
    """The text fields of an answer as they are completed by its pieces; what is not a piece of text is passed over.

    A field that comes twice is yielded the first time only.
    """
    fields, seen = Fields(), set[str]()
    for piece in pieces:
        for name, value in fields.feed(piece) if isinstance(piece, str) else ():
            if isinstance(value, str) and name not in seen:
                seen.add(name)
                yield name, value


async def afields_from(pieces: AsyncIterator[object]) -> AsyncIterator[tuple[str, str]]:
    """The same as `fields_from` for an event loop."""
    fields, seen = Fields(), set[str]()
    async for piece in pieces:
        for name, value in fields.feed(piece) if isinstance(piece, str) else ():
            if isinstance(value, str) and name not in seen:
                seen.add(name)
                yield name, value
