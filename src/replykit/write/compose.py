"""Moves put together into a letter, a chat turn, a phone script or a post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from replykit.english import cap
from replykit.types import Move, Strategy
from replykit.write.story import Story

ALONE = frozenset({"issues", "steps", "boundary"})
"""Paragraphs that never share a block with another move."""


def compose(moves: Sequence[Move], story: Story, *, greeting: str = "", sign_off: str = "") -> str:
    """The text of a reply: greeting, paragraphs, sign-off, in the manner of the channel or as they are given."""
    frame = story.wording.channels[story.case.complaint.channel]
    first, last = greeting or _greeting(frame, story), sign_off or _sign_off(frame, story)
    blocks = [first, *paragraphs(moves, story.wording.library.strategies), last]
    return "\n\n".join(block for block in blocks if block)


def paragraphs(moves: Sequence[Move], strategies: Mapping[str, Strategy]) -> list[str]:
    """Neighbouring moves of one paragraph run on; lists and boundaries stand alone."""
    blocks: list[str] = []
    for name, group in groupby(moves, key=lambda move: strategies[move.strategy].paragraph):
        texts = [move.text for move in group]
        blocks += texts if name in ALONE else [" ".join(texts)]
    return blocks


def _greeting(frame: Mapping[str, Any], story: Story) -> str:
    values = _people(story)
    options = frame["greeting"] if values["name"] else frame["greeting_unnamed"]
    return story.wording.library.fill(story.pick(options, "greeting"), "prompts/channels.yaml", values)


def _sign_off(frame: Mapping[str, Any], story: Story) -> str:
    return story.wording.library.fill(frame["sign_off"], "prompts/channels.yaml", _people(story)).strip()


def _people(story: Story) -> dict[str, Any]:
    policy, channels = story.case.policy, story.wording.channels
    agent, company = story.agent_name(), policy.company or ""
    return {
        "name": story.customer(),
        "agent": agent or company,
        "signer": ", ".join(filter(None, (agent, company))) or channels["signer_unnamed"],
        "speaker": " from ".join(filter(None, (agent, company))) or channels["speaker_unnamed"],
        "kind": story.case.situation.kind,
        "s": story.case.situation,
        "sign_off": policy.sign_off or "Kind regards",
    }


def subject_line(story: Story) -> str | None:
    """The subject of an e-mail; None on channels that have none."""
    complaint, wording = story.case.complaint, story.wording.channels["subject"]
    if complaint.channel != "email":
        return None
    if subject := story.safe_subject():
        return story.wording.library.fill(wording["known"], "prompts/channels.yaml", {"subject": subject})
    options = wording["item"] if story.case.situation.issues else wording["plain"]
    return cap(
        story.wording.library.fill(story.pick(options, "subject"), "prompts/channels.yaml", {"item": story["item"]})
    )
