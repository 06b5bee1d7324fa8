"""Drafts through a provider's batches: all first questions in one wave, all second ones in the next, half the price."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from replykit.batch.desk import Terms, told
from replykit.batch.engine import Report
from replykit.batch.journal import Journal, journal_of
from replykit.batch.outcome import Outcome
from replykit.batch.provider import MOST_BYTES, MOST_REQUESTS, Provider, State, halved, token_of
from replykit.batch.replay import Open, Replies, advance
from replykit.batch.rows import Row, Source
from replykit.batch.settings import KitSettings, identity
from replykit.batch.stopping import Stop, listening
from replykit.batch.summary import Summary
from replykit.batch.writing import Output, drafted, refused
from replykit.budget import Budget
from replykit.errors import BatchError, BudgetError
from replykit.kit import ReplyKit
from replykit.model import OpenAIModel
from replykit.types import Call, Complaint, Draft

NOTE = "batch:"
BEGUN = "?"
DONE = ""
POLL_SECONDS = 30.0
TICK = 0.2


def run_waves(
    source: Source | str | Path,
    target: str | Path,
    kit: KitSettings | ReplyKit,
    terms: Terms | None = None,
    *,
    fresh: bool = False,
    poll: float = POLL_SECONDS,
    most: int = MOST_REQUESTS,
    report: Report = lambda _summary: None,
    say: Callable[[str], None] = lambda _line: None,
) -> Summary:
    """`run_batch` through the provider's Batch API: half the price, an answer within a day.

    It may be stopped and called again as often as you like, on the way or the day after: what was handed in is
    written in the journal, and so is every answer.

    Args:
        source: The rows: a file, as it is read once for each wave.
        target: The output, as for `run_batch`.
        kit: How to draft; the model has to be an `OpenAIModel`.
        terms: `budget` and `fields` count.
        fresh: Forget what earlier runs have done, batches under way included.
        poll: Seconds between two looks at a batch under way.
        most: Requests in one batch.
        report: Is told the numbers.
        say: Is told what happens, for a person.

    Raises:
        BatchError: It cannot start or go on; the provider refuses a batch.
    """
    source = source if isinstance(source, Source) else Source(source)
    opened = kit if isinstance(kit, ReplyKit) else kit.open()
    settings = kit if isinstance(kit, KitSettings) else None
    if source.path == "-" or not isinstance(opened.model, OpenAIModel):
        raise BatchError(
            "--provider-batch needs a file that can be read again, and a model behind an endpoint: --model"
        )
    terms, target = terms or Terms(), Path(target)
    known_by = identity(opened, settings, terms.fields)
    with listening() as stop, Journal(journal_of(target), known_by, fresh=fresh) as journal:
        waves = Waves(source, target, opened, terms, journal, stop)
        waves.poll, waves.most, waves.report, waves.say = poll, most, report, say
        return waves.run()


class Waves:
    """One run: collect what is under way, ask what is open, until nothing is."""

    poll: float
    most: int
    report: Report
    say: Callable[[str], None]

    def __init__(self, source: Source, target: Path, kit: ReplyKit, terms: Terms, journal: Journal, stop: Stop) -> None:
        self._source, self._target, self._kit, self._terms = source, target, kit, terms
        self._journal, self._stop = journal, stop
        self._budget = Budget.of(terms.budget) or kit.budget
        self._replies = Replies(journal, kit.model.name)
        self._provider = Provider(kit.model)
        self._begun = time.monotonic()

    def run(self) -> Summary:
        """All waves."""
        while not self._stop.reason and (self._collect() or self._ask()):
            pass
        if self._stop.reason:
            return self._told(Summary(stopped=self._stop.reason, signal=self._stop.signal, share=None))
        return self._write()

    # ------------------------------------------------------------ asking

    def _ask(self) -> bool:
        """Hand in every question that is open; whether there was one."""
        gathered = self._target.with_name(self._target.name + ".requests")
        with Wave(gathered, self._hand_in, self.most) as wave:
            for row in self._source:
                if row.error is None and self._journal.get(row.key) is None:
                    self._take_further(row, wave)
                if self._stop.reason:
                    break
            wave.send()
        return wave.asked > 0

    def _take_further(self, row: Row, wave: Wave) -> None:
        try:
            found = self._advance(row)
            if isinstance(found, Open):
                key = self._replies.key(found.call)
                if not wave.holds(key):
                    self._afford(found.call)
                    wave.add(key, self._provider.line(key, found.call))
        except BudgetError as error:
            self._stop.ask(str(error))
        except Exception:  # noqa: BLE001  # it is met again, and told, when the output is written
            return

    def _advance(self, row: Row) -> Draft | Open:
        return advance(self._kit.flow(Complaint.model_validate_json(row.body)), self._replies)

    def _afford(self, call: Call) -> None:
        if self._budget:
            self._budget.reserve(halved(self._kit.model.estimate(call)))

    def _hand_in(self, file: Path, token: str) -> None:
        """One batch. What we are about to do is written down first, so that a batch is never handed in twice."""
        name = NOTE + token
        self._journal.note({name: BEGUN})
        self._journal.note({name: self._provider.begin(file, token)})

    # ------------------------------------------------------------ collecting

    def _collect(self) -> bool:
        """Wait for every batch under way and keep what it brings; whether there was one."""
        under_way = {name: value for name, value in self._journal.notes().items() if name.startswith(NOTE) and value}
        for name, batch_id in under_way.items():
            found = self._provider.find(name.removeprefix(NOTE)) if batch_id == BEGUN else batch_id
            if found and (state := self._wait(found)):
                self._keep(state)
            elif found:
                return True  # somebody wants to stop; it is still under way
            self._journal.note({name: DONE})
            if found and state and state.status == "failed":
                raise BatchError(f"the provider refused batch {found}: {state.problem or 'it does not say why'}")
        return bool(under_way)

    def _wait(self, batch_id: str) -> State | None:
        """How a batch ended; None where somebody wishes to stop before it has."""
        while not self._stop.reason:
            state = self._provider.state(batch_id)
            if state.ended:
                self.say(f"batch {batch_id}: {state.status}, {state.done:,} of {state.total:,}")
                return state
            self.say(f"batch {batch_id}: {state.status}, {state.done:,} of {state.total:,} so far")
            until = time.monotonic() + self.poll
            while time.monotonic() < until and not self._stop.reason:
                time.sleep(min(TICK, self.poll))
        return None

    def _keep(self, state: State) -> None:
        kept: list[Any] = []
        for pair in self._provider.answers(state):
            kept.append(pair)
            if len(kept) == 200:  # a transaction of a few hundred kilobytes
                self._replies.put(kept)
                kept = []
        self._replies.put(kept)

    # ------------------------------------------------------------ writing

    def _write(self) -> Summary:
        """Every draft, now that all answers are known."""
        summary = Summary()
        with Output(self._target, self._journal.get, ordered=True) as output:
            for number, row in enumerate(self._source, start=1):
                output.put(number, self._line(number, row, summary))
                summary.share = self._source.share()
                self._told(summary)
            output.finish()
        return self._told(summary)

    def _line(self, number: int, row: Row, summary: Summary) -> bytes:
        if row.error is None and (known := self._journal.get(row.key)) is not None:
            summary.rows += 1
            summary.known += 1
            return drafted(row.id, known)
        outcome = self._outcome(number, row)
        summary.count(outcome)
        if outcome.error is not None:
            return refused(row, outcome.error)
        if outcome.lasting:
            self._journal.put([(row.key, outcome.draft)])
        return drafted(row.id, outcome.draft)

    def _outcome(self, number: int, row: Row) -> Outcome:
        try:
            found = Open if row.error else self._advance(row)
            if not isinstance(found, Draft):
                return Outcome(number, error=row.error or "its question was not answered; run again")
        except Exception as error:  # noqa: BLE001  # one bad row must not end the work on all others
            return Outcome(number, error=told(error))
        reached = not found.attempts or any(attempt.answer is not None for attempt in found.attempts)
        said = found.model_dump_json(include=set(self._terms.fields) or None).encode()
        return Outcome(number, said, found.status, lasting=reached, usage=found.usage)

    def _told(self, summary: Summary) -> Summary:
        summary.seconds = time.monotonic() - self._begun
        self.report(summary)
        return summary


class Wave:
    """The questions of one wave, in files of the size that a provider takes.

    Args:
        file: Where requests are gathered.
        hand_in: What to do with a file that is full: its path and its token.
        most: Requests in one file.
    """

    def __init__(self, file: Path, hand_in: Callable[[Path, str], None], most: int) -> None:
        self._file, self._hand_in, self._most = file, hand_in, most
        self._out = file.open("wb")
        self._keys: list[bytes] = []
        self._seen: set[bytes] = set()
        self._size = 0
        self.asked = 0

    def holds(self, key: bytes) -> bool:
        """Whether this question is in the file, as two rows may ask the same."""
        return key in self._seen

    def add(self, key: bytes, line: bytes) -> None:
        """One more question."""
        if len(self._keys) >= self._most or self._size + len(line) > MOST_BYTES:
            self.send()
        self._out.write(line)
        self._keys.append(key)
        self._seen.add(key)
        self._size += len(line)
        self.asked += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._out.close()
        self._file.unlink()

    def send(self) -> None:
        """Hand in what has been gathered."""
        if not self._keys:
            return
        self._out.flush()
        self._hand_in(self._file, token_of(self._keys))
        self._out.seek(0)
        self._out.truncate()
        self._keys, self._seen, self._size = [], set(), 0
