"""The nouns of the feedback loop: one draft that was sent, and the report over many."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from replykit.types import Noun

Fate = Literal["kept", "reworded", "removed"]


class Change(Noun):
    """One sentence that a person reworded, removed or added; `strategy` is the move that it belonged to."""

    kind: Literal["reworded", "removed", "added"]
    before: str = ""
    after: str = ""
    strategy: str | None = None
    similarity: float = 0.0


class Feedback(Noun):
    """What became of one draft.

    `accepted` is True where it was sent as it was, white space aside; `similarity` compares the words of both texts.
    `broken` are rules that the sent text breaks and the draft did not, `mended` those the other way round.
    """

    id: str
    on: dt.datetime
    version: str = ""
    accepted: bool
    similarity: float
    kept: int
    changes: tuple[Change, ...] = ()
    moves: dict[str, Fate] = Field(default_factory=dict)
    broken: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()


class StrategyTouched(Noun):
    """How often the sentences of one strategy are left alone, with what people made of them."""

    strategy: str
    drafted: int
    kept: int
    reworded: int
    removed: int
    examples: tuple[Change, ...] = ()

    @property
    def changed(self) -> float:
        """The share of drafts in which it was touched."""
        return (self.reworded + self.removed) / self.drafted


class RuleTouched(Noun):
    """How often people break a rule that the draft kept, and how often they mend what the draft was warned of."""

    rule: str
    broken: int
    mended: int


class VersionScore(Noun):
    """How the drafts of one version of the wording fare."""

    version: str
    drafts: int
    accepted: float
    similarity: float


class FeedbackReport(Noun):
    """What people change in drafts. Strategies and rules stand in the order in which they deserve a look."""

    drafts: int
    accepted: float
    similarity: float
    kept: int = 0
    reworded: int = 0
    removed: int = 0
    added: int = 0
    strategies: tuple[StrategyTouched, ...] = ()
    rules: tuple[RuleTouched, ...] = ()
    versions: tuple[VersionScore, ...] = ()
    added_sentences: tuple[str, ...] = ()
