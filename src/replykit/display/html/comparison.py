"""Several drafts of one complaint, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from replykit.display.html.frame import render
from replykit.display.html.marks import pieces, reading_marks
from replykit.display.html.reading import legend_of
from replykit.display.html.reply import draft_rows
from replykit.display.words import cost
from replykit.errors import ReplyKitError
from replykit.types import Complaint, Draft


def comparison_part(complaint: Complaint, drafts: Mapping[str, Draft | ReplyKitError]) -> Markup:
    """One column a draft; moves that no other draft makes are pointed out.

    Args:
        complaint: What all of them answer; its evidence is marked as the first draft read it.
        drafts: By name, the draft or the error that stands in its place.
    """
    made = [draft for draft in drafts.values() if isinstance(draft, Draft)]
    marks = reading_marks(made[0].classification) if made else []
    return render(
        "comparison",
        passages=pieces(complaint.text, marks),
        kinds=legend_of(marks),
        columns=[_column(name, draft, made) for name, draft in drafts.items()],
    )


def _column(name: str, draft: Draft | ReplyKitError, all_: list[Draft]) -> dict[str, Any]:
    if not isinstance(draft, Draft):
        return {"name": name, "draft": None, "problem": str(draft)}
    others = {move.strategy for other in all_ if other is not draft for move in other.moves}
    own = {move.strategy for move in draft.moves} - others if len(all_) > 1 else set()
    return {"name": name, "draft": draft, "rows": draft_rows(draft)[0], "own": own, "cost": cost(draft.usage)}
