"""Where drafts are made: takes jobs, drives their flows against the model at the agreed pace, hands outcomes back."""

from __future__ import annotations

import asyncio
import itertools
import random
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from replykit.batch.answers import Answers
from replykit.batch.outcome import Job, Outcome
from replykit.batch.pacing import Pace
from replykit.budget import Budget
from replykit.errors import BatchError, BudgetError, ModelError
from replykit.kit import ReplyKit
from replykit.model import Deadline, PricedModel
from replykit.run import aask, run
from replykit.types import Answer, Call, Complaint, Draft, Flow

T = TypeVar("T")
PATIENCE = 8
"""Requests for one call before it is given up: twice as patient as a single draft, as nobody is waiting."""
FIRST_WAIT, LONGEST_WAIT = 0.1, 30.0
CHARACTERS_PER_TOKEN = 4
"""For models that cannot estimate; the usual rule of thumb for English."""


class Terms(BaseModel):
    """How a desk works.

    Args:
        concurrency: Questions at a time.
        requests_per_minute: None is no limit.
        tokens_per_minute: None is no limit.
        cache: A folder for answers; None keeps none.
        fields: Which fields of a draft are wanted; none named means all.
        budget: What may be spent, as `Budget.of` reads it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    concurrency: int = 64
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    cache: str | None = None
    fields: tuple[str, ...] = ()
    budget: float | str | None = None

    @field_validator("fields")
    @classmethod
    def _fields_of_a_draft(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in Draft.model_fields:
                raise BatchError(
                    f"--fields {name}: a draft has no such field; there are {', '.join(Draft.model_fields)}"
                )
        return names


class Desk:
    """One kit at work.

    Args:
        kit: What drafts.
        terms: How.
    """

    def __init__(self, kit: ReplyKit, terms: Terms) -> None:
        self._kit, self._model, self._terms = kit, kit.model, terms
        self._fields = set(terms.fields) or None
        self._budget = Budget.of(terms.budget) or kit.budget

    def serve(self, take: Callable[[], Job | None], give: Callable[[Outcome], None]) -> None:
        """Work until `take` returns None; outcomes come in the order in which they are finished."""
        if self._model is not None:
            asyncio.run(self._serve(take, give))
            return
        while (job := take()) is not None:
            give(self.draft(job))

    def draft(self, job: Job) -> Outcome:
        """One draft without a model, here and now."""
        try:
            return self._outcome(job, run(self._kit.flow(_complaint(job)), None))
        except Exception as error:  # noqa: BLE001  # one bad row must not end the work on all others
            return _failed(job, error)

    async def _serve(self, take: Callable[[], Job | None], give: Callable[[Outcome], None]) -> None:
        loop = asyncio.get_running_loop()
        # a model that can only be asked synchronously gets a thread for each question that may be under way
        loop.set_default_executor(ThreadPoolExecutor(self._terms.concurrency))
        jobs: asyncio.Queue[Job | None] = asyncio.Queue()
        threading.Thread(target=_feed, args=(take, loop, jobs), daemon=True).start()
        answers = Answers(self._terms.cache, self._model.name) if self._terms.cache else None
        pace = Pace(self._terms.concurrency, self._terms.requests_per_minute, self._terms.tokens_per_minute)
        begun: set[asyncio.Task[None]] = set()
        while (job := await jobs.get()) is not None:
            task = asyncio.create_task(self._work(job, pace, answers, give))
            begun.add(task)
            task.add_done_callback(begun.discard)
        await asyncio.gather(*begun)

    async def _work(self, job: Job, pace: Pace, answers: Answers | None, give: Callable[[Outcome], None]) -> None:
        asking = Asking(self._model, pace, answers, self._budget, self._kit.deadline)
        try:
            give(self._outcome(job, await driven(self._kit.flow(_complaint(job)), asking)))
        except BudgetError as error:
            give(Outcome(job.ticket, over=str(error)))
        except Exception as error:  # noqa: BLE001  # as in `draft`
            give(_failed(job, error))

    def _outcome(self, job: Job, draft: Draft) -> Outcome:
        said = draft.model_dump_json(include=self._fields).encode("utf-8", "backslashreplace")
        reached = not draft.attempts or any(attempt.answer is not None for attempt in draft.attempts)
        return Outcome(job.ticket, said, draft.status, lasting=reached, usage=draft.usage)


class Asking:
    """The questions of one draft: from the cache where they were asked before, else at the common pace.

    The draft's time runs only while its questions are under way, not while they wait for their turn.
    """

    def __init__(
        self, model: Any, pace: Pace, answers: Answers | None, budget: Budget | None, seconds: float | None
    ) -> None:
        self._model, self._pace, self._answers, self._budget = model, pace, answers, budget
        self._left = seconds

    async def __call__(self, call: Call) -> Answer:
        known = self._answers.get(call) if self._answers else None
        if known is not None:
            return known
        answer = await self._ask(call)
        if self._answers:
            self._answers.put(call, answer)
        return answer

    async def _ask(self, call: Call) -> Answer:
        """One answer, tried for again where that may help: away from the gate, so that others are let in meanwhile."""
        for retries in itertools.count():
            try:
                answer = await self._once(call)
            except ModelError as error:
                if error.again is None or retries + 1 >= PATIENCE:
                    raise
                await asyncio.sleep(max(error.again, _backoff(retries)))
            else:
                spent = answer.usage.model_copy(update={"retries": answer.usage.retries + retries})
                return answer.model_copy(update={"usage": spent})
        raise AssertionError("counting has no end")

    async def _once(self, call: Call) -> Answer:
        async with self._pace.place(self._tokens(call)) as place:
            deadline = Deadline.after(self._left)
            try:
                answer = await aask(call, self._model, deadline=deadline, budget=self._budget)
            except ModelError as error:
                place.pressed = error.again is not None
                raise
            finally:
                self._left = deadline.finite()
            place.pressed = bool(answer.usage.retries)
            place.used = answer.usage.prompt_tokens + answer.usage.completion_tokens
            return answer

    def _tokens(self, call: Call) -> float:
        if not self._pace.counts_tokens:
            return 0.0
        if isinstance(self._model, PricedModel):
            most = self._model.estimate(call)
            return most.prompt_tokens + most.completion_tokens
        return sum(len(m.content) for m in call.messages) / CHARACTERS_PER_TOKEN + call.max_tokens


def _backoff(retries: int) -> float:
    """Seconds to wait: exponential, with full jitter, as for a single draft, but longer where need be."""
    return random.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2**retries))  # noqa: S311  # spreads load, keeps no secret


async def driven(flow: Flow[T], answer: Callable[[Call], Awaitable[Answer]]) -> T:
    """What a flow returns; unlike `replykit.run.arun` it lets the end of the budget out, as a batch stops there."""
    with closing(flow):
        try:
            call = next(flow)
            while True:
                try:
                    said = await answer(call)
                except BudgetError:
                    raise
                except ModelError as error:
                    call = flow.throw(error)
                else:
                    call = flow.send(said)
        except StopIteration as stop:
            result: T = stop.value
            return result


def _feed(take: Callable[[], Job | None], loop: asyncio.AbstractEventLoop, jobs: asyncio.Queue[Job | None]) -> None:
    while True:
        job = take()
        loop.call_soon_threadsafe(jobs.put_nowait, job)
        if job is None:
            return


def _complaint(job: Job) -> Complaint:
    return Complaint.model_validate_json(job.body)


def _failed(job: Job, error: Exception) -> Outcome:
    usage = getattr(error, "usage", None)
    return Outcome(job.ticket, error=told(error), **({"usage": usage} if usage else {}))


def told(error: Exception) -> str:
    """An error in one line, as a row of the output tells it."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    name = type(error).__name__
    return str(error) if type(error).__module__.startswith("replykit") and str(error) else f"{name}: {error}"
