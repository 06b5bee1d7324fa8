"""The reading room of `tests/scenarios`: YAML and JSON lines in, rows with plain Python regular expressions out."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "scenarios"
PATTERN_KEYS = ("text_must", "text_must_not")
NUMBER_WORDS = dict(
    enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
) | {30: "thirty", 40: "forty", 48: "forty-eight", 50: "fifty", 60: "sixty", 90: "ninety"}
CURRENCIES = {
    "EUR": "€|EUR|euros?",
    "GBP": "£|GBP|pounds?|quid",
    "USD": r"\$|USD|dollars?",
    "CHF": "CHF|francs?|Franken",
}


class JsonLikeLoader(yaml.SafeLoader):
    """YAML whose scalars mean what they mean in JSON: dates stay text, and `on` is a key, not a truth value."""


JsonLikeLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":timestamp", ":bool"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
JsonLikeLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def number(digits: str) -> str:
    """A whole number in digits or in words."""
    word = NUMBER_WORDS.get(int(digits))
    return f"({digits}|{word})" if word else digits


def date(iso: str) -> str:
    """A day in the spellings that a British, American or continental reader would accept."""
    day = dt.date.fromisoformat(iso)
    d, m, name = day.day, day.month, day.strftime("%B")
    month = f"{name[:3]}({name[3:]}|t)?" if len(name) > 3 else name
    return (
        rf"({iso}|\b0?{d}(st|nd|rd|th)?\s+(of\s+)?{month}\b|\b{month}\.?\s+(the\s+)?0?{d}(st|nd|rd|th)?\b"
        rf"|\b0?{d}[./-]0?{m}\b|\b0?{m}/0?{d}\b)"
    )


def money(amount: str, code: str) -> str:
    """A sum with its currency before or after it."""
    signs, digits = CURRENCIES[code], amount.replace(",", "[,.]?")
    words = number(amount) if amount.isdigit() else digits
    return rf"(({signs})\s?{digits}(?![\d])|\b{words}([.,]00)?[\s-]?({signs}))"


TOKENS: dict[str, Callable[..., str]] = {
    "sorry": lambda: r"\b(sorry|apolog\w+|regret)\b",
    "date": date,
    "money": money,
    "percent": lambda n: rf"\b{number(n)}\s?(%|per ?cent)",
    "days": lambda n: rf"\b{number(n)}[-\s]+(working|business)[-\s]+days?\b",
    "hours": lambda n: rf"\b{number(n)}[-\s]+hours?\b",
    "weeks": lambda n: rf"\b{number(n)}[-\s]+weeks?\b",
    "n": number,
    "private": lambda: r"\b(DMs?|direct message|private(ly)?|message us|inbox|PM)\b",
    "short": lambda: r"\A[\s\S]{1,600}\Z",
    "calm-down": lambda: r"\bcalm (yourself )?down\b",
    "should-have": lambda: r"\byou should(n['’]t| not)? have \w+",
    "pays": lambda amount, code: (
        r"\b(we|I)(['’]ll| will|['’]ve| have| can| are| am)?\s+(?!not\b|never\b|cannot\b)(\w+\s+)?"
        r"(refund\w*|pay\w*|credit\w*|sen[dt]\w*|transfer\w*|giv\w+|approv\w+|grant\w*|compensat\w*)\s+(\w+\s+){0,5}"
        + money(amount, code)
    ),
    "guarantee": lambda: r"\b(we|I) (can )?(guarantee|promise) (you )?that\b|\b(is|are) guaranteed\b",
}
TOKEN = re.compile(r"\{(" + "|".join(TOKENS) + r")((?: [^{}\s]+)*)\}")


def expand(pattern: str) -> str:
    """A pattern with its tokens (`{date 2026-05-04}`, `{days 5}`, `{sorry}`) written out as regular expressions."""
    return TOKEN.sub(lambda m: TOKENS[m[1]](*m[2].split()), pattern)


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of one file, patterns written out."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    else:
        rows = yaml.load(text, Loader=JsonLikeLoader)  # a SafeLoader with fewer resolvers
    for row in rows:
        for key in PATTERN_KEYS:
            row[key] = [expand(pattern) for pattern in row.get(key, [])]
    return rows


def scenarios() -> Iterator[dict[str, Any]]:
    """Every scenario of every theme."""
    for path in sorted(FOLDER.glob("*.yaml")):
        yield from read(path)


def main() -> None:
    """Print all scenarios as JSON lines, for scorers that read nothing else."""
    for row in scenarios():
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
