"""The room that finds the facts a reply may repeat: the item, numbers, sums, dates, who and what was promised."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from replykit.errors import LibraryError
from replykit.normalise import lowered, lowered_pattern
from replykit.types import Span

FILE = "classifier/mentions.yaml"
KINDS = ("order_id", "amount", "date", "duration", "contacts", "person", "channel", "promise", "item")
# Facts that would be read twice if they overlapped; a promise may well hold a date.
_APART = frozenset(("order_id", "amount", "date", "duration", "item"))
_DIGITS = frozenset("0123456789")
_NEEDS_DIGIT = frozenset(("order_id", "amount"))
MOST = 6


class Mentions:
    """The patterns of `mentions.yaml`.

    Args:
        record: A list of regular expressions for each kind, the list `goods`, and under `only_with` for each kind the
            words without one of which its patterns need not be tried.

    Raises:
        LibraryError: A kind is unknown, or a pattern does not compile.
    """

    def __init__(self, record: Mapping[str, Any]) -> None:
        if unknown := set(record) - {*KINDS, "goods", "only_with"}:
            raise LibraryError(FILE, min(unknown), f"unknown kind; use one of {', '.join(KINDS)}")
        goods = sorted((str(g) for g in record.get("goods", ())), key=len, reverse=True)
        names = "(?:" + "|".join(re.escape(g) for g in goods) + ")"
        self._sources = {k: [str(p).replace("<goods>", names) for p in record.get(k, ())] for k in KINDS}
        self._needs = {k: frozenset(map(str, words)) for k, words in record.get("only_with", {}).items()}
        self._compiled: dict[str, list[tuple[re.Pattern[str], bool]]] = {}

    def _patterns(self, kind: str) -> list[tuple[re.Pattern[str], bool]]:
        """The patterns of a kind, and whether each is for a text in small letters."""
        # Compiled when the first message comes, as start-up must stay quick.
        if kind not in self._compiled:
            self._compiled[kind] = [_compile(kind, source) for source in self._sources[kind]]
        return self._compiled[kind]

    def find(self, text: str, words: Collection[str] | None = None) -> tuple[Span, ...]:
        """The facts of a text in reading order, at most six of each kind, each once.

        Args:
            text: The message.
            words: All its words in lower case; they save time where they rule a kind out.
        """
        said = frozenset(words) if words is not None else None
        taken: list[tuple[int, int]] = []
        spans: list[Span] = []
        digits, small = not _DIGITS.isdisjoint(text), lowered(text)
        for kind in KINDS:
            if (kind in _NEEDS_DIGIT and not digits) or self._ruled_out(kind, said, digits):
                continue
            seen: set[str] = set()
            for start, end in self._places(kind, text, small):
                quote = text[start:end]
                clash = kind in _APART and any(start < e and s < end for s, e in taken)
                if clash or quote.lower() in seen or len(seen) >= MOST:
                    continue
                seen.add(quote.lower())
                spans.append(Span(kind=kind, quote=quote, start=start, end=end))
                if kind in _APART:
                    taken.append((start, end))
        return tuple(sorted(spans, key=lambda s: (s.start, s.end)))

    def _ruled_out(self, kind: str, said: frozenset[str] | None, digits: bool) -> bool:
        needs = self._needs.get(kind)
        if not needs or said is None:
            return False
        return needs.isdisjoint(said) and not (digits and "0" in needs)

    def _places(self, kind: str, text: str, small: str) -> Iterator[tuple[int, int]]:
        for pattern, is_small in self._patterns(kind):
            for match in pattern.finditer(small if is_small else text):
                start, end = match.span("it") if "it" in pattern.groupindex else match.span()
                while end > start and text[end - 1] in " ,\n":
                    end -= 1
                if end > start:
                    yield start, end


def _compile(kind: str, source: str) -> tuple[re.Pattern[str], bool]:
    cased = source.startswith("(?-i:") or (kind == "order_id" and "A-Z]{2" in source)
    try:
        if cased or "(?-i:" in source:
            return re.compile(source if cased else "(?i)" + source), False
        return re.compile(lowered_pattern(source)), True
    except re.error as error:
        raise LibraryError(FILE, kind, f"{source!r} is no regular expression: {error}") from error


def items_of(spans: Sequence[Span]) -> tuple[str, ...]:
    """The names of the goods among the mentions."""
    return tuple(s.quote for s in spans if s.kind == "item")
