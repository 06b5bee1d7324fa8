"""Fitting the classifier on labelled tickets, with a report of what the fit gained."""

from replykit.train.file import TrainReport, evaluate, train, train_file

__all__ = ["TrainReport", "evaluate", "train", "train_file"]
