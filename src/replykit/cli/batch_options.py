"""The flags of the verb `batch`, each worded once."""

from __future__ import annotations

from typing import Annotated

import typer

from replykit.errors import InputError

Source = Annotated[str, typer.Argument(metavar="IN", help="JSONL, CSV or Parquet; - for JSONL on standard input.")]
Target = Annotated[str, typer.Argument(metavar="OUT", help="JSONL, a line for each row; it appears when it is whole.")]
Column = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="FIELD=NAME", help="Which column holds a field. May be repeated."),
]
Kind = Annotated[
    str | None, typer.Option("--format", metavar="NAME", help="jsonl, csv or parquet; by the name if not given.")
]
Fields = Annotated[
    str | None,
    typer.Option("--fields", metavar="A,B,…", help="Fields of a draft to write, such as text,status; all by default."),
]
Concurrency = Annotated[int, typer.Option("--concurrency", min=1, max=10_000, help="Questions to the model at a time.")]
Processes = Annotated[
    int | None, typer.Option("--processes", min=1, help="Processes that draft; one a core offline. Actors with --ray.")
]
Unordered = Annotated[bool, typer.Option("--unordered", help="Write lines as they come.")]
Fresh = Annotated[bool, typer.Option("--fresh/--resume", help="Start over, or go on where an earlier run was.")]
Budget = Annotated[
    str | None, typer.Option("--budget", metavar="AMOUNT", help="Stop there: '$20' or '2000000 tokens'.")
]
Requests = Annotated[
    float | None, typer.Option("--requests-per-minute", metavar="N", min=0.1, help="Never ask more often.")
]
Tokens = Annotated[
    float | None, typer.Option("--tokens-per-minute", metavar="N", min=1, help="Never use more, read and written.")
]
Cache = Annotated[
    str | None, typer.Option("--cache", metavar="FOLDER", help="Keep answers there, and never pay for one twice.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would cost, and ask nobody.")]
ProviderBatch = Annotated[
    bool, typer.Option("--provider-batch", help="Use the provider's Batch API: half the price, within a day.")
]
OnRay = Annotated[
    bool, typer.Option("--ray", help="Draft on a Ray cluster; IN and OUT may be folders and S3 paths, OUT is Parquet.")
]


def pairs_of(column: list[str] | None) -> dict[str, str]:
    """The columns by field.

    Raises:
        InputError: One is not written as `FIELD=NAME`.
    """
    found = {}
    for pair in column or ():
        field, equals, name = pair.partition("=")
        if not (field and equals and name):
            raise InputError(f"--column {pair}: write it as FIELD=NAME, such as text=body")
        found[field] = name
    return found
