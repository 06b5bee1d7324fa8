"""The drivers: questions out, answers in, for one flow and for many, in threads and in event loops."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from replykit.budget import Budget
from replykit.errors import AnswerError, BudgetError, DeadlineError, InputError, ModelError, SettingsError
from replykit.model import Deadline
from replykit.run import aask, apieces, arun, arun_many, ask, pieces, run, run_many
from replykit.testing import FailingModel, ObedientModel, ScriptedModel
from replykit.types import Answer, Call, Flow, Message, Usage

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}
CALL = Call(purpose="draft", messages=(Message(role="user", content="hello"),), schema=SCHEMA)
Driver = Callable[..., Any]


def arun_here(flow: Flow[Any], model: Any, **options: Any) -> Any:
    return asyncio.run(arun(flow, model, **options))


both = pytest.mark.parametrize("drive", [run, arun_here], ids=["sync", "async"])


def asks(times: int) -> Flow[list[str]]:
    """A flow that asks so often, and returns what it was told or what went wrong."""
    told = []
    for _ in range(times):
        try:
            answer = yield CALL
            told.append(answer.text)
        except ModelError as error:
            told.append(f"{type(error).__name__}: {error}")
    return told


@both
def test_answers_reach_the_flow_in_order(drive: Driver):
    """Each question gets the next answer, and the flow's result comes out."""
    assert drive(asks(2), ScriptedModel(["one", "two"])) == ["one", "two"]


@both
def test_a_flow_that_asks_nothing_needs_no_model(drive: Driver):
    """Without questions the model is never looked at."""
    assert drive(asks(0), None) == []


@both
def test_failures_are_thrown_in_where_the_flow_asked(drive: Driver):
    """The flow decides what a failure means, and may ask again."""
    model = ScriptedModel([AnswerError("nonsense"), "better"])
    assert drive(asks(2), model) == ["AnswerError: nonsense", "better"]


@both
def test_the_flow_is_closed_whatever_happens(drive: Driver):
    """A flow that raises, and one that lets a failure through, run their cleaning up."""
    closed = []

    def flow() -> Flow[None]:
        try:
            yield CALL
        finally:
            closed.append(True)

    with pytest.raises(ModelError, match="down"):
        drive(flow(), FailingModel(ModelError("down")))
    assert closed == [True]


@both
def test_foreign_exceptions_become_model_errors(drive: Driver):
    """A model of the adopter's own that raises anything still leaves the flow its fallback."""

    class Broken:
        name = "broken"

        def complete(self, call: Call, *, deadline: Deadline | None = None) -> Answer:
            raise ValueError("no such thing")

        async def acomplete(self, call: Call, *, deadline: Deadline | None = None) -> Answer:
            raise ValueError("no such thing")

    assert drive(asks(1), Broken()) == ["ModelError: Broken failed: ValueError: no such thing"]


@both
def test_half_a_model_is_enough(drive: Driver):
    """An object with only `complete(call)` or only `acomplete(call)`, returning plain text, works in both worlds."""

    class Sync:
        def complete(self, call: Call) -> str:
            return "sync " + call.messages[0].content

    class Async:
        async def acomplete(self, call: Call) -> str:
            await asyncio.sleep(0)
            return "async " + call.messages[0].content

    assert [drive(asks(1), model) for model in (Sync(), Async())] == [["sync hello"], ["async hello"]]


@both
def test_nobody_is_asked_after_the_deadline(drive: Driver):
    """A flow that comes too late is told so, and the model is not troubled."""
    model = ScriptedModel(["late"])
    assert drive(asks(1), model, deadline=Deadline.after(0)) == [
        "DeadlineError: the time allowed for the draft is over"
    ]
    assert model.calls == []


@both
def test_reading_takes_a_third_of_the_time_at_most(drive: Driver):
    """An endpoint that hangs while it is asked to read leaves time to ask for the reply."""
    allowed = []

    class Noting:
        def complete(self, call: Call, *, deadline: Deadline) -> str:
            allowed.append((call.purpose, deadline.left()))
            return "x"

    def flow() -> Flow[None]:
        yield CALL.model_copy(update={"purpose": "classify"})
        yield CALL

    drive(flow(), Noting(), deadline=Deadline.after(30))
    assert [(purpose, round(left)) for purpose, left in allowed] == [("classify", 10), ("draft", 30)]


def test_an_asynchronous_model_that_forgets_the_deadline_is_cut_off():
    """Waiting ends at the deadline even where the model does not keep it itself."""

    class Slow:
        async def acomplete(self, call: Call) -> str:
            await asyncio.sleep(30)
            return "too late"

    told = [drive(asks(1), Slow(), deadline=Deadline.after(0.1)) for drive in (run, arun_here)]
    assert told == [["DeadlineError: the time allowed for the draft is over"]] * 2


@both
def test_what_is_no_answer_is_an_answer_error(drive: Driver):
    """A model that returns something else is named in the error."""

    class Odd:
        def complete(self, call: Call) -> Any:
            return 42

    assert drive(asks(1), Odd()) == ["AnswerError: Odd returned int instead of an Answer"]


def test_a_synchronous_run_works_inside_a_running_loop():
    """`run` needs no loop of its own, so that it can be called where one is running, as in a notebook."""

    async def cell() -> list[str]:
        return run(asks(1), ScriptedModel(["fine"]))

    assert asyncio.run(cell()) == ["fine"]


def test_cancelling_ends_the_question_and_closes_the_flow():
    """Nothing runs on after a cancelled `arun`."""
    events = []

    class Slow:
        async def acomplete(self, call: Call) -> str:
            try:
                await asyncio.sleep(30)
            finally:
                events.append("question ended")
            return ""

    def flow() -> Flow[None]:
        try:
            yield CALL
        finally:
            events.append("flow closed")

    async def cancelled() -> int:
        task = asyncio.create_task(arun(flow(), Slow()))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        return len(asyncio.all_tasks())

    assert asyncio.run(cancelled()) == 1
    assert events == ["question ended", "flow closed"]


# ---------------------------------------------------------------- many


def collect(results: AsyncIterator[Any]) -> list[Any]:
    async def all_of_them() -> list[Any]:
        return [result async for result in results]

    return asyncio.run(all_of_them())


def many(how: str, items: Any, model: Any, start: Callable[[Any], Flow[Any]], **options: Any) -> list[Any]:
    if how == "sync":
        return list(run_many(start, items, model, **options))
    return collect(arun_many(start, items, model, **options))


both_many = pytest.mark.parametrize("how", ["sync", "async"])


def says_its_number(number: int) -> Flow[str]:
    if number == 3:
        raise ValueError("three")
    answer = yield CALL.model_copy(update={"messages": (Message(role="user", content=str(number)),)})
    return answer.text


class Echo:
    """Answers with the question, the later the smaller it is, and counts how many are under way."""

    def __init__(self) -> None:
        self.now, self.most = 0, 0
        self._lock = threading.Lock()

    def _count(self, by: int) -> None:
        with self._lock:
            self.now += by
            self.most = max(self.most, self.now)

    def complete(self, call: Call) -> str:
        self._count(1)
        time.sleep(0.02 if call.messages[0].content == "0" else 0.002)
        self._count(-1)
        return call.messages[0].content

    async def acomplete(self, call: Call) -> str:
        self._count(1)
        await asyncio.sleep(0.02 if call.messages[0].content == "0" else 0.002)
        self._count(-1)
        return call.messages[0].content


@both_many
def test_results_come_in_the_order_of_the_items_with_errors_as_values(how: str):
    """One bad item is its own result, a slow one does not change the order, no more run at a time than allowed."""
    model = Echo()
    results = many(how, range(40), model, says_its_number, concurrency=5)
    assert [str(r) for r in results] == ["three" if n == 3 else str(n) for n in range(40)]
    assert isinstance(results[3], ValueError)
    assert 1 < model.most <= 5


@both_many
def test_without_a_model_items_are_worked_through_one_by_one(how: str):
    """Where nothing is asked nothing is waited for, and endless input is read only as far as needed."""
    results = many(how, (n for n in range(5)), None, lambda _n: asks(0))
    assert results == [[]] * 5


@both_many
def test_each_flow_has_its_own_deadline(how: str):
    """Time is counted from a flow's own start, so that the last of many is not late before it begins."""

    class Slowish:
        def complete(self, call: Call) -> str:
            time.sleep(0.03)
            return "fine"

        async def acomplete(self, call: Call) -> str:
            await asyncio.sleep(0.03)
            return "fine"

    results = many(how, range(8), Slowish(), lambda _n: asks(1), concurrency=1, seconds=0.15)
    assert results == [["fine"]] * 8


def test_endless_input_can_be_left_early():
    """Leaving the loop ends the work: what has not begun is dropped, and no thread is left busy."""
    begun = []

    def numbers() -> Iterator[int]:
        n = 10
        while True:
            n += 1
            yield n

    def start(n: int) -> Flow[str]:
        begun.append(n)
        return says_its_number(n)

    results = run_many(start, numbers(), Echo(), concurrency=3)
    assert [next(results) for _ in range(2)] == ["11", "12"]
    results.close()  # type: ignore[attr-defined]  # it is a generator
    time.sleep(0.05)
    seen = len(begun)
    time.sleep(0.05)
    assert len(begun) == seen < 40


def test_leaving_an_asynchronous_batch_cancels_what_is_under_way():
    """No task outlives the loop over the results."""

    async def first_only() -> int:
        results = arun_many(says_its_number, range(100, 200), Echo(), concurrency=4)
        async for _ in results:
            break
        await results.aclose()
        return len(asyncio.all_tasks())

    assert asyncio.run(first_only()) == 1


def test_asynchronous_input_is_read_as_it_comes():
    """Items may come from an asynchronous source."""

    async def items() -> AsyncIterator[int]:
        for n in (7, 8, 9):
            await asyncio.sleep(0)
            yield n

    assert collect(arun_many(says_its_number, items(), Echo())) == ["7", "8", "9"]


# ---------------------------------------------------------------- pieces


def test_pieces_end_with_the_whole_answer():
    """A model that streams is passed through; one that cannot gives its text in one piece."""

    class Plain:
        def complete(self, call: Call) -> str:
            return "all at once"

        async def acomplete(self, call: Call) -> str:
            return "all at once"

    streamed = list(pieces(CALL, ScriptedModel(["in short pieces"])))
    assert streamed == [
        "in shor",
        "t piece",
        "s",
        Answer(text="in short pieces", model="scripted", usage=Usage(calls=1)),
    ]
    assert collect(apieces(CALL, ScriptedModel(["in short pieces"]))) == streamed
    assert list(pieces(CALL, Plain())) == collect(apieces(CALL, Plain())) == ["all at once", Answer(text="all at once")]


# ---------------------------------------------------------------- money


class Priced(ScriptedModel):
    """Each call may cost a dollar and a thousand tokens, and costs a quarter of that."""

    def estimate(self, call: Call) -> Usage:
        return Usage(prompt_tokens=800, completion_tokens=200, cost=1.0)


def cheap(_call: Call) -> Answer:
    return Answer(text="x", usage=Usage(prompt_tokens=200, completion_tokens=50, calls=1, cost=0.25))


@both
@pytest.mark.parametrize(
    ("budget", "message"),
    [
        (1.3, "the next call could exceed the budget of $1.3; $0.5000 is spent"),
        ("$1.30", "the next call could exceed the budget of $1.3; $0.5000 is spent"),
        ("1,300 tokens", "the next call could exceed the budget of 1,300 tokens; 500 are spent"),
    ],
)
def test_a_budget_stops_before_it_is_exceeded(drive: Driver, budget: float | str, message: str):
    """The call that could go over is not made, and the flow is told why; the budget knows what was spent."""
    model, limit = Priced(last=cheap), Budget.of(budget)
    assert drive(asks(3), model, budget=limit) == ["x", "x", f"BudgetError: {message}"]
    assert limit is not None
    assert (len(model.calls), limit.spent.calls, limit.spent.cost) == (2, 2, 0.5)


def test_a_budget_is_kept_by_many_at_a_time():
    """What is under way is counted at its most, so that a crowd cannot overspend together."""
    budget = Budget(dollars=3.1)
    results = list(run_many(lambda _n: asks(1), range(50), Priced(last=cheap), concurrency=8, budget=budget))
    assert budget.spent.cost is not None
    assert budget.spent.cost <= 3.1
    assert ["x"] in results
    assert budget.spent.calls == results.count(["x"])


def test_failed_calls_are_paid_for_too():
    """What an answer that failed has used is counted as well."""
    error = AnswerError("nonsense")
    error.usage = Usage(prompt_tokens=90, completion_tokens=10, calls=1)
    budget = Budget(tokens=5000)
    run(asks(1), ScriptedModel([error]), budget=budget)
    assert budget.spent == error.usage


def test_dollars_need_a_price():
    """A budget in dollars without a known price says what to do."""
    with pytest.raises(SettingsError, match=r"add it to prices\.yaml"):
        ask(CALL, ScriptedModel(["x"]), budget=Budget(dollars=1))


@pytest.mark.parametrize("value", ["a lot", -1, True, "5", []])
def test_a_budget_that_is_none_is_refused(value: Any):
    """The message shows both forms."""
    with pytest.raises(InputError, match="give dollars"):
        Budget.of(value)


# ---------------------------------------------------------------- models for tests


def test_a_script_says_what_it_was_told_and_remembers_what_it_was_asked():
    """Texts, mappings, answers, errors and functions are said in order; the calls are kept."""
    model = ScriptedModel(["text", {"a": 1}, Answer(text="whole"), lambda call: call.purpose, ModelError("down")])
    assert [ask(CALL, model).text for _ in range(4)] == ["text", '{"a": 1}', "whole", "draft"]
    with pytest.raises(ModelError, match="down"):
        ask(CALL, model)
    with pytest.raises(ModelError, match=r"no answer for call 6 \(draft\)"):
        asyncio.run(aask(CALL, model))
    assert model.calls == [CALL] * 6


def test_an_obedient_model_fills_every_text_field():
    """Whatever the schema asks for, each free text is what the model was told to say."""
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "string"},
            "kind": {"enum": ["x", "y"]},
            "list": {"type": "array"},
            "inner": {"type": "object", "properties": {"b": {"type": ["string", "null"]}}},
            "either": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        },
    }
    call = Call(purpose="draft", messages=(), schema=schema)
    answer = ask(call, ObedientModel(lambda name, _call: f"<{name}>"))
    assert answer.text == '{"a": "<a>", "kind": "x", "list": [], "inner": {"b": "<inner>"}, "either": 0}'
    with pytest.raises(DeadlineError):
        ask(call, ObedientModel("x"), deadline=Deadline.after(0))
    with pytest.raises(BudgetError):
        ask(call, Priced(last=cheap), budget=Budget(tokens=10))
