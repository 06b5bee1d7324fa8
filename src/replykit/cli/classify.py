"""The verb `classify`: how a complaint is read, and which of its words show it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from replykit.cli.options import (
    BaseUrlOption,
    ChannelOption,
    ExplainOption,
    FileArgument,
    JsonlOption,
    JsonOption,
    ModelOption,
    OfflineOption,
    PolicyOption,
    PromptsOption,
)
from replykit.cli.output import plain, print_json, print_lines, show
from replykit.cli.reading import Unusable, complaint_from, complaint_in, rows, say_strange
from replykit.cli.settings import Settings, open_kit
from replykit.cli.verbs import examples, room
from replykit.display.terminal import reading
from replykit.errors import ReplyKitError
from replykit.kit import ReplyKit

app = room()

EXAMPLES = examples(
    "replykit classify complaint.txt",
    "replykit classify complaint.txt --explain",
    "replykit classify inbox.jsonl --jsonl | jq -r 'select(.stakes == \"high\") | .id'",
)


@app.command("classify", epilog=EXAMPLES)
def classify(
    file: FileArgument = "-",
    *,
    explain: ExplainOption = False,
    as_json: JsonOption = False,
    jsonl: JsonlOption = False,
    channel: ChannelOption = None,
    policy: PolicyOption = None,
    prompts: PromptsOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    offline: OfflineOption = False,
) -> None:
    """Say what a complaint is about, with the words that show it.

    The cause, the tone, what is at stake, each issue, what the customer asks for and feels. A model is asked only
    where one is set and the built-in reading is unsure.
    """
    kit = open_kit(Settings(model, base_url, policy, prompts, offline))
    if jsonl:
        raise typer.Exit(1 if print_lines(classify_lines(kit, file)) else 0)
    complaint = complaint_from(file, channel=channel)
    found = kit.classify(complaint)
    if as_json:
        print_json(found)
    else:
        show(reading(complaint, found, explain=explain))


def classify_lines(kit: ReplyKit, path: str) -> Iterator[dict[str, Any]]:
    """A classification for each line, in the order of the lines; an unusable line gets an error row in its place."""
    strange: set[str] = set()
    for row in rows(path):
        complaint = complaint_in(row, strange)
        if isinstance(complaint, Unusable):
            yield complaint.shown()
            continue
        try:
            yield {"id": row.id, **plain(kit.classify(complaint))}
        except ReplyKitError as error:
            yield Unusable(row.number, row.id, str(error)).shown()
    say_strange(strange)
