"""The two drivers of a live draft: they carry pieces of an answer to it and hand out its moves as they are checked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, closing
from typing import Any

from replykit.budget import Budget
from replykit.errors import ModelError, SettingsError
from replykit.live import LiveDraft
from replykit.model import Deadline
from replykit.partial import afields_from, fields_from
from replykit.run import apieces, pieces
from replykit.types import Move


def stream(live: LiveDraft, model: Any, *, deadline: Deadline, budget: Budget | None) -> Iterator[Move]:
    """Every move of a live draft; after a failure of the model the offline wording goes on.

    Raises:
        SettingsError: Only the caller can mend it.
    """
    if model is not None and live.asks:
        try:
            with closing(pieces(live.question(), model, deadline=deadline, budget=budget)) as said:
                for name, text in fields_from(said):
                    yield from live.accept(name, text)
        except SettingsError:
            raise
        except ModelError:
            pass  # what was shown is checked; the rest is the offline wording
    yield from live.rest()


async def astream(live: LiveDraft, model: Any, *, deadline: Deadline, budget: Budget | None) -> AsyncIterator[Move]:
    """The same as `stream` for an event loop."""
    if model is not None and live.asks:
        try:
            async with aclosing(apieces(live.question(), model, deadline=deadline, budget=budget)) as said:
                async for name, text in afields_from(said):
                    for move in live.accept(name, text):
                        yield move
        except SettingsError:
            raise
        except ModelError:
            pass  # as in `stream`
    for move in live.rest():
        yield move
