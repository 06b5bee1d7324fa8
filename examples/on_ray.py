"""The same on many machines: Ray Data reads, spreads the work, writes, and resumes.

Needs the extra `ray`. `python examples/on_ray.py` starts a cluster on this machine; with `RAY_ADDRESS=auto` it uses the
one that this machine is part of.
"""

from __future__ import annotations

import ray

from replykit.batch import KitSettings, Terms
from replykit.on_ray import draft_dataset

INBOX = [
    {"ticket": 1, "message": "The toaster I bought last week trips the fuse. I want my money back."},
    {"ticket": 2, "message": "My parcel was promised for Tuesday. It is Friday. Where is it?"},
]

if __name__ == "__main__":
    ray.init()
    # in earnest: ray.data.read_parquet("s3://inbox/2026-11/") and .write_parquet("s3://drafts/2026-11/")
    inbox = ray.data.from_items(INBOX)
    drafts = draft_dataset(inbox, KitSettings(), Terms(), columns={"id": "ticket", "text": "message"}, workers=2)
    for row in drafts.take_all():
        print(f"{row['ticket']}: {row['status']}\n{row['reply']}\n")
