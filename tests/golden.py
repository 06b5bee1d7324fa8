"""Thirty whole drafts, kept as people read them: run `python tests/golden.py` to write them anew, then read the difference aloud."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from scenario_files import scenarios

from replykit import Complaint, Draft, Policy, ReplyKit

FOLDER = Path(__file__).parent / "golden"
CASES = (
    "goods-bike-light-dead", "goods-restored-chair-wobbles", "goods-ring-sizing", "goods-seed-order-out-of-stock", "services-pool-cold-default-policy",
    "goods-sofa-delivery-gouge", "limits-allotment-change-of-mind-late", "limits-claim-over-limit-moving", "many-language-school-four",
    "many-broadband-two-departments", "promises-callback-missed-twice", "promises-hotel-dog-friendly", "services-ferry-cancelled",
    "services-tutor-no-show", "services-carshare-double-charge", "distress-widow-ferry-pass", "threads-ongoing-damp-wall",
    "threads-new-face-hearing-studio", "threads-resolved-not-told-refund-done", "tempers-calls-herself-idiot", "channels-plain-words-portal",
    "tempers-someone-with-authority-chat", "channels-phone-transcript-patient", "channels-social-late-cake", "escalations-trampoline-injury",
    "escalations-neighbours-medical-letter", "tempers-clock-insults-real-fault", "tempers-closing-in-writing-book-shop", "threads-follow-up-ring",
    "quiet-praise-vet-nurse",
)  # fmt: skip


def rows() -> dict[str, dict[str, Any]]:
    """The situations behind the golden drafts, by id."""
    found = {row["id"]: row for row in scenarios()}
    return {name: found[name] for name in CASES}


def draft(row: dict[str, Any], kit: ReplyKit) -> Draft:
    """The offline draft of one situation."""
    return kit.with_policy(Policy.model_validate(row.get("policy") or {})).draft(
        Complaint.model_validate(row["complaint"])
    )


def page(row: dict[str, Any], found: Draft) -> str:
    """A draft as it is kept: the complaint, what was planned, the reply."""
    head = [
        f"{found.plan.kind}, {row['complaint'].get('channel', 'email')}: {', '.join(m.strategy for m in found.moves)}"
    ]
    head += [f"Subject: {found.subject}"] if found.subject else []
    return (
        "\n\n".join([row["complaint"]["text"].strip(), "-" * 72, "\n".join(head), "-" * 72, found.text.strip()]) + "\n"
    )


def main() -> int:
    """Write every page."""
    kit = ReplyKit()
    FOLDER.mkdir(exist_ok=True)
    for name, row in rows().items():
        (FOLDER / f"{name}.txt").write_text(page(row, draft(row, kit)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
