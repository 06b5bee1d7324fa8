"""Training: a reply that a person wrote, held against the plan and the rules, with what to do better."""

from replykit.review.moves import Passage, Written
from replykit.review.score import review, review_context
from replykit.review.signs import Sign, Signs

__all__ = ["Passage", "Sign", "Signs", "Written", "review", "review_context"]
