"""The words of a case that show a move: what the policy grants, who takes over, what the business vouches for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from replykit.plan import Case
from replykit.plan.stems import stems


def words_of(names: Sequence[str], case: Case) -> Iterator[str]:
    """The texts of a case whose words show a move.

    Where the reading finds no remedy, every remedy of the policy counts: a person may have seen what it missed.
    """
    policy, granted = case.policy, case.grants
    remedies = granted.remedies or policy.remedies
    times = policy.response_times.model_dump()
    routes = [f"{row.name or ''} {row.role or ''}" for row in policy.escalation]
    texts: dict[str, Sequence[str | None]] = {
        "offers": [r.say for r in remedies],
        "times": [
            *(r.within for r in remedies),
            *times.values(),
            *(row.within for row in policy.escalation),
            policy.crisis.update_every,
        ],
        "people": [*routes, *(row.name for row in policy.escalation)],
        "goodwill": [policy.goodwill.say if policy.goodwill else None],
        "alternatives": [a.say for a in granted.alternatives or policy.alternatives],
        "instead": [granted.refused.instead if granted.refused else None, *(row.instead for row in policy.not_allowed)],
        "refused": [granted.refused.what if granted.refused else None],
        "steps": policy.returns.steps,
        "departments": [" ".join(granted.departments)],
        "way_back": [" ".join(policy.boundary.channels_left_open)],
        "facts": [str(value) for value in case.complaint.facts.values() if isinstance(value, str)],
    }
    for name in names:
        yield from filter(None, texts[name])


def vouched(quote: str, case: Case) -> bool:
    """Whether the words of a promise are the policy's own for some matter, so that it is the case's reading that may be wrong."""
    said = stems(quote)
    known = [stems(text) for text in words_of(("offers", "times", "instead", "alternatives"), case)]
    return any(said <= words or len(said & words) >= max(2, 0.5 * len(said)) for words in known) if said else False
