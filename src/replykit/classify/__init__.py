"""Reading a complaint: its cause, tone, stakes, issues, facts and wishes, each with the words that show it."""

from replykit.classify.reader import Classifier, Shelf

__all__ = ["Classifier", "Shelf"]
