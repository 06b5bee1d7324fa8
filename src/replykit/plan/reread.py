"""What a reader's labels leave unsaid or overlook, mended from the planner's own word lists and the case around the message."""

from __future__ import annotations

import re
from typing import Any, cast

from replykit.plan.amounts import amounts_in
from replykit.plan.beliefs import believed
from replykit.plan.cues import Cues
from replykit.plan.passages import SENTENCE, trimmed
from replykit.types import Cause, Classification, Complaint, Issue, IssueKind, Policy

SERIOUS = frozenset({"legal", "regulator", "media"})
"""Threats that by definition make the stakes high."""
QUOTED = re.compile(r"[\"“„«][^\"”»]*[\"”»]|(?<!\w)['‘][^'’]*['’](?!\w)")
OWN_NAME = re.compile(r"\b(?:i(?:['’]m| am| was| feel| felt)|call(?:s|ed)? me|what a)\b[^.!?\n]*", re.IGNORECASE)
QUESTION = re.compile(
    r"^\W*(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|quick (?:one|question))\b[\w ]{0,20}[,!.:-]*\s*)?(?:do|does|is|are|can|could|when|where|what|which|how|who|will|would|may)\b(?:[^.!]*\?|(?:\s+[^\s.!?]+){1,12}\s*$)",
    re.IGNORECASE,
)
LONGEST_QUESTION = 40
LONGEST_MACHINE = 80
NO_FAULT = re.compile(
    r"\b(?:never|not|no|without) (?:once )?(?:had |have |been |a |any |single ){0,6}(?:problems?|issues?|complaints?|hassle|trouble|late|lost)\b",
    re.IGNORECASE,
)
SIGNS: dict[IssueKind, str] = {"privacy": "privacy_signs", "safety": "safety_signs", "staff_conduct": "conduct_signs"}
HARM: frozenset[IssueKind] = frozenset({"safety", "privacy"})
OF_WORDS: frozenset[IssueKind] = frozenset({"misinformation", "not_as_described", "price", "other"})
"""Kinds of issue that may come of something said; one of them has to stand where the cause is called miscommunication."""
OF_THINGS: frozenset[IssueKind] = frozenset({"wrong_item", "damaged", "missing_item", "defective", "not_delivered"})
NOT_UNDERSTOOD: frozenset[IssueKind] = frozenset({"misinformation", "usability", "policy", "defective"})
WORDS_ALONE: frozenset[IssueKind] = frozenset(
    {"misinformation", "policy", "usability", "other", "no_response", "late", "wait", "staff_conduct"}
)
FEWEST_SPAM_SIGNS = 2
DOUBTED, CERTAIN = 0.15, 0.6
"""A label that the reader gives with less than the first is somebody else's, who knows better."""
SURE_OF_STAKES = 0.75
ALL_BUT_CERTAIN = 0.9
SURE, STORY = 0.6, 20
"""How probably there is nothing in a message for it to be left at that, and in how many words a story can be told."""


def reread(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> Classification:
    """The labels with what follows from others, from the planner's own word lists and from the policy."""
    for step in (
        _weighed,
        _machine,
        _praise,
        _irony,
        _question,
        _complains_after_all,
        _believed,
        _not_understood,
        _abuse,
        _requests,
        _media,
        _signs,
        _unplanned,
        _change_of_mind,
        _idle,
    ):
        if update := step(complaint, reading, cues, policy):
            reading = reading.model_copy(update=update)
    return reading


def _weighed(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:  # noqa: ARG001  # one signature for all of them
    """Abuse only where an insult or a threat stands in the message, or the reader is sure of it."""
    tones = reading.probabilities.get("tone", {})
    if reading.tone != "abusive" or not DOUBTED < tones.get("abusive", 0) < CERTAIN or _insulting(complaint.text, cues):
        return {}
    return {"tone": max((t for t in tones if t != "abusive"), key=lambda t: tones[t])}


def _insulting(text: str, cues: Cues) -> bool:
    return any(
        cues.find(name, text) for name in ("insult_words", "direct_insults", "violence_signs", "personal_remarks")
    )


def _machine(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:  # noqa: ARG001  # one signature for all of them
    """An automatic reply or an advertisement is no complaint, whatever words it holds."""
    unasked = not complaint.order.item and not complaint.history and is_machine(complaint.text, cues)
    return {"cause": "none", "issues": (), "requests": ()} if unasked else {}


def is_machine(text: str, cues: Cues) -> bool:
    """Whether nobody wrote this to us: an automatic reply, or an advertisement; a long message or one with a fault in it is neither."""
    brief = len(text.split()) <= LONGEST_MACHINE and not cues.find("fault_words", text)
    return brief and bool(cues.find("automatic", text) or cues.count("spam", text) >= FEWEST_SPAM_SIGNS)


def _praise(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:  # noqa: ARG001  # one signature for all of them
    """Plain praise without a word of trouble is no complaint."""
    text = complaint.text
    plain = cues.find("strong_praise", text) and not cues.find("fault_words", text) and "?" not in text
    calm = reading.tone == "calm" and not reading.requests and not complaint.history
    return {"cause": "none", "issues": ()} if plain and calm and reading.cause != "none" else {}


def _irony(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:  # noqa: ARG001
    """Thanks for what nobody wants is a complaint about it."""
    passage = _sentence(cues, "irony", complaint.text) if reading.cause == "none" else None
    if passage is None:
        return {}
    return {"cause": "product", "issues": reading.issues or (_issue("other", passage, complaint.text),)}


def _question(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:  # noqa: ARG001
    """A calm question about what a business does, and not about a case of one's own, is no complaint."""
    text = complaint.text
    idle = not cues.find("own_case", text) and not cues.find("fault_words", text) and not complaint.history
    asks = QUESTION.match(text) and reading.tone == "calm" and len(text.split()) <= LONGEST_QUESTION
    return {"cause": "none", "issues": (), "perhaps": ()} if asks and idle and reading.cause != "none" else {}


def _complains_after_all(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:
    """Where a fault is named in a thing that the shop sold or a policy answers, silence of the reader is not "no complaint"."""
    text = complaint.text
    if reading.cause != "none" or is_machine(text, cues):
        return {}
    if puzzled(text, cues, policy) and (_known(complaint, policy) or cues.find("own_case", text)):
        puzzling = reading.issues or (_issue("misinformation", _longest(text), text),)
        return {"cause": "miscommunication", "issues": puzzling}
    if _known(complaint, policy) and (word := _sentence(cues, "broken_word", text)):
        return {"cause": "miscommunication", "issues": reading.issues or (_issue("misinformation", word, text),)}
    shown = tuple(cues.beliefs.shown(text))
    asks = bool({"replacement", "refund", "repair"} & set(reading.requests)) or any(
        cues.find(name, text) for name in ("wants_refund", "wants_new", "wants_repair")
    )
    praised = cues.find("strong_praise", text) and not (complaint.order.item or asks)
    if not praised and not shown and (told := _narrated(text, reading, cues)):
        issues = reading.issues or reading.perhaps[:1] or (_issue("other", _longest(text), text),)
        return {"cause": told, "issues": issues}
    vouched = any(isinstance(v, str) and v.lower().startswith("confirmed") for v in complaint.facts.values())
    wrong = complaint.order.item and {issue.kind for issue in reading.issues} & (OF_THINGS | {"sizing"})
    named = vouched or shown or cues.find("fault_words", NO_FAULT.sub(" ", text))
    if praised or not named or not _known(complaint, policy) or (reading.issues and not asks and not wrong):
        return {}
    passage = _sentence(cues, "fault_words", text) or _longest(text)
    answered = {kind for remedy in policy.remedies for kind in remedy.for_}
    faint = next((i for i in (*shown, *reading.perhaps) if i.kind in answered), None)
    found = reading.issues or ((faint,) if faint else shown[:1]) or (_issue("other", passage, text),)
    return {"cause": "product", "issues": found}


def _narrated(text: str, reading: Classification, cues: Cues) -> Cause | None:
    """The likeliest cause of a story about their own case, where the reader was hardly sure that there is nothing in it."""
    chances = reading.probabilities.get("cause", {})
    sure = not DOUBTED < chances.get("none", 0) < SURE
    if sure or "?" in text or cues.find("praise", text) or len(text.split()) < STORY or not cues.find("own_case", text):
        return None
    return cast("Cause", max((c for c in chances if c != "none"), key=lambda c: chances[c]))


def puzzled(text: str, cues: Cues, policy: Policy) -> bool:
    """Whether our own words were the trouble: they say so, or repeat what the house knows as its jargon."""
    return bool(cues.find("jargon_grievance", text)) or any(word.lower() in text.lower() for word in policy.jargon)


def _known(complaint: Complaint, policy: Policy) -> bool:
    """Whether there is something that a complaint could be about: an order, an earlier message, a remedy."""
    return bool(complaint.order.item or complaint.order.id or complaint.history or policy.remedies or policy.jargon)


def _believed(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:
    """The issues that their own sentences bear out, and those that the words show."""
    if reading.cause == "none":
        return {}
    text = complaint.text
    issues = believed(reading.issues, reading.perhaps, text, policy, cues.beliefs)
    perhaps = tuple(i for i in reading.perhaps if i.kind not in SIGNS or cues.beliefs.borne_out(i, text))
    return {"issues": issues, "perhaps": perhaps}


def _not_understood(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:
    """Words of ours that nobody understands are an issue of their own."""
    text, kinds = complaint.text, {issue.kind for issue in reading.issues}
    if reading.cause == "none" or kinds & NOT_UNDERSTOOD or not puzzled(text, cues, policy):
        return {}
    new = _issue("usability", _sentence(cues, "jargon_grievance", text) or _longest(text), text)
    return {"issues": tuple(sorted((*reading.issues, new), key=lambda issue: issue.start))}


def _abuse(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:  # noqa: ARG001  # one signature for all of them
    """A threat of violence or a sexual remark is abuse; insults that are quoted, or meant for oneself, are none."""
    text = complaint.text
    if cues.find("violence_signs", text):
        return {"tone": "abusive", "threats": tuple(dict.fromkeys((*reading.threats, "violence")))}
    if cues.find("personal_remarks", text):
        return {"tone": "abusive"}
    meant = OWN_NAME.sub(" ", QUOTED.sub(" ", text))
    if cues.find("direct_insults", meant):
        return {"tone": "abusive"}
    spared = reading.tone == "abusive" and cues.find("insult_words", text) and not cues.find("insult_words", meant)
    return {"tone": "frustrated"} if spared and "violence" not in reading.threats else {}


def _requests(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:
    """Requests that stand in the words; the end of a contract also as an issue, where the policy knows that kind."""
    text = complaint.text
    found = [name for name, cue in cues.wishes.items() if name not in reading.requests and cues.find(cue, text)]
    update: dict[str, Any] = {"requests": (*reading.requests, *found)} if found else {}
    ends = any("cancellation" in remedy.for_ for remedy in policy.remedies)
    unread = reading.cause != "none" and "cancellation" not in {i.kind for i in reading.issues}
    if ends and unread and (passage := _sentence(cues, "wants_end", text)):
        update["issues"] = (*reading.issues, _issue("cancellation", passage, text))
    return update


def _media(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:  # noqa: ARG001  # one signature for all of them
    """Somebody who means to make it public says so."""
    if reading.cause == "none" or "media" in reading.threats or not cues.find("media_signs", complaint.text):
        return {}
    return {"threats": (*reading.threats, "media")}


def _signs(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:  # noqa: ARG001  # one signature for all of them
    """Danger and strangers' papers are issues of their own and high stakes; so are a serious threat, the press and a very large sum."""
    if reading.cause == "none":
        return {}
    sums = (amount for m in reading.mentions if m.kind == "amount" for amount in amounts_in(m.quote))
    weighty = set(reading.threats) & SERIOUS or max(sums, default=0.0) >= cues.very_large_value
    update: dict[str, Any] = {"stakes": "high"} if weighty or cues.find("public_signs", complaint.text) else {}
    kinds = {issue.kind for issue in reading.issues}
    for kind, cue in SIGNS.items():
        passage = _sentence(cues, cue, complaint.text)
        if passage is not None:
            update["stakes"] = "high"
            if kind not in kinds:
                update["issues"] = (*update.get("issues", reading.issues), _issue(kind, passage, complaint.text))
    return update


def _unplanned(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:
    """High stakes for which the business has planned nobody, where no word bears them out and the reader is not sure of them."""
    chance = reading.probabilities.get("stakes", {}).get("high", 0)
    planned = any(row.name for row in policy.escalation) or policy.crisis.say or policy.crisis.steps
    kept_here = (
        "escalation" in reading.requests
        and policy.remedies
        and not any("escalation" in row.when for row in policy.escalation)
    )
    doubtful = DOUBTED < chance < (ALL_BUT_CERTAIN if kept_here else SURE_OF_STAKES)
    foreseen = planned and not kept_here and not puzzled(complaint.text, cues, policy)
    if foreseen or reading.stakes != "high" or not doubtful or set(reading.threats) & SERIOUS:
        return {}
    borne = any(
        cues.find(name, complaint.text) for name in ("grave", "illness", "bereavement", *SIGNS.values(), "public_signs")
    )
    return {} if borne else {"stakes": "medium"}


def with_settled_cause(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> Classification:
    """The reading with the cause that its issues bear out: a word of ours at fault needs an issue about it, and two voices of ours are one."""
    cause = _settled_cause(complaint.text, reading, cues, policy)
    return reading if cause == reading.cause else reading.model_copy(update={"cause": cause})


def _settled_cause(text: str, reading: Classification, cues: Cues, policy: Policy) -> Cause:
    kinds = {issue.kind for issue in reading.issues}
    if reading.cause == "miscommunication":
        other = kinds & HARM or reading.return_reason == "change_of_mind" or (kinds and kinds <= OF_THINGS)
        kept = kinds & OF_WORDS or not kinds or cues.find("two_voices", text) or cues.find("broken_word", text)
        return "product" if other or not kept else reading.cause
    alone = "staff_conduct" not in kinds or cues.find("two_voices", text)
    said = "misinformation" in kinds and alone and not kinds & (OF_THINGS | HARM)
    if reading.cause == "product" and said and any(cues.find(name, text) for name in ("broken_word", "was_said")):
        return "miscommunication"
    if reading.cause == "product" and kinds and kinds <= WORDS_ALONE:
        voices = cues.find("two_voices", text) or puzzled(text, cues, policy)
        return "miscommunication" if voices else reading.cause
    return reading.cause


def _idle(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:  # noqa: ARG001  # one signature for all of them
    """Nothing is at stake in a message that complains of nothing; something is, where somebody frail or a livelihood depends on it."""
    if reading.cause == "none":
        return {"stakes": "low"} if reading.stakes == "medium" else {}
    return {"stakes": "medium"} if reading.stakes == "low" and cues.find("weighty", complaint.text) else {}


def _change_of_mind(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:  # noqa: ARG001  # one signature for all of them
    """Somebody who gives a thing back although nothing is wrong with it has one issue and one reason."""
    text = complaint.text
    said = reading.return_reason == "change_of_mind" or cues.find("changed_mind", text)
    passage = _sentence(cues, "gives_back", text)
    slip = _sentence(cues, "own_order", text)
    if slip and "wrong_item" in {issue.kind for issue in reading.issues}:
        return {"return_reason": "change_of_mind", "issues": (_issue("change_of_mind", slip, text),)}
    fine = cues.find("plainly_fine", text) or not cues.find("fault_words", text)
    if not said or passage is None or not fine:
        return {}
    return {"return_reason": "change_of_mind", "issues": (_issue("change_of_mind", passage, text),)}


def _sentence(cues: Cues, name: str, text: str) -> tuple[int, int] | None:
    """Where the sentence stands in which a cue ends."""
    found = cues.span(name, text)
    if found is None:
        return None
    passage = next((m for m in SENTENCE.finditer(text) if m.start() < found[1] <= m.end()), None)
    return trimmed(passage) if passage else found


def _longest(text: str) -> tuple[int, int]:
    return trimmed(max(SENTENCE.finditer(text), key=lambda m: len(m.group())))


def _issue(kind: IssueKind, passage: tuple[int, int], text: str) -> Issue:
    start, end = passage
    return Issue(kind=kind, quote=text[start:end], start=start, end=end)
