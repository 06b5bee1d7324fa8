"""One complaint as insights see it: its labels, when it came, what and whom it is about; no word of the customer's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from replykit.errors import InputError
from replykit.kit import ReplyKit
from replykit.types import Classification, Complaint, Draft, Noun, Plan

READ = ("classification", "plan")
"""The fields of a draft that insights need."""


class Seen(Noun):
    """What one complaint adds to the counts."""

    id: str
    on: dt.date | None = None
    item: str | None = None
    customer: str | None = None
    channel: str | None = None
    cause: str = "none"
    kind: str = "reply"
    tone: str = "calm"
    stakes: str = "low"
    issues: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    threats: tuple[str, ...] = ()
    strategies: tuple[str, ...] = ()
    needs_review: bool = False
    reasons: tuple[str, ...] = ()


def seen_complaint(kit: ReplyKit, complaint: Complaint, name: str) -> Seen:
    """A complaint that nobody has read yet: classified and planned, but not drafted.

    Args:
        kit: What reads it; a model is asked only where the kit has one and is unsure.
        complaint: The complaint.
        name: What it is known by.
    """
    reading = kit.classify(complaint)
    plan = kit.plan(complaint)
    return _seen(name, reading, plan, complaint, reasons=plan.reasons, needs_review=bool(plan.reasons))


def seen_draft(row: dict[str, Any], complaint: Complaint | None = None) -> Seen:
    """A draft as `batch` and `draft --jsonl` write it: a line with its id.

    Args:
        row: The line. It needs `classification` and `plan`; `status` and `reasons` count where they are there.
        complaint: What it answers, where it is at hand: for its date, its item and its customer.

    Raises:
        InputError: The line holds no draft.
    """
    try:
        reading = Classification.model_validate(row["classification"])
        plan = Plan.model_validate(row["plan"])
    except KeyError as error:
        raise InputError(
            f"the line has no {error.args[0]!r}; drafts written with --fields need {', '.join(READ)}"
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError(f"the line holds no draft: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    reasons = tuple(map(str, row.get("reasons") or ()))
    review = row.get("status") == "needs_review" if "status" in row else bool(plan.reasons)
    return _seen(str(row.get("id", "")), reading, plan, complaint, reasons=reasons or plan.reasons, needs_review=review)


def from_draft(draft: Draft, complaint: Complaint, name: str) -> Seen:
    """A draft that is at hand, with the complaint that it answers."""
    return _seen(
        name, draft.classification, draft.plan, complaint,
        reasons=draft.reasons, needs_review=draft.status == "needs_review",
    )  # fmt: skip


def _seen(
    name: str, reading: Classification, plan: Plan, complaint: Complaint | None, *, reasons: Iterable[str], needs_review: bool
) -> Seen:  # fmt: skip
    order, customer = (complaint.order, complaint.customer) if complaint else (None, None)
    item = order.item if order and order.item else next((m.quote for m in reading.mentions if m.kind == "item"), None)
    return Seen(
        id=name,
        on=complaint.received_at.date() if complaint and complaint.received_at else None,
        item=" ".join(item.lower().split()) if item else None,
        customer=customer.name if customer else None,
        channel=complaint.channel if complaint else None,
        cause=reading.cause,
        kind=plan.kind,
        tone=reading.tone,
        stakes=str(plan.situation.get("stakes", reading.stakes)),
        issues=tuple(dict.fromkeys(issue.kind for issue in reading.issues)),
        requests=reading.requests,
        threats=reading.threats,
        strategies=plan.moves,
        needs_review=needs_review,
        reasons=tuple(reasons) if needs_review else (),
    )
