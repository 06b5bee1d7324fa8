"""Drafts replies to customer complaints: classified, planned, worded, checked, with the reason for every sentence."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from replykit.comparison import Comparison, compare
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
    from replykit.types import (
        Classification,
        Commitment,
        Complaint,
        Draft,
        Finding,
        Issue,
        Move,
        Plan,
        Policy,
        Report,
        Review,
        Usage,
    )

__all__ = [
    "AnswerError",
    "BatchError",
    "BudgetError",
    "Classification",
    "Commitment",
    "Comparison",
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
    "compare",
]

ELSEWHERE = {"ReplyKit": "kit", "Comparison": "comparison", "compare": "comparison"}
"""The rooms of the names that are neither errors nor nouns."""


def __getattr__(name: str) -> object:
    """A public name, its room opened when it is first asked for, so that importing replykit costs next to nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = ELSEWHERE.get(name) or ("errors" if name.endswith("Error") else "types")
    value: object = getattr(importlib.import_module(f"{__name__}.{room}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
