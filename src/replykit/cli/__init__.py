"""The command line: a thin client of the library that loads a verb's room only when the verb is used."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Annotated

import typer

from replykit.cli.verbs import Verbs
from replykit.display.safe import printable
from replykit.errors import ReplyKitError

__all__ = ["app", "main"]

HELP = """Draft and check replies to customer complaints.

Every reply comes with the reason for each sentence, and with proof that it holds nothing forbidden and
promises nothing that your policy does not grant. Works offline; writes better with a model.
"""

EPILOG = """\b
Settings, the first that is there wins:
  flags        --model, --base-url, --policy, --prompts
  environment  REPLYKIT_MODEL and REPLYKIT_POLICY,
               OPENAI_API_KEY and OPENAI_BASE_URL
  policy.yaml  in the working directory ("replykit init" writes one)
  built in     offline wording, and a policy that promises nothing

\b
Exit codes:
  0  fine
  1  something blocks, or a line of a --jsonl input could not be used
  2  cannot run: the message says what to do

\b
Examples:
  replykit demo
  replykit draft complaint.txt
  pbpaste | replykit draft -
  replykit check replies/*.txt
"""

app = typer.Typer(
    name="replykit",
    cls=Verbs,
    help=HELP,
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        # Reading the version takes longer than printing the help, so only who asks for it pays.
        metadata = importlib.import_module("importlib.metadata")
        print("replykit", metadata.version("replykit"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line and leave the process with its exit code: 0 fine, 1 findings, 2 cannot run."""
    for stream in (sys.stdout, sys.stderr):
        # What customers write is not bound to the terminal's code page.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app(prog_name="replykit")
    except ReplyKitError as error:
        print(printable(f"replykit: {error}"), file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        # The reader has gone (`| head`); Python would complain once more while it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
