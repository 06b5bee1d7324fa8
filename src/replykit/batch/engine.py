"""A batch from its first row to its last line: read, look up, draft, write down, put in order."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from replykit.batch.desk import Desk, Terms
from replykit.batch.journal import Journal, journal_of
from replykit.batch.outcome import Job, Outcome
from replykit.batch.pool import Inside, Pool, Process
from replykit.batch.rows import Row, Source
from replykit.batch.settings import KitSettings, cores, identity
from replykit.batch.stopping import Stop, listening
from replykit.batch.summary import Summary
from replykit.batch.writing import Output, drafted, refused
from replykit.errors import BatchError
from replykit.kit import ReplyKit

WORTH_A_PROCESS = 200
"""Rows below which starting more processes takes longer than they save."""
OFFLINE_AHEAD = 32
"""Jobs that an offline hand holds: enough to keep it busy while its parent writes."""
FURTHEST = 65536
"""Rows that may be done before an earlier one is; only their numbers and keys are held."""
TICK = 0.1
REPORT_SECONDS = 0.25

Report = Callable[[Summary], None]


class Place(NamedTuple):
    """Where the line of a row belongs."""

    number: int
    row: Row


def run_batch(
    source: Source | str | Path,
    target: str | Path,
    kit: KitSettings | ReplyKit | None = None,
    terms: Terms | None = None,
    *,
    processes: int | None = None,
    ordered: bool = True,
    fresh: bool = False,
    report: Report = lambda _summary: None,
) -> Summary:
    """Draft a reply for every row of a file, once, whatever happens on the way.

    Every row has one line in the output, in the order of the rows: a draft with the row's `id`, or `id`, `line` and
    `error`. What is finished is in a journal beside the output at once, so that after any end of the process the same
    call goes on where it was. Rows with an error are tried again by the next run. Returns the numbers, which say
    whether and why it was stopped early.

    Args:
        source: The rows: a path, `-` for standard input, or a `Source` with mapped columns.
        target: The output; it appears there when it is whole.
        kit: How to draft: settings, which several processes can share, or a kit, which works in this process.
        terms: Concurrency, limits, cache, budget, fields.
        processes: How many draft; None means one for each processor offline, and one where a model is asked.
        ordered: Whether the output keeps the order of the input.
        fresh: Forget what earlier runs have done.
        report: Is told the numbers a few times a second.

    Raises:
        BatchError: It cannot start: no such file, a journal of other settings, another run at work.
        PolicyError, LibraryError, SettingsError: As for `ReplyKit`.
    """
    source = source if isinstance(source, Source) else Source(source)
    settings = kit if isinstance(kit, KitSettings) else None if kit else KitSettings()
    opened = kit if isinstance(kit, ReplyKit) else (settings or KitSettings()).open()
    terms, target = terms or Terms(), Path(target)
    known_by = identity(opened, settings, terms.fields)
    with listening() as stop, Journal(journal_of(target), known_by, fresh=fresh) as journal:  # noqa: SIM117  # too long
        with Output(target, journal.get, ordered=ordered) as output:
            rows = iter(source)
            first = list(itertools.islice(rows, WORTH_A_PROCESS))
            pool = _pool(_hands(processes, opened, settings, terms, len(first)), opened, settings, terms)
            run = Run(source, journal, output, pool, stop, report)
            with pool:
                run.work(itertools.chain(first, rows))
            if not stop.reason:
                output.finish()
    return run.summary


def _hands(processes: int | None, kit: ReplyKit, settings: KitSettings | None, terms: Terms, rows: int) -> int:
    """How many hands to take; a common limit can be kept by one alone."""
    limited = terms.budget is not None or terms.requests_per_minute or terms.tokens_per_minute
    if processes and processes > 1 and (settings is None or limited):
        raise BatchError(
            "several processes need settings that they can share, and neither a budget nor a limit a minute, "
            "which one process keeps alone: leave out --processes"
        )
    if processes:
        return processes
    return cores() if settings and kit.model is None and rows >= WORTH_A_PROCESS else 1


def _pool(hands: int, kit: ReplyKit, settings: KitSettings | None, terms: Terms) -> Pool:
    share = terms.model_copy(update={"concurrency": max(1, terms.concurrency // hands)})
    # twice as many are begun as may ask at a time: the next question is ready when a place becomes free
    each = OFFLINE_AHEAD if kit.model is None else 2 * share.concurrency
    if hands == 1 or settings is None:
        desk = Desk(kit, terms)
        return Pool(lambda results: Inside(desk, results), 1, each)
    return Pool(lambda results: Process(settings, share, results), hands, each)


class Run:
    """One run of a batch.

    Args:
        source: Says how far it has been read.
        journal: What is finished.
        output: Where lines go.
        pool: Who drafts.
        stop: Whether to stop.
        report: Who is told.
    """

    def __init__(
        self, source: Source, journal: Journal, output: Output, pool: Pool, stop: Stop, report: Report
    ) -> None:
        self._source, self._journal, self._output = source, journal, output
        self._pool, self._stop, self._report = pool, stop, report
        self._places: dict[int, list[Place]] = {}
        self._tickets: dict[bytes, int] = {}
        self._begun, self._reported = time.monotonic(), 0.0
        self.summary = Summary()

    def work(self, rows: Iterator[Row]) -> None:
        """Everything, until the rows end or somebody wishes to stop; then what is under way."""
        for number, row in enumerate(rows, start=1):
            self._begin(Place(number, row))
            while not self._stop.reason and (not self._pool.has_room or self._output.early > FURTHEST):
                self._collect(TICK)
            if self._stop.reason:
                break
        while self._pool.under_way:
            self._collect(TICK)
        self.summary.stopped, self.summary.signal = self._stop.reason, self._stop.signal
        self._tell(last=True)

    def _begin(self, place: Place) -> None:
        """Put a row in its place if it is known or cannot be drafted; else have it drafted."""
        number, row = place
        if row.error is not None:
            self.summary.count(Outcome(number, error=row.error))
            self._output.put(number, refused(row, row.error))
        elif (ticket := self._tickets.get(row.key)) is not None:
            self._places[ticket].append(place)  # the same row twice, and the first is under way
        elif (draft := self._journal.get(row.key)) is not None:
            self._known(place, draft)
        else:
            self._tickets[row.key] = number
            self._places[number] = [place]
            self._pool.give(Job(number, row.body))
        self._tell()

    def _known(self, place: Place, draft: bytes) -> None:
        self.summary.rows += 1
        self.summary.known += 1
        self._output.put_draft(place.number, place.row, draft)

    def _collect(self, seconds: float) -> None:
        """What is finished by now: first into the journal, all of it at once, then into the output."""
        done = [(outcome, self._places.pop(outcome.ticket)) for outcome in self._pool.outcomes(seconds)]
        self._journal.put(
            (places[0].row.key, outcome.draft) for outcome, places in done if outcome.draft and outcome.lasting
        )
        for outcome, places in done:
            del self._tickets[places[0].row.key]
            if outcome.over is not None:
                self._stop.ask(outcome.over)
            else:
                self._finish(outcome, places)
        self._tell()

    def _finish(self, outcome: Outcome, places: list[Place]) -> None:
        self.summary.count(outcome)
        same = len(places) - 1
        for number, row in places:
            if outcome.error is not None:
                self._output.put(number, refused(row, outcome.error))
            elif outcome.lasting:
                self._output.put_draft(number, row, outcome.draft)
            else:
                self._output.put(number, drafted(row.id, outcome.draft))
        self.summary.rows += same
        self.summary.known += same

    def _tell(self, *, last: bool = False) -> None:
        now = time.monotonic()
        if last or now - self._reported > REPORT_SECONDS:
            self._reported = now
            self.summary.seconds = now - self._begun
            self.summary.share = self._source.share()
            self._output.flush()
            self._report(self.summary)
