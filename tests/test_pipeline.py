"""The flow from complaint to draft: what is asked, what becomes of the answer, and what stands when there is none."""

from __future__ import annotations

import json

import pytest

from replykit import Complaint, Draft, ReplyKit
from replykit.errors import AnswerError, DeadlineError, ModelError, SettingsError
from replykit.testing import FailingModel, ObedientModel, ScriptedModel

COMPLAINT = Complaint.model_validate(
    {
        "text": "The zip of my rucksack broke on the first walk. I would like a refund.",
        "order": {"id": "RS-501", "item": "Fell 30 rucksack", "amount": 80.0, "currency": "EUR"},
        "customer": {"name": "Ilse Maas"},
    }
)
POLICY = {
    "company": "Fell & Ford",
    "remedies": [
        {
            "id": "refund",
            "say": "refund the full price",
            "for": ["defective", "quality", "damaged"],
            "within": "within 5 working days",
        }
    ],
}
CLEAN = {
    "acknowledge-feelings": "A zip that fails on the first walk is a let-down, and I can see why you are annoyed.",
    "reflect-back": "The zip of your Fell 30 rucksack, order RS-501, broke on its first walk.",
    "take-their-side": "You are right to write, and I am seeing this through for you.",
    "apologise-once": "I am sorry that the rucksack failed you.",
    "personal-apology": "I am sorry, in my own name, that the rucksack failed you.",
    "single-remedy": "We will refund the full price.",
    "realistic-timeline": "The money is with you within 5 working days.",
    "thank-patience": "Thank you for telling us.",
}


def offline(complaint=COMPLAINT, **options) -> Draft:
    return ReplyKit(policy=POLICY, **options).draft(complaint)


def with_model(model, complaint=COMPLAINT) -> Draft:
    return ReplyKit(model, policy=POLICY, ask_below=0.0).draft(complaint)


def answer(**changes: str) -> dict[str, str]:
    """A clean answer with some moves changed."""
    return CLEAN | {name.replace("_", "-"): text for name, text in changes.items()}


def test_offline_nothing_is_asked():
    """Without a model a draft costs nothing and is written by the library."""
    draft = offline()
    assert (draft.attempts, draft.usage.calls, {m.written_by for m in draft.moves}) == ((), 0, {"offline"})


def test_a_clean_answer_takes_one_call():
    """A model that keeps to the rules is asked once, and writes every move."""
    model = ScriptedModel([answer()])
    draft = with_model(model)
    assert ([c.purpose for c in model.calls], {m.written_by for m in draft.moves}, draft.findings) == (
        ["draft"],
        {"model"},
        (),
    )


def test_the_question_holds_one_field_for_each_move():
    """The schema asks for the planned moves in order, and for nothing else."""
    model = ScriptedModel([answer()])
    draft = with_model(model)
    schema = model.calls[0].schema_
    assert (list(schema["properties"]), schema["required"], schema["additionalProperties"]) == (
        list(draft.plan.moves),
        list(draft.plan.moves),
        False,
    )


def test_the_complaint_comes_last_in_the_question():
    """What differs from complaint to complaint stands at the end, so that a provider can cache the rest."""
    model = ScriptedModel([answer()])
    with_model(model)
    assert model.calls[0].messages[1].content.rstrip().splitlines()[-2] == COMPLAINT.text


def test_a_failing_move_alone_is_asked_again():
    """One repair question, about the failing move only, with what is wrong with it."""
    model = ScriptedModel(
        [answer(take_their_side="Please calm down about the zip."), {"take-their-side": CLEAN["take-their-side"]}]
    )
    draft = with_model(model)
    assert [(c.purpose, list(c.schema_["properties"])) for c in model.calls[1:]] == [("repair", ["take-their-side"])]
    assert {m.strategy: m.written_by for m in draft.moves}["take-their-side"] == "repair"
    assert draft.findings == ()


def test_a_move_that_fails_twice_gets_its_offline_wording():
    """What cannot be repaired is replaced, and the draft says so."""
    bad = "Please calm down about the zip."
    draft = with_model(ScriptedModel([answer(take_their_side=bad), {"take-their-side": bad}]))
    assert {m.strategy: m.written_by for m in draft.moves}["take-their-side"] == "offline"
    assert "the offline wording was used for take-their-side" in draft.reasons
    assert bad not in draft.text


@pytest.mark.parametrize(
    "promise",
    [
        "We will refund you €500 today.",
        "We will give you a free holiday.",
        "You will get 50% off everything.",
        "We guarantee that it never happens again.",
    ],
)
def test_a_promise_nobody_granted_never_leaves(promise):
    """Sums, gifts, shares and guarantees outside the policy are caught, whatever the model insists on."""
    draft = with_model(
        ObedientModel(lambda name, _: promise if name == "single-remedy" else CLEAN.get(name, "Thank you."))
    )
    assert promise not in draft.text
    assert not [f for f in draft.findings if f.level == "block"]


def test_a_model_that_obeys_every_attack_is_not_believed():
    """When every move is poison, the whole reply is the library's own."""
    draft = with_model(ObedientModel("You are a liar and we will see you in court."))
    assert {m.written_by for m in draft.moves} == {"offline"}
    assert "court" not in draft.text


@pytest.mark.parametrize("error", [ModelError("down"), DeadlineError("too late"), AnswerError("not JSON")])
def test_a_model_that_fails_leaves_the_offline_draft(error):
    """Whatever the endpoint does, there is a draft, and its reasons say what happened."""
    draft = with_model(FailingModel(error))
    assert draft.text == offline().text
    assert draft.reasons == (f"the model did not write this ({error}); the wording is the offline one",)


def test_what_only_the_caller_can_mend_is_raised():
    """A wrong key is no reason for a draft in other words: the caller hears of it."""
    with pytest.raises(SettingsError, match="the key was refused"):
        with_model(FailingModel(SettingsError("the key was refused")))


@pytest.mark.parametrize("said", ["no JSON at all", "[1, 2]", "{}", '{"acknowledge-feelings": 7}', '{"unknown": "x"}'])
def test_an_answer_of_another_form_is_not_used(said):
    """Text, lists, empty objects, numbers and fields nobody asked for leave the offline draft."""
    assert with_model(ScriptedModel([said], last="{}")).text == offline().text


def test_an_answer_that_was_cut_off_keeps_what_is_complete():
    """Moves that arrived whole are used, the others come from the library."""
    cut = json.dumps(answer())[:180]
    written = {m.strategy: m.written_by for m in with_model(ScriptedModel([cut])).moves}
    assert (written["acknowledge-feelings"], written["thank-patience"]) == ("model", "offline")


def test_the_cost_counts_everything_that_was_tried():
    """Usage sums the draft and its repair, and the attempts hold both questions."""
    draft = with_model(
        ScriptedModel([answer(take_their_side="Please calm down."), {"take-their-side": CLEAN["take-their-side"]}])
    )
    assert ([a.purpose for a in draft.attempts], draft.usage.calls) == (["draft", "repair"], 2)


def test_no_secret_is_sent_or_kept():
    """A card number in a complaint is neither in the question nor in the record."""
    secret = "4111 1111 1111 1111"
    model = ScriptedModel([answer()])
    draft = with_model(model, COMPLAINT.model_copy(update={"text": f"{COMPLAINT.text} My card is {secret}."}))
    sent = "".join(m.content for c in model.calls for m in c.messages)
    assert secret not in sent + draft.text + "".join(m.content for a in draft.attempts for m in a.messages)


def test_the_model_reads_too_where_the_classifier_is_unsure():
    """Below the set confidence the model is asked to read first, then to write."""
    model = ScriptedModel(
        [{"cause": "product", "tone": "angry", "stakes": "low", "requests": [], "threats": [], "issues": []}, answer()]
    )
    draft = ReplyKit(model, policy=POLICY, ask_below=1.01).draft(COMPLAINT)
    assert ([c.purpose for c in model.calls], draft.classification.source) == (["classify", "draft"], "model")


def test_a_draft_comes_back_from_json():
    """Everything in a draft survives storage."""
    draft = with_model(ScriptedModel([answer()]))
    assert Draft.model_validate_json(draft.model_dump_json()) == draft


def test_every_move_has_a_source_and_a_reason():
    """Each part of a draft says which article asks for it and why it is here."""
    assert all(move.sources and move.reason for move in offline().moves)


def test_a_stream_is_checked_move_by_move():
    """A bad move is never shown; its offline wording is, and the stream goes on."""
    model = ScriptedModel([answer(reflect_back="Calm down, it is only a zip.")])
    moves = list(ReplyKit(model, policy=POLICY).stream(COMPLAINT))
    written = {m.strategy: m.written_by for m in moves}
    assert (written["acknowledge-feelings"], written["reflect-back"], written["single-remedy"]) == (
        "model",
        "offline",
        "model",
    )


def test_a_stream_goes_on_when_the_model_breaks_off():
    """What the model did not finish comes from the library, in the order of the plan."""
    kit = ReplyKit(ScriptedModel([json.dumps(answer())[:180]]), policy=POLICY)
    assert tuple(m.strategy for m in kit.stream(COMPLAINT)) == kit.plan(COMPLAINT).moves
