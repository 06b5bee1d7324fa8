"""The small language of `when` and `unless` in a strategy file: rows of keys and values over the situation."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from replykit.errors import LibraryError
from replykit.library import Library
from replykit.plan.situation import Situation
from replykit.types import Strategy

KEYS = frozenset(f.name for f in fields(Situation))


def holds(expected: Any, actual: Any) -> bool:
    """Whether one value of the situation meets one condition: equal, one of a list, or sharing a value with it."""
    wanted = expected if isinstance(expected, list) else [expected]
    if isinstance(actual, tuple):
        return any(value in actual for value in wanted) or (wanted == ["none"] and not actual)
    return any(value == actual and isinstance(value, bool) == isinstance(actual, bool) for value in wanted)


def matching_row(rows: tuple[dict[str, Any], ...], situation: Situation) -> dict[str, Any] | None:
    """The first row of which every key holds, or None."""
    for row in rows:
        if all(holds(expected, getattr(situation, key)) for key, expected in row.items()):
            return row
    return None


def spell(row: dict[str, Any]) -> str:
    """A row in words: `tone is angry or abusive, refused`."""
    return ", ".join(_spell(key, value) for key, value in row.items()) or "always"


def _spell(key: str, value: Any) -> str:
    name = key.replace("_", " ")
    if isinstance(value, bool):
        return name if value else f"not {name}"
    return f"{name} is {' or '.join(map(str, value)) if isinstance(value, list) else value}"


def verify_conditions(library: Library) -> None:
    """Refuse a strategy whose conditions or exclusions name something that does not exist.

    Raises:
        LibraryError: With the file, the key and the known names.
    """
    for strategy in library.strategies.values():
        label = library.label(f"strategies/{strategy.id}.md.j2")
        for row in (*strategy.when, *strategy.unless):
            if unknown := sorted(set(row) - KEYS):
                raise LibraryError(
                    label, "when", f"asks about {unknown[0]}; a condition may ask: {', '.join(sorted(KEYS))}"
                )
        _verify_excludes(strategy, library, label)


def _verify_excludes(strategy: Strategy, library: Library, label: str) -> None:
    if unknown := sorted(set(strategy.excludes) - set(library.strategies)):
        raise LibraryError(
            label, "excludes", f"names {unknown[0]}, which is no strategy; known: {', '.join(library.strategies)}"
        )
