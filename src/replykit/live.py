"""A draft move by move, for live chat: each move is shown once it is complete and checked, never before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from replykit.asking import Log
from replykit.plan import Case
from replykit.questions import draft_question, foreign, moves_from, unobjectionable, watch_over
from replykit.repair import Bench, best
from replykit.rooms import Rooms, context_of
from replykit.types import Call, Move, Plan
from replykit.write import Story, write_move


class LiveDraft:
    """The moves of one plan in their order, each let out as soon as it and all before it are checked.

    Args:
        case: The complaint as it was read.
        plan: Which moves the reply makes.
        log: Where what was asked is kept, and what hides secrets.
    """

    def __init__(self, case: Case, plan: Plan, rooms: Rooms, log: Log) -> None:
        self.plan, self._case, self._rooms, self._log = plan, case, rooms, log
        self.story = Story(case, rooms.wording)
        self._bench = Bench(plan, self.story, rooms, context_of(case, plan, "fragment", name=self.story.customer()))
        self._watch = watch_over(case, plan, self.story, rooms)
        self._waiting = list(plan.moves)
        self._written: dict[str, Move] = {}
        self._shown: list[Move] = []

    @property
    def asks(self) -> bool:
        """Whether a model may write this: there are moves, and the message gives no orders to the writer."""
        return bool(self.plan.moves) and not self._rooms.guard.orders(self._case.complaint)

    def question(self) -> Call:
        """The one question for all moves."""
        return draft_question(self._case, self.plan, self.story, self._rooms, self._log)

    def accept(self, name: str, text: str) -> Iterator[Move]:
        """Take a finished field of the answer; yields every move that can now be shown."""
        said: Mapping[str, str] = {name: self._log.mask.restore(text)}
        self._written |= unobjectionable(moves_from(said, self.plan, self._rooms, "model"), self._watch, self._log)
        while self._waiting and self._waiting[0] in self._written:
            yield from self._show(self._written[self._waiting.pop(0)])

    def rest(self) -> Iterator[Move]:
        """What the model left out, in the offline wording; ends the draft."""
        while self._waiting:
            name = self._waiting.pop(0)
            move = self._written.get(name) or write_move(name, self.plan, self.story)
            if move is not None:
                yield from self._show(move)

    def _show(self, move: Move) -> Iterator[Move]:
        """The move itself where it is clean after all that was shown, else mended, else its offline wording, else nothing."""
        first = self._bench.weigh([*self._shown, move])
        chosen = self._bench.edited(first)
        if not chosen.report.ok and not foreign(self._case):
            chosen = best(chosen, self._bench.offline(chosen))
        if chosen.report.ok and len(chosen.moves) > len(self._shown):
            self._shown.append(chosen.moves[-1])
            yield chosen.moves[-1]
