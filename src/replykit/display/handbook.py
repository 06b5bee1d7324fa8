"""Strategies and rules as pages of a handbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from replykit.display.terminal import LEVELS, QUIET
from replykit.display.words import spoken
from replykit.rules import Rule
from replykit.types import Strategy


def strategy_list(strategies: Iterable[Strategy]) -> Table:
    """Every strategy with its title, in the order in which they may appear in a reply."""
    table = _columns(no_wrap=1)
    for strategy in strategies:
        table.add_row(strategy.id, Text(strategy.title))
    return table


def rule_list(rules: Iterable[Rule]) -> RenderableType:
    """Every rule with what it says, grouped by category."""
    groups: dict[str, list[Rule]] = {}
    for rule in rules:
        groups.setdefault(rule.category, []).append(rule)
    pages: list[RenderableType] = []
    for category in sorted(groups):
        table = _columns(no_wrap=2)
        for rule in sorted(groups[category], key=lambda r: r.id):
            table.add_row(rule.id, Text(rule.level, LEVELS[rule.level]), Text(_without_slot(rule.message)))
        pages += [Text(category, "bold"), Padding(table, (0, 0, 1, 2))]
    return Group(*pages)


def strategy_page(strategy: Strategy, file: str) -> RenderableType:
    """One strategy: when it is used, why, what a model is told, what is written without one, where the idea is from."""
    parts: list[RenderableType] = [Text(strategy.id, "bold"), Text(strategy.title), Text()]
    parts += _section("Why", [strategy.why])
    parts += _section("When", [strategy.condition, *_kinds(strategy)])
    parts += _section("What a model is told", [strategy.instruction])
    for channel, wordings in strategy.offline.items():
        title = "Written without a model" + ("" if channel == "any" else f" ({spoken(channel)})")
        parts += _section(title, [f"- {wording}" for wording in wordings])
    parts += _section("Sources", [f"article {s.article}: {s.heading}" for s in strategy.sources])
    parts += _section("File", [f"{file} (a file of the same name in your --prompts folder takes its place)"])
    return Group(*parts)


def rule_page(rule: Rule) -> RenderableType:
    """One rule: what it finds, why, what to write instead, sentences that it flags and that it lets pass."""
    head = Text.assemble((rule.id, "bold"), "  ", (rule.level, LEVELS[rule.level]), f"  {rule.category}")
    parts: list[RenderableType] = [head, Text(_without_slot(rule.message)), Text()]
    parts += _section("Why", [rule.why])
    parts += _section("Write instead", [f"- {rewrite}" for rewrite in rule.instead])
    parts += _section("Flags", [f"- {example.text}" for example in rule.examples("flag")])
    parts += _section("Lets pass", [f"- {example.text}" for example in rule.examples("allow")])
    parts += _section("Source", [rule.source])
    parts += _section("File", [rule.file])
    parts += _section("Switch off", [f"rules_off: [{rule.id}]   in policy.yaml"])
    return Group(*parts)


def when_as_text(conditions: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Conditions as a person reads them: any of the rows, all keys of a row."""
    for row in conditions:
        yield " and ".join(f"{spoken(key)} is {_value(value)}" for key, value in row.items())


def _kinds(strategy: Strategy) -> list[str]:
    lines = [f"In: {', '.join(spoken(kind) for kind in strategy.kinds)}"]
    lines += [f"- if {row}" for row in when_as_text(strategy.when)]
    lines += [f"- not if {row}" for row in when_as_text(strategy.unless)]
    if strategy.excludes:
        lines.append(f"Takes the place of: {', '.join(strategy.excludes)}")
    return lines


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " or ".join(_value(item) for item in value)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _without_slot(message: str) -> str:
    return message.replace("{match}", "…")


def _section(title: str, lines: Iterable[str]) -> list[RenderableType]:
    body = [Padding(_line(line), (0, 0, 0, 2)) for line in lines if line]
    return [Text(title, QUIET), *body, Text()] if body else []


def _line(line: str) -> RenderableType:
    """A line of a block; what begins with a dash hangs from it."""
    if not line.startswith("- "):
        return Text(line)
    item = Table.grid(padding=(0, 1))
    item.add_row("-", Text(line[2:]))
    return item


def _columns(*, no_wrap: int) -> Table:
    """A table without lines, whose first columns are as wide as their words."""
    table = Table.grid(padding=(0, 2))
    for _ in range(no_wrap):
        table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    return table
