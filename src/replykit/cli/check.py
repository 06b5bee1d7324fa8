"""The verb `check`: what must not be in a reply, where it is, why, and what to write instead."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from replykit.cli.baseline import Baseline
from replykit.cli.check_options import (
    BaselineOption,
    ComplaintOption,
    DeadlineOption,
    FilesArgument,
    FixOption,
    Format,
    FormatOption,
    NoPromisesOption,
    OfferOption,
    Scope,
    ScopeOption,
    WriteBaselineOption,
)
from replykit.cli.checked import Asked, Checked, fixed
from replykit.cli.formats import as_github, as_sarif, for_json
from replykit.cli.options import JsonlOption, JsonOption, PolicyOption, PromptsOption
from replykit.cli.output import console, plain, print_json, print_lines, show
from replykit.cli.reading import STDIN, Unusable, complaint_from, expanded, rows, text_from
from replykit.cli.settings import Settings, open_kit
from replykit.cli.verbs import examples, room
from replykit.display.passages import passage
from replykit.errors import InputError
from replykit.kit import ReplyKit

app = room()

EXAMPLES = examples(
    "replykit check reply.txt",
    "replykit check 'replies/**/*.txt' --format github",
    "replykit check reply.txt --complaint complaint.txt --scope reply",
    "replykit check reply.txt --offer 'a refund up to €40' --deadline 'in 5 days'",
    "replykit check macros/*.md --fix",
    "replykit check macros/*.md --write-baseline known.json",
    "replykit check macros/*.md --baseline known.json",
    "replykit check sent.jsonl --jsonl > findings.jsonl",
    "replykit rules flat-refusal",
)


@app.command("check", epilog=EXAMPLES)
def check(
    files: FilesArgument = None,
    *,
    form: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
    jsonl: JsonlOption = False,
    complaint: ComplaintOption = None,
    offer: OfferOption = None,
    deadline: DeadlineOption = None,
    no_promises: NoPromisesOption = False,
    scope: ScopeOption = Scope.FRAGMENT,
    fix: FixOption = False,
    baseline: BaselineOption = None,
    write_baseline: WriteBaselineOption = None,
    policy: PolicyOption = None,
    prompts: PromptsOption = None,
) -> None:
    """Find what must not be in a reply, and say what to write instead.

    Offers and deadlines are judged only where you name some, or with --no-promises.
    """
    kit = open_kit(Settings(policy=policy, prompts=prompts), asks_model=False)
    asked = Asked(
        complaint=complaint_from(complaint) if complaint else None,
        offers=offer or ([] if no_promises else None),
        deadlines=deadline or ([] if no_promises else None),
        scope=scope.value,
    )
    names = expanded(files or [STDIN])
    if jsonl:
        raise typer.Exit(check_lines(kit, names, asked))
    known = Baseline.read(baseline) if baseline else Baseline()
    checked = [_checked(kit, name, asked, fix=fix) for name in names]
    if write_baseline:
        Baseline.of(checked).write(write_baseline)
    left = [known.without_known(each) for each in checked]
    _print(left, Format.JSON if as_json else form, to_stderr=fix and STDIN in names)
    raise typer.Exit(1 if not write_baseline and any(not each.report.ok for each in left) else 0)


def check_lines(kit: ReplyKit, names: list[str], asked: Asked) -> int:
    """Print what was found in each line, in the order of the lines; returns the exit code.

    A line may say for itself what the flags say for all: `customer_message` (or `complaint`), `offers`, `deadlines`,
    `scope`.
    """
    blocked = False

    def results() -> Iterator[dict[str, Any]]:
        nonlocal blocked
        for name in names:
            for row in rows(name):
                found = _line(kit, row, asked)
                blocked |= not found.get("ok", True)
                yield found

    return 1 if print_lines(results()) or blocked else 0


def _line(kit: ReplyKit, row: Any, asked: Asked) -> dict[str, Any]:
    if isinstance(row, Unusable):
        return row.shown()
    try:
        report = asked.for_line(row.fields).of(kit, row.fields["text"])
    except InputError as error:
        return Unusable(row.number, row.id, str(error)).shown()
    return {"id": row.id, "ok": report.ok, **plain(report)}


def _checked(kit: ReplyKit, name: str, asked: Asked, *, fix: bool) -> Checked:
    text = text_from(name)
    checked = Checked("stdin" if name == STDIN else name, text, asked.of(kit, text))
    if not fix:
        return checked
    mended = fixed(kit, checked, asked)
    if name == STDIN:
        sys.stdout.write(mended.text)
    elif mended.text != text:
        Path(name).write_bytes(mended.text.encode())
    return mended


def _print(checked: list[Checked], form: Format, *, to_stderr: bool) -> None:
    if form is Format.JSON:
        print_json(for_json(checked))
    elif form is Format.SARIF:
        print_json(as_sarif(checked))
    elif form is Format.GITHUB:
        for line in as_github(checked):
            print(line)
    else:
        _print_text(checked, to_stderr=to_stderr)


def _print_text(checked: list[Checked], *, to_stderr: bool) -> None:
    width = console().width
    for each in checked:
        for finding in each.report:
            show(passage(each.name, each.text, finding, width=width), stderr=to_stderr)
    show(in_short(checked), stderr=to_stderr)


def in_short(checked: list[Checked]) -> str:
    """The closing line: how many findings in how many texts."""
    levels = [f.level for each in checked for f in each.report]
    texts = f"{len(checked)} text{'s' if len(checked) != 1 else ''}"
    if not levels:
        return f"Clean: {texts} checked."
    fixable = sum(f.fix is not None for each in checked for f in each.report)
    hint = f" {fixable} can be mended with --fix." if fixable else ""
    return f"{texts} checked: {levels.count('block')} to mend, {levels.count('warn')} to consider.{hint}"
