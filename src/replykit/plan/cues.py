"""The planner's word lists, compiled once from `prompts/situation.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from replykit.errors import LibraryError
from replykit.library import Library
from replykit.normalise import lowered, lowered_pattern
from replykit.plan.beliefs import Beliefs

FILE = "situation.yaml"
CUES = (
    "boundary_set", "weighty", "changed_mind", "gives_back", "fault_words", "wants_refund", "wants_new", "wants_repair", "wants_money", "wants_end", "media_signs", "puts_to_us", "privacy_signs", "safety_signs", "public_signs", "conduct_signs", "two_voices", "plainly_fine", "own_case", "violence_signs", "direct_insults", "insult_words", "strong_praise", "was_said", "broken_word", "heated", "resolution_told", "promise", "jargon_grievance", "bereavement", "illness", "grave", "self_blame", "own_order", "blames_us",
    "agreed_fault", "gift_refused", "asks_above", "request", "nudge", "personal_remarks", "praise", "question", "automatic", "spam", "thanks_only", "irony",
)  # fmt: skip

REMEMBERED = 4096
UNSEEN = (-1, -1)


@dataclass(frozen=True)
class Cues:
    """What `situation.yaml` holds: one compiled pattern a cue, and the tables of near kinds, families and harm."""

    patterns: dict[str, re.Pattern[str]]
    near: dict[str, tuple[str, ...]]
    families: tuple[frozenset[str], ...]
    kin: tuple[frozenset[str], ...]
    harm: frozenset[str]
    reasons: dict[str, Any]
    asks: dict[str, frozenset[str]]
    wishes: dict[str, str]
    large_value: float
    very_large_value: float
    steering: frozenset[str]
    beliefs: Beliefs
    found: dict[tuple[str, str], tuple[int, int] | None] = field(default_factory=dict, repr=False, compare=False)
    """Where cues were found before: several steps ask for the same ones in the same message."""

    def find(self, name: str, text: str) -> str | None:
        """The passage that shows a cue, or None."""
        place = self.span(name, text)
        return text[slice(*place)].strip() if place else None

    def span(self, name: str, text: str) -> tuple[int, int] | None:
        """Where the passage stands that shows a cue, or None."""
        key = (name, text)
        place = self.found.get(key, UNSEEN)
        if place == UNSEEN:  # another thread may forget it between two looks, so it is held here
            match = self.patterns[name].search(lowered(text))
            place = match.span() if match else None
            if len(self.found) >= REMEMBERED:
                self.found.clear()
            self.found[key] = place
        return place

    def count(self, name: str, text: str) -> int:
        """How many passages show a cue."""
        return len({match.group() for match in self.patterns[name].finditer(lowered(text))})

    @classmethod
    def from_library(cls, library: Library) -> Cues:
        """Read and check the file.

        Raises:
            LibraryError: A list is missing, or one of its patterns is not a regular expression.
        """
        raw, label = library.data(FILE), library.label(FILE)
        try:
            return cls(
                patterns={name: _compile(raw["cues"][name], label, name) for name in CUES},
                near={kind: tuple(kinds) for kind, kinds in raw["near"].items()},
                families=tuple(frozenset(kinds) for kinds in raw["families"]),
                kin=tuple(frozenset(kinds) for kinds in raw["kin"]),
                harm=frozenset(raw["harm"]),
                reasons=dict(raw["reasons"]),
                asks={name: frozenset(words) for name, words in raw["asks"].items()},
                wishes={str(k): str(v) for k, v in raw["wishes"].items()},
                large_value=float(raw["large_value"]),
                very_large_value=float(raw["very_large_value"]),
                steering=frozenset(raw["steering"]),
                beliefs=Beliefs.from_library(library),
            )
        except KeyError as error:
            raise LibraryError(label, str(error.args[0]), "is missing; copy it from the shipped file") from None


def _compile(patterns: list[Any], label: str, name: str) -> re.Pattern[str]:
    try:
        return re.compile(lowered_pattern("|".join(f"(?:{p})" for p in patterns)), re.MULTILINE)
    except (re.error, TypeError) as error:
        raise LibraryError(
            label, f"cues.{name}", f"holds a pattern that is not a regular expression: {error}"
        ) from None
