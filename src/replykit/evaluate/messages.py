"""Classification measured: labels of one value, lists of labels, and whether confidence can be taken at its word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from replykit.evaluate.cases import Message
from replykit.evaluate.counting import Tally, counted, macro_f1, words_of
from replykit.evaluate.outcomes import Outcome
from replykit.evaluate.scores import Confusion, Point, Score, share
from replykit.types import Classification

SINGLE = ("cause", "tone", "stakes", "repeat_contact", "return_reason")
LISTS = ("requests", "threats", "issues", "secondary")
MATRICES = ("cause", "tone", "stakes")
BINS = 5
"""Five bins of confidence: with some hundred messages, more of them would show chance."""
GROUP = "classification"

Pair = tuple[Message, Classification]


def message_outcomes(pairs: Sequence[Pair]) -> list[Outcome]:
    """Every labelled field of every message, expected and read."""
    return [outcome for message, found in pairs for outcome in _outcomes(message, found)]


def _outcomes(message: Message, found: Classification) -> Iterator[Outcome]:
    for field in SINGLE:
        expected, got = getattr(message, field), getattr(found, field)
        if field in message.model_fields_set:
            yield _outcome(message, field, str(expected), str(got), ok=expected == got)
    for field in LISTS:
        if field in message.model_fields_set:
            expected, maybe, got = labelled(message, field), set(getattr(message, f"{field}_maybe")), read(found, field)
            yield _outcome(message, field, words_of(expected), words_of(got), ok=expected <= got <= expected | maybe)


def _outcome(message: Message, what: str, expected: str, got: str, *, ok: bool) -> Outcome:
    return Outcome(case=message.id, what=what, expected=expected, got=got, ok=ok, text=message.text)


def labelled(message: Message, field: str) -> set[str]:
    """The labels of a list field."""
    return {getattr(value, "kind", value) for value in getattr(message, field)}


def read(found: Classification, field: str) -> set[str]:
    """The same as it was read."""
    return {getattr(value, "kind", value) for value in getattr(found, field)}


def message_scores(pairs: Sequence[Pair]) -> list[Score]:
    """Accuracy and macro-F1 of the single labels, precision, recall and micro-F1 of the lists."""
    scores: list[Score] = []
    for field in SINGLE:
        known = [(getattr(m, field), getattr(c, field)) for m, c in pairs if field in m.model_fields_set]
        scores += share(GROUP, f"{field} accuracy", (expected == got for expected, got in known))
        if known and field in MATRICES:
            scores.append(Score(group=GROUP, name=f"{field} macro-F1", value=macro_f1(known), total=len(known)))
    for field in LISTS:
        scores += _list_scores(field, [(m, c) for m, c in pairs if field in m.model_fields_set])
    spans = (message.text[i.start : i.end] == i.quote for message, found in pairs for i in found.issues)
    scores += share(GROUP, "issue spans that slice back", spans)
    if pairs:
        scores.append(_calibration_score(calibration(pairs), len(pairs)))
    return scores


def _list_scores(field: str, pairs: Sequence[Pair]) -> Iterator[Score]:
    tally = Tally()
    for message, found in pairs:
        want, got, maybe = labelled(message, field), read(found, field), set(getattr(message, f"{field}_maybe"))
        tally.hits += len(want & got)
        tally.misses += len(want - got)
        tally.alarms += len(got - want - maybe)
    if pairs:
        note = f"precision {tally.precision:.2f}, recall {tally.recall:.2f}"
        yield Score(group=GROUP, name=f"{field} micro-F1", value=tally.f1, total=tally.hits + tally.misses, note=note)


def calibration(pairs: Sequence[Pair]) -> list[Point]:
    """Messages by how sure the reading was, with how often it was right."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for message, found in pairs:
        place = min(int(found.confidence * BINS), BINS - 1)
        bins.setdefault(place, []).append((found.confidence, found.cause == message.cause))
    return [
        Point(sure=sum(s for s, _ in b) / len(b), right=sum(r for _, r in b) / len(b), count=len(b))
        for _, b in sorted(bins.items())
    ]


def _calibration_score(points: Sequence[Point], total: int) -> Score:
    error = sum(abs(point.sure - point.right) * point.count for point in points) / total
    return Score(group=GROUP, name="calibration error", value=error, total=total, low_is_good=True)


def confusions(pairs: Sequence[Pair]) -> list[Confusion]:
    """How often each cause, tone and stake was read as each other."""
    found = []
    for field in MATRICES:
        known: list[tuple[Any, Any]] = [
            (getattr(m, field), getattr(c, field)) for m, c in pairs if field in m.model_fields_set
        ]
        if known:
            found.append(Confusion(label=field, counts=counted(known)))
    return found
