"""What the earlier messages of a case say: boundaries drawn, promises made, who answered, how often the customer wrote."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from replykit.plan.cues import Cues
from replykit.types import Complaint, Contact

SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")


@dataclass(frozen=True)
class Promise:
    """One sentence in which an agent committed to something."""

    agent: str | None
    on: dt.date | None
    text: str


@dataclass(frozen=True)
class Thread:
    """The history of a case, read once."""

    customer_messages: tuple[str, ...]
    agents: tuple[str, ...]
    boundaries: int
    promises: tuple[Promise, ...]
    told: bool
    contacts: int

    @classmethod
    def of(cls, complaint: Complaint, cues: Cues) -> Thread:
        """Read `complaint.history`; the present message counts as one more contact."""
        ours = [entry for entry in complaint.history if entry.by == "agent"]
        theirs = [entry for entry in complaint.history if entry.by == "customer"]
        return cls(
            customer_messages=tuple(entry.text for entry in theirs if entry.text.strip()),
            agents=tuple(dict.fromkeys(entry.agent for entry in ours if entry.agent)),
            boundaries=sum(_draws_a_line(entry, cues) for entry in ours),
            promises=tuple(promise for entry in ours for promise in _promises(entry, cues)),
            told=bool(ours) and _reports(ours[-1], cues),
            contacts=len(theirs) + 1,
        )


def _draws_a_line(entry: Contact, cues: Cues) -> bool:
    return bool(cues.find("boundary_set", entry.outcome or "") or cues.find("boundary_set", entry.text))


def _reports(entry: Contact, cues: Cues) -> bool:
    return bool(cues.find("resolution_told", f"{entry.outcome or ''}\n{entry.text}"))


def _promises(entry: Contact, cues: Cues) -> list[Promise]:
    sentences = (s.strip() for s in SENTENCE.findall(entry.text))
    return [Promise(entry.agent, entry.on, s) for s in sentences if s and cues.find("promise", s)]
