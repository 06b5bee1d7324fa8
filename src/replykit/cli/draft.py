"""The verb `draft`: a complaint in, a reply ready to copy on standard output, the why on standard error."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from replykit.cli.options import (
    BaseUrlOption,
    ChannelOption,
    CustomerOption,
    ExplainOption,
    FactOption,
    FileArgument,
    JsonlOption,
    JsonOption,
    ModelOption,
    OfflineOption,
    PolicyOption,
    PromptsOption,
)
from replykit.cli.output import plain, print_json, print_lines, print_text, show
from replykit.cli.reading import Row, Unusable, complaint_from, complaint_in, rows, say_strange
from replykit.cli.settings import Settings, facts_from, open_kit
from replykit.cli.verbs import examples, room
from replykit.display.terminal import why
from replykit.kit import ReplyKit
from replykit.types import Complaint, Draft

app = room()

EXAMPLES = examples(
    "replykit draft complaint.txt",
    "replykit draft complaint.txt --policy policy.yaml --customer 'Ms Okafor'",
    "pbpaste | replykit draft - --plain | pbcopy        (macOS)",
    "wl-paste | replykit draft - --plain | wl-copy      (Wayland; xclip -o and xclip on X11)",
    "replykit draft inbox.jsonl --jsonl > drafts.jsonl",
    "replykit draft complaint.txt --model gpt-5-mini",
    "replykit draft complaint.txt --base-url http://localhost:8080/v1 --model local",
)


@app.command("draft", epilog=EXAMPLES)
def draft(
    file: FileArgument = "-",
    *,
    explain: ExplainOption = False,
    quiet: Annotated[bool, typer.Option("--plain", help="Print the reply alone, without the why.")] = False,
    as_json: JsonOption = False,
    jsonl: JsonlOption = False,
    channel: ChannelOption = None,
    customer: CustomerOption = None,
    fact: FactOption = None,
    policy: PolicyOption = None,
    prompts: PromptsOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    offline: OfflineOption = False,
) -> None:
    """Write a checked reply to a complaint.

    The reply goes to standard output, ready to copy. Why it is as it is goes to standard error: how the complaint was
    read, each move with its source, what is promised and what allows it, and what the check found.
    """
    kit = open_kit(Settings(model, base_url, policy, prompts, offline))
    if jsonl:
        raise typer.Exit(1 if print_lines(draft_lines(kit, file)) else 0)
    complaint = complaint_from(
        file,
        channel=channel,
        customer={"name": customer} if customer else None,
        facts=facts_from(fact) or None,
    )
    reply = kit.draft(complaint)
    _print_draft(complaint, reply, as_json=as_json, explain=explain, quiet=quiet)
    raise typer.Exit(1 if any(f.level == "block" for f in reply.findings) else 0)


def draft_lines(kit: ReplyKit, path: str) -> Iterator[dict[str, Any]]:
    """A draft for each line, in the order of the lines; an unusable line gets an error row in its place."""
    waiting: deque[Row | Unusable] = deque()
    for answer in kit.draft_many(_complaints(path, waiting)):
        yield from _errors_before_a_row(waiting)
        row = waiting.popleft()
        if isinstance(answer, Draft):
            yield {"id": row.id, **plain(answer)}
        else:
            yield Unusable(row.number, row.id, str(answer)).shown()
    yield from _errors_before_a_row(waiting)


def _complaints(path: str, waiting: deque[Row | Unusable]) -> Iterator[Complaint]:
    """The complaints of the usable lines; `waiting` remembers which lines they came from, and what lay between."""
    strange: set[str] = set()
    for row in rows(path):
        complaint = complaint_in(row, strange)
        if isinstance(complaint, Complaint):
            waiting.append(row)
            yield complaint
        else:
            waiting.append(complaint)
    say_strange(strange)


def _errors_before_a_row(waiting: deque[Row | Unusable]) -> Iterator[dict[str, Any]]:
    while waiting and isinstance(unusable := waiting[0], Unusable):
        waiting.popleft()
        yield unusable.shown()


def _print_draft(complaint: Complaint, reply: Draft, *, as_json: bool, explain: bool, quiet: bool) -> None:
    if as_json:
        print_json(reply)
        return
    print_text(reply.text)
    if not quiet:
        show("", stderr=True)
        show(why(complaint, reply, explain=explain), stderr=True)
