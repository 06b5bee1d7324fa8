"""The verb `insights`: what many complaints have in common, from drafts or from the complaints themselves."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from replykit.batch import Source
from replykit.batch.rows import Row, row_of
from replykit.cli import batch_options
from replykit.cli.batch_options import pairs_of
from replykit.cli.options import BaseUrlOption, JsonOption, ModelOption, OfflineOption, PolicyOption, PromptsOption
from replykit.cli.output import print_json, show, write_text
from replykit.cli.reading import STDIN
from replykit.cli.settings import Settings, open_kit
from replykit.cli.verbs import examples, room
from replykit.display.safe import printable
from replykit.errors import InputError
from replykit.insights import Seen, insights, insights_page, seen_complaint, seen_draft
from replykit.insights.table import insights_table
from replykit.kit import ReplyKit
from replykit.types import Complaint

app = room()

EXAMPLES = examples(
    "replykit insights inbox.jsonl",
    "replykit insights inbox.csv --column text=body --column received_at=date --html insights.html",
    "replykit insights drafts.jsonl --complaints inbox.jsonl --html insights.html",
    "replykit insights inbox.jsonl --json | jq '.repeats[] | select(.count > 3)'",
)


@app.command("insights", epilog=EXAMPLES)
def insights_(
    files: Annotated[
        list[str], typer.Argument(metavar="DATA…", help="Drafts as JSONL, or complaints as JSONL, CSV or Parquet.")
    ],
    *,
    complaints: Annotated[
        str | None,
        typer.Option(
            "--complaints",
            metavar="FILE",
            help="What the drafts answer, with the same ids: for dates, items and customers.",
        ),
    ] = None,
    column: batch_options.Column = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many of each sort to list.")] = 8,
    html: Annotated[str | None, typer.Option("--html", metavar="FILE", help="Write a page with charts.")] = None,
    as_json: JsonOption = False,
    policy: PolicyOption = None,
    prompts: PromptsOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    offline: OfflineOption = False,
) -> None:
    """Show what many complaints have in common, so that the roots can be mended.

    Causes, issues, items, requests, tones, stakes and strategies, week by week; what is rising, what comes again, and
    how many need a person. Give drafts from `batch` or `draft --jsonl`, or complaints, which are then read but not
    drafted.
    """  # fmt: skip
    settings = Settings(model, base_url, policy, prompts, offline)
    desk = Desk(pairs_of(column), cache(lambda: open_kit(settings)))
    if complaints:
        desk.know(complaints)
    seen = [one for name in files for one in desk.seen(name)]
    found = insights(seen, unread=desk.unread)
    if html:
        write_text(html, insights_page(found), "--html")
    if as_json:
        print_json(found)
    else:
        show(insights_table(found, top=top))


class Desk:
    """Reads rows into what insights count.

    Args:
        columns: Which column holds which field of a complaint.
        kit: Opens what reads complaints, when the first one comes that nobody has read.
    """

    def __init__(self, columns: Mapping[str, str], kit: Callable[[], ReplyKit]) -> None:
        self._columns, self._kit = columns, kit
        self._known: dict[str, Complaint] = {}
        self.unread = 0

    def know(self, path: str) -> None:
        """Take up the complaints that drafts answer."""
        for row in Source(path, columns=self._columns):
            if complaint := self._complaint(row):
                self._known[str(row.id)] = complaint

    def seen(self, path: str) -> Iterator[Seen]:
        """What each row of a file adds; a row that cannot be used is counted, and told on standard error."""
        source = Source(path, columns=self._columns)
        found = self._lines(path) if source.format == "jsonl" else map(self._read, source)
        yield from (one for one in found if one)

    def _lines(self, path: str) -> Iterator[Seen | None]:
        """JSONL may hold drafts, complaints, or both."""
        with nullcontext(sys.stdin.buffer) if path == STDIN else Path(path).open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield self._line(number, line)

    def _line(self, number: int, line: bytes) -> Seen | None:
        try:
            fields = _fields(line)
            if "classification" in fields:
                return seen_draft(fields, self._known.get(str(fields.get("id"))))
        except InputError as error:
            self._tell(number, str(error))
            return None
        return self._read(row_of(number, fields, self._columns))

    def _read(self, row: Row) -> Seen | None:
        complaint = self._complaint(row)
        return seen_complaint(self._kit(), complaint, str(row.id)) if complaint else None

    def _complaint(self, row: Row) -> Complaint | None:
        if row.error is not None:
            self._tell(row.number, row.error)
            return None
        try:
            return Complaint.model_validate_json(row.body)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            self._tell(row.number, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
            return None

    def _tell(self, number: int, problem: str) -> None:
        self.unread += 1
        print(printable(f"replykit: line {number}: {problem}"), file=sys.stderr)


def _fields(line: bytes) -> dict[str, Any]:
    """The object that a line holds.

    Raises:
        InputError: It holds none, or an error row of an earlier run.
    """
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"the line is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise InputError(f"the line holds a JSON {type(fields).__name__}, where an object belongs")
    if "error" in fields and "classification" not in fields:
        raise InputError(f"the row was not drafted: {fields['error']}")
    return fields
