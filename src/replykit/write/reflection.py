"""What the customer wrote, said back: their own sentences turned into ours, or quoted where they cannot be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from replykit.plan.stems import stems
from replykit.write.quote import quotation
from replykit.write.retell import about_third_person, pieces, retell, say_back

if TYPE_CHECKING:
    from replykit.write.story import Story

MOST_SAID_BACK = 6
MOST_QUOTED = 2
TELLING = 2
FIGURE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twice|again|second|third|half)\b", re.IGNORECASE
)
FAILED = re.compile(
    r"\b(?:not?|never|nothing|nobody|broken?|wrong|missing|stopped|failed|only|instead|late|still)\b|n['’]t\b",
    re.IGNORECASE,
)
SAID_BACK_FIRST = 2
"""Points said back in the opening where each is answered on its own below; the rest are named there."""


def told_by_issue(story: Story) -> list[str | None]:
    """For each issue the customer's own sentence in the second person, where it can be said back."""
    if story.case.situation.jargon or story.turn > 1:
        return [None] * len(story.case.reading.issues)
    issues = story.case.reading.issues
    said = [_say_back(story, issue.start, issue.end) for issue in issues[:MOST_SAID_BACK]]
    return [*said, *[None] * (len(issues) - len(said))]


def retold(story: Story) -> list[str]:
    """What happened, said back: the customer's own sentences where they can be, else what such issues have in common."""
    limit = int(story.wording.channels[story.case.complaint.channel]["retold"])
    said = _distinct([t for t in story["told"] if t])
    if story.case.situation.many_matters and said:
        return said[: min(limit, SAID_BACK_FIRST)]
    if story.turn <= 1:
        said = said or _from_thread(story)
        said = (
            _distinct([*said, *_telling(story)])[: max(len(said), SAID_BACK_FIRST)]
            if said or not story["quoted"]
            else []
        )
    if said:
        return said[:limit]
    return _distinct([story.issue(kind)["happened"] for kind in story.kinds[:limit]])


def _telling(story: Story) -> list[str]:
    """Further sentences of the message that tell facts of the case, the most telling first, said back."""
    if story.case.situation.jargon or story.case.situation.public:
        return []
    text, named = story.case.complaint.text, stems(story.case.complaint.order.item or "")
    ranked = sorted(((_weight(text[a:b], named), -a, a, b) for a, b in pieces(text)), reverse=True)
    found = (_say_back(story, a, b) for weight, _, a, b in ranked if weight >= TELLING)
    return [said for said in found if said]


def _weight(sentence: str, named: set[str]) -> int:
    """How much a sentence tells: the item, a figure, something that failed."""
    return 2 * bool(named & stems(sentence)) + bool(FIGURE.search(sentence)) + bool(FAILED.search(sentence))


def _say_back(story: Story, start: int, end: int) -> str | None:
    complaint, grammar = story.case.complaint, story.wording.grammar
    name = complaint.customer.name or ""
    prepare = (
        (lambda sentence: about_third_person(sentence, name, grammar)) if complaint.channel == "in_person" else None
    )
    said = retell(complaint.text, start, end, grammar, prepare, proper_names(story))
    return said if said and _may_stand(story, said) else None


def _may_stand(story: Story, said: str) -> bool:
    """Whether the customer's words may stand in this reply: no house jargon, nothing a rule objected to, no figures in public."""
    barred = any(passage in said.lower() for passage in story.barred)
    return not (barred or _holds_jargon(story, said) or (story.case.situation.public and re.search(r"\d", said)))


def quoted(story: Story) -> list[str]:
    """Where nothing can be said back in our own words: at most two passages of the customer's, between quotation marks."""
    s = story.case.situation
    said = any(story["told"]) or s.jargon or s.tone == "abusive" or s.channel == "in_person" or story.turn > 1
    if said or (story.case.thread.customer_messages and _from_thread(story)):
        return []
    found = (
        quotation(story.case.complaint.text, issue.start, issue.end, story.wording.grammar)
        for issue in story.case.reading.issues
    )
    return [f"“{q}”" for q in _distinct([q for q in found if q and _may_stand(story, q)])[:MOST_QUOTED]]


def proper_names(story: Story) -> set[str]:
    """The words of this case that are names: of its people, its company and its item."""
    case = story.case
    people = (entry.agent for entry in case.complaint.history)
    texts = (
        case.complaint.customer.name,
        case.complaint.agent.name,
        case.policy.company,
        case.complaint.order.item,
        *people,
    )
    return {word.strip(",.'’") for text in texts if text for word in text.split() if word[:1].isupper()}


def _holds_jargon(story: Story, said: str) -> bool:
    return any(word.lower() in said.lower() for word in story.case.policy.jargon)


def _from_thread(story: Story) -> list[str]:
    grammar = story.wording.grammar
    found = (
        say_back(text[a:b], grammar, proper_names(story))
        for text in story.case.thread.civil_messages
        for a, b in pieces(text)
    )
    return _distinct([said for said in found if said])


def known(story: Story) -> list[str]:
    """What earlier messages told us, for an agent who takes over."""
    return [] if story.turn > 1 else _from_thread(story)[:3]


def _distinct(items: Sequence[str]) -> list[str]:
    """The clauses without those that a longer one already holds."""
    once = list(dict.fromkeys(items))
    return [item for item in once if not any(item in other for other in once if other != item)]
