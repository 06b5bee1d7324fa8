"""The room of the commitment ledger: what a text promises, and what licenses each promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from replykit.rules import Reading
from replykit.types import Clause, Commitment


@dataclass(frozen=True, slots=True)
class Grants:
    offers: tuple[str, ...] | None = None
    deadlines: tuple[str, ...] | None = None
    clauses: tuple[Clause, ...] = ()
    facts: tuple[str, ...] = ()

    @classmethod
    def of(cls, offers: tuple[str, ...] | None, deadlines: tuple[str, ...] | None, clauses: Sequence[Clause], facts: tuple[str, ...]) -> Grants:
        return cls(offers, deadlines, tuple(clauses), facts)


def ledger(reading: Reading, customer: Reading | None, grants: Grants) -> list[Commitment]:
    return []
