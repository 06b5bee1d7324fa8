"""Findings shown where they are: the line of the text, the passage underlined, the why and the rewrite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from replykit.display.safe import CONTROLS
from replykit.display.terminal import LEVELS, QUIET, rows
from replykit.types import Finding

# What editors, GitHub and SARIF take for the end of a line; str.splitlines() knows eight more.
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
MARGIN = 8
NARROWEST = 40


class Place(NamedTuple):
    """Where something begins, counted from 1, in Unicode characters."""

    line: int
    column: int


def place(text: str, offset: int) -> Place:
    """Line and column of an offset; a line feed, a carriage return or both end a line."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def passage(name: str, text: str, finding: Finding, *, width: int = 80) -> RenderableType:
    """One finding as a person reads it.

    Args:
        name: The file, as the person gave it.
        text: The text that was checked.
        finding: What was found in it.
        width: How many columns there are.
    """
    at = place(text, finding.start)
    head = Text.assemble(
        (f"{name}:{at.line}:{at.column} ", "bold"),
        (finding.level, LEVELS[finding.level]),
        f" {finding.rule} ",
        (finding.category, QUIET),
    )
    body: list[RenderableType] = [head, Padding(Text(finding.message), (0, 0, 0, 2))]
    if finding.quote:
        body += list(excerpt(text, finding.start, finding.end, at.line, max(NARROWEST, width) - MARGIN))
    return Group(*body, Padding(rows(_advice(finding)), (0, 0, 0, 2)), Text())


def excerpt(text: str, start: int, end: int, line: int, width: int) -> Iterator[Text]:
    """The lines that a passage touches (the first and the last where it is long), underlined below."""
    pieces = list(_lines_of(text, start, end))
    shown = pieces if len(pieces) <= 3 else [pieces[0], pieces[-1]]
    for offset, piece in enumerate(pieces):
        if piece not in shown:
            continue
        content, first, last = _window(*piece, width)
        under = " " * cell_len(content[:first]) + "^" * max(1, cell_len(content[first:last]))
        yield Text.assemble((f"{line + offset:>5} │ ", QUIET), content, no_wrap=True)
        yield Text.assemble(("      │ ", QUIET), (under, "bold"), no_wrap=True)


def _lines_of(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Each line that the passage touches with the passage's place in it; controls are made visible, lengths kept."""
    offset = 0
    for raw in LINE.findall(text):
        content = CONTROLS.sub("\N{REPLACEMENT CHARACTER}", raw.rstrip("\r\n")).replace("\t", " ")
        if start < offset + len(raw) and end > offset:
            first = max(0, start - offset)
            yield content, first, max(first, min(len(content), end - offset))
        offset += len(raw)


def _window(content: str, first: int, last: int, width: int) -> tuple[str, int, int]:
    """A long line cut around its passage, so that it fits."""
    if cell_len(content) <= width:
        return content, first, last
    begin = max(0, min(first - 20, len(content) - width + 2))
    begin = content.find(" ", begin, first) + 1 or begin
    cut = content[begin : begin + width - 2]
    left, right = "…" if begin else "", "…" if begin + width - 2 < len(content) else ""
    shift = len(left) - begin
    return left + cut + right, first + shift, min(last + shift, len(left + cut))


def _advice(finding: Finding) -> Iterator[tuple[str, RenderableType]]:
    yield "why", Text(finding.why)
    for number, rewrite in enumerate(finding.instead[:2]):
        yield ("or" if number else "instead"), Text(rewrite)
    if finding.probability < 1:
        yield "sure", Text(f"{finding.probability:.0%}, judged by likeness")
