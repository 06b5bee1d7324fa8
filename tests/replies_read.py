"""Labelled replies and what a review makes of them, for the tests and for the benchmark of reviews."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from replykit import Complaint, Policy, ReplyKit, Review
from replykit.plan import decide, open_case
from replykit.review import Passage, Written, review_context

HERE = Path(__file__).parent


class Found(NamedTuple):
    """One labelled move: whether it is there, and the passage that the review finds."""

    move: str
    quote: str | None
    passage: Passage | None
    reply: str

    @property
    def overlaps(self) -> bool:
        """Whether the passage found and the labelled one share a character."""
        at = self.reply.find(self.quote or "")
        return self.passage is not None and self.passage.start < at + len(self.quote or "") and at < self.passage.end


class Read(NamedTuple):
    """A labelled reply with its review."""

    row: dict[str, Any]
    review: Review
    moves: list[Found]


@cache
def house() -> ReplyKit:
    """One kit whose library every row shares."""
    return ReplyKit()


def half_of(name: str) -> str:
    """`tuned` or `unseen`, by a hash of the complaint's name, so that all replies to one complaint are in one half."""
    return "unseen" if hashlib.sha256(name.rpartition("-")[0].encode()).digest()[0] % 2 else "tuned"


def rows(half: str) -> Iterator[dict[str, Any]]:
    """The labelled replies of one half, or `written`: the replies in many voices."""
    if half == "written":
        found = yaml.safe_load((HERE / "reviews" / "human_replies.yaml").read_text(encoding="utf-8"))
        yield from ({**row, "grade": None} for row in found)
        return
    for line in (HERE / "scenarios" / "replies.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if half_of(row["id"]) == half:
            yield {**row, "present": {found["move"]: found["quote"] for found in row["present"]}}


def read(row: dict[str, Any]) -> Read:
    """A reply reviewed, and each labelled move looked for, whether the plan holds it or not."""
    kit = house().with_policy(Policy.model_validate(row["policy"] or {}))
    complaint, text = Complaint.model_validate(row["complaint"]), row["reply"]
    case = open_case(complaint, kit.classify(complaint), kit.policy, kit._rooms.cues)
    plan = decide(case, kit.library.strategies)
    report = kit._checker.reply(text, review_context(case, plan), advisory=False, second_tier=True)
    written = Written(text, case, report)
    labelled = [*row["present"].items(), *((move, None) for move in row["absent"])]
    moves = [Found(move, quote, written.find(kit._signs.of(move)), text) for move, quote in labelled]
    return Read(row, kit.review(complaint, text), moves)


class Scores(NamedTuple):
    """How well moves are recognised: found among those that are there, right among those found, at the right place."""

    replies: int
    there: int
    recall: float
    precision: float
    overlap: float

    @classmethod
    def of(cls, found: list[Read]) -> Scores:
        """The scores over some replies."""
        moves = [move for one in found for move in one.moves]
        there = [move for move in moves if move.quote is not None]
        hits = [move for move in there if move.passage]
        alarms = [move for move in moves if move.quote is None and move.passage]
        return cls(
            len(found),
            len(there),
            len(hits) / len(there),
            len(hits) / (len(hits) + len(alarms)),
            sum(move.overlaps for move in hits) / len(hits),
        )
