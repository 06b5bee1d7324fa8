from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.check import Context, check
from replykit.fix import fix
from replykit.library import Library
from replykit.types import Report

RULES = Library.load().rules
SENTENCES = [e.text for rule in RULES.values() for verdict in ("flag", "allow") for e in rule.examples(verdict)]
PIECES = st.one_of(
    st.sampled_from(SENTENCES),
    st.text(max_size=40),
    st.sampled_from(["\u200b", "&amp;", "**", '"', "’", "\n\n", "🎉", "İ", "ﬁ", "£____", "]]"]),
)
TEXTS = st.lists(PIECES, max_size=6).map(" ".join)
CONTEXTS = st.builds(
    Context,
    customer_message=st.one_of(st.none(), st.text(max_size=60)),
    offers=st.one_of(st.none(), st.lists(st.sampled_from(["full refund", "£20 credit", "x"]), max_size=2).map(tuple)),
    deadlines=st.one_of(st.none(), st.lists(st.sampled_from(["by Friday", "within 3 days"]), max_size=2).map(tuple)),
    scope=st.sampled_from(["fragment", "reply"]),
)


@settings(max_examples=120, deadline=None)
@given(TEXTS, CONTEXTS)
def test_no_text_raises_and_every_offset_slices_to_its_quote(text: str, context: Context) -> None:
    """Findings and commitments quote the caller's own characters, whatever the text."""
    report = check(text, RULES, context)
    for found in (*report.findings, *report.commitments):
        assert text[found.start : found.end] == found.quote


@settings(max_examples=60, deadline=None)
@given(TEXTS, CONTEXTS)
def test_the_same_text_gets_the_same_report(text: str, context: Context) -> None:
    """A check depends on nothing but its arguments."""
    assert check(text, RULES, context) == check(text, RULES, context)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_a_fix_adds_no_finding_and_changes_no_commitment(text: str) -> None:
    """What comes out of a fix is never worse and promises the same."""

    def judge(candidate: str) -> Report:
        return check(candidate, RULES, Context(offers=(), deadlines=()))

    before = judge(text)
    mended, after = fix(text, judge)
    assert len(after) <= len(before)
    assert [(c.kind, c.value) for c in after.commitments] == [(c.kind, c.value) for c in before.commitments]
    assert fix(mended, judge)[0] == mended


HOSTILE = [
    "a",
    "aaaa ",
    "we can not ",
    "sorry but ",
    "((((",
    "[[[[",
    "{{{{",
    "!?",
    "'\"",
    "no ",
    "you ",
    "\u200b",
    "é",
    "-- ",
    "1 ",
    "£1 ",
    "if you ",
    "*a",
    "_a ",
    "x.",
    "&#3",
    "<b ",
    "by the ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_time_in_line_with_its_length(unit: str) -> None:
    """Twenty thousand characters of one repeated piece come to an end: no pattern backtracks through them."""
    text = unit * (20_000 // len(unit))
    report = check(text, RULES, Context(scope="reply", customer_message=text[:2000], offers=(), deadlines=()))
    assert all(text[f.start : f.end] == f.quote for f in report)
