"""What happened, as the reply may name it: the item, the customer's own sentences said back, the facts, the thread."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from replykit.english import day, humanise_dates, ordinal, uncap
from replykit.write import offers
from replykit.write.facts import stated
from replykit.write.retell import about_third_person, pieces, retell, say_back
from replykit.write.safe_names import noun, reference

if TYPE_CHECKING:
    from replykit.write.story import Story

LOSS = re.compile(
    r"\bmy (?:late |dear |own |beloved )?(mother|father|mum|mom|dad|husband|wife|son|daughter|brother|sister|partner|grandmother|grandfather|"
    r"gran|grandma|grandpa|nan|uncle|aunt|friend|baby|child)\b",
    re.IGNORECASE,
)
BARE_STATUS = re.compile(r"\b(?:customer|informed|told|closed)\b", re.IGNORECASE)
FEELINGS_BY_TONE = {"calm": "let down", "frustrated": "frustrated", "angry": "angry", "abusive": "angry"}
OWN = re.compile(r"\b(?:i|me|my|we|us|i'm|i've|we're)\b", re.IGNORECASE)
MOST_PROBLEMS = 5
MOST_SAID_BACK = 6
SAID_BACK_FIRST = 2
"""Points said back in the opening where each is answered on its own below; the rest are named there."""


def item(story: Story) -> str:
    """What the complaint is about, as "your …": the shop's own word, else the customer's, else what such issues are about."""
    issue = story.wording.issues.get(story.kinds[0], {})
    mentioned = (noun(m.quote) for m in story.case.reading.mentions if m.kind == "item")
    known = noun(story.case.complaint.order.item) or next((m for m in mentioned if m), "")
    if not known or story.turn > 1 or (story.case.situation.public and re.search(r"\d", known)):
        return str(issue.get("thing", "your case"))
    first, _, rest = known.partition(" ")
    if first.lower() in ("your", "the"):
        return known
    return f"your {rest if first.lower() in ('my', 'our', 'a', 'an') and rest else known}"


def order_ref(story: Story) -> str:
    """`order KT-1204 (lever harp)`, naming what the sentences said back have not named; nothing where others read along."""
    if story.case.situation.public:
        return ""
    order = story.case.complaint.order
    ref, named = reference(order.id), noun(order.item)
    unsaid = named if named and named.split()[-1].lower() not in " ".join(story["retold"]).lower() else ""
    if ref:
        return f"order {ref} ({unsaid})" if unsaid else f"order {ref}"
    return f"the case of {story['item']}" if unsaid else ""


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
    said = _distinct([t for t in story["told"] if t]) or ([] if story.turn > 1 else _from_thread(story))
    if said:
        return said[: min(limit, SAID_BACK_FIRST) if story.case.situation.many_matters else limit]
    return _distinct([story.issue(kind)["happened"] for kind in story.kinds[:limit]])


def _say_back(story: Story, start: int, end: int) -> str | None:
    complaint, grammar = story.case.complaint, story.wording.grammar
    name = complaint.customer.name or ""
    prepare = (
        (lambda sentence: about_third_person(sentence, name, grammar)) if complaint.channel == "in_person" else None
    )
    said = retell(complaint.text, start, end, grammar, prepare, proper_names(story))
    if said and (_holds_jargon(story, said) or (story.case.situation.public and re.search(r"\d", said))):
        return None
    return said


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
        for text in story.case.thread.customer_messages
        for a, b in pieces(text)
    )
    return _distinct([said for said in found if said])


def known(story: Story) -> list[str]:
    """What earlier messages told us, for an agent who takes over."""
    return [] if story.turn > 1 else _from_thread(story)[:3]


def problems(story: Story) -> list[dict[str, str]]:
    """Each distinct kind of problem with its own answer: its remedy where there is one, else what is being done."""
    opening = set(retold(story))
    told: dict[str, str] = {}
    for issue, said in zip(story.case.reading.issues, story["told"], strict=True):
        if said and said not in opening:
            told.setdefault(issue.kind, said)
    return [
        {
            "label": story.issue(kind)["label"],
            "told": told.get(kind, ""),
            "answer": _answer(story, kind),
            "ordinal": ordinal(place).capitalize(),
        }
        for place, kind in enumerate(story.kinds[:MOST_PROBLEMS], 1)
    ]


def _answer(story: Story, kind: str) -> str:
    own = [r for r in offers.open_remedies(story) if kind in r.for_]
    if own and story.case.situation.remedy == "each":
        remedy = offers.as_said(own[0], story)
        return f"we will {remedy['say']}{remedy['limit']}{remedy['by']}."
    if own:
        return story.pick(
            (
                "what I offer above is meant for this too.",
                "this is covered by what I offer above.",
                "for this there is the offer I made above.",
            ),
            kind,
        )
    return uncap(story.issue(kind)["look"])


def contacts(story: Story) -> str:
    """How often they wrote, where they wrote before."""
    s, count = story.case.situation, story.case.thread.contacts
    if s.public:
        return ""
    if count > 2:  # "the second time" is said less stiffly below
        return f"This is the {ordinal(count)} time you have had to write about it."
    if not s.repeat_contact:
        return ""
    return story.pick(
        ("And it is not the first time you have had to tell us.", "You have had to tell us more than once.",
         "I see too that you have raised it with us before.", "It has taken more than one message from you already."), "contacts",
    )  # fmt: skip


def feeling(story: Story) -> str:
    """An adjective that follows "you feel": one that the customer's own words name, else one that fits any complaint of that tone."""
    text, found = story.case.complaint.text, story.case.reading.evidence
    own = (
        e.kind.replace("_", " ")
        for e in found
        if e.field == "feelings" and OWN.search(text[max(0, e.start - 25) : e.end])
    )
    return next((f for f in own if f not in ("grieving", "ill")), FEELINGS_BY_TONE[story.case.situation.tone])


def loss(story: Story) -> str:
    """Whom they lost, as "your …"."""
    match = LOSS.search(story.case.complaint.text) if story.case.situation.bereavement else None
    return f"your {match.group(1).lower()}" if match else ""


# ---------------------------------------------------------------- what is known


def facts(story: Story) -> list[str]:
    """The sentences that tell what the business knows; dates among them only where no other move says them."""
    if story.case.situation.kind in ("not_a_complaint", "escalation"):
        return [*story.told.others, *story.told.dates]
    return list(story.told.others)


def today(story: Story) -> dt.date | None:
    """The day on which the complaint came, where it is known."""
    received = story.case.complaint.received_at
    return received.date() if received else None


def what_holds(story: Story) -> str:
    """Which of two statements counts, where the business vouches for it."""
    promise = humanise_dates(stated(story.case.complaint.facts, "promise_holds"), today(story))
    return _sentence(promise) if promise else " ".join(story.told.others)


def missed_promise(story: Story) -> dict[str, str] | None:
    """An agent's earlier promise whose day has passed, in the company's own person."""
    missed, near = story.case.thread.missed, today(story)
    if not missed:
        return None
    said = re.sub(r"\b[Ii]\b", "we", missed[-1].text.rstrip(".! "))
    return {"text": uncap(said), "on": f" on {day(missed[-1].on, near)}" if missed[-1].on else ""}


def in_plain_words(story: Story) -> str:
    """What our own message meant: the facts, else the remedy, else what is being done."""
    told = " ".join([*story.told.others, *story.told.dates])
    open_now = offers.open_remedies(story)
    return told or (f"We will {open_now[0].say}." if open_now else story.issue(story.kinds[0])["look"])


def what_was_done(story: Story) -> str:
    """How a case was resolved, as the facts or our own notes have it."""
    resolution = humanise_dates(stated(story.case.complaint.facts, "resolution"), today(story))
    ours = [entry.outcome for entry in story.case.complaint.history if entry.by == "agent" and entry.outcome]
    if resolution:
        return _sentence(resolution)
    told = humanise_dates(ours[-1], today(story)).rstrip(".") if ours else ""
    return f"Our notes say: {told}." if len(told.split()) > 2 and not BARE_STATUS.search(told) else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _distinct(items: Sequence[str]) -> list[str]:
    """The clauses without those that a longer one already holds."""
    once = list(dict.fromkeys(items))
    return [item for item in once if not any(item in other for other in once if other != item)]
