"""Requests and the bytes that come back, for both kinds of caller, with every failure made one of our own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import closing
from typing import Any, TypeVar

from replykit.errors import AnswerError, DeadlineError, ModelError
from replykit.library import Library
from replykit.model.bounded import Stopped
from replykit.model.clients import Clients
from replykit.model.dialect import Dialect
from replykit.model.failures import Scrubber, TransientError, from_exception, from_status, meant_by
from replykit.model.question import TOO_LATE, Question
from replykit.types import Call

R = TypeVar("R")

CONNECT_SECONDS = 10.0
"""A server that is up accepts a connection well within this; waiting longer would only eat the deadline."""

TEACHES = frozenset({400, 422})
"""The refusals that say which part of a request was not understood."""


class Lesson(Exception):  # noqa: N818  # not an error: the request is made again, in other words
    """The endpoint told us how it wants to be asked."""


class Wire:
    """The way to one endpoint, and what has been learned about it."""

    def __init__(
        self,
        name: str,
        clients: Clients,
        library: Library,
        *,
        temperature: float | None,
        extra: Mapping[str, Any] | None,
    ) -> None:
        self._name, self._clients, self._library = name, clients, library
        self._temperature, self._extra = temperature, dict(extra or {})
        self._scrub = Scrubber(clients.key.get_secret_value())
        self.dialect = Dialect.of(name)

    def attempt(self, question: Question, stopped: Stopped, read: Callable[[Generator[bytes]], R]) -> R:
        """What `read` makes of one answer, after as many requests as it took to learn how to ask."""
        while True:
            dialect = self.dialect
            try:
                return read(self._chunks(question, dialect, stopped))
            except Exception as error:  # noqa: BLE001  # callers get our own errors only, whatever a transport raises
                failure = self.failure(error, dialect)
            if not isinstance(
                failure, Lesson
            ):  # outside of `except`, so that nothing that holds the key hangs on to it
                raise failure

    async def aattempt(self, question: Question, read: Callable[[AsyncGenerator[bytes]], Awaitable[R]]) -> R:
        """The same as `attempt` for asynchronous calls."""
        while True:
            dialect = self.dialect
            try:
                return await read(self._achunks(question, dialect))
            except Exception as error:  # noqa: BLE001  # as in `attempt`
                failure = self.failure(error, dialect)
            if not isinstance(failure, Lesson):
                raise failure

    def _chunks(self, question: Question, dialect: Dialect, stopped: Stopped) -> Generator[bytes]:
        """The bytes of one answer, while there is time and somebody waits for them."""
        left = question.begin()
        client: Any = self._clients.sync()
        with closing(client.post(**self._request(question, dialect, left))) as response:
            for chunk in response.iter_bytes():
                if stopped() or question.deadline.left() <= 0:
                    raise DeadlineError(TOO_LATE)
                yield question.received(chunk)

    async def _achunks(self, question: Question, dialect: Dialect) -> AsyncGenerator[bytes]:
        """The same as `_chunks` for asynchronous calls; each wait is cut off at the deadline by itself."""
        question.begin()
        client: Any = await self._clients.asynchronous()
        async with asyncio.timeout(question.deadline.finite()):
            response = await client.post(**self._request(question, dialect, None))
        try:
            parts = response.aiter_bytes()
            while True:
                async with asyncio.timeout(question.deadline.finite()):
                    chunk = await anext(parts, None)
                if chunk is None:
                    return
                yield question.received(chunk)
        finally:
            await response.aclose()

    def _request(self, question: Question, dialect: Dialect, seconds: float | None) -> dict[str, Any]:
        """The arguments of the clients' `post`, which keeps keys, headers and errors and skips the walk over types."""
        import openai

        # openai 3 speaks httpx2 and openai 2 httpx; asking for its bare response leaves the body to be read by us
        httpx: Any = sys.modules[openai.DefaultHttpxClient.__mro__[1].__module__.partition(".")[0]]
        timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds or CONNECT_SECONDS))
        return {
            "path": "/chat/completions",
            "body": self.body(question.call, dialect, stream=question.stream),
            "cast_to": httpx.Response,
            "stream": True,
            "options": {"timeout": timeout},
        }

    def body(self, call: Call, dialect: Dialect | None = None, *, stream: bool = False) -> dict[str, Any]:
        """The request for one call, in the words that the endpoint is known to understand."""
        asked = (dialect or self.dialect).body(
            self._name, call, self._library, temperature=self._temperature, stream=stream
        )
        return asked | self._extra

    def failure(self, error: Exception, dialect: Dialect | None) -> Exception:
        """One of our own errors for whatever went wrong, or a `Lesson` where the next request will be put otherwise.

        Args:
            error: What was raised.
            dialect: How the endpoint was asked; None where it is too late to ask again.
        """
        if isinstance(error, ModelError | TransientError):
            return error
        if isinstance(error, TimeoutError):
            return DeadlineError(TOO_LATE)
        status = getattr(error, "status_code", None)
        if not isinstance(status, int):
            return from_exception(error, url=self._clients.shown, scrub=self._scrub)
        body: object = getattr(error, "body", None)
        headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", {})
        failure = from_status(status, body, headers, model=self._name, url=self._clients.shown, scrub=self._scrub)
        if dialect is None or status not in TEACHES or isinstance(failure, AnswerError):
            return failure
        return self._learned(meant_by(body), dialect) or failure

    def _learned(self, said: str, dialect: Dialect) -> Lesson | None:
        lesson = dialect.learn(said)
        if lesson is None:
            return None
        self.dialect = lesson
        return Lesson()
