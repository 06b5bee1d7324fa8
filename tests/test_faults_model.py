"""Every fault of an endpoint over a real socket: what the caller gets, what it cost, and that it is never late."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from fault_server import (
    FaultServer,
    Step,
    broken_gzip,
    completion,
    cut_off,
    drips,
    fine,
    hang,
    picky,
    refuses,
    reset,
    says,
    sends,
    stream_of,
)

from replykit.errors import AnswerError, DeadlineError, ModelError, SettingsError
from replykit.model import Deadline, OpenAIModel
from replykit.partial import object_of
from replykit.types import Answer, Call, Message

CALL = Call(
    purpose="draft",
    messages=(Message(role="system", content="You are kind."), Message(role="user", content="My kettle broke.")),
    schema={
        "type": "object",
        "properties": {"opening": {"type": "string"}, "closing": {"type": "string"}},
        "required": ["opening", "closing"],
        "additionalProperties": False,
    },
)
GOOD = {"opening": "All is well.", "closing": "All is well."}
LATE = 0.5
"""Seconds for faults that take all the time there is."""
ENOUGH = 10.0
"""Seconds for faults that are over at once: so long that running into it is a failure of its own."""
SLACK = 0.35
"""Seconds by which a busy machine may be late."""


def by_complete(model: OpenAIModel, deadline: Deadline) -> Answer:
    return model.complete(CALL, deadline=deadline)


def by_acomplete(model: OpenAIModel, deadline: Deadline) -> Answer:
    return asyncio.run(model.acomplete(CALL, deadline=deadline))


def by_stream(model: OpenAIModel, deadline: Deadline) -> Answer:
    return whole(list(model.stream(CALL, deadline=deadline)))


def by_astream(model: OpenAIModel, deadline: Deadline) -> Answer:
    async def collect() -> list[str | Answer]:
        return [piece async for piece in model.astream(CALL, deadline=deadline)]

    return whole(asyncio.run(collect()))


def whole(pieces: list[str | Answer]) -> Answer:
    """The answer at the end of a stream, which says what its pieces said."""
    *texts, answer = pieces
    assert isinstance(answer, Answer)
    assert "".join(str(text) for text in texts).strip() == answer.text
    return answer


WAYS = {"sync": by_complete, "async": by_acomplete, "stream": by_stream, "astream": by_astream}
every_way = pytest.mark.parametrize("ask", WAYS.values(), ids=WAYS)
Way = Callable[[OpenAIModel, Deadline], Answer]


# ---------------------------------------------------------------- faults that pass

PASSING: dict[str, tuple[Step, ...]] = {
    "429 that asks for a moment": (refuses(429, "slow down", retry_after="0.1"), fine()),
    "429 in milliseconds": (refuses(429, "slow down", retry_after_ms="50"), fine()),
    "500": (refuses(500, "oops", retry_after="0"), fine()),
    "502 from a proxy": (sends(b"<html>Bad Gateway</html>", status=502, retry_after="0"), fine()),
    "408": (refuses(408, "timeout", retry_after="0"), fine()),
    "409": (refuses(409, "conflict", retry_after="0"), fine()),
    "a connection reset": (reset, fine()),
    "a body cut off": (cut_off, fine()),
    "three of them": (refuses(503, "starting", retry_after="0"), refuses(500, "oops", retry_after="0"), reset, fine()),
}


@every_way
@pytest.mark.parametrize("steps", PASSING.values(), ids=PASSING)
def test_a_fault_that_passes_is_not_noticed(faults: FaultServer, steps: tuple[Step, ...], ask: Way):
    """The answer is there all the same, and its usage counts the tries."""
    script = faults.script(*steps)
    with OpenAIModel("tiny", base_url=script.url) as model:
        answer = ask(model, Deadline.after(ENOUGH))
    assert json.loads(answer.text) == GOOD
    assert (answer.usage.calls, answer.usage.retries) == (1, len(steps) - 1)
    assert len(script.requests) == len(steps)


@every_way
def test_an_endpoint_that_asks_for_time_gets_it(faults: FaultServer, ask: Way):
    """`Retry-After` is waited for."""
    script = faults.script(refuses(429, "slow down", retry_after="0.3"), fine())
    with OpenAIModel("tiny", base_url=script.url) as model:
        ask(model, Deadline.after(ENOUGH))
    assert 0.3 <= script.times[1] - script.times[0] < 2


# ---------------------------------------------------------------- faults that stay

FATAL: dict[str, tuple[Step, type[ModelError], str]] = {
    "401": (refuses(401, "no"), SettingsError, "answered 401: no; the key is missing or wrong: set OPENAI_API_KEY"),
    "403": (refuses(403, "no"), SettingsError, "the key may not use 'tiny'"),
    "404": (refuses(404, "no such model"), SettingsError, "no such model; check the model name 'tiny'"),
    "404 in HTML": (sends(b"<html>nothing here</html>", status=404), SettingsError, "answered 404; check the model"),
    "402": (refuses(402, "pay first"), SettingsError, "the account has to be paid for"),
    "no money left": (refuses(429, "You exceeded your current quota, see billing."), SettingsError, "quota or billing"),
    "400": (refuses(400, "a bad request"), SettingsError, "does not take this request for 'tiny'"),
    "filter of the question": (
        refuses(400, "The response was filtered: content management policy."),
        AnswerError,
        "filter",
    ),
    "not JSON": (sends(b"Welcome to our home page"), AnswerError, "something that is not JSON"),
    "HTML": (sends(b"<html>Welcome</html>", content_type="text/html"), AnswerError, "something that is not JSON"),
    "another envelope": (sends(b'{"result": "text"}'), AnswerError, "holds no choices"),
    "a list": (sends(b"[1, 2]"), AnswerError, "another form than a chat completion"),
    "an error in a 200": (sends(b'{"error": {"message": "no"}}'), AnswerError, "an error instead of an answer"),
    "empty": (sends(b""), AnswerError, "an empty answer"),
    "null content": (says(None), AnswerError, "holds no text"),
    "blank content": (says(" \n "), AnswerError, "holds no text"),
    "tool calls": (says(None, finish="tool_calls", tool_calls=[]), AnswerError, "holds no text"),
    "no choices": (sends(json.dumps(completion("x") | {"choices": []}).encode()), AnswerError, "holds no choices"),
    "odd choices": (sends(b'{"choices": [null]}'), AnswerError, "holds no choices"),
    "refusal": (says(None, refusal="I cannot help with that."), AnswerError, "the model refused to answer"),
    "filter of the answer": (says("Dear", finish="content_filter"), AnswerError, "a content filter stopped the answer"),
    "cut before the first word": (
        says("", finish="length"),
        AnswerError,
        "limit of tokens was reached before any text",
    ),
    "bytes": (sends(bytes(range(128, 256)) * 8), AnswerError, "something that is not JSON"),
    "broken compression": (broken_gzip, AnswerError, "whose compression is broken"),
    "500 kB": (says("x" * 500_000), AnswerError, "the answer is 500,000 characters long"),
    "5 MB": (sends(b" " * 5_000_000), AnswerError, "longer than 2,000,000 bytes"),
    "deeply nested": (sends(b"[" * 200_000), AnswerError, "something that is not JSON"),
}


@every_way
@pytest.mark.parametrize(("step", "kind", "message"), FATAL.values(), ids=FATAL)
def test_a_fault_that_stays_is_a_typed_error_at_once(
    faults: FaultServer, step: Step, kind: type[ModelError], message: str, ask: Way
):
    """One request, no waiting, and an error whose type says who can mend it."""
    script = faults.script(step)
    with OpenAIModel("tiny", base_url=script.url) as model, pytest.raises(ModelError, match=message) as caught:
        ask(model, Deadline.after(ENOUGH))
    assert type(caught.value) is kind
    assert caught.value.usage is not None
    assert (caught.value.usage.calls, caught.value.usage.retries, len(script.requests)) == (1, 0, 1)


@every_way
@pytest.mark.parametrize(
    "step", [says(None), says(None, refusal="no"), says("x" * 500_000)], ids=["null", "refusal", "long"]
)
def test_a_useless_answer_is_paid_for(faults: FaultServer, step: Step, ask: Way):
    """The tokens of an answer that cannot be used are in the error's usage."""
    script = faults.script(step)
    with OpenAIModel("tiny", base_url=script.url) as model, pytest.raises(AnswerError) as caught:
        ask(model, Deadline.after(ENOUGH))
    assert caught.value.usage is not None
    assert (caught.value.usage.prompt_tokens, caught.value.usage.completion_tokens) == (100, 20)


STUBBORN: dict[str, tuple[Step, str]] = {
    "500": (refuses(500, "oops", retry_after="0"), "answered 500: oops"),
    "HTML 502": (sends(b"<html>Bad Gateway</html>", status=502, retry_after="0"), "answered 502$"),
    "429": (refuses(429, "slow down", retry_after="0"), "answered 429: slow down"),
    "body cut off": (cut_off, "the connection to .* failed"),
    "connection reset": (reset, "the connection to .* failed"),
}


@every_way
@pytest.mark.parametrize(("step", "message"), STUBBORN.values(), ids=STUBBORN)
def test_trying_again_has_an_end(faults: FaultServer, step: Step, message: str, ask: Way):
    """A fault that does not pass is given up after the set number of attempts."""
    script = faults.script(step)
    with (
        OpenAIModel("tiny", base_url=script.url, attempts=2) as model,
        pytest.raises(ModelError, match=message) as caught,
    ):
        ask(model, Deadline.after(ENOUGH))
    assert type(caught.value) is ModelError
    assert caught.value.usage is not None
    assert (caught.value.usage.retries, len(script.requests)) == (1, 2)


@every_way
def test_nobody_listens_at_all(ask: Way):
    """A server that is not running is named."""
    failed = pytest.raises(ModelError, match=r"the connection to http://127\.0\.0\.1:9/v1 failed")
    with OpenAIModel("tiny", base_url="http://127.0.0.1:9/v1", attempts=2) as model, failed:
        ask(model, Deadline.after(ENOUGH))


# ---------------------------------------------------------------- faults that take time

SLOW: dict[str, Step] = {
    "hangs": hang,
    "drips its body": drips(),
    "drips its headers": drips(headers=True, body=False),
    "asks for an hour": refuses(429, "come back later", retry_after="3600"),
}


@every_way
@pytest.mark.parametrize("step", SLOW.values(), ids=SLOW)
def test_nobody_waits_past_the_deadline(faults: FaultServer, step: Step, ask: Way):
    """However slowly an endpoint answers, the caller is free when time is over."""
    script = faults.script(step)
    with OpenAIModel("tiny", base_url=script.url) as model:
        started = time.monotonic()
        with pytest.raises(ModelError) as caught:
            ask(model, Deadline.after(LATE))
        took = time.monotonic() - started
    assert took < LATE + SLACK
    assert isinstance(caught.value, DeadlineError) or "429" in str(caught.value)
    assert caught.value.usage is not None
    assert caught.value.usage.calls == 1


@every_way
def test_time_that_is_over_is_not_spent(faults: FaultServer, ask: Way):
    """After the deadline no request is made."""
    script = faults.script(fine())
    with OpenAIModel("tiny", base_url=script.url) as model, pytest.raises(DeadlineError):
        ask(model, Deadline.after(0))
    assert script.requests == []


def test_a_call_left_behind_ends_by_itself(faults: FaultServer):
    """The thread of a synchronous call that came too late closes its connection soon after."""
    script = faults.script(drips())
    with OpenAIModel("tiny", base_url=script.url) as model, pytest.raises(DeadlineError):
        model.complete(CALL, deadline=Deadline.after(0.2))
    end = time.monotonic() + 2
    while time.monotonic() < end and any(t.name == "replykit-call" for t in threading.enumerate()):
        time.sleep(0.02)
    assert [t.name for t in threading.enumerate() if t.name == "replykit-call"] == []


def test_cancelling_hangs_up(faults: FaultServer):
    """A cancelled call leaves no task and no open connection behind."""
    asked, gone = threading.Event(), threading.Event()

    def waits(handler: Any, _body: dict[str, Any]) -> None:
        asked.set()
        handler.connection.settimeout(5)
        if handler.connection.recv(1) == b"":
            gone.set()

    script = faults.script(waits)
    model = OpenAIModel("tiny", base_url=script.url)

    async def cancelled() -> int:
        task = asyncio.create_task(model.acomplete(CALL, deadline=Deadline.after(ENOUGH)))
        await asyncio.to_thread(asked.wait, 5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        return len(asyncio.all_tasks())

    assert asyncio.run(cancelled()) == 1
    assert gone.wait(2)


def test_a_synchronous_call_works_inside_a_running_loop(faults: FaultServer):
    """`complete` needs no loop of its own, so that it can be called in a notebook."""
    script = faults.script(fine())

    async def cell() -> Answer:
        with OpenAIModel("tiny", base_url=script.url) as model:
            return model.complete(CALL)

    assert json.loads(asyncio.run(cell()).text) == GOOD


# ---------------------------------------------------------------- answers in part


@every_way
def test_an_answer_cut_by_its_length_keeps_what_is_complete(faults: FaultServer, ask: Way):
    """The answer says that it was cut, and its complete fields can be read."""
    script = faults.script(says('{"opening": "All is well.", "closing": "All is w', finish="length"))
    with OpenAIModel("tiny", base_url=script.url) as model:
        answer = ask(model, Deadline.after(ENOUGH))
    assert (answer.finish, object_of(answer.text)) == ("length", {"opening": "All is well."})


@every_way
@pytest.mark.parametrize("text", ["Sure, I can help!", '{"other": 1}', "[]", "null"])
def test_an_answer_of_another_schema_is_handed_on(faults: FaultServer, text: str, ask: Way):
    """What a text says is not the transport's business: it is an answer, and whoever asked looks at it."""
    script = faults.script(says(text))
    with OpenAIModel("tiny", base_url=script.url) as model:
        assert ask(model, Deadline.after(ENOUGH)).text == text


# ---------------------------------------------------------------- streams

streams = pytest.mark.parametrize("ask", [by_stream, by_astream], ids=["stream", "astream"])


@streams
def test_a_stream_is_the_same_answer(faults: FaultServer, ask: Way):
    """Pieces and whole agree, and usage is reported at the end."""
    script = faults.script(fine())
    with OpenAIModel("tiny", base_url=script.url) as model:
        answer = ask(model, Deadline.after(ENOUGH))
    assert (json.loads(answer.text), answer.finish, answer.model) == (GOOD, "stop", "tiny-1")
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.calls) == (100, 20, 1)
    assert script.requests[0]["stream_options"] == {"include_usage": True}


def test_pieces_arrive_before_the_whole(faults: FaultServer):
    """The first piece is there long before the last."""
    script = faults.script(stream_of(json.dumps(GOOD), pause=0.05))
    with OpenAIModel("tiny", base_url=script.url) as model:
        times = [time.monotonic() for _ in model.stream(CALL)]
    assert times[-1] - times[0] > 0.3


@streams
def test_a_stream_that_breaks_off_is_an_error(faults: FaultServer, ask: Way):
    """Half a stream is never taken for a whole one, and not asked for again once pieces were shown."""
    script = faults.script(stream_of(json.dumps(GOOD), keep=3))
    with OpenAIModel("tiny", base_url=script.url) as model, pytest.raises(AnswerError, match="broke off"):
        ask(model, Deadline.after(ENOUGH))
    assert len(script.requests) == 1


@streams
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'data: {"error": {"message": "overloaded"}}\n\n', "an error in the middle"),
        (b"data: not json\n\n", "not JSON"),
        (b"data: [DONE]\n\n", "holds no text"),
        (b": only a comment\n\n", "not JSON"),
    ],
)
def test_a_stream_of_nonsense_is_an_error(faults: FaultServer, content: bytes, message: str, ask: Way):
    """Errors inside a stream, and streams without an answer, are typed errors."""
    script = faults.script(sends(content, content_type="text/event-stream"))
    with OpenAIModel("tiny", base_url=script.url) as model, pytest.raises(AnswerError, match=message):
        ask(model, Deadline.after(ENOUGH))


@streams
def test_a_stream_that_slows_down_ends_at_the_deadline(faults: FaultServer, ask: Way):
    """Pieces that keep coming do not move the deadline."""
    script = faults.script(stream_of(json.dumps({"opening": "x" * 200}), pause=0.1))
    with OpenAIModel("tiny", base_url=script.url) as model:
        started = time.monotonic()
        with pytest.raises(DeadlineError):
            ask(model, Deadline.after(LATE))
    assert time.monotonic() - started < LATE + SLACK


@streams
def test_an_endpoint_that_cannot_stream_answers_in_one_piece(faults: FaultServer, ask: Way):
    """A whole answer instead of a stream is taken as it is; a refused option is left out the next time."""
    script = faults.script(
        picky((lambda body: "stream_options" in body, "unknown field stream_options"), then=says(json.dumps(GOOD)))
    )
    with OpenAIModel("tiny", base_url=script.url) as model:
        assert json.loads(ask(model, Deadline.after(ENOUGH)).text) == GOOD
    assert len(script.requests) == 2


def test_a_stream_left_early_hangs_up(faults: FaultServer):
    """Whoever stops reading is not read for."""
    script = faults.script(stream_of(json.dumps({"opening": "x" * 400}), pause=0.02))
    with OpenAIModel("tiny", base_url=script.url) as model:
        stream = model.stream(CALL)
        next(stream)
        stream.close()  # type: ignore[attr-defined]  # it is a generator
        end = time.monotonic() + 2
        while time.monotonic() < end and any(t.name == "replykit-call" for t in threading.enumerate()):
            time.sleep(0.02)
        assert [t.name for t in threading.enumerate() if t.name == "replykit-call"] == []
