"""Plans, drafts, reports and reviews as HTML: every move beside its strategy, every finding where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from replykit.display.html.frame import render
from replykit.display.html.marks import Piece, finding_marks, pieces, promise_marks, reading_marks
from replykit.display.html.reading import legend_of, passages
from replykit.display.html.tables import table
from replykit.display.words import cost, spoken
from replykit.types import Clause, Commitment, Draft, Finding, Move, Plan, Report, Review


@dataclass(frozen=True)
class Row:
    """A stretch of a reply: one move, or the greeting and the closing between moves."""

    pieces: list[Piece]
    move: Move | None = None
    quotes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def hover(self) -> str:
        """What hovering over the move says: its strategy, every source, and why it was chosen."""
        if self.move is None:
            return ""
        sources = "; ".join(f"article {source.article}, {source.heading}" for source in self.move.sources)
        return f"{spoken(self.move.strategy)} ({self.move.reason}). {sources}"


def draft_part(draft: Draft) -> Markup:
    """A draft: what the customer wrote, the reply move by move, promises, findings, status and cost."""
    rows, loose = draft_rows(draft)
    return render(
        "draft",
        draft=draft,
        rows=rows,
        loose=loose,
        passages=passages(draft.classification),
        kinds=legend_of(reading_marks(draft.classification)),
        promises=promises(draft.commitments),
        dropped=[row for row in draft.plan.considered if not row.kept],
        checked=counted(draft.findings),
        cost=cost(draft.usage),
    )


def draft_rows(draft: Draft) -> tuple[list[Row], list[Finding]]:
    """The reply cut at its moves, and the findings that stand nowhere in it.

    Every character of the text is in exactly one row. Where a move's words cannot be found again, because a repair went
    over the whole text, they stay with the stretch around them.
    """
    marks = [*finding_marks(draft.findings), *promise_marks(draft.commitments)]
    rows: list[Row] = []
    placed: list[Finding] = []
    quoted: set[str] = set()
    for start, end, move in _stretches(draft):
        found = tuple(f for f in draft.findings if f.quote and start <= f.start < end)
        placed += found
        fresh = tuple(quote for quote in move.evidence if quote not in quoted)[:2] if move else ()
        quoted.update(move.evidence if move else ())
        rows.append(Row(_trimmed(pieces(draft.text, marks, start=start, end=end)), move, fresh, found))
    return rows, [f for f in draft.findings if f not in placed]


def _stretches(draft: Draft) -> Iterator[tuple[int, int, Move | None]]:
    at = 0
    for move in draft.moves:
        start = draft.text.find(move.text, at) if move.text else -1
        if start < 0:
            continue
        if draft.text[at:start].strip():
            yield at, start, None
        at = start + len(move.text)
        yield start, at, move
    if draft.text[at:].strip():
        yield at, len(draft.text), None


def _trimmed(run: list[Piece]) -> list[Piece]:
    """Without the blank lines around a stretch, which the layout replaces."""
    first, last = 0, len(run)
    while first < last and not run[first].text.strip():
        first += 1
    while last > first and not run[last - 1].text.strip():
        last -= 1
    kept = run[first:last]
    if kept:
        kept[0] = Piece(kept[0].text.lstrip(), kept[0].marks)
        kept[-1] = Piece(kept[-1].text.rstrip(), kept[-1].marks)
    return kept


def promises(commitments: Sequence[Commitment]) -> Markup:
    """What a text commits to, and what allows it."""
    if not commitments:
        return render("nothing")
    rows = [(c.quote, spoken(c.kind), _licence(c)) for c in commitments]
    return table(("Promise", "Kind", "Allowed by"), rows, caption="Promises and what allows them")


def _licence(commitment: Commitment) -> Markup:
    words = commitment.licence or commitment.clause or ""
    clause = commitment.clause if commitment.clause != words else None
    return render("licence", words=words, clause=clause or "")


def counted(findings: Sequence[Finding]) -> str:
    """How many findings there are, in words."""
    if not findings:
        return "Checked: clean"
    blocking = sum(f.level == "block" for f in findings)
    return f"Checked: {blocking} must go, {len(findings) - blocking} to consider"


def plan_part(plan: Plan) -> Markup:
    """A plan: the moves in order with their reasons, what may be promised, what was left out."""
    kept = {row.strategy: row for row in plan.considered if row.kept}
    quoted: set[str] = set()
    rows = []
    for considered in (kept[move] for move in plan.moves if move in kept):
        rows.append({"considered": considered, "quotes": [q for q in considered.evidence if q not in quoted][:2]})
        quoted.update(considered.evidence)
    return render(
        "plan",
        plan=plan,
        headline=f"{len(plan.moves)} move{'' if len(plan.moves) == 1 else 's'}, in this order",
        kept=rows,
        clauses=[{"id": clause.id, "words": _clause(clause)} for clause in plan.clauses],
        dropped=[row for row in plan.considered if not row.kept],
    )


def _clause(clause: Clause) -> str:
    limit = f"at most {clause.limit}" if clause.limit else ""
    return ", ".join(filter(None, (clause.text.strip(), clause.within, limit)))


def report_part(report: Report) -> Markup:
    """A report: each finding with its passage, why it matters and what to write instead; then the promises."""
    total = len(report.findings)
    return render(
        "report",
        ok=report.ok,
        headline=f"{total} finding{'' if total == 1 else 's'}" if total else "Clean: nothing to change",
        findings=report.findings,
        promises=promises(report.commitments) if report.commitments else "",
    )


def review_part(review: Review) -> Markup:
    """A review: which moves a person's reply makes and with which words, what was found, and advice."""
    made = sum(move.present for move in review.moves)
    return render("review", review=review, headline=f"{made} of {len(review.moves)} moves made")


def finding_part(finding: Finding) -> Markup:
    """One finding."""
    return render("finding", found=finding)
