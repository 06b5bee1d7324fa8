"""What leaves the machine, and what comes back."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.errors import LibraryError
from replykit.library import Library
from replykit.mask import Masker, luhn

LIBRARY = Library.load()
MASKER = Masker(LIBRARY.data("masks.yaml"))

# Published test values only: cards of payment test suites, accounts from the IBAN registry, numbers kept for drama.
HIDDEN = {
    "card with spaces": ("charged 4111 1111 1111 1111 twice", "charged [CARD_1] twice"),
    "card with dashes": ("it was 5500-0000-0000-0004.", "it was [CARD_1]."),
    "card in one run": ("378282246310005 is mine", "[CARD_1] is mine"),
    "card in wide digits": ("５５５５５５５５５５５５４４４４", "[CARD_1]"),
    "card with unseen signs": ("4111\u200b1111\u200b1111\u200b1111", "[CARD_1]"),
    "card mistyped but named": ("my credit card number is 4111 1111 1111 1112", "my credit card number is [CARD_1]"),
    "iban with spaces": ("to DE89 3704 0044 0532 0130 00 please", "to [IBAN_1] please"),
    "iban in small letters": ("gb29nwbk60161331926819", "[IBAN_1]"),
    "iban mistyped but named": ("IBAN: DE88 3704 0044 0532 0130 00", "IBAN: [IBAN_1]"),
    "us id": ("ssn 078-05-1120", "ssn [ID_1]"),
    "uk id": ("AB 12 34 56 C is my number", "[ID_1] is my number"),
    "spanish id": ("12345678Z", "[ID_1]"),
    "french id": ("2 95 10 99 126 111 93", "[ID_1]"),
    "italian id": ("RSSMRA85T10A562S", "[ID_1]"),
    "swedish id": ("811218-9876", "[ID_1]"),
    "brazilian id": ("390.533.447-05", "[ID_1]"),
    "passport": ("my passport no. is 533380006 by the way", "my passport no. is [ID_1] by the way"),
    "password said": ("My password is hunter2 and it fails", "My password is [SECRET_1] and it fails"),
    "password after a colon": ("password: sunshine", "password: [SECRET_1]"),
    "password at the end": ("The password is sunshine.", "The password is [SECRET_1]."),
    "password in quotes": ("the password 'letmein' fails", "the password '[SECRET_1]' fails"),
    "password of an account": ("password for my account is Blue42fish", "password for my account is [SECRET_1]"),
    "password in german": ("mein Passwort lautet Geheim!23", "mein Passwort lautet [SECRET_1]"),
    "password in french": ("mot de passe : soleil", "mot de passe : [SECRET_1]"),
    "pin": ("my pin is 4821", "my pin is [SECRET_1]"),
    "card code": ("cvv 123", "cvv [SECRET_1]"),
    "one-time code": ("the verification code 445 566 never worked", "the verification code [SECRET_1] never worked"),
    "key of an api": ("key sk-abcdefghijklmnop1234", "key [SECRET_1]"),
    "e-mail": ("mail ana.ortiz+x@example.org.", "mail [EMAIL_1]."),
    "international number": ("on +44 7700 900123 please", "on [PHONE_1] please"),
    "national number": ("020 7946 0018", "[PHONE_1]"),
    "mobile number": ("07700 900123", "[PHONE_1]"),
    "american number": ("(555) 010-9999", "[PHONE_1]"),
    "number that is named": ("call me on 5550109999", "call me on [PHONE_1]"),
}

LEFT_ALONE = {
    "order": "order 0201 7946 0018 is late",
    "order in one run": "order 5550109999",
    "invoice": "invoice 2025-000123",
    "date": "on 2026-11-24 at 10:30, or 24.11.2026 10:30",
    "serial number of a device": "IMEI 356938035643809",
    "parcel": "parcel JD014600003888, tracking 00340434161094021501",
    "money and durations": "I paid 1,299.00 euro, waited 14 days, twice 20 minutes, for 2 x 450 g",
    "readings": "from 004512 to 004688 kWh",
    "password that fails": "my password is not working, my password is wrong again",
    "password as a topic": "I reset my password twice and the password reset link never arrives",
    "pin of another kind": "the pin came loose 4 times",
    "social handle": "@quayside you sent 3 parcels",
    "version": "since version 10.4.2 of 2026",
}


@pytest.mark.parametrize(("text", "sent"), HIDDEN.values(), ids=HIDDEN)
def test_what_must_not_leave_is_hidden(text: str, sent: str):
    """Everything that could harm the customer elsewhere goes out as a stand-in, and nothing else changes."""
    assert MASKER.mask().hide(text) == sent


@pytest.mark.parametrize("text", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_a_reply_needs_is_left_alone(text: str):
    """Orders, dates, sums and complaints about passwords stay readable for the model."""
    assert MASKER.mask().hide(text) == text


def test_a_value_keeps_its_stand_in():
    """The same value has one stand-in in every text of a case, however it is written; another has another."""
    mask = MASKER.mask()
    hidden = [mask.hide(t) for t in ("a@example.org", "b@example.org", "A@EXAMPLE.ORG and b@example.org")]
    assert hidden == ["[EMAIL_1]", "[EMAIL_2]", "[EMAIL_1] and [EMAIL_2]"]


def test_a_planted_stand_in_is_not_taken_for_ours():
    """A customer who writes a stand-in cannot have another value put in its place."""
    mask = MASKER.mask()
    assert mask.hide("[EMAIL_1] or bo@example.org") == "[EMAIL_1] or [EMAIL_2]"
    assert mask.restore("[EMAIL_1]", allowed=["bo@example.org"]) == "[EMAIL_1]"


def test_a_reply_shows_what_the_business_vouches_for():
    """An e-mail address or a phone number comes back where a text of the business holds it, brackets or not."""
    mask = MASKER.mask()
    mask.hide("bo@example.org, +44 7700 900123, kim@example.org")
    reply = "We write to [EMAIL_1], call PHONE_1, and never [EMAIL_2]."
    allowed = ["bo@example.org", "Ring the customer on +44 (7700) 900123."]
    assert mask.restore(reply, allowed) == "We write to bo@example.org, call +44 7700 900123, and never [EMAIL_2]."
    assert mask.left_in(mask.restore(reply, allowed)) == ("EMAIL_2",)


@pytest.mark.parametrize(
    "secret", ["4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "078-05-1120", "password: sunshine"]
)
def test_secrets_never_come_back(secret: str):
    """Cards, accounts, ids and passwords stay hidden even where the business names them."""
    mask = MASKER.mask()
    sent = mask.hide(secret)
    assert mask.restore(sent, allowed=[secret, "sunshine"]) == sent != secret


def test_contacts_of_the_business_are_not_hidden():
    """What the policy names as a contact goes to the model as it is."""
    mask = MASKER.mask(keep=["Write to help@example.com or ring 020 7946 0018"])
    assert mask.hide("help@example.com, 020 7946 0018, me@example.com") == "help@example.com, 020 7946 0018, [EMAIL_1]"


def test_half_an_address_of_the_business_is_not_an_address_of_the_business():
    """An address that only looks like a part of a known one is still hidden."""
    assert MASKER.mask(keep=["help@example.com"]).hide("p@example.com") == "[EMAIL_1]"


@given(st.text(max_size=300))
def test_any_text_can_be_masked(text: str):
    """Whatever is written, hiding does not fail, and hiding twice is hiding once."""
    mask = MASKER.mask()
    once = mask.hide(text)
    assert mask.hide(once) == once


@given(
    st.lists(st.integers(0, 9), min_size=15, max_size=15), st.sampled_from(["", " ", "-", " - ", "\u00a0"]), st.text()
)
def test_no_card_gets_out(digits: list[int], sign: str, around: str):
    """A card number is hidden whatever its digits are parted with and whatever stands around it."""
    digits = [4, *digits[1:]]
    check = next(d for d in range(10) if luhn([*digits, d]))
    number = sign.join(map(str, [*digits, check]))
    assert number not in MASKER.mask().hide(f"{around} card {number}, {around}")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"show": None}, "show: is missing; add it"),
        ({"masks": [{"kind": "X"}]}, "masks.0: needs kind and pattern"),
        ({"masks": [{"kind": "X", "pattern": "("}]}, "masks.0.pattern: is not a regular expression"),
        ({"masks": [{"kind": "X", "pattern": "x", "check": "y"}]}, "masks.0.check: is 'y'; use one of card, iban"),
    ],
)
def test_a_broken_file_is_refused(change: dict[str, Any], message: str):
    """The message names the file, the key and the remedy."""
    record = copy.deepcopy(LIBRARY.data("masks.yaml"))
    for key, value in change.items():
        if value is None:
            del record[key]
        else:
            record[key] = value
    with pytest.raises(LibraryError) as caught:
        Masker(record, "mine/masks.yaml")
    assert str(caught.value).startswith(f"mine/masks.yaml: {message}")
