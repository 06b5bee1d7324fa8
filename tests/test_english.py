"""Lists, numbers, dates and first letters in English."""

from __future__ import annotations

import datetime as dt

import pytest

from replykit.english import and_join, day, humanise_dates, or_we_can, that_join, uncap


@pytest.mark.parametrize(
    ("items", "joined"),
    [
        ([], ""),
        (["tea"], "tea"),
        (["tea", "milk"], "tea and milk"),
        (["tea", "milk", "sugar"], "tea, milk and sugar"),
        (["the tea was cold, as ever", "the milk was off"], "the tea was cold, as ever, and the milk was off"),
    ],
)
def test_a_list_is_joined_with_and(items, joined):
    """Short items take a plain "and", long ones a comma before it."""
    assert and_join(items) == joined


def test_clauses_follow_a_that():
    """Each clause after the first repeats the "that"."""
    assert that_join(["it was late", "it was cold"]) == "it was late and that it was cold"


def test_options_follow_a_we_can():
    """Options read as one sentence after "we can"."""
    assert or_we_can(["mend it", "swap it"]) == "mend it, or we can swap it"


def test_a_date_is_written_as_people_write_it():
    """ISO dates in a text become day and month, with the year only where it is another one."""
    near = dt.date(2026, 5, 1)
    assert humanise_dates("from 2026-06-03 to 2027-01-09", near) == "from 3 June to 9 January 2027"


def test_a_number_that_only_looks_like_a_date_stays():
    """A date that does not exist is left as it is."""
    assert humanise_dates("part 2026-13-45") == "part 2026-13-45"


def test_a_day_has_no_leading_zero():
    """The eighth is 8, not 08."""
    assert day(dt.date(2026, 12, 8)) == "8 December"


@pytest.mark.parametrize(
    ("text", "small"),
    [("The lamp", "the lamp"), ("I saw", "I saw"), ("I'm here", "I'm here"), ("SIM card", "SIM card"), ("", "")],
)
def test_a_first_letter_is_made_small_where_it_may_be(text, small):
    """Names of letters, "I" and abbreviations keep their capitals."""
    assert uncap(text) == small
