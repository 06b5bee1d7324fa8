"""What tokens cost, read from `prompts/prices.yaml`, which anybody may edit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from replykit.errors import LibraryError
from replykit.library import Library
from replykit.types import Usage

SNAPSHOT = re.compile(r"[-@:](?:\d{4}-?\d{2}-?\d{2}|latest)$")
"""The date that providers put behind the name of a model; it does not change the price."""

KEYS = {"input", "cached", "output"}


class Price:
    """US dollars for one million tokens: fresh input, input read from a cache, output."""

    def __init__(self, rate: Mapping[str, float]) -> None:
        self._input, self._output = float(rate["input"]), float(rate["output"])
        self._cached = float(rate.get("cached", rate["input"]))

    def of(self, usage: Usage) -> float:
        """What this use costs."""
        fresh = max(0, usage.prompt_tokens - usage.cached_tokens)
        spent = fresh * self._input + usage.cached_tokens * self._cached + usage.completion_tokens * self._output
        return spent / 1_000_000


def price_of(model: str, library: Library) -> Price | None:
    """The price of a model by its name, with or without the provider in front and a date behind; None if unknown.

    Raises:
        LibraryError: The table is broken.
    """
    table = library.data("prices.yaml")
    label = library.label("prices.yaml")
    if not isinstance(table, dict) or not isinstance(table.get("models"), dict):
        raise LibraryError(label, "models", "is missing; list the models under it, each with input, cached and output")
    name = SNAPSHOT.sub("", model)
    rate: Any = next((table["models"][n] for n in (model, name, name.rpartition("/")[2]) if n in table["models"]), None)
    if rate is None:
        return None
    if not isinstance(rate, dict) or not {"input", "output"} <= set(rate) <= KEYS:
        raise LibraryError(
            label, f"models.{name}", "needs input and output, and may have cached: dollars per million tokens"
        )
    try:
        return Price(rate)
    except (TypeError, ValueError):
        raise LibraryError(label, f"models.{name}", "input, cached and output must be numbers") from None
