from __future__ import annotations

import pytest

from replykit.ledger import Grants, ledger
from replykit.ledger.money import sums
from replykit.ledger.numbers import value
from replykit.ledger.times import times
from replykit.rules import Reading
from replykit.types import Clause, Commitment


def book(text: str, *, offers: list[str] | None = None, deadlines: list[str] | None = None, clauses: tuple[Clause, ...] = (),
         facts: tuple[str, ...] = (), customer: str | None = None) -> list[Commitment]:  # fmt: skip
    """The commitments of a text under what may be promised."""
    return ledger(Reading(text), Reading(customer) if customer else None, Grants.of(offers, deadlines, clauses, facts))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("1,250.50", 1250.5),
        ("1.250,50", 1250.5),
        ("forty", 40),
        ("twenty-five", 25),
        ("one hundred and twenty", 120),
        ("tent", None),
    ],
)
def test_numbers_in_words_and_digits(text: str, number: float | None) -> None:
    """A number is read however it is written."""
    assert value(text) == number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("£40", "40 GBP"), ("forty euros", "40 EUR"), ("€ 1.250,50", "1250.50 EUR"), ("12.50 €", "12.50 EUR"), ("20%", "20%"), ("twenty per cent", "20%"),
        ("half of what you paid", "50%"), ("a third", "33.3333%"), ("500 loyalty points", "500 points"), ("80p", "0.80 GBP"), ("usd 30", "30 USD"), ("fifty pence", "0.50 GBP"),
    ],
)  # fmt: skip
def test_sums_and_shares(text: str, said: str) -> None:
    """A sum is read in any usual currency, and a share in figures or words."""
    assert [s.said for s in sums(text)] == [said]


@pytest.mark.parametrize(
    ("said", "granted", "same"),
    [
        ("inside a fortnight", "within 14 days", True),
        ("in two weeks", "within 14 days", True),
        ("within one working day", "within 1 business day", True),
        ("within 5 days", "within 5 working days", False),
        ("by close of play on friday", "by friday", True),
        ("on friday", "by thursday", False),
        ("before noon on the 3rd of may", "by 3 may", True),
        ("on may 3", "by 3 may", True),
        ("tomorrow", "within 3 days", False),
        ("by 5 pm on tuesday", "by 5 p.m. on tuesday", True),
        ("by 17:00 on tuesday", "by 5 p.m. on tuesday", True),
        ("by four on tuesday", "by 5 p.m. on tuesday", False),
        ("within 48 hours", "within two days", True),
        ("by the end of the week", "this week", True),
        ("in 3 to 5 days", "3 to 5 days", True),
    ],
)
def test_two_wordings_of_a_time(said: str, granted: str, same: bool) -> None:
    """Times are compared by what they say and not by how."""
    assert times(said)[0].within(times(granted)[0]) is same


@pytest.mark.parametrize(
    ("text", "offers", "clause"),
    [
        ("We will refund the tent.", ["refund of the tent"], "offer:1"),
        ("You get your money back.", ["voucher for €10", "full refund"], "offer:2"),
        ("The pegs are on us.", ["free pegs"], "offer:1"),
        ("The pegs are on us.", ["refund of the tent"], None),
        ("We've knocked 20% off the bill.", ["20% discount"], "offer:1"),
        ("We have waived the late fee.", ["late fee removed"], "offer:1"),
        ("We can upgrade you to the cabin.", [], None),
        ("A replacement pole is on its way at no charge.", ["replacement pole"], "offer:1"),
    ],
)
def test_a_remedy_is_matched_by_meaning(text: str, offers: list[str], clause: str | None) -> None:
    """A remedy is licensed by an offer that means it, in other words as well."""
    remedies = [c for c in book(text, offers=offers) if c.kind == "remedy"]
    assert remedies
    assert {c.clause for c in remedies} == {clause}


@pytest.mark.parametrize(
    "text",
    [
        "You asked for a refund.", "We can't refund the tent.", "Your refund request is here.", "Your refund policy question is answered.",
        "I replaced the bulb in the hall.", "The gate is free until noon.", "You paid £80 for the tent.",
        "The ombudsman can look at this at no cost to you.", "Ring 0808 157 0192; the call is free.",
    ],
)  # fmt: skip
def test_what_is_only_spoken_of_is_no_remedy(text: str) -> None:
    """A wish of the customer's, a no, a name: none of these gives anything."""
    assert not [c for c in book(text, offers=[]) if c.kind in ("remedy", "amount", "share")]


def test_an_article_is_no_number() -> None:
    """Who grants "extra session" has granted an extra session."""
    assert all(c.clause for c in book("An extra session is yours.", offers=["extra session"]))


@pytest.mark.parametrize(
    ("text", "offers", "customer", "licensed"),
    [
        ("We'll credit £20 to your account.", ["£20 credit"], None, True),
        ("We'll credit twenty pounds to your account.", ["£20 credit"], None, True),
        ("We'll credit £30 to your account.", ["£20 credit"], None, False),
        ("We'll pay for the cab, £48.", ["taxi fare up to £60"], None, True),
        ("We'll pay for the cab, £68.", ["taxi fare up to £60"], None, False),
        ("I can mend it at half price, which is €62 instead of €124.", ["repair at half price"], None, True),
        ("I can mend it at half price, which is €82 instead of €124.", ["repair at half price"], None, False),
        ("We'll refund the £36.80.", ["full refund"], "I paid £36.80 for it.", True),
        ("We'll refund the £46.80.", ["full refund"], "I paid £36.80 for it.", False),
    ],
)
def test_a_sum_has_to_be_the_one_that_was_granted(
    text: str, offers: list[str], customer: str | None, licensed: bool
) -> None:
    """A sum is licensed by the same sum, by a ceiling above it, by what the customer paid, or as a share that comes to it."""
    amounts = [c for c in book(text, offers=offers, customer=customer) if c.kind == "amount"]
    assert [c.clause is not None for c in amounts] == [licensed]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("The tent will be with you inside a fortnight.", "deadline:1"),
        ("The tent arrives on Friday.", "deadline:2"),
        ("The tent arrives on Monday.", None),
        ("I will ring you tomorrow.", None),
    ],
)
def test_a_time_that_we_commit_to_needs_a_grant(text: str, clause: str | None) -> None:
    """A time is licensed by a deadline that says the same."""
    found = [c for c in book(text, deadlines=["within 14 days", "by Friday"]) if c.kind in ("deadline", "date")]
    assert [c.clause for c in found] == [clause]


@pytest.mark.parametrize(
    "text",
    [
        "You wrote on Monday.", "We are open from nine to five.", "You waited for three weeks.", "If you send it by Tuesday, we can look.",
        "The tent was delivered on 3 May.", "It carries a two-year guarantee.",
    ],
)  # fmt: skip
def test_times_that_nobody_commits_to(text: str) -> None:
    """Past dates, opening hours, the customer's own dates and lengths of time are no commitments."""
    assert not [c for c in book(text, deadlines=[]) if c.kind in ("deadline", "date")]


def test_clauses_and_facts_license_too() -> None:
    """A clause licenses with its id, its limit and its time; a fact licenses what it says."""
    clause = Clause(id="remedies.refund", text="refund the tent", within="within 5 working days", limit="£80")
    text = "We will refund £60 for the tent within five working days; Mara is on 01632 960 118."
    found = book(text, clauses=(clause,), facts=("desk: 01632 960118",))
    assert {(c.kind, c.clause) for c in found} == {
        ("remedy", "remedies.refund"), ("amount", "remedies.refund"), ("deadline", "remedies.refund"), ("contact", "fact:desk"),
    }  # fmt: skip


def test_a_commitment_quotes_the_original_characters() -> None:
    """Offsets lead back through messy typography."""
    text = "We’ll re\u00adfund you “soon”: **£40** back."
    for commitment in book(text, offers=[]):
        assert text[commitment.start : commitment.end] == commitment.quote
