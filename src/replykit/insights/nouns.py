"""The nouns of insights: counts, weeks, what repeats, what is rising."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from replykit.types import Noun

GROUPS = ("causes", "issues", "items", "requests", "stakes", "tones", "threats", "kinds", "channels", "strategies")
"""What is counted. A complaint counts once in each of its issues, requests, threats and strategies."""


class Count(Noun):
    """How many complaints have something, and which share of all that is."""

    name: str
    count: int
    share: float


class Week(Noun):
    """The complaints that came in one week, which begins on a Monday."""

    starts: dt.date
    total: int
    needs_review: int
    counts: dict[str, dict[str, int]] = Field(default_factory=dict)


class Repeat(Noun):
    """The same issue with the same item, or the same customer, more than once; `ids` name the complaints."""

    what: str
    name: str
    issue: str | None = None
    count: int
    ids: tuple[str, ...] = ()


class Rise(Noun):
    """What makes up more of the complaints in the later half of the time than in the earlier one."""

    group: str
    name: str
    before: int
    after: int


class Insights(Noun):
    """What a set of complaints has in common.

    `counts` holds the groups of `GROUPS`, the most frequent first. `undated` complaints are in no week, and `unread`
    rows could not be used at all. `reasons` say why complaints need a person.
    """

    total: int
    unread: int = 0
    undated: int = 0
    first: dt.date | None = None
    last: dt.date | None = None
    counts: dict[str, tuple[Count, ...]] = Field(default_factory=dict)
    needs_review: Count
    reasons: tuple[Count, ...] = ()
    weeks: tuple[Week, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    rising: tuple[Rise, ...] = ()
