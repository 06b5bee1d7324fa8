"""The feedback loop: what people change in drafts, whose sentences they are, and what a report makes of it."""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit import Draft, InputError, ReplyKit
from replykit.feedback import (
    Change,
    Feedback,
    FeedbackReport,
    FeedbackStore,
    RuleTouched,
    VersionScore,
    compare_sent,
    feedback_report,
)

Cli = Callable[..., tuple[int, str, str]]
ON = dt.datetime(2026, 3, 4, 9, tzinfo=dt.UTC)
KIT = ReplyKit()
DRAFT = KIT.draft("The kettle I bought on Monday leaks. I want my money back. Order K-1.")
LAST = next(move for move in DRAFT.moves if move.strategy == "thank-patience").text
SORRY = next(move for move in DRAFT.moves if "apolog" in move.strategy).text


def sent(text: str, draft: Draft = DRAFT) -> Feedback:
    """What became of the draft when this was sent."""
    return compare_sent(draft, text, name="1", on=ON, check=KIT.check)


# ------------------------------------------------------------------ one draft


def test_a_draft_that_was_sent_as_it_was_is_accepted():
    """White space aside, nothing was changed; every move was kept."""
    found = sent(DRAFT.text.replace("\n\n", "\n \n") + "\n")
    assert (found.accepted, found.similarity, found.changes, found.broken) == (True, 1.0, (), ())
    assert set(found.moves) == {move.strategy for move in DRAFT.moves}
    assert set(found.moves.values()) == {"kept"}


def test_a_sentence_that_was_removed_belongs_to_its_move():
    """The strategy of the sentence is named, and its move is gone."""
    found = sent(DRAFT.text.replace(LAST, ""))
    assert found.changes == (Change(kind="removed", before=LAST, strategy="thank-patience"),)
    assert (found.accepted, found.moves["thank-patience"]) == (False, "removed")


def test_a_sentence_that_was_reworded_is_one_change():
    """Half of the words in common make it the same sentence in other words, and not one gone and one new."""
    found = sent(DRAFT.text.replace(LAST, f"Truly, {LAST}"))
    assert [(c.kind, c.before, c.strategy) for c in found.changes] == [("reworded", LAST, "thank-patience")]
    assert found.changes[0].after == f"Truly, {LAST}"
    assert found.moves["thank-patience"] == "reworded"
    assert 0.5 <= found.changes[0].similarity < 1


def test_a_sentence_that_was_added_is_nobodys():
    """What a person adds has no strategy; the draft's own sentences are all kept."""
    found = sent(DRAFT.text.replace("Kind regards", "See you on Friday at noon.\n\nKind regards"))
    assert found.changes == (Change(kind="added", after="See you on Friday at noon."),)
    assert set(found.moves.values()) == {"kept"}


def test_moving_a_paragraph_changes_no_sentence():
    """Order alone is not what a strategy's wording is judged by, and yet the draft was not sent as it was."""
    first, *rest = DRAFT.text.split("\n\n")
    found = sent("\n\n".join([first, *reversed(rest)]))
    assert (found.accepted, found.changes) == (False, ())


def test_rules_that_people_break_and_mend_are_named():
    """A rule that only the sent text breaks was broken by a person; one that only the draft breaks was mended."""
    assert sent(f"{DRAFT.text}\nCalm down.").broken == ("calm-down",)
    worse = DRAFT.model_copy(update={"text": f"{DRAFT.text}\nCalm down."})
    assert sent(DRAFT.text, worse).mended == ("calm-down",)


def test_without_a_check_no_rules_are_named():
    """The comparison needs no kit."""
    found = compare_sent(DRAFT, "Calm down.", on=ON)
    assert (found.broken, found.mended, found.on) == ((), (), ON)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_every_sentence_has_one_fate(text: str):
    """Kept, reworded and removed sentences are the draft's; kept, reworded and added ones are those that were sent."""
    found = compare_sent(DRAFT, text, on=ON)
    kinds = [change.kind for change in found.changes]
    whole = compare_sent(DRAFT, DRAFT.text, on=ON).kept
    alone = compare_sent(DRAFT.model_copy(update={"text": text}), text, on=ON).kept
    assert found.kept + kinds.count("reworded") + kinds.count("removed") == whole
    assert found.kept + kinds.count("reworded") + kinds.count("added") == alone


# ------------------------------------------------------------------ the store


def test_what_is_recorded_is_read_again(tmp_path: Path):
    """Records come back in order, and the file is its owner's alone."""
    store = FeedbackStore(tmp_path / "new" / "feedback.jsonl")
    first, second = sent(DRAFT.text), sent(SORRY).model_copy(update={"id": "2"})
    store.record(first)
    store.record(second)
    assert store.read() == ([first, second], 0)
    if os.name == "posix":
        assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_a_later_record_replaces_an_earlier_one(tmp_path: Path):
    """A case that was sent twice counts once, as it was sent last; records without an id all count."""
    store = FeedbackStore(tmp_path / "f.jsonl")
    first, last = sent(SORRY), sent(DRAFT.text)
    nameless = last.model_copy(update={"id": ""})
    store.record(first, nameless, last, nameless)
    assert store.read()[0] == [nameless, last, nameless]


def test_a_crash_costs_one_line_at_most(tmp_path: Path):
    """A line that was cut short is counted as broken, and the next record begins on a line of its own."""
    store = FeedbackStore(tmp_path / "f.jsonl")
    store.record(sent(DRAFT.text))
    with store.path.open("ab") as file:
        file.write(b'{"id": "2", "on": "2026-')
    last = sent(SORRY).model_copy(update={"id": "3"})
    store.record(last)
    found, broken = store.read()
    assert ([one.id for one in found], broken) == (["1", "3"], 1)


def test_a_store_that_is_not_there_says_what_to_do(tmp_path: Path):
    """Reading before the first record names the file and the remedy; so does a place that cannot be written."""
    with pytest.raises(InputError, match=r"f.jsonl cannot be read: .*; record something first, or name another"):
        FeedbackStore(tmp_path / "f.jsonl").read()
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        FeedbackStore(tmp_path / "file" / "f.jsonl").record(sent(DRAFT.text))


# ------------------------------------------------------------------ the report


def test_the_report_counts_by_strategy_rule_and_version():
    """What is touched most stands first, with examples; each version of the wording has its own share."""
    gone = sent(DRAFT.text.replace(LAST, "") + "\nCalm down.")
    whole = sent(DRAFT.text)
    later = whole.model_copy(update={"version": "next", "on": ON + dt.timedelta(days=1)})
    found = feedback_report([later, gone, whole])
    first = found.strategies[0]
    assert (found.drafts, found.accepted) == (3, 0.667)
    assert (first.strategy, first.drafted, first.kept, first.removed) == ("thank-patience", 3, 2, 1)
    assert first.examples == (Change(kind="removed", before=LAST, strategy="thank-patience"),)
    assert [one.strategy for one in found.strategies if one.changed] == ["thank-patience"]
    assert found.rules == (RuleTouched(rule="calm-down", broken=1, mended=0),)
    assert [(v.version, v.drafts, v.accepted) for v in found.versions] == [(DRAFT.version, 2, 0.5), ("next", 1, 1.0)]
    assert found.added_sentences == ("Calm down.",)


def test_a_report_of_nothing_is_empty():
    """No records are no error."""
    assert feedback_report([]) == FeedbackReport(drafts=0, accepted=0.0, similarity=0.0)
    assert isinstance(feedback_report([sent(DRAFT.text)]).versions[0], VersionScore)


# ------------------------------------------------------------------ the verbs


@pytest.fixture
def files(cli: Cli, tmp_path: Path) -> Path:
    """A draft as the command line writes it, and what was sent."""
    (tmp_path / "complaint.txt").write_text("The kettle I bought on Monday leaks.", encoding="utf-8")
    text = cli("draft", "complaint.txt", "--json", "--offline")[1]
    (tmp_path / "draft.json").write_text(text, encoding="utf-8")
    (tmp_path / "sent.txt").write_text(json.loads(text)["text"] + "\nCalm down.\n", encoding="utf-8")
    return tmp_path


def test_a_draft_is_recorded_and_reported(cli: Cli, files: Path):
    """What changed is shown at once, and counts in the report."""
    code, out, _ = cli("feedback", "record", "draft.json", "sent.txt", "--id", "7")
    assert (code, "+ Calm down." in out, "now breaks: calm-down" in out) == (0, True, True)
    code, out, _ = cli("feedback", "report")
    assert code == 0
    for words in ("1 drafts: 0% sent as drafted", "1 added", "calm-down", "what people add"):
        assert words in out


def test_the_report_as_json_is_the_noun(cli: Cli, files: Path):
    """The JSON of the report and of a record are the library's own."""
    one = Feedback.model_validate_json(cli("feedback", "record", "draft.json", "sent.txt", "--json")[1])
    found = FeedbackReport.model_validate_json(cli("feedback", "report", "--json")[1])
    assert found == feedback_report([one])


def test_many_drafts_are_recorded_from_lines(cli: Cli, files: Path):
    """Each line holds a draft, what was sent and an id; the store is where --store says."""
    draft = json.loads((files / "draft.json").read_text(encoding="utf-8"))
    lines = [{"id": i, "draft": draft, "sent": draft["text"]} for i in (1, 2)]
    (files / "pairs.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert cli("feedback", "record", "pairs.jsonl", "--jsonl", "--store", "other.jsonl")[0] == 0
    assert [one.id for one in FeedbackStore(files / "other.jsonl").read()[0]] == ["1", "2"]


def test_what_holds_no_draft_is_refused(cli: Cli, files: Path):
    """A text in place of a draft, a draft with a strange key and a missing text are each named with a remedy."""
    (files / "odd.json").write_text('{"text": "x", "colour": 1}', encoding="utf-8")
    cases = {
        ("sent.txt", "sent.txt"): "sent.txt is not JSON",
        ("odd.json", "sent.txt"): "odd.json holds no draft: ",
        ("draft.json",): "a draft is recorded beside what was sent",
    }
    told = {args: cli("feedback", "record", *args) for args in cases}
    assert {args: (ran[0], cases[args] in ran[2]) for args, ran in told.items()} == dict.fromkeys(cases, (2, True))
    assert not (files / "feedback.jsonl").exists()
