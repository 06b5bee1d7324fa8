"""What many complaints have in common: causes, issues, items and requests over time, what repeats, what is rising."""

from replykit.insights.counting import insights
from replykit.insights.nouns import Count, Insights, Repeat, Rise, Week
from replykit.insights.page import insights_page
from replykit.insights.seen import Seen, seen_complaint, seen_draft

__all__ = [
    "Count",
    "Insights",
    "Repeat",
    "Rise",
    "Seen",
    "Week",
    "insights",
    "insights_page",
    "seen_complaint",
    "seen_draft",
]
