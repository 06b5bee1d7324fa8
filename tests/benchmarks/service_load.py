"""How the drafting service stands up to 50 callers at once, with a model that fails one time in five.

    python tests/benchmarks/service_load.py [REQUESTS] [CONCURRENCY]

Prints answers a second, the spread of the waiting times, and how many replies were lost or hold something forbidden.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fault_server import serving
from services import FORBIDDEN, load, post, service, shaky


def main(total: int = 500, concurrency: int = 50) -> None:
    """Run the load and print the figures."""
    with serving() as faulty:
        script = faulty.script(shaky())
        settings = {"REPLYKIT_MODEL": "tiny-1", "OPENAI_BASE_URL": script.url, "OPENAI_API_KEY": "none"}
        with service("service", **settings) as running:
            began = time.monotonic()
            answers = load(
                lambda n: post(f"{running.url}/draft", {"text": f"Lamp {n} arrived broken and nobody answers me."}),
                total,
                concurrency=concurrency,
            )
            seconds = time.monotonic() - began
    waits = sorted(answer.seconds for answer in answers)
    texts = [answer.body["text"] for answer in answers if answer.status == 200]
    written = Counter(move["written_by"] for answer in answers if answer.status == 200 for move in answer.body["moves"])
    print(f"{total} requests, {concurrency} at a time: {seconds:.1f} s, {total / seconds:.1f} a second")
    print(f"waiting: median {waits[total // 2]:.2f} s, p95 {waits[int(total * 0.95)]:.2f} s, most {waits[-1]:.2f} s")
    print(f"questions to the model: {len(script.requests)}; moves by {dict(written)}")
    print(f"lost: {total - len(texts)}; with something forbidden: {sum(FORBIDDEN in text for text in texts)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
