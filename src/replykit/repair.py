"""Repair never makes a draft worse: licensed edits, then one question for the failing moves, then the offline wording."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from replykit.check import Context
from replykit.errors import LibraryError
from replykit.rooms import Rooms
from replykit.types import Clause, Commitment, Finding, Move, Plan, Report, Strategy
from replykit.write import Story, compose, write_move

PATIENCE = 6
"""Offline wordings tried for one move before it is left out: few moves have more variants than that."""

SENTENCE = re.compile(r"(?<=[.!?;])\s+")
LEADING_VERB = re.compile(r"^(?:may|can)\s+")
FEWEST_BLANKS = 1
"""A single word of the policy excuses nothing."""
TIMELINE = "no-timeline"
"""The rule that misses a time; the policy's own "by when" is one, however it is worded."""
NEVER_VOUCHED = ("data-safety", "placeholder", "abusive-language", "intimidation", "sarcasm", "boundary", "shouting")
"""Categories of harm that no wording of a policy makes right: what it leaks, leaves blank or throws at somebody."""
GRANTABLE = ("service-threat",)
"""Rules about what a customer may also have asked for: to end a contract is a threat in a letter and a remedy in a policy."""
MACHINE_RULES = ("ai-self-reference", "draft-wrapper")
"""Rules about a machine that shows; a policy that holds such words has been tampered with or is not finished."""


@dataclass(frozen=True)
class Candidate:
    """One version of a reply with what the check found in it."""

    moves: tuple[Move, ...]
    text: str
    report: Report

    @property
    def rank(self) -> tuple[int, int]:
        """Fewer blocking findings first, then fewer warnings."""
        blocking = len(self.report.blocking)
        return blocking, len(self.report) - blocking

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding."""
        return self.report.findings

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """The ledger of the text."""
        return self.report.commitments


class Bench:
    """Where versions of one reply are put together and checked.

    Args:
        compose_moves: How moves become a text; the greeting may differ from the story's own.
    """

    def __init__(
        self,
        plan: Plan,
        story: Story,
        rooms: Rooms,
        context: Context,
        compose_moves: Callable[[Sequence[Move], Story], str] = compose,
    ) -> None:
        self.plan, self.story, self.rooms, self.context = plan, story, rooms, context
        self._compose = compose_moves

    def weigh(self, moves: Sequence[Move]) -> Candidate:
        """A version of the reply, checked as a whole."""
        text = self._compose(moves, self.story)
        return Candidate(tuple(moves), text, vouched(self.rooms.check(text, self.context), text, self.plan.clauses))

    def failing(self, candidate: Candidate) -> dict[str, tuple[Move, tuple[Finding, ...]]]:
        """The moves that hold a blocking finding, with their findings; one that spans two moves counts for both.

        Something missing from the whole is the fault of the moves whose strategies answer for it.
        """
        strategies = self.rooms.library.strategies
        failing: dict[str, tuple[Move, tuple[Finding, ...]]] = {}
        for move, start, end in locate(candidate):
            duties = strategies[move.strategy].satisfies
            found = tuple(
                f
                for f in candidate.findings
                if f.rule in duties or (f.end > f.start and f.start < end and start < f.end)
            )
            if any(f.level == "block" for f in found):
                failing[move.strategy] = (move, found)
        return failing

    def edited(self, candidate: Candidate) -> Candidate:
        """The candidate with every licensed replacement made, if that is better."""
        moves = list(candidate.moves)
        for i, (move, start, end) in enumerate(locate(candidate)):
            fixes = [f for f in candidate.findings if f.fix is not None and start <= f.start and f.end <= end]
            text = move.text
            for f in sorted(fixes, key=lambda f: f.start, reverse=True):
                text = text[: f.start - start] + str(f.fix) + text[f.end - start :]
            moves[i] = move.model_copy(update={"text": text}) if fixes else move
        return best(candidate, self.weigh(moves)) if moves != list(candidate.moves) else candidate

    def replaced(self, candidate: Candidate, new: Mapping[str, Move]) -> Candidate:
        """The candidate with some moves exchanged for others of the same strategy."""
        return self.weigh([new.get(move.strategy, move) for move in candidate.moves])

    def offline(self, candidate: Candidate) -> Candidate:
        """The candidate with the offline wording for whatever still fails, other variants where the first fails too.

        A move that no wording can save is left out, and the verdict names it: a reply without it can be sent, one with
        it cannot.
        """
        barred: set[str] = set()
        for attempt in range(PATIENCE):
            failing = self.failing(candidate)
            if not failing:
                return self._completed(candidate)
            barred |= {
                f.quote.lower() for _, found in failing.values() for f in found if f.level == "block" and f.quote
            }
            wordings = {name: self._wording(name, attempt, barred) for name in failing}
            candidate = self.replaced(candidate, {name: move for name, move in wordings.items() if move is not None})
        failing = self.failing(candidate)
        if failing:
            candidate = self.weigh([move for move in candidate.moves if move.strategy not in failing])
        return self._completed(candidate)

    def _completed(self, candidate: Candidate) -> Candidate:
        """The candidate with a move for whatever a rule still misses in it, where a strategy answers for that rule."""
        missing = {f.rule for f in candidate.report.blocking if f.end == f.start}
        if not missing:
            return candidate
        strategies, present = self.rooms.library.strategies, {move.strategy for move in candidate.moves}
        able = [
            name
            for name, s in strategies.items()
            if missing & set(s.satisfies) and name not in present and self.plan.kind in s.kinds and self._grounded(s)
        ]
        added = [move for name in able if (move := self._unplanned(name)) is not None]
        order = list(strategies)
        return best(
            candidate, self.weigh(sorted([*candidate.moves, *added[:1]], key=lambda m: order.index(m.strategy)))
        )

    def _grounded(self, strategy: Strategy) -> bool:
        """Whether a move that promises remedies has any to promise."""
        return (
            "remedies" not in strategy.commits
            or bool(self.story.case.grants.remedies)
            or "remedies" not in strategy.needs
        )

    def _unplanned(self, name: str) -> Move | None:
        """The wording of a move that the plan does not hold; None where this case lacks what it would say."""
        try:
            return self._wording(name, PATIENCE - 1)
        except LibraryError:
            return None

    def _wording(self, name: str, attempt: int, barred: Collection[str] = ()) -> Move | None:
        """The offline wording of a move without what a rule objected to; later attempts stay away from the customer's own words."""
        story = self.story.varied(self.story.turn + attempt, barred) if attempt or barred else self.story
        return write_move(name, self.plan, story)


def vouched(report: Report, text: str, clauses: Iterable[Clause]) -> Report:
    """The report without objections to the business's own words, set down in its policy and repeated as they stand.

    A policy may word its promises and refusals; it excuses nothing that leaks, threatens, insults or was never filled in.
    """
    clauses = tuple(clauses)
    phrases = _own_phrases(clauses)
    timed = any(c.within.lower() in text.lower() for c in clauses if c.within)
    places = [m.span() for phrase in phrases for m in re.finditer(re.escape(phrase), text, re.IGNORECASE)]
    kept = tuple(
        f
        for f in report.findings
        if not (timed and f.rule == TIMELINE)
        and (
            (f.category in NEVER_VOUCHED and f.rule not in GRANTABLE)
            or f.rule in MACHINE_RULES
            or not any(2 * (min(f.end, end) - max(f.start, start)) >= f.end - f.start > 0 for start, end in places)
        )
    )
    return report if len(kept) == len(report.findings) else report.model_copy(update={"findings": kept})


def _own_phrases(clauses: Iterable[Clause]) -> set[str]:
    """The sentences of the clauses, and each without a leading "may" or "can", as a fact about an agent has it."""
    sentences = (s.strip().rstrip(".").lower() for c in clauses for s in SENTENCE.split(c.text))
    return {LEADING_VERB.sub("", s) for s in sentences if s.count(" ") >= FEWEST_BLANKS}


def best(*candidates: Candidate) -> Candidate:
    """The candidate with the fewest blocking findings, then warnings; the earliest of equals."""
    return min(candidates, key=lambda c: c.rank)


def locate(candidate: Candidate) -> list[tuple[Move, int, int]]:
    """Each move with where it stands in the text."""
    places, at = [], 0
    for move in candidate.moves:
        start = candidate.text.find(move.text, at)
        start = at if start < 0 else start
        at = start + len(move.text)
        places.append((move, start, at))
    return places
