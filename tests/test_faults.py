"""Every fault of an endpoint, from the caller's side: a checked draft that says what happened, or a typed error."""

from __future__ import annotations

import asyncio
import copy
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from fault_server import (
    FaultServer,
    Step,
    broken_gzip,
    cut_off,
    drips,
    filled,
    fine,
    hang,
    picky,
    refuses,
    reset,
    says,
    sends,
)

from replykit.budget import Budget
from replykit.errors import ModelError, SettingsError
from replykit.kit import ReplyKit
from replykit.model import OpenAIModel
from replykit.testing import ScriptedModel
from replykit.types import Complaint, Draft, Order

COMPLAINT = Complaint(
    text="The handle of the copper pan came off on the second day. It is broken, and I want a new one.",
    order=Order(id="HB-20", item="copper pan"),
)
POLICY = {
    "company": "Hob & Lid",
    "agent": "Noor",
    "remedies": [{"id": "swap", "say": "send you a new pan", "for": ["defective", "damaged", "quality"]}],
    "response_times": {"first_answer": "within 2 working days"},
}
LATE = 0.7
"""Seconds for faults that take all the time there is."""
ENOUGH = 20.0
FEW_TRIES = 6.0
"""Seconds that cut the waiting between tries short."""
SLACK = 1.5
"""Seconds by which a busy machine may be late."""


def by_draft(kit: ReplyKit) -> Draft:
    return kit.draft(COMPLAINT)


def by_adraft(kit: ReplyKit) -> Draft:
    return asyncio.run(kit.adraft(COMPLAINT))


def by_draft_many(kit: ReplyKit) -> Draft:
    return only(list(kit.draft_many([COMPLAINT, COMPLAINT.model_copy()], concurrency=2)))


def by_adraft_many(kit: ReplyKit) -> Draft:
    async def collect() -> list[Draft | Exception]:
        return [result async for result in kit.adraft_many([COMPLAINT, COMPLAINT.model_copy()], concurrency=2)]

    return only(asyncio.run(collect()))


def only(results: list[Draft | Exception]) -> Draft:
    """The first of two results that are the same; an error among them is raised here."""
    for result in results:
        if isinstance(result, Exception):
            raise result
    first, second = results
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    return first


WAYS = {"draft": by_draft, "adraft": by_adraft, "draft_many": by_draft_many, "adraft_many": by_adraft_many}
Way = Callable[[ReplyKit], Draft]
every_way = pytest.mark.parametrize("draft", WAYS.values(), ids=WAYS)


@pytest.fixture(scope="module")
def shared() -> ReplyKit:
    """A kit that asks, made once, as reading its library takes longer than most faults."""
    return ReplyKit(ScriptedModel(), policy=POLICY)


@pytest.fixture(scope="module")
def offline(shared: ReplyKit) -> Draft:
    """What is written without any model."""
    kit = copy.copy(shared)
    kit.model, kit._rooms = None, replace(shared._rooms, asks=False)
    return kit.draft(COMPLAINT)


@pytest.fixture
def kit_at(shared: ReplyKit) -> Iterator[Callable[..., ReplyKit]]:
    """Makes kits for an endpoint, which ask for the reply only, and closes their connections."""
    made: list[OpenAIModel] = []

    def make(url: str, *, deadline: float = ENOUGH, budget: str | None = None, ask_below: float = 0.0) -> ReplyKit:
        kit = copy.copy(shared)
        kit.model = OpenAIModel("tiny", base_url=url)
        kit.deadline, kit.budget = deadline, Budget.of(budget)
        kit._rooms = replace(shared._rooms, ask_below=ask_below)
        made.append(kit.model)
        return kit

    yield make
    for model in made:
        model.close()


def assert_checked(draft: Draft) -> None:
    """A draft that may be sent: nothing in it blocks, and every part is accounted for."""
    assert [f for f in draft.findings if f.level == "block"] == []
    assert draft.text.strip()
    assert all(move.sources for move in draft.moves)
    assert Draft.model_validate_json(draft.model_dump_json()) == draft


CLEAN = "I have asked the workshop about the handle of your copper pan."


@every_way
def test_a_good_answer_is_used(faults: FaultServer, kit_at: Callable[..., ReplyKit], draft: Way):
    """One call, and the words of the model in the reply."""
    script = faults.script(fine(lambda name: f"{CLEAN} This is about {name.replace('-', ' ')}."))
    result = draft(kit_at(script.url))
    assert_checked(result)
    assert CLEAN in result.text
    assert (result.usage.calls, result.usage.retries) == (len(result.attempts), 0)


FAILS: dict[str, tuple[Step, str]] = {
    "500 for ever": (refuses(500, "oops", retry_after="0"), "answered 500: oops"),
    "HTML 502": (sends(b"<html>Bad Gateway</html>", status=502, retry_after="0"), "answered 502"),
    "429 for ever": (refuses(429, "slow down", retry_after="0"), "answered 429: slow down"),
    "connection reset": (reset, "the connection to"),
    "body cut off": (cut_off, "the connection to"),
    "not JSON": (sends(b"Welcome"), "not JSON"),
    "wrong envelope": (sends(b'{"result": 1}'), "holds no choices"),
    "empty": (sends(b""), "an empty answer"),
    "null content": (says(None), "holds no text"),
    "no choices": (sends(b'{"choices": []}'), "holds no choices"),
    "refusal": (says(None, refusal="No."), "refused to answer"),
    "content filter": (says("Dear", finish="content_filter"), "content filter"),
    "filtered question": (refuses(400, "filtered: content management policy"), "content filter"),
    "too long a question": (refuses(400, "maximum context length is 10 tokens"), "too long"),
    "byte garbage": (sends(bytes(range(128, 256)) * 8), "not JSON"),
    "broken compression": (broken_gzip, "compression is broken"),
    "500 kB": (says("x" * 500_000), "500,000 characters"),
    "a 500 kB object": (says(json.dumps({"x": "y" * 500_000})), "characters long"),
    "prose instead of JSON": (says("Sorry about your pan, we will see."), "not a JSON object"),
    "a JSON list": (says('["a", "b"]'), "not a JSON object"),
}


@every_way
@pytest.mark.parametrize(("step", "reason"), FAILS.values(), ids=FAILS)
def test_a_failing_endpoint_leaves_the_offline_draft(
    faults: FaultServer, kit_at: Callable[..., ReplyKit], offline: Draft, step: Step, reason: str, draft: Way
):
    """The customer is answered as well as without a model, and the reasons say what happened."""
    result = draft(kit_at(faults.script(step).url, deadline=FEW_TRIES))
    assert_checked(result)
    assert result.text == offline.text
    assert result.status == "needs_review"
    assert any(reason in told for told in result.reasons), result.reasons
    assert result.usage.calls >= 1
    assert [a.error is not None for a in result.attempts] == [True] * len(result.attempts)


@every_way
@pytest.mark.parametrize(
    "step",
    [hang, drips(), drips(headers=True, body=False), refuses(429, "wait", retry_after="3600")],
    ids=["hang", "drip", "dripping headers", "wait an hour"],
)
def test_a_slow_endpoint_is_not_waited_for(
    faults: FaultServer, kit_at: Callable[..., ReplyKit], offline: Draft, step: Step, draft: Way
):
    """At the deadline the caller has a draft in hand."""
    kit = kit_at(faults.script(step).url, deadline=LATE)
    started = time.monotonic()
    result = draft(kit)
    assert time.monotonic() - started < LATE + SLACK
    assert_checked(result)
    assert result.text == offline.text


@every_way
@pytest.mark.parametrize(
    "step",
    [refuses(401, "no"), refuses(403, "no"), refuses(404, "no such model"), refuses(400, "bad request")],
    ids=["401", "403", "404", "400"],
)
def test_what_only_the_caller_can_mend_is_raised(
    faults: FaultServer, kit_at: Callable[..., ReplyKit], step: Step, draft: Way
):
    """A wrong key, a wrong model or a wrong setting is not papered over."""
    script = faults.script(step)
    with pytest.raises(SettingsError, match="answered 40"):
        draft(kit_at(script.url))
    assert len(script.requests) <= 2


@every_way
@pytest.mark.parametrize(
    "steps",
    [
        (refuses(429, "slow down", retry_after="0.05"), fine(CLEAN)),
        (refuses(500, "oops", retry_after="0"), fine(CLEAN)),
        (reset, cut_off, fine(CLEAN)),
        (picky((lambda b: "response_format" in b, "response_format is not supported"), then=fine(CLEAN)),),
    ],
    ids=["429", "500", "broken connections", "400 on structured output"],
)
def test_a_fault_that_passes_leaves_the_models_draft(
    faults: FaultServer, kit_at: Callable[..., ReplyKit], steps: tuple[Step, ...], draft: Way
):
    """What the model wrote once it could is what is used."""
    script = faults.script(*steps)
    result = draft(kit_at(script.url))
    assert_checked(result)
    assert CLEAN in result.text
    assert len(script.requests) > 1


# ---------------------------------------------------------------- answers that must not go out as they are


BAD: dict[str, str] = {
    "breaks the rules": "As per our policy there is nothing we can do, and you should have read the manual.",
    "promises money": "We will refund you 500 euro today and add a voucher of 50 euro.",
    "promises a date": "Your new pan will be with you by 14 March at the latest.",
    "answers as the customer": "I bought this pan from you and I am very disappointed. Please refund me.",
    "leaves slots open": "Dear [Customer Name], thank you for writing about {{ product }}.",
    "wraps the draft": "Here is a draft that you can use: Sorry about the pan.",
    "speaks as a machine": "As an AI language model I cannot help with pans.",
    "admits fault at law": "We admit that we were negligent and accept full liability for the pan.",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
@pytest.mark.parametrize("draft", [by_draft, by_adraft], ids=["draft", "adraft"])
def test_words_that_must_not_go_out_do_not(faults: FaultServer, kit_at: Callable[..., ReplyKit], text: str, draft: Way):
    """A model that insists on it in every move and every repair is overruled, after at most one repair."""
    script = faults.script(fine(text))
    result = draft(kit_at(script.url))
    assert_checked(result)
    assert text not in result.text
    assert len(script.requests) <= 2
    assert result.usage.calls == len(script.requests)


def test_one_bad_move_does_not_cost_the_others(faults: FaultServer, kit_at: Callable[..., ReplyKit]):
    """Only the failing move is asked for again, and what was good stays."""
    promise = "As per our policy there is nothing we can do."

    def first(name: str) -> str:
        return promise if "apolog" in name else f"{CLEAN} ({name})".replace("-", " ")

    script = faults.script(fine(first), fine("I am sorry that the handle of your copper pan came off."))
    result = by_draft(kit_at(script.url))
    assert_checked(result)
    asked_again = list(json.loads(filled(script.requests[-1])))
    assert len(script.requests) == 2
    assert promise not in result.text
    assert len(asked_again) < len(result.moves)


def test_a_repair_that_hangs_leaves_what_was_good(faults: FaultServer, kit_at: Callable[..., ReplyKit]):
    """When the second question fails, the offline wording takes the place of the failing moves only."""
    script = faults.script(
        fine(
            lambda name: (
                "There is nothing we can do."
                if "apolog" in name
                else f"{CLEAN} That is about {name.replace('-', ' ')}."
            )
        ),
        hang,
    )
    result = by_draft(kit_at(script.url, deadline=LATE))
    assert_checked(result)
    assert CLEAN in result.text
    assert any("did not repair" in reason for reason in result.reasons), result.reasons


def test_another_language_is_not_let_through(faults: FaultServer, kit_at: Callable[..., ReplyKit]):
    """A complaint in English is not answered in another language."""
    script = faults.script(fine("Es tut uns sehr leid, dass der Griff Ihrer Pfanne abgefallen ist."))
    result = by_draft(kit_at(script.url))
    assert_checked(result)
    assert "leid" not in result.text


# ---------------------------------------------------------------- where it runs


def test_drafting_works_inside_a_running_loop(faults: FaultServer, kit_at: Callable[..., ReplyKit]):
    """`draft` and `draft_many` can be called where a loop is running, as in a notebook."""
    kit = kit_at(faults.script(fine(CLEAN)).url)

    async def cell() -> list[Any]:
        return [kit.draft(COMPLAINT), *kit.draft_many([COMPLAINT], concurrency=2)]

    for result in asyncio.run(cell()):
        assert_checked(result)
        assert CLEAN in result.text


def test_cancelling_a_draft_leaves_nothing_running(faults: FaultServer, kit_at: Callable[..., ReplyKit]):
    """No task outlives a cancelled `adraft`."""
    kit = kit_at(faults.script(hang).url)

    async def cancelled() -> int:
        task = asyncio.create_task(kit.adraft(COMPLAINT))
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        return len(asyncio.all_tasks())

    assert asyncio.run(cancelled()) == 1


def test_a_budget_is_kept(faults: FaultServer, kit_at: Callable[..., ReplyKit], offline: Draft):
    """When the next call could cost too much it is not made, and the draft says so."""
    script = faults.script(fine(CLEAN))
    result = by_draft(kit_at(script.url, budget="100 tokens"))
    assert_checked(result)
    assert result.text == offline.text
    assert script.requests == []
    assert any("the next call could exceed the budget of 100 tokens" in reason for reason in result.reasons)


def test_secrets_stay_here(faults: FaultServer, kit_at: Callable[..., ReplyKit]):
    """What a customer should not have written is neither sent nor kept nor sent back."""
    secrets = [
        "4111 1111 1111 1111",
        "DE89 3704 0044 0532 0130 00",
        "hunter2",
        "ana.ortiz@example.org",
        "+44 7700 900123",
    ]
    complaint = Complaint(
        text=f"You charged {secrets[0]} twice. Pay to {secrets[1]}. My password is {secrets[2]}. "
        f"Write to {secrets[3]} or call {secrets[4]}.",
        subject=f"card {secrets[0]}",
    )
    echo = fine(lambda _name: f"We have your card [CARD_1] and {secrets[0]} on file, and write to [EMAIL_1].")
    script = faults.script(echo)
    result = kit_at(script.url, ask_below=1.1).draft(complaint)
    assert_checked(result)
    sent = json.dumps(script.requests)
    shown = result.text + result.model_dump_json(include={"attempts"})
    assert [s for s in secrets if s in sent] == []
    assert [s for s in secrets if s in shown] == []
    assert "CARD_1" not in result.text


@pytest.mark.parametrize("error", [KeyError("x"), ModelError("down"), TimeoutError()])
def test_a_model_of_ones_own_may_fail_as_it_likes(error: Exception, shared: ReplyKit, offline: Draft):
    """Whatever an adopter's object raises, there is a draft."""

    class Own:
        def complete(self, call: Any) -> str:
            raise error

    kit = copy.copy(shared)
    kit.model = Own()
    result = kit.draft(COMPLAINT)
    assert_checked(result)
    assert result.text == offline.text
