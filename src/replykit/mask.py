"""What must not leave this machine, replaced by stand-ins that a model can repeat and that a reply may resolve."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from replykit.errors import LibraryError

STAND_IN = re.compile(r"\[?\b(?P<kind>[A-Z]{2,8})_(?P<number>\d{1,3})\b\]?", re.IGNORECASE)
"""A stand-in as models write it back: in brackets as it was sent, or with the brackets lost."""

CLOSE_DIGITS = re.compile(r"\d(?:[^\d\n]{0,6}\d){5}")
"""Six digits, each near the one before: no card, account, id or telephone number does without."""

BEFORE = 60
"""How many characters before a number may say what it is."""

KEYS = {"kind", "pattern", "check", "case", "words", "digits", "after", "not_after"}
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Finder:
    """One entry of `masks.yaml`, compiled."""

    kind: str
    pattern: re.Pattern[str]
    after: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    check: str | None
    words: tuple[str, ...]
    digits: bool

    def accepts(self, masker: Masker, match: re.Match[str]) -> Span | None:
        """What is to be hidden of a match: all of it, a part, or nothing."""
        span = match.span("value" if "value" in self.pattern.groupindex else 0)
        before = match.string[max(0, span[0] - BEFORE) : span[0]]
        if (self.after and not self.after.search(before)) or (self.not_after and self.not_after.search(before)):
            return None
        return CHECKS[self.check](masker, match, span) if self.check else span


class Masker:
    """Finds what is to be hidden; made once, from `prompts/masks.yaml`.

    Args:
        record: The parsed file.
        label: Its name for messages.

    Raises:
        LibraryError: An entry is broken.
    """

    def __init__(self, record: Mapping[str, Any], label: str = "prompts/masks.yaml") -> None:
        self._label = label
        try:
            self._parts: dict[str, str] = record["parts"]
            self._not_after = self._compiled("not_after", record["not_after"])
            self.show = frozenset(record["show"])
            self.iban: dict[str, int] = record["iban"]
            self.not_a_secret = frozenset(str(word).lower() for word in record["not_a_secret"])
            self._finders = tuple(self._finder(f"masks.{i}", entry) for i, entry in enumerate(record["masks"]))
        except KeyError as error:
            raise LibraryError(label, str(error.args[0]), "is missing; add it") from None

    def _compiled(self, key: str, source: str, *, case: bool = False) -> re.Pattern[str]:
        for name, part in self._parts.items():
            source = source.replace(f"<{name}>", part)
        try:
            return re.compile(source, 0 if case else re.IGNORECASE)
        except re.error as error:
            raise LibraryError(self._label, key, f"is not a regular expression: {error}") from None

    def _finder(self, key: str, entry: Any) -> Finder:
        if not isinstance(entry, dict) or not {"kind", "pattern"} <= set(entry) <= KEYS:
            raise LibraryError(self._label, key, f"needs kind and pattern; known keys: {', '.join(sorted(KEYS))}")
        if entry.get("check") not in {None, *CHECKS}:
            raise LibraryError(self._label, f"{key}.check", f"is {entry['check']!r}; use one of {', '.join(CHECKS)}")
        after = entry.get("after")
        return Finder(
            kind=entry["kind"],
            pattern=self._compiled(f"{key}.pattern", entry["pattern"], case=bool(entry.get("case"))),
            after=self._compiled(f"{key}.after", after) if after else None,
            not_after=self._not_after if entry.get("not_after") else None,
            check=entry.get("check"),
            words=tuple(entry.get("words", ())),
            digits=bool(entry.get("digits")),
        )

    def mask(self, *, keep: Collection[str] = ()) -> Mask:
        """A mask for one case.

        Args:
            keep: Texts of the business, such as its contacts and the order's number: what stands in them stays.
        """
        return Mask(self, keep=keep)

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """What is to be hidden in a text, in order and without overlaps: start, end, kind."""
        found: list[tuple[int, int, str]] = []
        for finder in self._candidates(text):
            for match in finder.pattern.finditer(text):
                span = finder.accepts(self, match)
                if span and not any(span[0] < end and start < span[1] for start, end, _ in found):
                    found.append((*span, finder.kind))
        return sorted(found)

    def _candidates(self, text: str) -> Iterator[Finder]:
        """The finders that could find something at all."""
        small = text.lower()
        digits = CLOSE_DIGITS.search(text) is not None
        for finder in self._finders:
            if (digits or not finder.digits) and (not finder.words or any(word in small for word in finder.words)):
                yield finder


class Mask:
    """The stand-ins of one case: the same value has the same stand-in in every text, as long as the mask lives.

    A stand-in looks like `[EMAIL_1]`: models repeat it as it is, and the rule on open slots finds one that was left.

    Example:
        >>> mask = Masker(library.data("masks.yaml")).mask()  # doctest: +SKIP
        >>> mask.hide("I am at ana@example.org")  # doctest: +SKIP
        'I am at [EMAIL_1]'
    """

    def __init__(self, masker: Masker, *, keep: Collection[str] = ()) -> None:
        self._masker = masker
        self._keep = self._values_in(keep)
        self._stand_ins: dict[tuple[str, str], str] = {}
        self._values: dict[str, str] = {}

    def hide(self, text: str) -> str:
        """The text with a stand-in for everything that must not leave the machine."""
        parts, at = [], 0
        for start, end, kind in self._masker.spans(text):
            value = text[start:end]
            if kind in self._masker.show and _bare(value) in self._keep:
                continue
            parts += [text[at:start], self._stand_in(kind, value, text)]
            at = end
        return "".join([*parts, text[at:]]) if parts else text

    def _values_in(self, texts: Collection[str]) -> frozenset[str]:
        """What a business names in its texts, or as a text of its own."""
        found = {_bare(text) for text in texts}
        for text in texts:
            found |= {_bare(text[start:end]) for start, end, _ in self._masker.spans(text)}
        return frozenset(found)

    def _stand_in(self, kind: str, value: str, text: str) -> str:
        key = kind, _bare(value)
        if key not in self._stand_ins:
            number = 1
            while f"{kind}_{number}" in self._values or f"{kind}_{number}" in text:
                number += 1
            self._values[f"{kind}_{number}"] = value
            self._stand_ins[key] = f"[{kind}_{number}]"
        return self._stand_ins[key]

    def restore(self, text: str, allowed: Collection[str] = ()) -> str:
        """The text with those values put back that a reply may show.

        Args:
            text: What a model wrote.
            allowed: Texts of the business; a hidden e-mail address or phone number that stands in one of them comes
                back. Everything else stays hidden, and card numbers, accounts, ids and passwords always do.
        """
        if not self._values:
            return text
        granted = self._values_in(allowed)

        def back(match: re.Match[str]) -> str:
            kind = match["kind"].upper()
            value = self._values.get(f"{kind}_{match['number']}")
            shown = value is not None and kind in self._masker.show and _bare(value) in granted
            return value if shown and value is not None else match[0]

        return STAND_IN.sub(back, text)

    def left_in(self, text: str) -> tuple[str, ...]:
        """The stand-ins of this mask that a text still holds, with their brackets or without."""
        names = (f"{m['kind'].upper()}_{m['number']}" for m in STAND_IN.finditer(text))
        return tuple(name for name in names if name in self._values)


def _bare(value: str) -> str:
    """A value as it is compared: without the signs between its digits, in small letters."""
    return re.sub(r"[^\w@]", "", value).lower()


def _digits(value: str) -> list[int]:
    return [int(c) for c in value if c.isdecimal()]


# ---------------------------------------------------------------- checks


def luhn(digits: list[int]) -> bool:
    """The checksum of cards and of several national ids (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * d, 10)) for d in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _card(_masker: Masker, match: re.Match[str], span: Span) -> Span | None:
    """The lengths and first digits that the card schemes issue, which a device's serial number does not have."""
    digits = _digits(match[0])
    first, two, size = digits[0], digits[0] * 10 + digits[1], len(digits)
    issued = {13: first == 4, 14: two in {30, 36, 38, 39}, 15: two in {34, 37}, 16: first in {2, 3, 4, 5, 6}}
    return span if issued.get(size, first in {4, 5, 6}) and luhn(digits) else None


def _iban(masker: Masker, match: re.Match[str], span: Span) -> Span | None:
    """As long as its country's accounts are; with a wrong checksum only where the word is said (ISO 13616)."""
    size = masker.iban.get(match[0][:2].upper())
    places = [i for i, c in enumerate(match[0]) if c.isalnum()]
    if size is None or len(places) < size:
        return None
    end = places[size - 1] + 1
    if match.string[match.start() + end : match.start() + end + 1].isalnum():
        return None
    account = re.sub(r"\W", "", match[0][:end]).upper()
    number = "".join(str(int(c, 36)) for c in account[4:] + account[:4])
    said = "iban" in match.string[max(0, match.start() - 20) : match.start()].lower()
    return (span[0], span[0] + end) if said or int(number) % 97 == 1 else None


def _secret(masker: Masker, match: re.Match[str], span: Span) -> Span | None:
    """What follows the word for a password and looks like one, rather than like the rest of the sentence."""
    value = match["value"].rstrip(".,;:!?'’")
    if not value or value.lower() in masker.not_a_secret:
        return None
    link = match["link"].strip(" ,(")
    mixed = (
        bool(re.search(r"\d", value)) or bool(re.search(r"[^\w'’.-]", value)) or bool(re.search(r"[a-z][A-Z]", value))
    )
    rest = match.string[span[0] + len(value) :]
    ends = not rest.strip() or rest.lstrip()[:1] in ".,;:!?)\n" or rest.startswith("\n")
    if mixed or (link and (match["quote"] or link[-1] in ":=" or ends)) or (match["quote"] and match["quote"] != "("):
        return span[0], span[0] + len(value)
    return None


def _id(_masker: Masker, match: re.Match[str], span: Span) -> Span | None:
    """Behind the name of a document: as many digits as documents have."""
    return span if len(_digits(match.string[span[0] : span[1]])) >= 5 else None


def _dni(_masker: Masker, match: re.Match[str], span: Span) -> Span | None:
    """The control letter of Spanish ids."""
    bare = re.sub(r"\W", "", match[0]).upper()
    number = int(bare[:-1].translate(str.maketrans("XYZ", "012")))
    return span if "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] == bare[-1] else None


def _nir(_masker: Masker, match: re.Match[str], span: Span) -> Span | None:
    """The control number of French ids."""
    bare = re.sub(r"\W", "", match[0]).upper().replace("2A", "19").replace("2B", "18")
    return span if 97 - int(bare[:13]) % 97 == int(bare[13:15]) else None


def _personnummer(_masker: Masker, match: re.Match[str], span: Span) -> Span | None:
    """Ids written with their own signs; the form with six digits in front must also begin with a date or add up."""
    if "." in match[0]:
        return span
    digits = _digits(match[0])
    day, month = int(match[0][:2]), int(match[0][2:4])
    dated = (1 <= day <= 31 and 1 <= month <= 12) or (1 <= month <= 12 and 1 <= int(match[0][4:6]) <= 31)
    return span if dated and (len(digits) < 10 or luhn(digits)) else None


def _phone(_masker: Masker, match: re.Match[str], span: Span) -> Span | None:
    """As many digits as a number that can be called has (ITU-T E.164), and not a date."""
    value = match.string[span[0] : span[1]]
    return (
        span
        if 7 <= len(_digits(value)) <= 15 and not re.search(r"\b(?:19|20)\d\d[-./]\d\d?[-./]\d\d?\b", value)
        else None
    )


CHECKS: dict[str, Callable[[Masker, re.Match[str], Span], Span | None]] = {
    "card": _card,
    "iban": _iban,
    "secret": _secret,
    "id": _id,
    "dni": _dni,
    "nir": _nir,
    "personnummer": _personnummer,
    "phone": _phone,
}
