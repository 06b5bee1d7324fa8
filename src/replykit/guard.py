"""Messages that give orders to the writer, and words that a model cannot have had from the business."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from replykit.errors import LibraryError
from replykit.normalise import LOOK_ALIKES
from replykit.types import Complaint

UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
NUMBER = re.compile(r"\d+")
SENTENCE_START = re.compile(r"(?:^|[.!?:;\n•\-–—“\"(]\s*)$")
SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")
ECHO = 16
"""So many words in a row from the message are a repetition of it, no longer a reflection."""
LEAK = 6
"""So many words in a row from the instructions are not a coincidence."""
LONGEST = 20_000
"""Characters of a field that are looked through."""


@dataclass(frozen=True, slots=True)
class Order:
    """One entry of `orders`: words of which one has to be there before it is worth while to look for the pattern."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Words:
    """One entry of `words`: what must not be written, and why."""

    pattern: re.Pattern[str]
    reason: str
    unless_given: bool


class Guard:
    """What is watched for; made once, from `prompts/guard.yaml`.

    Args:
        record: The parsed file.
        label: Its name for messages.
        wording: Gives the texts of our own wording, whose words are no sign of anything.

    Raises:
        LibraryError: An entry is broken.
    """

    def __init__(
        self, record: Mapping[str, Any], label: str = "prompts/guard.yaml", wording: Callable[[], Iterable[str]] = tuple
    ) -> None:
        self._label, self._wording = label, wording
        for key in ("orders", "raw", "fields", "granted", "words", "names"):
            if not isinstance(record.get(key), list):
                raise LibraryError(label, key, "is missing; add it as a list")
        self.promise, self.granted = (
            self._compiled("promise", record.get("promise", "")),
            self._patterns(record, "granted"),
        )
        self.directive = self._compiled("directive", record.get("directive", ""))
        self._raw, self._fields = self._patterns(record, "raw"), self._patterns(record, "fields")
        self._orders = tuple(self._order(f"orders.{i}", entry) for i, entry in enumerate(record["orders"]))
        self.names = frozenset(str(name).casefold() for name in record["names"])
        self.words = tuple(self._words(f"words.{i}", entry) for i, entry in enumerate(record["words"]))

    def _patterns(self, record: Mapping[str, Any], key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(self._compiled(f"{key}.{i}", source) for i, source in enumerate(record[key]))

    def _compiled(self, key: str, source: Any) -> re.Pattern[str]:
        # what is looked for in small letters needs no flag, and is found twice as fast without
        flags = 0 if key.startswith(("orders.", "fields.")) or "(?=\\w*[A-Z])" in str(source) else re.IGNORECASE
        try:
            return re.compile(_flags_first(str(source)), flags)
        except re.error as error:
            raise LibraryError(self._label, key, f"is not a regular expression: {error}") from None

    def _order(self, key: str, entry: Any) -> Order:
        if not isinstance(entry, dict) or set(entry) != {"words", "pattern"}:
            raise LibraryError(self._label, key, "needs words and pattern")
        return Order(tuple(map(str, entry["words"])), self._compiled(f"{key}.pattern", entry["pattern"]))

    def _words(self, key: str, entry: Any) -> Words:
        if not isinstance(entry, dict) or not {"pattern", "reason"} <= set(entry) <= {
            "pattern",
            "reason",
            "unless_given",
        }:
            raise LibraryError(self._label, key, "needs pattern and reason, and may have unless_given")
        return Words(self._compiled(key, entry["pattern"]), str(entry["reason"]), bool(entry.get("unless_given")))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words of our own wording, in their bare forms."""
        return frozenset(bare for text in self._wording() for bare in _bare_words(text))

    def orders(self, complaint: Complaint) -> str | None:
        """The words with which a complaint gives orders to whoever writes the reply; None where it does not."""
        customer = [entry.text for entry in complaint.history if entry.by == "customer"]
        for text in (complaint.text, complaint.subject or "", *customer):
            found = self._given_in(text[:LONGEST])
            if found:
                return found
        short = (complaint.customer.name, complaint.order.item, complaint.order.id)
        return next((hit for value in short if value and (hit := self._out_of_place(value))), None)

    def _out_of_place(self, value: str) -> str | None:
        text = plain(value[:LONGEST])
        return _first(self._fields, text) or self._given_in(value)

    def _given_in(self, text: str) -> str | None:
        small = plain(text)
        worth = (order.pattern for order in self._orders if any(word in small for word in order.words))
        return _first(self._raw, text) or _first(worth, small)


def _flags_first(source: str) -> str:
    """A pattern whose `(?m)` may stand in any branch, as editors write it, with the flag in front."""
    return "(?m)" + source.replace("(?m)", "") if "(?m)" in source else source


def _first(patterns: Iterable[re.Pattern[str]], text: str) -> str | None:
    return next((" ".join(m[0].split())[:80] or "unseen signs" for p in patterns if (m := p.search(text))), None)


def plain(text: str) -> str:
    """Small letters without disguise: look-alikes folded, unseen signs gone, curly quotes straight."""
    if not text.isascii():
        text = UNSEEN.sub("", unicodedata.normalize("NFKC", text))
        words = (
            word.translate(LOOK_ALIKES) if re.search(r"[a-zA-Z]", word) else word for word in re.split(r"(\s+)", text)
        )
        text = "".join(words).translate({0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"'})
    return text.lower()


class Watch:
    """The guard over one draft.

    Args:
        guard: What is watched for.
        message: What the customer wrote; a reply may use its words, but not repeat it.
        matter: Where the message speaks of the matter itself: spans of issues.
        given: What the business gives: facts, clauses, names. Their names, numbers and addresses may be used.
        inside: Texts that the customer must not see: instructions and prompts.
        language: The language that the reply is to be in.
        detect: Tells the language of a text.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        message: str,
        given: Collection[str],
        matter: Collection[tuple[int, int]] = (),
        inside: Collection[str] = (),
        language: str = "en",
        detect: Callable[[str], str] | None = None,
    ) -> None:
        self._guard, self._language, self._detect = guard, language, detect
        known = "\n".join((message, *given))
        self._given = "\n".join(given).casefold()
        self._known_words = {_stem(word) for word in WORD.findall(known.casefold())} | guard.names
        self._numbers = {number.lstrip("0") for number in NUMBER.findall(known)}
        self._orders = self._ordered(message, matter) - {word for text in given for word in _bare_words(text)}
        self._message = frozenset(_runs(message, ECHO))
        self._inside = frozenset().union(*(_run_set(text, LEAK) for text in inside)).difference(_runs(known, LEAK))

    def _ordered(self, message: str, matter: Collection[tuple[int, int]]) -> frozenset[str]:
        """Words that stand only in sentences which tell the writer what to do."""
        clean: set[str] = set()
        ordered: set[str] = set()
        for start, end in _sentences(message):
            sentence = message[start:end]
            about = any(start < b and a < end for a, b in matter)
            told = not about and self._guard.directive.search(plain(sentence))
            (ordered if told else clean).update(_bare_words(sentence))
        return frozenset(ordered - clean - self._guard.vocabulary) if ordered else frozenset()

    def objection(self, text: str) -> str | None:
        """Why a text of the model is not to be used; None where nothing speaks against it."""
        return next(self._objections(text), None)

    def _objections(self, text: str) -> Iterator[str]:
        for words in self._guard.words:
            for match in words.pattern.finditer(text):
                if not (words.unless_given and match[0].casefold() in self._given):
                    yield f"it holds {words.reason} ({match[0].strip()[:40]!r})"
        if obeyed := next((word for word in _bare_words(text) if word in self._orders), None):
            yield f"it does what the message tells the writer to do ({obeyed})"
        if promised := next(self._ungranted(text), None):
            yield f"it promises what only the customer named ({promised})"
        if unknown := [n for n in NUMBER.findall(text) if n.lstrip("0") not in self._numbers]:
            yield f"it holds a number that nobody gave ({unknown[0]})"
        if name := next(self._unknown_names(text), None):
            yield f"it holds a name that nobody gave ({name})"
        if self._message.intersection(_runs(text, ECHO)):
            yield "it repeats the message"
        if self._inside.intersection(_runs(text, LEAK)):
            yield "it repeats its instructions"
        if self._another_language(text):
            yield "it is in another language"

    def _ungranted(self, text: str) -> Iterator[str]:
        """Sums and days in sentences that promise, which are in nothing that the business gave."""
        for sentence in SENTENCES.split(text):
            if self._guard.promise.search(sentence):
                found = (match[0] for pattern in self._guard.granted for match in pattern.finditer(sentence))
                yield from (what for what in found if what.casefold() not in self._given)

    def _unknown_names(self, text: str) -> Iterator[str]:
        """Words with a capital inside a sentence that are in nothing we know; German writes every noun so."""
        if self._language == "de":
            return
        for match in WORD.finditer(text):
            word = match[0]
            begins = SENTENCE_START.search(text[max(0, match.start() - 4) : match.start()])
            capital = word[0].isupper() and (not begins or (len(word) > 1 and word.isupper()))
            if capital and _stem(word.casefold()) not in self._known_words:
                yield word

    def _another_language(self, text: str) -> bool:
        if self._detect is None or len(text.split()) < 5:
            return False
        found = self._detect(text)
        return found not in {self._language, "und"}


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in SENTENCES.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _bare_words(text: str) -> list[str]:
    """The words of a text without their commonest endings, so that one and many are the same; short ones left out."""
    return [_bare(word) for word in WORD.findall(text.casefold()) if len(word) > 2]


@lru_cache(maxsize=16384)
def _bare(word: str) -> str:
    return re.sub(r"(?:ies|es|s|ed|ing|y|e)$", "", _stem(word))


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    return re.sub(r"['’](?:s|ll|ve|re|d|m|t)$", "", word)


@lru_cache(maxsize=256)
def _run_set(text: str, size: int) -> frozenset[tuple[str, ...]]:
    """The runs of a text that many drafts have in common, such as our own instructions."""
    return frozenset(_runs(text, size))


def _runs(text: str, size: int) -> Sequence[tuple[str, ...]]:
    words = WORD.findall(text.casefold())
    return [tuple(words[i : i + size]) for i in range(len(words) - size + 1)]
