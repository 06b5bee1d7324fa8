"""The flags that verbs share, each worded once."""

from __future__ import annotations

from typing import Annotated

import typer

FileArgument = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A text file, a .json file with the fields of a complaint, or - for standard input.",
        show_default=False,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="NAME", envvar="REPLYKIT_MODEL", help="The model that writes; needs a key or --base-url."
    ),
]
BaseUrlOption = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        metavar="URL",
        envvar="OPENAI_BASE_URL",
        help="Any OpenAI-compatible endpoint, such as one on this machine.",
    ),
]
PolicyOption = Annotated[
    str | None,
    typer.Option(
        "--policy", metavar="FILE", envvar="REPLYKIT_POLICY", help="What you grant; ./policy.yaml where it exists."
    ),
]
PromptsOption = Annotated[
    str | None,
    typer.Option("--prompts", metavar="FOLDER", help="Your own wording, strategies and rules over the built-in ones."),
]
OfflineOption = Annotated[bool, typer.Option("--offline", help="Ask no model, whatever the settings say.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]
JsonlOption = Annotated[
    bool, typer.Option("--jsonl", help="Read one JSON object a line (id, text); print one a line, in the same order.")
]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Show everything that led to the result.")]
ChannelOption = Annotated[
    str | None,
    typer.Option("--channel", metavar="NAME", help="email, chat, phone, social or in_person; email if not given."),
]
CustomerOption = Annotated[
    str | None, typer.Option("--customer", metavar="NAME", help="The customer's name, for the greeting.")
]
FactOption = Annotated[
    list[str] | None,
    typer.Option(
        "--fact", metavar="KEY=VALUE", help="Something you vouch for, such as in_stock=false. May be repeated."
    ),
]
