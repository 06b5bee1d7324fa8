"""The last step: what the draft is worth, why somebody should look at it, and the notes that go with it."""

from __future__ import annotations

from replykit.asking import Log
from replykit.notes import notes_for
from replykit.plan import Case
from replykit.repair import Candidate
from replykit.rooms import Rooms
from replykit.types import Draft, Plan
from replykit.write import Story, subject_line

UNSURE = 0.4
"""Below this calibrated probability of the cause a person looks first: two readings in five would be another one."""
PER_WARNING = 0.05
"""What one warning takes off the confidence; a draft with a handful of them is still a draft, with ten it is not."""


def finish(chosen: Candidate, case: Case, plan: Plan, story: Story, rooms: Rooms, log: Log) -> Draft:
    """A draft from the chosen version of the reply."""
    reasons = tuple(dict.fromkeys((*plan.reasons, *log.reasons, *_doubts(case, chosen), *_lost(plan, chosen))))
    draft = Draft(
        text=chosen.text,
        subject=subject_line(story),
        moves=chosen.moves,
        classification=case.reading,
        plan=plan,
        findings=chosen.findings,
        commitments=chosen.commitments,
        status="needs_review" if reasons else "ready",
        reasons=reasons,
        confidence=confidence(case, chosen),
        usage=log.usage,
        attempts=tuple(log.attempts),
        version=rooms.version,
    )
    return draft.model_copy(update={"notes": notes_for(draft, case, story, rooms)})


def _doubts(case: Case, chosen: Candidate) -> tuple[str, ...]:
    doubts = []
    if case.reading.confidence < UNSURE:
        doubts.append(f"the complaint was read with little certainty ({case.reading.confidence:.2f})")
    if chosen.report.blocking:
        doubts.append(f"a rule still objects: {', '.join(f.rule for f in chosen.report.blocking)}")
    return tuple(doubts)


def _lost(plan: Plan, chosen: Candidate) -> tuple[str, ...]:
    """A planned move that no wording could carry is named, so that a person adds it by hand."""
    made = {move.strategy for move in chosen.moves}
    return tuple(f"the planned move {name} is missing: add it by hand" for name in plan.moves if name not in made)


def confidence(case: Case, chosen: Candidate) -> float:
    """Computed, never claimed: certainty of the reading, times what the checks left, halved where something blocks."""
    blocking, warnings = chosen.rank
    value = case.reading.confidence * max(0.0, 1.0 - PER_WARNING * warnings) * (0.5 if blocking else 1.0)
    return round(value, 3)
