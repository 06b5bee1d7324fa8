"""Thirty whole drafts stay as they were read aloud and signed, and keep what all drafts must keep."""

from __future__ import annotations

import re
import statistics
from itertools import combinations

import pytest
import textstat
from golden import CASES, FOLDER, draft, page, rows

from replykit import ReplyKit
from replykit.library import Library

ROWS = rows()
WORDS = {
    channel: frame["words"]
    for channel, frame in Library.load().data("channels.yaml").items()
    if isinstance(frame, dict) and "words" in frame
}
LONG = 10
"""Words beyond which a sentence must not stand in two drafts."""


@pytest.fixture(scope="module")
def drafts():
    kit = ReplyKit()
    return {name: draft(row, kit) for name, row in ROWS.items()}


@pytest.mark.parametrize("name", CASES)
def test_a_draft_is_the_one_that_was_signed(name, drafts):
    """Wording changes only on purpose: `python tests/golden.py` writes the page anew."""
    assert page(ROWS[name], drafts[name]) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_the_drafts_cover_every_kind_and_channel(drafts):
    """All six kinds of message and all five channels are among the thirty."""
    assert {d.plan.kind for d in drafts.values()} == {
        "reply",
        "boundary",
        "closing",
        "escalation",
        "follow_up",
        "not_a_complaint",
    }
    assert {row["complaint"].get("channel", "email") for row in ROWS.values()} == {
        "email",
        "chat",
        "phone",
        "social",
        "in_person",
    }


@pytest.mark.parametrize("name", CASES)
def test_nothing_in_a_draft_blocks(name, drafts):
    """No finding of level block is left in any of them."""
    assert [f for f in drafts[name].findings if f.level == "block"] == []


@pytest.mark.parametrize("name", CASES)
def test_a_draft_keeps_to_its_length(name, drafts):
    """No draft is longer than its channel bears."""
    assert len(drafts[name].text.split()) <= WORDS[ROWS[name]["complaint"].get("channel", "email")]


def sentences(text: str) -> set[str]:
    """The long sentences of a reply without its greeting and sign-off."""
    body = "\n\n".join(text.split("\n\n")[1:-1])
    return {s for s in re.split(r"(?<=[.!?:])\s+|\n", body) if len(re.findall(r"[\w'’-]+", s)) > LONG}


def test_no_two_drafts_share_a_long_sentence(drafts):
    """A sentence of more than ten words carries the facts of its own case, so it never comes twice."""
    found = {name: sentences(d.text) for name, d in drafts.items()}
    assert {(a, b): shared for a, b in combinations(found, 2) if (shared := found[a] & found[b])} == {}


def test_the_drafts_read_easily(drafts):
    """The median reading ease (Flesch) is at least 60: plain English."""
    assert statistics.median(textstat.flesch_reading_ease(d.text) for d in drafts.values()) >= 60
