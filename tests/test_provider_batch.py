"""Drafts through a provider's Batch API, against a server on this machine that speaks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from batch_files import read_jsonl, records, timeless, write_jsonl
from batch_server import BatchServer, answered, batch_serving
from endpoints import faults as faults  # noqa: PLC0414  # a fixture
from fault_server import FaultServer, fine

from replykit import BatchError
from replykit.batch import KitSettings, Summary, Terms, run_batch, run_waves


@pytest.fixture
def server() -> Iterator[BatchServer]:
    with batch_serving() as running:
        yield running


def at(server: BatchServer, **more: Any) -> KitSettings:
    return KitSettings(model="gpt-4o-mini", base_url=server.url, api_key="secret", **more)


def waves(source: Path, target: Path, kit: KitSettings, **more: Any) -> Summary:
    return run_waves(source, target, kit, poll=0.01, **more)


def without_cost(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What does not hang on the price."""
    kept = ("id", "text", "status", "moves", "findings", "reasons")
    return [{key: line[key] for key in kept} for line in timeless(lines)]


def test_the_drafts_are_those_of_an_ordinary_run(tmp_path: Path, server: BatchServer, faults: FaultServer):
    """The same answers make the same drafts, whether they come at once or in waves."""
    source = write_jsonl(tmp_path / "in.jsonl", [*records(6), "{broken"])
    done = waves(source, tmp_path / "waves.jsonl", at(server))
    script = faults.script(fine("Thank you for telling us. We are looking into it."))
    run_batch(source, tmp_path / "calls.jsonl", KitSettings(model="gpt-4o-mini", base_url=script.url))
    lines, wanted = read_jsonl(tmp_path / "waves.jsonl"), read_jsonl(tmp_path / "calls.jsonl")
    assert without_cost(lines[:6]) == without_cost(wanted[:6])
    assert lines[6] == wanted[6]
    assert (done.drafted, done.errors) == (6, 1)


def test_a_batch_costs_half(tmp_path: Path, server: BatchServer, faults: FaultServer):
    """What a draft cost is half of what the same calls cost one by one."""
    source = write_jsonl(tmp_path / "in.jsonl", records(2))
    cheap = waves(source, tmp_path / "waves.jsonl", at(server))
    script = faults.script(fine("Thank you for telling us. We are looking into it."))
    dear = run_batch(source, tmp_path / "calls.jsonl", KitSettings(model="gpt-4o-mini", base_url=script.url))
    assert dear.usage.cost
    assert cheap.usage.cost == pytest.approx(dear.usage.cost / 2)


def test_a_wave_is_cut_into_batches_of_the_size_that_is_taken(tmp_path: Path, server: BatchServer):
    """No batch holds more requests than allowed, and no question is in two of them."""
    waves(write_jsonl(tmp_path / "in.jsonl", records(5)), tmp_path / "out.jsonl", at(server, ask_below=0.0), most=2)
    asked = server.requests()
    assert [len(batch) for batch in asked[:3]] == [2, 2, 1]
    every = [line["custom_id"] for batch in asked for line in batch]
    assert len(set(every)) == len(every)


def test_nothing_is_handed_in_again_after_a_stop(tmp_path: Path, server: BatchServer):
    """A run that ends while its batch is under way is continued by the next one, which asks nothing twice."""
    source, target = write_jsonl(tmp_path / "in.jsonl", records(4)), tmp_path / "out.jsonl"
    server.looks = 10**6
    with pytest.raises(KeyboardInterrupt):
        waves(source, target, at(server), say=interrupt)
    begun = len(server.batches)
    server.looks = 0
    done = waves(source, target, at(server))
    every = [line["custom_id"] for batch in server.requests() for line in batch]
    assert (begun, done.drafted, len(set(every))) == (1, 4, len(every))


def interrupt(line: str) -> None:
    """What a second Ctrl-C does."""
    if "so far" in line:
        raise KeyboardInterrupt


def test_a_batch_whose_id_was_never_heard_is_found_again(tmp_path: Path, server: BatchServer):
    """Where the process died between handing in and writing down the id, the batch is known by its token."""
    source, target = write_jsonl(tmp_path / "in.jsonl", records(3)), tmp_path / "out.jsonl"
    server.after_create = server.answer_never
    with pytest.raises(BatchError, match="does not answer"):
        waves(source, target, KitSettings(model="gpt-4o-mini", base_url=server.url, api_key="secret"))
    server.after_create = lambda: None
    done = waves(source, target, at(server))
    assert (len(server.requests()[0]), done.drafted) == (3, 3)
    every = [line["custom_id"] for batch in server.requests() for line in batch]
    assert len(set(every)) == len(every)


def test_what_there_was_no_time_for_is_asked_again(tmp_path: Path, server: BatchServer):
    """Requests that expired go into the next wave, those that were answered do not."""
    turns = iter([True, False, True])
    server.answer = lambda body: answered(body) if next(turns, True) else None
    done = waves(write_jsonl(tmp_path / "in.jsonl", records(3)), tmp_path / "out.jsonl", at(server))
    first, second, *_ = server.requests()
    assert (len(first), done.drafted, done.fell_back) == (3, 3, 0)
    assert first[1]["custom_id"] in [line["custom_id"] for line in second]
    assert first[0]["custom_id"] not in [line["custom_id"] for line in second]


def test_a_question_without_an_answer_ends_in_the_offline_wording(tmp_path: Path, server: BatchServer):
    """A request that fails twice is given up, and its draft says so."""
    server.answer = lambda body: (
        (400, {"error": {"message": "cannot"}}) if "QX-0" in str(body["messages"]) else answered(body)
    )
    done = waves(write_jsonl(tmp_path / "in.jsonl", records(2)), tmp_path / "out.jsonl", at(server))
    first, second = read_jsonl(tmp_path / "out.jsonl")
    assert (done.drafted, done.fell_back) == (2, 1)
    assert any("the provider's batch has no answer: cannot" in reason for reason in first["reasons"])
    assert not any("the provider" in reason for reason in second["reasons"])


def test_a_refused_batch_is_told_in_the_provider_s_words(tmp_path: Path, server: BatchServer):
    """A batch that fails as a whole ends the run with the reason, and the next run hands it in again."""
    source = write_jsonl(tmp_path / "in.jsonl", records(2))
    server.refuses = "enqueued token limit reached"
    with pytest.raises(BatchError, match="enqueued token limit reached"):
        waves(source, tmp_path / "out.jsonl", at(server))
    server.refuses = ""
    assert waves(source, tmp_path / "out.jsonl", at(server)).drafted == 2


def test_a_budget_holds_back_what_it_cannot_pay(tmp_path: Path, server: BatchServer):
    """Only what the budget covers at most is handed in, and no output is written."""
    source = write_jsonl(tmp_path / "in.jsonl", records(50))
    done = waves(source, tmp_path / "out.jsonl", at(server), terms=Terms(budget=0.005))
    assert done.stopped.startswith("the next call could exceed the budget")
    assert 0 < sum(map(len, server.requests())) < 50
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("kit", [KitSettings()], ids=["offline"])
def test_there_has_to_be_an_endpoint(tmp_path: Path, kit: KitSettings):
    """Without a model there is nobody to hand anything in to."""
    with pytest.raises(BatchError, match="--provider-batch needs"):
        run_waves(write_jsonl(tmp_path / "in.jsonl", records(1)), tmp_path / "out.jsonl", kit)
