"""Spans and log records: one for each stage and question, in the right place, without a customer's words."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest

from replykit import Complaint, InputError, ModelError, ReplyKit, SettingsError
from replykit.telemetry import Logged, OpenTelemetry
from replykit.testing import FailingModel, ObedientModel
from replykit.types import Answer, Call, Usage

sdk = pytest.importorskip("opentelemetry.sdk.trace", reason="needs opentelemetry-sdk")
memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter", reason="needs opentelemetry-sdk")
export = pytest.importorskip("opentelemetry.sdk.trace.export", reason="needs opentelemetry-sdk")

COMPLAINT = Complaint(
    text="The violet teapot arrived cracked, and nobody answers my emails. Card 4111 1111 1111 1111.",
    customer={"name": "Wilhelmina Quist"},
)
PRIVATE = ("teapot", "violet", "Wilhelmina", "Quist", "4111 1111")
SAYS = "Thank you for telling us about the teapot."


class Counted(ObedientModel):
    """Says the same for everything, and what it cost."""

    def complete(self, call: Call, *, deadline: Any = None) -> Answer:
        """The answer with tokens."""
        answer = super().complete(call, deadline=deadline)
        usage = Usage(prompt_tokens=70, cached_tokens=50, completion_tokens=9, calls=1)
        return answer.model_copy(update={"usage": usage, "model": "tiny-2"})


class Spans:
    """A tracer whose spans can be looked at."""

    def __init__(self) -> None:
        self._kept = memory.InMemorySpanExporter()
        self.provider = sdk.TracerProvider()
        self.provider.add_span_processor(export.SimpleSpanProcessor(self._kept))
        self.tracer = self.provider.get_tracer("test")

    @property
    def all(self) -> list[Any]:
        """Every span that has ended, in the order in which they began."""
        return sorted(self._kept.get_finished_spans(), key=lambda span: span.start_time)

    def tree(self) -> dict[str, set[str]]:
        """The names of the spans, each with the names of those in it."""
        names = {span.context.span_id: span.name for span in self.all}
        found: dict[str, set[str]] = {}
        for span in self.all:
            found.setdefault(names[span.parent.span_id] if span.parent else "", set()).add(span.name)
        return found

    def told(self) -> str:
        """Everything that is written on the spans."""
        return json.dumps([json.loads(span.to_json()) for span in self.all], ensure_ascii=False)


@pytest.fixture
def spans() -> Spans:
    return Spans()


def traced(spans: Spans, model: Any = None, **options: Any) -> ReplyKit:
    return ReplyKit(model, telemetry=OpenTelemetry(tracer=spans.tracer, **options))


# ---------------------------------------------------------------- spans


def test_an_offline_draft_has_a_span_for_each_stage(spans: Spans):
    """Reading, planning, writing and checking lie in the span of the draft, which says how it came out."""
    draft = traced(spans).draft(COMPLAINT)
    stages = {"replykit.classify", "replykit.plan", "replykit.write", "replykit.check"}
    assert spans.tree() == {"": {"replykit.draft"}, "replykit.draft": stages}
    facts = dict(spans.all[0].attributes)
    assert facts["replykit.status"] == draft.status
    assert list(facts["replykit.moves"]) == [move.strategy for move in draft.moves]


def test_questions_to_a_model_follow_the_conventions(spans: Spans):
    """A question is a client span `chat MODEL` in the stage that asked, with model, tokens and the reason it ended."""
    traced(spans, Counted(SAYS, name="tiny-1")).draft(COMPLAINT)
    assert "chat tiny-1" in spans.tree()["replykit.write"]
    chat = next(s for s in spans.all if s.name == "chat tiny-1" and s.attributes["replykit.purpose"] == "draft")
    assert (chat.kind.name, chat.status.status_code.name) == ("CLIENT", "UNSET")
    facts = {key: list(value) if isinstance(value, tuple) else value for key, value in chat.attributes.items()}
    assert facts.pop("gen_ai.request.max_tokens") > 0
    assert facts == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "tiny-1",
        "gen_ai.response.model": "tiny-2",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.output.type": "json",
        "gen_ai.usage.input_tokens": 70,
        "gen_ai.usage.cache_read.input_tokens": 50,
        "gen_ai.usage.output_tokens": 9,
        "replykit.purpose": "draft",
        "replykit.retries": 0,
    }


def test_no_words_are_recorded_unless_asked_for(spans: Spans):
    """By default nothing that a customer or a model wrote is in any span."""
    traced(spans, Counted(SAYS)).draft(COMPLAINT)
    assert [word for word in PRIVATE if word in spans.told()] == []


def test_words_that_are_asked_for_are_masked(spans: Spans):
    """With content, the messages are there as the model saw them: without the card number."""
    traced(spans, Counted(SAYS), content=True).draft(COMPLAINT)
    told = spans.told()
    assert ("teapot" in told, "4111 1111" in told) == (True, False)
    chat = next(span for span in spans.all if span.name.startswith("chat"))
    [message] = json.loads(chat.attributes["gen_ai.input.messages"])
    assert (message["role"], [part["type"] for part in message["parts"]]) == ("user", ["text"])
    [answer] = json.loads(chat.attributes["gen_ai.output.messages"])
    assert (answer["role"], answer["parts"][0]["type"]) == ("assistant", "text")
    assert json.loads(chat.attributes["gen_ai.system_instructions"])[0]["type"] == "text"


def test_a_failing_model_spoils_its_question_not_the_draft(spans: Spans):
    """The question has the kind of the error and no words of it; the draft, written offline, ends well."""
    traced(spans, FailingModel(ModelError("refused: violet teapot"))).draft(COMPLAINT)
    chats = [span for span in spans.all if span.name.startswith("chat")]
    assert {(span.status.status_code.name, span.attributes["error.type"]) for span in chats} == {
        ("ERROR", "ModelError")
    }
    assert spans.all[0].status.status_code.name == "UNSET"
    assert [word for word in PRIVATE if word in spans.told()] == []


def test_an_error_ends_every_span(spans: Spans):
    """What only the caller can mend ends the draft: every span that was open is closed, as an error."""
    with pytest.raises(SettingsError):
        traced(spans, FailingModel(SettingsError("wrong key"))).draft(COMPLAINT)
    draft = spans.all[0]
    assert (draft.name, draft.status.status_code.name, draft.attributes["error.type"]) == (
        "replykit.draft",
        "ERROR",
        "SettingsError",
    )
    assert all(span.end_time for span in spans.all)


def test_drafts_that_take_turns_keep_their_spans_apart(spans: Spans):
    """Flows that are driven in turns in one thread each have a trace of their own, below the caller's span."""
    kit = traced(spans, Counted(SAYS))
    with spans.tracer.start_as_current_span("the caller"):
        waiting = [(flow, next(flow)) for flow in (kit.flow(COMPLAINT), kit.flow(COMPLAINT))]
        while waiting:
            flow, call = waiting.pop(0)
            following = _step(flow, kit.model, call)
            waiting += [(flow, following)] if following else []
    drafts = [span for span in spans.all if span.name == "replykit.draft"]
    assert len(drafts) == 2
    assert {span.parent.span_id for span in drafts} == {s.context.span_id for s in spans.all if s.name == "the caller"}
    stages = [span for span in spans.all if span.name == "replykit.plan"]
    assert {span.parent.span_id for span in stages} == {span.context.span_id for span in drafts}


def _step(flow: Any, model: Any, call: Call) -> Call | None:
    try:
        return flow.send(model.complete(call))
    except StopIteration:
        return None


def test_a_draft_that_nobody_waits_for_ends_its_spans(spans: Spans):
    """A flow that is thrown away half-way leaves no span open."""
    flow = traced(spans, Counted(SAYS)).flow(COMPLAINT)
    next(flow)
    flow.close()
    assert {span.name for span in spans.all} >= {"replykit.draft", "replykit.classify"}


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    """Where OpenTelemetry is missing, one sentence says how to get it."""
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(InputError, match=r"pip install 'replykit\[otel\]'"):
        OpenTelemetry()


# ---------------------------------------------------------------- the log


def test_a_draft_leaves_one_record_without_words(caplog: pytest.LogCaptureFixture):
    """The log has one structured record for a draft: labels, counts and times, nothing that anybody wrote."""
    with caplog.at_level(logging.INFO, logger="replykit"):
        draft = ReplyKit(Counted(SAYS, name="tiny-1")).draft(COMPLAINT)
    [record] = [record for record in caplog.records if record.name == "replykit"]
    told = json.dumps([record.getMessage(), record.replykit])
    assert [word for word in PRIVATE if word in told] == []
    assert record.replykit["moves"] == [move.strategy for move in draft.moves]
    assert (record.replykit["event"], record.replykit["model"], record.replykit["calls"]) == (
        "draft",
        "tiny-1",
        draft.usage.calls,
    )
    assert {"classify", "plan", "write", "check"} <= set(record.replykit["stages"])


def test_a_draft_that_fails_is_a_warning(caplog: pytest.LogCaptureFixture):
    """Without a draft there is a warning with the kind of the error, and not its words."""
    with pytest.raises(SettingsError):
        ReplyKit(FailingModel(SettingsError("violet teapot"))).draft(COMPLAINT)
    [record] = [record for record in caplog.records if record.name == "replykit"]
    assert (record.levelname, record.getMessage()) == ("WARNING", "no draft: SettingsError")
    assert "teapot" not in json.dumps(record.replykit)


def test_a_logger_of_ones_own_is_used(caplog: pytest.LogCaptureFixture):
    """Logged writes to the logger that it is given."""
    with caplog.at_level(logging.INFO, logger="ours"):
        ReplyKit(telemetry=Logged(logging.getLogger("ours"))).draft(COMPLAINT)
    assert [record.name for record in caplog.records] == ["ours"]
