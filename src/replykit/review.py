"""Training: a reply that a person wrote, held against the plan and the rules, with what to do better."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from replykit.errors import LibraryError
from replykit.library import Library
from replykit.plan import Case
from replykit.plan.grants import stems
from replykit.rules import Reading
from replykit.types import Finding, MoveReview, Plan, Report, Review, Strategy

FILE = "review.yaml"
MOST_ADVICE = 3
"""Three things are as much as somebody takes from one review."""
SILENT = frozenset({"tell-what-is-known", "plain-words"})
"""Moves that a plan may hold without a reply being worse for their absence."""


@dataclass(frozen=True)
class Sign:
    """By what one move is recognised."""

    pattern: re.Pattern[str] | None
    words_of: tuple[str, ...]
    share: float


class Signs:
    """How moves are recognised in free text, from `review.yaml`."""

    def __init__(self, library: Library) -> None:
        raw, label = library.data(FILE), library.label(FILE)
        try:
            self.moves = {name: _sign(row, label, name) for name, row in raw["moves"].items()}
            self.per_blocking, self.per_warning = float(raw["per_blocking"]), float(raw["per_warning"])
        except KeyError as error:
            raise LibraryError(label, str(error.args[0]), "is missing; copy it from the shipped file") from None

    def find(self, name: str, reading: Reading, case: Case) -> tuple[int, int] | None:
        """The sentence of a reply that makes a move, as offsets into the text, or None."""
        sign = self.moves.get(name)
        if sign is None:
            return None
        said = [stems(text) for text in words_of(sign.words_of, case)]
        for sentence in reading.sentences:
            if _shows(sentence.text, sign, said):
                return reading.normal.span(sentence.start, sentence.start + len(sentence.text.rstrip()))
        return None


def _sign(row: Mapping[str, Any], label: str, name: str) -> Sign:
    try:
        patterns = row.get("patterns") or ()
        compiled = re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE) if patterns else None
    except re.error as error:
        raise LibraryError(
            label, f"moves.{name}", f"holds a pattern that is not a regular expression: {error}"
        ) from None
    return Sign(compiled, tuple(row.get("with") or ()), float(row.get("share") or 1.0))


def _shows(sentence: str, sign: Sign, said: Sequence[set[str]]) -> bool:
    if sign.pattern and sign.pattern.search(sentence):
        return True
    here = stems(sentence)
    return any(len(words & here) >= max(2, sign.share * len(words)) for words in said if words)


def words_of(names: Sequence[str], case: Case) -> Iterator[str]:
    """The texts of a case whose words show a move."""
    policy, granted = case.policy, case.grants
    texts: dict[str, Sequence[str | None]] = {
        "issues": [*(issue.quote for issue in case.reading.issues), case.complaint.text],
        "offers": [r.say for r in granted.remedies],
        "times": [r.within for r in granted.remedies],
        "people": [f"{row.name or ''} {row.role or ''}" for row in policy.escalation],
        "goodwill": [granted.goodwill.say if granted.goodwill else None],
        "alternatives": [a.say for a in granted.alternatives],
        "instead": [granted.refused.instead if granted.refused else None],
        "steps": [" ".join(policy.returns.steps)],
        "departments": [" ".join(granted.departments)],
        "way_back": [" ".join(policy.boundary.channels_left_open)],
    }
    for name in names:
        yield from filter(None, texts[name])


def review(
    text: str, case: Case, plan: Plan, report: Report, strategies: Mapping[str, Strategy], signs: Signs
) -> Review:
    """A person's reply against the plan of its complaint.

    Args:
        text: What the person wrote.
        case: The complaint as it was read.
        plan: The moves that a reply to it should make.
        report: What the rules found in the text.
        strategies: By id, for what to say about a missing move.
        signs: By what moves are recognised.
    """
    reading = Reading(text)
    moves = tuple(_reviewed(name, text, reading, case, strategies[name], signs) for name in plan.moves)
    planned = [move for move in moves if move.strategy not in SILENT]
    share = sum(move.present for move in planned) / (len(planned) or 1)
    blocking = len(report.blocking)
    score = share - signs.per_blocking * blocking - signs.per_warning * (len(report) - blocking)
    return Review(
        score=round(min(1.0, max(0.0, score)), 2),
        moves=moves,
        findings=report.findings,
        advice=_advice(moves, report.findings),
    )


def _reviewed(name: str, text: str, reading: Reading, case: Case, strategy: Strategy, signs: Signs) -> MoveReview:
    place = signs.find(name, reading, case)
    if place is None:
        return MoveReview(
            strategy=name, present=False, advice=f"{strategy.title}: {strategy.instruction.split('. ')[0].rstrip('.')}."
        )
    start, end = place
    return MoveReview(strategy=name, present=True, quote=text[start:end], start=start, end=end)


def _advice(moves: Sequence[MoveReview], findings: Sequence[Finding]) -> tuple[str, ...]:
    """One to three things: what breaks a rule first, then what is missing, most important first."""
    broken = [
        f"“{f.quote}”: {f.why} Write instead: {f.instead[0]}" if f.quote and f.instead else f"{f.message} {f.why}"
        for f in findings
        if f.level == "block"
    ]
    missing = [" ".join(m.advice.split()) for m in moves if not m.present and m.strategy not in SILENT]
    return tuple(dict.fromkeys([*broken[:2], *missing]))[:MOST_ADVICE] or ("Nothing: send it.",)
