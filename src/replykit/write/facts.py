"""What the business vouches for, told in sentences; and what an agent promised before."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from replykit.english import ISO_DATE, cap, day, humanise_dates, uncap
from replykit.library import Library
from replykit.plan import Case
from replykit.plan.facts import is_ahead
from replykit.types import FactValue
from replykit.write.fact_names import PARTICIPLE, FactNames

FILE = "facts.yaml"
CONFIRMED = re.compile(r"^(?:confirmed|yes|true|verified|correct)\s*[:,;]\s*", re.IGNORECASE)
CLAUSE = re.compile(
    r"^(?:[\w'’“”‘.,&-]+\s+){1,14}?(?:is|are|was|were|has|have|had|will|can|(?<!\d )may|must|does|do|did|needs?|takes?|runs?|covers?|"
    r"includes?|included|says?|said|goes|go|comes?|gives?|gets?|stands|means?|keeps?|starts?|ends?|opens?|closes?|counts?|holds?|applies|apply|"
    r"lasts?|(?<!\ba )(?<!\ban )(?<!\bthe )(?:arrived|started|stopped|failed|ended|happened|went|came|left|broke|took|jammed))\b",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^(?:I have checked:|What I can tell you is that|What we know is this:|I can confirm that|I have confirmed that)\s+"
)
OPENER = re.compile(
    r"^(?:the|a|an|it|its|there|they|their|this|that|these|those|he|she|his|her|our|your|we|you|no|nothing|nobody|one|two|both|all|some|every|each|in|on|at)\b",
    re.IGNORECASE,
)
PREPOSITION = re.compile(
    r"^(?:at|in|on|by|until|till|from|between|before|after|since|during|within|for|with)\b", re.IGNORECASE
)
CODE = re.compile(r"\b[A-Z]{2,}[-_/]?\d{2,}\b|\b[A-Z]+-\d+\b")
DATE_KEY = re.compile(r"(date|until|_on|_by|when|due|eta)$")


TOLD_ELSEWHERE = {"reply": "promise_holds", "follow_up": "resolution"}
"""Facts that another move of such a message says."""


@dataclass(frozen=True)
class Told:
    """Facts as sentences: those that say by when, and the others."""

    dates: tuple[str, ...]
    others: tuple[str, ...]
    bare: tuple[str, ...] = ()
    """The others without a lead such as "I have checked"."""


class FactWording:
    """How facts are told, from `facts.yaml`."""

    def __init__(self, library: Library) -> None:
        raw = library.data(FILE)
        self._rows = [
            (re.compile(row["key"], re.IGNORECASE), str(row["say"]), bool(row.get("date"))) for row in raw["facts"]
        ]
        self._clause, self._confirmed, self._names = tuple(raw["clause"]), tuple(raw["confirmed"]), FactNames.of(raw)
        self._never = re.compile(raw["never_tell"], re.IGNORECASE)

    def tell(self, case: Case, steering: frozenset[str], salt: int) -> Told:
        """Every fact that may be told, one sentence each."""
        near = case.complaint.received_at.date() if case.complaint.received_at else None
        dates: list[str] = []
        others: list[str] = []
        bare: list[str] = []
        for place, (key, value) in enumerate(case.complaint.facts.items()):
            if key in steering or isinstance(value, bool) or self._internal(key, str(value), case.policy.jargon):
                continue
            if key == TOLD_ELSEWHERE.get(case.situation.kind):
                continue
            by_when, sentence = self._sentence(key, value, near, salt + place)
            (dates if by_when else others).append(sentence)
            if not by_when:
                bare.append(_without_lead(sentence))
        return Told(tuple(dates), tuple(others), tuple(bare))

    def _internal(self, key: str, value: str, jargon: tuple[str, ...]) -> bool:
        """Whether a fact is for the house alone: named so, coded, or in words that the policy calls jargon."""
        return bool(self._never.search(key) or CODE.search(value)) or any(
            word.lower() in value.lower() for word in jargon
        )

    def _sentence(self, key: str, value: FactValue, near: dt.date | None, salt: int) -> tuple[bool, str]:
        text, dated = _spell(value, near)
        ahead = is_ahead(key, value, near)
        confirmed = CONFIRMED.match(text)
        text = CONFIRMED.sub("", text).rstrip(".")
        if not dated and CLAUSE.match(text) and not PREPOSITION.match(text):
            return bool(DATE_KEY.search(key)), self._clause_told(key, text, salt, confirmed=bool(confirmed))
        for pattern, say, by_when in self._rows:
            if pattern.search(key) and not (dated and not ahead):
                ready = f"on {text}" if dated and by_when and "expected {" in say else text
                frame = say.replace("is {", "has been {") if PARTICIPLE.match(text) else say
                return by_when, frame.replace("{value}", ready)
        return dated and ahead, self._names.tell(key, text, dated=dated, ahead=ahead, salt=salt)

    def _clause_told(self, key: str, text: str, salt: int, *, confirmed: bool) -> str:
        row: str = next((say for pattern, say, by_when in self._rows if not by_when and pattern.search(key)), "")
        if row.endswith(": {value}.") and not confirmed and "meantime" not in text:
            return row.replace("{value}", _inside(text))
        frames = self._confirmed if confirmed else self._clause
        return str(frames[salt % len(frames)]).replace("{value}", _inside(text))


def _without_lead(sentence: str) -> str:
    return cap(LEAD.sub("", sentence))


def _inside(clause: str) -> str:
    """A clause as it stands in the middle of a sentence; a first word that may be a name keeps its capital."""
    return uncap(clause) if OPENER.match(clause) else clause


def _spell(value: FactValue, near: dt.date | None) -> tuple[str, bool]:
    if isinstance(value, dt.date):
        return day(value, near), True
    text = humanise_dates(str(value).strip(), near)
    return text, bool(ISO_DATE.fullmatch(str(value).strip()))


def stated(facts: Mapping[str, FactValue], key: str) -> str:
    """One fact as text, or nothing."""
    value: Any = facts.get(key)
    return str(value).strip() if isinstance(value, str) else ""
