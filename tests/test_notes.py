"""The notes beside a draft: which ones there are, and what they hold."""

from __future__ import annotations

import pytest

from replykit import Complaint, ReplyKit

HISTORY = [
    {"on": "2026-03-01", "by": "customer", "text": "The ferry left without us."},
    {
        "on": "2026-03-02",
        "by": "agent",
        "agent": "Ines",
        "text": "I will refund the tickets by 9 March.",
        "outcome": "promised",
    },
]
COMPLAINT = {
    "text": "I am still waiting for the refund. If it is not here on Friday I will go to my lawyer.",
    "received_at": "2026-03-12T09:00:00Z",
    "customer": {"name": "Ola Berg"},
    "order": {"id": "FE-12", "item": "return ticket", "amount": 64.0, "currency": "EUR"},
    "history": HISTORY,
}


@pytest.fixture(scope="module")
def notes() -> dict[str, str]:
    policy = {
        "escalation": [
            {
                "when": ["legal", "high"],
                "name": "Mo Lindt",
                "role": "head of claims",
                "contact": "mo@example.org",
                "within": "within 1 working day",
            }
        ],
        "crisis": {"speaker": "Mo Lindt", "steps": ["Stop the reminder letters."]},
    }
    return ReplyKit(policy=policy).draft(Complaint.model_validate(COMPLAINT)).notes


def test_a_handover_holds_everything_the_next_person_needs(notes):
    """Facts, history, what was promised, mood and next step are all in the brief."""
    brief = notes["handover_brief"]
    assert [
        part
        for part in (
            "Ola Berg",
            "FE-12",
            "The ferry left without us.",
            "I will refund the tickets by 9 March.",
            "Mood:",
            "Next step:",
        )
        if part not in brief
    ] == []


def test_a_record_holds_the_whole_case(notes):
    """The document holds complaint, labels, plan, reply, commitments and version."""
    assert [
        part
        for part in (COMPLAINT["text"], "Plan (", "Reply: ", "Commitments: ", "Version: replykit")
        if part not in notes["document"]
    ] == []


def test_escalation_says_why_and_to_whom(notes):
    """The note names the reason and the person with their contact."""
    assert all(part in notes["escalate_when"] for part in ("a threat of legal", "Mo Lindt", "mo@example.org"))


def test_the_crisis_plan_names_the_speaker_and_the_steps(notes):
    """Who speaks and what is done stand in the crisis plan."""
    assert all(part in notes["crisis_plan"] for part in ("Only Mo Lindt speaks", "1. Stop the reminder letters."))


def test_praise_needs_no_notes():
    """A message without a complaint has no checklist."""
    assert ReplyKit().draft("Thank you, that was lovely!").notes == {}
