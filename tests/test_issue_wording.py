"""The wording for every kind of issue passes the rules that drafts are held to, whichever variant is chosen."""

from __future__ import annotations

from typing import get_args

import pytest
from cases import CUES, LIBRARY, case

from replykit.checking import Checker
from replykit.plan import decide
from replykit.rooms import context_of
from replykit.types import IssueKind
from replykit.write import Story, Wording, compose, write_offline

WORDING = Wording.from_library(LIBRARY, CUES)
CHECKER = Checker(LIBRARY, LIBRARY.policy)
TEXTS = (
    "It went wrong on Monday.",
    "This is about my last visit.",
    "Here I am again with it.",
    "I had hoped for better.",
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("kind", get_args(IssueKind))
def test_the_words_for_an_issue_break_no_rule(kind, text):
    """A letter about any kind of issue holds nothing that blocks, before anything is repaired in it."""
    found = case(text, (kind, text.rstrip(".")))
    plan, story = decide(found, LIBRARY.strategies), Story(found, WORDING)
    report = CHECKER.draft(compose(write_offline(plan, story), story), context_of(found, plan))
    assert [(f.rule, f.quote) for f in report.blocking] == []
