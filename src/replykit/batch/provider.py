"""The Batch API of OpenAI and those who speak it: files of requests go up, files of answers come down, within a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from replykit.errors import BatchError, ModelError
from replykit.model import OpenAIModel
from replykit.types import Answer, Call, Usage

ENDPOINT = "/v1/chat/completions"
WINDOW = "24h"
HALF = 0.5
"""What a call in a batch costs of its usual price (https://platform.openai.com/docs/guides/batch)."""
MOST_REQUESTS, MOST_BYTES = 50_000, 190_000_000
"""In one batch; the same page allows 200 MB."""
LABEL = "replykit"
LISTED = 100
READ_AS = Call.model_validate({"purpose": "draft", "messages": (), "schema": {}, "max_tokens": 8000})
"""The question that answers are read for: its own is long forgotten, and only its limit would be held against them."""
EXPIRED = "batch_expired"
ENDED = {"completed", "expired", "cancelled", "failed"}


class State(NamedTuple):
    """How a batch is doing."""

    status: str
    done: int = 0
    total: int = 0
    output: str | None = None
    errors: str | None = None
    problem: str = ""

    @property
    def ended(self) -> bool:
        return self.status in ENDED


class Provider:
    """One account at a provider.

    Args:
        model: The model whose endpoint also takes batches.
    """

    def __init__(self, model: OpenAIModel) -> None:
        self._model = model
        self._client: Any = model.client()

    def line(self, key: bytes, call: Call) -> bytes:
        """The request for one question, as a line of a file."""
        request = {"custom_id": key.hex(), "method": "POST", "url": ENDPOINT, "body": self._model.body(call)}
        return json.dumps(request, ensure_ascii=False).encode() + b"\n"

    def find(self, token: str) -> str | None:
        """The batch that was begun with this token, where it was begun before we could write down its id."""
        with _typed():
            recent = self._client.batches.list(limit=LISTED)
            return next((batch.id for batch in recent.data if (batch.metadata or {}).get(LABEL) == token), None)

    def begin(self, file: Path, token: str) -> str:
        """Hand in a file of requests; returns the id of the batch."""
        with _typed(), file.open("rb") as content:
            uploaded = self._client.files.create(file=(f"{token}.jsonl", content), purpose="batch")
            made = self._client.batches.create(
                input_file_id=uploaded.id, endpoint=ENDPOINT, completion_window=WINDOW, metadata={LABEL: token}
            )
            return str(made.id)

    def state(self, batch_id: str) -> State:
        """How a batch is doing."""
        with _typed():
            batch = self._client.batches.retrieve(batch_id)
        counts = batch.request_counts
        told = [problem.message for problem in (batch.errors.data if batch.errors else None) or ()]
        return State(
            batch.status,
            counts.completed + counts.failed if counts else 0,
            counts.total if counts else 0,
            batch.output_file_id,
            batch.error_file_id,
            "; ".join(filter(None, told)),
        )

    def answers(self, state: State) -> Iterator[tuple[bytes, Answer | str]]:
        """What a batch brought, answer by answer, in no order; a text where there is a problem instead."""
        for file in filter(None, (state.output, state.errors)):
            with _typed():
                lines = self._client.files.content(file).iter_lines()
                found = (json.loads(line) for line in lines if line.strip())
                # what there was no time for has not been tried, and is asked again
                yield from (self._answer(each) for each in found if (each.get("error") or {}).get("code") != EXPIRED)

    def _answer(self, line: dict[str, Any]) -> tuple[bytes, Answer | str]:
        key = bytes.fromhex(line["custom_id"])
        response = line.get("response") or {}
        body = response.get("body") or {}
        if line.get("error") or response.get("status_code") != 200:  # HTTP's OK
            problem = line.get("error") or body.get("error") or {"message": f"status {response.get('status_code')}"}
            return key, f"the provider's batch has no answer: {problem.get('message', problem)}"
        try:
            answer = self._model.answer(READ_AS, body)
        except ModelError as error:
            return key, str(error)
        return key, answer.model_copy(update={"usage": halved(answer.usage)})


def halved(usage: Usage) -> Usage:
    """The same use at a batch's price."""
    return usage.model_copy(update={"cost": None if usage.cost is None else usage.cost * HALF})


def token_of(keys: list[bytes]) -> str:
    """What a file of requests is known by: the questions in it."""
    return hashlib.blake2b(b"".join(keys), digest_size=16).hexdigest()


class _typed:  # noqa: N801  # used like a keyword
    """The errors of the openai package as one of our own."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if kind and kind.__module__.startswith("openai"):
            raise BatchError(
                f"the provider's batch API does not answer as it should ({kind.__name__}: {error})"
            ) from None
