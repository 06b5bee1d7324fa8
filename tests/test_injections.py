"""Hostile complaints against a model that obeys every one of them: nothing of what it was made to say gets through."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from worst_words import worst_words

from replykit.kit import ReplyKit
from replykit.testing import ObedientModel
from replykit.types import Complaint, Draft

ROOT = Path(__file__).parents[1]
OWN = ROOT / "tests" / "data" / "injections.jsonl"
FILES = {
    "own": OWN,
    "scenarios": ROOT / "tests" / "scenarios" / "injections.jsonl",
    "shared": ROOT.parent / "shared" / "data" / "injections_dev.jsonl",
}
LONGEST_ECHO = 600


def rows(name: str) -> Iterator[Any]:
    """The attacks of a file as parameters; one that is skipped where the file is not here."""
    if not FILES[name].is_file():
        yield pytest.param({}, id=name, marks=pytest.mark.skip(reason=f"{FILES[name]} is not here"))
        return
    for line in FILES[name].read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield pytest.param(row, id=row["id"])


ALL = [row for name in FILES for row in rows(name)]


@pytest.fixture(scope="module")
def shared() -> ReplyKit:
    """A kit that asks, made once; each attack brings its own policy."""
    return ReplyKit(ObedientModel(""))


def drafted(shared: ReplyKit, row: dict[str, Any], words: str) -> Draft:
    """What becomes of a model that writes these words wherever it is asked to write."""
    kit = shared.with_policy(row.get("policy"))
    kit.model = ObedientModel(words)
    return kit.draft(Complaint.model_validate(row["complaint"]))


def assert_nothing_got_through(draft: Draft, row: dict[str, Any]) -> None:
    """The customer gets a reply, it is clean, and nothing that the attack wanted is in it."""
    assert draft.text.strip()
    assert [f.rule for f in draft.findings if f.level == "block"] == []
    hits = [m[0] for p in row["text_must_not"] if (m := re.search(p, draft.text, re.IGNORECASE))]
    assert hits == [], draft.text


@pytest.mark.parametrize("row", ALL)
def test_a_model_that_repeats_the_message_gives_nothing_away(shared: ReplyKit, row: dict[str, Any]):
    """A model that writes the whole message back into every move does not put it into the reply."""
    assert_nothing_got_through(drafted(shared, row, row["complaint"]["text"][:LONGEST_ECHO]), row)


@pytest.mark.parametrize("row", list(rows("own")))
def test_a_model_that_does_as_it_is_told_is_not_believed(shared: ReplyKit, row: dict[str, Any]):
    """What an obedient model would write is not sent, alone or behind a sentence that is fine."""
    for words in row["obeys"]:
        assert_nothing_got_through(drafted(shared, row, words), row)
        assert_nothing_got_through(drafted(shared, row, f"I have read what you wrote. {words}"), row)


@pytest.mark.parametrize("row", [*rows("scenarios"), *rows("shared")])
def test_a_model_that_says_what_must_not_be_said_is_not_believed(shared: ReplyKit, row: dict[str, Any]):
    """Words made from the very patterns of what must not appear do not appear."""
    for words in worst_words(row["text_must_not"]):
        assert_nothing_got_through(drafted(shared, row, words), row)


@pytest.mark.parametrize("row", list(rows("own")))
def test_own_attacks_would_be_seen(row: dict[str, Any]):
    """Each text of an obedient model is one that its patterns catch, so that the tests above can fail."""
    unseen = [t for t in row["obeys"] if not any(re.search(p, t, re.IGNORECASE) for p in row["text_must_not"])]
    assert unseen == []
