"""Which facts say what is still to come, and which tell what has happened."""

from __future__ import annotations

import datetime as dt
import re

from replykit.types import FactValue

AHEAD_KEY = re.compile(r"(date|until|_by|when|due|eta|expected|ready|next)")


def is_ahead(key: str, value: FactValue, today: dt.date | None) -> bool:
    """Whether a fact is a day that is still to come; where today is not known, whether its name speaks of one."""
    day = value if isinstance(value, dt.date) else _day(str(value))
    if day is None:
        return False
    return day > today if today else bool(AHEAD_KEY.search(key))


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
