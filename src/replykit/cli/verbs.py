"""Which verbs there are, and in which room each lives; `replykit --help` needs no more than this."""

from __future__ import annotations

import difflib
import importlib
from typing import Any

import typer
from typer.core import TyperGroup

VERBS = {
    "draft": ("draft", "Write a checked reply to a complaint."),
    "classify": ("classify", "Say what a complaint is about, with the words that show it."),
    "check": ("check", "Find what must not be in a reply, and say what to write instead."),
    "review": ("review", "Score a person's reply, and say what to do better."),
    "practise": ("practise", "Answer a complaint for practice, and be coached."),
    "batch": ("batch", "Draft a reply for every row of a file, and go on after any interruption."),
    "evaluate": ("evaluate", "Measure how well it reads, checks and drafts, on cases that you labelled."),
    "insights": ("insights", "Show what many complaints have in common."),
    "feedback": ("feedback", "Record what was sent, and report what people change."),
    "strategies": ("explain", "List the strategies, or explain one."),
    "rules": ("explain", "List the rules of the check, or explain one."),
    "prompt": ("explain", "Show what a model would be asked for this complaint."),
    "serve-mcp": ("serve_mcp", "Let an assistant draft, classify and check, over the Model Context Protocol."),
    "init": ("begin", "Write a commented policy.yaml to edit."),
    "demo": ("begin", "Show the whole way on an example; needs no key and no network."),
}


class Verbs(TyperGroup):
    """A group of commands that imports a command's room when that command is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # the signature is typer's
        """The verbs in the order in which a newcomer needs them."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The verb, its room loaded, or None where there is no such verb."""
        if cmd_name not in VERBS:
            if not ctx.resilient_parsing and not cmd_name.startswith("-"):
                ctx.fail(_no_such_verb(cmd_name))
            return None
        module = importlib.import_module(f"replykit.cli.{VERBS[cmd_name][0]}")
        return typer.main.get_group(module.app).commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  # the signature is typer's
        """The list of verbs, written without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(verb, sentence) for verb, (_, sentence) in VERBS.items()])


def room() -> typer.Typer:
    """Where a module puts its verbs. Their help is plain: twice as fast as rich's, and good in a pipe."""
    return typer.Typer(rich_markup_mode=None, add_completion=False)


def examples(*lines: str) -> str:
    """The closing section of a verb's help, kept line for line."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def _no_such_verb(name: str) -> str:
    close = difflib.get_close_matches(name, VERBS, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(VERBS)}"
    return f"there is no command {name!r}: {hint}"
