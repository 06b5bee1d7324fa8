"""What a reader's labels leave unsaid: requests that stand in the words, a change of mind, high stakes that follow from a threat."""

from __future__ import annotations

import re
from typing import Any

from replykit.plan.cues import Cues
from replykit.types import Classification, Complaint, Issue

SERIOUS = frozenset({"legal", "regulator", "media"})
"""Threats that by definition make the stakes high."""
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def reread(complaint: Complaint, reading: Classification, cues: Cues) -> Classification:
    """The labels with what follows from others and from the planner's own word lists."""
    text = complaint.text
    requests: list[str] = list(reading.requests)
    requests += [name for name, cue in cues.wishes.items() if name not in requests and cues.find(cue, text)]
    update: dict[str, Any] = {"requests": tuple(requests)} if len(requests) > len(reading.requests) else {}
    if set(reading.threats) & SERIOUS:
        update["stakes"] = "high"
    changed = _changed_mind(complaint, reading, cues)
    if changed is not None:
        update |= {"return_reason": "change_of_mind", "issues": (changed,)}
    return reading.model_copy(update=update) if update else reading


def _changed_mind(complaint: Complaint, reading: Classification, cues: Cues) -> Issue | None:
    """The sentence of somebody who gives a thing back although nothing is wrong with it, as the one issue there is."""
    text = complaint.text
    said = reading.return_reason == "change_of_mind" or cues.find("changed_mind", text)
    if not said or not cues.find("gives_back", text) or cues.find("fault_words", text):
        return None
    passage = next((m for m in SENTENCE.finditer(text) if cues.find("gives_back", m.group())), None)
    if passage is None:
        return None
    start = passage.start() + len(passage.group()) - len(passage.group().lstrip())
    return Issue(kind="change_of_mind", quote=text[start : passage.end()], start=start, end=passage.end())
