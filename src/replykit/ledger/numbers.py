"""The room of numbers in words and digits. Written here: the libraries for it read one whole string and keep no offsets."""

from __future__ import annotations

import re

UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
TENS = {word: 10 * (i + 2) for i, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}
SCALES = {"hundred": 100, "thousand": 1000}
LOOSE = {"a": 1, "an": 1, "couple": 2, "dozen": 12, "half": 0.5, "fortnight": 14}
WORD = "(?:" + "|".join(sorted((*UNITS, *TENS, *SCALES), key=len, reverse=True)) + ")"
WORDS = rf"(?:(?:a |one )?(?:{WORD})(?:[ -](?:and )?{WORD}){{0,6}})"
DIGITS = r"(?:\d{1,3}(?:[., ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
NUMBER = rf"(?:{DIGITS}|{WORDS})"


def value(text: str) -> float | None:
    """The number that digits or words stand for; None where they stand for none."""
    text = text.strip().lower()
    if re.fullmatch(DIGITS, text):
        return _digits(text)
    return _words(text)


def _digits(text: str) -> float:
    tail = re.search(r"[.,](\d{1,2})$", text)
    whole = text[: tail.start()] if tail else text
    return float(re.sub(r"\D", "", whole) + ("." + tail[1] if tail else ""))


def _words(text: str) -> float | None:
    total, current, seen = 0.0, 0.0, False
    for word in re.split(r"[ -]+", text):
        if word in UNITS or word in TENS:
            current, seen = current + UNITS.get(word, TENS.get(word, 0)), True
        elif word in SCALES:
            current, seen = max(current, 1) * SCALES[word], True
            if word == "thousand":
                total, current = total + current, 0.0
        elif word in LOOSE:
            current, seen = current or LOOSE[word], True
        elif word != "and":
            return None
    return total + current if seen else None
