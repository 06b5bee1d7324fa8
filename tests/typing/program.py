"""A user's program that only type checkers read: what the public names accept and return."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_type

from replykit import Classification, Complaint, Draft, Finding, Plan, Policy, ReplyKit, Report


def offline(texts: Iterable[str]) -> list[str]:
    """The replies to some messages, and where one failed, why."""
    kit = ReplyKit(policy=Policy(company="Harbour Bikes"))
    replies: list[str] = []
    for answer in kit.draft_many(texts, concurrency=4):
        if isinstance(answer, Draft):
            replies.append(answer.text)
        else:
            assert_type(answer, Exception)
            replies.append(str(answer))
    return replies


def stages(kit: ReplyKit, complaint: Complaint) -> list[Finding]:
    """Each stage alone."""
    assert_type(kit.classify(complaint), Classification)
    assert_type(kit.plan("It broke."), Plan)
    report = kit.check("We will see.", complaint, offers=["a refund"], deadlines=[], scope="reply")
    assert_type(report, Report)
    return list(report.raise_for_findings())


async def asynchronous(kit: ReplyKit) -> str:
    """The same for programs with an event loop."""
    draft = await kit.adraft("It broke.")
    async for answer in kit.adraft_many(["It broke."]):
        if isinstance(answer, Draft):
            assert_type(answer, Draft)
    return assert_type(draft, Draft).text
