"""The pace of a batch: limits a minute, and fewer questions at a time when an endpoint objects."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from batch_files import records, write_jsonl
from endpoints import faults as faults  # noqa: PLC0414  # a fixture
from fault_server import FaultServer, Handler, fine, refuses

from replykit.batch import KitSettings, Terms, run_batch
from replykit.batch.pacing import Allowance, Gate, Pace


class Clock:
    """A clock that goes when it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_allowance_is_spread_evenly():
    """Sixty a minute is one a second, after the one second that may be caught up at once."""
    allowance = Allowance(60, Clock())
    assert [allowance.take(1) for _ in range(4)] == [0.0, 0.0, 1.0, 2.0]


def test_what_was_not_used_is_given_back():
    """An answer shorter than feared makes room for the next question, a longer one takes it."""
    clock = Clock()
    allowance = Allowance(6000, clock)
    allowance.take(1000)
    waits = [allowance.take(0)]
    allowance.settle(1000, 400)
    waits.append(allowance.take(0))
    allowance.settle(400, 900)
    waits.append(allowance.take(0))
    assert waits == pytest.approx([9.0, 3.0, 8.0])


def test_rest_is_not_saved_up():
    """After an idle hour there is one second's worth to catch up, not an hour's."""
    clock = Clock()
    allowance = Allowance(60, clock)
    allowance.take(1)
    clock.now += 3600
    assert [allowance.take(1) for _ in range(3)] == [0.0, 0.0, 1.0]


def test_no_limit_never_waits():
    """Without a limit there is nothing to wait for."""
    allowance = Allowance(None, Clock())
    assert [allowance.take(10**9) for _ in range(3)] == [0.0] * 3


def test_objections_cut_the_concurrency_once_a_round_and_answers_raise_it():
    """Ten refusals of one moment count once; a hundred good answers bring the limit back, and no further."""

    async def story() -> list[float]:
        gate = Gate(10)
        entered = await gate.enter()
        limits = []
        for _ in range(10):
            gate.pressed(entered)
        limits.append(gate.limit)
        for _ in range(100):
            gate.eased()
        return [*limits, gate.limit]

    assert asyncio.run(story()) == [7.0, 10.0]


def test_a_gate_lets_in_as_many_as_its_limit_and_forgets_who_gave_up():
    """Waiting in turn, a place that nobody wants any more goes to the next."""

    async def story() -> tuple[int, list[int]]:
        gate, order = Gate(2), []

        async def through(number: int) -> None:
            await gate.enter()
            order.append(number)

        tasks = [asyncio.create_task(through(n)) for n in range(5)]
        await asyncio.sleep(0)
        inside = len(order)
        tasks[2].cancel()
        gate.leave()
        await asyncio.sleep(0.01)
        gate.leave()
        await asyncio.sleep(0.01)
        tasks[4].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return inside, order

    inside, order = asyncio.run(story())
    assert (inside, order) == (2, [0, 1, 3, 4])


def test_a_place_settles_what_was_used():
    """Leaving a place gives the tokens back that were reserved and not used."""

    async def story() -> float:
        pace = Pace(1, tokens_per_minute=60_000)
        async with pace.place(3000) as place:
            place.used = 10
        started = time.monotonic()
        async with pace.place(10):
            return time.monotonic() - started

    assert asyncio.run(story()) < 1.0


def test_requests_a_minute_are_kept_on_the_way(tmp_path: Path, faults: FaultServer):
    """With 300 a minute and six of them free at the start, the twelfth question is not sent before 1.2 seconds."""
    script = faults.script(fine("We are looking into it, and you will hear from us."))
    kit = KitSettings(model="tiny-1", base_url=script.url, ask_below=0.0).open()
    source, terms = write_jsonl(tmp_path / "in.jsonl", records(12)), Terms(requests_per_minute=300)
    started = time.monotonic()
    run_batch(source, tmp_path / "out.jsonl", kit, terms)
    assert script.times[11] - started >= 1.2


class Crowded:
    """An endpoint that refuses whoever comes when three are there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.there = self.refused = self.answered = 0

    def __call__(self, handler: Handler, body: dict[str, Any]) -> None:
        with self._lock:
            self.there += 1
            crowded = self.there > 3
            self.refused += crowded
            self.answered += not crowded
        try:
            if crowded:
                refuses(429, "slow down", retry_after_ms="20")(handler, body)
            else:
                time.sleep(0.02)
                fine("We are looking into it, and you will hear from us.")(handler, body)
        finally:
            with self._lock:
                self.there -= 1


def test_an_endpoint_that_objects_is_asked_less_and_every_row_is_written_by_it(tmp_path: Path, faults: FaultServer):
    """With sixteen at a time against an endpoint that bears three, nothing falls back to the offline wording."""
    crowd = Crowded()
    script = faults.script(crowd)
    kit = KitSettings(model="tiny-1", base_url=script.url)
    source = write_jsonl(tmp_path / "in.jsonl", records(80))
    done = run_batch(source, tmp_path / "out.jsonl", kit, Terms(concurrency=16))
    assert (done.drafted, done.fell_back, done.errors) == (80, 0, 0), (crowd.refused, crowd.answered, done)
    assert crowd.refused < crowd.answered
