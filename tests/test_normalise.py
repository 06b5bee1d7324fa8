from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.normalise import normalise

MESSY = [
    ("We can’t do that.", "we can not do that."),
    ("We cannot do that.", "we can not do that."),
    ("We cant do that.", "we can not do that."),
    ("It&#39;s your fault", "it is your fault"),
    ("Mills &amp; Co", "mills & co"),
    ("your fau\u00adlt", "your fault"),
    ("your\u00a0fault", "your fault"),
    ("your f\u200bault", "your fault"),
    ("your **fault**, _really_", "your fault, really"),
    ("саlm dоwn", "calm down"),
    ("ＰＬＥＡＳＥ", "please"),
    ("P L E A S E stop", "please stop"),
    ("c.a.l.m down", "calm down"),
    ("calm\ndown", "calm down"),
    ("calm   down", "calm down"),
    ("we guarentee it", "we guarantee it"),
    ("<b>calm</b> down", "calm down"),
    ("over—and out", "over - and out"),
    ("One.\n\nTwo.", "one.\ntwo."),
]


@pytest.mark.parametrize(("messy", "plain"), MESSY)
def test_messy_typography_becomes_plain(messy: str, plain: str) -> None:
    """Quotes, entities, invisible characters, look-alikes, Markdown and contractions do not hide a wording."""
    assert normalise(messy).text == plain


@pytest.mark.parametrize(
    ("text", "word", "original"),
    [
        ("We can’t do it", "can not", "can’t"),
        ("your fau\u00adlt", "fault", "fau\u00adlt"),
        ("It&#39;s late", "it is", "It&#39;s"),
        ("P L E A S E stop", "please", "P L E A S E"),
        ("a\n  b&amp;c", "b&c", "b&amp;c"),
        ("so саlm now", "calm", "саlm"),
    ],
)
def test_a_canonical_passage_maps_to_the_original_characters(text: str, word: str, original: str) -> None:
    """The map leads from the canonical words to exactly what stood there."""
    normal = normalise(text)
    at = normal.text.index(word)
    start, end = normal.span(at, at + len(word))
    assert text[start:end] == original


def test_capitals_survive_in_the_cased_view() -> None:
    """The cased view keeps the capitals of a contraction that is written out."""
    assert normalise("WE CAN'T. It's").cased == "WE CAN NOT. It is"


def test_words_that_only_look_like_a_slip_stay() -> None:
    """A word that exists is not taken for a misspelling of another one."""
    assert normalise("polite clam relay certain").text == "polite clam relay certain"


@given(st.text(max_size=300))
def test_both_views_have_one_length_and_every_span_is_inside(text: str) -> None:
    """Whatever the text, the views agree in length and the map stays within the original."""
    normal = normalise(text)
    assert len(normal.cased) == len(normal.text)
    for at in range(len(normal.text)):
        start, end = normal.span(at, at + 1)
        assert 0 <= start <= end <= len(text)


@given(st.text(alphabet="abc XYZ.,'", max_size=80))
def test_plain_text_maps_to_itself(text: str) -> None:
    """The map is in order: a later character never comes from an earlier place."""
    normal = normalise(text)
    starts = [normal.span(at, at + 1)[0] for at in range(len(normal.text))]
    assert starts == sorted(starts)
