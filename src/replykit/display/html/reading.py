"""A complaint and how it was read, as HTML: the words that show each label are marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from replykit.display.html.charts import Bar, bars
from replykit.display.html.frame import render
from replykit.display.html.marks import Mark, Piece, excerpts, pieces, reading_marks
from replykit.display.words import spoken
from replykit.types import Classification, Complaint

LEGEND = {
    "issue": "what is wrong",
    "request": "what is asked for",
    "tone": "how it is said",
    "feeling": "what is felt",
    "stakes": "what is at stake",
    "fact": "other evidence",
}
FEWEST = 0.005
"""A label less likely than this is left out of a chart: its bar could not be seen."""


def complaint_part(complaint: Complaint, found: Classification | None) -> Markup:
    """A complaint with everything the business knows around it.

    Args:
        complaint: The complaint.
        found: How it reads, so that its evidence can be marked; None marks nothing.
    """
    marks = reading_marks(found) if found else []
    return render(
        "complaint",
        complaint=complaint,
        pieces=pieces(complaint.text, marks),
        kinds=legend_of(marks),
        pairs=list(_known(complaint)),
    )


def classification_part(found: Classification) -> Markup:
    """How a complaint reads: labels, the passages that show them, and how likely the other labels were."""
    return render(
        "classification",
        found=found,
        headline=headline(found),
        pieces=passages(found),
        kinds=legend_of(reading_marks(found)),
        pairs=list(_labels(found)),
        charts=[(f"{spoken(name)}?", _chart(name, shares, found)) for name, shares in found.probabilities.items()],
    )


def passages(found: Classification) -> list[Piece]:
    """The passages that a classification quotes, in their order, marked."""
    return excerpts((*found.issues, *found.evidence), reading_marks(found))


def legend_of(marks: Iterable[Mark]) -> list[tuple[str, str]]:
    """The kinds of marks that occur, each with what it stands for."""
    there = {mark.kind for mark in marks}
    return [(kind, words) for kind, words in LEGEND.items() if kind in there]


def headline(found: Classification) -> str:
    """Cause, tone and stakes in one sentence."""
    if found.cause == "none":
        return f"No complaint; {found.tone}"
    causes = " and ".join((found.cause, *found.secondary))
    return f"{causes[0].upper()}{causes[1:]} complaint, {found.tone}, {found.stakes} stakes"


def _labels(found: Classification) -> Iterator[tuple[str, str]]:
    for name, values in (
        ("Issues", tuple(dict.fromkeys(issue.kind for issue in found.issues))),
        ("Asks for", found.requests),
        ("Threatens", found.threats),
        ("Feels", found.feelings),
        ("Returning", (found.return_reason,) if found.return_reason else ()),
        ("Facts", tuple(dict.fromkeys(span.quote for span in found.mentions))),
    ):
        if values:
            yield name, ", ".join(spoken(value) if name != "Facts" else value for value in values)
    if found.repeat_contact:
        yield "Again", "has written or called before"
    if found.language != "en":
        yield "Language", found.language


def _chart(name: str, shares: dict[str, float], found: Classification) -> Markup:
    chosen = getattr(found, name, None)
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    rows = [Bar(label, share, f"{share:.0%}", label == chosen) for label, share in ordered if share >= FEWEST]
    return bars(rows, caption=f"How likely each {spoken(name)} is")


def _known(complaint: Complaint) -> Iterator[tuple[str, str]]:
    order = complaint.order
    if order.amount is not None:
        yield "paid", f"{order.amount:.2f} {order.currency or ''}".strip()
    for name in ("id", "item", "purchased_on", "promised_on", "delivered_on"):
        if (value := getattr(order, name)) is not None:
            yield ("order" if name == "id" else name), str(value)
    yield from ((key, str(value)) for key, value in complaint.facts.items())
