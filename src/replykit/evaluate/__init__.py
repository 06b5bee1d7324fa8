"""How well a kit reads, checks and drafts, measured on labelled cases; two settings side by side."""

from replykit.evaluate.cases import Case, Injection, Message, Reply, Scenario, read_cases
from replykit.evaluate.outcomes import Difference, Evaluation, Outcome, differences
from replykit.evaluate.page import evaluation_page
from replykit.evaluate.run import evaluate
from replykit.evaluate.scores import Score

__all__ = [
    "Case",
    "Difference",
    "Evaluation",
    "Injection",
    "Message",
    "Outcome",
    "Reply",
    "Scenario",
    "Score",
    "differences",
    "evaluate",
    "evaluation_page",
    "read_cases",
]
