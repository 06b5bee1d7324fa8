"""Short wordings that several strategies draw on, read from `phrases.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from replykit.errors import LibraryError
from replykit.library import Library

FILE = "phrases.yaml"
VALUES: Mapping[str, Mapping[str, str]] = {
    "covered_above": {},
    "written_before": {},
    "written_often": {"ordinal": ""},
    "in_their_words": {"quote": ""},
    "told_before": {"told": ""},
    "our_notes": {"notes": ""},
    "somebody_senior": {},
    "reached_here": {},
    "reached_directly": {"contact": ""},
    "decide_alone": {},
}
"""Every phrase with the values that it may name."""


@dataclass(frozen=True)
class Phrases:
    """What `phrases.yaml` holds: for each place its wordings."""

    library: Library
    label: str
    wordings: Mapping[str, tuple[str, ...]]

    @classmethod
    def from_library(cls, library: Library) -> Phrases:
        """Read and check the file.

        Raises:
            LibraryError: A phrase is missing, is no list of wordings, or names a value that it does not get.
        """
        raw, label = library.data(FILE), library.label(FILE)
        known = cast("dict[str, object]", raw) if isinstance(raw, dict) else {}
        wordings = {name: _wordings(known, name, label) for name in VALUES}
        for name, options in wordings.items():
            for option in options:
                library.fill(option, f"{label}: {name}", VALUES[name])
        return cls(library, label, wordings)

    def __getitem__(self, name: str) -> tuple[str, ...]:
        """The wordings for one place."""
        return self.wordings[name]

    def fill(self, wording: str, **values: str) -> str:
        """A chosen wording with its values."""
        return self.library.fill(wording, self.label, values)


def _wordings(raw: Mapping[str, object], name: str, label: str) -> tuple[str, ...]:
    if name not in raw:
        raise LibraryError(label, name, "is missing; copy it from the shipped file")
    options = raw[name]
    wordings = (
        tuple(o for o in cast("list[object]", options) if isinstance(o, str) and o) if isinstance(options, list) else ()
    )
    if not wordings or len(wordings) < len(cast("list[object]", options)):
        raise LibraryError(label, name, "has to be a list of one wording or more; each begins with `- `")
    return wordings
