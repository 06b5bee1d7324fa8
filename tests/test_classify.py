"""The local classifier: scores, clauses, facts, training, and what it makes of hard messages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.classify import Classifier
from replykit.classify.kinds import together
from replykit.classify.linear import Table
from replykit.classify.mentions import Mentions
from replykit.classify.tokens import read_words
from replykit.library import Library
from replykit.train.bounds import cuts, even_cut
from replykit.train.model import export, fit, lesson
from replykit.train.steps import boost, candidates, reached
from replykit.types import Complaint, Contact

LIBRARY = Library.load()
READER = Classifier.from_library(LIBRARY)


@given(st.text(max_size=400))
@settings(deadline=None, max_examples=60)
def test_every_span_slices_back_from_any_text(text: str) -> None:
    """Issues, facts and evidence quote the message exactly, whatever it is."""
    reading = READER(Complaint(text=text))
    spans = (*reading.issues, *reading.mentions, *reading.evidence)
    assert [s.quote for s in spans] == [text[s.start : s.end] for s in spans]


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.floats(0, 5), max_size=3))
def test_packed_scores_are_the_plain_sums(features: dict[str, float]) -> None:
    """The packed numbers give what adding weight by weight gives, to the grain of the values."""
    rows = {"a": [0, 99, 2, -99], "b": [1, -7], "c": [0, -3, 1, 50, 2, 1]}
    table = Table(("h:x", "h:y", "h:z"), (0.5, -1.0, 0.0), (0.01, 0.02, 0.03), rows)
    plain = list(table.bias)
    for name, value in features.items():
        row = rows[name]
        for k in range(0, len(row), 2):
            plain[row[k]] += value * row[k + 1] * table.scales[row[k]]
    assert table.scores(features) == pytest.approx(plain, abs=0.04)


def test_a_step_counts_once_its_size_is_reached() -> None:
    """A feature below the mark adds nothing, at the mark all of it, and explanations add it too."""
    table = Table(("h:x",), (0.0,), (0.1,), {}, steps={"k:late": [[0.3, 0, 20]]})
    assert [table.scores({"k:late": v})[0] for v in (0.29, 0.3, 0.9)] == pytest.approx([0.0, 2.0, 2.0])
    assert table.pull({"k:late": 0.5}, "h:x") == [("k:late", pytest.approx(2.0))]


def test_facts_are_the_same_with_and_without_the_words() -> None:
    """The words that rule kinds out save time and change nothing."""
    facts = Mentions(LIBRARY.data("classifier/mentions.yaml"))
    text = (
        "I rang twice last Monday about order KX-2210. Mr Okafor promised a call within 3 days by email; "
        "my kettle cost £40 and I have sent two letters via live chat since 3 May."
    )
    assert facts.find(text, read_words(text).words) == facts.find(text) != ()


def test_message_and_clauses_count_alike() -> None:
    """A kind that only one of the two sees ends up between them."""
    both = together([{"late": 0.2}, {"late": 0.8}], {"late": 0.8})
    assert both == {"late": pytest.approx(0.8)}
    assert together([{"late": 0.2}], {"late": 0.8}) == {"late": pytest.approx(0.5)}


def test_advice_to_others_is_no_threat_to_leave() -> None:
    """Who warns other customers has not said that they leave; who closes the account has."""
    warns = READER("Parking app charged me double. Beware everyone, do not use this garage, steer clear of it.")
    leaves = READER("Parking app charged me double. I have cancelled my membership and moved to another garage.")
    assert ("churn" in warns.threats, "churn" in leaves.threats) == (False, True)


def test_insults_without_a_swear_word_are_abuse() -> None:
    """Belittling the person who answers is abusive however clean the words are."""
    assert READER("You're a nobody, a sad little clerk, and your mother must be ashamed of you.").tone == "abusive"


def test_a_negated_wish_in_another_language_is_no_request() -> None:
    """Someone who says in Portuguese that they do not want money back does not ask for it."""
    assert "refund" not in READER("Olá, a caixa veio sem o mel. Não quero o dinheiro, quero o mel.").requests


def test_doubt_in_a_thread_is_settled_for_a_complaint() -> None:
    """After earlier complaints a remark that may or may not be one is read as one."""
    text = "So now you are the fourth. Do I get a prize?"
    earlier = Contact(by="customer", text="The piano tuner never came and nobody answers.")
    assert READER(Complaint(text=text, history=(earlier,))).cause != "none"


def test_fraud_is_grave_without_the_word() -> None:
    """Money sent by a stranger is grave, though nobody calls it fraud."""
    text = "Somebody has added a device to my account and 2,300 went in transfers to people I don't know. I gave nobody a code."
    assert READER(text).stakes == "high"


def test_praise_of_a_person_is_no_complaint() -> None:
    """Credit given to one of the staff asks for thanks, not for an apology."""
    assert (
        READER("Credit where it's due, the lad on the bakery counter is an absolute star. Give him a raise.").cause
        == "none"
    )


def test_thresholds_follow_the_rows() -> None:
    """A label whose chances run high gets a higher threshold than the common one, yet not all the way."""
    chances = [{"a": 0.9, "b": 0.3}] * 60 + [{"a": 0.6, "b": 0.1}] * 60
    truth = [{"a", "b"}] * 60 + [set[str]()] * 60
    found = cuts(chances, truth, ("a", "b"), [1.0] * 120)
    assert found["b"] <= 0.3
    assert 0.4 < found["a"] < 0.9
    assert 0.6 < even_cut([c["a"] for c in chances], [bool(t) for t in truth]) < 0.9


def test_boosted_steps_find_a_size_that_matters() -> None:
    """Rows whose count is high are told from the others by a step, not by their average."""
    rows = [{"g:tone": float(i % 4)} for i in range(80)]
    import numpy as np

    x = reached(rows, steps := candidates(rows))
    y = np.array([[float(i % 4 >= 3)] for i in range(80)])
    weights, bias = boost(x, y, [1.0] * 80, several=True)
    assert [bool(s > 0) for s in (x @ weights.T + bias)[:4, 0]] == [False, False, False, True]
    assert [mark for _, mark in steps] == sorted(mark for _, mark in steps)


def test_training_twice_gives_the_same_weights() -> None:
    """The same messages give the same file."""
    texts = [
        "The pump leaks.",
        "Thank you, lovely stay.",
        "You idiots lost my coat.",
        "I was told Monday; it is Friday.",
    ]
    causes = ["product", "none", "product", "miscommunication"]
    rows: list[dict[str, Any]] = [
        {"text": f"{texts[i % 4]} Number {i}.", "cause": causes[i % 4], "tone": "calm", "stakes": "low"}
        for i in range(24)
    ]
    first, second = (export(fit([lesson(row, READER, seed=False) for row in rows])) for _ in range(2))
    assert first == second
