"""Drafts on a real local Ray cluster of two nodes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_files import read_jsonl, records, write_jsonl

from replykit import BatchError
from replykit.batch import KitSettings, Terms, run_batch
from replykit.on_ray import draft_dataset, run_on_ray

pytest.importorskip("ray.data", reason="needs Ray: pip install 'replykit[ray]'")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Two nodes of one processor each."""
    import ray
    from ray.cluster_utils import Cluster

    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "object_store_memory": 100_000_000})
    nodes.add_node(num_cpus=2, object_store_memory=100_000_000)
    ray.init(address=nodes.address, log_to_driver=False, logging_level="ERROR")
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield
    ray.shutdown()
    nodes.shutdown()


def in_parts(folder: Path, rows: list[dict[str, object]], parts: int) -> Path:
    """Rows as Parquet files of a folder."""
    import pyarrow as pa
    from pyarrow import parquet

    folder.mkdir()
    for n in range(parts):
        parquet.write_table(pa.Table.from_pylist(rows[n::parts]), folder / f"{n}.parquet")
    return folder


def written(folder: Path) -> list[dict[str, object]]:
    """Every row of every Parquet file in a folder."""
    from pyarrow import parquet

    return [row for file in sorted(folder.glob("*.parquet")) for row in parquet.read_table(file).to_pylist()]


def test_the_drafts_are_those_of_a_batch(tmp_path: Path, cluster: None):
    """What comes out of Ray is, row for row, what `replykit batch` writes; a row that cannot be used has its error."""
    rows = [*records(40), {"id": "empty", "text": " "}]
    run_on_ray(str(in_parts(tmp_path / "in.parquet", rows, 4)), str(tmp_path / "out"))
    run_batch(write_jsonl(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl", KitSettings())
    wanted = {line.pop("id"): line for line in read_jsonl(tmp_path / "out.jsonl")}
    found = written(tmp_path / "out")
    assert {row["id"]: json.loads(row["draft"] or "null") for row in found if not row["error"]} == {
        name: draft for name, draft in wanted.items() if "error" not in draft
    }
    assert {row["id"]: row["error"] for row in found if row["error"]} == {"empty": wanted["empty"]["error"]}
    assert {row["id"]: row["reply"] for row in found} == {name: line.get("text") for name, line in wanted.items()}


def test_what_was_written_is_not_drafted_again(tmp_path: Path, cluster: None):
    """A second run over a longer input writes the new rows only."""
    run_on_ray(str(in_parts(tmp_path / "in.parquet", records(12), 2)), str(tmp_path / "out"))
    first = {file.name for file in (tmp_path / "out").glob("*.parquet")}
    more = tmp_path / "more.parquet"
    run_on_ray(str(in_parts(more, records(15), 3)), str(tmp_path / "out"))
    ids = [row["id"] for row in written(tmp_path / "out")]
    assert sorted(ids) == sorted(row["id"] for row in records(15))
    assert first <= {file.name for file in (tmp_path / "out").glob("*.parquet")}


def test_other_settings_are_refused(tmp_path: Path, cluster: None):
    """A folder that was begun with one policy is not continued with another, unless it is begun afresh."""
    source = str(in_parts(tmp_path / "in.parquet", records(4), 1))
    run_on_ray(source, str(tmp_path / "out"))
    other = KitSettings(policy={"company": "Fern & Oak"})
    with pytest.raises(BatchError, match=r"policy was .* is .*put them back, or --fresh"):
        run_on_ray(source, str(tmp_path / "out"), other)


def test_columns_are_mapped(tmp_path: Path, cluster: None):
    """A dataset with other names of columns is drafted under a mapping."""
    import ray

    dataset = ray.data.from_items([{"ticket": 7, "body": "My kettle broke."}])
    [row] = draft_dataset(dataset, columns={"id": "ticket", "text": "body"}, workers=1).take_all()
    assert (row["ticket"], row["status"] is not None, row["error"]) == (7, True, None)


def test_a_budget_is_refused():
    """What nobody could keep is not promised."""
    with pytest.raises(BatchError, match="a budget cannot be kept across machines"):
        draft_dataset(None, terms=Terms(budget=1.0))
