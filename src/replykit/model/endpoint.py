"""`OpenAIModel`: any endpoint that speaks chat completions, through the openai package."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Self

from tenacity import AsyncRetrying, Retrying

from replykit.errors import ModelError
from replykit.library import Library
from replykit.model.bounded import Stopped, within
from replykit.model.clients import Clients
from replykit.model.failures import TransientError
from replykit.model.prices import price_of
from replykit.model.protocol import Deadline
from replykit.model.question import Question
from replykit.model.replies import EventReader, answer_of, parse, usage_of
from replykit.model.retry import policy
from replykit.model.wire import Wire
from replykit.types import Answer, Call, Usage

if TYPE_CHECKING:
    from openai import OpenAI

BYTES_PER_TOKEN = 3
"""For estimates that must not be too low: English has four to five bytes a token, other scripts three and more."""


class OpenAIModel:
    """A model behind an endpoint that speaks chat completions: OpenAI, Azure, vLLM, Ollama, llama.cpp and others.

    `complete`, `acomplete`, `stream` and `astream` raise nothing but `ModelError` and what is below it, whose `usage`
    holds what was spent. They never wait past the deadline.

    Args:
        name: The model's name as the endpoint knows it; on Azure that of the deployment.
        base_url: The endpoint; `OPENAI_BASE_URL`, then OpenAI itself. It usually ends in `/v1`.
        api_key: The key; `OPENAI_API_KEY`. It is never shown. A base URL without a key is fine.
        api_version: Azure's `api-version`, for its older paths; its `/openai/v1` needs none.
        attempts: How often a request is made that meets a passing failure (408, 409, 429, 5xx, a broken connection).
        timeout: Seconds for one call where the caller gives no deadline.
        temperature: For models that take one; None leaves it to the endpoint.
        extra: More keys for the request, such as `{"seed": 1}`.
        http_client: Your own `httpx` client for synchronous calls; you close it.
        async_http_client: The same for asynchronous calls.
        library: Where prices and the note on the answer's format are read; the shipped ones by default.

    Raises:
        SettingsError: There is neither a key nor a base URL.

    Example:
        >>> OpenAIModel("qwen3:8b", base_url="http://localhost:11434/v1")
        OpenAIModel('qwen3:8b', base_url='http://localhost:11434/v1')
    """

    def __init__(
        self,
        name: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        api_version: str | None = None,
        attempts: int = 4,
        timeout: float = 60.0,
        temperature: float | None = 0.3,
        extra: Mapping[str, Any] | None = None,
        http_client: Any = None,
        async_http_client: Any = None,
        library: Library | None = None,
    ) -> None:
        self.name = name
        self._clients = Clients(base_url, api_key, api_version, http_client, async_http_client)
        self._attempts, self._timeout = max(1, attempts), timeout
        library = library or Library.load()
        self._price = price_of(name, library)
        self._wire = Wire(name, self._clients, library, temperature=temperature, extra=extra)

    def __repr__(self) -> str:
        return f"OpenAIModel({self.name!r}, base_url={self._clients.shown!r})"

    def estimate(self, call: Call) -> Usage:
        """The most that one answer to this call should use; its `cost` is None where no price is known."""
        size = sum(len(m.content.encode()) for m in call.messages) + len(str(call.schema_).encode())
        tokens = Usage(
            prompt_tokens=size // BYTES_PER_TOKEN + 8 * len(call.messages),
            completion_tokens=self._wire.dialect.tokens(call),
            calls=1,
        )
        return self._priced(tokens)

    def body(self, call: Call) -> dict[str, Any]:
        """The body of a request for this call, for whoever sends it in another way, such as in a provider's batch."""
        return self._wire.body(call)

    def answer(self, call: Call, body: dict[str, Any]) -> Answer:
        """What the body of a response says to this call, with its price.

        Raises:
            AnswerError: It holds no usable answer.
        """
        answer = answer_of(body, call)
        usage = usage_of(body).model_copy(update={"calls": 1})
        return answer.model_copy(update={"usage": self._priced(usage)})

    def client(self) -> OpenAI:
        """The openai package's own client for this endpoint, key and all."""
        return self._clients.sync()

    def _priced(self, usage: Usage) -> Usage:
        return usage.model_copy(update={"cost": self._price.of(usage)}) if self._price else usage

    def close(self) -> None:
        """Close the connections of synchronous calls; the next call opens new ones."""
        self._clients.close()

    async def aclose(self) -> None:
        """Close the connections of the running event loop, which happens by itself when `asyncio.run` ends."""
        await self._clients.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _question(self, call: Call, deadline: Deadline | None, *, stream: bool = False) -> Question:
        price = self._price.of if self._price else None
        return Question(call, deadline or Deadline.after(self._timeout), stream=stream, price=price)

    # ------------------------------------------------------------ one answer

    def complete(self, call: Call, *, deadline: Deadline | None = None) -> Answer:
        """The answer to one call.

        Raises:
            ModelError: `SettingsError` for what the caller must mend, `DeadlineError`, `AnswerError`, or the last
                failure of an endpoint that kept failing.
        """
        question = self._question(call, deadline)

        def work(stopped: Stopped) -> Iterator[Answer]:
            retrying = Retrying(**policy(self._attempts, question.deadline))
            yield retrying(self._wire.attempt, question, stopped, lambda chunks: _read(question, b"".join(chunks)))

        try:
            return question.answered(next(within(question.deadline, work)))
        except (ModelError, TransientError) as error:
            failure = error
        raise question.failed(failure)

    async def acomplete(self, call: Call, *, deadline: Deadline | None = None) -> Answer:
        """The same as `complete`, without blocking the event loop; cancelling it ends the request at once."""
        question = self._question(call, deadline)

        async def read(chunks: AsyncGenerator[bytes]) -> Answer:
            async with aclosing(chunks):
                return _read(question, b"".join([chunk async for chunk in chunks]))

        try:
            retrying = AsyncRetrying(**policy(self._attempts, question.deadline))
            return question.answered(await retrying(self._wire.aattempt, question, read))
        except (ModelError, TransientError) as error:
            failure = error
        raise question.failed(failure)

    # ------------------------------------------------------------ an answer in pieces

    def stream(self, call: Call, *, deadline: Deadline | None = None) -> Iterator[str | Answer]:
        """The pieces of one answer as they arrive, and the whole `Answer` last.

        A request that fails before its first piece is tried again as for `complete`; after that it is an error.

        Raises:
            ModelError: As for `complete`.
        """
        question = self._question(call, deadline, stream=True)
        try:
            yield from within(question.deadline, lambda stopped: self._pieces(question, stopped))
        except (ModelError, TransientError) as error:
            failure = error
        else:
            return
        raise question.failed(failure)

    async def astream(self, call: Call, *, deadline: Deadline | None = None) -> AsyncIterator[str | Answer]:
        """The same as `stream`, without blocking the event loop."""
        question = self._question(call, deadline, stream=True)
        try:
            async with aclosing(self._apieces(question)) as pieces:
                async for piece in pieces:
                    yield piece
        except (ModelError, TransientError) as error:
            failure = error
        else:
            return
        raise question.failed(failure)

    def _pieces(self, question: Question, stopped: Stopped) -> Generator[str | Answer]:
        def begun(chunks: Generator[bytes]) -> tuple[EventReader, Generator[bytes]]:
            reader = EventReader(question.call)
            reader.begin(chunks)
            return reader, chunks

        retrying = Retrying(**policy(self._attempts, question.deadline))
        reader, chunks = retrying(self._wire.attempt, question, stopped, begun)
        try:
            yield from reader.pieces()
            for chunk in chunks:
                reader.feed(chunk)
                yield from reader.pieces()
            yield from _last(reader, question)
        except Exception as error:  # noqa: BLE001  # callers get our own errors only, whatever a transport raises
            failure = self._wire.failure(error, None)
        else:
            return
        raise failure

    async def _apieces(self, question: Question) -> AsyncGenerator[str | Answer]:
        async def begun(chunks: AsyncGenerator[bytes]) -> tuple[EventReader, AsyncGenerator[bytes]]:
            reader = EventReader(question.call)
            await reader.abegin(chunks)
            return reader, chunks

        retrying = AsyncRetrying(**policy(self._attempts, question.deadline))
        opened: tuple[EventReader, AsyncGenerator[bytes]] = await retrying(self._wire.aattempt, question, begun)
        reader, chunks = opened
        try:
            async with aclosing(chunks):
                for piece in reader.pieces():
                    yield piece
                async for chunk in chunks:
                    reader.feed(chunk)
                    for piece in reader.pieces():
                        yield piece
            for last in _last(reader, question):
                yield last
        except Exception as error:  # noqa: BLE001  # as in `_pieces`
            failure = self._wire.failure(error, None)
        else:
            return
        raise failure


def _read(question: Question, content: bytes) -> Answer:
    envelope = parse(content)
    question.tokens += usage_of(envelope)
    return answer_of(envelope, question.call)


def _last(reader: EventReader, question: Question) -> Iterator[str | Answer]:
    """What ends a stream: the whole answer, with its text before it where it came in one piece."""
    try:
        answer = reader.finish()
    finally:
        question.tokens += reader.usage
    if reader.silent:
        yield answer.text
    yield question.answered(answer)
