"""Batches through the library: every row has its line, in order, whatever happens to some of them."""

from __future__ import annotations

import asyncio
import csv
import json
import random
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from batch_files import TEXTS, command, kill_after, read_jsonl, records, run, timeless, write_jsonl
from endpoints import faults as faults  # noqa: PLC0414  # a fixture
from fault_server import FaultServer, fine, refuses

from replykit import BatchError, Complaint, Draft, ReplyKit
from replykit.batch import KitSettings, Source, Summary, Terms, run_batch
from replykit.testing import ObedientModel
from replykit.types import Answer, Call, Usage


@pytest.fixture(scope="module")
def kit() -> ReplyKit:
    return ReplyKit()


def drafted(kit: ReplyKit, row: dict[str, Any]) -> dict[str, Any]:
    """The line that belongs to a row."""
    complaint = Complaint.model_validate({k: v for k, v in row.items() if k != "id"})
    return {"id": row["id"], **kit.draft(complaint).model_dump(mode="json")}


# ---------------------------------------------------------------- lines


def test_every_row_gets_its_draft_in_order(tmp_path: Path, kit: ReplyKit):
    """The output holds for each row the draft that the kit makes of it, with the row's id in front."""
    rows = records(9)
    done = run_batch(write_jsonl(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl", kit)
    assert read_jsonl(tmp_path / "out.jsonl") == [drafted(kit, row) for row in rows]
    assert (done.rows, done.drafted, done.errors, done.stopped) == (9, 9, 0, "")


def test_a_line_is_a_draft_once_its_id_is_off(tmp_path: Path, kit: ReplyKit):
    """What is written can be read back as a `Draft`."""
    run_batch(write_jsonl(tmp_path / "in.jsonl", records(1)), tmp_path / "out.jsonl", kit)
    [line] = read_jsonl(tmp_path / "out.jsonl")
    line.pop("id")
    assert Draft.model_validate(line) == kit.draft(TEXTS[0].format(i=0))


def test_rows_that_cannot_be_used_become_errors_and_end_nothing(tmp_path: Path, kit: ReplyKit):
    """Broken lines, wrong types, empty texts and unknown values each get an error in their place."""
    rows = [
        {"id": "a", "text": "My kettle broke."},
        "{broken",
        "[1, 2]",
        {"id": "no text"},
        {"id": "empty", "text": "  "},
        {"id": "channel", "text": "Late again.", "channel": "pigeon"},
        '{"id": "half", "text": "a \\ud800 surrogate"}',
        {"id": "z", "text": "My parcel is late."},
    ]
    done = run_batch(write_jsonl(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl", kit)
    lines = read_jsonl(tmp_path / "out.jsonl")
    assert [line["id"] for line in lines] == ["a", 2, 3, "no text", "empty", "channel", "half", "z"]
    assert [line.get("line") for line in lines] == [None, 2, 3, 4, 5, 6, 7, None]
    assert [("text" in line, "error" in line) for line in lines] == [(True, False), *[(False, True)] * 6, (True, False)]
    assert (done.drafted, done.errors) == (2, 6)
    assert lines[3]["error"].startswith("the row has no text")
    assert lines[5]["error"].startswith("channel: ")


def test_rows_without_an_id_are_known_by_their_line(tmp_path: Path, kit: ReplyKit):
    """The number of its line stands in for an id, blank lines counted."""
    write_jsonl(tmp_path / "in.jsonl", [{"text": "My kettle broke."}, "", {"text": "My parcel is late."}])
    run_batch(tmp_path / "in.jsonl", tmp_path / "out.jsonl", kit)
    assert [line["id"] for line in read_jsonl(tmp_path / "out.jsonl")] == [1, 3]


def test_the_same_row_twice_is_drafted_once_and_written_twice(tmp_path: Path, kit: ReplyKit):
    """Two rows with one id and one input share a draft, and each has its line."""
    row = records(1)[0]
    done = run_batch(write_jsonl(tmp_path / "in.jsonl", [row, row, row]), tmp_path / "out.jsonl", kit)
    assert read_jsonl(tmp_path / "out.jsonl") == [drafted(kit, row)] * 3
    assert (done.rows, done.drafted, done.known) == (3, 1, 2)


def test_only_the_wanted_fields_are_written(tmp_path: Path, kit: ReplyKit):
    """With `fields` a line holds the id and those."""
    write_jsonl(tmp_path / "in.jsonl", records(2))
    run_batch(tmp_path / "in.jsonl", tmp_path / "out.jsonl", kit, Terms(fields=("text", "status")))
    assert [set(line) for line in read_jsonl(tmp_path / "out.jsonl")] == [{"id", "text", "status"}] * 2


def test_a_field_that_no_draft_has_is_refused(tmp_path: Path):
    """A misspelt field is named before anything is drafted."""
    with pytest.raises(BatchError, match="--fields txet: a draft has no such field; there are text, "):
        Terms(fields=("txet",))


def test_an_empty_file_makes_an_empty_output(tmp_path: Path, kit: ReplyKit):
    """No rows, no lines, no error."""
    done = run_batch(write_jsonl(tmp_path / "in.jsonl", []), tmp_path / "out.jsonl", kit)
    assert ((tmp_path / "out.jsonl").read_bytes(), done.rows) == (b"", 0)


def test_several_processes_write_what_one_writes(tmp_path: Path):
    """Two processes give byte for byte the output of one."""
    source = write_jsonl(tmp_path / "in.jsonl", records(60))
    for processes in (1, 2):
        run_batch(source, tmp_path / f"{processes}.jsonl", KitSettings(), processes=processes)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


# ---------------------------------------------------------------- CSV and Parquet

MAPPED = {"id": "ticket", "text": "body", "customer.name": "from", "order.amount": "paid", "facts.in_stock": "stock"}


def test_csv_and_parquet_columns_are_mapped(tmp_path: Path, kit: ReplyKit):
    """Columns become fields, nested ones too; an empty cell is no value, and a fact is read as YAML reads it."""
    body = 'My "Aurora" lamp broke,\nagain. I want a replacement.'
    cells = [
        {"ticket": "t1", "body": body, "from": "Ms Okafor", "paid": "49.90", "stock": "false", "note": "ours"},
        {"ticket": "t2", "body": "Late.", "from": ""},
    ]
    with (tmp_path / "in.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(cells[0]))
        writer.writeheader()
        writer.writerows(cells)
    case = Complaint(text=body, customer={"name": "Ms Okafor"}, order={"amount": 49.9}, facts={"in_stock": False})
    wanted = [
        {"id": "t1", **kit.draft(case).model_dump(mode="json")},
        {"id": "t2", **kit.draft("Late.").model_dump(mode="json")},
    ]
    run_batch(Source(tmp_path / "in.csv", columns=MAPPED), tmp_path / "csv.jsonl", kit)
    assert read_jsonl(tmp_path / "csv.jsonl") == wanted


def test_parquet_is_read_in_pieces_with_its_types(tmp_path: Path, kit: ReplyKit):
    """Numbers, dates and nested columns of Parquet reach the complaint as what they are."""
    pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [
        {
            "id": i,
            "text": TEXTS[i % 4].format(i=i),
            "customer": {"name": "Mr Lind", "tier": None},
            "order": {"amount": 12.5},
        }
        for i in range(600)
    ]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "in.parquet")
    source = Source(tmp_path / "in.parquet")
    found = list(source)
    assert [row.id for row in found] == list(range(600))
    assert json.loads(found[5].body) == {
        "customer": {"name": "Mr Lind", "tier": None},
        "order": {"amount": 12.5},
        "text": TEXTS[1].format(i=5),
    }
    assert source.share() == 1.0


def test_csv_rows_that_cannot_be_read_are_errors(tmp_path: Path):
    """Too many cells and another encoding each cost their own row only."""
    (tmp_path / "in.csv").write_bytes(b"id,text\na,fine\nb,one,two\nc,caf" + b"\xe9\nd,fine\n")
    assert [(row.id, row.error is not None) for row in Source(tmp_path / "in.csv")] == [
        ("a", False),
        (2, True),
        (3, True),
        ("d", False),
    ]


@pytest.mark.parametrize(
    ("name", "columns", "message"),
    [
        ("missing.jsonl", {}, "there is no such file"),
        ("in.docx", {}, "what format is it"),
        ("in.csv", {"txet": "body"}, "'txet' is not a field of a complaint"),
        ("in.csv", {"channel.name": "x"}, "is not a field of a complaint"),
    ],
)
def test_a_source_that_cannot_be_read_is_refused_with_a_remedy(
    tmp_path: Path, name: str, columns: dict[str, str], message: str
):
    """The file, the key and what to do are named before anything starts."""
    (tmp_path / "in.csv").write_text("text\n")
    with pytest.raises(BatchError, match=message):
        Source(tmp_path / name, columns=columns)


# ---------------------------------------------------------------- going on after an end


def test_a_second_run_drafts_nothing_again(tmp_path: Path):
    """After a run that came to its end the same call asks the model nothing and writes the same."""
    model = ObedientModel("We are looking into it.")
    source = write_jsonl(tmp_path / "in.jsonl", records(6))
    run_batch(source, tmp_path / "out.jsonl", ReplyKit(model))
    first, asked = (tmp_path / "out.jsonl").read_bytes(), len(model.calls)
    done = run_batch(source, tmp_path / "out.jsonl", ReplyKit(model))
    assert ((tmp_path / "out.jsonl").read_bytes(), len(model.calls)) == (first, asked)
    assert (done.drafted, done.known) == (0, 6)


def test_only_new_and_changed_rows_are_drafted(tmp_path: Path, kit: ReplyKit):
    """Rows that were added, edited or moved are told apart by id and input."""
    rows = records(5)
    run_batch(write_jsonl(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl", kit)
    edited = {"id": "r1", "text": "My kettle is broken."}
    later = [records(6)[5], rows[4], rows[0], edited]
    done = run_batch(write_jsonl(tmp_path / "in.jsonl", later), tmp_path / "out.jsonl", kit)
    assert (done.drafted, done.known) == (2, 2)
    assert read_jsonl(tmp_path / "out.jsonl") == [drafted(kit, row) for row in later]


def test_fresh_starts_over(tmp_path: Path, kit: ReplyKit):
    """With `fresh` nothing of an earlier run counts."""
    source = write_jsonl(tmp_path / "in.jsonl", records(3))
    run_batch(source, tmp_path / "out.jsonl", kit)
    done = run_batch(source, tmp_path / "out.jsonl", kit, fresh=True)
    assert (done.drafted, done.known) == (3, 0)


def killed_until_done(kills: int, source: Path, target: Path, *arguments: object) -> int:
    """Kill a batch so many times at random moments, then let it end; how many kills found it at work."""
    chance = random.Random(7)
    hit = sum(kill_after(chance.uniform(0.0, 0.7), source, target, *arguments) for _ in range(kills))
    last = run(source, target, *arguments)
    assert last.returncode == 0, last.stderr
    return hit


def test_kills_at_random_moments_change_nothing(tmp_path: Path):
    """After six kills the output is byte for byte that of a run that nobody disturbed."""
    source = write_jsonl(tmp_path / "in.jsonl", records(300))
    assert killed_until_done(6, source, tmp_path / "killed.jsonl", "--processes", 2) >= 3
    run_batch(source, tmp_path / "calm.jsonl", KitSettings())
    assert (tmp_path / "killed.jsonl").read_bytes() == (tmp_path / "calm.jsonl").read_bytes()


def test_kills_with_a_model_lose_and_repeat_no_answer(tmp_path: Path, faults: FaultServer):
    """The same against an endpoint, where only what was under way at a kill is asked again."""
    script = faults.script(fine("Thank you for telling us. We are looking into it."))
    source = write_jsonl(tmp_path / "in.jsonl", records(120))
    endpoint = ("--model", "tiny-1", "--base-url", script.url, "--concurrency", 4)
    kills = killed_until_done(4, source, tmp_path / "killed.jsonl", *endpoint)
    asked = len(script.requests)
    run_batch(source, tmp_path / "calm.jsonl", KitSettings(model="tiny-1", base_url=script.url))
    calm = len(script.requests) - asked
    assert timeless(read_jsonl(tmp_path / "killed.jsonl")) == timeless(read_jsonl(tmp_path / "calm.jsonl"))
    # four may be on their way at a kill, and as many drafts may have had their first of two answers
    assert calm <= asked <= calm + kills * 16


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_finishes_what_was_begun_and_the_next_run_goes_on(tmp_path: Path, number: signal.Signals):
    """Ctrl-C and SIGTERM end a batch in good order, with the exit code that shells expect."""
    source = write_jsonl(tmp_path / "in.jsonl", records(2000))
    target = tmp_path / "out.jsonl"
    with subprocess.Popen(command(source, target), stderr=subprocess.PIPE, text=True) as process:
        while not (part := tmp_path / "out.jsonl.part").exists() or not part.stat().st_size:
            time.sleep(0.01)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert "run the same command again to go on" in said
    assert not target.exists()
    done = len(read_jsonl(tmp_path / "out.jsonl.part"))
    assert 0 < done < 2000
    write_jsonl(source, records(done + 5))
    assert "5 drafted" in run(source, target).stderr


# ---------------------------------------------------------------- with a model


def test_a_failing_question_costs_its_own_row_only(tmp_path: Path, faults: FaultServer):
    """A refused request makes its row an error; the others are drafted, and the next run tries that one again."""
    steps = [fine("We are looking into it.")] * 3 + [refuses(422, "no")] + [fine("We are looking into it.")]
    script = faults.script(*steps)
    settings = KitSettings(model="tiny-1", base_url=script.url, ask_below=0.0)
    source = write_jsonl(tmp_path / "in.jsonl", records(8))
    done = run_batch(source, tmp_path / "out.jsonl", settings, Terms(concurrency=1))
    assert (done.drafted, done.errors) == (7, 1)
    again = run_batch(source, tmp_path / "out.jsonl", settings, Terms(concurrency=1))
    assert (again.drafted, again.known, again.errors) == (1, 7, 0)


def test_a_model_that_is_down_is_asked_again_by_the_next_run(tmp_path: Path):
    """A draft in the offline wording, because nobody answered, is written and not counted as done."""
    source = write_jsonl(tmp_path / "in.jsonl", records(3))
    down = run_batch(source, tmp_path / "out.jsonl", ReplyKit(Sometimes(fails=True)))
    assert (down.drafted, down.fell_back, len(read_jsonl(tmp_path / "out.jsonl"))) == (3, 3, 3)
    up = run_batch(source, tmp_path / "out.jsonl", ReplyKit(Sometimes(fails=False)))
    assert (up.drafted, up.fell_back, up.known) == (3, 0, 0)


def test_a_budget_ends_a_batch_in_good_order(tmp_path: Path):
    """Where the budget is over nothing is written in a lesser wording; a larger one goes on."""
    source = write_jsonl(tmp_path / "in.jsonl", records(12))
    kit = ReplyKit(Sometimes(fails=False))
    poor = run_batch(source, tmp_path / "out.jsonl", kit, Terms(budget="5000 tokens", concurrency=1))
    assert poor.stopped.startswith("the next call could exceed the budget of 5,000 tokens")
    assert 0 < poor.drafted < 12
    assert not (tmp_path / "out.jsonl").exists()
    rich = run_batch(source, tmp_path / "out.jsonl", kit, Terms(budget="1000000 tokens"))
    assert (rich.known, rich.drafted, rich.stopped) == (poor.drafted, 12 - poor.drafted, "")


def test_answers_in_a_cache_are_not_paid_for_again(tmp_path: Path):
    """With a cache another output of the same rows asks the model nothing."""
    source, cache = write_jsonl(tmp_path / "in.jsonl", records(5)), str(tmp_path / "cache")
    model = Sometimes(fails=False)
    run_batch(source, tmp_path / "1.jsonl", ReplyKit(model), Terms(cache=cache))
    asked = model.asked
    done = run_batch(source, tmp_path / "2.jsonl", ReplyKit(model), Terms(cache=cache))
    assert (model.asked, done.usage.calls) == (asked, 0)
    texts = [[line["text"] for line in read_jsonl(tmp_path / f"{n}.jsonl")] for n in (1, 2)]
    assert texts[0] == texts[1]


def test_never_more_questions_at_a_time_than_agreed(tmp_path: Path):
    """The concurrency is the most that are under way, and it is reached."""
    model = Sometimes(fails=False, seconds=0.02)
    run_batch(
        write_jsonl(tmp_path / "in.jsonl", records(40)), tmp_path / "out.jsonl", ReplyKit(model), Terms(concurrency=5)
    )
    assert model.peak == 5


def test_a_model_without_acomplete_is_asked_in_threads(tmp_path: Path):
    """A model that can only be asked synchronously is asked so many times at once all the same."""
    model = Blocking()
    run_batch(
        write_jsonl(tmp_path / "in.jsonl", records(24)), tmp_path / "out.jsonl", ReplyKit(model), Terms(concurrency=12)
    )
    assert model.peak == 12


def test_the_numbers_are_told_while_it_runs(tmp_path: Path, kit: ReplyKit):
    """Whoever reports hears the share of the input and the drafts so far, the last time with all of them."""
    heard: list[tuple[int, float | None]] = []
    source = write_jsonl(tmp_path / "in.jsonl", records(10))
    run_batch(source, tmp_path / "out.jsonl", kit, report=lambda summary: heard.append((summary.rows, summary.share)))
    assert heard[-1] == (10, 1.0)


def test_time_left_follows_from_the_pace():
    """Half of the file in ten seconds leaves ten; rows known from before do not count as pace."""
    assert Summary(rows=50, drafted=50, seconds=10.0, share=0.5).left == pytest.approx(10.0)
    assert Summary(rows=50, drafted=10, known=40, seconds=10.0, share=0.5).left == pytest.approx(50.0)
    assert Summary(rows=50, drafted=50, seconds=10.0, share=None).left is None


class Sometimes:
    """An asynchronous model that answers with the offline wording's length, and notes how many ask at a time."""

    name = "sometimes"

    def __init__(self, *, fails: bool, seconds: float = 0.0) -> None:
        self._fails, self._seconds = fails, seconds
        self._inner = ObedientModel("We are looking into it, and you will hear from us.")
        self.asked = self.busy = self.peak = 0

    def estimate(self, call: Call) -> Usage:
        """A round number."""
        return Usage(prompt_tokens=1000, completion_tokens=500)

    async def acomplete(self, call: Call) -> Answer:
        """An answer after a while."""
        self.asked += 1
        self.busy += 1
        self.peak = max(self.peak, self.busy)
        await asyncio.sleep(self._seconds)
        self.busy -= 1
        if self._fails:
            raise ConnectionError("nobody there")
        said = self._inner.complete(call)
        return said.model_copy(update={"usage": Usage(prompt_tokens=400, completion_tokens=100, calls=1)})


class Blocking:
    """A model with `complete` alone."""

    name = "blocking"

    def __init__(self) -> None:
        self._inner, self._lock = ObedientModel("We are looking into it."), threading.Lock()
        self.busy = self.peak = 0

    def complete(self, call: Call) -> Answer:
        """An answer that holds up its thread."""
        with self._lock:
            self.busy += 1
            self.peak = max(self.peak, self.busy)
        time.sleep(0.03)
        with self._lock:
            self.busy -= 1
        return self._inner.complete(call)
