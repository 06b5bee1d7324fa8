"""The drivers: they carry a flow's questions to a model and its answers back, for one draft or for many.

This is the only room that knows synchronous from asynchronous. A synchronous run starts no event loop of its own, so it
works inside a running one and in a notebook.
"""

from __future__ import annotations

import asyncio
import inspect
from collections import deque
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterable,
    Iterator,
)
from contextlib import aclosing, closing, contextmanager
from typing import Any, TypeVar

from replykit.budget import Budget
from replykit.crew import Crew
from replykit.errors import AnswerError, DeadlineError, ModelError
from replykit.model import Deadline, PricedModel, StreamingModel
from replykit.types import Answer, Call, Flow, Usage

T = TypeVar("T")
X = TypeVar("X")

AHEAD = 4
"""How many times the concurrency is begun before its turn, so that one slow answer does not hold up the rest."""

READING_SHARE = 1 / 3
"""How much of the time that is left a model may take to help with reading, as most of it is for writing."""

TOO_LATE = "the time allowed for the draft is over"


# ---------------------------------------------------------------- one flow


def run(flow: Flow[T], model: Any, *, deadline: Deadline | None = None, budget: Budget | None = None) -> T:
    """What a flow returns, its questions answered by `model`.

    A `ModelError` is thrown into the flow where it asked; what the flow raises itself comes out. The flow is closed
    whatever happens.
    """
    with closing(flow):
        try:
            call = next(flow)
            while True:
                try:
                    answer = ask(call, model, deadline=deadline, budget=budget)
                except ModelError as error:
                    call = flow.throw(error)
                else:
                    call = flow.send(answer)
        except StopIteration as stop:
            result: T = stop.value
            return result


async def arun(flow: Flow[T], model: Any, *, deadline: Deadline | None = None, budget: Budget | None = None) -> T:
    """The same as `run`, without blocking the event loop; cancelling it ends the question under way."""
    with closing(flow):
        try:
            call = next(flow)
            while True:
                try:
                    answer = await aask(call, model, deadline=deadline, budget=budget)
                except ModelError as error:
                    call = flow.throw(error)
                else:
                    call = flow.send(answer)
        except StopIteration as stop:
            result: T = stop.value
            return result


# ---------------------------------------------------------------- many flows


def run_many(
    start: Callable[[X], Flow[T]],
    items: Iterable[X],
    model: Any,
    *,
    concurrency: int = 64,
    seconds: float | None = None,
    budget: Budget | None = None,
) -> Iterator[T | Exception]:
    """One result for each item, in the order of the items; what went wrong with one is its result.

    Items are read as they are needed. With a model, so many flows run at a time in threads of their own; without one
    there is nothing to wait for, and they run here, one after the other.

    Args:
        start: Makes the flow for an item.
        items: What to work on; endless is fine.
        model: What answers; None where nothing is asked.
        concurrency: How many flows run at a time.
        seconds: The time allowed for each flow, from its own start.
        budget: Shared by all of them.
    """

    def one(item: X) -> T | Exception:
        try:
            return run(start(item), model, deadline=Deadline.for_draft(seconds), budget=budget)
        except Exception as error:  # noqa: BLE001  # one bad item must not end the work on all others
            return error

    if model is None:
        yield from map(one, items)
        return
    with Crew(concurrency) as crew:
        begun: deque[Any] = deque()
        for item in items:
            begun.append(crew.begin(one, item))
            while begun and (begun[0].done() or len(begun) >= AHEAD * concurrency):
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


async def arun_many(
    start: Callable[[X], Flow[T]],
    items: Iterable[X] | AsyncIterable[X],
    model: Any,
    *,
    concurrency: int = 64,
    seconds: float | None = None,
    budget: Budget | None = None,
) -> AsyncGenerator[T | Exception]:
    """The same as `run_many` for an event loop; leaving it early cancels what is under way."""
    gate = asyncio.Semaphore(concurrency)

    async def one(item: X) -> T | Exception:
        async with gate:
            try:
                return await arun(start(item), model, deadline=Deadline.for_draft(seconds), budget=budget)
            except Exception as error:  # noqa: BLE001  # as in `run_many`
                return error

    begun: deque[asyncio.Task[T | Exception]] = deque()
    try:
        async for item in _each(items):
            begun.append(asyncio.create_task(one(item)))
            while begun and (begun[0].done() or len(begun) >= AHEAD * concurrency):
                yield await begun.popleft()
        while begun:
            yield await begun.popleft()
    finally:
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)


async def _each(items: Iterable[X] | AsyncIterable[X]) -> AsyncIterator[X]:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
        return
    for item in items:
        yield item
        await asyncio.sleep(0)  # a list would otherwise be read without ever letting the work begin


# ---------------------------------------------------------------- one question


def ask(call: Call, model: Any, *, deadline: Deadline | None = None, budget: Budget | None = None) -> Answer:
    """The answer of any object that has `complete` or `acomplete`, timed and paid for.

    Raises:
        ModelError: There is no usable answer, time is over, or the budget is.
    """
    deadline = _share(call, deadline)
    with _paid(call, model, deadline, budget) as paid:
        if not hasattr(model, "complete"):
            return paid(_in_a_loop_of_its_own(_told(model.acomplete, call, deadline), deadline))
        return paid(_told(model.complete, call, deadline))


async def aask(call: Call, model: Any, *, deadline: Deadline | None = None, budget: Budget | None = None) -> Answer:
    """The same as `ask` for an event loop."""
    deadline = _share(call, deadline)
    with _paid(call, model, deadline, budget) as paid:
        async with asyncio.timeout(deadline.finite() if deadline else None):
            if not hasattr(model, "acomplete"):
                return paid(await asyncio.to_thread(_told, model.complete, call, deadline))
            return paid(await _told(model.acomplete, call, deadline))


def pieces(
    call: Call, model: Any, *, deadline: Deadline | None = None, budget: Budget | None = None
) -> Generator[str | Answer]:
    """The pieces of an answer as they arrive, the whole `Answer` last; one piece where the model cannot stream."""
    if not isinstance(model, StreamingModel):
        answer = ask(call, model, deadline=deadline, budget=budget)
        yield answer.text
        yield answer
        return
    with _paid(call, model, deadline, budget) as paid:
        for piece in model.stream(call, deadline=deadline):
            yield paid(piece) if isinstance(piece, Answer) else piece


async def apieces(
    call: Call, model: Any, *, deadline: Deadline | None = None, budget: Budget | None = None
) -> AsyncGenerator[str | Answer]:
    """The same as `pieces` for an event loop."""
    if not isinstance(model, StreamingModel):
        answer = await aask(call, model, deadline=deadline, budget=budget)
        yield answer.text
        yield answer
        return
    with _paid(call, model, deadline, budget) as paid:
        async with aclosing(model.astream(call, deadline=deadline)) as stream:  # type: ignore[type-var]
            async for piece in stream:
                yield paid(piece) if isinstance(piece, Answer) else piece


def _share(call: Call, deadline: Deadline | None) -> Deadline | None:
    """The deadline of one question: that of the draft, or earlier where something else has to follow."""
    if deadline is None or call.purpose != "classify" or deadline.finite() is None:
        return deadline
    return Deadline.after(deadline.left() * READING_SHARE)


@contextmanager
def _paid(
    call: Call, model: Any, deadline: Deadline | None, budget: Budget | None
) -> Generator[Callable[[Any], Answer]]:
    """Around one question: refuses it when it is too late or too dear, books what it used, keeps errors typed."""
    if deadline is not None and deadline.left() <= 0:
        raise DeadlineError(TOO_LATE)
    most = model.estimate(call) if isinstance(model, PricedModel) else Usage()
    reserved = budget.reserve(most) if budget else most
    used = Usage()

    def paid(answer: Any) -> Answer:
        nonlocal used
        answer = Answer(text=answer) if isinstance(answer, str) else answer
        if not isinstance(answer, Answer):
            raise AnswerError(f"{type(model).__name__} returned {type(answer).__name__} instead of an Answer")
        used = answer.usage
        return answer

    try:
        yield paid
    except ModelError as error:
        used = error.usage or used
        raise
    except TimeoutError:
        raise DeadlineError(TOO_LATE) from None
    except Exception as error:
        raise ModelError(f"{type(model).__name__} failed: {type(error).__name__}: {error}") from error
    finally:
        if budget:
            budget.settle(reserved, used)


def _told(method: Callable[..., Any], call: Call, deadline: Deadline | None) -> Any:
    """The call put to a method that may or may not want to know the deadline."""
    try:
        wanted = inspect.signature(method).parameters
    except (TypeError, ValueError):  # what cannot be looked at is taken at its word
        return method(call, deadline=deadline)
    if "deadline" in wanted or any(p.kind is p.VAR_KEYWORD for p in wanted.values()):
        return method(call, deadline=deadline)
    return method(call)


def _in_a_loop_of_its_own(answer: Awaitable[Any], deadline: Deadline | None) -> Any:
    """The result of an asynchronous model for a synchronous caller, who may stand inside a running loop."""

    async def bounded() -> Any:
        async with asyncio.timeout(deadline.finite() if deadline else None):
            return await answer

    with Crew(1) as crew:
        return crew.begin(asyncio.run, bounded()).result()
