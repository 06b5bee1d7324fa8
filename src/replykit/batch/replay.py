"""Drafts whose answers come later: a flow is begun anew each time, and told what is known until it asks more."""

from __future__ import annotations

import json
from contextlib import closing
from typing import NamedTuple

from replykit.batch.answers import key_of
from replykit.batch.store import Store
from replykit.errors import AnswerError, ModelError
from replykit.types import Answer, Call, Draft, Flow

TRIES = 2
"""How often a question is sent that came back without an answer, before its draft does without one."""


class Replies:
    """Answers and failures by question, in a journal.

    Flows ask the same again when they are told the same, so what a draft has heard is all that has to be kept of it,
    and a million of them need no memory between two waves.

    Args:
        store: Where they are kept.
        model: The model's name.
    """

    def __init__(self, store: Store, model: str) -> None:
        self._store, self._model = store, model

    def key(self, call: Call) -> bytes:
        """What a question is known by."""
        return key_of(call, self._model)

    def get(self, call: Call) -> Answer | ModelError | None:
        """What came back: an answer, the error that a draft has to live with, or None where it is still to be asked."""
        key = self.key(call)
        if found := self._store.get(key):
            return Answer.model_validate_json(found)
        failed = [problem for n in range(TRIES) if (problem := self._store.get(_failure(key, n)))]
        return AnswerError(json.loads(failed[-1])) if len(failed) == TRIES else None

    def put(self, answers: list[tuple[bytes, Answer | str]]) -> None:
        """Keep answers, and the problems of questions that have none, all at once."""
        self._store.put(
            (key, answer.model_dump_json().encode()) if isinstance(answer, Answer) else self._failed(key, answer)
            for key, answer in answers
        )

    def _failed(self, key: bytes, problem: str) -> tuple[bytes, bytes]:
        number = next((n for n in range(TRIES) if self._store.get(_failure(key, n)) is None), TRIES - 1)
        return _failure(key, number), json.dumps(problem).encode()


class Open(NamedTuple):
    """A draft that waits for this question."""

    call: Call


def advance(flow: Flow[Draft], replies: Replies) -> Draft | Open:
    """A flow, taken as far as known answers go."""
    with closing(flow):
        try:
            call = next(flow)
            while (known := replies.get(call)) is not None:
                call = flow.throw(known) if isinstance(known, ModelError) else flow.send(known)
        except StopIteration as stop:
            draft: Draft = stop.value
            return draft
        return Open(call)


def _failure(key: bytes, number: int) -> bytes:
    return key + b"-%d" % number
