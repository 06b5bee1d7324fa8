"""The verbs `init` and `demo`: a policy of one's own, and the whole way on an example."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from replykit.cli.output import print_json, show
from replykit.cli.verbs import examples, room
from replykit.display.terminal import QUIET, findings_in_short, moves, panel, promises, reading, rows
from replykit.errors import InputError
from replykit.kit import ReplyKit
from replykit.library import Library
from replykit.types import Complaint, Draft

app = room()


@app.command(
    "init",
    epilog=examples(
        "replykit init", "replykit init shop/policy.yaml", "replykit draft complaint.txt --policy shop/policy.yaml"
    ),
)
def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")] = Path("policy.yaml"),
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write a commented policy.yaml to edit.

    A policy.yaml in the folder where you work is used by every verb.
    """
    if file.exists() and not force:
        raise InputError(f"{file} is already there; --force writes over it")
    try:
        file.write_text(Library.load().text("starter_policy.yaml"), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{file} cannot be written: {error.strerror}; give another place: replykit init FILE"
        ) from None
    flag = "" if file == Path("policy.yaml") else f" --policy {file}"
    print(f"Wrote {file}. Edit it, then: replykit draft complaint.txt{flag}")


@app.command("demo", epilog=examples("replykit demo", "replykit demo --json"))
def demo(*, as_json: Annotated[bool, typer.Option("--json", help="Print the draft as JSON.")] = False) -> None:
    """Show the whole way on an example; needs no key and no network."""
    example = Library.load().data("demo.yaml")
    complaint = Complaint.model_validate(example["complaint"])
    kit = ReplyKit(policy=example["policy"])
    draft = kit.draft(complaint)
    if as_json:
        print_json(draft)
    else:
        show(_tour(complaint, draft))


def _tour(complaint: Complaint, draft: Draft) -> Group:
    proof = rows((("check", findings_in_short(draft.findings)), ("promises", promises(draft.commitments))))
    return Group(
        *_chapter("1  A complaint comes in", Padding(Text(complaint.text), (0, 2))),
        *_chapter("2  It is read", reading(complaint, draft.classification)),
        *_chapter("3  A plan is made: which moves, and where each comes from", panel("plan", moves(draft.moves))),
        *_chapter("4  The reply", Padding(Text(draft.text), (0, 2))),
        *_chapter("5  The proof", panel("proof", proof)),
        Text("\nNext: replykit draft complaint.txt  ·  replykit init  ·  replykit --help", QUIET),
    )


def _chapter(title: str, body: RenderableType) -> tuple[RenderableType, ...]:
    return Text(), Rule(Text(title, "bold"), align="left", style=QUIET), Text(), body
