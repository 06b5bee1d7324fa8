"""What people say around the facts, left out when their sentence is said back: comparisons, jokes, how they vented."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from replykit.normalise import lowered, lowered_pattern

REST = r"(?:(?! (?:and|but|so)\b)[^,;:])*"


@dataclass(frozen=True)
class Asides:
    """What `retell.yaml` holds under `asides`, `fillers` and `plainer`: passages to leave out, and plainer words for others."""

    leave_out: re.Pattern[str]
    fillers: re.Pattern[str]
    plainer: Mapping[str, str]
    words: re.Pattern[str]

    @classmethod
    def of(cls, asides: Sequence[str], fillers: Sequence[str], plainer: Mapping[str, str]) -> Asides:
        """Compile the lists; raises `re.error` where one holds no regular expression."""
        return cls(
            re.compile(lowered_pattern("|".join(f"(?:{p}{REST})" for p in asides))),
            re.compile("|".join(fillers), re.IGNORECASE),  # some of them see capitals
            {str(k).lower(): str(v) for k, v in plainer.items()},
            re.compile(lowered_pattern(rf"\b(?:{'|'.join(map(re.escape, plainer))})\b")),
        )

    def without(self, sentence: str) -> str:
        """The sentence without its asides and in plainer words."""
        bare = _replaced(self.leave_out, self.fillers.sub("", sentence), {})
        return _replaced(self.words, bare, self.plainer)


def _replaced(pattern: re.Pattern[str], sentence: str, instead: Mapping[str, str]) -> str:
    """The sentence with every match replaced by what stands for it, or by nothing; looked for in small letters, which is faster."""
    out: list[str] = []
    at = 0
    for m in pattern.finditer(lowered(sentence)):
        out += (sentence[at : m.start()], instead.get(m.group(), ""))
        at = m.end()
    return "".join((*out, sentence[at:])) if out else sentence
