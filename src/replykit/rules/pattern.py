"""The room of a compiled pattern: its regular expression, and the words without which it need not be tried."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

FILLERS = frozenset(
    "really simply just honestly frankly quite very actually unfortunately sadly regrettably absolutely certainly "
    "definitely clearly obviously perhaps also still now then already genuinely truly sincerely indeed totally "
    "completely entirely fully personally even ever probably possibly basically literally essentially too rather "
    "deeply terribly extremely awfully evidently surely merely plainly again so utterly seriously".split()
)
FILLER_MARK = "\xa0"
MARK_FILLERS = re.compile(r" (?=(?:" + "|".join(sorted(FILLERS, key=len, reverse=True)) + r")\b)")

IGNORES_CASE = re.compile(r"\(\?(i|im|mi)\)")
ESCAPES = re.compile(r"\\[A-Za-z]")
SAFE_GROUPS = re.compile(r"\(\?(?::|=|!|<=|<!)")

Needs = tuple[frozenset[str], ...]


class NotationError(ValueError):
    """A pattern cannot be read; the message says which part and what to write instead."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A compiled part of a pattern: its regular expression and the word sets that each have to be met."""

    regex: str
    needs: Needs = ()
    edge: str = ""  # branches that are only an end or a mark: they follow without a space


@dataclass(frozen=True)
class Pattern:
    """One pattern, compiled when it is first needed. `needs` are sets of words; a match holds one of each."""

    source: str
    regex: str
    needs: Needs = ()
    flags: int = 0
    view: str = ""
    signs: str = ""

    @property
    def at_line(self) -> bool:
        """Whether a match can begin only at the beginning of a line."""
        return self.regex.startswith(("(?im)^", "(?m)^")) and "|^" not in self.regex

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The regular expression, compiled on first use."""
        try:
            return re.compile(self.regex, self.flags)
        except re.error as error:
            raise NotationError(f"{self.source} is not a regular expression: {error}") from error

    @cached_property
    def small(self) -> re.Pattern[str] | None:
        """The same pattern for a text in small letters, where it minds no capitals; None where it does.

        `re` skips ahead to where a literal may begin, but not with IGNORECASE: four times as fast on long alternations.
        """
        flags = IGNORES_CASE.match(self.regex)
        bare = self.regex[flags.end() :] if flags else ""
        if not flags or ESCAPES.sub("", bare) != ESCAPES.sub("", bare).lower() or "(?" in SAFE_GROUPS.sub("", bare):
            return None
        return re.compile(bare, self.flags | (re.MULTILINE if "m" in flags[1] else 0))

    @cached_property
    def all_of(self) -> frozenset[str]:
        """The words that a passage must hold every one of."""
        return frozenset(word for need in self.needs if len(need) == 1 for word in need)

    @cached_property
    def one_of(self) -> tuple[frozenset[str], ...]:
        """The sets that a passage must hold one word of each."""
        return tuple(need for need in self.needs if len(need) > 1)

    def possible(self, words: frozenset[str] | set[str]) -> bool:
        """Whether a passage with these words can match at all."""
        return self.all_of <= words and not any(need.isdisjoint(words) for need in self.one_of)


def stem_key(word: str) -> str:
    """What a word with an open ending is looked up by."""
    return word[:4] + "*"


# How often a word turns up in a sentence of a reply, roughly, against a word that a list names once in a while.
OFTEN, FAIRLY, NOW_AND_THEN = 300, 60, 10
COMMON = {
    **dict.fromkeys(
        "one two time know new back number like way take see tell ring send let answer make reply told without thank more "
        "right wrong card look refund off because ask need must other say own dear again next last get left pay after order "
        "day message request policy account write am should how go open never asked keep post driver read good find called "
        "case gone today done until contact letter date name place first fault small made nothing anything".split(),
        NOW_AND_THEN,
    ),
    **dict.fromkeys(
        "been any all there what when just only please sorry here they them he she now up out no me".split(), FAIRLY
    ),
    **dict.fromkeys(
        "the a an to of and in on for is are be was were have has had it that this you your we our i my us not do did does "
        "will would can could with at by from if so as or but".split(),
        OFTEN,
    ),
}


def cost(words: frozenset[str]) -> int:
    """How often one of these words is met by chance."""
    return sum(COMMON.get(w, 1) for w in words)


def rarest(needs: Needs) -> frozenset[str]:
    """The set that is least often met by chance."""
    return min(needs, key=cost)
