"""The verbs `review` and `practise`: a person's reply beside its complaint, for people and line by line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from replykit import ReplyKit, Review

Cli = Callable[..., tuple[int, str, str]]
COMPLAINT = "The kiln I ordered arrived cracked, and nobody answers my emails. I want my money back."
GOOD = "Dear Ana,\n\nI am sorry that the kiln arrived cracked and that nobody answered. You will hear by Friday.\n"
POOR = "Unfortunately we can't do that. You should have read the terms.\n"


@pytest.fixture
def files(cli: Cli, tmp_path: Path) -> Path:
    """A folder with a complaint and two replies to it."""
    for name, text in (("complaint", COMPLAINT), ("good", GOOD), ("poor", POOR)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_review_names_moves_and_what_to_do_better(cli: Cli, files: Path):
    """A person sees the score, what the reply does and leaves out, what the check found, and advice."""
    code, out, _ = cli("review", "complaint.txt", "poor.txt")
    assert code == 1
    for words in ("review", "score", " no ", "flat-refusal", "do better"):
        assert words in out


def test_a_better_reply_scores_better(cli: Cli, files: Path):
    """The JSON is a review, the same as the library's, and a good reply has the higher score."""
    good, poor = (
        Review.model_validate_json(cli("review", "complaint.txt", f"{name}.txt", "--json")[1])
        for name in ("good", "poor")
    )
    assert good == ReplyKit().review(COMPLAINT, GOOD)
    assert good.score > poor.score


def test_a_reply_alone_cannot_be_reviewed(cli: Cli, files: Path):
    """Without the complaint the message says how to name it."""
    assert cli("review", "good.txt") == (
        2,
        "",
        "replykit: a reply is reviewed beside its complaint: replykit review COMPLAINT REPLY\n",
    )


def test_lines_are_reviewed_in_order(cli: Cli):
    """One review for each line; a line without its complaint gets an error row."""
    lines = [
        {"id": "a", "text": GOOD, "complaint": COMPLAINT},
        {"id": "b", "text": POOR},
        {"id": "c", "text": POOR, "complaint": 3},
    ]
    code, out, _ = cli("review", "-", "--jsonl", stdin="\n".join(map(json.dumps, lines)))
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, [row["id"] for row in rows], rows[0]["score"]) == (
        1,
        ["a", "b", "c"],
        ReplyKit().review(COMPLAINT, GOOD).score,
    )
    assert [row.get("error", "")[:41] for row in rows] == [
        "",
        'the line has no "complaint" to hold the r',
        "the line: complaint: text: Input should b",
    ]


def test_practice_shows_a_complaint_and_coaches(cli: Cli):
    """The complaint comes with what may be offered; the answer is scored, and the lesson closes it."""
    code, out, _ = cli("practise", "tent-in-the-rain", stdin=GOOD)
    assert code == 0
    for words in ("A tent that let the rain in", "send you a new tent", "score", "do better", "This one is about: "):
        assert words in out


def test_practice_lists_its_complaints(cli: Cli):
    """Every exercise is on the list, for people and as JSON."""
    named = [row["id"] for row in json.loads(cli("practise", "--list", "--json")[1])]
    assert len(named) >= 20
    assert [line.split()[0] for line in cli("practise", "--list")[1].splitlines() if line] == named


def test_practice_as_json_is_the_review(cli: Cli, files: Path):
    """The JSON names the exercise and holds the complaint, the answer and its review."""
    code, out, _ = cli("practise", "toaster-fire", "--reply", "good.txt", "--json")
    found = json.loads(out)
    assert (code, found["id"], found["reply"]) == (0, "toaster-fire", GOOD)
    assert Review.model_validate(found["review"]).moves


def test_practice_without_an_answer_says_how_to_come_back(cli: Cli):
    """An empty answer is no mistake of the reply's; the message names the exercise."""
    code, _, err = cli("practise", "toaster-fire", stdin="  \n")
    assert (code, err) == (
        2,
        "replykit: there is no answer yet; come back to this one with: replykit practise toaster-fire\n",
    )


def test_any_complaint_will_do(cli: Cli):
    """Without a name one of the exercises is drawn."""
    known = {row["id"] for row in json.loads(cli("practise", "--list", "--json")[1])}
    assert json.loads(cli("practise", "--json", stdin=GOOD)[1])["id"] in known
