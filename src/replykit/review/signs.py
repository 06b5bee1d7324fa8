"""By what each move is recognised and how much it counts: `review.yaml`, read once and refused where it is broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from replykit.errors import LibraryError
from replykit.library import Library
from replykit.types import Commitment, Finding

FILE = "review.yaml"
CLASS = re.compile(r"<(\w+)>")
STAR = re.compile(r"(?<=\w)\*")
KEYS = frozenset(
    "patterns never with share retells commits unless_commits two_of answers spoiled_by undone_by weight lighter partly".split()
)
COSTS = ("per_category", "per_grave", "per_blocking", "per_warning")
SOURCES = frozenset(
    "offers times people goodwill alternatives instead refused steps departments way_back facts".split()
)
"""Which words of a case a sign may name."""


@dataclass(frozen=True)
class Sign:
    """By what one move is recognised, and how much it counts."""

    pattern: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None
    words_of: tuple[str, ...] = ()
    share: float = 1.0
    retells: int = 0
    kinds: frozenset[str] = frozenset()
    clauses: tuple[str, ...] = ()
    unless_clauses: tuple[str, ...] = ()
    two_of: tuple[str, ...] = ()
    answers_each: bool = False
    spoiled_by: frozenset[str] = frozenset()
    undone_by: frozenset[str] = frozenset()
    weight: float = 1.0
    lighter: tuple[tuple[tuple[dict[str, Any], ...], float], ...] = ()
    partly: Mapping[str, float] = field(default_factory=dict)

    def allows(self, commitment: Commitment) -> bool:
        """Whether a promise of this kind, under the clause that allows it, shows the move."""
        return commitment.kind in self.kinds and licensed(commitment, self.clauses)


def licensed(commitment: Commitment, clauses: Iterable[str]) -> bool:
    """Whether a promise rests on one of these clauses, which may hold a star."""
    return commitment.clause is not None and any(fnmatchcase(commitment.clause, clause) for clause in clauses)


@dataclass(frozen=True)
class Scoring:
    """The file as read."""

    moves: Mapping[str, Sign]
    answered_by: Mapping[str, tuple[str, ...]]
    grave: frozenset[str]
    per_category: float
    per_grave: float
    per_blocking: float
    per_warning: float

    def kept(self, findings: Sequence[Finding]) -> float:
        """What findings leave of a score."""
        blocking = [f.category for f in findings if f.level == "block"]
        kept = self.per_blocking ** (len(blocking) - len(set(blocking)))
        for category in set(blocking):
            kept *= self.per_grave if category in self.grave else self.per_category
        return float(kept * self.per_warning ** sum(f.probability for f in findings if f.level == "warn"))


class Signs:
    """How moves are recognised in free text, and how a score is made of them.

    Args:
        library: Where `review.yaml` is.

    Raises:
        LibraryError: When first used: the file lacks a key, has one that is unknown, or holds a pattern that does not compile.
    """

    def __init__(self, library: Library) -> None:
        # Read when the first review asks: start-up must stay quick, and most kits never review.
        self._library = library

    @cached_property
    def _scoring(self) -> Scoring:
        raw, label = self._library.data(FILE), self._library.label(FILE)
        try:
            words = {name: "|".join(map(_word, rows)) for name, rows in raw["words"].items()}
            return Scoring(
                moves={name: _sign(row or {}, words, label, name) for name, row in raw["moves"].items()},
                answered_by=self._answered_by(raw["answered_by"]),
                grave=frozenset(raw["grave"]),
                **{name: float(raw[name]) for name in COSTS},
            )
        except KeyError as error:
            raise LibraryError(label, str(error.args[0]), "is missing; copy it from the shipped file") from None

    def _answered_by(self, named: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
        answered = {rule: tuple(moves) for rule, moves in named.items()}
        for strategy in self._library.strategies.values():
            for rule in strategy.satisfies:
                answered[rule] = (*answered.get(rule, ()), strategy.id)
        return answered

    @property
    def moves(self) -> Mapping[str, Sign]:
        """The signs by move."""
        return self._scoring.moves

    def answers(self, rule: str) -> tuple[str, ...]:
        """The moves that answer for what a rule misses."""
        return self._scoring.answered_by.get(rule, ())

    def kept(self, findings: Iterable[Finding]) -> float:
        """What findings leave of a score, from 0 to 1: by category, graver ones more, and warnings by their probability."""
        return self._scoring.kept(list(findings))

    def of(self, move: str) -> Sign:
        """The sign of a move; one without a row has neither signs nor weight, so that a house's own moves do no harm."""
        return self.moves.get(move, UNKNOWN)


UNKNOWN = Sign(weight=0.0)


def _word(word: object) -> str:
    return STAR.sub(r"\\w*", str(word))


def _sign(row: Mapping[str, Any], words: Mapping[str, str], label: str, name: str) -> Sign:
    where = f"moves.{name}"
    if unknown := set(row) - KEYS:
        raise LibraryError(label, f"{where}.{min(unknown)}", f"is not a key; there are {', '.join(sorted(KEYS))}")
    named = (*(row.get("with") or ()), *(row.get("two_of") or ()))
    if strange := set(named) - SOURCES:
        raise LibraryError(label, where, f"names {min(strange)!r}; there are {', '.join(sorted(SOURCES))}")
    commits = row.get("commits") or {}
    return Sign(
        pattern=_compiled(row.get("patterns"), words, label, f"{where}.patterns"),
        never=_compiled(row.get("never"), words, label, f"{where}.never"),
        words_of=tuple(row.get("with") or ()),
        share=float(row.get("share", 1.0)),
        retells=int(row.get("retells", 0)),
        kinds=frozenset(commits.get("kinds", ())),
        clauses=tuple(commits.get("clauses", ())),
        unless_clauses=tuple(row.get("unless_commits") or ()),
        two_of=tuple(row.get("two_of") or ()),
        answers_each=row.get("answers") == "each",
        spoiled_by=frozenset(row.get("spoiled_by") or ()),
        undone_by=frozenset(row.get("undone_by") or ()),
        weight=float(row.get("weight", 1.0)),
        lighter=tuple((tuple(one["when"]), float(one["weight"])) for one in row.get("lighter") or ()),
        partly=row.get("partly") or {},
    )


def _compiled(
    patterns: Iterable[str] | None, words: Mapping[str, str], label: str, where: str
) -> re.Pattern[str] | None:
    if not patterns:
        return None
    filled = []
    for pattern in patterns:
        if strange := [name for name in CLASS.findall(pattern) if name not in words]:
            raise LibraryError(label, where, f"names the words <{strange[0]}>, which are not under `words`")
        filled.append(CLASS.sub(lambda m: f"(?:{words[m[1]]})", pattern))
    try:
        return re.compile("|".join(f"(?:{source})" for source in filled), re.IGNORECASE)
    except re.error:
        source, problem = next((source, found) for source in filled if (found := _problem(source)))
        raise LibraryError(label, where, f"holds {source!r}, which is not a regular expression: {problem}") from None


def _problem(source: str) -> str:
    try:
        re.compile(source)
    except re.error as error:
        return str(error)
    return ""
