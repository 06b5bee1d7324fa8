"""The flags of `check`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


class Scope(StrEnum):
    """How much of a reply a text is."""

    FRAGMENT = "fragment"
    REPLY = "reply"


FilesArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILES", help="Files or globs, or - for standard input.", show_default=False),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print what was found.")]
ComplaintOption = Annotated[
    str | None,
    typer.Option("--complaint", metavar="FILE", help="What the customer wrote; their own words may be repeated."),
]
OfferOption = Annotated[
    list[str] | None, typer.Option("--offer", metavar="TEXT", help="A remedy that may be promised. May be repeated.")
]
DeadlineOption = Annotated[
    list[str] | None, typer.Option("--deadline", metavar="TEXT", help="A time that may be promised. May be repeated.")
]
NoPromisesOption = Annotated[
    bool, typer.Option("--no-promises", help="Nothing may be promised but what --offer and --deadline say.")
]
ScopeOption = Annotated[Scope, typer.Option("--scope", help="reply: a whole reply, so what is missing counts too.")]
FixOption = Annotated[
    bool, typer.Option("--fix", help="Apply the licensed rewrites in place (to standard output for -).")
]
BaselineOption = Annotated[
    str | None, typer.Option("--baseline", metavar="FILE", help="Pass over the findings that FILE knows.")
]
WriteBaselineOption = Annotated[
    str | None, typer.Option("--write-baseline", metavar="FILE", help="Record the findings of today in FILE.")
]
