"""Reading a complaint: its cause, tone, stakes, issues, facts and wishes, each with the words that show it."""

from replykit.classify.explain import Reason
from replykit.classify.reader import Classifier, Shelf, parts_of

__all__ = ["Classifier", "Reason", "Shelf", "parts_of"]
