"""The verb `batch`: a file of complaints in, a file of drafts out, and the same command to go on after any end."""

from __future__ import annotations

import typer

from replykit.batch import KitSettings, Source, Summary, Terms, run_batch, run_waves
from replykit.batch.estimate import estimate
from replykit.batch.progress import progress
from replykit.cli import batch_options as options
from replykit.cli.options import BaseUrlOption, ModelOption, OfflineOption, PolicyOption, PromptsOption
from replykit.cli.output import console
from replykit.cli.settings import Settings
from replykit.cli.verbs import examples, room
from replykit.on_ray import run_on_ray

app = room()

EXAMPLES = examples(
    "replykit batch inbox.jsonl drafts.jsonl",
    "replykit batch inbox.csv drafts.jsonl --column id=ticket --column text=body --column customer.name=from",
    "replykit batch inbox.jsonl drafts.jsonl --model gpt-5-mini --dry-run",
    "replykit batch inbox.jsonl drafts.jsonl --model gpt-5-mini --provider-batch",
    "replykit batch s3://inbox/ s3://drafts/ --ray --format parquet --processes 16",
    "replykit batch inbox.parquet drafts.jsonl --model gpt-5-mini --budget '$20' --requests-per-minute 500",
)


@app.command("batch", epilog=EXAMPLES)
def batch(
    source: options.Source,
    target: options.Target,
    *,
    column: options.Column = None,
    kind: options.Kind = None,
    fields: options.Fields = None,
    concurrency: options.Concurrency = 64,
    processes: options.Processes = None,
    unordered: options.Unordered = False,
    fresh: options.Fresh = False,
    budget: options.Budget = None,
    requests_per_minute: options.Requests = None,
    tokens_per_minute: options.Tokens = None,
    cache: options.Cache = None,
    dry_run: options.DryRun = False,
    provider_batch: options.ProviderBatch = False,
    ray: options.OnRay = False,
    policy: PolicyOption = None,
    prompts: PromptsOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    offline: OfflineOption = False,
) -> None:
    """Draft a reply for every row of a file.

    Each row gets one line: the draft with the row's id, or the error. What is finished is kept in OUT.journal at once:
    after Ctrl-C, a crash or a power cut, the same command goes on where it was.
    """
    settings = _settings(Settings(model, base_url, policy, prompts, offline))
    terms = Terms(
        concurrency=concurrency, requests_per_minute=requests_per_minute, tokens_per_minute=tokens_per_minute,
        cache=cache, budget=budget, fields=_names(fields),
    )  # fmt: skip
    columns = options.pairs_of(column)
    if ray:
        run_on_ray(source, target, settings, terms, kind=kind, columns=columns, workers=processes or 2, fresh=fresh)
        return
    rows = Source(source, format=kind, columns=columns)
    if dry_run:
        _print(*estimate(rows, settings.open()).lines())
        return
    with progress(console(stderr=True)) as report:
        if provider_batch:
            done = run_waves(rows, target, settings, terms, fresh=fresh, report=report, say=_print)
        else:
            done = run_batch(
                rows, target, settings, terms, processes=processes, ordered=not unordered, fresh=fresh, report=report
            )
    raise typer.Exit(_told(done))


def _settings(settings: Settings) -> KitSettings:
    offline = settings.reason_offline
    mode = f"offline ({offline})" if offline else f"model {settings.model}"
    console(stderr=True).print(f"replykit: {mode}; policy: {settings.policy_file or 'built in'}", soft_wrap=True)
    return KitSettings(
        model=None if offline else settings.model,
        base_url=None if offline else settings.base_url,
        policy=settings.policy_file,
        prompts=settings.prompts,
    )


def _told(done: Summary) -> int:
    """0 when every row was drafted; 128 and the signal when one stopped it, as shells have it; else 1."""
    _print(*done.lines())
    if done.signal:
        return 128 + done.signal
    return 1 if done.errors or done.stopped else 0


def _names(fields: str | None) -> tuple[str, ...]:
    return tuple(name for name in (fields or "").split(",") if name)


def _print(*lines: str) -> None:
    err = console(stderr=True)
    for line in lines:
        err.print(line, soft_wrap=True)
