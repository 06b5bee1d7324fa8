"""Drafts replies to customer complaints: classified, planned, worded, checked, with the reason for every sentence."""

from replykit.errors import (
    AnswerError,
    BatchError,
    BudgetError,
    DeadlineError,
    FindingsError,
    InputError,
    LibraryError,
    ModelError,
    PolicyError,
    ReplyKitError,
    SettingsError,
)
from replykit.kit import ReplyKit
from replykit.types import Classification, Commitment, Complaint, Draft, Finding, Issue, Move, Plan, Policy, Report, Review, Usage

__all__ = [
    "AnswerError",
    "BatchError",
    "BudgetError",
    "Classification",
    "Commitment",
    "Complaint",
    "DeadlineError",
    "Draft",
    "Finding",
    "FindingsError",
    "InputError",
    "Issue",
    "LibraryError",
    "ModelError",
    "Move",
    "Plan",
    "Policy",
    "PolicyError",
    "ReplyKit",
    "ReplyKitError",
    "Report",
    "Review",
    "SettingsError",
    "Usage",
]
