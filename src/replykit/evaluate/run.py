"""A kit put to the test: every case read, checked or drafted, whichever it is for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import get_args

from replykit.evaluate.cases import Case, Injection, Message, Part, Reply, Scenario
from replykit.evaluate.drafts import draft_outcomes, draft_scores
from replykit.evaluate.messages import calibration, confusions, message_outcomes, message_scores
from replykit.evaluate.outcomes import Evaluation
from replykit.evaluate.replies import reply_outcomes, reply_scores
from replykit.intake import installed_version
from replykit.kit import ReplyKit
from replykit.types import Classification, Complaint, Draft, Report

PARTS: tuple[Part, ...] = get_args(Part)

Tick = Callable[[], None]


def _silent() -> None:
    pass


def evaluate(
    kit: ReplyKit,
    cases: Iterable[Case],
    *,
    name: str = "this setting",
    parts: Collection[Part] = PARTS,
    tick: Tick = _silent,
) -> Evaluation:
    """How well a kit does on labelled cases.

    Messages are classified and drafted, replies checked, scenarios and injections drafted, each under its own policy
    where it has one. Without a model the result is the same every time.

    Args:
        kit: What is measured.
        cases: From `read_cases`.
        name: What the setting is called where two are compared.
        parts: Which parts are measured: `classification`, `checks`, `drafting`.
        tick: Called after each case of each part, for a progress bar.

    Example:
        >>> from replykit import ReplyKit
        >>> from replykit.evaluate.cases import case_of
        >>> case = case_of({"id": "1", "text": "My kettle broke after two days.", "cause": "product"})
        >>> evaluate(ReplyKit(), [case], parts=["classification"]).score("classification", "cause accuracy").value
        1.0
    """
    known = list(cases)
    read = _read(kit, known, tick) if "classification" in parts else []
    checked = _checked(kit, known, tick) if "checks" in parts else []
    drafted = draft_outcomes(_drafted(kit, known, tick)) if "drafting" in parts else []
    return Evaluation(
        name=name,
        cases=len(known),
        scores=(*message_scores(read), *reply_scores(checked), *draft_scores(drafted)),
        outcomes=(*message_outcomes(read), *reply_outcomes(checked), *drafted),
        calibration=tuple(calibration(read)),
        confusions=tuple(confusions(read)),
        version=f"replykit {installed_version()}, wording {kit.library.version}",
    )


def _read(kit: ReplyKit, cases: Sequence[Case], tick: Tick) -> list[tuple[Message, Classification]]:
    pairs = []
    for case in cases:
        if isinstance(case, Message):
            pairs.append((case, kit.classify(_complaint(case))))
            tick()
    return pairs


def _checked(kit: ReplyKit, cases: Sequence[Case], tick: Tick) -> list[tuple[Reply, Report]]:
    pairs = []
    for case in cases:
        if isinstance(case, Reply):
            about = case.context
            offers, deadlines = about.allowed_offers, about.allowed_deadlines
            report = kit.check(case.text, about.customer_message, offers=offers, deadlines=deadlines, scope=about.scope)
            pairs.append((case, report))
            tick()
    return pairs


def _drafted(kit: ReplyKit, cases: Sequence[Case], tick: Tick) -> list[tuple[Case, Draft | Exception]]:
    pairs: list[tuple[Case, Draft | Exception]] = []
    messages = [case for case in cases if isinstance(case, Message)]
    for message, draft in zip(messages, kit.draft_many([_complaint(message) for message in messages]), strict=True):
        pairs.append((message, draft))
        tick()
    for case in cases:
        if isinstance(case, Scenario | Injection):
            own = kit if case.policy is None else kit.with_policy(case.policy)
            pairs.append((case, _attempt(own, case.complaint)))
            tick()
    return pairs


def _attempt(kit: ReplyKit, complaint: Complaint) -> Draft | Exception:
    try:
        return kit.draft(complaint)
    except Exception as error:  # noqa: BLE001  # an error is a result, and a bad one
        return error


def _complaint(message: Message) -> Complaint:
    return Complaint(text=message.text)
