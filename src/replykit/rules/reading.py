"""The room that reads a text once for all rules: canonical form, quotations masked, sentences with their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from replykit.normalise import Normal, normalise
from replykit.rules.pattern import FILLER_MARK, FILLERS, MARK_FILLERS, Pattern, stem_key

STOP = re.compile(r"[.!?]+[\"')\]]*(?=[ \n]|$)|\n")
ABBREVIATION = re.compile(
    r"(?:^|[ (\n])(?:mr|mrs|ms|mx|dr|prof|st|no|nos|e\.g|i\.e|approx|ref|ext|co|vs|inst|ult|[a-z])\.?$"
)
CLOCK = re.compile(r"[ 0-9](?:a\.m|p\.m)$")
QUOTED = re.compile(r"(?<!\w)\"([^\"\n]{1,400})\"|(?<![\w'])'(?=[^\s'])([^'\n]{2,300})(?<=[^\s'])'(?![\w'])")
CAPITALS = re.compile(r"[A-Z](?:[A-Z0-9]|[-_/#][A-Z0-9])")
MASK = "\x1a"
WORDS = re.compile(r"\w+")
LONGEST = 1500  # characters of one sentence; a longer run is cut at a space, so that hostile text stays linear


@dataclass(slots=True)
class Sentence:
    """One sentence of the canonical text with the words in it (and the stems that open-ended patterns look for)."""

    start: int
    end: int
    text: str
    words: set[str]


class Reading:
    """What the rules see of one text. `masked` is the canonical text with quotations blanked out, same length."""

    def __init__(self, text: str) -> None:
        self.normal: Normal = normalise(text)
        self.masked = _masked(self.normal.text)
        self._small: dict[str, str] = {}
        self._held: dict[tuple[int, bool], tuple[tuple[Pattern, ...], bool]] = {}

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences without what is quoted in them."""
        return list(_sentences(self.masked, self.normal.cased))

    @cached_property
    def unmasked(self) -> list[Sentence]:
        """The sentences with what is quoted in them; the same list where nothing is."""
        if self.masked == self.normal.text:
            return self.sentences
        return list(_sentences(self.normal.text, self.normal.cased))

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """Where the lines of the original text begin."""
        return (0, *(m.end() for m in re.finditer("\n", self.normal.original)))

    @cached_property
    def words(self) -> set[str]:
        """Every word outside quotations."""
        return set().union(*(s.words for s in self.sentences))

    def small(self, text: str) -> str:
        """A view of the text in small letters; empty where those are more or fewer than there were."""
        if text not in self._small:
            small = text.lower()
            self._small[text] = small if len(small) == len(text) else ""
        return self._small[text]

    def shows(self, signs: str, text: str) -> bool:
        """Whether a view of the text holds one of the signs that a pattern needs.

        Signs are single characters, or groups of them parted by spaces; `unicode` stands for anything beyond ASCII and
        `capitals` for two of them in a row, or one before a figure.
        """
        if not signs:
            return True
        if signs == "unicode":
            return not text.isascii()
        if signs == "capitals":
            return self.capitals
        return any(sign in text for sign in (signs.split() if " " in signs else signs))

    @cached_property
    def capitals(self) -> bool:
        """Whether anything is written in capitals, or in capitals and figures."""
        return CAPITALS.search(self.normal.cased) is not None

    @cached_property
    def every_word(self) -> set[str]:
        """Every word, quoted or not."""
        return set().union(*(s.words for s in self.unmasked))

    def holds(self, patterns: tuple[Pattern, ...], *, quoted: bool = False) -> bool:
        """Whether any of the patterns matches anywhere."""
        if not patterns:
            return False
        key = id(patterns), quoted  # the entry keeps the patterns, so that no others can come to have their id
        if key not in self._held:
            sentences = self.unmasked if quoted else self.sentences
            found = any(p.possible(s.words) and p.compiled.search(s.text) for p in patterns for s in sentences)
            self._held[key] = patterns, found
        return self._held[key][1]

    def find(self, patterns: tuple[Pattern, ...]) -> Iterator[tuple[int, int]]:
        """Canonical spans of everything that the patterns match, sentence by sentence."""
        for sentence in self.sentences:
            for pattern in patterns:
                if pattern.possible(sentence.words):
                    for m in pattern.compiled.finditer(sentence.text):
                        yield sentence.start + m.start(), sentence.start + m.end()


def _masked(text: str) -> str:
    if '"' not in text and "'" not in text:
        return text
    out, at = [], 0
    for m in QUOTED.finditer(text):
        start, end = m.span(1) if m[1] is not None else m.span(2)
        if end - start > 0.7 * len(text):
            continue
        out += [text[at:start], MASK * (end - start)]
        at = end
    return "".join(out) + text[at:] if out else text


def _sentences(text: str, cased: str) -> Iterator[Sentence]:
    start = 0
    for m in STOP.finditer(text):
        if m[0] == "." and _goes_on(text, cased, m.start(), m.end(), start):
            continue
        yield from _sentence(text, start, m.end())
        start = m.end()
    yield from _sentence(text, start, len(text))


def _goes_on(text: str, cased: str, stop: int, after: int, start: int) -> bool:
    """Whether a full stop belongs to an abbreviation and the sentence goes on behind it."""
    tail = text[max(start, stop - 8) : stop]
    if CLOCK.search(tail):
        return not cased[after + 1 : after + 2].isupper()
    found = ABBREVIATION.search(tail)
    if found is None:
        return False
    return found[0].strip(" (") not in ("no", "nos") or text[after + 1 : after + 2].isdigit()  # "No." or "no. 5"


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    while start < end and text[start] in " \n":
        start += 1
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        yield _made(text, start, cut)
        start = cut
    if start < end:
        yield _made(text, start, end)


def _made(text: str, start: int, end: int) -> Sentence:
    return Sentence(start, end, *_read(text[start:end]))


@lru_cache(maxsize=4096)
def _read(passage: str) -> tuple[str, set[str]]:
    """A sentence with its fillers marked, and its words; remembered, as replies share most of their sentences."""
    words = set(WORDS.findall(passage))
    words.update([stem_key(w) for w in words if len(w) > 3])
    return passage if FILLERS.isdisjoint(words) else MARK_FILLERS.sub(FILLER_MARK, passage), words


@lru_cache(maxsize=64)
def message_read(text: str) -> Reading:
    """A customer's message as the rules see it; remembered, as each version of a reply is held against it."""
    return Reading(text)
