"""How much of what is wrong the check finds, how often it flags what is right, and what its second tier adds.

    python tests/benchmarks/check_quality.py [--show N] [--by-category] [--time]

Prints recall, precision, clean replies flagged and wrong offsets for the rules alone, the second tier alone and both,
on the fresh set beside the tests, on whole letters as good agents write them and on planted offences (`letters`), on
twenty offences and twenty look-alikes for each of ten categories (as hard as we could make them, labelled by category
only) and, where it is there, on the labelled development set, of which every third reply (by its number) is held to be
unseen. All sets share one format. A category that is reported only on passages labelled with something else is a
neighbour and counts neither way; advisory rules, which the sets do not label, are left out.
"""

from __future__ import annotations

import argparse
import collections
import json
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from replykit.check import Context, check
from replykit.library import Library
from replykit.paraphrase import Paraphrase
from replykit.rules import Reading
from replykit.types import Finding

ROOT = Path(__file__).parents[2]
FRESH = ROOT / "tests" / "fresh" / "checks.jsonl"
LETTERS = ROOT / "tests" / "fresh" / "letters.jsonl"
LOOKALIKES = ROOT / "tests" / "fresh" / "lookalikes.jsonl"
DEVELOPMENT = ROOT.parent / "shared" / "data" / "checks_dev.jsonl"
Row = dict[str, Any]
Finder = Callable[[Row], list[Finding]]


@dataclass
class Score:
    """Counts over one set: by category what was found, missed and reported wrongly; clean replies; offsets."""

    hits: collections.Counter[str] = field(default_factory=collections.Counter)
    misses: collections.Counter[str] = field(default_factory=collections.Counter)
    alarms: collections.Counter[str] = field(default_factory=collections.Counter)
    clean: int = 0
    flagged: int = 0
    adrift: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.hits.total() / max(self.hits.total() + self.misses.total(), 1)

    @property
    def precision(self) -> float:
        return self.hits.total() / max(self.hits.total() + self.alarms.total(), 1)

    def add(self, row: Row, findings: Iterable[Finding]) -> None:
        """Count one reply."""
        text, passages = row["text"], _passages(row)
        found: dict[str, list[Finding]] = collections.defaultdict(list)
        for f in findings:
            found[f.category].append(f)
            self.adrift += text[f.start : f.end] != f.quote
        labelled = [p for spans in passages.values() for p in spans if p[1] > p[0]]
        for category in passages:
            (self.hits if category in found else self.misses)[category] += 1
            if category not in found:
                self.examples.append(f"missed {row['id']} {category}: {_quote(text, passages[category])}")
        for category in found.keys() - passages.keys():
            if not all(any(f.start < end and start < f.end for start, end in labelled) for f in found[category]):
                self.alarms[category] += 1
                self.examples.append(f"false  {row['id']} {category}: {found[category][0].quote[:90]!r}")
        self.clean += not passages
        self.flagged += not passages and bool(found)

    def line(self, name: str) -> str:
        """One line of the table."""
        share = self.flagged / max(self.clean, 1)
        return (
            f"{name:24} recall {self.recall:.3f}  precision {self.precision:.3f}  "
            f"clean flagged {share:.3f} ({self.flagged}/{self.clean})  wrong offsets {self.adrift}"
        )


def _passages(row: Row) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = collections.defaultdict(list)
    for v in row["violations"]:
        start = row["text"].find(v["quote"])
        spans[v["category"]].append((start, start + len(v["quote"])))
    return spans


def _quote(text: str, spans: list[tuple[int, int]]) -> str:
    start, end = spans[0]
    return repr(text[start:end][:90])


def _context(row: Row) -> Context:
    given = row["context"]
    offers, deadlines = given.get("allowed_offers"), given.get("allowed_deadlines")
    return Context(
        customer_message=given.get("customer_message"),
        offers=None if offers is None else tuple(offers),
        deadlines=None if deadlines is None else tuple(deadlines),
        scope=given.get("scope", "fragment"),
    )


def finders() -> dict[str, Finder]:
    """The three ways to check a reply."""
    library = Library.load()
    advisory = [rule.id for rule in library.rules.values() if rule.advisory]
    rules, tier = library.rules.without(advisory), Paraphrase.from_library(library)

    def alone(row: Row) -> list[Finding]:
        return list(check(row["text"], rules, _context(row)))

    def second(row: Row) -> list[Finding]:
        return list(tier.findings(Reading(row["text"]), row["context"].get("customer_message")))

    def both(row: Row) -> list[Finding]:
        return list(check(row["text"], rules, _context(row), second=tier))

    return {"rules alone": alone, "second tier alone": second, "both": both}


def sets() -> dict[str, list[Row]]:
    """The labelled replies, by what they may be used for."""
    found = {"fresh": _rows(FRESH), "letters": _rows(LETTERS), "look-alikes": _rows(LOOKALIKES)}
    if DEVELOPMENT.is_file():
        rows = _rows(DEVELOPMENT)
        unseen = [r for r in rows if int(r["id"].rpartition("-")[2]) % 3 == 0]
        found |= {"development, seen": [r for r in rows if r not in unseen], "development, unseen": unseen}
    return found


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _by_category(scores: dict[str, Score]) -> None:
    categories = sorted({c for s in scores.values() for c in (*s.hits, *s.misses, *s.alarms)})
    for c in categories:
        labelled = next(s.hits[c] + s.misses[c] for s in scores.values())
        cells = "  ".join(f"{s.hits[c] / max(labelled, 1):.2f} ({s.alarms[c]})" for s in scores.values())
        print(f"    {c:18} {labelled:4} labelled   {cells}")


def _time(rows: list[Row]) -> None:
    """What the second tier costs on replies of about 120 words, read beforehand as the check has done."""
    started = time.perf_counter()
    tier = Paraphrase.from_library(Library.load())
    loaded = time.perf_counter() - started
    letters = [r["text"] for r in rows if r["context"].get("scope") == "reply"]
    readings = [Reading("\n\n".join(letters[i : i + 2])) for i in range(len(letters) - 1)]
    readings = [r for r in readings if 100 <= len(r.normal.text.split()) <= 140]
    spent = []
    for reading in readings * 5:
        sentences = reading.sentences
        started = time.perf_counter()
        tier(sentences, "")
        spent.append(time.perf_counter() - started)
    print(f"second tier: median {statistics.median(spent) * 1e3:.2f} ms on {len(readings)} replies of about 120 words")
    print(f"library with the second tier's files ready in {loaded * 1e3:.0f} ms")


def main() -> None:
    """Score every set in three ways."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--show", type=int, default=0, help="so many misses and false alarms on the fresh set")
    options.add_argument("--by-category", action="store_true", help="recall and (false alarms) per category")
    options.add_argument("--time", action="store_true", help="what the second tier costs")
    asked = options.parse_args()
    ways, replies = finders(), sets()
    for name, rows in replies.items():
        scores = {way: Score() for way in ways}
        for way, find in ways.items():
            for row in rows:
                scores[way].add(row, find(row))
        print(f"\n{name}: {len(rows)} replies")
        for way, score in scores.items():
            print("  " + score.line(way))
        if asked.by_category:
            _by_category(scores)
        if name == "fresh":
            print(*scores["both"].examples[: asked.show], sep="\n")
    if asked.time:
        _time(replies["fresh"])


if __name__ == "__main__":
    main()
