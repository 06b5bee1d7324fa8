"""How a customer's sentence is said back, read from `retell.yaml`: who becomes whom, what opens a sentence, what is left alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from replykit.errors import LibraryError
from replykit.library import Library
from replykit.normalise import lowered_pattern
from replykit.write.asides import Asides
from replykit.write.ellipsis import LeftOut

FILE = "retell.yaml"


@dataclass(frozen=True)
class Grammar:
    """What `retell.yaml` holds."""

    flip: dict[str, str]
    after_you: dict[str, str]
    object_after: frozenset[str]
    crowd: frozenset[str]
    before_verb: frozenset[str]
    base_after_would: frozenset[str]
    lower_first: frozenset[str]
    subjects: frozenset[str]
    time_openers: frozenset[str]
    openers: dict[str, list[tuple[str, ...]]]
    verbs: frozenset[str]
    services: frozenset[str]
    accounts: frozenset[str]
    never: re.Pattern[str]
    unquotable: re.Pattern[str]
    others: re.Pattern[str]
    asides: Asides
    ellipsis: LeftOut
    said: dict[tuple[str, frozenset[str]], str | None] = field(default_factory=dict, repr=False, compare=False)
    """Sentences that were said back before, each with the words that kept their capital."""

    @classmethod
    def from_library(cls, library: Library) -> Grammar:
        """Read and check the file; raises `LibraryError` naming what is missing."""
        raw, label = library.data(FILE), library.label(FILE)
        try:
            return cls(
                flip=_strings(raw["flip"]),
                after_you=_strings(raw["after_you"]),
                object_after=frozenset(map(str, raw["object_after"])),
                crowd=frozenset(raw["crowd"]),
                before_verb=frozenset(map(str, raw["before_verb"])),
                base_after_would=frozenset(map(str, raw["base_after_would"])),
                lower_first=frozenset(map(str, (*raw["lower_first"], *raw["subjects"], *raw["time_openers"]))) - {"i"},
                subjects=frozenset(map(str, raw["subjects"])),
                time_openers=frozenset(map(str, raw["time_openers"])),
                openers=_by_first_word(raw["drop_first"]),
                verbs=frozenset(map(str, raw["verbs"])),
                services=frozenset(map(str, raw["services"])),
                accounts=frozenset(map(str, raw["accounts"])),
                never=_any_of((*raw["never"], *raw["unquotable"])),
                unquotable=_any_of(raw["unquotable"]),
                others=re.compile(rf"\b(?:{'|'.join(raw['other_people'])})\b", re.IGNORECASE),
                asides=Asides.of(raw["asides"], raw["fillers"], raw["plainer"]),
                ellipsis=LeftOut.of(raw["left_out"]),
            )
        except KeyError as error:
            raise LibraryError(label, str(error.args[0]), "is missing; copy it from the shipped file") from None
        except re.error as error:
            raise LibraryError(
                label,
                "never, unquotable, asides, fillers or left_out",
                f"holds a pattern that is not a regular expression: {error}",
            ) from None


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """One pattern for a text in small letters."""
    return re.compile(lowered_pattern("|".join(f"(?:{p})" for p in patterns)))


def _strings(raw: dict[Any, Any]) -> dict[str, str]:
    return {str(k).lower(): str(v) for k, v in raw.items()}


def _by_first_word(openers: Sequence[object]) -> dict[str, list[tuple[str, ...]]]:
    """Openers by their first word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted((tuple(str(o).split()) for o in openers), key=len, reverse=True):
        found.setdefault(words[0], []).append(words)
    return found
