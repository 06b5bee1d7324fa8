"""Ray Data on a local cluster of two nodes: the drafts of a batch, and two workers beside one.

    python tests/benchmarks/ray_workers.py [ROWS] [TIMED]

To hold: the drafts of so many rows are those of `run_batch`; with the 300 ms endpoint and 16 questions at a time each,
two workers take at most 0.6 of the time of one.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import ray
from common import endpoint, write_rows
from ray.cluster_utils import Cluster

from replykit.batch import KitSettings, Terms, run_batch
from replykit.on_ray import draft_dataset


def same(rows: int, folder: Path) -> bool:
    """Whether Ray and a batch draft the same."""
    source = write_rows(folder / "in.jsonl", rows)
    run_batch(source, folder / "out.jsonl", KitSettings())
    wanted = {line.pop("id"): line for line in map(json.loads, (folder / "out.jsonl").open())}
    found = draft_dataset(ray.data.read_json(str(source)).repartition(8), workers=2).take_all()
    return {row["id"]: json.loads(row["draft"]) for row in found} == wanted


def timed(rows: int, workers: int, url: str, folder: Path) -> float:
    """Seconds for so many rows, actors' start included."""
    source = write_rows(folder / "timed.jsonl", rows)
    settings = KitSettings(model="fixed", base_url=url)
    begun = time.perf_counter()
    dataset = ray.data.read_json(str(source)).repartition(16).materialize()
    done = draft_dataset(dataset, settings, Terms(concurrency=16), workers=workers).take_all()
    assert len(done) == rows
    return time.perf_counter() - begun


def main(rows: int, count: int) -> None:
    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "object_store_memory": 150_000_000})
    nodes.add_node(num_cpus=2, object_store_memory=150_000_000)
    ray.init(address=nodes.address, log_to_driver=False, logging_level="ERROR")
    ray.data.DataContext.get_current().enable_progress_bars = False
    try:
        with tempfile.TemporaryDirectory() as name, endpoint() as served:
            print(f"{rows:,} rows, the same drafts as a batch: {same(rows, Path(name))}", flush=True)
            one, two = (timed(count, workers, served.url(300), Path(name)) for workers in (1, 2))
            told = f"one worker {one:.1f} s, two {two:.1f} s, two / one {two / one:.2f}"
            print(f"{count:,} rows at 300 ms: {told}   (to hold: 0.6)")
    finally:
        ray.shutdown()
        nodes.shutdown()


if __name__ == "__main__":
    main(*(int(n) for n in (sys.argv[1:] + ["5000", "2000"][len(sys.argv) - 1 :])))
