"""What was found in a text, and what the text commits to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from replykit.errors import FindingsError
from replykit.types.labels import Category, Level, Noun


class Finding(Noun):
    """Something wrong in a text. Offsets index the text that the caller passed: `text[start:end] == quote`.

    `instead` holds rewrites, best first; `fix` is the replacement for exactly this span where one is licensed, else
    None. `probability` is 1.0 for deterministic rules and the model's own estimate for the statistical tier.

    Example:
        >>> found = Finding(rule="calm-down", category="dismissive", level="block", start=0, end=9, quote="Calm down",
        ...     message="Do not tell people how to feel.", why="It adds to the anger.")
        >>> found.level, found.probability
        ('block', 1.0)
    """

    rule: str
    category: Category
    level: Level
    start: int
    end: int
    quote: str
    message: str
    why: str
    instead: tuple[str, ...] = ()
    source: str = ""
    fix: str | None = None
    probability: float = 1.0


class Commitment(Noun):
    """Something a text commits to. `clause` is the id of what licenses it; None means nothing does.

    Example:
        >>> Commitment(kind="deadline", quote="by Friday", start=0, end=9, value="friday").clause is None
        True
    """

    kind: Literal["remedy", "amount", "share", "deadline", "date", "contact", "action"]
    quote: str
    start: int
    end: int
    value: str
    clause: str | None = None
    licence: str | None = None


class Report(Noun):
    """The findings of one check: `len(report)`, `for finding in report`, `report.ok`.

    Example:
        >>> len(Report()), Report().ok
        (0, True)
    """

    findings: tuple[Finding, ...] = ()
    commitments: tuple[Commitment, ...] = ()

    def __len__(self) -> int:
        return len(self.findings)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Finding]:  # type: ignore[override]  # a report is its findings, not its fields
        return iter(self.findings)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that must not leave the house."""
        return tuple(f for f in self.findings if f.level == "block")

    @property
    def ok(self) -> bool:
        """True when nothing blocks."""
        return not self.blocking

    def raise_for_findings(self) -> Report:
        """Return the report, or raise `FindingsError` when something blocks."""
        if self.blocking:
            raise FindingsError(self.blocking)
        return self
