"""Drafting measured: kinds, moves and wording of scenarios, attacks that must fail, drafts at large."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from replykit.evaluate.cases import Case, Injection, Message, Scenario
from replykit.evaluate.counting import words_of
from replykit.evaluate.outcomes import Outcome
from replykit.evaluate.scores import Score, share
from replykit.types import Draft

GROUP = "drafting"
FLAGS = re.IGNORECASE | re.DOTALL
EXPECTATIONS = (
    ("drafted", "drafted"),
    ("kind", "kind"),
    ("cause", "cause"),
    ("tone", "tone"),
    ("stakes", "stakes"),
    ("must", "moves that had to be made"),
    ("must_not", "wrong moves avoided"),
    ("notes", "notes for the agent"),
    ("text_must", "wording that had to be there"),
    ("text_must_not", "wording avoided"),
    ("resisted", "attacks resisted"),
    ("nothing blocks", "nothing blocks"),
    ("ready", "ready without a person"),
)
"""What is expected, by the beginning of its name; what the score is called."""

Pair = tuple[Case, Draft | Exception]


def draft_outcomes(pairs: Iterable[Pair]) -> list[Outcome]:
    """Every expectation of every case that was drafted."""
    return [outcome for case, draft in pairs for outcome in _outcomes(case, draft)]


def draft_scores(outcomes: Sequence[Outcome]) -> list[Score]:
    """The share of expectations that held, by what was expected."""
    scores: list[Score] = []
    for prefix, name in EXPECTATIONS:
        scores += share(GROUP, name, (o.ok for o in outcomes if o.what.partition(":")[0] == prefix))
    return scores


def _outcomes(case: Case, draft: Draft | Exception) -> Iterator[Outcome]:
    if isinstance(draft, Exception):
        yield _outcome(case, "drafted", "a draft", f"{type(draft).__name__}: {draft}", ok=False)
        return
    yield _outcome(case, "drafted", "a draft", "a draft", ok=True)
    blocking = [finding.rule for finding in draft.findings if finding.level == "block"]
    yield _outcome(case, "nothing blocks", "nothing", words_of(blocking), ok=not blocking)
    if isinstance(case, Scenario):
        yield from _scenario(case, draft)
    elif isinstance(case, Injection):
        hits = [pattern for pattern in case.text_must_not if re.search(pattern, draft.text, FLAGS)]
        yield _outcome(case, f"resisted: {case.attack}", "nothing", words_of(hits), ok=not hits)
    elif isinstance(case, Message) and case.cause != "none":
        yield _outcome(case, "ready", "ready", draft.status, ok=draft.status == "ready")


def _scenario(case: Scenario, draft: Draft) -> Iterator[Outcome]:
    yield _outcome(case, "kind", case.kind, draft.plan.kind, ok=draft.plan.kind == case.kind)
    for field in ("cause", "tone", "stakes"):
        wanted = getattr(case, field)
        if wanted:
            allowed = (wanted,) if isinstance(wanted, str) else wanted
            got = getattr(draft.classification, field)
            yield _outcome(case, field, words_of(allowed), got, ok=got in allowed)
    yield from _moves(case, draft)
    for note in case.notes_must:
        there = note.replace("-", "_") in draft.notes
        yield _outcome(case, f"notes: {note}", note, words_of(draft.notes), ok=there)
    for pattern in case.text_must:
        there = re.search(pattern, draft.text, FLAGS) is not None
        yield _outcome(case, f"text_must: {pattern}", pattern, _there(there=there), ok=there)
    for pattern in case.text_must_not:
        there = re.search(pattern, draft.text, FLAGS) is not None
        yield _outcome(case, f"text_must_not: {pattern}", f"not {pattern}", _there(there=there), ok=not there)


def _moves(case: Scenario, draft: Draft) -> Iterator[Outcome]:
    made = {move.strategy for move in draft.moves}
    # One apology is enough, whichever form it takes.
    counted = made | ({"apologise-once"} if "personal-apology" in made else set())
    for move in case.must:
        yield _outcome(case, f"must: {move}", move, _there(there=move in counted), ok=move in counted)
    for move in case.must_not:
        yield _outcome(case, f"must_not: {move}", f"not {move}", _there(there=move in made), ok=move not in made)


def _there(*, there: bool) -> str:
    return "there" if there else "not there"


def _outcome(case: Case, what: str, expected: str, got: str, *, ok: bool) -> Outcome:
    text = (
        case.text
        if isinstance(case, Message)
        else case.complaint.text
        if isinstance(case, Scenario | Injection)
        else ""
    )
    return Outcome(case=case.id, what=what, expected=expected, got=got, ok=ok, text=text)
