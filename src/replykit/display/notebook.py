"""How a noun shows itself in a notebook; opened only when a notebook asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from markupsafe import Markup

from replykit.classify import Classifier
from replykit.display.html.frame import fragment
from replykit.display.html.reading import classification_part, complaint_part, headline
from replykit.display.html.reply import counted, draft_part, finding_part, plan_part, report_part, review_part
from replykit.library import Library
from replykit.types import Classification, Complaint, Draft, Finding, Plan, Report, Review


def as_html(noun: Any) -> str | None:
    """A noun as a piece of HTML that brings its own style; None for a noun that has no face of its own.

    A complaint is read with the built-in classifier first, so that its telling words are marked.
    """
    return next((fragment(part(noun)) for kind, part in PARTS.items() if isinstance(noun, kind)), None)


def as_text(noun: Any) -> str:
    """A noun in a few plain words, for consoles and for readers that show no HTML."""
    return next((words(noun) for kind, words in WORDS.items() if isinstance(noun, kind)), repr(noun))


@cache
def _shipped_reader() -> Classifier:
    return Classifier.from_library(Library.load())


def _read_complaint(complaint: Complaint) -> Markup:
    return complaint_part(complaint, _shipped_reader()(complaint))


PARTS: dict[type, Callable[[Any], Markup]] = {
    Complaint: _read_complaint,
    Classification: classification_part,
    Plan: plan_part,
    Draft: draft_part,
    Report: report_part,
    Review: review_part,
    Finding: finding_part,
}
WORDS: dict[type, Callable[[Any], str]] = {
    Complaint: lambda complaint: complaint.text,
    Classification: headline,
    Plan: lambda plan: f"{plan.kind}: {', '.join(plan.moves)}",
    Draft: lambda draft: draft.text,
    Report: lambda report: counted(report.findings),
    Review: lambda review: f"{review.score:.0%}",
    Finding: lambda finding: f"{finding.rule}: {finding.message}",
}
