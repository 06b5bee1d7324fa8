"""Content words cut short, by which two phrases are seen to speak of the same thing."""

from __future__ import annotations

import re
from functools import lru_cache

ENDING = re.compile(r"(?:ing|ed|es|s|ly)$")
WORD = re.compile(r"[a-z]+|\d+")
STOP = frozenset(
    "a an the for of to in on or and with by at from that this it is are be as any no not we you your our their after before".split()
)


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """Content words cut to a crude stem, enough to see that two phrases speak of the same thing."""
    return frozenset(w if w.isdigit() else ENDING.sub("", w)[:8] for w in WORD.findall(text.lower()) if w not in STOP)


COMMON = stems(
    "send give pay refund return replace new full free charge price money order day week month year time one two three same again put take get make cost item card account you us it back out off up within working customer company service which was were has have had will can would not but all so"
)
"""Words that remedies and complaints share whatever they are about."""
