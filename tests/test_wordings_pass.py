"""Every offline wording of every strategy passes the rules that drafts are held to, so that none of them has to be repaired."""

from __future__ import annotations

from itertools import product

import pytest
from cases import CUES, LIBRARY, case

from replykit.checking import Checker
from replykit.plan import decide
from replykit.rooms import context_of
from replykit.write import Story, Wording
from replykit.write.offline import tidy

POLICY = {
    "company": "Harp House",
    "agent": {"name": "Mo", "role": "workshop lead"},
    "remedies": [
        {"id": "mend", "say": "mend the neck free of charge", "for": ["damaged"], "within": "within 3 weeks"},
        {"id": "another", "say": "send another harp", "for": ["damaged"], "within": "within 4 weeks"},
    ],
    "goodwill": {"say": "add a set of strings", "for": ["damaged"]},
    "departments": {"damaged": "the workshop", "no_response": "the office"},
    "returns": {"window": "30 days", "steps": ["Pack it well.", "Write the number on the box."], "for": ["damage"]},
}
CASE = case(
    "My harp arrived with a cracked neck. I wrote on Monday and nobody answered.",
    ("damaged", "arrived with a cracked neck"),
    ("no_response", "nobody answered"),
    policy=POLICY,
    around={"order": {"id": "HP-77", "item": "lever harp"}, "customer": {"name": "Una Brandt"}},
)
STORY = Story(CASE, Wording.from_library(LIBRARY, CUES))
SAID = {
    "alternatives": ["lend you a harp"],
    "asked": "change the address",
    "authority": " settle this",
    "done": "The neck was mended on Monday.",
    "earlier": ["Pip"],
    "facts": ["The neck is covered."],
    "found": "The neck is covered.",
    "holds": "the neck is covered.",
    "instead": "lend you a harp",
    "known": ["you wrote on Monday"],
    "loss": "your wife",
    "person": "Dev",
    "plain": "The number did not move.",
    "promise": {"text": "the harp would come on Friday", "on": " on Monday"},
    "quoted": ["“the neck is cracked”"],
    "refused": "a refund after a year",
    "window": ", as returns are open for 30 days",
}
DEPENDS_ON_THE_MESSAGE = ("ungrounded-", "boundary-unwarranted")
"""What is promised has to be granted, and a boundary has to be called for: other tests see to both."""


@pytest.mark.parametrize("strategy", LIBRARY.strategies.values(), ids=lambda s: s.id)
def test_every_wording_of_a_strategy_breaks_no_rule(strategy):
    """Whatever variant is chosen, with a request to name or without one, no rule objects to a word of it."""
    checker, context = Checker(LIBRARY, CASE.policy), context_of(CASE, decide(CASE, LIBRARY.strategies))
    found = []
    for wish, wording in product(("", "a refund"), (w for variants in strategy.offline.values() for w in variants)):
        known = {**SAID, "wish": wish}
        values = {name: known[name] if name in known else STORY[name] for name in (*strategy.needs, "s")}
        text = tidy(LIBRARY.fill(wording, strategy.id, values))
        report = checker.draft(text, context)
        found += [
            (f.rule, f.quote) for f in report.findings if f.quote and not f.rule.startswith(DEPENDS_ON_THE_MESSAGE)
        ]
    assert found == []
