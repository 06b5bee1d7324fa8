"""Which facts say what is still to come, and which tell what has happened."""

from __future__ import annotations

import datetime as dt
import re

from replykit.types import FactValue

DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
LONGEST = 5
"""A phrase of more words tells more than a day."""
AHEAD_KEY = re.compile(r"(date|until|_by|when|due|eta|expected|ready|next)")


def is_ahead(key: str, value: FactValue, today: dt.date | None) -> bool:
    """Whether a fact is a day that is still to come, or a few words around one; where today is not known, whether its name speaks of one."""
    days = [value] if isinstance(value, dt.date) else _days(str(value))
    if not days or not (isinstance(value, dt.date) or len(str(value).split()) <= LONGEST):
        return False
    return max(days) > today if today else bool(AHEAD_KEY.search(key))


def _days(text: str) -> list[dt.date]:
    found = []
    for year, month, day in DAY.findall(text):
        try:
            found.append(dt.date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found
