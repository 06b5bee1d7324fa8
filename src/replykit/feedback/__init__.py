"""The feedback loop: what people changed in drafts before they sent them, and which strategies and rules that touches."""

from replykit.feedback.compare import compare_sent
from replykit.feedback.nouns import Change, Feedback, FeedbackReport, RuleTouched, StrategyTouched, VersionScore
from replykit.feedback.report import feedback_report
from replykit.feedback.store import FeedbackStore

__all__ = [
    "Change",
    "Feedback",
    "FeedbackReport",
    "FeedbackStore",
    "RuleTouched",
    "StrategyTouched",
    "VersionScore",
    "compare_sent",
    "feedback_report",
]
