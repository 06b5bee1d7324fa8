"""What a reader's labels leave unsaid or overlook, mended from the planner's own word lists and the case around the message."""

from __future__ import annotations

import re
from typing import Any

from replykit.plan.amounts import amounts_in
from replykit.plan.cues import Cues
from replykit.plan.passages import SENTENCE, trimmed
from replykit.types import Classification, Complaint, Issue, IssueKind, Policy

SERIOUS = frozenset({"legal", "regulator", "media"})
"""Threats that by definition make the stakes high."""
QUOTED = re.compile(r"[\"“„«][^\"”»]*[\"”»]|(?<!\w)['‘][^'’]*['’](?!\w)")
OWN_NAME = re.compile(r"\b(?:i(?:['’]m| am| was| feel| felt)|call(?:s|ed)? me|what a)\b[^.!?\n]*", re.IGNORECASE)
QUESTION = re.compile(
    r"^\W*(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|quick (?:one|question))\b[\w ]{0,20}[,!.:-]*\s*)?(?:do|does|is|are|can|could|when|where|what|which|how|who|will|would|may)\b[^.!]*\?",
    re.IGNORECASE,
)
LONGEST_QUESTION = 40
LONGEST_MACHINE = 80
NO_FAULT = re.compile(
    r"\b(?:never|not|no|without) (?:once )?(?:had |have |been |had any |a |any |single )*(?:problems?|issues?|complaints?|hassle|trouble|late|lost)\b",
    re.IGNORECASE,
)
SIGNS: dict[IssueKind, str] = {"privacy": "privacy_signs", "safety": "safety_signs", "staff_conduct": "conduct_signs"}
FEWEST_SPAM_SIGNS = 2


def reread(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> Classification:
    """The labels with what follows from others, from the planner's own word lists and from the policy."""
    for step in (
        _machine,
        _praise,
        _irony,
        _question,
        _complains_after_all,
        _abuse,
        _requests,
        _signs,
        _change_of_mind,
    ):
        if update := step(complaint, reading, cues, policy):
            reading = reading.model_copy(update=update)
    return reading


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
    vouched = any(isinstance(v, str) and v.lower().startswith("confirmed") for v in complaint.facts.values())
    if (
        reading.cause != "none"
        or reading.issues
        or not (vouched or cues.find("fault_words", NO_FAULT.sub(" ", complaint.text)))
    ):
        return {}
    if is_machine(complaint.text, cues):
        return {}
    known = complaint.order.item or complaint.order.id or policy.remedies
    passage = _sentence(cues, "fault_words", complaint.text) or _longest(complaint.text)
    if not known or (cues.find("strong_praise", complaint.text) and not complaint.order.item):
        return {}
    answered = {kind for remedy in policy.remedies for kind in remedy.for_}
    faint = next((i for i in reading.perhaps if i.kind in answered), None)
    return {"cause": "product", "issues": (faint or _issue("other", passage, complaint.text),)}


def _abuse(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:  # noqa: ARG001  # one signature for all of them
    """A threat of violence or a sexual remark is abuse; insults that are quoted, or meant for oneself, are none."""
    text = complaint.text
    if cues.find("violence_signs", text) or cues.find("personal_remarks", text):
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


def _change_of_mind(complaint: Complaint, reading: Classification, cues: Cues, policy: Policy) -> dict[str, Any]:  # noqa: ARG001  # one signature for all of them
    """Somebody who gives a thing back although nothing is wrong with it has one issue and one reason."""
    text = complaint.text
    said = reading.return_reason == "change_of_mind" or cues.find("changed_mind", text)
    passage = _sentence(cues, "gives_back", text)
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
