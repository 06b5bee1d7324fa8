"""The room that reads cue files and finds their phrases in a message.

A cue is written in words: `|` separates alternatives of one slot, `?` makes a slot optional, `*` stands for any ending,
`_` joins words of one alternative, `...` stands for up to four words, `<name>` for a list of `words.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from zlib import crc32

from replykit.classify.tokens import Words, fold
from replykit.errors import LibraryError

GAP = r"(?:[^\W_][^ ]* ){0,4}?"
SPECIAL = ("<bigmoney>", "<money_amount>", "<caps>")
_SYMBOL = {"?", "!!", "??", "?!", "£", "$", "€"}
_SPLIT = re.compile(r"[^\W_]+(?:'[^\W_]+)*\*?|\S")
# A negator this many words before a cue turns it round: "not asking for a refund", "never been rude".
REACH = 3
# So many words are remembered before the memory is emptied.
MEMORY = 20_000
# English first, then what foreign messages are most often turned round with.
NEGATORS = frozenset(
    "not no never without nor hardly neither nothing nobody não nao nicht kein keine keinen pas ni geen niet non".split()
)
_HARMLESS = frozenset(
    "believe only just even stop help wait understand imagine recommend know say think tell explain get see".split()
)
CAPITALS = re.compile(r"\b[A-Z]{4,}\b(?:\W+[A-Z]{2,}\b)*")


class Hit(NamedTuple):
    """A cue found in a message: words `first` to `last`, turned round by a negation before it or not.

    `phrase` is a short mark of the phrase in the cue file, the same wherever in the file the phrase stands.
    """

    cue: str
    first: int
    last: int
    negated: bool
    phrase: str = ""


@dataclass(slots=True, eq=False)
class _Entry:
    """One phrase: its cue, its mark, its slots, and what the second word must be (None where it may be any).

    It is compiled when a message first needs it, as start-up must stay quick.
    """

    cue: str
    phrase: str
    slots: Sequence[tuple[list[str], bool]]
    second: tuple[frozenset[str], tuple[str, ...]] | None
    match: Callable[[str, int], re.Match[str] | None] | None = None

    def compiled(self) -> Callable[[str, int], re.Match[str] | None]:
        """The pattern's own `match`."""
        self.match = re.compile(_pattern(self.slots)).match
        return self.match


class _Start:
    """The phrases that may begin with one word; most of them are ruled out by the word after it alone."""

    __slots__ = ("_fitting", "always", "entries", "openings", "seconds")

    def __init__(self, entries: Sequence[_Entry]) -> None:
        self.entries = entries
        self.always = tuple(e for e in entries if e.second is None)
        narrow = [e.second for e in entries if e.second is not None]
        self.seconds = frozenset(word for whole, _ in narrow for word in whole)
        self.openings = tuple(dict.fromkeys(opening for _, openings in narrow for opening in openings))
        self._fitting: dict[str, tuple[_Entry, ...]] = {}

    def before(self, after: str) -> tuple[_Entry, ...]:
        """Those that fit before a word which at least one of them names, in the order of the files."""
        found = self._fitting.get(after)
        if found is None:
            found = self._fitting[after] = tuple(
                e for e in self.entries if e.second is None or after in e.second[0] or after.startswith(e.second[1])
            )
        return found


def _fold_phrase(phrase: str) -> str:
    stars = phrase.endswith("*")
    words = [w for w, _ in fold(phrase.removesuffix("*").replace("_", " ").lower().split())]
    return " ".join(words) + ("*" if stars else "")


class _Lexicon:
    """The lists of `words.yaml`, folded as messages are."""

    def __init__(self, lists: Mapping[str, Sequence[Any]]) -> None:
        self.lists = {name: [_fold_phrase(str(w)) for w in words] for name, words in lists.items()}
        self._seen: dict[str, list[str]] = {}

    def alternatives(self, slot: str, where: tuple[str, str]) -> list[str]:
        if slot in self._seen:
            return self._seen[slot]
        out: list[str] = []
        for part in slot.split("|"):
            if part.startswith("<") and part.endswith(">"):
                if part[1:-1] not in self.lists:
                    raise LibraryError(
                        *where, f"{part} is no list of classifier/words.yaml; add it there or write words"
                    )
                out += self.lists[part[1:-1]]
            elif part:
                out.append(_fold_phrase(part))
        if not out:
            raise LibraryError(*where, f"{slot!r} holds no word; write at least one alternative")
        self._seen[slot] = out
        return out


def _source(alternatives: Sequence[str]) -> str:
    parts = [re.escape(a.removesuffix("*")) + (r"[^ ]*" if a.endswith("*") else "") for a in alternatives]
    return "(?:" + "|".join(sorted(parts, key=len, reverse=True)) + ")(?= |$)"


def _slots(phrase: str, lexicon: _Lexicon, where: tuple[str, str]) -> list[tuple[list[str], bool]]:
    slots: list[tuple[list[str], bool]] = []
    for slot in phrase.split():
        optional = slot.endswith("?") and slot not in _SYMBOL
        slots.append(
            ([], False)
            if slot == "..."
            else (lexicon.alternatives(slot.removesuffix("?") if optional else slot, where), optional)
        )
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


def _second(slots: Sequence[tuple[list[str], bool]]) -> tuple[frozenset[str], tuple[str, ...]] | None:
    """What the word after the first can be: whole words and beginnings; None where that says nothing."""
    if any(" " in head for head in slots[0][0]):
        return None
    allowed: list[str] = []
    for alternatives, optional in slots[1:]:
        if not alternatives:
            return None
        allowed += [a.split(" ")[0] for a in alternatives]
        if not optional:
            whole = frozenset(a for a in allowed if not a.endswith("*"))
            return whole, tuple(a.removesuffix("*") for a in allowed if a.endswith("*"))
    return None


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
        self._memo: dict[str, _Start] = {}
        for file, record in records.items():
            for name, phrases in _checked(file, record):
                self.names.append(name)
                self._add(name, phrases, lexicon, (file, name))

    def _add(self, name: str, phrases: Sequence[str], lexicon: _Lexicon, where: tuple[str, str]) -> None:
        for phrase in phrases:
            if phrase in SPECIAL:
                self.specials.setdefault(phrase, []).append(name)
                continue
            slots = _slots(phrase, lexicon, where)
            entry = _Entry(name, f"{crc32(phrase.encode()) & 0xFFFF:04x}", slots, _second(slots))
            for first in dict.fromkeys(head.split(" ")[0] for head in slots[0][0]):
                table = self._prefix if first.endswith("*") else self._exact
                table.setdefault(first.removesuffix("*"), []).append(entry)

    def _starting(self, word: str) -> _Start:
        """The phrases that may begin with a word."""
        found = self._memo.get(word)
        if found is None:
            entries = list(self._exact.get(word, ()))
            for length in range(1, len(word) + 1):
                entries += self._prefix.get(word[:length], ())
            if len(self._memo) > MEMORY:
                self._memo.clear()
            found = self._memo[word] = _Start(entries)
        return found

    def find(self, message: Words) -> list[Hit]:
        """Every cue in the message, in reading order; one phrase counts once per word that it begins at."""
        hits: list[Hit] = []
        canon, words, places = message.canon, message.words, message.places
        known = self._memo
        for i, (word, after) in enumerate(zip(words, [*words[1:], ""], strict=False)):
            start = known.get(word) or self._starting(word)
            entries = start.always
            if after in start.seconds or (start.openings and after.startswith(start.openings)):
                entries = start.before(after)
            if not entries:
                continue
            place, turned = places[i], None
            for entry in entries:
                match = (entry.match or entry.compiled())(canon, place)
                if match:
                    if turned is None:
                        turned = negated(words, i)
                    last = message.at(max(match.end() - 1, place))
                    hits.append(Hit(entry.cue, i, last, turned, entry.phrase))
        return hits


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
        raise LibraryError(file, min(unknown), "unknown key; a cue file has `field` and `cues`")
    for kind, phrases in record["cues"].items():
        if not isinstance(phrases, list) or not all(isinstance(p, str) for p in phrases):
            raise LibraryError(file, str(kind), "write a list of phrases, each in quotation marks")
        yield f"{record['field']}.{kind}", phrases
