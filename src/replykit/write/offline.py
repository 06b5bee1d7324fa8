"""The moves of a plan in the library's own wording; no model, no network, the same words for the same complaint."""

from __future__ import annotations

import re

from replykit.english import cap
from replykit.plan import Case
from replykit.types import Move, Plan, Strategy
from replykit.write.story import Story

BLANKS = re.compile(r"[ \t]{2,}")
SPACE_BEFORE = re.compile(r"[ \t]+(?=[,.;:?!])")
DIGIT = re.compile(r"\d")
BRIEF = 45
"""An outburst of fewer words that names no thing says how somebody feels, and not yet what happened."""
LINES = re.compile(r"\n{2,}")


def write_offline(plan: Plan, story: Story) -> tuple[Move, ...]:
    """Every move of the plan in its offline wording; a wording that comes out empty makes no move."""
    return tuple(move for name in plan.moves if (move := write_move(name, plan, story)) is not None)


def write_move(name: str, plan: Plan, story: Story) -> Move | None:
    """One move in its offline wording, or None where the case gives it nothing to say."""
    strategy = story.wording.library.strategies[name]
    options = wordings(strategy, story)
    text = story.wording.library.fill(
        story.pick(options, name), f"prompts/strategies/{name}.md.j2", story.values(strategy.needs)
    )
    text = tidy(text)
    return as_move(strategy, text, plan) if text else None


def wordings(strategy: Strategy, story: Story) -> tuple[str, ...]:
    """The variants under the first heading that fits the case (a channel, a kind, a label or a flag), else those under none."""
    case, s = story.case, story.case.situation
    fitting = {
        s.channel,
        s.kind,
        s.cause,
        s.tone,
        s.message,
        s.return_reason or "",
        *(n for n in ("bereavement", "grave", "illness", "public", "many_matters") if getattr(s, n)),
    }
    if s.cause != "none" and not case.thread.customer_messages and _says_nothing(case):
        fitting.add("emotional")
    if "quoted" in strategy.offline and story["quoted"]:
        return strategy.offline["quoted"]
    for heading, options in strategy.offline.items():
        if heading in fitting and not (heading == "emotional" and _concrete(case)):
            return options
    return strategy.offline["any"]


def _says_nothing(case: Case) -> bool:
    """Whether a few words of complaint name nothing that could be looked into: no thing, no figure, nothing asked or threatened."""
    brief = len(case.complaint.text.split()) < BRIEF and not DIGIT.search(case.complaint.text)
    asks = bool(case.situation.threats or case.grants.refused)
    return brief and not asks and set(case.situation.issues) <= {"other"} and not case.complaint.order.item


def _concrete(case: Case) -> bool:
    """Whether an emotional message speaks of something that can be looked into."""
    brief = len(case.complaint.text.split()) < BRIEF
    vague = {"other", "staff_conduct", "no_response"} if brief else {"other"}
    return bool(set(case.situation.issues) - vague or case.complaint.order.item or case.thread.customer_messages)


def tidy(text: str) -> str:
    """Single blanks, no blank before a stop, a capital at the start."""
    text = SPACE_BEFORE.sub("", BLANKS.sub(" ", LINES.sub("\n", text))).strip()
    return cap("\n".join(line.strip() for line in text.split("\n")))


def as_move(strategy: Strategy, text: str, plan: Plan, written_by: str = "offline") -> Move:
    """A move with the sources of its strategy and the evidence and reason of the plan."""
    verdict = next(c for c in plan.considered if c.strategy == strategy.id)
    return Move.model_validate(
        {
            "strategy": strategy.id,
            "text": text,
            "sources": strategy.sources,
            "evidence": verdict.evidence,
            "written_by": written_by,
            "reason": verdict.reason,
        }
    )
