"""The verbs `feedback record` and `feedback report`: what people change in drafts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from replykit.cli.options import JsonOption, PolicyOption, PromptsOption
from replykit.cli.output import print_json, show
from replykit.cli.reading import json_object, text_from
from replykit.cli.settings import Settings, open_kit
from replykit.cli.verbs import examples, room
from replykit.display.changes import feedback_lines, report_table
from replykit.display.safe import printable
from replykit.errors import InputError
from replykit.feedback import Feedback, FeedbackStore, compare_sent, feedback_report
from replykit.kit import ReplyKit
from replykit.types import Draft

app = room()
feedback = room()
app.add_typer(
    feedback,
    name="feedback",
    help="Record what was sent, and report what people change.",
    epilog=examples(
        "replykit feedback record draft.json sent.txt --id 4711",
        "replykit draft complaint.txt --json | replykit feedback record - sent.txt",
        "replykit feedback record pairs.jsonl --jsonl",
        "replykit feedback report",
        "replykit feedback report --json | jq '.strategies[] | select(.removed > 5)'",
    ),
)
StoreOption = Annotated[
    str,
    typer.Option("--store", metavar="FILE", envvar="REPLYKIT_FEEDBACK", help="Where feedback is kept, as JSONL."),
]


@feedback.command("record")
def record(
    draft: Annotated[str, typer.Argument(metavar="DRAFT", help="The draft as JSON; with --jsonl, a file of lines.")],
    sent: Annotated[
        str | None,
        typer.Argument(metavar="SENT", help="What was sent, as text; - for standard input.", show_default=False),
    ] = None,
    *,
    name: Annotated[
        str,
        typer.Option("--id", metavar="ID", help="What the case is known by; a later record replaces an earlier one."),
    ] = "",
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Each line holds a draft as "draft", what was sent as "sent", and an id.')
    ] = False,
    store: StoreOption = "feedback.jsonl",
    as_json: JsonOption = False,
    policy: PolicyOption = None,
    prompts: PromptsOption = None,
) -> None:
    """Keep what became of a draft: sent as it was, or changed, and how."""  # fmt: skip
    if not jsonl and sent is None:
        raise InputError("a draft is recorded beside what was sent: replykit feedback record DRAFT SENT")
    kit = open_kit(Settings(policy=policy, prompts=prompts, offline=True), asks_model=False)
    if jsonl:
        found = list(_pairs(kit, draft))
    else:
        known, own = _draft(_json(text_from(draft), draft), draft)
        found = [_compared(kit, known, text_from(str(sent)), name or own)]
    FeedbackStore(store).record(*found)
    if as_json:
        print_json(feedback_report(found) if jsonl else found[0])
    else:
        show(report_table(feedback_report(found)) if jsonl else feedback_lines(found[0]))


@feedback.command("report")
def report(*, store: StoreOption = "feedback.jsonl", as_json: JsonOption = False) -> None:
    """Show how much is sent as drafted, and which strategies and rules people change most."""
    records, broken = FeedbackStore(store).read()
    if broken:
        print(printable(f"replykit: {store}: {broken} lines cannot be read and do not count"), file=sys.stderr)
    found = feedback_report(records)
    if as_json:
        print_json(found)
    else:
        show(report_table(found))


def _compared(kit: ReplyKit, draft: Draft, sent: str, name: str) -> Feedback:
    # A suspicion of the second tier is no rule, and comes and goes with a word.
    return compare_sent(draft, sent, name=name, check=lambda text: kit.check(text, second_tier=False))


def _pairs(kit: ReplyKit, path: str) -> Iterator[Feedback]:
    for number, line in enumerate(text_from(path).splitlines(), start=1):
        if line.strip():
            where = f"{path}: line {number}"
            fields = _json(line, where)
            if not isinstance(fields.get("draft"), dict) or not isinstance(fields.get("sent"), str):
                raise InputError(f'{where} needs a "draft", as draft --json writes it, and what was "sent", as text')
            draft, own = _draft(fields["draft"], where)
            yield _compared(kit, draft, fields["sent"], str(fields.get("id") or own))


def _json(text: str, where: str) -> dict[str, Any]:
    return json_object(text, where, wanted="a draft", remedy="; write it with: replykit draft FILE --json")


def _draft(fields: dict[str, Any], where: str) -> tuple[Draft, str]:
    """A draft and the id that stands beside it, where it is a line of a batch."""
    try:
        draft = Draft.model_validate({key: value for key, value in fields.items() if key != "id"})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError(f"{where} holds no draft: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    return draft, str(fields.get("id") or "")
