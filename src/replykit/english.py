"""Small pieces of English grammar: lists, numbers, dates, first letters. Used as filters in the wording files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b(?:T[\d:.]+Z?)?")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def join(items: Sequence[str], last: str) -> str:
    """`a, b <last> c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def and_join(items: Sequence[str]) -> str:
    """Clauses or nouns as one list; long or comma-bearing ones keep a comma before the `and`."""
    heavy = any("," in item or len(item.split()) > 6 for item in items)
    return join(items, ", and" if heavy and len(items) > 1 else "and").replace(" , and", ", and")


def that_join(items: Sequence[str]) -> str:
    """`a, that b and that c`, to follow a "that"."""
    return and_join([items[0], *(f"that {item}" for item in items[1:])]) if items else ""


def or_we_can(items: Sequence[str]) -> str:
    """`do a, or we can do b`, to follow a "we can"."""
    return join(list(items), "or we can") if len(items) < 2 else ", or we can ".join(items)


def cap(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def uncap(text: str) -> str:
    """The text with a small first letter, unless it begins with a name, an abbreviation or `I`."""
    first = re.split(r"[\s'’]", text, maxsplit=1)[0]
    if first in ("I", "") or (not first.istitle() and not first.islower()):
        return text
    return text[:1].lower() + text[1:]


def after(text: str) -> str:
    """The text with a space before it, or nothing."""
    return f" {text}" if text else ""


def after_space(text: str) -> str:
    """The text with a space after it, or nothing."""
    return f"{text} " if text else ""


def sentences(items: Sequence[str]) -> str:
    """Sentences one after the other."""
    return " ".join(cap(item) for item in items)


def bare(text: str) -> str:
    """A time clause without the comma that leads it in."""
    return text.removeprefix(",")


def in_words(number: int) -> str:
    """`3` as `three`; digits beyond ten."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


def ordinal(number: int) -> str:
    """`3` as `third`; digits beyond ten."""
    return ORDINALS[number] if 0 < number < len(ORDINALS) else f"{number}th"


def day(value: dt.date, near: dt.date | None = None) -> str:
    """`8 December`, with the year where it is another than that of `near`."""
    year = f" {value.year}" if near and value.year != near.year else ""
    return f"{value.day} {MONTHS[value.month - 1]}{year}"


def humanise_dates(text: str, near: dt.date | None = None) -> str:
    """ISO dates in a text as people write them."""

    def spell(match: re.Match[str]) -> str:
        try:
            return day(dt.date(*map(int, match.groups())), near)
        except ValueError:
            return match.group()

    return ISO_DATE.sub(spell, text)


FILTERS: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (and_join, that_join, or_we_can, cap, uncap, after, after_space, sentences, bare, in_words, ordinal)
}
