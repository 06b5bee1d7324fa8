"""The room that finds the points of a message whose writer numbered them, with figures, letters or First and Second."""

from __future__ import annotations

import re

MARKS = (
    re.compile(r"(?:(?<=\s)|^)\(?(?P<n>[1-9])[.):](?=\s|[A-Z(])", re.MULTILINE),
    re.compile(r"(?:(?<=\s)|^)\(?(?P<n>[a-h])[.)](?=\s)", re.MULTILINE | re.IGNORECASE),
    re.compile(r"(?:^|(?<=[.!?:;,]\s)|(?<=\n))(?P<n>first|second|third|fourth|fifth|sixth)(?:ly)?(?: of all)?\b[,:]?(?! (?:of|time|day|week|one|order|e-?mail|letter|in))", re.MULTILINE | re.IGNORECASE),
)  # fmt: skip
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
FEWEST = 2


def enumerated(text: str) -> list[tuple[int, int]]:
    """The points of a numbered message as (start, end); none where nothing is numbered from the beginning on."""
    for pattern in MARKS:
        places: list[int] = []
        for match in pattern.finditer(text):
            if _rank(match["n"].lower()) == len(places):
                places.append(match.end())
        if len(places) >= FEWEST:
            return [(a, _end(text, a, b)) for a, b in zip(places, [*places[1:], len(text)], strict=True)]
    return []


def _rank(mark: str) -> int:
    if mark in ORDINALS:
        return ORDINALS.index(mark)
    return int(mark) - 1 if mark.isdigit() else ord(mark) - ord("a")


def _end(text: str, start: int, end: int) -> int:
    """A point ends with its line where points stand on lines of their own; else before the next mark."""
    newline = text.find("\n", start + 1, end)
    return newline if newline > start and text[start:newline].strip() else end
