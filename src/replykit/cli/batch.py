"""The verb `batch`: a file of complaints in, a file of drafts out, and the same command to go on after any end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from replykit.batch import KitSettings, Source, Summary, Terms, run_batch
from replykit.batch.estimate import estimate
from replykit.batch.progress import progress
from replykit.cli.options import BaseUrlOption, ModelOption, OfflineOption, PolicyOption, PromptsOption
from replykit.cli.output import console
from replykit.cli.settings import Settings
from replykit.cli.verbs import examples, room
from replykit.errors import InputError

app = room()

EXAMPLES = examples(
    "replykit batch inbox.jsonl drafts.jsonl",
    "replykit batch inbox.csv drafts.jsonl --column id=ticket --column text=body --column customer.name=from",
    "replykit batch inbox.jsonl drafts.jsonl --model gpt-5-mini --dry-run",
    "replykit batch inbox.parquet drafts.jsonl --model gpt-5-mini --budget '$20' --requests-per-minute 500",
)


@app.command("batch", epilog=EXAMPLES)
def batch(
    source: Annotated[str, typer.Argument(metavar="IN", help="JSONL, CSV or Parquet; - for JSONL on standard input.")],
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="JSONL, a line for each row; it appears when it is whole.")
    ],
    *,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="FIELD=NAME", help="Which column holds a field. May be repeated."),
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="jsonl, csv or parquet; by the name if not given.")
    ] = None,
    fields: Annotated[
        str | None,
        typer.Option(
            "--fields", metavar="A,B,…", help="Fields of a draft to write, such as text,status; all if not given."
        ),
    ] = None,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=10_000, help="Questions to the model at a time.")
    ] = 64,
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, help="Processes that draft; one a core offline.")
    ] = None,
    unordered: Annotated[bool, typer.Option("--unordered", help="Write lines as they come.")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Start over, or go on where an earlier run was.")
    ] = False,
    budget: Annotated[
        str | None, typer.Option("--budget", metavar="AMOUNT", help="Stop there: '$20' or '2000000 tokens'.")
    ] = None,
    requests_per_minute: Annotated[
        float | None, typer.Option("--requests-per-minute", metavar="N", help="Never more.")
    ] = None,
    tokens_per_minute: Annotated[
        float | None, typer.Option("--tokens-per-minute", metavar="N", help="Never more.")
    ] = None,
    cache: Annotated[
        str | None, typer.Option("--cache", metavar="FOLDER", help="Keep answers there, and never pay for one twice.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would cost, and ask nobody.")] = False,
    policy: PolicyOption = None,
    prompts: PromptsOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    offline: OfflineOption = False,
) -> None:
    """Draft a reply for every row of a file.

    Each row gets one line: the draft with the row's id, or the error. What is finished is kept in OUT.journal at once:
    after Ctrl-C, a crash or a power cut, the same command goes on where it was. Ctrl-C once finishes what was begun.
    """
    settings = _settings(Settings(model, base_url, policy, prompts, offline))
    rows = Source(source, format=kind, columns=_pairs(column))
    if dry_run:
        _print(estimate(rows, settings.open()).lines())
        return
    terms = Terms(
        concurrency=concurrency, requests_per_minute=requests_per_minute, tokens_per_minute=tokens_per_minute,
        cache=cache, budget=budget, fields=tuple(filter(None, (fields or "").split(","))),
    )  # fmt: skip
    with progress(console(stderr=True)) as report:
        done = run_batch(
            rows, target, settings, terms, processes=processes, ordered=not unordered, fresh=fresh, report=report
        )
    _print(done.lines())
    raise typer.Exit(_code(done))


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


def _code(done: Summary) -> int:
    """0 when every row was drafted; 128 and the signal when one stopped it, as shells have it; else 1."""
    if done.signal:
        return 128 + done.signal
    return 1 if done.errors or done.stopped else 0


def _pairs(columns: list[str] | None) -> dict[str, str]:
    found = {}
    for pair in columns or ():
        field, equals, name = pair.partition("=")
        if not (field and equals and name):
            raise InputError(f"--column {pair}: write it as FIELD=NAME, such as text=body")
        found[field] = name
    return found


def _print(lines: list[str]) -> None:
    err = console(stderr=True)
    for line in lines:
        err.print(line, soft_wrap=True)
