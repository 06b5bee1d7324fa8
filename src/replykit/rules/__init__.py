"""The rules of the check: one file each, of a few kinds, found by the words a text holds."""

from replykit.rules.phrase import Hit
from replykit.rules.reading import Reading, Sentence
from replykit.rules.record import Example, Rule
from replykit.rules.ruleset import RuleSet

__all__ = ["Example", "Hit", "Reading", "Rule", "RuleSet", "Sentence"]
