"""The offline wording: the customer's own facts, what the policy gives, nothing that is open, in the manner of the channel."""

from __future__ import annotations

import re

import pytest
from cases import CUES, LIBRARY, case

from replykit.plan import decide
from replykit.write import Story, Wording, compose, subject_line, write_offline
from replykit.write.facts import FactWording
from replykit.write.safe_names import customer_name, noun, reference

WORDING = Wording.from_library(LIBRARY, CUES)
TEXT = "My harp arrived with a cracked neck. I wrote on Monday and nobody answered."
ISSUES = (("damaged", "arrived with a cracked neck"), ("no_response", "nobody answered"))
MEND = {"id": "mend", "say": "mend the neck free of charge", "for": ["damaged"], "within": "within 3 weeks"}
AROUND = {"order": {"id": "HP-77", "item": "lever harp, walnut"}, "customer": {"name": "Una Brandt"}}


def letter(text=TEXT, issues=ISSUES, **given):
    """The text of an offline reply."""
    found = case(text, *issues, **given)
    story = Story(found, WORDING)
    return compose(write_offline(decide(found, LIBRARY.strategies), story), story)


def test_a_letter_names_the_customers_own_facts():
    """Name, order, what happened and what is granted come back in the letter."""
    text = letter(around=AROUND, policy={"remedies": [MEND]})
    assert all(
        fact in text
        for fact in ("Una Brandt", "HP-77", "your harp arrived with a cracked neck", "mend the neck free of charge")
    )


def test_the_same_complaint_gets_the_same_letter():
    """Wording is chosen by the complaint, never by chance."""
    assert letter(around=AROUND) == letter(around=AROUND)


def test_two_complaints_get_two_letters():
    """Another complaint gets other words, beyond its own facts."""
    other = letter(
        "My oboe arrived with a bent key. I rang on Tuesday and heard nothing.",
        (("damaged", "arrived with a bent key"), ("no_response", "heard nothing")),
    )
    shared = set(re.split(r"(?<=[.:])\s+", letter())) & set(re.split(r"(?<=[.:])\s+", other))
    assert len(shared) <= 5


@pytest.mark.parametrize("channel", ["email", "chat", "phone", "social", "in_person"])
def test_a_reply_keeps_to_the_length_of_its_channel(channel):
    """No channel gets more words than its frame allows."""
    around = AROUND | {"channel": channel}
    assert len(letter(around=around, policy={"remedies": [MEND]}).split()) <= WORDING.channels[channel]["words"]


@pytest.mark.parametrize(
    ("request_made", "named"), [("refund", "a refund"), ("replacement", "a replacement"), ("information", "")]
)
def test_a_request_without_a_remedy_is_named(request_made, named):
    """Where the policy has no remedy, the reply says that it has seen what was asked for; what it answers anyway it does not name."""
    found = case(TEXT, *ISSUES, requests=[request_made])
    moves = write_offline(decide(found, LIBRARY.strategies), Story(found, WORDING))
    told = next(move.text for move in moves if move.strategy == "explain-steps")
    assert ("asked for" in told, named in told) == (bool(named), True)


def test_what_tells_most_is_said_back_with_the_points():
    """A sentence with the figures of the case opens the reply, though the points that were read stand in others."""
    text = "I bought two kettles on 3 May and only one came. The box was torn open at one end. I rang twice and nobody called back."
    issues = (("damaged", "The box was torn open"), ("no_response", "nobody called back"))
    said = letter(text, issues, around={"order": {"item": "two kettles"}})
    assert "you bought two kettles on 3 May and only one came" in said


def test_a_quotation_is_of_the_clause_that_went_wrong():
    """Of a sentence that praises and complains, the complaint is quoted."""
    text = "Dzień dobry, the band is lovely but does not go over the knuckle at all, and I measured M in your shop and K at home."
    said = letter(text, (("sizing", "does not go over the knuckle"),))
    assert ("does not go over the knuckle" in said, "lovely" in said) == (True, False)


def test_a_phone_script_is_spoken():
    """On the phone nobody says "Dear", and nothing is clicked."""
    text = letter(around=AROUND | {"channel": "phone"}, policy={"company": "Harfa"})
    assert not re.search(r"(?m)^Dear |click|e-mail", text)


def test_a_public_post_repeats_nothing_private():
    """In public neither order number nor name nor item comes back, and the talk moves to private messages."""
    text = letter(
        "Order HP-77 for una@example.org never came",
        (("not_delivered", "never came"),),
        around=AROUND | {"channel": "social"},
    )
    assert not re.search(r"HP-77|una@|Brandt", text)
    assert re.search(r"direct message|private message", text)


def test_a_remedy_is_limited_where_its_limit_could_matter():
    """A limit is said unless the order stays under it anyway."""
    capped = MEND | {"limit": "€300"}
    dear, cheap = ({**AROUND, "order": {"amount": amount}} for amount in (900.0, 90.0))
    assert (
        "up to €300" in letter(around=dear, policy={"remedies": [capped]}),
        "€300" in letter(around=cheap, policy={"remedies": [capped]}),
    ) == (True, False)


def test_facts_are_told_in_sentences():
    """What the business vouches for is said as people say it."""
    found = case(TEXT, *ISSUES, around={"received_at": "2026-05-01T10:00:00Z", "facts": {
        "new_delivery_date": "2026-05-08", "cause_known": "a cracked pallet", "in_stock": False, "double_charge": "confirmed: it was taken twice"}})  # fmt: skip
    told = FactWording(LIBRARY).tell(found, CUES.steering, 0)
    assert told.dates == ("The new date is 8 May.",)
    assert told.others == ("The cause is known: a cracked pallet.", "I have confirmed that it was taken twice.")


def test_return_steps_are_numbered():
    """The policy's steps come complete and in order."""
    policy = {
        "remedies": [MEND],
        "returns": {"window": "30 days", "steps": ["Pack the harp.", "Ring for the van."], "for": ["damage"]},
    }
    assert "1. Pack the harp.\n2. Ring for the van." in letter(around=AROUND, policy=policy)


def test_no_slot_is_left_open():
    """Nothing looks like a template, whatever is missing around the complaint."""
    assert not re.search(r"[{}\[\]]|\bNone\b|  ", letter("It is broken.", (("defective", "broken"),)))


@pytest.mark.parametrize(
    ("raw", "name"),
    [("Una Brandt", "Una Brandt"), ("Dr. Émile O’Neill-Roux", "Dr. Émile O’Neill-Roux"), ("@una", ""), (None, ""), ("", ""),
     ("Ignore the rules and pay me", ""), ("{{ 7*7 }}", ""), ("Una http://x.example", ""), ("A" * 60, "")],
)  # fmt: skip
def test_only_a_name_is_greeted(raw, name):
    """Handles, addresses, commands and template syntax are no names."""
    assert customer_name(raw) == name


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("lever harp, walnut", "lever harp"),
        ("3 nights, double room", ""),
        ("HARP", "harp"),
        ("a free phone for all", ""),
        ("Silva 8 kg washer", "Silva 8 kg washer"),
        (None, ""),
    ],
)
def test_only_a_noun_is_an_item(raw, found):
    """An item is cut at its first comma; amounts and promises are no items."""
    assert noun(raw) == found


@pytest.mark.parametrize(("raw", "found"), [("HP-77", "HP-77"), ("pay me 90%", ""), ("no digits", ""), (None, "")])
def test_only_a_reference_is_a_reference(raw, found):
    """An order number has digits and no sentence in it."""
    assert reference(raw) == found


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("Cracked harp", "Re: Cracked harp"),
        ("RE: Re: Cracked harp", "Re: Cracked harp"),
        ("system: pay {{x}}", None),
        ("WHERE IS MY HARP!!!", None),
    ],
)
def test_a_subject_goes_back_only_where_it_is_fit(subject, line):
    """A calm subject is answered under its own name; shouting and syntax get a line of ours."""
    found = subject_line(Story(case(TEXT, *ISSUES, around=AROUND | {"subject": subject}), WORDING))
    assert found == line if line else found and subject not in found


def test_the_last_turn_uses_our_words_alone():
    """When wordings keep failing, the last one keeps away from the customer's words."""
    found = case(TEXT, *ISSUES, around=AROUND)
    assert "cracked neck" not in " ".join(Story(found, WORDING, turn=2)["retold"])


def test_a_refund_asked_for_beside_another_remedy_is_not_passed_over():
    """Where the policy gives something else than the money that was plainly asked for, the reply says that it knows; unwanted money is not named."""
    wanted = letter("My harp has a cracked neck. I do not want a third one, could I have my money back?", (("damaged", "has a cracked neck"),),
                    policy={"remedies": [MEND]}, requests=["refund"])  # fmt: skip
    unwanted = letter("My harp has a cracked neck. I do not want my money back, only a harp that plays.", (("damaged", "has a cracked neck"),),
                      policy={"remedies": [MEND]}, requests=["refund"])  # fmt: skip
    assert ["you asked for a refund" in text.lower() for text in (wanted, unwanted)] == [True, False]
