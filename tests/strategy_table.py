"""The table of all strategies, made from their files and from the golden drafts: run `python tests/strategy_table.py` to write it anew."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from golden import draft, rows

from replykit import ReplyKit
from replykit.types import Strategy

PAGE = Path(__file__).parents[1] / "prompts" / "strategies" / "README.md"
ASKED_FOR = (
    "acknowledge-feelings", "reflect-back", "take-their-side", "apologise-once", "personal-apology", "no-blame", "can-do",
    "offer-options", "single-remedy", "offer-alternative", "goodwill-gesture", "realistic-timeline", "explain-steps",
    "square-the-promise", "return-instructions", "hold-policy-kindly", "set-boundary", "close-politely", "establish-standing",
    "explain-escalation", "new-face", "answer-every-issue", "one-voice", "keep-informed", "plain-words", "thank-patience",
    "confirm-and-feedback", "follow-up", "check-in",
)  # fmt: skip
"""The moves that the five articles ask for, in the order in which a reader meets their reasons: feeling, remedy, limits, people, care."""
LONGEST = 260
"""Letters of an example; a longer passage ends with the last sentence that fits."""
HEAD = """# What a reply can do

Each row is a file of this folder. A reply makes the moves whose condition holds for its case, in the order of the files'
`order`; the example is a passage of a real offline draft, kept whole under `tests/golden/`. This page is made by
`python tests/strategy_table.py` from the files themselves, and a test sees to it that it is up to date.

| move | in a sentence | when | sources | an example |
| --- | --- | --- | --- | --- |
"""


@cache
def examples() -> dict[str, tuple[str, str]]:
    """For each move a passage and the golden draft that it stands in."""
    kit, found = ReplyKit(), dict[str, tuple[str, str]]()
    for name, row in rows().items():
        for move in draft(row, kit).moves:
            found.setdefault(move.strategy, (_passage(move.text), name))
    return found


def _passage(text: str) -> str:
    """A passage on one line, cut after a sentence where it is long."""
    line = " ".join(re.sub(r"^(\d)\. ", r"(\1) ", part) for part in text.split("\n"))
    kept = ""
    for sentence in re.findall(r".+?[.!?:](?:\s+|$)|.+$", line):
        if kept and len(kept) + len(sentence) > LONGEST:
            return kept.strip() + " …"
        kept += sentence
    return kept.strip().replace("|", "\\|")


def table(strategies: dict[str, Strategy]) -> Iterator[str]:
    """One row for each strategy: those that the articles ask for first, then those that a whole service needs besides."""
    others = [name for name in strategies if name not in ASKED_FOR]
    for name in (*ASKED_FOR, *others):
        strategy, (passage, page) = strategies[name], examples().get(name, ("", ""))
        sources = "; ".join(f"{s.article} {s.heading}" for s in strategy.sources)
        shown = f"{passage} ([{page}](../../tests/golden/{page}.txt))" if passage else "in no golden draft"
        yield f"| [{name}]({name}.md.j2) | {strategy.title} | {strategy.condition} | {sources} | {shown} |"


def page() -> str:
    """The whole page."""
    return HEAD + "\n".join(table(dict(ReplyKit().library.strategies))) + "\n"


def main() -> int:
    """Write it."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
