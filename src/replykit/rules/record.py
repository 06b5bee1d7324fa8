"""The room where a rule file is read: every key checked, every pattern compiled, and what is wrong said plainly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, get_args

from replykit.errors import LibraryError
from replykit.rules.notation import read_each
from replykit.rules.pattern import NotationError, Pattern, Piece
from replykit.types import Category, Level

KINDS = ("phrase", "count", "required", "coverage", "number", "capitals", "commitment", "names")
PLACES = ("here", "sentence", "before", "after", "text", "customer")
VIEWS = ("words", "cased", "original")
TEXTS = ("kind", "category", "level", "message", "why", "source", "view", "signs", "fix", "of", "scope")
FLAGS = ("judge", "quoted", "reported", "advisory", "whole_sentence")
LISTS = ("patterns", "instead", "when")
KEYS = frozenset((*TEXTS, *FLAGS, *LISTS, "unless", "requires", "given", "examples", "limit"))
CATEGORIES, LEVELS = get_args(Category), get_args(Level)


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence of a rule file, with what the rule has to know about it."""

    text: str
    customer_message: str | None = None
    offers: tuple[str, ...] | None = None
    deadlines: tuple[str, ...] | None = None
    scope: str = "fragment"
    facts: tuple[str, ...] = ()
    customer_name: str | None = None


@dataclass(frozen=True)
class Rule:
    """One rule, checked and ready: what it looks for, what excuses it, and what to tell people.

    `unless` are excuses by where they stand: `here` (over the passage itself), `sentence`, `before`, `after` (the rest
    of the sentence and the two that follow), `text`, `customer` (in the message that is answered). `given` are
    conditions on that message; without it they are not met.
    """

    id: str
    file: str
    kind: str
    category: Category
    level: Level
    message: str
    why: str = ""
    source: str = ""
    patterns: tuple[Pattern, ...] = ()
    sources: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    lexicon: Mapping[str, Piece] = field(default_factory=dict, repr=False)
    limit: int = 0
    view: str = "words"
    signs: str = ""
    of: str = ""
    scope: str = "fragment"
    judge: bool = False
    quoted: bool = False
    reported: bool = False
    advisory: bool = False
    whole_sentence: bool = False
    instead: tuple[str, ...] = ()
    fix: str | None = None
    raw_examples: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def unless(self) -> Mapping[str, tuple[Pattern, ...]]:
        """What excuses a passage, by place; read when the rule first finds something."""
        return self._read("unless")

    @cached_property
    def given(self) -> Mapping[str, tuple[Pattern, ...]]:
        """What the customer's message must hold (`customer`) or must not (`customer_not`)."""
        return self._read("given")

    @cached_property
    def when(self) -> tuple[Pattern, ...]:
        """What a text must hold for the rule to ask for anything."""
        return self._read("when").get("text", ())

    @cached_property
    def raw(self) -> tuple[Pattern, ...]:
        """The patterns that see the text in another view than words."""
        return tuple(p for p in self.patterns if (p.view or self.view) != "words")

    def verify(self) -> Rule:
        """Read and compile everything that is otherwise read on first use.

        Raises:
            LibraryError: Something in the file cannot be read.
        """
        places = [self.patterns, self.when, *self.unless.values(), *self.given.values()]
        try:
            for pattern in (p for patterns in places for p in patterns):
                pattern.compiled  # noqa: B018  # compiling is the point
        except NotationError as error:
            raise LibraryError(self.file, "patterns", str(error)) from error
        return self

    def _read(self, key: str) -> dict[str, tuple[Pattern, ...]]:
        return {
            place: _patterns(self.file, f"{key}.{place}", list(found), self.lexicon)
            for place, found in self.sources.get(key, {}).items()
        }

    def examples(self, verdict: str) -> tuple[Example, ...]:
        """The sentences that this rule must `flag`, or must `allow`."""
        return tuple(_example(self.file, verdict, item) for item in self.raw_examples.get(verdict) or ())

    def say(self, match: str) -> str:
        """The message with the passage in it, shortened where it is long."""
        short = " ".join(match.split())
        return self.message.replace("{match}", short if len(short) <= 70 else short[:67].rstrip() + "...")


def read_rule(path: str, record: Any, lexicon: Mapping[str, Piece]) -> Rule:
    """Check one rule file's content and compile it.

    Raises:
        LibraryError: Naming the file, the key and what to write instead.
    """
    if not isinstance(record, dict):
        raise LibraryError(path, "", "must be a mapping of keys such as kind, category, level, message, patterns")
    for key in record:
        if key not in KEYS:
            raise LibraryError(path, str(key), f"is not a key of a rule; use one of {', '.join(sorted(KEYS))}")
    _words(path, record)
    values: dict[str, Any] = {k: record[k] for k in (*TEXTS, *FLAGS) if k in record}
    limit = record.get("limit", 0)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        raise LibraryError(path, "limit", "must be a whole number, the most that is allowed")
    examples = record.get("examples") or {}
    if not isinstance(examples, dict) or set(examples) - {"flag", "allow"}:
        raise LibraryError(path, "examples", "must hold only the lists flag and allow")
    return Rule(
        id=rule_id(path), file=path, limit=limit, raw_examples=examples,
        patterns=_patterns(path, "patterns", record.get("patterns"), lexicon),
        sources={"unless": _places(path, record), "given": _given(path, record.get("given")), "when": {"text": tuple(record.get("when") or ())}},
        lexicon=lexicon,
        instead=tuple(record.get("instead") or ()), **values,
    )  # fmt: skip


def rule_id(path: str) -> str:
    """The id of a rule: the name of its file."""
    return path.rsplit("/", 1)[-1].removesuffix(".yaml").removesuffix(".yml")


def _words(path: str, record: dict[str, Any]) -> None:
    for key in ("kind", "category", "level", "message"):
        if not record.get(key):
            raise LibraryError(path, key, "is missing; every rule needs it")
    for key in TEXTS:
        if key in record and not isinstance(record[key], str):
            raise LibraryError(path, key, f"must be text, not {type(record[key]).__name__}; put it in quotes")
    for key in FLAGS:
        if key in record and not isinstance(record[key], bool):
            raise LibraryError(path, key, "must be true or false")
    for key, allowed in (("kind", KINDS), ("category", CATEGORIES), ("level", LEVELS), ("view", VIEWS)):
        if key in record and record[key] not in allowed:
            raise LibraryError(path, key, f"{record[key]!r} is unknown; use one of {', '.join(allowed)}")
    for key in LISTS:
        if record.get(key) is not None and not _is_texts(record[key]):
            raise LibraryError(path, key, "must be a list of texts; put each in quotes")


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _patterns(path: str, key: str, value: Any, lexicon: Mapping[str, Piece]) -> tuple[Pattern, ...]:
    if value is None:
        return ()
    if not _is_texts(value):
        raise LibraryError(path, key, "must be a list of patterns; put each in quotes")
    try:
        return tuple(pattern for source in value for pattern in read_each(source, lexicon))
    except NotationError as error:
        raise LibraryError(path, key, str(error)) from error


def _places(path: str, record: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """`unless` and `requires` together: what excuses a passage, whether called an exception or a requirement."""
    found: dict[str, tuple[str, ...]] = {}
    for key in ("unless", "requires"):
        value = record.get(key) or {}
        if isinstance(value, list):
            value = {"sentence": value}
        if not isinstance(value, dict) or set(value) - set(PLACES):
            raise LibraryError(path, key, f"must be a list of patterns, or lists under {', '.join(PLACES)}")
        for place, patterns in value.items():
            if not _is_texts(patterns):
                raise LibraryError(path, f"{key}.{place}", "must be a list of patterns; put each in quotes")
            found[place] = found.get(place, ()) + tuple(patterns)
    return found


def _given(path: str, value: Any) -> dict[str, tuple[str, ...]]:
    if not value:
        return {}
    if (
        not isinstance(value, dict)
        or set(value) - {"customer", "customer_not"}
        or not all(map(_is_texts, value.values()))
    ):
        raise LibraryError(path, "given", "must hold lists of patterns under customer or customer_not")
    return {key: tuple(patterns) for key, patterns in value.items()}


def _example(path: str, verdict: str, item: Any) -> Example:
    if isinstance(item, str):
        return Example(item)
    keys = set(Example.__dataclass_fields__)
    if not isinstance(item, dict) or "text" not in item or set(item) - keys:
        raise LibraryError(path, f"examples.{verdict}", f"must be texts, or mappings with {', '.join(sorted(keys))}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in item.items()}
    return Example(**values)
