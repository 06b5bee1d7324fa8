"""The room where messy text becomes canonical text, with a way back to every original character.

Two views share one map: `cased` keeps capitals, `text` is lower-cased with contractions written out ("can't" and
"cannot" are both "can not") and common misspellings of telling words mended. Everything runs in time linear in the
length: each step is one pass of a pattern that cannot backtrack, and only the places that change are recorded.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from replykit.spelling import FOLDS, SUFFIXES

Edit = tuple[int, int, str]

ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}[0-9]{0,2});")
TAG = re.compile(r"</?(?:p|br|b|i|u|em|strong|span|div|ul|ol|li|a|h[1-6])(?: [^<>\n]{0,200})?/?>", re.IGNORECASE)
BREAKING_TAG = re.compile(r"</?(?:p|br|div|ul|ol|li|h)", re.IGNORECASE)
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
CLUSTER = re.compile(r"(?:[A-Za-z](?=[\u0300-\u036f])|[^\x00-\x7f])[\u0300-\u036f]{0,8}")
EMPHASIS = re.compile(
    r"(?<![\w*])(?P<star>\*{1,3})(?=[^\s*])[^*\n]{1,300}(?<=[^\s*])(?P=star)(?![\w*])"
    r"|(?<![\w_])(?P<bar>_{1,2})(?=[^\s_])[^_\n]{1,300}(?<=[^\s_])(?P=bar)(?![\w_])"
    r"|(?P<tick>`)[^`\n]{1,300}`|(?P<strike>~~)[^~\n]{1,300}~~"
)
LINE_MARK = re.compile(r"(?m)^[ \t]{0,3}(?:#{1,6}|>)[ \t]+")
SPACED_OUT = re.compile(r"(?<![\w'])[A-Za-z](?P<gap>[ .*_-])(?:[A-Za-z](?P=gap)){2,30}[A-Za-z](?![\w'])")
SPACE = re.compile(
    r"[ \t\r]*\n[ \t\r]*(?:\n\s*|(?=(?:[-•*]|[0-9]{1,2}[.)])[ \t]))|(?: [ \t\r\n]|[\t\r\n\f\v])[ \t\r\n\f\v]*"
)
DOUBLE_DASH = re.compile(r" ?--+ ?")
TAIL = re.compile(r"'[a-z]+")
HEAD = re.compile(r"(?<![a-z'])[a-z]+\Z")
BARE = re.compile(r"[a-z]+")
MIXED = re.compile(r"[^\W\d_]+")

# Letters of other alphabets that look like Latin ones: what Unicode's confusables table lists for them, kept to
# the Cyrillic and Greek letters that pass for English in ordinary fonts.
LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнбгАЕОРСУХІЈЅКМТВНοαενρτυικγωΑΒΕΖΗΙΚΜΝΟΡΤΥΧɡ",
    "aeopcyxijsdhlkmtbhbrAEOPCYXIJSKMTBHoaevptuikywABEZHIKMNOPTYXg",
)
PUNCTUATION = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\uff07", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
    **dict.fromkeys("\u2014\u2015", " - "),
    "\u2026": "...", "\u2028": "\n", "\u2029": "\n\n", "\u2022": "-",
}  # fmt: skip

CAPITAL = re.compile(r"\\.|\(\?P|[A-Z]")


@dataclass(frozen=True, slots=True)
class Normal:
    """A text in canonical form and the map back: `span` turns canonical offsets into original ones.

    The map is a list of pieces. A piece that was copied maps character by character; one that was rewritten maps
    to the whole of what it replaced.
    """

    original: str
    cased: str
    text: str
    starts: list[int]
    origins: list[int]
    ends: list[int]
    copied: list[bool]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets that the canonical passage `start:end` came from; never empty for a non-empty one."""
        if not self.starts:
            return 0, 0
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = max(bisect_right(self.starts, max(end - 1, start)) - 1, 0)
        left = self.origins[first] + (start - self.starts[first] if self.copied[first] else 0)
        right = self.origins[last] + (max(end, start) - self.starts[last]) if self.copied[last] else self.ends[last]
        return min(left, len(self.original)), min(max(right, left), len(self.original))


class _Pieces:
    """Canonical text in the making, one pass of edits after another."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts, self.origins, self.ends, self.copied = [0], [0], [len(text)], [True]

    def apply(self, edits: Iterable[Edit]) -> None:
        """Carry out edits, in order and without overlap, and fold them into the map."""
        edits = [e for e in edits if self.text[e[0] : e[1]] != e[2]]
        if not edits:
            return
        before = Normal(self.text, "", "", self.starts, self.origins, self.ends, self.copied)
        out: list[str] = []
        self.starts, self.origins, self.ends, self.copied = [], [], [], []
        at = length = piece = 0
        for start, end, new in [*edits, (len(self.text), len(self.text), "")]:
            if start > at:
                piece = self._copy(before, piece, at, start, length)
                out.append(before.original[at:start])
                length += start - at
            if new:
                self._add(length, *_unclipped(before, start, end), copied=False)
                out.append(new)
                length += len(new)
            at = end
        self.text = "".join(out)

    def _copy(self, before: Normal, piece: int, start: int, end: int, length: int) -> int:
        """Keep the pieces that cover `start:end`, moved to `length`; returns where the next search may begin."""
        starts = before.starts
        while piece + 1 < len(starts) and starts[piece + 1] <= start:
            piece += 1
        here = piece
        while here < len(starts) and starts[here] < end:
            into = max(start - starts[here], 0)
            stop = starts[here + 1] if here + 1 < len(starts) else len(before.original)
            if before.copied[here]:
                origin = before.origins[here] + into
                self._add(
                    length + max(starts[here] - start, 0),
                    origin,
                    origin + min(stop, end) - max(starts[here], start),
                    copied=True,
                )
            else:
                self._add(length + max(starts[here] - start, 0), before.origins[here], before.ends[here], copied=False)
            here += 1
        return piece

    def _add(self, start: int, origin: int, end: int, *, copied: bool) -> None:
        self.starts.append(start)
        self.origins.append(origin)
        self.ends.append(end)
        self.copied.append(copied)


def _unclipped(before: Normal, start: int, end: int) -> tuple[int, int]:
    """Where an edit came from. `before.original` is the text of the pass before, so nothing may be clipped to it."""
    first = bisect_right(before.starts, start) - 1
    last = bisect_right(before.starts, max(end - 1, start)) - 1
    left = before.origins[first] + (start - before.starts[first] if before.copied[first] else 0)
    right = before.origins[last] + (end - before.starts[last]) if before.copied[last] else before.ends[last]
    return left, max(right, left)


def normalise(text: str) -> Normal:
    """The canonical form of any text, with its map; never raises. The steps follow Unicode's NFKC and what mail does to text."""
    pieces = _Pieces(text)
    for needed, step in _STEPS:
        if needed(pieces.text):
            pieces.apply(step(pieces.text))
    cased = pieces.text
    small = lowered(cased)
    pieces.apply((start, end, _as_cased(cased[start:end], new)) for start, end, new in _foldings(small))
    return Normal(text, pieces.text, lowered(pieces.text), pieces.starts, pieces.origins, pieces.ends, pieces.copied)


def _as_cased(old: str, new: str) -> str:
    if old.isupper() and len(old) > 1:
        return new.upper()
    return new[0].upper() + new[1:] if old[:1].isupper() else new


def lowered(text: str) -> str:
    """The text in small letters, character by character, so that offsets hold."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def lowered_pattern(source: str) -> str:
    """A regular expression for text in small letters, which `re` searches in half the time that ignoring case takes.

    Capitals become small ones; escapes and the names of groups stay.
    """
    return CAPITAL.sub(lambda m: m[0] if len(m[0]) > 1 else m[0].lower(), source)


def _entities(text: str) -> Iterator[Edit]:
    for m in ENTITY.finditer(text):
        yield m.start(), m.end(), html.unescape(m[0])


def _tags(text: str) -> Iterator[Edit]:
    for m in TAG.finditer(text):
        yield m.start(), m.end(), "\n" if BREAKING_TAG.match(m[0]) else ""


def _characters(text: str) -> Iterator[Edit]:
    for m in CLUSTER.finditer(text):
        folded = _fold(m[0])
        if folded != m[0]:
            yield m.start(), m.end(), folded


@lru_cache(maxsize=4096)
def _fold(cluster: str) -> str:
    """One character with its accents, in compatibility form; invisible ones become nothing."""
    if cluster in PUNCTUATION:
        return PUNCTUATION[cluster]
    kept = "".join(c for c in cluster if unicodedata.category(c) != "Cf")
    folded = unicodedata.normalize("NFKC", kept)
    return "".join(PUNCTUATION.get(c, " " if unicodedata.category(c) == "Zs" else c) for c in folded)


def _look_alikes(text: str) -> Iterator[Edit]:
    for m in MIXED.finditer(text):
        word = m[0]
        if word.isascii():
            continue
        latin = word.translate(LOOK_ALIKES)
        if (latin != word and any(c.isascii() for c in word)) or (latin.isascii() and len(word) == 1):
            yield m.start(), m.end(), latin


def _emphasis(text: str) -> Iterator[Edit]:
    for m in EMPHASIS.finditer(text):
        width = len(m["star"] or m["bar"] or m["tick"] or m["strike"])
        yield m.start(), m.start() + width, ""
        yield m.end() - width, m.end(), ""


def _line_marks(text: str) -> Iterator[Edit]:
    for m in LINE_MARK.finditer(text):
        yield m.start(), m.end(), ""


def _spaced_out(text: str) -> Iterator[Edit]:
    for m in SPACED_OUT.finditer(text):
        yield m.start(), m.end(), m[0].replace(m["gap"], "")


def _spaces(text: str) -> Iterator[Edit]:
    for m in SPACE.finditer(text):
        blank = m[0]
        broken = blank.count("\n") > 1 or ("\n" in blank and LIST_MARK.match(text, m.end()) is not None)
        yield m.start(), m.end(), "\n" if broken else " "


LIST_MARK = re.compile(r"(?:[-•*]|[0-9]{1,2}[.)])[ \t]")


def _dashes(text: str) -> Iterator[Edit]:
    for m in DOUBLE_DASH.finditer(text):
        yield m.start(), m.end(), " - "


def _foldings(lowered: str) -> list[Edit]:
    """Contractions written out and misspellings mended, as edits of the lower-cased text."""
    edits: list[Edit] = []
    for m in TAIL.finditer(lowered):
        start = HEAD.search(lowered, max(0, m.start() - 20), m.start())
        if start is not None:
            word = start[0] + m[0]
            new = FOLDS.get(word) or _written_out(word)
            if new is not None:
                edits.append((start.start(), m.end(), new))
    for word in FOLDS.keys() & set(BARE.findall(lowered)):
        edits += [(m.start(), m.end(), FOLDS[word]) for m in re.finditer(rf"(?<![a-z']){word}(?![a-z'])", lowered)]
    return sorted(edits)


def _written_out(word: str) -> str | None:
    stem, _, tail = word.partition("'")
    if tail == "t" and stem.endswith("n"):
        return f"{stem[:-1]} not"
    return f"{stem} {SUFFIXES[tail]}" if tail in SUFFIXES else None


def _has(*marks: str) -> Callable[[str], bool]:
    return lambda text: any(mark in text for mark in marks)


_STEPS: tuple[tuple[Callable[[str], bool], Callable[[str], Iterator[Edit]]], ...] = (
    (_has("&"), _entities),
    (_has("<"), _tags),
    (lambda text: not text.isascii(), _characters),
    (lambda text: not text.isascii(), _look_alikes),
    (_has("*", "_", "`", "~~"), _emphasis),
    (_has("#", ">"), _line_marks),
    (lambda _: True, _spaced_out),
    (_has("--"), _dashes),
    (_has("\n", "  ", "\t", "\r", "\f", "\v"), _spaces),
)
