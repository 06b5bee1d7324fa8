"""What a batch would cost, found out without asking anybody."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from replykit.batch.rows import Source
from replykit.errors import ReplyKitError
from replykit.kit import ReplyKit
from replykit.model import PricedModel
from replykit.types import Call, Complaint, Usage

SAMPLE = 200
WRITTEN = 350
"""Tokens in a typical answer: a reply of 180 words and the names of its moves, at four characters a token."""
THOUGHT = 400
"""Tokens that a model which thinks first spends on it at low effort; a guess, and said to be one."""


@dataclass
class Estimate:
    """What the rows of a file would cost.

    Attributes:
        rows: Rows in the file.
        unusable: Rows among them that would be errors; of those that were looked at closely, where the file is long.
        asked: Rows that were looked at closely.
        calls: First calls of those: one a draft, or two where the model would be asked to read too.
        likely: What those calls would use with answers of the usual length.
        most: What they could use at most; a repair may come on top.
    """

    rows: int = 0
    unusable: int = 0
    asked: int = 0
    calls: int = 0
    likely: Usage = field(default_factory=Usage)
    most: Usage = field(default_factory=Usage)

    def lines(self) -> list[str]:
        """The estimate for a person."""
        said = [f"{self.rows:,} rows, {self.unusable:,} of them unusable"]
        if not self.calls:
            return [*said, "no model would be asked, so it costs nothing"]
        scale = self.rows / max(1, self.asked)
        said.append(f"about {round(self.calls * scale):,} calls, from the first {self.asked:,} rows")
        said.append(f"likely: {_spent(self.likely, scale)}")
        said.append(f"at most, without repairs: {_spent(self.most, scale)}")
        return said


def estimate(source: Source, kit: ReplyKit) -> Estimate:
    """Read the whole file, plan the first rows, and ask nobody.

    Args:
        source: The rows.
        kit: What would draft; its model is asked for prices only.
    """
    found = Estimate()
    rows = iter(source)
    for row in itertools.islice(rows, SAMPLE):
        found.rows += 1
        found.unusable += row.error is not None
        if row.error is None:
            found.asked += 1
            _plan(row.body, kit, found)
    for row in rows:
        found.rows += 1
        found.unusable += row.error is not None
    return found


def _plan(body: bytes, kit: ReplyKit, found: Estimate) -> None:
    """The first question of one row; that alone can be known without an answer."""
    if kit.model is None:
        return
    try:
        flow = kit.flow(Complaint.model_validate_json(body))
        call = next(flow, None)
        flow.close()
    except (ReplyKitError, ValueError):
        found.unusable += 1
        return
    if call is None:
        return
    found.calls += 1
    most = kit.model.estimate(call) if isinstance(kit.model, PricedModel) else Usage(calls=1)
    found.most += most
    found.likely += _likely(call, most, kit.model)


def _likely(call: Call, most: Usage, model: Any) -> Usage:
    """The same call with an answer of the usual length; what a token of it costs is told by a second estimate."""
    usual = WRITTEN + (THOUGHT if most.completion_tokens > call.max_tokens else 0)
    if not isinstance(model, PricedModel) or usual >= most.completion_tokens:
        return most
    short = model.estimate(call.model_copy(update={"max_tokens": 1}))
    cost = None
    if most.cost is not None and short.cost is not None:
        each = (most.cost - short.cost) / (most.completion_tokens - short.completion_tokens)
        cost = most.cost - each * (most.completion_tokens - usual)
    return most.model_copy(update={"completion_tokens": usual, "cost": cost})


def _spent(usage: Usage, scale: float) -> str:
    money = f", ${usage.cost * scale:,.4f}" if usage.cost is not None else ", price not known"
    return f"{round(usage.prompt_tokens * scale):,} + {round(usage.completion_tokens * scale):,} tokens{money}"
