"""The verb `evaluate`: how well a setting reads, checks and drafts, on labelled cases; two settings side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.progress import Progress

from replykit.cli.options import BaseUrlOption, JsonOption, ModelOption, OfflineOption, PolicyOption, PromptsOption
from replykit.cli.output import console, plain, print_json, show, write_text
from replykit.cli.settings import Settings, open_kit
from replykit.cli.verbs import examples, room
from replykit.errors import InputError
from replykit.evaluate import Case, Evaluation, differences, evaluate, evaluation_page, read_cases
from replykit.evaluate.cases import Part
from replykit.evaluate.table import difference_table, score_table

app = room()

EXAMPLES = examples(
    "replykit evaluate labelled.jsonl",
    "replykit evaluate labelled.jsonl --html report.html",
    "replykit evaluate labelled.jsonl --compare prompts=house_style --html report.html",
    "replykit evaluate labelled.jsonl --compare model=gpt-5-mini --only drafting",
    "replykit evaluate labelled.jsonl --json | jq '.scores[] | select(.value < 0.9)'",
)
OTHER = tuple(name for name in Settings._fields if name != "offline")
PARTS = get_args(Part)


@app.command("evaluate", epilog=EXAMPLES)
def evaluate_(
    files: Annotated[list[str], typer.Argument(metavar="DATA…", help="JSONL files of labelled cases.")],
    *,
    compare: Annotated[
        list[str] | None,
        typer.Option(
            "--compare",
            metavar="KEY=VALUE",
            help="What a second setting has instead: prompts, policy, model, base_url. May be repeated.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="PART", help="classification, checks or drafting; all where not given. May be repeated."
        ),
    ] = None,
    html: Annotated[
        str | None,
        typer.Option("--html", metavar="FILE", help="Write a page with plots and the cases that went wrong."),
    ] = None,
    as_json: JsonOption = False,
    policy: PolicyOption = None,
    prompts: PromptsOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    offline: OfflineOption = False,
) -> None:
    """Measure how well replykit reads, checks and drafts, on cases that you labelled.

    A line is a message with its labels ("cause", "tone", …), a reply with its faults ("violations"), a scenario
    ("kind", "must", "text_must", …) or an injection ("text_must_not"). Without a model the figures are the same
    every time. With --compare the same cases go through a second setting, and those that differ are shown.
    """
    settings = Settings(model, base_url, policy, prompts, offline)
    cases = [case for name in files for case in read_cases(name)]
    chosen = [_part(name) for name in only or PARTS]
    results = [_evaluated(cases, one, name, chosen) for name, one in _settings(settings, compare or [])]
    if html:
        title = f"Evaluation of {', '.join(Path(name).name for name in files)}"
        write_text(html, evaluation_page(*results, title=title), "--html")
    if as_json:
        print_json(_for_json(results))
    else:
        show(score_table(results, width=console().width))
        show(difference_table(differences(*results)) if len(results) == 2 else _closing(results[0], html))


def _settings(settings: Settings, changes: Sequence[str]) -> Iterator[tuple[str, Settings]]:
    if not changes:
        yield "this setting", settings
        return
    yield "first", settings
    yield ", ".join(changes), settings._replace(**dict(map(_change, changes)))


def _change(pair: str) -> tuple[str, Any]:
    key, equals, value = pair.partition("=")
    key = key.strip().replace("-", "_")
    if not equals or key not in OTHER:
        raise InputError(f"--compare {pair}: write it as key=value, where key is one of {', '.join(OTHER)}")
    return key, value or None


def _part(name: str) -> Part:
    if name not in PARTS:
        raise InputError(f"--only {name}: there are {', '.join(PARTS)}")
    part: Part = name  # type: ignore[assignment]  # just looked up
    return part


def _evaluated(cases: Sequence[Case], settings: Settings, name: str, parts: Sequence[Part]) -> Evaluation:
    kit = open_kit(settings)
    with _progress(name) as tick:
        return evaluate(kit, cases, name=name, parts=parts, tick=tick)


@contextmanager
def _progress(name: str) -> Iterator[Callable[[], None]]:
    """A count on a terminal's standard error that leaves no trace; nothing elsewhere."""
    out = console(stderr=True)
    with Progress(
        "{task.description}", "{task.completed} done", console=out, transient=True, disable=not out.is_terminal
    ) as bar:
        task = bar.add_task(name, total=None)
        yield lambda: bar.advance(task)


def _for_json(results: Sequence[Evaluation]) -> dict[str, Any]:
    if len(results) == 1:
        return plain(results[0])
    return {"settings": [plain(one) for one in results], "differences": [plain(d) for d in differences(*results)]}


def _closing(result: Evaluation, html: str | None) -> str:
    hint = f"{html} shows them." if html else "--html FILE shows them, --json lists them."
    return f"{len(result.failed)} of {len(result.outcomes)} expectations did not hold. {hint}"
