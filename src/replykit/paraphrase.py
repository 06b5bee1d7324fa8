"""The room of the second tier: what a sentence reads like, where no rule knows its wording.

A sentence becomes a set of small features: stems, pairs of stems, and word classes (`prompts/paraphrase/classes.yaml`)
with their pairs and triples, so that "they flatly refuse" and "we must decline" look alike. Every feature carries one
small weight per category. The weights of a feature are the lanes of one whole number, so that scoring a sentence for
all categories at once is a sum of integers; no numpy is needed at run time.
"""

from __future__ import annotations

import base64
import math
import re
import struct
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from replykit.errors import LibraryError
from replykit.rules import Reading, Sentence
from replykit.types import Category, Finding

if TYPE_CHECKING:
    from replykit.library import Library

CLASSES, WEIGHTS, MESSAGES = "paraphrase/classes.yaml", "paraphrase/weights.json", "paraphrase/messages.yaml"
RULE = "reads-like-"
TOKEN = re.compile(r"[a-z]+|[0-9]+|[?!]+|,|\x1a+")
KEPT = frozenset(
    "to of for in on at by with from about into out up off it this that these those there here what who why where when "
    "how so as than then too very more most no yes please".split()
)  # small words that hold a sentence together: they stand for themselves in patterns of classes
DROPPED = frozenset("a an the".split())
SUFFIXES = ("ically", "ingly", "edly", "ies", "ied", "ing", "ed", "es", "ly", "s", "e", "y")
LONGEST = 120  # features are taken from this many words of a sentence: longer ones are lists, not sentences
LANE = 2  # bytes of one weight's lane
ROOM = 257  # rows that can be added before a lane of 16 bits, of steps up to 255, runs over
SHARE = 0.5  # of what is held against a sentence, how much must point to a category for it to be named
CONTENT = re.compile(r"[a-z]{4,}")
ENOUGH, MOSTLY = 4, 0.7  # words of four letters and more by which an echo is known, and how many must be the customer's
GREETING = re.compile(
    r"(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|(?:with )?(?:kind |best |warm |warmest |much )?(?:regards|wishes|love|sympathy|thanks|respect)"
    r"|regards|yours|sincerely|yours (?:sincerely|faithfully|truly)|all the best|best|many thanks|thanks|cheers)\b"
    r"[^.?!]{0,40}[,.!]?$"
)

Verdict = tuple[str, float, int, int]
"""A category, how probable it is, and the sentence's place in the canonical text."""


SURE = 0.95  # how probably a sentence must be all right for a rule's finding in it to be taken back
PLENTY = 40  # features, as many as a short clause shows: what more of them say counts for less and less


USUAL, FEW, MANY = 2, 4, 12
"""Sentences: of a fragment, on which thresholds were set; where more of them ease nothing, and where they ask no more."""


def stricter(probability: float, sentences: int) -> float:
    """A threshold for one sentence of so many: where one of twelve is wrong, any one of them seldom is."""
    odds = probability / (1 - probability) * max(1.0, min(sentences, MANY) / USUAL)
    return odds / (1 + odds)


def damping(shown: int) -> float:
    """By how much to weaken the evidence of so many features: they overlap, and a long sentence is not surer for it."""
    return min(1.0, math.sqrt(PLENTY / shown)) if shown else 1.0


def stem(word: str) -> str:
    """A word without its commonest endings: `refuse`, `refused` and `refusing` become one."""
    if len(word) < 4:
        return word
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word[:-1] if word[-1] in "ei" and len(word) > 3 else word


class Lexicon:
    """Word classes by stem, with what each word of a text has been seen to be."""

    def __init__(self, classes: Mapping[str, str]) -> None:
        self._classes: dict[str, tuple[str, ...]] = {}
        for name, words in classes.items():
            for word in words.split():
                key = stem(word) if word.isalpha() else word
                self._classes[key] = tuple(dict.fromkeys((*self._classes.get(key, ()), name)))
        self.seen: dict[str, tuple[str, str, tuple[str, ...]]] = {}

    def __call__(self, word: str) -> tuple[str, str, tuple[str, ...]]:
        """The word's stem, its symbol in patterns of classes (`#we`, `to`, `*`), and all its classes as features."""
        known = self.seen.get(word)
        if known is None:
            if len(self.seen) > 50_000:
                self.seen.clear()
            known = self.seen[word] = self._read(word)
        return known

    def _read(self, word: str) -> tuple[str, str, tuple[str, ...]]:
        if not word.isalpha():
            mark = "0" if word[0].isdigit() else '"' if word[0] == "\x1a" else word[:2]
            return mark, mark, ()
        root = stem(word)
        classes = self._classes.get(root, ())
        symbol = "" if word in DROPPED else f"#{classes[0]}" if classes else word if word in KEPT else "*"
        return root, symbol, tuple(f"#{c}" for c in classes)


def features(text: str, lexicon: Lexicon) -> set[str]:
    """What a canonical sentence shows: stems and their pairs; classes, their pairs, triples and pairs across a gap."""
    seen = lexicon.seen
    words = [seen.get(w) or lexicon(w) for w in TOKEN.findall(text)[:LONGEST]]
    stems = ["^", *[w[0] for w in words], "$"]
    symbols = ["^"]
    shown: set[str] = set()
    for _, symbol, classes in words:
        shown.update(classes)
        if symbol and not (symbol == "*" and symbols[-1] == "*"):
            symbols.append(symbol)
    symbols.append("$")
    pairs = [f"{a}_{b}" for a, b in pairwise(symbols)]
    shown.update(
        stems, [f"{a} {b}" for a, b in pairwise(stems)],
        pairs, [f"{a}_{b}" for a, b in zip(pairs, symbols[2:], strict=False)],
        [f"{a}~{b}" for a, b in zip(symbols, symbols[2:], strict=False)],
    )  # fmt: skip
    return shown


@dataclass(frozen=True)
class Weights:
    """What training left: one row of lanes per feature, and per category the bias, the slope and the threshold."""

    categories: tuple[str, ...]
    table: dict[str, int]
    bias: tuple[float, ...]
    scale: float
    thresholds: dict[str, float]
    lanes: struct.Struct

    @classmethod
    def read(cls, packed: Mapping[str, Any]) -> Weights:
        """The weights of `weights.json`."""
        categories = tuple(packed["categories"])
        width = len(categories)
        names = packed["features"].split("\n")
        lanes = bytearray(LANE * width * len(names))
        lanes[::LANE] = base64.b64decode(packed["lanes"])
        step, whole = LANE * width, int.from_bytes
        table = {name: whole(lanes[i * step : i * step + step], "little") for i, name in enumerate(names)}
        bias, thresholds = tuple(packed["bias"]), dict(packed["thresholds"])
        return cls(categories, table, bias, packed["scale"], thresholds, struct.Struct(f"<{width}H"))

    def probabilities(self, shown: set[str]) -> list[float]:
        """How probable each category is, in the order of `categories`."""
        rows = list(filter(None, map(self.table.get, shown)))  # no row is 0: its lanes lie around 128
        evidence = [0.0] * len(self.bias)
        for at in range(0, len(rows), ROOM):
            some = rows[at : at + ROOM]
            sums = self.lanes.unpack(sum(some).to_bytes(self.lanes.size, "little"))
            shift = 128 * len(some)
            evidence = [e + s - shift for e, s in zip(evidence, sums, strict=True)]
        worth = self.scale * damping(len(rows))
        logits = [b + e * worth for b, e in zip(self.bias, evidence, strict=True)]
        top = max(logits)
        powers = [math.exp(z - top) for z in logits]
        whole = sum(powers)
        return [p / whole for p in powers]


@dataclass(frozen=True)
class Advice:
    """What is said about one category, and what near a sentence clears it."""

    message: str
    why: str
    instead: tuple[str, ...]
    unless_near: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def read(cls, category: str, entry: Mapping[str, Any]) -> Advice:
        """The advice of one entry of `messages.yaml`.

        Raises:
            LibraryError: A key is missing, or a passage is no regular expression.
        """
        try:
            near = tuple(re.compile(p) for p in entry.get("unless_near", ()))
            return cls(entry["message"], entry["why"], tuple(entry["instead"]), near)
        except re.error as error:
            raise LibraryError(MESSAGES, f"{category}.unless_near", f"is not a regular expression: {error}") from None
        except KeyError as error:
            raise LibraryError(MESSAGES, f"{category}.{error.args[0]}", "is missing; add it") from None

    def clears(self, near: str) -> bool:
        """Whether what stands in and behind a sentence makes it all right."""
        return any(passage.search(near) for passage in self.unless_near)


class Paraphrase:
    """The second tier: says of each sentence what it reads like. Deterministic, and safe to share between threads.

    Args:
        lexicon: Word classes.
        weights: What training left.
        advice: What to say, by category.
        off: Rule ids not to report, such as `reads-like-argue`; `reads-like-*` stands for all.
    """

    def __init__(
        self, lexicon: Lexicon, weights: Weights, advice: Mapping[str, Advice], *, off: Collection[str] = ()
    ) -> None:
        self.lexicon, self.weights, self.advice = lexicon, weights, advice
        self.off = frozenset(weights.categories if RULE + "*" in off else (o.removeprefix(RULE) for o in off))
        self._clean = weights.categories.index("clean")

    @classmethod
    def from_library(cls, library: Library, *, off: Collection[str] = ()) -> Paraphrase:
        """The tier as the library words it.

        Raises:
            LibraryError: One of the files under `prompts/paraphrase` cannot be used.
        """
        messages = library.data(MESSAGES)
        try:
            weights = Weights.read(library.data(WEIGHTS))
        except (KeyError, ValueError, TypeError) as error:
            raise LibraryError(WEIGHTS, "", f"cannot be read ({error}); make it anew with train_paraphrase") from None
        advice = {c: Advice.read(c, messages[c]) for c in weights.categories if c in messages}
        silent = sorted(set(weights.categories) - set(advice) - {"clean"})
        if silent:
            raise LibraryError(MESSAGES, silent[0], "is missing; every category needs a message")
        return cls(Lexicon(library.data(CLASSES)), weights, advice, off=off)

    def __call__(self, sentences: Sequence[Sentence], customer: str | None = None) -> list[Verdict]:
        """What the sentences read like: category, probability and place of each that passes its threshold.

        Args:
            sentences: The sentences of a reading, with quoted words masked.
            customer: What the customer wrote; without it nothing is said about boundaries.
        """
        found: list[Verdict] = []
        least = {c: stricter(t, len(sentences)) for c, t in self.weights.thresholds.items()}
        theirs = frozenset(CONTENT.findall(customer.lower())) if customer else frozenset()
        for at, sentence in enumerate(sentences):
            if not _greets(sentence.text, last=at + 1 == len(sentences)) and not _echoes(sentence.text, theirs):
                near = " ".join(s.text for s in sentences[at : at + 3])
                suspects = self._suspects(sentence.text, near, customer, least)
                found += [(category, p, sentence.start, sentence.end) for category, p in suspects]
        return found

    def _suspects(
        self, text: str, near: str, customer: str | None, least: Mapping[str, float]
    ) -> Iterator[tuple[str, float]]:
        chances = self.weights.probabilities(features(text, self.lexicon))
        wrong = 1 - chances[self._clean]
        for category, p in zip(self.weights.categories, chances, strict=True):
            if category == "clean" or category in self.off or p < SHARE * wrong:
                continue
            if wrong < least[category] or (category == "boundary" and customer is None):
                continue
            if not self.advice[category].clears(near):
                yield category, p

    def clears(self, reading: Reading, start: int, end: int) -> bool:
        """Whether every sentence of a canonical passage is all but surely one of a good reply."""
        within = [s.text for s in reading.sentences if s.start < end and start < s.end]
        chances = (self.weights.probabilities(features(text, self.lexicon))[self._clean] for text in within)
        doubt = stricter(1 - SURE, min(len(reading.sentences), FEW))
        return bool(within) and all(1 - p < doubt for p in chances)

    def findings(self, reading: Reading, customer: str | None = None) -> Iterator[Finding]:
        """The verdicts on a reading as findings of level `warn`, rule `reads-like-<category>`."""
        for category, probability, first, last in self(reading.sentences, customer):
            start, end = reading.normal.span(first, last)
            advice = self.advice[category]
            yield Finding(
                rule=RULE + category, category=cast("Category", category), level="warn", start=start, end=end,
                quote=reading.normal.original[start:end], message=advice.message, why=advice.why,
                instead=advice.instead, probability=round(probability, 3),
            )  # fmt: skip


def _echoes(text: str, theirs: frozenset[str]) -> bool:
    """Whether a sentence mostly says back what the customer wrote: those are not the reply's own words."""
    own = CONTENT.findall(text) if theirs else []
    return len(own) >= ENOUGH and sum(word in theirs for word in own) >= MOSTLY * len(own)


def _greets(text: str, *, last: bool) -> bool:
    """Whether a line only greets or signs off."""
    signed = last and text[-1] not in ".?!" and text.count(" ") < 3 and len(text) < 24
    return signed or GREETING.match(text) is not None
