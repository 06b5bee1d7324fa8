"""The room that reads Vale styles (`existence`, `substitution`, `occurrence`) as rules of the category `house`.

The format is Vale's own, documented at vale.sh under "Checks"; levels error, warning and suggestion become block,
warn and warn. A style that uses another extension point is refused by name rather than half understood.
"""

from __future__ import annotations

import re
from typing import Any

from replykit.errors import LibraryError
from replykit.rules.pattern import Pattern
from replykit.rules.record import Rule, rule_id

READ = ("existence", "substitution", "occurrence")
LEVELS = {"error": "block", "warning": "warn", "suggestion": "warn"}
KNOWN = frozenset(
    "extends message level scope link code ignorecase nonword tokens raw exceptions swap max min "
    "token append vocab action limit description".split()
)


def is_vale(record: Any) -> bool:
    """Whether a record is a Vale style rather than a rule of ours."""
    return isinstance(record, dict) and "extends" in record


def read_vale(path: str, record: dict[str, Any]) -> Rule:
    """One Vale style as a rule.

    Raises:
        LibraryError: The style uses what is not supported, or a pattern cannot be compiled.
    """
    kind = record["extends"]
    if kind not in READ:
        raise LibraryError(path, "extends", f"{kind!r} is not read here; use one of {', '.join(READ)}")
    if unknown := sorted(set(record) - KNOWN):
        raise LibraryError(path, unknown[0], "is not a key of a Vale style")
    level = LEVELS.get(str(record.get("level", "suggestion")))
    if level is None:
        raise LibraryError(path, "level", "must be error, warning or suggestion")
    make = {"existence": _existence, "substitution": _substitution, "occurrence": _occurrence}[kind]
    message = str(record.get("message") or "House style.").replace("'%s'", "{match}").replace("%s", "{match}")
    return make(path, record, {"id": rule_id(path), "file": path, "category": "house", "level": level, "message": message,
                               "source": str(record.get("link") or ""), "view": "cased", "quoted": True, "reported": True})  # fmt: skip


def _existence(path: str, record: dict[str, Any], head: dict[str, Any]) -> Rule:
    tokens = _texts(path, record, "tokens") + ["".join(_texts(path, record, "raw"))] * bool(record.get("raw"))
    if not tokens:
        raise LibraryError(path, "tokens", "is missing; list what must not appear")
    allowed = _texts(path, record, "exceptions")
    excuse = f"/{'(?i)' if record.get('ignorecase') else ''}\\b(?:{'|'.join(allowed)})\\b/"
    sources = {"unless": {"here": (excuse,)}} if allowed else {}
    return Rule(kind="phrase", patterns=(_compile(path, "tokens", tokens, record),), sources=sources, **head)


def _substitution(path: str, record: dict[str, Any], head: dict[str, Any]) -> Rule:
    swap = record.get("swap")
    if not isinstance(swap, dict) or not swap:
        raise LibraryError(path, "swap", "must be a mapping from the wording to avoid to the one to use")
    head["message"] = (
        head["message"].replace("{match}", "|".join(dict.fromkeys(map(str, swap.values()))), 1)
        if len(swap) == 1
        else "Say it another way: {match}."
    )
    patterns = tuple(_compile(path, "swap", [str(old)], record) for old in swap)
    return Rule(
        kind="phrase", patterns=patterns, instead=tuple(dict.fromkeys(map(str, swap.values()))), of="swap", **head
    )


def _occurrence(path: str, record: dict[str, Any], head: dict[str, Any]) -> Rule:
    if not isinstance(record.get("max"), int) or not isinstance(record.get("token"), str):
        raise LibraryError(path, "max", "an occurrence needs a whole number max and a text token")
    return Rule(
        kind="count",
        patterns=(_compile(path, "token", [record["token"]], record | {"nonword": True}),),
        limit=record["max"],
        **head,
    )


def _texts(path: str, record: dict[str, Any], key: str) -> list[str]:
    value = record.get(key) or []
    if not isinstance(value, list):
        raise LibraryError(path, key, "must be a list")
    return [str(v) for v in value]


def _compile(path: str, key: str, tokens: list[str], record: dict[str, Any]) -> Pattern:
    body = "|".join(tokens)
    regex = f"(?:{body})" if record.get("nonword") else rf"\b(?:{body})\b"
    flags = re.IGNORECASE if record.get("ignorecase") else 0
    try:
        re.compile(regex, flags)
    except re.error as error:
        raise LibraryError(path, key, f"cannot be compiled: {error}") from error
    return Pattern(body, regex, (), flags)
