"""Every strategy file keeps what the library promises of all of them."""

from __future__ import annotations

import pytest

from replykit.library import Library
from replykit.plan.licences import GROUPS
from replykit.write.story import VALUES

LIBRARY = Library.load()
STRATEGIES = list(LIBRARY.strategies.values())
SECTION_A = {
    "acknowledge-feelings", "reflect-back", "take-their-side", "apologise-once", "personal-apology", "no-blame", "can-do", "offer-options",
    "single-remedy", "offer-alternative", "goodwill-gesture", "realistic-timeline", "explain-steps", "square-the-promise", "return-instructions",
    "hold-policy-kindly", "set-boundary", "close-politely", "establish-standing", "explain-escalation", "new-face", "answer-every-issue",
    "one-voice", "keep-informed", "plain-words", "thank-patience", "confirm-and-feedback", "follow-up", "check-in",
}  # fmt: skip
ARTICLES = {"000", "001", "002", "003", "004"}


def test_every_row_of_what_the_articles_ask_has_a_file():
    """Each of the 29 moves that the articles ask for is a strategy of its own."""
    assert SECTION_A - set(LIBRARY.strategies) == set()


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda s: s.id)
def test_a_strategy_names_its_articles(strategy):
    """Every strategy has at least one source, and each is one of the five articles with a heading."""
    assert strategy.sources
    assert {s.article for s in strategy.sources} <= ARTICLES
    assert all(s.heading for s in strategy.sources)


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda s: s.id)
def test_a_strategy_explains_itself(strategy):
    """Every strategy has an instruction, a condition in words and a reason."""
    assert all(len(text.split()) >= 4 for text in (strategy.instruction, strategy.condition, strategy.why))


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda s: s.id)
def test_a_strategy_has_several_wordings(strategy):
    """Whatever the channel, a reply is not the same sentence for everybody."""
    assert sum(map(len, strategy.offline.values())) >= 2


def test_the_shipped_library_verifies():
    """Every shipped file passes the checks that an adopter's folder has to pass."""
    LIBRARY.verify()


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda s: s.id)
def test_a_strategy_needs_only_values_that_exist(strategy):
    """What a strategy lists under `needs` is a value that a story can give."""
    assert set(strategy.needs) - set(VALUES) == set()


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda s: s.id)
def test_a_strategy_commits_only_to_known_groups(strategy):
    """What a strategy lists under `commits` is a group of clauses that the planner knows."""
    assert set(strategy.commits) - set(GROUPS) == set()
