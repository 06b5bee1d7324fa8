"""Telegrams as sentences: "Called twice." becomes "I called twice.", "Arrived in bits" becomes "It arrived in bits"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LeftOut:
    """What `retell.yaml` holds under `left_out`: for each subject that people leave out, the openings that need it."""

    openings: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def of(cls, left_out: Mapping[str, Sequence[str]]) -> LeftOut:
        """Compile the lists; raises `re.error` where one holds no regular expression."""
        return cls(
            tuple(
                (str(subject), re.compile(rf"^(?:{'|'.join(openings)})\b", re.IGNORECASE))
                for subject, openings in left_out.items()
            )
        )

    def filled(self, sentence: str) -> str:
        """The sentence with the subject that it lacks."""
        for subject, opening in self.openings:
            if opening.match(sentence):
                return f"{subject} {sentence[:1].lower()}{sentence[1:]}"
        return sentence
