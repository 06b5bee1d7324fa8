"""The room of the numbers that must not be written out: cards, bank accounts, national ids, proved by their checksums."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.rules.phrase import Hit
from replykit.rules.reading import Reading
from replykit.rules.record import Rule

LONG_ENOUGH = re.compile(r"[0-9][0-9 .-]{4}")  # no number of interest is shorter, and few texts hold a longer one
RUN = re.compile(r"(?<![\w-])\d(?:[ .-]?\d){6,22}(?![\w])")
IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)")
NINO = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)")
SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
SORT_CODE = re.compile(
    r"(?<![\d-])\d{2}-\d{2}-\d{2}(?![\d-])(?=.{0,60}?(?<!\d)\d{8}(?!\d))"
    r"|(?<!\d)\d{8}(?!\d)(?=.{0,40}?(?<![\d-])\d{2}-\d{2}-\d{2}(?![\d-]))"
)
BANKING = re.compile(r"\b(?:account|sort code|bank|acc\.?|a/c)\b", re.IGNORECASE)
HARMLESS = re.compile(
    r"\b(?:track\w*|order|parcel|consignment|shipment|meter|isbn|ean|gtin|imei|serial|barcode|phone"
    r"|tel\w*|call\w*|ring|fax|reference|ref|ticket|booking|invoice|case|model|"
    r"part|article|sku|batch|lot|policy|membership|loyalty|voucher|gift|mpan|mprn|vin|container|airway"
    r"|awb|licen[cs]e|registration)\b(?: \w+){0,2}[ :#.]*$",
    re.IGNORECASE,
)
PERSONAL = re.compile(
    r"\b(?:social security|national insurance|national id\w*|identity (?:card|number)|id number"
    r"|passport|tax (?:id|number)|ssn|nino|bsn|personal number|nhs number|pesel|codice fiscale|aadhaar"
    r"|insurance number)\b[^.\n]{0,30}$",
    re.IGNORECASE,
)


def sensitive(rule: Rule, reading: Reading) -> Iterator[Hit]:
    """Every number of a card, an account or a person that the text spells out in full."""
    text = reading.normal.cased
    if LONG_ENOUGH.search(text) is None:
        return
    found: list[tuple[int, int]] = []
    for start, end in _candidates(text):
        if not any(a < end and start < b for a, b in found):
            found.append((start, end))
            yield Hit(rule, start, end)


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    for m in IBAN.finditer(text):
        if (end := _iban(m)) is not None:
            yield m.start(), end
    yield from (m.span() for m in NINO.finditer(text))
    yield from (m.span() for m in SSN.finditer(text))
    for m in RUN.finditer(text):
        digits = re.sub(r"\D", "", m[0])
        before = text[max(0, m.start() - 60) : m.start()]
        if (13 <= len(digits) <= 19 and digits[0] in "23456" and luhn(digits) and not HARMLESS.search(before)) or (
            7 <= len(digits) <= 14 and PERSONAL.search(before)
        ):
            yield m.span()
    for m in SORT_CODE.finditer(text):
        if BANKING.search(text[max(0, m.start() - 60) : m.end() + 60]):
            yield m.span()


def luhn(digits: str) -> bool:
    """Whether the last digit of a card number fits (ISO/IEC 7812-1)."""
    total = sum(int(d) if i % 2 == 0 else sum(divmod(int(d) * 2, 10)) for i, d in enumerate(reversed(digits)))
    return total % 10 == 0 and len(set(digits)) > 1


def _iban(m: re.Match[str]) -> int | None:
    """Where an IBAN ends, if its check digits fit (ISO 13616, modulo 97); trailing words are not part of it."""
    end = m.end()
    while end - m.start() >= 15:
        compact = m.string[m.start() : end].replace(" ", "")
        if 15 <= len(compact) <= 34 and int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1:
            return end
        end = m.string.rfind(" ", m.start(), end)
    return None
