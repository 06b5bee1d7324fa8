"""The table of strategies is complete and says what the files and the golden drafts say today."""

from __future__ import annotations

import pytest
from golden import FOLDER
from strategy_table import ASKED_FOR, PAGE, examples, page

from replykit.library import Library

STRATEGIES = Library.load().strategies


def test_the_table_is_up_to_date():
    """Whoever changes a strategy or a golden draft writes the page anew: `python tests/strategy_table.py`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_strategy_has_a_row():
    """No file of the folder is left out, and no row stands twice."""
    names = [line.split("]")[0][3:] for line in page().splitlines() if line.startswith("| [")]
    assert sorted(names) == sorted(STRATEGIES)


@pytest.mark.parametrize("name", ASKED_FOR)
def test_what_the_articles_ask_for_is_seen_in_a_real_draft(name):
    """Each of the moves that the articles ask for stands in one of the golden drafts, in the words that the table shows."""
    passage, draft = examples()[name]
    kept = " ".join((FOLDER / f"{draft}.txt").read_text(encoding="utf-8").split())
    assert passage.removesuffix(" …").split(" (1) ")[0] in kept
