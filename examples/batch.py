"""A backlog in, a file of drafts out, and the numbers: run it, press Ctrl-C half-way, run it again.

Run `python examples/batch.py [IN.jsonl] [OUT.jsonl]`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from replykit.batch import KitSettings, Summary, Terms, run_batch
from replykit.batch.progress import said

BACKLOG = [
    {"id": "T-1", "text": "The toaster I bought last week trips the fuse. Order T-5512. I want my money back."},
    {"id": "T-2", "text": "Nobody has answered my three e-mails about the missing shelf brackets."},
    {"id": "T-3", "text": "My parcel was promised for Tuesday. It is Friday. Where is it?"},
]


def main(source: Path, target: Path) -> Summary:
    """Draft every row, offline; name a model in `KitSettings` to have one write."""
    return run_batch(
        source,
        target,
        KitSettings(policy={"company": "Halden Home"}),
        Terms(fields=("text", "status", "reasons")),
        report=lambda summary: print(said(summary), file=sys.stderr),
    )


if __name__ == "__main__":
    folder = Path(tempfile.mkdtemp())
    (folder / "backlog.jsonl").write_text("".join(json.dumps(row) + "\n" for row in BACKLOG), encoding="utf-8")
    given = [Path(argument) for argument in sys.argv[1:]]
    inbox, drafts = given or (folder / "backlog.jsonl", folder / "drafts.jsonl")
    print("\n".join(main(inbox, drafts).lines()), f"\n\n{drafts}:\n{drafts.read_text(encoding='utf-8')}")
