"""How a fact is told by its name: `refund_sent_on` and a day become "The refund was sent on 20 October"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from replykit.english import cap

MONEY = re.compile(r"^(?:[£$€¥]|[A-Z]{3} )?\d[\d.,]*(?: ?(?:[£$€¥%]|[A-Z]{3}|euros?|pounds|dollars|francs))?$")
DAY_NAME = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:christmas|easter|boxing)\b")
PLANS = frozenset({"booked", "planned", "scheduled", "confirmed", "arranged"})
PARTICIPLE = re.compile(
    r"^(?:\w+ed|taken|put|sent|found|done|made|given|held|sold|kept|built|cut|paid)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class FactNames:
    """The words by which names of facts are understood, from `facts.yaml`."""

    prepositions: frozenset[str]
    done: frozenset[str]
    states: Mapping[str, str]
    dated: Sequence[str]
    amount: str
    phrase: Sequence[str]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> FactNames:
        """Take them from the parsed file."""
        return cls(
            prepositions=frozenset(map(str, raw["prepositions"])),
            done=frozenset(raw["done"]),
            states=dict(raw["states"]),
            dated=tuple(raw["dated"]),
            amount=str(raw["amount"]),
            phrase=tuple(raw["phrase"]),
        )

    def tell(self, key: str, value: str, *, dated: bool, ahead: bool, salt: int) -> str:
        """One sentence.

        Args:
            key: The fact's name, words joined by underscores.
            value: The fact in words.
            dated: The value is a day.
            ahead: That day is still to come.
            salt: Chooses among wordings.
        """
        words = key.lower().split("_")
        prep = words.pop() if len(words) > 1 and words[-1] in self.prepositions else ""
        lead = f"{prep or 'on'} " if dated else f"{prep} " if prep else ""
        if MONEY.match(value):
            return self._fill(self.amount, " ".join(words), value, lead)
        if (verb := self._verb(words[-1], value, ahead=ahead)) and (dated or not PARTICIPLE.match(value)):
            return f"{_subject(words[:-1])} {verb} {lead or self._before(value)}{value}."
        name = " ".join(words)
        if prep and name.endswith("ing"):
            return f"{name.capitalize()} goes on {prep} {value}."
        if dated:
            plain = prep or name.endswith(("date", "day", "ing"))
            return self._fill(self.dated[0] if plain else self.dated[1 if ahead else 2], name, value, lead)
        if PARTICIPLE.match(value):
            if self._verb(words[-1], "on", ahead=False):
                return f"{_subject(words[:-1])} was {value}."
            return self._fill(self.phrase[0], name, value, lead)
        return self._fill(self.phrase[salt % len(self.phrase)], name, value, lead)

    def _verb(self, word: str, value: str, *, ahead: bool) -> str:
        if word in self.states:
            return self.states[word]
        if word not in self.done and not (
            word.endswith("ed") and value.split(maxsplit=1)[0].lower() in self.prepositions
        ):
            return ""
        if word in PLANS and not value[:1].isdigit():
            return f"is {word}"
        return f"will be {word}" if ahead else f"was {word}"

    @staticmethod
    def _before(value: str) -> str:
        return "for " if re.match(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", value, re.IGNORECASE) else ""

    @staticmethod
    def _fill(frame: str, name: str, value: str, lead: str) -> str:
        prep = "" if name.endswith(("date", "day")) else lead
        named = DAY_NAME.sub(lambda m: m.group().capitalize(), name)
        return (
            frame.replace("{key}", named).replace("{Key}", cap(named)).replace("{prep}", prep).replace("{value}", value)
        )


def _subject(words: Sequence[str]) -> str:
    return f"The {' '.join(words)}" if words else "It"
