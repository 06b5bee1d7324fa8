"""Calls and tokens for one reply, beside the same job done the usual way: classify, draft, criticise, rewrite.

    python tests/benchmarks/tokens_and_calls.py [--environments FOLDER]

Tokens of questions are counted as bytes of the request by four, the same for all; what the endpoint saw counts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from common import Endpoint, child, endpoint, environment

ROWS = 64
PEERS = {"instructor": ("instructor",), "langchain": ("langchain-openai",)}


def seen(served: Endpoint, rows: int) -> tuple[float, float]:
    found = served.stats()
    return found["served"] / rows, found["prompt_bytes"] / 4 / rows


def main(folder: Path) -> None:
    print(f"{ROWS} replies                 calls a reply   tokens asked a reply")
    with endpoint() as served:
        served.stats()
        child(sys.executable, "endpoint_throughput.py", "run", served.url(0), ROWS, 16, 1)
        rows = {"replykit": seen(served, ROWS + 64)}  # its warm-up is 64 drafts too
        for name, packages in PEERS.items():
            child(environment(folder, name, *packages), "peers.py", name, served.url(0), ROWS, 16, "usual")
            rows[f"{name}, four calls"] = seen(served, ROWS + 1)
    ours = rows["replykit"]
    for name, (calls, tokens) in rows.items():
        ratios = f"{calls / ours[0]:.2f} calls, {tokens / ours[1]:.2f} tokens"
        print(f"{name:28} {calls:9.2f} {tokens:16.0f}   ÷ replykit: {ratios}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "replykit-peers")
    main(parser.parse_args().environments)
