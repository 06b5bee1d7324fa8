"""The verb `practise`: a complaint to answer, and a coach who reads the answer."""

from __future__ import annotations

import os
import random
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from replykit.cli.options import JsonOption, PolicyOption, PromptsOption
from replykit.cli.output import plain, print_json, show
from replykit.cli.reading import text_from
from replykit.cli.settings import Settings, open_kit
from replykit.cli.verbs import examples, room
from replykit.display.coaching import exercise_page, exercise_table, lesson, review_page
from replykit.errors import InputError
from replykit.review.practice import Exercise, exercise, exercises

app = room()

EXAMPLES = examples(
    "replykit practise",
    "replykit practise --list",
    "replykit practise toaster-fire",
    "replykit practise toaster-fire --reply answer.txt",
    "replykit practise toaster-fire --json < answer.txt",
)


@app.command("practise", epilog=EXAMPLES)
def practise(
    name: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="Which complaint; any one where not given.", show_default=False),
    ] = None,
    *,
    as_list: Annotated[bool, typer.Option("--list", help="List the complaints to practise on.")] = False,
    reply: Annotated[
        str | None,
        typer.Option("--reply", metavar="FILE", help="Your answer, where it is written already; - for standard input."),
    ] = None,
    as_json: JsonOption = False,
    policy: PolicyOption = None,
    prompts: PromptsOption = None,
) -> None:
    """Practise on a complaint: read it, answer it, and see what was good and what was missing.

    On a terminal the answer is written in your editor ($VISUAL or $EDITOR), or line by line where there is none;
    otherwise it is read from standard input. With --policy your own policy holds instead of the exercise's.
    """
    kit = open_kit(Settings(policy=policy, prompts=prompts, offline=True), asks_model=False)
    if as_list:
        known = exercises(kit.library)
        if as_json:
            print_json([{"id": e.id, "title": e.title, "teaches": e.teaches} for e in known])
        else:
            show(exercise_table(known))
        return
    chosen = exercise(kit.library, name) if name else random.choice(exercises(kit.library))  # noqa: S311  # not a secret
    ours = kit if policy else kit.with_policy(chosen.policy)
    if not as_json:
        show(exercise_page(chosen, ours.policy if policy else chosen.policy))
    answer = _answer(chosen, reply)
    found = ours.review(chosen.complaint, answer, reading=chosen.reading(ours.classify(chosen.complaint)))
    if as_json:
        print_json({"id": chosen.id, "complaint": plain(chosen.complaint), "reply": answer, "review": plain(found)})
        return
    show(review_page(found))
    show(lesson(chosen))


def _answer(chosen: Exercise, reply: str | None) -> str:
    """What the person wrote.

    Raises:
        InputError: They wrote nothing.
    """
    text = text_from(reply) if reply else _typed(chosen) if sys.stdin.isatty() else text_from("-")
    if not text.strip():
        raise InputError(f"there is no answer yet; come back to this one with: replykit practise {chosen.id}")
    return text


SCISSORS = "# ---- write above this line ----"


def _typed(chosen: Exercise) -> str:
    """What the person writes in their editor, or into the terminal where they have none."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        return text_from("-")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{chosen.id}.txt"
        shown = "\n".join(f"# {line}" for line in chosen.complaint.text.splitlines())
        file.write_text(f"\n\n{SCISSORS}\n{shown}\n", encoding="utf-8")
        try:
            subprocess.run([*shlex.split(editor), str(file)], check=True)  # noqa: S603  # the person's own editor
        except (OSError, subprocess.CalledProcessError) as error:
            raise InputError(
                f"the editor {editor!r} did not work ({error}); give your answer with --reply FILE"
            ) from None
        return file.read_text(encoding="utf-8").partition(SCISSORS)[0].strip()
