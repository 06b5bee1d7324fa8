"""What is sent to an endpoint: structured output, the ladder down from it, reasoning models, Azure, keys."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from fault_server import FaultServer, fine, picky, refuses, says

from replykit.errors import AnswerError, LibraryError, SettingsError
from replykit.library import Library
from replykit.model import OpenAIModel, PricedModel, StreamingModel
from replykit.model.dialect import Dialect
from replykit.model.prices import price_of
from replykit.types import Answer, Call, Message, Usage

SCHEMA = {
    "type": "object",
    "properties": {"opening": {"type": "string"}, "closing": {"type": "string"}},
    "required": ["opening", "closing"],
    "additionalProperties": False,
}
CALL = Call(
    purpose="draft",
    messages=(Message(role="system", content="You are kind."), Message(role="user", content="My kettle broke.")),
    schema=SCHEMA,
    max_tokens=300,
)
KEY = "sk-proj-very-secret-0123456789"
GOOD = {"opening": "All is well.", "closing": "All is well."}


def model_at(url: str, name: str = "tiny", **options: Any) -> OpenAIModel:
    return OpenAIModel(name, base_url=url, api_key=KEY, **options)


def test_a_request_holds_the_messages_and_the_schema(faults: FaultServer):
    """The first request asks for JSON after the schema, and nothing that is not needed is sent."""
    script = faults.script(fine())
    with model_at(script.url, extra={"seed": 7}) as model:
        answer = model.complete(CALL)
    assert json.loads(answer.text) == GOOD
    assert script.requests == [
        {
            "model": "tiny",
            "messages": [
                {"role": "system", "content": "You are kind."},
                {"role": "user", "content": "My kettle broke."},
            ],
            "max_tokens": 300,
            "temperature": 0.3,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "draft", "strict": True, "schema": SCHEMA},
            },
            "seed": 7,
        }
    ]
    assert script.headers[0]["authorization"] == f"Bearer {KEY}"


def test_usage_is_what_the_endpoint_reports(faults: FaultServer):
    """Tokens, the cached ones apart, the call and its seconds; the cost where a price is known."""
    script = faults.script(fine())
    with model_at(script.url, "gpt-4o-mini") as model:
        usage = model.complete(CALL).usage
    assert usage.model_copy(update={"seconds": 0.0}) == Usage(
        prompt_tokens=100, cached_tokens=60, completion_tokens=20, calls=1, cost=usage.cost
    )
    assert usage.cost == pytest.approx((40 * 0.15 + 60 * 0.075 + 20 * 0.60) / 1e6)
    assert 0 < usage.seconds < 5


def no_schema(body: dict[str, Any]) -> bool:
    return body.get("response_format", {}).get("type") == "json_schema"


def no_format(body: dict[str, Any]) -> bool:
    return "response_format" in body


@pytest.mark.parametrize(
    ("refusals", "kinds"),
    [
        ([(no_schema, "response_format type 'json_schema' is not supported")], ["json_schema", "json_object"]),
        ([(no_format, "Unknown field: response_format")], ["json_schema", "json_object", None]),
    ],
)
def test_structured_output_goes_down_the_ladder_and_remembers(
    faults: FaultServer, refusals: list[tuple[Callable[[dict[str, Any]], bool], str]], kinds: list[str | None]
):
    """A refused form is followed by the next weaker one, with the schema in the prompt, and is not tried again."""
    script = faults.script(picky(*refusals))
    with model_at(script.url) as model:
        answers = [model.complete(CALL), model.complete(CALL)]
    tried = [body.get("response_format", {}).get("type") for body in script.requests]
    assert tried == [*kinds, kinds[-1]]
    assert [json.loads(a.text) for a in answers] == [GOOD, GOOD]
    assert [a.usage.retries for a in answers] == [len(kinds) - 1, 0]
    system = script.requests[-1]["messages"][0]["content"]
    assert system.startswith("You are kind.\n\nAnswer with one JSON object")
    assert json.loads(system.splitlines()[-1]) == SCHEMA


def test_what_one_model_learned_is_not_known_to_another(faults: FaultServer):
    """Two models never meet, even at the same endpoint."""
    script = faults.script(picky((no_schema, "no json_schema here")))
    for _ in range(2):
        with model_at(script.url) as model:
            model.complete(CALL)
    assert len(script.requests) == 4


def test_reasoning_models_are_asked_in_their_own_words(faults: FaultServer):
    """By their name: no temperature, the other limit with room for thoughts, little effort."""
    script = faults.script(fine())
    with model_at(script.url, "gpt-5-mini") as model:
        model.complete(CALL)
    sent = {k: v for k, v in script.requests[0].items() if k not in {"messages", "response_format"}}
    assert sent == {"model": "gpt-5-mini", "max_completion_tokens": 4300, "reasoning_effort": "low"}


def test_a_deployment_with_another_name_is_found_out(faults: FaultServer):
    """A model whose name says nothing is known as one that thinks by what it refuses."""
    script = faults.script(
        picky(
            (lambda b: "max_tokens" in b, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
            (lambda b: "temperature" in b, "Unsupported value: 'temperature' does not support 0.3 with this model."),
            (lambda b: "reasoning_effort" in b, "Unrecognized request argument supplied: reasoning_effort"),
        )
    )
    with model_at(script.url, "our-deployment") as model:
        model.complete(CALL)
        model.complete(CALL)
    sent = [sorted(set(body) - {"messages", "response_format", "model"}) for body in script.requests]
    assert sent == [
        ["max_tokens", "temperature"],
        ["max_completion_tokens", "reasoning_effort"],
        ["max_completion_tokens"],
        ["max_completion_tokens"],
    ]


def test_an_endpoint_without_system_messages_is_asked_without(faults: FaultServer):
    """The system message is put in front of the customer's where a chat template knows no such role."""
    has_system = lambda body: body["messages"][0]["role"] == "system"  # noqa: E731  # reads like the words it stands for
    script = faults.script(
        picky((has_system, "Jinja Exception: System role not supported"), then=says(json.dumps(GOOD)))
    )
    with model_at(script.url) as model:
        model.complete(CALL)
    assert script.requests[-1]["messages"] == [{"role": "user", "content": "You are kind.\n\nMy kettle broke."}]


def test_an_endpoint_that_refuses_everything_is_a_setting(faults: FaultServer):
    """The ladder has an end: the caller is told what the endpoint said, and what to look at."""
    script = faults.script(refuses(400, "response_format, max_tokens, temperature: all wrong"))
    with (
        model_at(script.url) as model,
        pytest.raises(SettingsError, match="all wrong; the endpoint does not take") as caught,
    ):
        model.complete(CALL)
    assert caught.value.usage is not None
    assert len(script.requests) == caught.value.usage.retries + 1 <= 8


@pytest.mark.parametrize(
    "message", ["This model's maximum context length is 4096 tokens.", "the request exceeds the available context size"]
)
def test_a_question_that_is_too_long_is_not_a_setting(faults: FaultServer, message: str):
    """One complaint that is too long must not stop all others, nor teach the model anything."""
    script = faults.script(refuses(400, message + " max_tokens"))
    with model_at(script.url) as model, pytest.raises(AnswerError, match="the question is too long for tiny"):
        model.complete(CALL)
    assert len(script.requests) == 1


def test_azure_deployments_have_a_path_of_their_own(faults: FaultServer):
    """With an API version the older paths of Azure are used, sync and async, with its own header for the key."""
    script = faults.script(fine())
    root = script.url.removesuffix("/v1")
    with OpenAIModel("our-gpt", base_url=root, api_key=KEY, api_version="2024-10-21") as model:
        model.complete(CALL)
        asyncio.run(model.acomplete(CALL))
    path = f"/{root.rsplit('/', 1)[1]}/openai/deployments/our-gpt/chat/completions?api-version=2024-10-21"
    assert script.paths == [path, path]
    assert [headers["api-key"] for headers in script.headers] == [KEY, KEY]


def test_a_server_of_ones_own_needs_no_key(faults: FaultServer):
    """A base URL without a key is fine; neither of them is refused with the remedy."""
    script = faults.script(fine())
    with OpenAIModel("tiny", base_url=script.url) as model:
        assert json.loads(model.complete(CALL).text) == GOOD
    with pytest.raises(SettingsError, match="set OPENAI_API_KEY or pass api_key="):
        OpenAIModel("gpt-5-mini")


def test_settings_come_from_the_environment(faults: FaultServer, monkeypatch: pytest.MonkeyPatch):
    """Key and base URL are read where no argument says otherwise."""
    script = faults.script(fine())
    monkeypatch.setenv("OPENAI_BASE_URL", script.url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with OpenAIModel("tiny") as model:
        model.complete(CALL)
    assert script.headers[0]["authorization"] == f"Bearer {KEY}"


def everything_shown(error: BaseException) -> str:
    """All that a log, a traceback with local variables or a curious person could see of an error."""
    chain, seen = [error], []
    while chain:
        current = chain.pop()
        seen.append(current)
        chain += [e for e in (current.__cause__, current.__context__) if e is not None and e not in seen]
    traces = [traceback.TracebackException.from_exception(e, capture_locals=True) for e in seen]
    return "".join(line for trace in traces for line in trace.format()) + repr(seen) + "".join(map(str, seen))


@pytest.mark.parametrize("how", ["complete", "acomplete", "stream"])
@pytest.mark.parametrize(
    "step",
    [
        refuses(401, f"Incorrect API key provided: {KEY}. Find yours in your account."),
        refuses(500, f"no such header: Bearer {KEY}"),
        refuses(400, f"what is {KEY}?"),
    ],
    ids=["401", "500", "400"],
)
def test_the_key_is_never_shown(faults: FaultServer, step: Any, how: str, caplog: pytest.LogCaptureFixture):
    """Neither in an error, its chain, its tracebacks and their local variables, nor in a repr or a log."""
    caplog.set_level("DEBUG")
    script = faults.script(step)
    model = model_at(script.url.replace("http://", "http://user:hunter2@"), attempts=1)
    ask: dict[str, Callable[[], object]] = {
        "complete": lambda: model.complete(CALL),
        "acomplete": lambda: asyncio.run(model.acomplete(CALL)),
        "stream": lambda: list(model.stream(CALL)),
    }
    with model, pytest.raises(Exception, match="answered") as caught:
        ask[how]()
    shown = everything_shown(caught.value) + repr(model) + repr(vars(model)) + caplog.text
    assert KEY not in shown
    assert "hunter2" not in repr(model) + str(caught.value)


@pytest.mark.parametrize("key", ["two\nlines-0123456789", "sk-ключ-0123456789", "tab\there-0123456789"])
def test_a_key_that_cannot_be_sent_is_a_setting(key: str):
    """A key that no header can hold is refused at once, without being shown."""
    with pytest.raises(SettingsError, match="cannot be sent; copy it again") as caught:
        OpenAIModel("tiny", api_key=key)
    assert "0123456789" not in str(caught.value)


def test_a_key_with_the_line_break_of_its_file_is_fine(faults: FaultServer):
    """What a file puts around a key is taken off."""
    script = faults.script(fine())
    with OpenAIModel("tiny", base_url=script.url, api_key=f"{KEY}\n") as model:
        model.complete(CALL)
    assert script.headers[0]["authorization"] == f"Bearer {KEY}"


def test_a_base_url_without_a_scheme_is_a_setting():
    """The message shows what one looks like, sync and async."""
    with OpenAIModel("tiny", base_url="localhost:8000/v1") as model:
        with pytest.raises(SettingsError, match="it begins with http:// or https://"):
            model.complete(CALL)
        with pytest.raises(SettingsError, match="it begins with http:// or https://"):
            asyncio.run(model.acomplete(CALL))


def test_one_model_serves_many_event_loops(faults: FaultServer):
    """`asyncio.run` may be called again and again, and each time connections end with the loop."""
    script = faults.script(fine())
    model = model_at(script.url)
    answers = [asyncio.run(model.acomplete(CALL)).text for _ in range(3)]
    assert [json.loads(text) for text in answers] == [GOOD] * 3


def test_connections_are_shared(faults: FaultServer):
    """Many calls of one model go over few connections."""
    ports = set()
    step = fine()

    def noting(handler: Any, body: dict[str, Any]) -> None:
        ports.add(handler.client_address[1])
        step(handler, body)

    script = faults.script(noting)
    with model_at(script.url) as model:
        for _ in range(5):
            model.complete(CALL)
    assert len(ports) == 1


def test_the_protocols_hold():
    """An `OpenAIModel` can stream and can say beforehand what a call may cost."""
    model = OpenAIModel("gpt-4o-mini", base_url="http://127.0.0.1:9/v1")
    assert isinstance(model, StreamingModel)
    assert isinstance(model, PricedModel)
    most = model.estimate(CALL)
    assert most.completion_tokens == 300
    assert most.prompt_tokens > 30
    assert most.cost == pytest.approx((most.prompt_tokens * 0.15 + 300 * 0.60) / 1e6)
    assert OpenAIModel("who-knows", base_url="http://127.0.0.1:9/v1").estimate(CALL).cost is None
    assert repr(model) == "OpenAIModel('gpt-4o-mini', base_url='http://127.0.0.1:9/v1')"


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("gpt-5-mini", True),
        ("gpt-5-mini-2025-08-07", True),
        ("openai/gpt-4.1", True),
        ("gpt-5-pro", False),
        ("gpt-5-mini-huge", False),
        ("llama-3", False),
    ],
)
def test_a_price_is_found_by_the_models_name(name: str, known: bool):
    """A date behind the name and a provider in front do not matter; a similar name is another model."""
    assert (price_of(name, Library.load()) is not None) is known


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("models: 3", "models: is missing; list the models under it"),
        ("models: {m: {input: 1}}", r"models\.m: needs input and output"),
        ("models: {m: {input: cheap, output: 2}}", r"models\.m: input, cached and output must be numbers"),
    ],
)
def test_a_broken_table_of_prices_is_refused(tmp_path: Any, text: str, message: str):
    """The message names the file, the key and the remedy."""
    (tmp_path / "prices.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError, match=message) as caught:
        price_of("m", Library((tmp_path, *Library.load()._folders)))
    assert caught.value.file.endswith("prices.yaml")


def test_every_lesson_comes_to_an_end():
    """Whatever an endpoint refuses, learning from it stops."""
    dialect: Dialect | None = Dialect.of("tiny")
    said = "max_tokens max_completion_tokens temperature reasoning_effort stream_options response_format system role"
    seen = []
    while dialect is not None and len(seen) < 30:
        seen.append(dialect)
        dialect = dialect.learn(said)
    assert len(seen) < 12
    assert seen[-1] == Dialect(
        structure="text",
        limit="",
        reasoning=True,
        refused=frozenset(
            {"max_tokens", "max_completion_tokens", "temperature", "reasoning_effort", "stream_options", "system"}
        ),
    )


def test_thoughts_are_taken_off_an_answer(faults: FaultServer):
    """What a local model thinks aloud before it answers is not a part of the answer."""
    script = faults.script(says('<think>Hm. {"opening": "no"}</think>\n{"opening": "yes"}'))
    with model_at(script.url) as model:
        assert model.complete(CALL).text == '{"opening": "yes"}'


def test_an_answer_in_parts_is_put_together(faults: FaultServer):
    """Some endpoints send the content as a list of parts."""
    script = faults.script(
        says([{"type": "text", "text": '{"a": '}, {"type": "image"}, {"type": "text", "text": '"x"}'}])
    )
    with model_at(script.url) as model:
        answer = model.complete(CALL)
    assert answer.model_copy(update={"usage": Usage()}) == Answer(text='{"a": "x"}', model="tiny-1", finish="stop")
