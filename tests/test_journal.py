"""The journal and the cache: what was written is there, whatever happens to whoever wrote it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit import BatchError, ReplyKit
from replykit.batch import Terms, run_batch
from replykit.batch.answers import Answers, key_of
from replykit.batch.journal import Journal, journal_of
from replykit.batch.journal import key_of as key_of_row
from replykit.batch.store import Store
from replykit.types import Answer, Call, Message, Usage

IDENTITY = {"model": "offline", "wording": "abc"}
FRESH = multiprocessing.get_context("spawn")


def asked(text: str = "hello", **more: object) -> Call:
    return Call.model_validate(
        {"purpose": "draft", "messages": [Message(role="user", content=text)], "schema": {"a": 1}, **more}
    )


def test_what_was_put_is_there_again(tmp_path: Path):
    """Values come back as they were, in this process and in the next; a key keeps its first value."""
    with Journal(tmp_path / "j", IDENTITY) as journal:
        journal.put([(b"a", b"1"), (b"b", b"\x00" * 9)])
        journal.put([(b"a", b"2")])
    with Journal(tmp_path / "j", IDENTITY) as journal:
        assert [journal.get(key) for key in (b"a", b"b", b"c")] == [b"1", b"\x00" * 9, None]
        assert len(journal) == 2


def test_changed_settings_are_refused_by_name(tmp_path: Path):
    """The message says which setting was what, and what can be done."""
    Journal(tmp_path / "j", IDENTITY).close()
    with pytest.raises(BatchError) as caught:
        Journal(tmp_path / "j", IDENTITY | {"model": "gpt-5-mini"})
    assert str(caught.value) == (
        f"{tmp_path / 'j'} was begun with other settings (model was offline, is gpt-5-mini): "
        "put them back to go on, or start over with --fresh"
    )
    Journal(tmp_path / "j", IDENTITY).close()


def test_a_refused_batch_leaves_everything_as_it_was(tmp_path: Path):
    """Neither journal nor output is touched by a run that may not go on."""
    (tmp_path / "in.jsonl").write_text('{"id": 1, "text": "My kettle broke."}\n')
    run_batch(tmp_path / "in.jsonl", tmp_path / "out.jsonl", ReplyKit())
    before = (tmp_path / "out.jsonl").read_bytes()
    with pytest.raises(BatchError, match="fields was all, is text"):
        run_batch(tmp_path / "in.jsonl", tmp_path / "out.jsonl", ReplyKit(), Terms(fields=("text",)))
    assert (tmp_path / "out.jsonl").read_bytes() == before
    assert run_batch(tmp_path / "in.jsonl", tmp_path / "out.jsonl", ReplyKit()).known == 1


def test_fresh_forgets(tmp_path: Path):
    """With `fresh` nothing is there, and other settings are fine."""
    with Journal(tmp_path / "j", IDENTITY) as journal:
        journal.put([(b"a", b"1")])
    with Journal(tmp_path / "j", {"model": "other"}, fresh=True) as journal:
        assert journal.get(b"a") is None


def test_two_runs_on_one_output_are_refused(tmp_path: Path):
    """The second of two runs is told so, `fresh` or not, and the first goes on."""
    with Journal(tmp_path / "j", IDENTITY) as journal:
        for fresh in (False, True):
            with pytest.raises(BatchError, match="is in use by another run"):
                Journal(tmp_path / "j", IDENTITY, fresh=fresh)
        journal.put([(b"a", b"1")])
        assert journal.get(b"a") == b"1"


def test_a_file_that_is_no_journal_is_left_alone(tmp_path: Path):
    """Whatever else has the journal's name is not written over, unless somebody says so."""
    (tmp_path / "j").write_text("my notes, which are long enough to be no database at all\n" * 40)
    with pytest.raises(BatchError, match="is not a journal of replykit"):
        Journal(tmp_path / "j", IDENTITY)
    assert (tmp_path / "j").read_text().startswith("my notes")
    Journal(tmp_path / "j", IDENTITY, fresh=True).close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    """The remedy is in the message."""
    with pytest.raises(BatchError, match="is its folder there"):
        Journal(tmp_path / "no" / "j", IDENTITY)


@pytest.mark.parametrize("cut", [0, 1, 100, 4096, 5000])
def test_a_log_that_was_cut_off_loses_no_more_than_its_end(tmp_path: Path, cut: int):
    """A half-written last entry, as a power cut may leave it, does not keep the others from being read."""
    child = FRESH.Process(target=write_and_die, args=(tmp_path / "j", 40))
    child.start()
    child.join()
    log = tmp_path / "j-wal"
    os.truncate(log, log.stat().st_size - cut)
    with Journal(tmp_path / "j", IDENTITY) as journal:
        there = [journal.get(b"%d" % n) for n in range(40)]
    kept = there.index(None) if None in there else 40
    assert there[:kept] == [b"value %d" % n * 200 for n in range(kept)]
    assert there[kept:] == [None] * (40 - kept)
    assert kept >= 36


def write_and_die(path: Path, count: int) -> None:
    """Entries one by one, and then no goodbye."""
    journal = Journal(path, IDENTITY)
    for n in range(count):
        journal.put([(b"%d" % n, b"value %d" % n * 200)])
    os.kill(os.getpid(), signal.SIGKILL)


@settings(max_examples=50, deadline=None)
@given(
    first=st.tuples(st.text() | st.integers(), st.binary()), second=st.tuples(st.text() | st.integers(), st.binary())
)
def test_rows_are_known_by_id_and_input(first: tuple[object, bytes], second: tuple[object, bytes]):
    """Two rows have one key exactly when both their id and their input are the same."""
    assert (key_of_row(*first) == key_of_row(*second)) == (first == second)


def test_an_id_of_one_is_not_an_id_of_the_letter_one():
    """The number 1 and the text "1" are two ids."""
    assert key_of_row(1, b"x") != key_of_row("1", b"x")


# ---------------------------------------------------------------- the cache of answers


def test_an_answer_is_found_by_every_word_of_its_question(tmp_path: Path):
    """Another model, text, schema or limit is another question; a known answer costs nothing."""
    answers = Answers(tmp_path / "cache", "m")
    answers.put(asked(), Answer(text='{"a": "b"}', usage=Usage(prompt_tokens=5, calls=1, cost=0.1)))
    assert answers.get(asked()) == Answer(text='{"a": "b"}')
    for other in (asked("hello!"), asked(max_tokens=7), asked(schema={"a": 2}), asked(purpose="repair")):
        assert answers.get(other) is None
    assert key_of(asked(), "m") != key_of(asked(), "n")
    answers.close()


@pytest.mark.parametrize(
    "answer",
    [Answer(text="no json"), Answer(text='{"a": "b"', finish="length"), Answer(text='{"a": 1}', finish="length")],
)
def test_a_useless_answer_is_not_kept(tmp_path: Path, answer: Answer):
    """What was cut off or is not JSON is asked for again."""
    answers = Answers(tmp_path, "m")
    answers.put(asked(), answer)
    assert answers.get(asked()) is None
    answers.close()


def test_processes_share_a_cache(tmp_path: Path):
    """Several processes that write at once lose nothing of each other's."""
    writers = [FRESH.Process(target=fill, args=(tmp_path / "s", n)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    with Store(tmp_path / "s") as store:
        assert len(store) == 3 * 50
        assert store.get(b"1-7") == b"from 1"


def fill(path: Path, number: int) -> None:
    """Fifty entries, each at a moment of its own."""
    with Store(path) as store:
        for n in range(50):
            store.put([(b"%d-%d" % (number, n), b"from %d" % number)])
            time.sleep(0.001)


def test_nothing_in_a_store_is_ever_run(tmp_path: Path):
    """Values are bytes and stay bytes: a store that somebody else wrote cannot make us execute anything."""
    Store(tmp_path / "s").close()
    with sqlite3.connect(tmp_path / "s") as other:
        other.execute("INSERT INTO entries VALUES (?, ?)", (b"k", b"cos\nsystem\n(S'echo'\ntR."))
    other.close()
    with Store(tmp_path / "s") as store, pytest.raises(BatchError, match="is damaged"):
        store.get(b"k")


def test_the_journal_lies_beside_its_output():
    """Where it is can be told from the output's name."""
    assert journal_of(Path("a/drafts.jsonl")) == Path("a/drafts.jsonl.journal")
