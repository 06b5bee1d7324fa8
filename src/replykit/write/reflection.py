"""What the customer wrote, said back: their own sentences turned into ours, or quoted where they cannot be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from replykit.plan.stems import stems
from replykit.write.quote import FAILED, quotation
from replykit.write.retell import about_third_person, pieces, retell, say_back

if TYPE_CHECKING:
    from replykit.write.story import Story

MOST_SAID_BACK = 6
MOST_QUOTED = 2
TELLING = 2
MARGIN = 1
"""A quotation has to tell that much more than what can be said in our own words."""
SAID = re.compile(r"\b(?:says|said|told|promised|guaranteed|advertised|quoted|assured)\b", re.IGNORECASE)
SHORT = 5
"""In a message of so few sentences each of them is there for a reason."""
WITH_ISSUE = 2
STRONG = 3
PERSON = re.compile(
    r"\b(?:mother|father|mum|mom|dad|husband|wife|son|daughter|brother|sister|partner|gran\w*|child(?:ren)?|kids|baby|boy|girl|dog|cat|aunt|uncle|niece|nephew|friend)\b",
    re.IGNORECASE,
)
MUSING = re.compile(
    r"^\W*(?:i|we|you)(?: am|'m|’m| are|'re|’re)? (?:do(?:n['’]t| not) |not |just |only |simply |do |really |quite |rather )*(?:know|understand|realise|realize|hope|think|guess|suppose|wonder\w*|angry|tired|sorry|writing|write|used to)\b",
    re.IGNORECASE,
)
FIGURE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twice|again|second|third|fourth|fifth|sixth|half)\b",
    re.IGNORECASE,
)
SAID_BACK_FIRST = 2
"""Points said back in the opening where each is answered on its own below; the rest are named there."""

PRIVATE_FIGURE = re.compile(
    r"\d[\d .-]{2,}\d|(?<!\bup to )(?<![£$€\d])\d{3,}|\b\d+ [A-Z]|(?<![A-Za-z])[A-Za-z]+-?\d+\b|\d+[a-z]?,"
)
"""Figures that could be an order, a telephone or an address: in public they are not repeated; a count or an hour may be."""

CODED = re.compile(r"\b[A-Z]{2,}\d*\b|[\"“”‘]|(?<!\w)['’]|['’](?!\w)|:|\b(?:mean|means|meant)\b")
"""Abbreviations and quotations: where our jargon was the trouble, it is not said back."""
BRIEF = 28
"""Words of a list of three that is still taken in at once, and of a sentence before which another is looked at."""
ROOM = 40
"""Words that an opening bears before it is a retelling of the whole letter."""
NAMED = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b")
"""A word with a capital in the middle of a sentence: somebody's name, a place, a day."""

DIED = re.compile(r"\b(?:died|dying|death|dead|passed away|funeral)\b", re.IGNORECASE)
QUIET = 18
"""Words of a sentence that is said back to somebody in mourning: what went wrong is named, and what they lived through is left to them."""


def told_by_issue(story: Story) -> list[str | None]:
    """For each issue the customer's own sentence in the second person, where it can be said back."""
    if story.turn > 1:
        return [None] * len(story.case.reading.issues)
    issues = story.case.reading.issues
    said = [_say_back(story, issue.start, issue.end) for issue in issues[:MOST_SAID_BACK]]
    return [*said, *[None] * (len(issues) - len(said))]


def retold(story: Story) -> list[str]:
    """What happened, said back: the customer's own sentences where they can be, else what such issues have in common."""
    limit = int(story.wording.channels[story.case.complaint.channel]["retold"])
    s = story.case.situation
    if s.bereavement:
        mourned = story.wording.cues.find
        short = [
            said
            for said in _most_telling(story, limit)
            if len(said.split()) <= QUIET and not mourned("bereavement", said) and not DIED.search(said)
        ]
        first = next((said for said in short if said in story["told"]), None)
        return [t for t in short if t == first or FIGURE.search(t)][:2] or [story.issue(story.kinds[0])["happened"]]
    if s.many_matters and not s.grave and (said := _distinct([t for t in story["told"] if t])):
        return _with_what_tells_more(story, said[: min(limit, SAID_BACK_FIRST)], limit)
    said = _most_telling(story, limit)
    return said or _distinct([story.issue(kind)["happened"] for kind in story.kinds[:limit]])


def _with_what_tells_more(story: Story, said: list[str], limit: int) -> list[str]:
    """Of several points the first ones; before them the sentence that tells more than any, or what fills the room of one."""
    if story.turn > 1:
        return said
    least = STRONG if len(said) >= SAID_BACK_FIRST else TELLING
    further = [row for row in _telling(story) if row[0] >= least and not any(row[2] in t or t in row[2] for t in said)]
    best = max(further, key=lambda row: row[0], default=None)
    if best is None or len(said) >= limit or sum(len(t.split()) for t in (*said, best[2])) > ROOM:
        return said
    text = story.case.complaint.text
    first = next((i.start for i in story.case.reading.issues), len(text))
    return [best[2], *said] if best[1] < first else [*said, best[2]]


def _most_telling(story: Story, limit: int) -> list[str]:
    """The sentences that tell most, those with an issue before others, in the order of the message; else the earlier messages'."""
    if story.turn > 1 or (story["quoted"] and not any(story["told"])):
        return []
    issues = [
        (_weight(story, said) + WITH_ISSUE, issue.start, said)
        for issue, said in zip(story.case.reading.issues, story["told"], strict=True)
        if said
    ]
    ranked = sorted([*issues, *_telling(story)], key=lambda row: (-row[0], row[1]))
    chosen: list[tuple[int, int, str]] = []
    for row in ranked:
        if not any(row[2] in other or other in row[2] for _, _, other in chosen):
            chosen.append(row)
    kept = sorted(_as_many_as_fit(chosen[:limit]), key=lambda row: row[1])
    said = [text for _, _, text in kept]
    light = not kept or max(weight for weight, _, _ in kept) <= WITH_ISSUE
    return (_from_thread(story)[:limit] if light else []) or said


def _as_many_as_fit(ranked: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The first two; a third where it tells much, or where all of them together are brief."""
    kept: list[tuple[int, int, str]] = []
    for row in ranked:
        words = sum(len(text.split()) for _, _, text in (*kept, row))
        if len(kept) < SAID_BACK_FIRST or row[0] >= STRONG or words <= BRIEF:
            kept.append(row)
    return kept


def _telling(story: Story) -> list[tuple[int, int, str]]:
    """Further sentences of the message that tell facts of the case, said back, each with its weight and place."""
    if story.case.situation.jargon or story.case.situation.public:
        return []
    text = story.case.complaint.text
    sentences = pieces(text)
    least = TELLING if len(sentences) > SHORT else TELLING - 1
    found = [(a, _say_back(story, a, b)) for a, b in sentences if _weight(story, text[a:b]) >= least]
    return [(_weight(story, said), a, said) for a, said in found if said]


def _weight(story: Story, sentence: str) -> int:
    """How much a sentence tells: the item, what the policy speaks of, a figure, a person, something that failed; less where it only muses."""
    words = stems(sentence)
    return (
        2 * bool(story.item_stems & words)
        + bool(story.granted_stems & words)
        + bool(story.topic_stems & words)
        + story.wording.cues.beliefs.shows_one(story.kinds, sentence)
        + _marks(sentence)
    )


@lru_cache(maxsize=4096)
def _marks(sentence: str) -> int:
    """What a sentence tells whatever the case: a figure, something that failed, a person, a statement; less where it only muses."""
    told = sum(bool(pattern.search(sentence)) for pattern in (FIGURE, FAILED, PERSON, SAID))
    return told - 2 * bool(MUSING.search(sentence))


def _say_back(story: Story, start: int, end: int) -> str | None:
    if (start, end) not in story.said_back:
        story.said_back[start, end] = _turned(story, start, end)
    return story.said_back[start, end]


def _turned(story: Story, start: int, end: int) -> str | None:
    complaint, grammar = story.case.complaint, story.wording.grammar
    name = complaint.customer.name or ""
    prepare = (
        (lambda sentence: about_third_person(sentence, name, grammar)) if complaint.channel == "in_person" else None
    )
    return retell(
        complaint.text, start, end, grammar, prepare, proper_names(story), lambda said: may_stand(story, said)
    )


def may_stand(story: Story, said: str) -> bool:
    """Whether the customer's words may stand in this reply: no jargon, nothing a rule objected to, no figures in public."""
    s = story.case.situation
    barred = any(passage in said.lower() for passage in story.barred)
    coded = s.jargon and CODED.search(said)
    return not (barred or coded or _holds_jargon(story, said) or (s.public and PRIVATE_FIGURE.search(said)))


def quoted(story: Story) -> list[str]:
    """Where nothing can be said back in our own words: at most two passages of the customer's, between quotation marks."""
    s = story.case.situation
    if s.jargon or s.tone == "abusive" or s.channel == "in_person" or story.turn > 1 or _from_thread(story):
        return []
    text = story.case.complaint.text
    if any(story["told"]):
        return _showing(story, text) or _stronger(story, text)
    telling = _telling(story)
    best = max((_weight(story, i.quote) for i in story.case.reading.issues), default=0)
    if any(weight > TELLING or weight > best for weight, _, _ in telling):
        return _stronger(story, text)
    issues = [(i.start, i.end) for i in story.case.reading.issues if _weight(story, i.quote) > 0 or not telling]
    if not issues and telling:
        return []
    others = sorted(pieces(text), key=lambda place: (-_weight(story, text[slice(*place)]), place))
    before = [_place(story, text, *place) for place in issues]
    places = [*issues, *before, *(place for place in others if _weight(story, text[slice(*place)]) > TELLING)]
    found = (quotation(text, a, b, story.wording.grammar, lambda q: may_stand(story, q)) for a, b in places)
    distinct = _distinct(list(islice((q for q in found if q), MOST_QUOTED)))
    return [f"“{q}”" for q in distinct[: max(1, min(MOST_QUOTED, len(issues)))]]


def _place(story: Story, text: str, start: int, end: int) -> tuple[int, int]:
    """A passage; where its sentence is brief ("The third."), the sentence before it."""
    around = [(a, b) for a, b in pieces(text) if a < end and start < b]
    before = [(a, b) for a, b in pieces(text) if b <= start]
    brief = len(around) == 1 and len(text[slice(*around[0])].split()) < BRIEF
    tells = brief and before and _weight(story, text[slice(*before[-1])]) > 0
    return before[-1] if tells else (start, end)


def _showing(story: Story, text: str) -> list[str]:
    """In public, where there is room for one passage: the one that shows what went wrong, where what can be said back does not."""
    shows = story.wording.cues.beliefs.shows_one
    if not story.case.situation.public or any(said and shows(story.kinds, said) for said in story["told"]):
        return []
    fit = (
        quotation(text, a, b, story.wording.grammar, lambda q: may_stand(story, q) and shows(story.kinds, q))
        for a, b in pieces(text)
    )
    return [f"“{q}”" for q in islice((q for q in fit if q), 1)]


def _stronger(story: Story, text: str) -> list[str]:
    """A sentence that cannot be turned, but tells more than any that can: it is quoted in their place."""
    if story.case.situation.many_matters:
        return []
    told = [_weight(story, said) + WITH_ISSUE for said in story["told"] if said]
    best = MARGIN + max([*told, *(weight for weight, _, _ in _telling(story))])
    places = [(a, b) for a, b in pieces(text) if _weight(story, text[a:b]) > best and _say_back(story, a, b) is None]
    found = (quotation(text, a, b, story.wording.grammar, lambda q: may_stand(story, q)) for a, b in places)
    return [f"“{q}”" for q in islice((q for q in found if q and _weight(story, q) > best), 1)]


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
    told = " ".join(
        (case.complaint.text, *case.thread.civil_messages, *(str(v) for v in case.complaint.facts.values()))
    )
    named = {m.group() for m in NAMED.finditer(told)}
    return named | {word.strip(",.'’") for text in texts if text for word in text.split() if word[:1].isupper()}


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
