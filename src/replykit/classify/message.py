"""The room that prepares one message for reading: the customer's own words, the cues in them, the clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from replykit.classify.cues import CAPITALS, Cues, Hit
from replykit.classify.tokens import Words, read_words
from replykit.classify.view import clauses, customer_side

# Sums of this size are a large loss for most customers.
BIG = 1000.0
_MONEY_SIGNS = frozenset("£$€¥")
_MONEY_WORDS = frozenset("euro euros pounds pound dollars dollar bucks quid eur gbp usd aud cad rupees chf".split())


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its place in the text, its first and last word, and the cues in it."""

    start: int
    end: int
    first: int
    last: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message prepared for reading. `text` is the original; `words` come from the customer's side of it."""

    text: str
    words: Words
    hits: tuple[Hit, ...]
    clauses: tuple[Clause, ...]
    found: frozenset[str] = field(default_factory=frozenset)

    def every_word(self) -> list[str] | None:
        """All words of the text; None where some were left out, of the business's side or beyond the limit."""
        return self.words.words if self.words.text == self.text else None


def prepare(text: str, cues: Cues) -> Message:
    """Read a text into words, cues and clauses; works for any text."""
    own = customer_side(text)
    words = read_words(own)
    hits = (*cues.find(words), *_special_hits(own, words, cues))
    return Message(text, words, hits, _clauses(own, words, hits), frozenset(h.cue for h in hits if not h.negated))


def _clauses(own: str, words: Words, hits: Sequence[Hit]) -> tuple[Clause, ...]:
    out: list[Clause] = []
    at = 0
    by_first: dict[int, list[Hit]] = {}
    for hit in hits:
        by_first.setdefault(hit.first, []).append(hit)
    for start, end in clauses(own[: words.ends[-1]] if words.words else ""):
        first = at
        while first < len(words.words) and words.starts[first] < start:
            first += 1
        at = first
        while at < len(words.words) and words.starts[at] < end:
            at += 1
        if at > first:
            inside = tuple(h for i in range(first, at) for h in by_first.get(i, ()))
            out.append(Clause(start, end, first, at - 1, inside))
    return tuple(out)


def _special_hits(own: str, words: Words, cues: Cues) -> list[Hit]:
    hits: list[Hit] = []
    for name in cues.specials.get("<caps>", ()):
        for match in CAPITALS.finditer(own):
            if len(match.group()) >= 8 and words.words:
                hits.append(_around(name, words, match.start(), match.end()))  # noqa: PERF401  # four levels in one expression would be harder to read
    money = cues.specials.get("<money_amount>", ()), cues.specials.get("<bigmoney>", ())
    if any(money):
        for first, last, value in sums(words):
            hits += [Hit(name, first, last, False) for name in money[0]]  # noqa: FBT003  # the record says what it is
            hits += [Hit(name, first, last, False) for name in money[1] if value >= BIG]  # noqa: FBT003  # the record says what it is
    return hits


def _around(name: str, words: Words, start: int, end: int) -> Hit:
    inside = [i for i in range(len(words.words)) if words.starts[i] < end and words.ends[i] > start]
    return Hit(name, inside[0] if inside else 0, inside[-1] if inside else 0, False)  # noqa: FBT003  # the record says what it is


def sums(words: Words) -> list[tuple[int, int, float]]:
    """Sums of money as (first word, last word, value); thousands may be written with a comma, a point or a k."""
    out: list[tuple[int, int, float]] = []
    said = words.words
    for i, word in enumerate(said):
        before = i > 0 and said[i - 1] in _MONEY_SIGNS
        if not word[0].isdigit() or (i and said[i - 1][:1].isdigit()):  # inside a number that was read from its start
            continue
        last = i
        value = _number(word)
        while last + 1 < len(said) and said[last + 1].isdigit() and words.starts[last + 1] - words.ends[last] == 1:
            last += 1
            value = value * 1000 + _number(said[last]) if len(said[last]) == 3 else value
        after = last + 1 < len(said) and (said[last + 1] in _MONEY_SIGNS or said[last + 1] in _MONEY_WORDS)
        named = i > 0 and said[i - 1] in _MONEY_WORDS
        if before or after or named:
            out.append((i - 1 if before or named else i, last + 1 if after else last, value))
    return out


def _number(word: str) -> float:
    digits = "".join(c for c in word if c.isdecimal())[:12]
    return float(digits or 0) * (1000 if word.endswith("k") else 1)
