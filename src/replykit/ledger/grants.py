"""The room of what may be promised: offers, deadlines, clauses and facts, each read once and matched by meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from replykit.ledger.money import Sum, sums
from replykit.ledger.remedies import alike, named
from replykit.ledger.times import Time, times
from replykit.normalise import normalise
from replykit.rules.topics import content, shared
from replykit.types import Clause

NEEDS_OBJECT = frozenset(("free", "extension", "upgrade", "payment"))
"""Kinds that say little without the thing they are about: "free" needs what is free."""
WHOLE = re.compile(
    r"\b(?:full|in full|whole|entire|all of|everything|purchase price|what (?:you|they) paid|price "
    r"paid|ticket price|order value)\b"
)


@dataclass(frozen=True, slots=True)
class Grant:
    """One thing that may be promised: its id, its words and what was read in them."""

    id: str
    text: str
    kinds: frozenset[str]
    sums: tuple[Sum, ...]
    times: tuple[Time, ...]
    words: frozenset[str]
    whole: bool

    @property
    def is_offer(self) -> bool:
        """Whether this grants a remedy, as against a time or a fact."""
        return self.id.startswith("offer:") or not self.id.startswith(("deadline:", "fact:"))


@lru_cache(maxsize=2048)
def read_grant(name: str, text: str) -> Grant:
    """A grant from its words."""
    plain = normalise(text).text
    found = tuple(sums(plain))
    return Grant(name, text, named(plain), found, tuple(times(plain)), content(plain), WHOLE.search(plain) is not None)


@dataclass(frozen=True, slots=True)
class Grants:
    """Everything that licenses commitments in one check."""

    grants: tuple[Grant, ...]

    @classmethod
    def of(
        cls,
        offers: Sequence[str] | None,
        deadlines: Sequence[str] | None,
        clauses: Sequence[Clause],
        facts: Sequence[str],
    ) -> Grants:
        """Read offers, deadlines, clauses and facts; ids are `offer:1`, `deadline:2`, a clause's own id, `fact:KEY`."""
        found = [read_grant(f"offer:{i}", text) for i, text in enumerate(offers or (), 1)]
        found += [read_grant(f"deadline:{i}", text) for i, text in enumerate(deadlines or (), 1)]
        for clause in clauses:
            limit = f" up to {clause.limit}" if clause.limit else ""
            found.append(read_grant(clause.id, f"{clause.text}{limit} {clause.within or ''}".strip()))
        found += [
            read_grant(f"fact:{text.split(':')[0].strip() if ':' in text else i}", text)
            for i, text in enumerate(facts, 1)
        ]
        return cls(tuple(found))

    def for_remedy(self, kind: str, words: frozenset[str]) -> list[Grant]:
        """The grants that a remedy of this kind may rest on; the ones about the same thing first."""
        fitting = [g for g in self.grants if g.is_offer and alike(kind, g.kinds)]
        if kind in NEEDS_OBJECT:
            fitting = [g for g in fitting if not words or shared(g.words, words)]
            if kind == "free":
                fitting += [g for g in self.grants if g not in fitting and g.is_offer and len(g.words & words) > 1]
        enough = 2 if kind in ("refund", "replacement") else 1
        fitting += [
            g
            for g in self.grants
            if g not in fitting and len(g.words & words) >= enough and not g.id.startswith("deadline:")
        ]
        return sorted(fitting, key=lambda g: (kind not in g.kinds, -len(g.words & words)))

    def for_sum(self, found: Sum, fitting: Sequence[Grant]) -> Grant | None:
        """The grant among these that covers a sum or share."""
        for grant in fitting:
            if any(covers(granted, found) for granted in grant.sums):
                return grant
        return None

    def for_time(self, found: Time) -> Grant | None:
        """The grant that says the same time."""
        return next((g for g in self.grants if any(found.within(t) for t in g.times)), None)


def covers(granted: Sum, said: Sum) -> bool:
    """Whether a sum is the granted one, or below it where it is a ceiling. No currency sign is compared with another."""
    if granted.unit != said.unit:
        return False
    return abs(granted.amount - said.amount) < 0.005 * max(1, granted.amount) or (
        granted.ceiling and said.amount <= granted.amount
    )
