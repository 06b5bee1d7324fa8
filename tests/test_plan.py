"""Which moves a reply makes: chosen by conditions, displaced by priority, every decision with its reason."""

from __future__ import annotations

import pytest
from cases import case, evidence, plan

from replykit.plan.amounts import amounts_in
from replykit.plan.grants import days_in

TEXT = "My harp arrived with a cracked neck."
CRACKED = ("damaged", "arrived with a cracked neck")
MEND = {"id": "mend", "say": "mend the neck free of charge", "for": ["damaged"], "within": "within 3 weeks"}
SWAP = {"id": "swap", "say": "send another harp", "for": ["damaged"], "within": "within 2 weeks"}
BOUNDARY = {
    "on": "2026-01-02",
    "by": "agent",
    "agent": "Ines",
    "text": "Please leave the insults out.",
    "outcome": "boundary set",
}


def kept(*args, **given):
    return set(plan(*args, **given).moves)


def test_the_same_case_has_the_same_plan():
    """Planning has no chance in it."""
    assert plan(TEXT, CRACKED, policy={"remedies": [MEND, SWAP]}) == plan(
        TEXT, CRACKED, policy={"remedies": [MEND, SWAP]}
    )


def test_every_strategy_is_considered_with_a_reason():
    """A plan says of every strategy why it was kept or dropped."""
    verdicts = plan(TEXT, CRACKED).considered
    assert len(verdicts) == len({v.strategy for v in verdicts}) >= 29
    assert all(v.reason for v in verdicts)


def test_a_kept_strategy_shows_the_words_that_speak_for_it():
    """The evidence of a verdict is quoted from the complaint."""
    verdict = next(v for v in plan(TEXT, CRACKED).considered if v.strategy == "personal-apology")
    assert verdict.evidence == ("arrived with a cracked neck",)


def test_one_apology_displaces_the_other():
    """Where somebody apologises in their own name, the general apology gives way and says to whom."""
    verdicts = {v.strategy: v for v in plan(TEXT, CRACKED).considered}
    assert (verdicts["personal-apology"].kept, verdicts["apologise-once"].reason) == (
        True,
        "gives way to personal-apology",
    )


@pytest.mark.parametrize(
    ("remedies", "expected"),
    [([], "explain-steps"), ([MEND], "single-remedy"), ([MEND, SWAP], "offer-options")],
)
def test_remedies_decide_what_is_offered(remedies, expected):
    """No remedy means steps, one is stated, two are offered to choose from; never two of these at once."""
    offers = {"explain-steps", "single-remedy", "offer-options"}
    assert kept(TEXT, CRACKED, policy={"remedies": remedies}) & offers == {expected}


def test_issues_with_their_own_remedies_are_answered_each():
    """Two remedies for two different matters are no options to choose from."""
    text = "The harp is cracked. You also billed me twice."
    moves = kept(
        text, ("damaged", "The harp is cracked"), ("billing", "billed me twice"),
        policy={"remedies": [MEND, {"id": "back", "say": "return the second payment", "for": ["billing"]}]},
    )  # fmt: skip
    assert moves & {"answer-every-issue", "offer-options", "single-remedy"} == {"answer-every-issue"}


def test_what_is_out_of_stock_is_not_offered():
    """A remedy whose condition is not met gives way to the alternatives of the policy."""
    policy = {
        "remedies": [SWAP | {"when": ["in_stock"]}],
        "alternatives": [{"say": "send the oak model", "for": ["damaged"]}],
    }
    moves = kept(TEXT, CRACKED, policy=policy, around={"facts": {"in_stock": False}})
    assert moves & {"single-remedy", "offer-options", "offer-alternative"} == {"offer-alternative"}


def test_a_near_kind_is_covered_too():
    """A remedy for a neighbouring kind applies where none names the kind itself."""
    assert "single-remedy" in kept(TEXT, CRACKED, policy={"remedies": [MEND | {"for": ["defective"]}]})


@pytest.mark.parametrize(
    ("labels", "text", "present"),
    [
        ({}, TEXT, True),
        ({"stakes": "high"}, TEXT, False),
        ({}, f"{TEXT} My mother died last week.", False),
        ({}, f"{TEXT} And no vouchers, please.", False),
    ],
)
def test_a_gesture_comes_only_where_it_does_not_offend(labels, text, present):
    """Goodwill needs a remedy before it, and is left out at high stakes, after a death, and where it was declined."""
    policy = {"remedies": [MEND], "goodwill": {"say": "add a set of strings", "for": ["damaged"]}}
    assert ("goodwill-gesture" in kept(text, CRACKED, policy=policy, **labels)) is present


def test_a_gesture_never_comes_alone():
    """Without a remedy there is no gesture."""
    assert "goodwill-gesture" not in kept(
        TEXT, CRACKED, policy={"goodwill": {"say": "add strings", "for": ["damaged"]}}
    )


@pytest.mark.parametrize(
    ("tone", "history", "kind"),
    [
        ("angry", [], "reply"),
        ("abusive", [], "boundary"),
        ("abusive", [BOUNDARY], "closing"),
        ("calm", [BOUNDARY], "reply"),
    ],
)
def test_temper_and_history_decide_the_kind(tone, history, kind):
    """Anger gets a reply, abuse a boundary, abuse after a boundary a closing, and a civil return a reply again."""
    assert plan(TEXT, CRACKED, tone=tone, around={"history": history}).kind == kind


def test_two_warnings_mean_two():
    """A policy that allows two boundaries closes only after the second."""
    given = {"tone": "abusive", "policy": {"boundary": {"warnings": 2}}, "around": {"history": [BOUNDARY]}}
    assert plan(TEXT, CRACKED, **given).kind == "boundary"


def test_a_closing_neither_apologises_nor_thanks():
    """The end of an exchange is polite and firm, and nothing else."""
    assert kept(TEXT, CRACKED, tone="abusive", around={"history": [BOUNDARY]}) == {"close-politely"}


def test_a_resolved_case_that_was_told_is_followed_up():
    """After a resolution that the customer knows of, the message asks whether it held."""
    told = {
        "on": "2026-01-02",
        "by": "agent",
        "agent": "Ines",
        "text": "A new harp is on its way.",
        "outcome": "resolved",
    }
    found = plan(TEXT, CRACKED, around={"facts": {"resolved": True}, "history": [told]})
    assert (found.kind, {"follow-up", "confirm-and-feedback"} <= set(found.moves)) == ("follow_up", True)


def test_a_resolved_case_that_was_not_told_is_a_reply():
    """A resolution nobody has reported yet is reported, and ends with the question whether it works."""
    found = plan(TEXT, CRACKED, around={"facts": {"resolved": True}})
    assert (found.kind, "confirm-and-feedback" in found.moves) == ("reply", True)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Thanks for forcing me to buy a second ferry ticket. So much for booking early.", "reply"),
        ("Great job ruining the one evening we had planned for!", "reply"),
        ("Thank you for keeping us informed, lovely service.", "not_a_complaint"),
        ("Thank you for leaving us a card on the doorstep.", "not_a_complaint"),
    ],
)
def test_thanks_for_harm_is_a_complaint(text: str, kind: str):
    """Thanks are praise unless they are for what nobody wants."""
    assert plan(text, cause="none").kind == kind


def test_praise_is_no_complaint():
    """A message without a complaint gets no apology."""
    found = plan("Thank you, the tuning was wonderful!", cause="none")
    assert (found.kind, found.moves) == ("not_a_complaint", ("return-thanks",))


def test_high_stakes_go_to_the_default_role():
    """Without a list of its own, a policy hands high stakes to the role of the embedded default."""
    found = plan(TEXT, CRACKED, stakes="high")
    assert (found.kind, {"explain-escalation", "keep-informed"} <= set(found.moves)) == ("escalation", True)


def test_a_list_of_escalations_escalates_only_what_it_names():
    """A policy that names privacy keeps everything else at the desk."""
    rows = [{"when": ["privacy"], "name": "Mo Lindt", "within": "within 1 day"}]
    assert plan(TEXT, CRACKED, stakes="high", policy={"escalation": rows}).kind == "reply"


def test_who_can_settle_it_says_so():
    """A customer who asks for somebody above, where none takes such requests and a remedy exists, hears who can decide."""
    policy = {"remedies": [MEND], "escalation": [{"when": ["privacy"], "role": "privacy officer"}]}
    assert "establish-standing" in kept(TEXT, CRACKED, requests=("escalation",), policy=policy)


def test_a_late_return_is_declined_kindly():
    """A change of mind after the window is declined, with what is possible instead."""
    text = "I have gone off the colour of the harp. I would like to return it."
    policy = {"returns": {"window": "14 days", "steps": ["Post it."], "for": ["change_of_mind"]},
              "not_allowed": [{"what": "a refund for a change of mind after 14 days", "instead": "give you credit for the shop"}]}  # fmt: skip
    around = {"order": {"delivered_on": "2026-01-01"}, "received_at": "2026-02-20T10:00:00Z"}
    moves = kept(
        text, ("change_of_mind", "gone off the colour"), policy=policy, around=around,
        return_reason="change_of_mind", requests=("refund",),
    )  # fmt: skip
    assert moves & {"can-do", "hold-policy-kindly", "return-instructions"} == {"can-do", "hold-policy-kindly"}


def test_an_agent_who_takes_over_says_so():
    """Where another agent answered before, the new one shows that they know the story."""
    around = {"history": [{"by": "agent", "agent": "Ines", "text": "I will look."}], "agent": {"name": "Mo"}}
    assert "new-face" in kept(TEXT, CRACKED, around=around)


def test_blame_is_set_aside_where_the_fault_is_theirs():
    """A customer who says that it was their own mistake hears nothing about fault, and no "you are right"."""
    text = "I dropped the harp myself, my own fault. The neck is cracked."
    found = kept(text, ("damaged", "The neck is cracked"))
    assert found & {"no-blame", "take-their-side", "personal-apology"} == {"no-blame"}


def test_departments_are_coordinated_where_there_are_two():
    """Issues of two departments get one voice and a note on who does what."""
    text = "The harp is cracked. You also billed me twice."
    found = plan(
        text,
        ("damaged", "The harp is cracked"),
        ("billing", "billed me twice"),
        policy={"departments": {"damaged": "workshop", "billing": "accounts"}},
    )
    assert ("one-voice" in found.moves, "coordinate" in found.notes) == (True, True)


def test_only_kept_moves_license_promises():
    """What no move of the plan may promise is not among its clauses."""
    clauses = {
        c.id
        for c in plan(TEXT, CRACKED, policy={"remedies": [MEND], "goodwill": {"say": "x", "for": ["late"]}}).clauses
    }
    assert clauses == {
        "remedies.mend",
        "response_times.first_answer",
        "response_times.resolution",
        "response_times.update",
    }


def test_a_threat_in_the_message_is_evidence():
    """What the reader found for a label is what the plan shows for it."""
    text = f"{TEXT} I will go to the papers."
    found = plan(
        text,
        CRACKED,
        stakes="high",
        threats=("media",),
        evidence=(evidence("stakes", "high", "go to the papers", text),),
    )
    verdict = next(v for v in found.considered if v.strategy == "keep-informed")
    assert verdict.evidence == ("go to the papers",)


def test_review_reasons_are_always_given_at_high_stakes():
    """A grave case never leaves without a person."""
    assert plan(TEXT, CRACKED, stakes="high").reasons[0] == "stakes are high: a person reads this before it goes out"


def test_the_thread_counts_contacts():
    """Each earlier message of the customer counts, and so does this one."""
    history = [
        {"by": "customer", "text": "It is cracked."},
        {"by": "agent", "text": "I will look."},
        {"by": "customer", "text": "And?"},
    ]
    assert case(TEXT, CRACKED, around={"history": history}).thread.contacts == 3


@pytest.mark.parametrize(
    ("text", "days"), [("within 30 days", [30]), ("two weeks ago", [14]), ("a month", [30]), ("soon", [])]
)
def test_stretches_of_time_are_counted_in_days(text, days):
    """Digits and words, days to years."""
    assert days_in(text) == days


@pytest.mark.parametrize(
    ("text", "amounts"), [("£1,904.50", [1904.5]), ("up to 25", [25.0]), ("v1.2.3", []), ("none", [])]
)
def test_sums_are_read_from_words_around_them(text, amounts):
    """Thousands separators go; what has two points is no sum."""
    assert amounts_in(text) == amounts


RAILWAY = {
    "remedies": [
        {"id": "half", "say": "refund half the fare", "for": ["late"]},
        {"id": "whole", "say": "refund the whole fare", "for": ["cancellation"]},
        {"id": "bag", "say": "trace the bag with every depot", "for": ["missing_item"]},
    ]
}


def test_a_policy_of_many_remedies_brings_none_by_guess():
    """Where none of many remedies is meant for what went wrong, nothing is promised, however near a kind may be."""
    found = case(
        "The wifi on your trains never works.", ("defective", "The wifi on your trains never works"), policy=RAILWAY
    )
    assert (found.grants.remedies, found.situation.remedy) == ((), "none")


def test_a_refund_is_not_declined_and_granted_in_one_letter():
    """What the policy refuses is not given by another of its rows in the same reply."""
    policy = RAILWAY | {
        "not_allowed": [{"what": "a refund of a ticket that was not used", "instead": "move the booking"}]
    }
    text = "I did not use my ticket, as the concert was off. I want a refund of the ticket."
    found = case(text, ("cancellation", "the concert was off"), policy=policy, requests=["refund"])
    assert (found.grants.refused is not None, found.grants.remedies) == (True, ())


@pytest.mark.parametrize(
    ("text", "quote", "believed"),
    [
        ("My accountant needs the receipt by the 31st.", "needs the receipt", False),
        ("The receipt is three weeks late.", "three weeks late", True),
    ],
)
def test_an_issue_is_believed_where_its_sentence_bears_it_out(text, quote, believed):
    """A kind of issue that no word of its sentence speaks for is not answered as one."""
    found = case(text, ("late", quote))
    assert ("late" in found.situation.issues) == believed


def test_a_threat_of_violence_is_named_as_one():
    """Somebody who means to hurt people is asked to leave out threats, not insults."""
    text = "Third week of this. I will put your director's teeth down his throat."
    assert case(text, ("late", "Third week of this"), tone="angry").situation.behaviour == "threats"


@pytest.mark.parametrize(
    ("text", "issue", "read_as", "cause"),
    [
        ("A trumpet came, the invoice says horn.", ("wrong_item", "A trumpet came"), "miscommunication", "product"),
        (
            "Bea says the loan is free. Tom says it costs ten pounds. Which is it?",
            ("misinformation", "Tom says it costs ten pounds"),
            "product",
            "miscommunication",
        ),
        ("Your page said free, it was not.", ("misinformation", "Your page said free"), "miscommunication", "miscommunication"),
    ],
)  # fmt: skip
def test_the_cause_agrees_with_the_issues(text, issue, read_as, cause):
    """A wrong thing in the box is no misunderstanding, and two answers of ours are one."""
    assert case(text, issue, cause=read_as).situation.cause == cause
