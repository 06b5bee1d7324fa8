"""The verb `review`: a reply that a person wrote, held against what the complaint asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from replykit.cli.options import (
    BaseUrlOption,
    ChannelOption,
    JsonlOption,
    JsonOption,
    ModelOption,
    OfflineOption,
    PolicyOption,
    PromptsOption,
)
from replykit.cli.output import plain, print_json, print_lines, show
from replykit.cli.reading import Row, Unusable, complaint_from, complaint_of, rows, text_from
from replykit.cli.settings import Settings, open_kit
from replykit.cli.verbs import examples, room
from replykit.display.coaching import review_page
from replykit.errors import InputError, ReplyKitError
from replykit.kit import ReplyKit

app = room()

EXAMPLES = examples(
    "replykit review complaint.txt reply.txt",
    "replykit review complaint.json - --json < reply.txt",
    "replykit review sent.jsonl --jsonl > reviews.jsonl",
)


@app.command("review", epilog=EXAMPLES)
def review(
    complaint: Annotated[
        str,
        typer.Argument(
            metavar="COMPLAINT",
            help="What the customer wrote: text, or .json with all fields; with --jsonl, the file of lines.",
            show_default=False,
        ),
    ] = "-",
    reply: Annotated[
        str | None,
        typer.Argument(metavar="REPLY", help="The reply, or - for standard input.", show_default=False),
    ] = None,
    *,
    as_json: JsonOption = False,
    jsonl: JsonlOption = False,
    channel: ChannelOption = None,
    policy: PolicyOption = None,
    prompts: PromptsOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    offline: OfflineOption = False,
) -> None:
    """Score a person's reply, and say what to do better.

    The reply is held against the plan that replykit would follow for the complaint, and against the rules. With
    --jsonl each line holds the reply as "text" and the customer's message as "complaint".
    """
    if not jsonl and reply is None:
        raise InputError("a reply is reviewed beside its complaint: replykit review COMPLAINT REPLY")
    kit = open_kit(Settings(model, base_url, policy, prompts, offline))
    if jsonl:
        raise typer.Exit(1 if print_lines(review_lines(kit, complaint)) else 0)
    found = kit.review(complaint_from(complaint, channel=channel), text_from(str(reply)))
    if as_json:
        print_json(found)
    else:
        show(review_page(found))
    raise typer.Exit(1 if any(f.level == "block" for f in found.findings) else 0)


def review_lines(kit: ReplyKit, path: str) -> Iterator[dict[str, Any]]:
    """A review for each line, in the order of the lines; an unusable line gets an error row in its place."""
    for row in rows(path):
        yield row.shown() if isinstance(row, Unusable) else _line(kit, row)


def _line(kit: ReplyKit, row: Row) -> dict[str, Any]:
    message = row.fields.get("complaint", row.fields.get("customer_message"))
    try:
        if message is None:
            raise InputError('the line has no "complaint" to hold the reply against')
        complaint = complaint_of(message if isinstance(message, dict) else {"text": message}, "the line: complaint")
        return {"id": row.id, **plain(kit.review(complaint, row.fields["text"]))}
    except ReplyKitError as error:
        return Unusable(row.number, row.id, str(error)).shown()
