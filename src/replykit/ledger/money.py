"""The room of sums and shares: "£40", "forty euros", "20 %", "half of what you paid"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from replykit.ledger.numbers import NUMBER, WORDS, value

SIGNS = {"£": "GBP", "€": "EUR", "$": "USD", "¥": "JPY", "₹": "INR", "zł": "PLN"}
NAMES = {
    "pound": "GBP", "quid": "GBP", "gbp": "GBP", "sterling": "GBP", "euro": "EUR", "eur": "EUR", "dollar": "USD", "usd": "USD", "buck": "USD",
    "franc": "CHF", "chf": "CHF", "krona": "SEK", "kronor": "SEK", "sek": "SEK", "krone": "NOK", "kroner": "NOK", "nok": "NOK", "dkk": "DKK",
    "zloty": "PLN", "pln": "PLN", "yen": "JPY", "rupee": "INR", "aud": "AUD", "cad": "CAD", "penny": "GBp", "pence": "GBp", "cent": "EURc",
    "point": "points", "mile": "miles", "kr": "SEK",
}  # fmt: skip
NAMED = "|".join(sorted(NAMES, key=len, reverse=True))
MONEY = re.compile(
    rf"(?:us|au|ca)?(?P<sign>[£€$¥₹]) ?(?P<a>\d{{1,3}}(?:[., ]\d{{3}})+(?:[.,]\d{{1,2}})?|\d+(?:[.,]\d{{1,2}})?)"
    rf"|(?<![\w.,])(?P<b>{NUMBER})[ -]?(?:loyalty |bonus |air |reward )?(?P<name>{NAMED})s?\b"
    rf"|(?<![\w.,])(?P<p>\d{{1,3}})p\b"
    rf"|(?<![\w.,])(?P<c>\d+(?:[.,]\d{{1,2}})?) ?(?P<tail>[£€]|zł)"
    rf"|\b(?P<lead>gbp|eur|usd|chf|sek|nok|dkk|pln|aud|cad) ?(?P<d>\d[\d.,]*\d|\d)"
)
SHARE = re.compile(
    rf"(?<![\w.,])(?P<n>\d{{1,3}}(?:[.,]\d+)?|{WORDS}) ?(?:%|per ?cent\b)"
    r"|\b(?P<half>half)[ -](?:the |of the |of what |of your |of it|your |price|off|back|refund|of the "
    r"price|what you|a refund)"
    r"|\b(?P<third>(?:a|one)[ -]third)\b|\b(?P<two>two[ -]thirds)\b|\b(?P<quarter>(?:a"
    r"|one)[ -]quarter)\b|\b(?P<three>three[ -]quarters)\b"
)
PERIOD = re.compile(
    rf"(?<![\w.,])(?P<n>a|an|{NUMBER}) (?P<free>(?:free|extra|additional|bonus|complimentary) )?"
    r"(?P<unit>month|week|day|night|year|session|lesson|class|ticket|meal|visit|print)(?:e?s)?\b(?P<after> (?:for )?free| extra)?"
)
UP_TO = re.compile(
    r"(?:up to|at most|no more than|maximum(?: of)?|max\.?|not more than|limit(?: of)?|capped at|to a "
    r"limit of|or less|ceiling of)[ \xa0](?:a |the )?$"
)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money or a share of a price, with where it stands; `ceiling` says that anything below it is granted too."""

    amount: float
    unit: str
    start: int
    end: int
    ceiling: bool = False

    @property
    def said(self) -> str:
        """The sum in one spelling."""
        return f"{self.amount:g}%" if self.unit == "%" else f"{self.amount:.2f} {self.unit}".replace(".00 ", " ")


@lru_cache(maxsize=4096)
def sums(text: str) -> tuple[Sum, ...]:
    """Every sum and share in a lower-cased text, in order within each kind."""
    return tuple(_sums(text))


def _sums(text: str) -> Iterator[Sum]:
    if any(sign in text for sign in "£€$¥₹") or any(c.isdigit() for c in text) or MONEY_WORD.search(text):
        for m in MONEY.finditer(text):
            if (found := _money(m)) is not None:
                yield found
    for m in SHARE.finditer(text):
        yield from _share(m)
    if "free" in text or "extra" in text or "bonus" in text or "additional" in text or "complimentary" in text:
        yield from _periods(text)


MONEY_WORD = re.compile(r"\b(?:pounds?|euros?|dollars?|pence|quid|francs?|kron\w+|points?)\b")


def _periods(text: str) -> Iterator[Sum]:
    """How many months, nights or lessons are given: a quantity like any sum."""
    for m in PERIOD.finditer(text):
        count = 1.0 if m["n"] in ("a", "an") else value(m["n"])
        if (m["free"] or m["after"]) and count is not None:
            yield Sum(count, f"{m['unit']}s", m.start(), m.end())


def _money(m: re.Match[str]) -> Sum | None:
    if m["p"]:
        return Sum(float(m["p"]) / 100, "GBP", m.start(), m.end())
    unit = SIGNS.get(m["sign"] or m["tail"] or "") or NAMES.get(m["name"] or m["lead"] or "", "")
    amount = value(m["a"] or m["b"] or m["c"] or m["d"] or "")
    if amount is None or not unit:
        return None
    if unit in ("GBp", "EURc"):
        amount, unit = amount / 100, "GBP" if unit == "GBp" else "EUR"
    return Sum(amount, unit, m.start(), m.end(), UP_TO.search(m.string, max(0, m.start() - 24), m.start()) is not None)


def _share(m: re.Match[str]) -> Iterator[Sum]:
    fixed = {"half": 50.0, "third": 100 / 3, "two": 200 / 3, "quarter": 25.0, "three": 75.0}
    amount = value(m["n"]) if m["n"] else next(share for name, share in fixed.items() if m[name])
    if amount is not None:
        end = m.end() if m["n"] else m.start() + len(m[0].rstrip())
        yield Sum(amount, "%", m.start(), end, UP_TO.search(m.string, max(0, m.start() - 24), m.start()) is not None)
