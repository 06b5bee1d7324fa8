"""The room that reads cue files and finds their phrases in a message.

A cue is written in words: `|` separates alternatives of one slot, `?` makes a slot optional, `*` stands for any ending,
`_` joins words of one alternative, `...` stands for up to four words, `<name>` for a list of `words.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from replykit.classify.tokens import Words, fold
from replykit.errors import LibraryError

GAP = r"(?:[^\W_][^ ]* ){0,4}?"
SPECIAL = ("<bigmoney>", "<money_amount>", "<caps>")
_SYMBOL = {"?", "!!", "??", "?!", "£", "$", "€"}
_SPLIT = re.compile(r"[^\W_]+(?:'[^\W_]+)*\*?|\S")
# A negator this many words before a cue turns it round: "not asking for a refund", "never been rude".
REACH = 3
NEGATORS = frozenset("not no never without nor hardly neither nothing nobody".split())
_HARMLESS = frozenset(
    "believe only just even stop help wait understand imagine recommend know say think tell explain get see".split()
)
CAPITALS = re.compile(r"\b[A-Z]{4,}\b(?:\W+[A-Z]{2,}\b)*")


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in a message: words `first` to `last`, turned round by a negation before it or not."""

    cue: str
    first: int
    last: int
    negated: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    cue: str
    match: Callable[[str, int], re.Match[str] | None]


def _fold_phrase(phrase: str) -> str:
    stars = phrase.endswith("*")
    words = [w for w, _ in fold(phrase.removesuffix("*").replace("_", " ").lower().split())]
    return " ".join(words) + ("*" if stars else "")


class _Lexicon:
    """The lists of `words.yaml`, folded as messages are."""

    def __init__(self, lists: Mapping[str, Sequence[Any]]) -> None:
        self.lists = {name: [_fold_phrase(str(w)) for w in words] for name, words in lists.items()}

    def alternatives(self, slot: str, where: tuple[str, str]) -> list[str]:
        out: list[str] = []
        for part in slot.split("|"):
            if part.startswith("<") and part.endswith(">"):
                if part[1:-1] not in self.lists:
                    raise LibraryError(*where, f"{part} is no list of classifier/words.yaml; add it there or write words")
                out += self.lists[part[1:-1]]
            elif part:
                out.append(_fold_phrase(part))
        if not out:
            raise LibraryError(*where, f"{slot!r} holds no word; write at least one alternative")
        return out


def _source(alternatives: Sequence[str]) -> str:
    parts = [re.escape(a.removesuffix("*")) + (r"[^ ]*" if a.endswith("*") else "") for a in alternatives]
    return "(?:" + "|".join(sorted(parts, key=len, reverse=True)) + ")(?= |$)"


def _slots(phrase: str, lexicon: _Lexicon, where: tuple[str, str]) -> list[tuple[list[str], bool]]:
    slots: list[tuple[list[str], bool]] = []
    for slot in phrase.split():
        optional = slot.endswith("?") and slot not in _SYMBOL
        slots.append(([], False) if slot == "..." else (lexicon.alternatives(slot.removesuffix("?") if optional else slot, where), optional))
    if not slots or slots[0][1] or not slots[0][0]:
        raise LibraryError(*where, f"{phrase!r} must begin with a word that is always there")
    return slots


def _pattern(slots: Sequence[tuple[list[str], bool]]) -> str:
    out = _source(slots[0][0])
    for alternatives, optional in slots[1:]:
        if not alternatives:
            out += " " + GAP
            continue
        piece = _source(alternatives)
        lead = "" if out.endswith(GAP) else " "
        out += f"(?:{lead}{piece})?" if optional else lead + piece
    return out.replace(" " + GAP + " ", " " + GAP)


class Cues:
    """All cues, indexed by the word they begin with, so that a message is walked once.

    Args:
        records: File name to its content, `{"field": ..., "cues": {kind: [phrases]}}`; cue names are `field.kind`.
        lists: The content of `words.yaml`.

    Raises:
        LibraryError: A file has an unknown key, no field, or a phrase that cannot be read.
    """

    def __init__(self, records: Mapping[str, Any], lists: Mapping[str, Sequence[Any]]) -> None:
        lexicon = _Lexicon(lists)
        self.names: list[str] = []
        self.specials: dict[str, list[str]] = {}
        self._exact: dict[str, list[_Entry]] = {}
        self._prefix: dict[str, list[_Entry]] = {}
        self._memo: dict[str, tuple[_Entry, ...]] = {}
        for file, record in records.items():
            for name, phrases in _checked(file, record):
                self.names.append(name)
                self._add(name, phrases, lexicon, (file, name))

    def _add(self, name: str, phrases: Sequence[str], lexicon: _Lexicon, where: tuple[str, str]) -> None:
        by_head: dict[str, list[str]] = {}
        for phrase in phrases:
            if phrase in SPECIAL:
                self.specials.setdefault(phrase, []).append(name)
                continue
            slots = _slots(str(phrase), lexicon, where)
            for head in slots[0][0]:
                by_head.setdefault(head, []).append(_pattern([([head], False), *slots[1:]]))
        for head, patterns in by_head.items():
            first = head.split(" ")[0]
            table = self._prefix if first.endswith("*") else self._exact
            entry = _Entry(name, _Lazy("|".join(dict.fromkeys(patterns))).match)
            table.setdefault(first.removesuffix("*"), []).append(entry)

    def _entries(self, word: str) -> tuple[_Entry, ...]:
        found = self._memo.get(word)
        if found is None:
            entries = list(self._exact.get(word, ()))
            for length in range(1, len(word) + 1):
                entries += self._prefix.get(word[:length], ())
            if len(self._memo) > 50_000:
                self._memo.clear()
            found = self._memo[word] = tuple(entries)
        return found

    def find(self, message: Words) -> list[Hit]:
        """Every cue in the message, in reading order; one cue counts once per word that it begins at."""
        hits: list[Hit] = []
        canon = message.canon
        for i, word in enumerate(message.words):
            for entry in self._entries(word):
                match = entry.match(canon, message.places[i])
                if match:
                    last = message.at(max(match.end() - 1, match.start()))
                    hits.append(Hit(entry.cue, i, last, negated(message.words, i)))
        return hits


class _Lazy:
    """A pattern that is compiled when a message first needs it, as start-up must stay quick."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._compiled: re.Pattern[str] | None = None

    def match(self, canon: str, place: int) -> re.Match[str] | None:
        if self._compiled is None:
            self._compiled = re.compile(self._source)
        return self._compiled.match(canon, place)


def negated(words: Sequence[str], first: int) -> bool:
    """Whether a negation within three words before `first`, in the same sentence, turns what follows round."""
    for i in range(first - 1, max(first - 1 - REACH, -1), -1):
        word = words[i]
        if word in ".!?" or word in ("but", "!!", "??", "?!"):
            return False
        if (word in NEGATORS or word.endswith("n't")) and words[min(i + 1, first)] not in _HARMLESS:
            return True
    return False


def _checked(file: str, record: Any) -> Iterator[tuple[str, Sequence[str]]]:
    if not isinstance(record, Mapping) or not isinstance(record.get("cues"), Mapping) or not record.get("field"):
        raise LibraryError(file, "cues", "a cue file needs `field:` and `cues:` with a list of phrases for each kind")
    if unknown := set(record) - {"field", "cues"}:
        raise LibraryError(file, sorted(unknown)[0], "unknown key; a cue file has `field` and `cues`")
    for kind, phrases in record["cues"].items():
        if not isinstance(phrases, list) or not all(isinstance(p, str) for p in phrases):
            raise LibraryError(file, str(kind), "write a list of phrases, each in quotation marks")
        yield f"{record['field']}.{kind}", phrases
