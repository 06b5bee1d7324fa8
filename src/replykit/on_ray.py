"""Many machines: replykit inside Ray Data, which reads, schedules, writes, resumes; the one room that imports ray."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.batch.desk import Desk, Terms
from replykit.batch.engine import OFFLINE_AHEAD
from replykit.batch.outcome import Job, Outcome
from replykit.batch.pool import Inside, Pool
from replykit.batch.rows import row_of
from replykit.batch.settings import KitSettings, identity
from replykit.errors import BatchError

if TYPE_CHECKING:
    from ray.data import Dataset

FORMATS = ("parquet", "jsonl", "csv")
ROUNDS = 8
"""An actor is handed so many rounds of questions at a time: waiting for the last costs little, and shares stay even."""
CHECKPOINT = ".checkpoint"
IDENTITY = "replykit.json"


class Drafter:
    """What `Dataset.map_batches` keeps on every worker: one kit, and the connections of its model.

    Takes and returns tables of pyarrow (`batch_format="pyarrow"`). To the columns of the input it adds `reply`,
    `subject`, `status`, `confidence`, `error`, and `draft`, all of it as JSON.

    Args:
        kit: The settings, as `KitSettings.sent()` makes them.
        terms: Concurrency, limits, cache, as `Terms.model_dump()` makes them; limits count for each actor.
        columns: Which column holds which field, as for `replykit.batch.Source`.

    Example:
        >>> dataset.map_batches(Drafter, fn_constructor_args=(KitSettings().sent(), {}, {}),
        ...     batch_format="pyarrow", batch_size=512, compute=ActorPoolStrategy(size=8))  # doctest: +SKIP
    """

    def __init__(
        self, kit: Mapping[str, Any], terms: Mapping[str, Any] | None = None, columns: Mapping[str, str] | None = None
    ) -> None:
        agreed = Terms.model_validate(terms or {})
        opened = KitSettings.model_validate(kit).open()
        desk = Desk(opened, agreed)
        self._columns = dict(columns or {})
        self._pool = Pool(
            lambda results: Inside(desk, results), 1, OFFLINE_AHEAD if opened.model is None else 2 * agreed.concurrency
        )

    def __call__(self, table: Any) -> Any:
        """The table with its drafts."""
        rows = [row_of(number, fields, self._columns) for number, fields in enumerate(table.to_pylist())]
        outcomes: dict[int, Outcome] = {row.number: Outcome(row.number, error=row.error) for row in rows if row.error}
        for row in (row for row in rows if not row.error):
            self._pool.give(Job(row.number, row.body))
            while not self._pool.has_room:
                self._collect(outcomes)
        while self._pool.under_way:
            self._collect(outcomes)
        return _with_columns(table, [outcomes[row.number] for row in rows])

    def _collect(self, outcomes: dict[int, Outcome]) -> None:
        outcomes.update((outcome.ticket, outcome) for outcome in self._pool.outcomes(1.0))


def draft_dataset(
    dataset: Dataset,
    kit: KitSettings | None = None,
    terms: Terms | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    workers: int = 2,
    cpus: float = 1.0,
) -> Dataset:
    """A dataset with the drafts of its rows; as everything in Ray Data it runs when it is read or written.

    Args:
        dataset: One complaint a row: `text`, and what else a complaint has.
        kit: How to draft.
        terms: Concurrency and cache for each worker; a budget cannot be shared between machines, and is refused.
        columns: Which column holds which field.
        workers: How many actors.
        cpus: Processors that each of them is given.

    Raises:
        BatchError: `terms` holds a budget.
    """
    terms = terms or Terms()
    if terms.budget is not None:
        raise BatchError("a budget cannot be kept across machines: leave it out, or use replykit batch without --ray")
    drafted: Dataset = dataset.map_batches(
        Drafter,
        fn_constructor_args=((kit or KitSettings()).sent(), terms.model_dump(mode="json"), dict(columns or {})),
        batch_format="pyarrow", batch_size=ROUNDS * terms.concurrency, num_cpus=cpus,
        compute=_ray_data().ActorPoolStrategy(size=workers),
    )  # fmt: skip
    return drafted


def run_on_ray(
    source: str,
    target: str,
    kit: KitSettings | None = None,
    terms: Terms | None = None,
    *,
    kind: str | None = None,
    columns: Mapping[str, str] | None = None,
    workers: int = 2,
    fresh: bool = False,
) -> None:
    """Draft everything that Ray Data can read into a folder of Parquet files that Ray Data can write, S3 included.

    It is resumed by Ray's own checkpoints, partition by partition: what was written is not drafted again. They need an
    id in every row that no other row has.

    Args:
        source: A file, a folder or a pattern; a path or a URI such as `s3://bucket/inbox/`.
        target: A folder, likewise.
        kit: How to draft.
        terms: As for `draft_dataset`.
        kind: `parquet`, `jsonl` or `csv`; None goes by the name.
        columns: Which column holds which field.
        workers: How many actors.
        fresh: Draft everything again, into the same folder.

    Raises:
        BatchError: Ray is not there, the format is not known, or the folder was begun with other settings.
    """
    data = _ray_data()
    kit, terms = kit or KitSettings(), terms or Terms()
    read = {"parquet": data.read_parquet, "jsonl": data.read_json, "csv": data.read_csv}.get(kind or _kind_of(source))
    if read is None:
        raise BatchError(f"{source}: what format is it? Give --format with one of {', '.join(FORMATS)}")
    place = _absolute(target)
    checkpoint = f"{place.rstrip('/')}{CHECKPOINT}"
    _agree(checkpoint, identity(kit.open(), kit, terms.fields), fresh=fresh)
    context = data.DataContext.get_current()
    before, context.checkpoint_config = context.checkpoint_config, _checkpoints(checkpoint, columns)
    try:
        drafted = draft_dataset(read(_absolute(source)), kit, terms, columns=columns, workers=workers)
        drafted.write_parquet(place)
    finally:
        context.checkpoint_config = before


def _with_columns(table: Any, outcomes: list[Outcome]) -> Any:
    drafts = [json.loads(outcome.draft) if outcome.draft else {} for outcome in outcomes]
    pa: Any = importlib.import_module("pyarrow")
    added = {
        **{
            name: ([d.get(key) for d in drafts], pa.string())
            for name, key in (("reply", "text"), ("subject", "subject"))
        },
        "status": ([d.get("status") for d in drafts], pa.string()),
        "confidence": ([d.get("confidence") for d in drafts], pa.float64()),
        "error": ([outcome.error for outcome in outcomes], pa.string()),
        "draft": ([outcome.draft.decode() or None for outcome in outcomes], pa.string()),
    }
    for name, (values, kind) in added.items():
        table = table.drop_columns([name]) if name in table.column_names else table
        table = table.append_column(name, pa.array(values, kind))
    return table


def _ray_data() -> Any:
    try:
        import ray.data
    except ImportError:
        raise BatchError("--ray needs Ray: pip install 'replykit[ray]'") from None
    return ray.data


def _checkpoints(path: str, columns: Mapping[str, str] | None) -> Any:
    from ray.data.checkpoint import CheckpointConfig

    name = (columns or {}).get("id", "id")
    return CheckpointConfig(name, path, delete_checkpoint_on_success=False)


def _absolute(path: str) -> str:
    return path if "://" in path else str(Path(path).absolute())


def _kind_of(path: str) -> str:
    name = path.rstrip("/*").lower()
    return next((kind for kind in FORMATS if name.endswith(f".{kind}")), "")


def _agree(checkpoint: str, wanted: Mapping[str, str], *, fresh: bool) -> None:
    """Write down what the drafts hang on beside the checkpoints, and refuse to go on with anything else."""
    fs: Any = importlib.import_module("pyarrow.fs")

    system, path = fs.FileSystem.from_uri(checkpoint)
    if fresh and system.get_file_info(path).type == fs.FileType.Directory:
        system.delete_dir(path)
    file = f"{path}.{IDENTITY}"
    known: dict[str, str] = {}
    if not fresh and system.get_file_info(file).is_file:
        with system.open_input_stream(file) as stream:
            known = json.loads(stream.read())
    changed = [f"{n} was {known.get(n)}, is {value}" for n, value in wanted.items() if known and known.get(n) != value]
    if changed:
        raise BatchError(
            f"{checkpoint} was begun with other settings ({'; '.join(changed)}): put them back, or --fresh"
        )
    system.create_dir(str(Path(path).parent), recursive=True)
    with system.open_output_stream(file) as stream:
        stream.write(json.dumps(dict(wanted)).encode())
