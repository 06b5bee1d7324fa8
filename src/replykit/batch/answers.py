"""Answers that were paid for, kept on disk by what was asked, so that nobody pays for them again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from replykit.batch.store import Store
from replykit.errors import BatchError
from replykit.partial import object_of
from replykit.types import Answer, Call, Usage

FILE = "answers.sqlite3"


class Answers:
    """A folder of answers that any number of processes may share.

    An answer is kept when it was finished and holds the JSON that was asked for: a failure must not become permanent.

    Args:
        folder: Where they are kept; it is made where it is not there.
        model: The model's name, which is part of what was asked.

    Raises:
        BatchError: The folder cannot be used.
    """

    def __init__(self, folder: str | Path, model: str) -> None:
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BatchError(f"{folder} cannot be made ({error.strerror}); give another folder with --cache") from None
        self._store, self._model = Store(Path(folder) / FILE), model

    def get(self, call: Call) -> Answer | None:
        """What was answered to this before; it costs nothing now, and says so."""
        found = self._store.get(key_of(call, self._model))
        return Answer.model_validate_json(found).model_copy(update={"usage": Usage()}) if found else None

    def put(self, call: Call, answer: Answer) -> None:
        """Keep a usable answer."""
        if answer.finish == "stop" and object_of(answer.text):
            self._store.put([(key_of(call, self._model), answer.model_dump_json().encode())])

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()


def key_of(call: Call, model: str) -> bytes:
    """What a question is known by: the model, every word of it, the schema and the limit."""
    asked = call.model_dump_json(by_alias=True)
    return hashlib.blake2b(f"{model}\0{asked}".encode("utf-8", "surrogatepass"), digest_size=16).digest()
