"""What happened, as the reply may name it: the item, the distinct matters, the facts, what was promised."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from replykit.english import cap, day, humanise_dates, ordinal, uncap
from replykit.plan.listed import item_of
from replykit.plan.passages import SENTENCE
from replykit.plan.stems import stems
from replykit.write import offers
from replykit.write.facts import stated
from replykit.write.quote import quotation
from replykit.write.reflection import may_stand, retold
from replykit.write.retell import flip
from replykit.write.safe_names import customer_name, noun, reference

if TYPE_CHECKING:
    from replykit.plan.thread import Promise
    from replykit.types import Issue, Remedy
    from replykit.write.story import Story

LOSS = re.compile(
    r"\b(?:my|our) (?:late |dear |own |beloved |old )?(mother|father|mum|mom|dad|husband|wife|son|daughter|brother|sister|partner|grandmother|grandfather|"
    r"gran|grandma|grandpa|nan|uncle|aunt|friend|baby|child|dog|cat|rabbit|horse|pony|puppy|kitten)\b",
    re.IGNORECASE,
)
PET = re.compile(r"\b(?:dog|cat|rabbit|horse|pony|puppy|kitten|pet|to sleep|put down)\b", re.IGNORECASE)
LATE_ONE = re.compile(r"\b(?:my|our) late (\w+)\b", re.IGNORECASE)
NOTED_FIRST = re.compile(
    r"^promised (?:an? |the )?(?P<thing>.+?) (?P<prep>for|by|on|before|until|at) (?P<when>.+)$", re.IGNORECASE
)
NOTED = re.compile(
    r"^(?:an? |the )?(?P<thing>.+?) (?:was |is )?(?:promised|due|arranged|booked|scheduled|announced|agreed) ?(?P<prep>for|by|on|before|until|at)? (?P<when>.+)$",
    re.IGNORECASE,
)
MOST_PROMISES = 2
LATE = frozenset({"late", "not_delivered", "misinformation", "wait", "no_response"})
PRAISED = re.compile(
    r"\b(?!Thank|You|The|This|That|Your|It|She|He|We|They|There|My|Our|And|But|What|Just|Hi|Hello|Dear|Service|Team)([A-Z][a-z]{2,})"
    r"(?= (?:in (?:the|your) |at (?:the|your) |from (?:the|your) |in particular|especially|was|is|has|went|made|took|helped|stayed|deserves|explained|found|did)\b)"
)
STATUS_END = re.compile(
    r",? (?:and )?(?:resolved|closed|solved|done|settled|(?:the )?customer (?:was )?(?:informed|told))$", re.IGNORECASE
)
DONE = re.compile(
    r"^(?:(?:the |a |an )?(?P<noun>[a-z]+(?: [a-z]+){0,2}) )?(?P<verb>[a-z]+ed|sent|paid|put right|done|made) (?P<rest>(?:\d|on |to |at |by |in |with |for ).+)$",
    re.IGNORECASE,
)
ASKED = re.compile(
    r"\b(?:please|(?:could|can|would|will) you(?: please| kindly)?|(?:i'd|i would) like you to)[, ]+"
    r"(?P<what>(?:change|update|send|cancel|book|move|add|remove|register|renew|confirm|reserve|switch|forward|put|note|correct|transfer)\b[^.!?\n]{4,120})",
    re.IGNORECASE,
)
BARE_STATUS = re.compile(r"\b(?:customer|informed|told|closed)\b", re.IGNORECASE)
FEELINGS_BY_TONE = {"calm": "let down", "frustrated": "frustrated", "angry": "angry", "abusive": "angry"}
OWN = re.compile(r"\b(?:i|me|my|we|us|i'm|i've|we're)\b", re.IGNORECASE)
MOST_PROBLEMS = 5
NEGATED = re.compile(r"(?:\b(?:not|never|no|without|rather than|instead of)\b|n['’]t\b)[^.!?,;]*$", re.IGNORECASE)
NEAR = 40
"""Characters in which a word of denial turns what follows round."""
MONEY_BACK = frozenset({"refund"})
"""A request that is missed beside another remedy; a repair or a replacement has too many names to be sure that it is none."""


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
    said = " ".join(story["quoted"] or story["retold"]).lower()
    unsaid = named if named and named.split()[-1].lower() not in said else ""
    if ref:
        return f"order {ref} ({unsaid})" if unsaid else f"order {ref}"
    return f"the file on {story['item']}" if unsaid else ""


def problems(story: Story) -> list[dict[str, str]]:
    """Each distinct matter with its own answer: its remedies where there are some, else what is being done."""
    opening, told = set(retold(story)), dict(zip(story.case.reading.issues, story["told"], strict=True))
    matters = story.case.matters or ((),)
    rows: list[dict[str, str]] = []
    stated = set[str]()
    for place, matter in enumerate(matters[:MOST_PROBLEMS], 1):
        kind = _kind_of(story, matter)
        said = next((t for issue in matter if (t := told.get(issue)) and t not in opening), "")
        if not any(told.get(issue) for issue in matter):
            said = _in_their_words(story, matter, opening)
        own = [r for k in {kind: 0} | {i.kind: 0 for i in matter} for r in _meant_for(story, k)]
        fresh = [r for r in dict.fromkeys(own) if r.id not in stated] or own[:1]
        row = {"label": story.issue(kind)["label"], "told": said, "answer": _answer(story, kind, fresh)}
        stated |= {r.id for r in fresh}
        rows.append({**row, "ordinal": ordinal(place).capitalize()})
    return rows


def _in_their_words(story: Story, matter: Sequence[Issue], opening: set[str]) -> str:
    """A matter quoted, where it can neither be said back nor was quoted already."""
    s, text = story.case.situation, story.case.complaint.text
    if (
        s.jargon
        or s.tone == "abusive"
        or s.channel != "email"
        or story.turn > 1
        or item_of(text, matter[0].start) is None
    ):
        return ""
    if any(i.quote[:20].lower() in said.lower() for i in matter for said in (*opening, *story["quoted"])):
        return ""
    found = (quotation(text, i.start, i.end, story.wording.grammar, lambda q: may_stand(story, q)) for i in matter)
    quote = next((q for q in found if q), None)
    return story.phrase("in_their_words", quote=quote) if quote else ""


def _kind_of(story: Story, matter: Sequence[Issue]) -> str:
    """The kind under which a matter is answered: the first that a remedy is meant for, else the first."""
    meant = [i.kind for i in matter if _meant_for(story, i.kind)]
    return next(iter(meant or [i.kind for i in matter]), story.kinds[0])


def _meant_for(story: Story, kind: str) -> list[Remedy]:
    """The open remedies for a kind; where there is none, those for a near kind."""
    open_now, near = offers.open_remedies(story), story.wording.cues.near.get(kind, ())
    return [r for r in open_now if kind in r.for_] or [r for r in open_now if set(near) & set(r.for_)]


def _answer(story: Story, kind: str, own: Sequence[Remedy]) -> str:
    if own and story.case.situation.remedy == "each":
        said = [offers.as_said(r, story) for r in own]
        return f"we will {', and '.join(r['say'] + r['limit'] + r['by'] for r in said)}."
    if own:
        return story.phrase("covered_above", kind)
    return uncap(story.issue(kind)["look"])


def contacts(story: Story) -> str:
    """How often they wrote, where they wrote before."""
    s, count = story.case.situation, story.case.thread.contacts
    if s.public:
        return ""
    if count > 2:  # "the second time" is said less stiffly below
        return story.phrase("written_often", ordinal=ordinal(count))
    told = any(m.kind == "contacts" for m in story.case.reading.mentions)
    if not s.repeat_contact or not (told or story.case.thread.customer_messages):
        return ""
    return story.phrase("written_before", "contacts")


def feeling(story: Story) -> str:
    """An adjective that follows "you feel": one that the customer's own words name, else one that fits any complaint of that tone."""
    text, found = story.case.complaint.text, story.case.reading.evidence
    own = (
        e.kind.replace("_", " ")
        for e in found
        if e.field == "feelings" and e.kind[:5] in e.quote.lower() and OWN.search(text[max(0, e.start - 25) : e.end])
    )
    return next((f for f in own if f not in ("grieving", "ill")), FEELINGS_BY_TONE[story.case.situation.tone])


def loss(story: Story) -> str:
    """Whom they lost, as "your …"."""
    text = story.case.complaint.text
    if not story.case.situation.bereavement:
        return ""
    said = [m.group() for m in SENTENCE.finditer(text) if story.wording.cues.find("bereavement", m.group())]
    match = next((found for sentence in said if (found := LOSS.search(sentence))), None) or LATE_ONE.search(text)
    match = match or (None if any(PET.search(sentence) for sentence in said) else LOSS.search(text))
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
    return f"{promise.rstrip('.')}." if promise else ""


def what_was_found(story: Story) -> str:
    """What the business vouches for, as sentences without a lead."""
    return " ".join(story.told.bare)


def told_before(story: Story) -> str:
    """What a follow-up recalls of the complaint, as a sentence with a blank before it."""
    said = [*story["told"], *story["known"][:1]]
    first = next((text for text in said if text), "")
    return f" {story.phrase('told_before', told=first)}" if first and story.case.situation.kind == "follow_up" else ""


def person(story: Story) -> str:
    """Whom a message of praise names, where it is one of our people; nothing in public."""
    praised = (m.group(1) for m in PRAISED.finditer(story.case.complaint.text))
    named = (*(m.quote for m in story.case.reading.mentions if m.kind == "person"), *praised)
    return (
        ""
        if story.case.situation.public
        else next((n for n in map(customer_name, named) if n and n != story.customer()), "")
    )


def asked(story: Story) -> str:
    """What somebody asks us to do, to follow "you asked us to"; nothing where it does not stand in one sentence."""
    match = ASKED.search(story.case.complaint.text)
    return flip(match["what"].strip(" .,!"), story.wording.grammar) if match and story.turn <= 1 else ""


def wish(story: Story) -> str:
    """What the customer asked for, to follow "you asked for"; nothing where a remedy, a refusal or the reply itself answers it."""
    names, asks = story.wording.requests, story.wording.cues.asks
    if story.case.grants.refused:
        return ""
    given = stems(" ".join(remedy.say for remedy in offers.open_remedies(story)))
    requests = [r for r in story.case.reading.requests if r in names and not stems(" ".join(asks.get(r, ()))) & given]
    if given:
        requests = [r for r in requests if r in MONEY_BACK and _plainly_asked(story)]
    return names[requests[0]] if requests else ""


def _plainly_asked(story: Story) -> bool:
    """Whether money is asked back in so many words, and not said to be unwanted."""
    text = story.case.complaint.text
    place = story.wording.cues.span("wants_refund", text)
    return place is not None and not NEGATED.search(text[max(0, place[0] - NEAR) : place[0]])


def missed_promise(story: Story) -> dict[str, str] | None:
    """The agents' earlier promises whose day has passed, the last two of them, in the company's own person."""
    missed, near = story.case.thread.missed[-MOST_PROMISES:], today(story)
    if not missed:
        return _missed_day(story)
    parts = [_promised(p) for p in missed]
    days = [f" on {day(p.on, near)}" if p.on else "" for p in missed]
    text = "".join([parts[0], *(f", and{d} that {p}" for d, p in zip(days[1:], parts[1:], strict=True))])
    return {"text": text, "on": days[0]}


def _missed_day(story: Story) -> dict[str, str] | None:
    """The day for which the order was promised, where it came later or has not come yet."""
    order, near = story.case.complaint.order, today(story)
    came = order.delivered_on or near
    if not order.promised_on or not came or came <= order.promised_on or not LATE & set(story.kinds):
        return None
    after = f", and it came on {day(order.delivered_on, near)}" if order.delivered_on else ""
    return {"text": f"it would come by {day(order.promised_on, near)}{after}", "on": "", "of": ""}


def _promised(promise: Promise) -> str:
    """The content of a promise as a clause: an agent's sentence, or what our notes say that was promised."""
    noted = (NOTED_FIRST.match(promise.text) or NOTED.match(promise.text)) if promise.noted else None
    if noted:
        return f"the {noted['thing']} would come {'on' if noted['prep'] == 'for' else noted['prep'] or 'on'} {noted['when']}"
    return uncap(re.sub(r"\b[Ii]\b", "we", promise.text.rstrip(".! ")))


def in_plain_words(story: Story) -> str:
    """What our own message meant: the facts, else what has happened, else what is being done."""
    told = " ".join([*story.told.others, *story.told.dates])
    open_now, issue = offers.open_remedies(story), story.issue(story.kinds[0])
    return told or (cap(f"{issue['happened']}.") if open_now else issue["look"])


def what_was_done(story: Story) -> str:
    """How a case was resolved, as the facts or our own notes have it."""
    resolution = humanise_dates(stated(story.case.complaint.facts, "resolution"), today(story))
    ours = [entry.outcome for entry in story.case.complaint.history if entry.by == "agent" and entry.outcome]
    if resolution:
        return _sentence(resolution)
    told = STATUS_END.sub("", humanise_dates(ours[-1], today(story)).rstrip(".")) if ours else ""
    if match := DONE.match(told):
        subject = f"The {match['noun']}" if match["noun"] else "It"
        return f"{subject} was {match['verb']} {'on ' if match['rest'][:1].isdigit() else ''}{match['rest']}."
    return story.phrase("our_notes", notes=told) if len(told.split()) > 2 and not BARE_STATUS.search(told) else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
