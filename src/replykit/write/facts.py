"""What the business vouches for, told in sentences; and what an agent promised before."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from replykit.english import day, humanise_dates, uncap
from replykit.library import Library
from replykit.plan import Case
from replykit.types import FactValue

FILE = "facts.yaml"
CONFIRMED = re.compile(r"^(?:confirmed|yes|true|verified|correct)\s*[:,;]\s*", re.IGNORECASE)
CLAUSE = re.compile(
    r"^(?:[\w'’.-]+\s+){1,12}?(?:is|are|was|were|has|have|had|will|can|may|must|does|do|did|needs?|takes?|runs?|covers?|includes?|"
    r"starts?|ends?|opens?|closes?|counts?|holds?|applies|apply|lasts?|arrived|started|stopped|failed|ended|happened|went|came|left|broke|took)\b",
    re.IGNORECASE,
)
PREPOSITION = re.compile(
    r"^(?:at|in|on|by|until|till|from|between|before|after|since|during|within|for|with)\b", re.IGNORECASE
)
CODE = re.compile(r"\b[A-Z]{2,}[-_/]?\d{2,}\b|\b[A-Z]+-\d+\b")
DATE_KEY = re.compile(r"(date|until|_on|_by|when|due|eta)$")


@dataclass(frozen=True)
class Told:
    """Facts as sentences: those that say by when, and the others."""

    dates: tuple[str, ...]
    others: tuple[str, ...]


class FactWording:
    """How facts are told, from `facts.yaml`."""

    def __init__(self, library: Library) -> None:
        raw = library.data(FILE)
        self._rows = [
            (re.compile(row["key"], re.IGNORECASE), row["say"], bool(row.get("date"))) for row in raw["facts"]
        ]
        self._clause, self._confirmed, self._phrase = tuple(raw["clause"]), tuple(raw["confirmed"]), str(raw["phrase"])
        self._never = re.compile(raw["never_tell"], re.IGNORECASE)

    def tell(self, case: Case, steering: frozenset[str], salt: int) -> Told:
        """Every fact that may be told, one sentence each."""
        near = case.complaint.received_at.date() if case.complaint.received_at else None
        dates: list[str] = []
        others: list[str] = []
        for place, (key, value) in enumerate(case.complaint.facts.items()):
            if key in steering or isinstance(value, bool) or self._internal(key, str(value), case.policy.jargon):
                continue
            by_when, sentence = self._sentence(key, value, near, salt + place)
            (dates if by_when else others).append(sentence)
        return Told(tuple(dates), tuple(others))

    def _internal(self, key: str, value: str, jargon: tuple[str, ...]) -> bool:
        """Whether a fact is for the house alone: named so, coded, or in words that the policy calls jargon."""
        return bool(self._never.search(key) or CODE.search(value)) or any(
            word.lower() in value.lower() for word in jargon
        )

    def _sentence(self, key: str, value: FactValue, near: dt.date | None, salt: int) -> tuple[bool, str]:
        text, dated = _spell(value, near)
        confirmed = CONFIRMED.match(text)
        text = CONFIRMED.sub("", text)
        if not dated and CLAUSE.match(text) and not PREPOSITION.match(text):
            frames = self._confirmed if confirmed else self._clause
            return bool(DATE_KEY.search(key)), frames[salt % len(frames)].replace("{value}", uncap(text).rstrip("."))
        for pattern, say, by_when in self._rows:
            if pattern.search(key):
                ready = f"on {text}" if dated and by_when and "expected {" in say else text
                return by_when, say.replace("{value}", ready.rstrip("."))
        return dated, self._phrase.replace("{key}", key.replace("_", " ")).replace("{value}", text.rstrip("."))


def _spell(value: FactValue, near: dt.date | None) -> tuple[str, bool]:
    if isinstance(value, dt.date):
        return day(value, near), True
    text = humanise_dates(str(value).strip(), near)
    return text, text != str(value).strip() and len(text.split()) <= 4


def stated(facts: Mapping[str, FactValue], key: str) -> str:
    """One fact as text, or nothing."""
    value: Any = facts.get(key)
    return str(value).strip() if isinstance(value, str) else ""
