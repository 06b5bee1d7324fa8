"""Names, items and references from outside, let through only when they look like what they claim to be."""

from __future__ import annotations

import re

NAME = re.compile(r"^[^\W\d_][\w.'’ -]*$", re.UNICODE)
ITEM = re.compile(r"^[\w.,'’&()/+% -]{2,60}$", re.UNICODE)
REFERENCE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9/-]{1,23}$")
COMMAND = re.compile(
    r"\b(ignore|instruct\w*|system|assistant|prompt|refund|free|promise\w*|guarantee\w*|pay|give|tell|say|write|reply|https?|www|code|discount|"
    r"policy|approve\w*|credit|http|select|drop|script|administrator)\b|\d{6,}",
    re.IGNORECASE,
)
SMALL_HEAD = re.compile(r"[,;(/]| - | – ")
SHOUTED = re.compile(r"\b[A-Z]{4,}\b")
UNITS = re.compile(r"^\d+\s*(x|pcs?|pieces?|nights?|weeks?|days?|hours?|l|kg|g|cm|mm|ml)\b", re.IGNORECASE)


def customer_name(raw: str | None) -> str:
    """A name fit for a greeting, or nothing: no handles, no addresses, no sentence in disguise."""
    name = " ".join((raw or "").split())
    words = name.split()
    if not NAME.match(name) or not 1 <= len(words) <= 6 or len(name) > 40 or COMMAND.search(name):
        return ""
    return name


def noun(raw: str | None) -> str:
    """An item as a noun phrase, cut at its first comma ("Heron table lamp"), or nothing."""
    text = " ".join((raw or "").split())
    head = SMALL_HEAD.split(text)[0].strip()
    if (
        not head
        or not ITEM.match(head)
        or COMMAND.search(head)
        or UNITS.match(head)
        or len(head.split()) > 6
        or head[0].isdigit()
    ):
        return ""
    return SHOUTED.sub(lambda m: m.group().lower(), head)


def reference(raw: str | None) -> str:
    """An order number that looks like one, or nothing."""
    text = (raw or "").strip()
    return text if REFERENCE.match(text) and any(ch.isdigit() for ch in text) else ""
