"""Sums of money as numbers."""

from __future__ import annotations

import re

MONEY = re.compile(r"\d[\d.,]*")


def amounts_in(text: str) -> list[float]:
    """Every number in a text that could be a sum."""
    found = []
    for raw in MONEY.findall(text):
        digits = raw.rstrip(".,").replace(",", "")
        if digits.count(".") <= 1:
            found.append(float(digits))
    return found
