"""How fast a reply is checked: time per reply and per kB, and at start, beside `re` with one alternation of as many phrases.

check_speed.py [REPLIES]
Replies of about 120 words are put together from the sentences that the rule files allow. Each sentence carries a made-up
word, so that nothing which was read before is met again. Everything is measured in one run, on one core.
"""

from __future__ import annotations

import random
import re
import statistics
import string
import sys
import time
from collections.abc import Callable

from replykit.check import Context, check
from replykit.library import Library
from replykit.rules import RuleSet

WORDS = 120


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes on the processor."""
    start = time.process_time()
    work()
    return time.process_time() - start


def replies(rules: RuleSet, number: int) -> list[str]:
    """Made-up replies of about 120 words; the same ones every time."""
    chance = random.Random(7)
    clean = [e.text for rule in rules.values() for e in rule.examples("allow") if "\n" not in e.text]
    found = []
    for _ in range(number):
        parts: list[str] = []
        while sum(len(p.split()) for p in parts) < WORDS:
            odd = "".join(chance.choices(string.ascii_lowercase, k=8))
            head, _, tail = chance.choice(clean).rpartition(" ")
            parts.append(f"{head} {odd} {tail}")
        found.append(" ".join(parts))
    return found


def start_up() -> tuple[float, RuleSet]:
    """What it costs to have all rules ready, and the rules."""
    library = Library.load()
    names = library.files("rules", ".yaml")
    records = {library.label(name): library.data(name) for name in names}
    return seconds(lambda: RuleSet.build(records)), library.rules


def alternation(rules: RuleSet) -> tuple[float, re.Pattern[str]]:
    """One plain alternation with as many phrases as there are patterns, and what it costs to compile."""
    chance = random.Random(7)
    words = sorted(
        {w for rule in rules.values() for e in rule.examples("flag") for w in re.findall(r"[a-z]{3,}", e.text.lower())}
    )
    phrases = [" ".join(chance.choices(words, k=3)) for _ in range(sum(len(rule.patterns) for rule in rules.values()))]
    source = r"\b(?:" + "|".join(phrases) + r")\b"
    re.purge()
    return seconds(lambda: re.compile(source)), re.compile(source)


def checked(texts: list[str], rules: RuleSet) -> None:
    """Check some texts."""
    for text in texts:
        check(text, rules)


def growth(rules: RuleSet, reply: str) -> list[tuple[int, float]]:
    """Milliseconds per kB for texts from 1 kB to 1 MB, no two sentences of which are alike."""
    chance = random.Random(9)
    found = []
    for size in (1_000, 10_000, 100_000, 1_000_000):
        sentences = reply.split(". ")
        text = ""
        pieces: list[str] = []
        length = 0
        while length < size:
            piece = f"{chance.choice(sentences)} {''.join(chance.choices(string.ascii_lowercase, k=7))}. "
            pieces.append(piece)
            length += len(piece)
        text = "".join(pieces)[:size]
        rounds = max(1, 20_000 // size)
        spent = min(seconds(lambda: checked([text + str(n) for n in range(rounds)], rules)) for _ in range(2))  # noqa: B023  # it is called before the loop goes on
        found.append((size, spent / rounds / size * 1e6))
    return found


def main() -> None:
    """Print the figures."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    built, rules = start_up()
    compiled, plain = alternation(rules)
    print(f"{len(rules)} rules, {sum(len(r.patterns) for r in rules.values())} patterns")
    print(
        f"ready in {built * 1e3:.0f} ms; compiling one alternation of as many phrases: {compiled * 1e3:.0f} ms ({built / compiled:.1f}x)"
    )
    texts = replies(rules, number)
    first = seconds(lambda: check(texts[0], rules))
    for text in texts[: number // 2]:
        check(text, rules)
    rest = texts[number // 2 :]
    for name, context in (
        ("as a piece", Context()),
        ("as a whole reply", Context(scope="reply", customer_message="The kiln is cold and the glaze ran.")),
    ):
        spent = [seconds(lambda: check(text + " Yes.", rules, context)) for text in rest]  # noqa: B023  # it is called before the loop goes on
        print(
            f"{name}: median {statistics.median(spent) * 1e3:.2f} ms, p99 {sorted(spent)[int(len(spent) * 0.99)] * 1e3:.2f} ms"
        )
        rest = [text.replace(" the ", f" the {name[-1]}") for text in rest]
    beside = [seconds(lambda: list(plain.finditer(text.lower()))) for text in rest]  # noqa: B023  # it is called before the loop goes on
    print(
        f"the alternation alone: median {statistics.median(beside) * 1e3:.2f} ms; the very first check: {first * 1e3:.0f} ms"
    )
    for size, spent_per_kb in growth(rules, texts[1]):
        print(f"{size // 1000:5} kB: {spent_per_kb:.2f} ms per kB")


if __name__ == "__main__":
    main()
