"""Readings and drafts for a terminal: calm panels that fit in 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import ROUNDED
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from replykit.display.safe import printable
from replykit.display.words import cost, spoken
from replykit.types import Classification, Commitment, Complaint, Considered, Draft, Finding, Move

QUIET = "dim"
LEVELS = {"block": "bold red", "warn": "yellow"}
STATUS = {"ready": "bold green", "needs_review": "bold yellow"}
QUOTE_LENGTH = 48


def panel(title: str, *parts: RenderableType) -> Panel:
    """Parts one below the other in a quiet frame."""
    return Panel(Group(*parts), title=Text(title, "bold"), title_align="left", border_style=QUIET, box=ROUNDED)


def rows(pairs: Iterable[tuple[str, RenderableType]]) -> Table:
    """Names on the left, what they stand for on the right."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style=QUIET, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for name, value in pairs:
        table.add_row(name, value)
    return table


def quoted(text: str, style: str = "italic") -> Text:
    """The customer's own words on one line, shortened in the middle where they are many."""
    words = " ".join(printable(text).split())
    if len(words) > QUOTE_LENGTH:
        begin, end = words[: QUOTE_LENGTH - 20], words[-18:]
        # Whole words, unless there is only one.
        words = f"{begin.rpartition(' ')[0] or begin} … {end.partition(' ')[2] or end}"
    return Text(f"“{words}”", style)


# ---------------------------------------------------------------- how a complaint was read


def reading(complaint: Complaint, found: Classification, *, explain: bool = False) -> Panel:
    """How a complaint was read, with the words that show it.

    Args:
        complaint: The complaint, whose text is shown with its passages marked when `explain` is set.
        found: How it was read.
        explain: Whether to show the text, the evidence for every label and the other causes with their probability.
    """
    parts: list[RenderableType] = [marked(complaint.text, found), Text()] if explain else []
    parts.append(rows(_reading_rows(found)))
    if explain:
        parts += [Text(), rows(_evidence_rows(found))]
    return panel("how it reads", *parts)


def marked(text: str, found: Classification) -> Text:
    """The text of a complaint with the passages of its issues and evidence underlined."""
    shown = Text(
        printable(text.replace("\r\n", " \n")).rstrip()
    )  # the length is kept, so that spans stay where they are
    for span in (*found.issues, *found.evidence):
        shown.stylize("underline", span.start, span.end)
    return shown


def summary(found: Classification) -> Text:
    """Cause, tone, stakes and certainty in one line."""
    causes = " + ".join((found.cause, *found.secondary)) if found.cause != "none" else "no complaint"
    sure = f"{found.confidence:.0%} sure" + (" (asked the model)" if found.source == "model" else "")
    return Text(" · ".join((causes, found.tone, f"{found.stakes} stakes", sure)))


def _reading_rows(found: Classification) -> Iterable[tuple[str, RenderableType]]:
    yield "read as", summary(found)
    for number, issue in enumerate(found.issues):
        yield ("" if number else "issues"), Text.assemble(spoken(issue.kind), " ", quoted(issue.quote))
    for name, values in (
        ("asks for", found.requests),
        ("threatens", found.threats),
        ("feels", found.feelings),
        ("returning", (found.return_reason,) if found.return_reason else ()),
    ):
        if values:
            yield name, Text(", ".join(spoken(value) for value in values))
    if found.repeat_contact:
        yield "again", Text("has written before")
    if found.language != "en":
        yield "language", Text(found.language)


def _evidence_rows(found: Classification) -> Iterable[tuple[str, RenderableType]]:
    for evidence in found.evidence:
        yield f"{evidence.field} {spoken(evidence.kind)}", quoted(evidence.quote)
    for field, distribution in found.probabilities.items():
        best = sorted(distribution.items(), key=lambda item: -item[1])
        yield f"{field}?", Text(", ".join(f"{spoken(label)} {share:.0%}" for label, share in best if share >= 0.005))


# ---------------------------------------------------------------- why a draft is as it is


def why(complaint: Complaint, draft: Draft, *, explain: bool = False) -> Panel:
    """Why a draft is as it is: reading, moves with sources, promises, findings, status and cost.

    Args:
        complaint: What the draft answers.
        draft: The draft.
        explain: Whether to add the paragraphs beside their moves, what the plan dropped, and the notes.
    """
    parts: list[RenderableType] = [rows(_reading_rows(draft.classification)), Text(), moves(draft.moves, texts=explain)]
    parts += [Text(), rows(_outcome_rows(draft, "below" if explain else "--explain shows them"))]
    if explain:
        parts += [Text("\nleft out", "bold"), dropped(draft.plan.considered), *_notes(draft)]
        parts.insert(0, Group(marked(complaint.text, draft.classification), Text()))
    return panel("why this reply", *parts)


def moves(made: Sequence[Move], *, texts: bool = False) -> Table:
    """The moves of a reply in order, each with its source and the customer's words that called for it."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style=QUIET, no_wrap=True, justify="right")
    table.add_column(ratio=1)
    shown: set[str] = set()
    for number, move in enumerate(made, start=1):
        words = [quote for quote in move.evidence if quote not in shown]  # said once, not once a move
        shown.update(words)
        table.add_row(str(number), _move(move, words, texts=texts))
    return table


def dropped(considered: Sequence[Considered]) -> RenderableType:
    """The strategies that the plan looked at and left out, with the reason."""
    return rows((c.strategy, Text(c.reason)) for c in considered if not c.kept)


def findings_in_short(findings: Sequence[Finding]) -> RenderableType:
    """The verdict of the check in a line, and a line for each finding."""
    if not findings:
        return Text("clean: nothing forbidden, nothing promised that is not granted", "green")
    return Group(*(Text.assemble((f.level, LEVELS[f.level]), f" {f.rule} ", *_said(f)) for f in findings))


def _said(finding: Finding) -> tuple[Text | str, ...]:
    """The message, after the passage where the message does not hold it."""
    words = " ".join(finding.quote.split())
    return (finding.message,) if words[:20] in finding.message else (quoted(words), f" {finding.message}")


def promises(commitments: Sequence[Commitment]) -> RenderableType:
    """What a reply commits to, and what allows it."""
    if not commitments:
        return Text("nothing")
    return Group(
        *(
            Text.assemble(quoted(c.quote, ""), ("  ← ", QUIET), (c.licence or c.clause or "nothing allows it", QUIET))
            for c in commitments
        )
    )


def _move(move: Move, words: Sequence[str], *, texts: bool) -> RenderableType:
    author = f" by the {move.written_by}" if move.written_by != "offline" else ""
    first, *others = [f"article {source.article}, {source.heading}" for source in move.sources] or [""]
    lines: list[RenderableType] = [Text.assemble((move.strategy, "bold"), author, "  ", (first, QUIET))]
    if words:
        lines.append(Text(", ").join(quoted(quote) for quote in (words if texts else words[:2])))
    if texts:
        lines += [Text(line, QUIET) for line in (*others, f"because: {move.reason}" if move.reason else "") if line]
        lines += [Text(printable(move.text)), Text()]
    return Group(*lines)


def _outcome_rows(draft: Draft, where: str) -> Iterable[tuple[str, RenderableType]]:
    yield "promises", promises(draft.commitments)
    yield "check", findings_in_short(draft.findings)
    yield "cost", Text(cost(draft.usage))
    state = Text.assemble((spoken(draft.status), STATUS[draft.status]), f" · confidence {draft.confidence:.2f}")
    yield "status", Group(state, *(Text(f"- {reason}") for reason in draft.reasons))
    if draft.notes:
        yield "notes", Text(f"{', '.join(spoken(note) for note in draft.notes)} (for you, {where})")


def _notes(draft: Draft) -> Iterable[RenderableType]:
    for name, note in draft.notes.items():
        yield from (Text(), Text(f"note for you: {spoken(name)}", "bold"), Text(printable(note)))
