"""The openai client against a real small model over HTTP: everything structured, whatever the model makes of it.

The model has 135 million parameters and no idea of complaints. What it writes is mostly refused, and that is the point:
the path is the real one, and nothing that it says gets out unchecked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from replykit.kit import ReplyKit
from replykit.model import Deadline, OpenAIModel
from replykit.partial import fields_from, object_of
from replykit.types import Answer, Call, Complaint, Draft, Message, Order

pytestmark = pytest.mark.model

SECONDS = 120.0
"""Far more than a call takes, so that a busy machine does not fail the tests."""
COMPLAINT = Complaint(
    text="The oven door broke on the first day and the dish was ruined. I want a new oven.",
    order=Order(id="OV-31", item="oven"),
)
SCHEMA = {
    "type": "object",
    "properties": {"mood": {"type": "string", "enum": ["calm", "angry"]}, "note": {"type": "string", "maxLength": 60}},
    "required": ["mood", "note"],
    "additionalProperties": False,
}
CALL = Call(
    purpose="classify",
    messages=(
        Message(role="system", content="You read messages and say how the writer feels."),
        Message(role="user", content="The oven door broke on the first day and I am furious."),
    ),
    schema=SCHEMA,
    max_tokens=200,
)


@pytest.fixture(scope="module")
def model(small_model: str) -> Iterator[OpenAIModel]:
    """The small model through the openai client; cut short, as it would go on for ever, and the same in every run."""
    extra = {"max_tokens": 220, "seed": 1, "repeat_penalty": 1.2}
    with OpenAIModel("smollm2-135m", base_url=small_model, temperature=0.0, extra=extra) as made:
        yield made


@pytest.fixture(scope="module")
def kit(model: OpenAIModel) -> ReplyKit:
    """A kit that asks the small model to write."""
    return ReplyKit(model, policy={"company": "Hearth & Son", "agent": "Ida"}, deadline=SECONDS, ask_below=0.0)


def assert_checked(draft: Draft) -> None:
    """The draft may be sent, and says who wrote what."""
    assert [f for f in draft.findings if f.level == "block"] == []
    assert draft.text.strip()
    assert {move.written_by for move in draft.moves} <= {"model", "repair", "offline"}


def test_an_answer_has_the_form_that_was_asked_for(model: OpenAIModel):
    """The server binds the model to the schema, and reports what it read, kept and wrote."""
    answers = [model.complete(CALL, deadline=Deadline.after(SECONDS)) for _ in range(2)]
    found = object_of(answers[-1].text)
    assert set(found) == {"mood", "note"}
    assert found["mood"] in {"calm", "angry"}
    first, second = (answer.usage for answer in answers)
    assert (first.calls, first.retries, first.prompt_tokens > 20, first.completion_tokens > 5) == (1, 0, True, True)
    assert second.cached_tokens > second.prompt_tokens / 2


def test_an_event_loop_gets_the_same_answer(model: OpenAIModel):
    """Greedy decoding says the same to both kinds of caller."""
    answer = asyncio.run(model.acomplete(CALL, deadline=Deadline.after(SECONDS)))
    assert object_of(answer.text) == object_of(model.complete(CALL, deadline=Deadline.after(SECONDS)).text)


def test_a_stream_brings_fields_before_the_end(model: OpenAIModel):
    """Fields are complete while the rest is still being written, and the whole comes last."""
    pieces = list(model.stream(CALL, deadline=Deadline.after(SECONDS)))
    assert isinstance(pieces[-1], Answer)
    assert len(pieces) > 5
    assert dict(fields_from(pieces)) == object_of(pieces[-1].text)


def test_reading_with_the_model_keeps_to_the_labels(model: OpenAIModel):
    """Below the confidence that is asked for, the model reads too, and can only say what the labels allow."""
    kit = ReplyKit(model, deadline=SECONDS, ask_below=1.1)
    reading = kit.classify(COMPLAINT)
    assert reading.source in {"model", "local"}
    assert all(COMPLAINT.text[issue.start : issue.end] == issue.quote for issue in reading.issues)


def test_a_draft_is_clean_whatever_the_model_writes(kit: ReplyKit):
    """Writing and repairing with the model end in a draft that may be sent, in at most two calls."""
    draft = kit.draft(COMPLAINT)
    assert_checked(draft)
    assert draft.attempts[0].purpose == "draft"
    assert 1 <= draft.usage.calls <= 2
    assert draft.usage.prompt_tokens > 300


def test_drafts_of_an_event_loop_are_clean_too(kit: ReplyKit):
    """The asynchronous path, two at a time."""

    async def collect() -> list[Draft | Exception]:
        return [
            result
            async for result in kit.adraft_many([COMPLAINT, "The lid is dented and I want a refund."], concurrency=2)
        ]

    for draft in asyncio.run(collect()):
        assert isinstance(draft, Draft)
        assert_checked(draft)


def test_a_live_draft_is_checked_move_by_move(kit: ReplyKit):
    """Every planned move that can be said comes out once, in order, and the whole of them is clean."""
    moves = list(kit.stream(COMPLAINT))
    planned = kit.plan(COMPLAINT).moves
    said = [move.strategy for move in moves]
    assert said == [name for name in planned if name in said]
    assert said
    text = " ".join(move.text for move in moves)
    assert [f.rule for f in kit.check(text, COMPLAINT).findings if f.level == "block"] == []


def test_a_judge_adds_and_never_clears(kit: ReplyKit):
    """What the rules found stays, and what the model adds is quoted from the text."""
    text = "As per our policy there is nothing we can do. The oven is fine, I suppose."
    alone, judged = kit.check(text), kit.check(text, judge=True)
    assert set(alone.findings) <= set(judged.findings)
    assert all(text[f.start : f.end] == f.quote for f in judged.findings)
