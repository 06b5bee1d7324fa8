"""The kit: what it takes, what it refuses and in which words, and that no two of them meet."""

from __future__ import annotations

import asyncio
import time

import pytest

from replykit import Complaint, Policy, ReplyKit
from replykit.errors import FindingsError, InputError, PolicyError, SettingsError
from replykit.testing import ScriptedModel

TEXT = "The kiln was cold when I came and nobody told me why."


@pytest.fixture(scope="module")
def kit() -> ReplyKit:
    return ReplyKit()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("remedys: []", "remedys: is not a known key; did you mean remedies? known keys here: "),
        ("remedies:\n  - {id: x}", "remedies.0.say: is missing; add it"),
        ("remedies:\n  - {id: x, say: y, fro: []}", "remedies.0.fro: is not a known key; did you mean for?"),
        ("departments: {lost: desk}", "departments.lost"),
        ("- a\n- b", "must be a mapping of keys to values, such as `company: Fern & Oak`"),
        ("company: [", "is not valid YAML"),
    ],
)
def test_a_broken_policy_names_file_key_and_remedy(tmp_path, content, message):
    """Whatever is wrong in a policy file, the refusal names the file, the key and what to do."""
    path = tmp_path / "house.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        ReplyKit(policy=path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)


def test_a_policy_that_cannot_be_read_is_named(tmp_path):
    """A missing policy file is refused by name."""
    with pytest.raises(PolicyError, match=r"none\.yaml: cannot be read: No such file"):
        ReplyKit(policy=tmp_path / "none.yaml")


def test_a_policy_in_another_encoding_is_named(tmp_path):
    """A policy that is not UTF-8 is refused with the remedy."""
    path = tmp_path / "house.yaml"
    path.write_bytes("company: Café".encode("latin-1"))
    with pytest.raises(PolicyError, match=r"is not UTF-8 \(byte 12\); save it as UTF-8"):
        ReplyKit(policy=path)


def test_an_empty_policy_is_the_default(tmp_path, kit):
    """A policy file with nothing in it leaves the embedded default."""
    path = tmp_path / "house.yaml"
    path.write_text("# nothing yet\n", encoding="utf-8")
    assert ReplyKit(policy=path).policy == kit.policy


def test_a_policy_lies_over_the_default(kit):
    """What a policy does not set keeps its default, key by key for the times."""
    mine = ReplyKit(
        policy=Policy.model_validate({"company": "Fell", "response_times": {"update": "every Friday"}})
    ).policy
    assert (mine.company, mine.response_times.update, mine.response_times.first_answer) == (
        "Fell",
        "every Friday",
        kit.policy.response_times.first_answer,
    )


@pytest.mark.parametrize("text", ["", "   \n\t"])
def test_an_empty_complaint_is_refused(kit, text):
    """There is nothing to answer in an empty message, and the error says what is missing."""
    with pytest.raises(InputError, match="the complaint is empty; give the customer's message as `text`"):
        kit.draft(text)


def test_a_complaint_of_another_type_is_refused(kit):
    """What is neither a text nor a Complaint is named."""
    with pytest.raises(InputError, match="a complaint is a text or a Complaint, not int"):
        kit.draft(7)


@pytest.mark.parametrize(
    "text", ["👍👍👍", "?", "a" * 100_000, "Wo bleibt mein Paket?", "\x00\u202e\ufeff", "{{ 7*7 }} {% raw %}"]
)
def test_any_text_gets_a_draft(kit, text):
    """Emoji, one sign, a hundred kilobytes, another language, control characters and template syntax all end in a draft."""
    draft = kit.draft(text)
    assert draft.text
    assert not [f for f in draft.findings if f.level == "block"]


def test_sync_and_async_give_the_same_draft(kit):
    """The two drivers run the same flow."""
    assert asyncio.run(kit.adraft(TEXT)) == kit.draft(TEXT)


def test_a_sync_draft_works_inside_a_running_loop(kit):
    """`draft()` needs no event loop, so one that runs does not disturb it."""

    async def inside() -> str:
        return kit.draft(TEXT).text

    assert asyncio.run(inside()) == kit.draft(TEXT).text


def test_many_drafts_come_in_order_with_errors_as_values(kit):
    """A message that cannot be drafted is its own result, and the others are not disturbed."""
    results = list(kit.draft_many([TEXT, "", TEXT]))
    assert (results[0].text, type(results[1]), results[2].text) == (
        kit.draft(TEXT).text,
        InputError,
        kit.draft(TEXT).text,
    )


def test_many_drafts_can_be_awaited(kit):
    """`async for` gives the same results in the same order."""

    async def collect() -> list[str]:
        return [result.text async for result in kit.adraft_many([TEXT, f"{TEXT} Twice."])]

    assert asyncio.run(collect()) == [kit.draft(TEXT).text, kit.draft(f"{TEXT} Twice.").text]


def test_two_kits_never_meet():
    """A rule switched off in one kit still holds in another."""
    lenient, strict = ReplyKit(policy={"rules_off": ["calm-down"]}), ReplyKit()
    text = "Please calm down."
    assert (
        [f.rule for f in lenient.check(text, second_tier=False)],
        [f.rule for f in strict.check(text, second_tier=False)],
    ) == ([], ["calm-down"])


def test_a_check_can_be_made_to_raise(kit):
    """Findings are values until a caller asks for an exception."""
    with pytest.raises(FindingsError, match="calm-down"):
        kit.check("Please calm down.").raise_for_findings()


def test_a_judge_adds_findings_with_exact_quotes():
    """The model may add a passage that stands in the text; one that does not is dropped."""
    said = {"findings": [{"rule": "sarcasm", "quote": "How thrilling"}, {"rule": "sarcasm", "quote": "not in it"}]}
    found = ReplyKit(ScriptedModel([said])).check("How thrilling that the parcel is late.", judge=True)
    assert ("sarcasm", "How thrilling") in [(f.rule, f.quote[:13]) for f in found]
    assert "not in it" not in [f.quote for f in found]


def test_a_judge_clears_nothing():
    """A model that finds nothing leaves every finding of the rules."""
    text = "Please calm down."
    assert [f.rule for f in ReplyKit(ScriptedModel([{"findings": []}])).check(text, judge=True)] == ["calm-down"]


def test_judging_without_a_model_is_refused(kit):
    """The error says what is missing."""
    with pytest.raises(SettingsError, match=r"judging needs a model: give ReplyKit\(model=…\)"):
        kit.check("Hello.", judge=True)


def test_a_complaint_round_trips_through_json():
    """What comes in can be stored and read again."""
    complaint = Complaint.model_validate(
        {"text": TEXT, "order": {"id": "K-1"}, "facts": {"in_stock": True, "note": "x"}}
    )
    assert Complaint.model_validate_json(complaint.model_dump_json()) == complaint


def test_a_card_number_is_never_said_back(kit):
    """Neither the writer repeats a card number, nor does the check take it for a harmless quotation of the customer."""
    complaint = "You charged 4111 1111 1111 1111 twice and nobody answers."
    assert "4111" not in kit.draft(complaint).text
    assert [f.rule for f in kit.check("We charged 4111 1111 1111 1111 twice.", complaint)] == [
        "echoes-sensitive-number"
    ]


@pytest.mark.parametrize("run", [" ", "\n", " \n", "1,", "had any ", "is ", "but "], ids=repr)
def test_a_run_of_anything_is_answered_soon(kit, run):
    """Twenty thousand signs that say nothing cost seconds at most, not minutes: no pattern is tried on a run from each of its signs."""
    text = f"My kiln arrived broken. I have not {run * (20_000 // len(run))}x"
    began = time.process_time()
    kit.draft(Complaint(text=text[:20_000]))
    assert time.process_time() - began < 8
