"""What the earlier messages of a case say: boundaries drawn, promises made, who answered, how often the customer wrote."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import zip_longest

from replykit.english import humanise_dates
from replykit.plan.cues import Cues
from replykit.types import Complaint, Contact

PROMISED = re.compile(r"\b(?:promis|due|arrang|schedul|book|announc|agreed)\w*\b", re.IGNORECASE)
SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
DUE = re.compile(
    r"\b(?:by|on|for|before|until|at) (?:the )?(?:\w+day,? )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([A-Z][a-z]{2,8})\b"
)


@dataclass(frozen=True)
class Promise:
    """One sentence in which an agent committed to something."""

    agent: str | None
    on: dt.date | None
    text: str
    noted: bool = False
    """It stands in our notes, not in a message."""

    def due(self) -> dt.date | None:
        """The day it named, in the year in which it was made."""
        match = DUE.search(self.text)
        if not match or self.on is None:
            return None
        try:
            return (
                dt.datetime.strptime(f"{match.group(1)} {match.group(2)[:3]} {self.on.year}", "%d %b %Y")
                .replace(tzinfo=dt.UTC)
                .date()
            )
        except ValueError:
            return None


@dataclass(frozen=True)
class Thread:
    """The history of a case, read once."""

    customer_messages: tuple[str, ...]
    civil_messages: tuple[str, ...]
    """Those of them that drew no boundary, so that they may be said back."""
    agents: tuple[str, ...]
    boundaries: int
    promises: tuple[Promise, ...]
    missed: tuple[Promise, ...]
    told: bool
    contacts: int

    @classmethod
    def of(cls, complaint: Complaint, cues: Cues) -> Thread:
        """Read `complaint.history`; the present message counts as one more contact."""
        ours = [entry for entry in complaint.history if entry.by == "agent"]
        theirs = [entry for entry in complaint.history if entry.by == "customer"]
        promises = tuple(promise for entry in ours for promise in _promises(entry, cues))
        now = complaint.received_at.date() if complaint.received_at else None
        return cls(
            customer_messages=tuple(entry.text for entry in theirs if entry.text.strip()),
            civil_messages=tuple(
                entry.text
                for entry, answer in zip_longest(complaint.history, complaint.history[1:])
                if entry.by == "customer" and entry.text.strip() and not (answer and _draws_a_line(answer, cues))
            ),
            agents=tuple(dict.fromkeys(entry.agent for entry in ours if entry.agent)),
            boundaries=sum(_draws_a_line(entry, cues) for entry in ours),
            promises=promises,
            missed=tuple(p for p in promises if now and (due := p.due()) and due < now),
            told=bool(ours) and _reports(ours[-1], cues),
            contacts=len(theirs) + 1,
        )


def _draws_a_line(entry: Contact, cues: Cues) -> bool:
    return entry.by == "agent" and bool(
        cues.find("boundary_set", entry.outcome or "") or cues.find("boundary_set", entry.text)
    )


def _reports(entry: Contact, cues: Cues) -> bool:
    return bool(cues.find("resolution_told", f"{entry.outcome or ''}\n{entry.text}"))


def _promises(entry: Contact, cues: Cues) -> list[Promise]:
    sentences = (s.strip() for s in SENTENCE.findall(entry.text))
    found = [Promise(entry.agent, entry.on, s) for s in sentences if s and cues.find("promise", s)]
    outcome = entry.outcome or ""
    noted = PROMISED.search(outcome)
    if noted and DUE.search(humanise_dates(outcome)) and not any(p.due() for p in found):
        found.append(Promise(entry.agent, entry.on, humanise_dates(outcome), noted=True))
    return found
