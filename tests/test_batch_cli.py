"""The verb `batch`: what a person types, sees and gets."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from batch_files import read_jsonl, records, write_jsonl
from rich.console import Console

from replykit import ReplyKit
from replykit.batch import Source, Summary
from replykit.batch.estimate import estimate
from replykit.batch.progress import Lines, progress, said
from replykit.batch.summary import clock
from replykit.model import OpenAIModel
from replykit.types import Usage

Cli = Callable[..., tuple[int, str, str]]


def test_rows_go_in_and_drafts_come_out(cli: Cli):
    """A finished batch says what it did on standard error, nothing on standard output, and exits with 0."""
    write_jsonl(Path("in.jsonl"), records(4))
    code, out, err = cli("batch", "in.jsonl", "out.jsonl")
    assert (code, out, len(read_jsonl(Path("out.jsonl")))) == (0, "", 4)
    assert "4 rows: 4 drafted" in err
    assert "offline" in err.splitlines()[0]


def test_an_error_row_makes_the_exit_code_one(cli: Cli):
    """A batch with rows that could not be drafted is finished, and says so to whoever scripts it."""
    write_jsonl(Path("in.jsonl"), [*records(1), "{broken"])
    code, _, err = cli("batch", "in.jsonl", "out.jsonl")
    assert (code, len(read_jsonl(Path("out.jsonl")))) == (1, 2)
    assert "1 errors" in err


def test_standard_input_can_be_the_source(cli: Cli):
    """Lines from a pipe are as good as a file."""
    row = json.dumps(records(1)[0])
    assert cli("batch", "-", "out.jsonl", stdin=row + "\n")[0] in {0, 1}


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("missing.jsonl", "out.jsonl"), "missing.jsonl: there is no such file"),
        (("in.jsonl", "out.jsonl", "--column", "text"), "--column text: write it as FIELD=NAME"),
        (("in.jsonl", "out.jsonl", "--fields", "txet"), "--fields txet: a draft has no such field"),
        (("in.jsonl", "no/out.jsonl"), "is its folder there"),
        (("in.jsonl", "out.jsonl", "--provider-batch"), "--provider-batch needs a file"),
        (
            ("in.jsonl", "out.jsonl", "--budget", "much", "--model", "m", "--base-url", "http://localhost:1/v1"),
            "budget is 'much'",
        ),
    ],
)
def test_what_cannot_run_says_why(cli: Cli, flags: tuple[str, ...], message: str):
    """A batch that cannot start ends with 2 and a remedy, before anything is drafted."""
    write_jsonl(Path("in.jsonl"), records(1))
    code, _, err = cli("batch", *flags)
    assert code == 2
    assert message in err
    assert not Path("out.jsonl").exists()


def test_a_dry_run_asks_nobody(cli: Cli):
    """The estimate counts rows, calls and money, against an endpoint where nobody listens."""
    write_jsonl(Path("in.jsonl"), [*records(3), "{broken"])
    code, _, err = cli(
        "batch", "in.jsonl", "out.jsonl", "--model", "gpt-4o-mini", "--base-url", "http://127.0.0.1:9/v1", "--dry-run"
    )
    assert code == 0
    assert "4 rows, 1 of them unusable" in err
    assert "at most, without repairs: " in err
    assert "$" in err
    assert not Path("out.jsonl").exists()


def test_an_estimate_of_the_likely_lies_under_the_most(tmp_path: Path):
    """What answers of the usual length would cost is less than what the limit allows, and grows with the rows."""
    kit = ReplyKit(OpenAIModel("gpt-4o-mini", base_url="http://127.0.0.1:9/v1"), ask_below=0.0)
    found = estimate(Source(write_jsonl(tmp_path / "in.jsonl", records(4))), kit)
    assert (found.rows, found.calls) == (4, 4)
    assert found.likely.cost is not None
    assert found.most.cost is not None
    assert 0 < found.likely.cost < found.most.cost
    assert found.likely.completion_tokens == 4 * 350


def test_offline_costs_nothing(tmp_path: Path):
    """Without a model the estimate says so."""
    found = estimate(Source(write_jsonl(tmp_path / "in.jsonl", records(2))), ReplyKit())
    assert found.lines() == ["2 rows, 0 of them unusable", "no model would be asked, so it costs nothing"]


HALF_WAY = Summary(rows=500, drafted=480, errors=20, seconds=10.0, share=0.5, usage=Usage(calls=480, cost=1.25))


def test_progress_tells_rate_cost_and_time_left():
    """Rate, money so far, errors and the time left are in one short line."""
    assert said(HALF_WAY) == "48.0 drafts/s · $1.2500 · 20 errors · 10.0 s left"


def test_progress_is_plain_lines_where_nobody_looks():
    """In a pipe a line is printed every ten seconds, without an escape in it."""
    out, times = io.StringIO(), iter([0.0, 5.0, 11.0, 12.0])
    lines = Lines(Console(file=out, width=200), clock=lambda: next(times))
    for _ in range(3):
        lines(HALF_WAY)
    assert out.getvalue() == "replykit: 500 rows (50%), 48.0 drafts/s · $1.2500 · 20 errors · 10.0 s left\n"


def test_progress_is_a_bar_on_a_terminal():
    """On a terminal there is a bar with the share, and the same numbers beside it."""
    out = io.StringIO()
    with progress(Console(file=out, force_terminal=True, width=100, color_system=None)) as report:
        report(HALF_WAY)
    assert "500 rows" in out.getvalue()
    assert "50%" in out.getvalue()
    assert "48.0 drafts/s" in out.getvalue()


def test_the_summary_says_what_is_to_be_done():
    """Errors, fallbacks and an early end each come with their remedy."""
    lines = Summary(
        rows=9, drafted=6, known=2, errors=1, ready=4, fell_back=3, seconds=3.0, stopped="interrupted"
    ).lines()
    assert lines == [
        "9 rows: 6 drafted (4 ready, 2 to review), 2 known from an earlier run, 1 errors",
        "3.0 s, 2.0 drafts a second",
        "3 in the offline wording, as the model could not be reached; run again for those",
        "rows with an error are tried again when you run the same command again",
        "stopped: interrupted; run the same command again to go on",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"), [(3.14, "3.1 s"), (75, "1 min 15 s"), (3720, "1 h 02 min"), (59.9, "1 min 00 s")]
)
def test_times_are_told_as_people_read_them(seconds: float, text: str):
    """Seconds, minutes and hours each in their turn."""
    assert clock(seconds) == text
