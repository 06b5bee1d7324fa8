"""Feedback on a terminal: what a person made of a draft, and what people change most."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from replykit.display.safe import printable
from replykit.display.terminal import QUIET
from replykit.display.words import spoken
from replykit.feedback import Change, Feedback, FeedbackReport, StrategyTouched

SIGNS = {"reworded": ("~", "yellow"), "removed": ("-", "red"), "added": ("+", "green")}
MOST = 12


def feedback_lines(found: Feedback) -> RenderableType:
    """What became of one draft."""
    head = "sent as drafted" if found.accepted else f"{found.similarity:.0%} alike; {found.kept} sentences kept"
    lines: list[RenderableType] = [Text(head, "bold"), *(_change(change) for change in found.changes)]
    for words, rules in (("now breaks", found.broken), ("no longer breaks", found.mended)):
        if rules:
            lines.append(Text(f"{words}: {', '.join(rules)}", QUIET))
    return Group(*lines)


def _change(change: Change) -> Text:
    sign, style = SIGNS[change.kind]
    words = " → ".join(filter(None, (change.before, change.after)))
    owner = (f"  ({change.strategy})", QUIET) if change.strategy else ""
    return Text.assemble((f"{sign} ", style), printable(words), owner)


def report_table(found: FeedbackReport) -> RenderableType:
    """The report, for whoever looks after the wording."""
    parts: list[RenderableType] = [Text(_summary(found), "bold"), Text(_sentences(found), QUIET)]
    changed = [one for one in found.strategies if one.changed]
    if changed:
        parts += [Text("\nstrategies that people change", "bold"), _indented(_strategies(changed))]
    if found.rules:
        parts += [Text("\nrules", "bold"), _indented(_rules(found))]
    if found.added_sentences:
        listed = Group(*(Text(f"+ {printable(sentence)}") for sentence in found.added_sentences[:MOST]))
        parts += [Text("\nwhat people add", "bold"), _indented(listed)]
    if len(found.versions) > 1:
        parts += [Text("\nby version of the wording", "bold"), _indented(_versions(found))]
    return Group(*parts)


def _summary(found: FeedbackReport) -> str:
    return f"{found.drafts} drafts: {found.accepted:.0%} sent as drafted, {found.similarity:.0%} alike on average."


def _sentences(found: FeedbackReport) -> str:
    return f"Sentences: {found.kept} kept, {found.reworded} reworded, {found.removed} removed, {found.added} added."


def _indented(part: RenderableType) -> Padding:
    return Padding(part, (0, 0, 0, 2))


def _grid(head: tuple[str, ...]) -> Table:
    table = Table.grid(padding=(0, 2))
    for at in range(len(head)):
        table.add_column(justify="right" if at else "left", no_wrap=True)
    table.add_row(*(Text(name, QUIET) for name in head))
    return table


def _strategies(changed: list[StrategyTouched]) -> Group:
    table = _grid(("", "drafted", "reworded", "removed", "touched"))
    for one in changed[:MOST]:
        table.add_row(spoken(one.strategy), str(one.drafted), str(one.reworded), str(one.removed), f"{one.changed:.0%}")
    return Group(table, Text(), *_examples(changed))


def _examples(changed: list[StrategyTouched]) -> Iterator[RenderableType]:
    for one in changed[:3]:
        yield Text(spoken(one.strategy), QUIET)
        yield from (_indented(_change(change.model_copy(update={"strategy": None}))) for change in one.examples)


def _rules(found: FeedbackReport) -> Table:
    table = _grid(("", "broken by people", "mended by people"))
    for one in found.rules[:MOST]:
        table.add_row(one.rule, str(one.broken or ""), str(one.mended or ""))
    return table


def _versions(found: FeedbackReport) -> Table:
    table = _grid(("", "drafts", "as drafted", "alike"))
    for one in found.versions:
        table.add_row(one.version, str(one.drafts), f"{one.accepted:.0%}", f"{one.similarity:.0%}")
    return table
