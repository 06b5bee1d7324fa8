"""What people say around the facts, left out when their sentence is said back: comparisons, jokes, how they vented."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
            re.compile("|".join(f"(?:{p}{REST})" for p in asides), re.IGNORECASE),
            re.compile("|".join(fillers), re.IGNORECASE),
            {str(k).lower(): str(v) for k, v in plainer.items()},
            re.compile(rf"\b(?:{'|'.join(map(re.escape, plainer))})\b", re.IGNORECASE),
        )

    def without(self, sentence: str) -> str:
        """The sentence without its asides and in plainer words."""
        bare = self.leave_out.sub("", self.fillers.sub("", sentence))
        return self.words.sub(lambda m: self.plainer[m.group().lower()], bare)
