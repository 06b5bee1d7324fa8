"""The verbs `strategies`, `rules` and `prompt`: what replykit goes by, explained."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from replykit.cli.options import ChannelOption, FileArgument, JsonOption, PolicyOption, PromptsOption
from replykit.cli.output import plain, print_json, print_text, show
from replykit.cli.reading import complaint_from
from replykit.cli.settings import Settings, open_kit
from replykit.cli.verbs import examples, room
from replykit.display.handbook import rule_list, rule_page, strategy_list, strategy_page
from replykit.errors import InputError
from replykit.kit import ReplyKit
from replykit.library import Library
from replykit.rules import Rule
from replykit.rules.record import rule_id
from replykit.testing import ScriptedModel

app = room()


def _starting(ids: Iterable[str], incomplete: str) -> list[str]:
    return [id_ for id_ in ids if id_.startswith(incomplete)]


def _strategy_ids(incomplete: str) -> list[str]:
    return _starting(Library.load().strategies, incomplete)


def _rule_ids(incomplete: str) -> list[str]:
    return _starting((rule_id(name) for name in Library.load().files("rules", ".yaml")), incomplete)


ONE = "The one to explain; all are listed without it."
StrategyArgument = Annotated[
    str | None, typer.Argument(metavar="ID", help=ONE, show_default=False, autocompletion=_strategy_ids)
]
RuleArgument = Annotated[
    str | None, typer.Argument(metavar="ID", help=ONE, show_default=False, autocompletion=_rule_ids)
]


@app.command(
    "strategies",
    epilog=examples("replykit strategies", "replykit strategies apologise-once", "replykit strategies --json"),
)
def strategies(id_: StrategyArgument = None, *, as_json: JsonOption = False, prompts: PromptsOption = None) -> None:
    """List the strategies, or explain one.

    A page says when the strategy is used and why, what a model is told, what is written without one, and from which
    article the idea comes.
    """
    library = Library.load(prompts)
    known = library.strategies
    if id_ is None:
        print_json([plain(s) for s in known.values()]) if as_json else show(strategy_list(known.values()))
        return
    one = known[_known(id_, known, "strategy", "strategies")]
    if as_json:
        print_json(one)
    else:
        show(strategy_page(one, library.label(f"strategies/{one.id}.md.j2")))


@app.command("rules", epilog=examples("replykit rules", "replykit rules flat-refusal", "replykit rules --json"))
def rules(
    id_: RuleArgument = None, *, as_json: JsonOption = False, policy: PolicyOption = None, prompts: PromptsOption = None
) -> None:
    """List the rules of the check, or explain one.

    A page says why the rule is there, what to write instead, and shows sentences that it flags and that it lets pass.
    """
    kit = open_kit(Settings(policy=policy, prompts=prompts), asks_model=False)
    known = kit.library.rules_without(kit.policy.rules_off)
    chosen = list(known.values()) if id_ is None else [known[_known(id_, known, "rule", "rules")]]
    if as_json:
        print_json([_rule_fields(rule) for rule in chosen] if id_ is None else _rule_fields(chosen[0]))
    elif id_ is None:
        show(rule_list(chosen))
    else:
        show(rule_page(chosen[0]))


@app.command(
    "prompt", epilog=examples("replykit prompt complaint.txt", "replykit prompt complaint.txt --json | jq .messages")
)
def prompt(
    file: FileArgument = "-",
    *,
    as_json: JsonOption = False,
    channel: ChannelOption = None,
    policy: PolicyOption = None,
    prompts: PromptsOption = None,
) -> None:
    """Show what a model would be asked for this complaint.

    Nobody is asked. What must not leave the machine, such as card numbers, is masked here as it would be there.
    """
    complaint = complaint_from(file, channel=channel)
    listener = ScriptedModel()
    # Below no confidence is the model asked to read the complaint, so that the one question is that for the reply.
    kit = ReplyKit(listener, policy=Settings(policy=policy).policy_file, prompts=prompts, ask_below=0.0)
    kit.draft(complaint)
    if not listener.calls:
        raise InputError("no model would be asked for this: the reply has no part that one could write")
    if as_json:
        print_json(listener.calls[0])
    else:
        print_text("\n\n".join(f"# {message.role}\n{message.content}" for message in listener.calls[0].messages))


def _known(wanted: str, known: Iterable[str], one: str, many: str) -> str:
    """The id, or an error that names the nearest one.

    Raises:
        InputError: There is no such id.
    """
    ids = list(known)
    if wanted in ids:
        return wanted
    close = difflib.get_close_matches(wanted, ids, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"replykit {many} lists them"
    raise InputError(f"there is no {one} {wanted!r}; {hint}")


def _rule_fields(rule: Rule) -> dict[str, Any]:
    fields = ("id", "category", "level", "message", "why", "source", "file")
    return {
        **{name: getattr(rule, name) for name in fields},
        "instead": list(rule.instead),
        "examples": {verdict: [example.text for example in rule.examples(verdict)] for verdict in ("flag", "allow")},
    }
