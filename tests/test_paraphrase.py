"""The second tier: what a sentence reads like where no rule knows its wording."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from cases import SecondReader
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.check import Context, check
from replykit.errors import LibraryError
from replykit.library import Library
from replykit.paraphrase import Advice, Lexicon, Paraphrase, Weights, features, stem, stricter
from replykit.rules import Reading

ROOT = Path(__file__).parents[1]
LIBRARY = Library.load()
TIER = Paraphrase.from_library(LIBRARY)
SENTENCES = ROOT / "prompts" / "paraphrase" / "sentences"
FRESH_FILES = sorted((ROOT / "tests" / "fresh").glob("*.jsonl"))
FRESH = [json.loads(line) for file in FRESH_FILES for line in file.read_text(encoding="utf-8").splitlines()]


def read(text: str, customer: str | None = None) -> list[str]:
    """The categories that the tier reports on a text."""
    return [f.category for f in TIER.findings(Reading(text), customer)]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("I feel every bit of your anger about the delayed harvest festival.", "false-empathy"),
        ("We undertake to reimburse all expenses arising from the fire.", "liability"),
        ("The gallery has zero flexibility, the rules are the same for everyone.", "policy-hiding"),
        ("Take down your comment first, then we will refund the harness.", "intimidation"),
        ("We regret any discomfort this may have caused.", "apology"),
    ],
)
def test_a_sentence_is_named_for_what_it_reads_like(text: str, category: str):
    """A wording that stands in no rule is reported as the category it reads like."""
    assert read(text) == [category]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Mr Bully,\n\nKind regards,\nBossy Threat",
        "The new sail is at the boathouse, and the mast comes on Thursday.",
        "I'm sorry the marquee leaked on your guests.",
        "We can't restring it here. What we can do is send it to the maker for you.",
        "You don't have to bring anything.",
        "",
    ],
)
def test_a_good_sentence_passes(text: str):
    """Greetings, facts, plain apologies and limits followed by an offer are left alone."""
    assert read(text) == []


def test_words_of_others_are_not_held_against_the_reply():
    """What stands in quotation marks is masked before the sentence is read."""
    assert read('You wrote that he said "I feel every bit of your anger, calm down, you idiot" to you.') == []


def test_a_boundary_needs_a_customer():
    """Nothing is said about boundaries while it is not known what the customer wrote."""
    text = "Our staff deserve respect, so please change your tone."
    assert (read(text), read(text, "I want my money back.")) == ([], ["boundary"])


def test_what_the_customer_wrote_is_not_held_against_the_reply():
    """A sentence that mostly says back the customer's own words is left alone."""
    text = "We regret any discomfort this delay may have caused."
    assert read(text, "Your letter says: regret any discomfort this delay may have caused!") == []


def test_a_finding_is_a_warning_with_its_passage_and_probability():
    """A finding names the whole sentence in the caller's characters, a rewrite, and how likely it is."""
    text = "Hello.\nWe&nbsp;regret any dis\u00adcomfort this may\nhave caused. It is blue."
    (finding,) = TIER.findings(Reading(text))
    said = (finding.rule, finding.level, finding.quote, text[finding.start : finding.end] == finding.quote)
    assert said == (
        "reads-like-apology", "warn", "We&nbsp;regret any dis\u00adcomfort this may\nhave caused.", True,
    )  # fmt: skip
    assert 0.5 < finding.probability <= 1
    assert finding.instead


@pytest.mark.parametrize("off", [["reads-like-apology"], ["reads-like-*"]])
def test_a_category_can_be_switched_off(off: list[str]):
    """A rule id in `off` silences its category, and a star silences all."""
    tier = Paraphrase.from_library(LIBRARY, off=off)
    assert list(tier.findings(Reading("We regret any discomfort this may have caused."))) == []


def test_the_check_says_nothing_twice():
    """Where a rule has reported a passage, a second tier does not add the same category there; other things it adds."""
    text = "We apologise for any inconvenience this may have caused."
    (known, *_) = check(text, LIBRARY.rules).findings
    echo = known.model_copy(update={"rule": "reads-like-apology"})
    other = known.model_copy(update={"rule": "reads-like-sarcasm", "category": "sarcasm"})
    report = check(text, LIBRARY.rules, Context(), second=SecondReader((echo, other)))
    assert {f.rule for f in report} - {f.rule for f in check(text, LIBRARY.rules)} == {"reads-like-sarcasm"}


def test_it_takes_back_only_what_it_is_sure_of():
    """A plain sentence of a good letter clears a passage; one that reads like an offence does not."""
    good, bad = Reading("The new lamp is on its way to you."), Reading("You only have yourself to blame for this.")
    assert TIER.clears(good, 0, 5)
    assert not TIER.clears(bad, 0, 5)


def test_a_long_letter_asks_for_more_certainty():
    """A fragment is held to the threshold itself; in a letter of many sentences each has to be surer."""
    assert stricter(0.9, 2) == pytest.approx(0.9)
    assert 0.9 < stricter(0.9, 6) < stricter(0.9, 12) == stricter(0.9, 100) < 1


@pytest.mark.parametrize(
    ("words", "root"),
    [("refuse refused refusing refuses", "refus"), ("apology apologies", "apolog"), ("dropped dropping", "drop")],
)
def test_forms_of_a_word_share_a_stem(words: str, root: str):
    """Endings do not hide a word."""
    assert {stem(w) for w in words.split()} == {root}


def test_words_of_a_class_look_alike():
    """Two wordings made of the same classes show the same patterns."""
    lexicon = Lexicon({"we": "we our", "refuse": "refuse decline", "remedy": "refund replacement"})
    one, other = (features(t, lexicon) for t in ("we refuse a refund", "we decline the replacement"))
    assert {f for f in one if "#" in f} == {f for f in other if "#" in f}


def test_weights_add_up_by_category():
    """A feature's row speaks for its category, and unknown features say nothing."""
    packed = {
        "categories": ["clean", "rude"], "thresholds": {"rude": 0.5}, "bias": [1.0, 0.0], "scale": 1.0,
        "features": "oaf", "lanes": "fYM=",
    }  # fmt: skip  # lanes: clean 125 - 128 = -3, rude 131 - 128 = +3
    weights = Weights.read(packed)
    assert [round(p, 3) for p in weights.probabilities({"oaf", "unknown"})] == [0.007, 0.993]
    assert [round(p, 3) for p in weights.probabilities(set())] == [0.731, 0.269]


def test_a_message_without_a_reason_is_refused():
    """An entry of messages.yaml that lacks a key is refused with file and key."""
    with pytest.raises(LibraryError, match=r"paraphrase/messages\.yaml: argue\.why"):
        Advice.read("argue", {"message": "This reads like arguing.", "instead": []})


def test_a_passage_that_is_no_expression_is_refused():
    """A broken regular expression is refused with file and key."""
    entry = {"message": "m", "why": "w", "instead": [], "unless_near": ["("]}
    with pytest.raises(LibraryError, match=r"argue\.unless_near: is not a regular expression"):
        Advice.read("argue", entry)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str):
    """No text raises, every passage is exact, and reading twice finds the same."""
    first, second = (list(TIER.findings(Reading(text), "")) for _ in range(2))
    assert first == second
    assert [text[f.start : f.end] for f in first] == [f.quote for f in first]


def test_a_sentence_of_any_length_is_read():
    """More features than the lanes hold at once are added in parts."""
    chances = TIER.weights.probabilities(set(TIER.weights.table))
    assert sum(chances) == pytest.approx(1)


def test_nothing_is_learned_from_the_fresh_set():
    """No sentence that the tier learns from stands in the fresh sets that it is measured on."""
    learned = {
        Reading(line).normal.text.strip(" .!?")
        for path in SENTENCES.glob("*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
        if len(line.split()) > 3
    }
    measured = {s.text.strip(" .!?") for row in FRESH for s in Reading(row["text"]).sentences}
    assert learned & measured == set()


def test_the_fresh_set_labels_what_it_holds():
    """Every labelled quote of the fresh set stands in its text, and every id is there once."""
    ids = Counter(row["id"] for row in FRESH)
    adrift = [row["id"] for row in FRESH for v in row["violations"] if v["quote"] not in row["text"]]
    assert (max(ids.values()), adrift) == (1, [])
