"""A user's program for notebooks, services and evaluations that only type checkers read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import assert_type

from replykit import Comparison, Complaint, Draft, Move, ReplyKit, ReplyKitError, compare
from replykit.display.html import Bar, page, table
from replykit.display.html.charts import bars
from replykit.evaluate import Difference, Evaluation, differences, evaluate, evaluation_page, read_cases
from replykit.model import Deadline
from replykit.telemetry import Logged, OpenTelemetry, Telemetry, Trace
from replykit.types import Answer, Call


class Own:
    """A model of one's own."""

    name = "own-1"

    def complete(self, call: Call, *, deadline: Deadline | None = None) -> Answer:
        """The answer."""
        return Answer(text="{}", model=self.name)


class Counting:
    """A telemetry of one's own."""

    def begin(self, model: object) -> Trace:
        """A trace that looks away."""
        return Trace()


def watched(content: bool) -> ReplyKit:
    """Each way to watch a kit."""
    kinds: list[Telemetry] = [Counting(), Logged(), OpenTelemetry(content=content)]
    return ReplyKit(Own(), telemetry=kinds[0])


def side_by_side(complaint: Complaint) -> dict[str, tuple[str, ...]]:
    """Drafts of several kits."""
    kit = ReplyKit()
    both = compare(complaint, {"as shipped": kit}, ours=kit.with_policy({"company": "Fern & Oak"}))
    assert_type(both, Comparison)
    for draft in both.drafts.values():
        assert_type(draft, Draft | ReplyKitError)
    return both.moves()


def measured(path: str) -> str:
    """Two settings on the same cases."""
    cases, kit = read_cases(path), ReplyKit()
    first = evaluate(kit, cases, name="first", parts=["checks", "classification"])
    second = evaluate(kit.with_policy(None), cases, name="second")
    assert_type(first, Evaluation)
    for difference in differences(first, second):
        assert_type(difference, Difference)
    return evaluation_page(first, second)


def own_page() -> str:
    """The building blocks of pages."""
    return page("Mine", bars([Bar("a", 0.5, "half")]), table(("a", "b"), [("x", 1)], numbers=[1]))


async def streamed(kit: ReplyKit, text: str) -> AsyncIterator[str]:
    """A draft move by move."""
    async for move in kit.astream(text):
        assert_type(move, Move)
        yield move.text
