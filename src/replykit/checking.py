"""What one kit checks with: its rules, those among them that bind a draft, and the second tier where it is wanted."""

from __future__ import annotations

from functools import cached_property

from replykit.check import Context, check
from replykit.library import Library
from replykit.paraphrase import RULE, Paraphrase
from replykit.types import Policy, Report


class Checker:
    """The rules of a library under one policy.

    Args:
        library: Where the rules are.
        policy: `rules_off` names rules that do not count; `reads-like-*` among them switches the second tier off.
    """

    def __init__(self, library: Library, policy: Policy) -> None:
        self._library, self._off = library, policy.rules_off
        self.rules = library.rules_without(tuple(name for name in self._off if not name.startswith(RULE)))
        self._binding = self.rules.without([rule.id for rule in self.rules.values() if rule.advisory])

    def draft(self, text: str, context: Context) -> Report:
        """What binds a draft: advice on style is for what people write, and what else a draft holds the plan decides."""
        return check(text, self._binding, context)

    def reply(self, text: str, context: Context, *, advisory: bool, second_tier: bool) -> Report:
        """What is wrong in a reply that somebody wrote."""
        rules = self.rules if advisory else self._binding
        return check(text, rules, context, second=self._tier if second_tier else None)

    @cached_property
    def _tier(self) -> Paraphrase:
        """The second tier, read when it is first wanted."""
        return Paraphrase.from_library(self._library, off=[name for name in self._off if name.startswith(RULE)])
