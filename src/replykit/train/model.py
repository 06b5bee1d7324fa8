"""The room that trains a whole classifier: clauses first, then messages on top of what their clauses say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from replykit.classify import Classifier
from replykit.classify.features import Features, clause_features, kind_features, message_features
from replykit.classify.judge import MANY, NO_REASON, SINGLE
from replykit.classify.kinds import together
from replykit.classify.linear import FORMAT, sigmoid, softmax
from replykit.classify.message import Message, prepare
from replykit.classify.votes import Judgement
from replykit.train.bounds import cuts, even_cut, factors
from replykit.train.fit import Linear, fit_many, fit_single, folds, isotonic, matrix, vocabulary
from replykit.train.steps import boost, candidates, reached, told
from replykit.types import Cause, IssueKind, Request, ReturnReason, Stakes, Threat, Tone

LABELS: dict[str, tuple[str, ...]] = {
    "cause": get_args(Cause),
    "tone": get_args(Tone),
    "stakes": get_args(Stakes),
    "return_reason": (NO_REASON, *get_args(ReturnReason)),
    "requests": get_args(Request),
    "threats": get_args(Threat),
    "secondary": get_args(Cause)[:3],
    "repeat_contact": ("yes",),
    "issues": get_args(IssueKind),
}
# How far weights may go, found by cross-validation on the development messages.
STRENGTH = {
    "cause": 0.12, "tone": 0.12, "stakes": 0.04, "return_reason": 0.2, "requests": 0.15, "threats": 0.15,
    "secondary": 0.15, "repeat_contact": 0.15, "issues": 0.15, "clauses": 0.8,
}  # fmt: skip
# Messages written for rare labels count less than real ones where the common labels are concerned.
SEED_WEIGHT = {
    "cause": 0.3, "tone": 0.2, "stakes": 0.12, "requests": 0.1, "secondary": 0.1, "repeat_contact": 0.02, "issues": 0.3,
}  # fmt: skip
# What is grave must not be missed, so replykit's own grave examples count more.
GRAVE, GRAVE_WEIGHT = {"high"}, 0.2
# Where two readings are close, the one whose error does less harm is given: an emergency heard where there is none costs a
# look, and a calm answer to somebody upset reads better than comfort that nobody needs.
LEAN = {"stakes:high": 1.15, "tone:calm": 1.15}
# Heads that gain from steps beside their linear weights.
BOOSTED = frozenset(("tone", "stakes", "threats", "requests"))
# A tone that fewer of the real messages have is rare.
RARE = 0.05
PARTS = 5
# How much an example of replykit's own counts where thresholds are chosen.
SEED_SAY = 0.1
# Exported weights run from -99 to 99; a weight below these steps says too little to be worth its bytes.
STEPS = 99
FAINT = {"w": 6, "b": 7, "q": 4}


@dataclass(slots=True)
class Lesson:
    """One labelled message, prepared: its clause features, its own features, its labels, and whether it is a seed."""

    message: Message
    clauses: list[Features]
    own: Features
    labels: dict[str, set[str]]
    clause_labels: list[set[str]]
    seed: bool
    kinds: list[dict[str, float]] = field(default_factory=list)

    @property
    def features(self) -> Features:
        """All features of the message, those of its clauses' chances included."""
        return {**self.own, **kind_features(self.kinds)}


def lesson(row: Mapping[str, Any], reader: Classifier, *, seed: bool) -> Lesson:
    """Prepare a labelled row (the format of LABELS.md)."""
    message = prepare(str(row["text"]), reader.cues)
    return Lesson(
        message,
        [clause_features(message, clause, i) for i, clause in enumerate(message.clauses)],
        message_features(message),
        {
            **{head: {str(row[head])} for head in ("cause", "tone", "stakes")},
            "return_reason": {str(row.get("return_reason") or NO_REASON)},
            "requests": set(row.get("requests", ())),
            "threats": set(row.get("threats", ())),
            "secondary": set(row.get("secondary", ())),
            "repeat_contact": {"yes"} if row.get("repeat_contact") else set(),
            "issues": {issue["kind"] for issue in row.get("issues", ())},
        },
        _clause_labels(row, message),
        seed,
    )


def _clause_labels(row: Mapping[str, Any], message: Message) -> list[set[str]]:
    """Which kinds each clause shows: the kind of every labelled quote that lies mostly in it, or holds most of it."""
    out: list[set[str]] = [set() for _ in message.clauses]
    for issue in row.get("issues", ()):
        start = message.text.find(issue["quote"])
        end = start + len(issue["quote"])
        for number, clause in enumerate(message.clauses):
            shared = min(end, clause.end) - max(start, clause.start)
            if start >= 0 and shared > 0 and shared >= 0.5 * min(end - start, clause.end - clause.start):
                out[number].add(issue["kind"])
    return out


@dataclass(slots=True)
class Fitted:
    """A trained classifier before export: vocabularies, heads, thresholds, calibration."""

    clause_words: dict[str, int]
    clause_head: Linear
    words: dict[str, int]
    heads: dict[str, Linear]
    bounds: dict[str, float]
    curves: dict[str, list[list[float]]]


def _weights_of(lessons: Sequence[Lesson], head: str) -> list[float]:
    """How much each row counts: examples of replykit's own count less, save for tones that real messages hardly show."""
    real = [one for one in lessons if not one.seed]
    shown = {label: sum(label in one.labels[head] for one in real) for label in LABELS[head]}
    rare = {label for label, count in shown.items() if head == "tone" and count < RARE * len(real)}
    less = SEED_WEIGHT.get(head, 1.0)
    grave = GRAVE_WEIGHT if head == "stakes" else less
    return [
        1.0 if not one.seed or one.labels[head] & rare else grave if one.labels[head] & GRAVE else less
        for one in lessons
    ]


def _fit_clauses(lessons: Sequence[Lesson]) -> tuple[dict[str, int], Linear]:
    rows = [features for one in lessons for features in one.clauses]
    weigh = [SEED_WEIGHT["issues"] if one.seed else 1.0 for one in lessons for _ in one.clauses]
    words = vocabulary(rows)
    answers = [labels for one in lessons for labels in one.clause_labels]
    return words, fit_many(matrix(rows, words), answers, LABELS["issues"], STRENGTH["clauses"], weigh)


def _say_kinds(lessons: Sequence[Lesson], words: Mapping[str, int], head: Linear) -> None:
    """Write into each lesson what the clause model says of its clauses."""
    for one in lessons:
        if one.clauses:
            scores = head.scores(matrix(one.clauses, words))
            one.kinds = [{k: sigmoid(float(s)) for k, s in zip(head.labels, line, strict=True)} for line in scores]


def _fit_heads(lessons: Sequence[Lesson]) -> tuple[dict[str, int], dict[str, Linear]]:
    rows = [one.features for one in lessons]
    words = vocabulary(rows)
    x = matrix(rows, words)
    steps = candidates(rows)
    high = reached(rows, steps)
    heads: dict[str, Linear] = {}
    for head in (*SINGLE, *MANY):
        answers = [one.labels[head] for one in lessons]
        weigh = _weights_of(lessons, head)
        if head in SINGLE:
            heads[head] = fit_single(x, [min(a) for a in answers], LABELS[head], STRENGTH[head], weigh)
        else:
            heads[head] = fit_many(x, answers, LABELS[head], STRENGTH[head], weigh)
        if head in BOOSTED and steps:
            grown = boost(high, told(answers, LABELS[head]), weigh, several=head in MANY)
            heads[head] = heads[head].with_steps(*grown, steps)
    return words, heads


def _split(lessons: Sequence[Lesson]) -> list[tuple[list[Lesson], list[Lesson]]]:
    parts = folds([f"{min(one.labels['cause'])} {one.seed}" for one in lessons], PARTS)
    out: list[tuple[list[Lesson], list[Lesson]]] = []
    for part in parts:
        inside = set(part)
        out.append(([one for i, one in enumerate(lessons) if i not in inside], [lessons[i] for i in part]))
    return out


def fit(lessons: Sequence[Lesson]) -> Fitted:
    """Train on all lessons; thresholds and calibration come from rows that the model in question has not seen."""
    for rest, part in _split(lessons):
        words, head = _fit_clauses(rest)
        _say_kinds(part, words, head)
    unseen = [one.kinds for one in lessons]
    chances: dict[int, Judgement] = {}
    for rest, part in _split(lessons):
        words, heads = _fit_heads(rest)
        for one, said in zip(part, _chances(part, words, heads), strict=True):
            chances[id(one)] = said
    words, heads = _fit_heads(lessons)
    bounds, curves = _settle(lessons, [chances[id(one)] for one in lessons])
    clause_words, clause_head = _fit_clauses(lessons)
    for one, kinds in zip(lessons, unseen, strict=True):
        one.kinds = kinds
    return Fitted(clause_words, clause_head, words, heads, bounds, curves)


def _chances(part: Sequence[Lesson], words: Mapping[str, int], heads: Mapping[str, Linear]) -> list[Judgement]:
    rows = [one.features for one in part]
    x = matrix(rows, words)
    out: list[Judgement] = [{} for _ in part]
    for name, head in heads.items():
        for said, line in zip(out, head.scores(x, rows), strict=True):
            scores = [float(s) for s in line]
            said[name] = dict(
                zip(head.labels, softmax(scores) if name in SINGLE else [sigmoid(s) for s in scores], strict=True)
            )
    for one, said in zip(part, out, strict=True):
        said["issues"] = together(one.kinds, said["issues"])
    return out


def _settle(
    lessons: Sequence[Lesson], chances: Sequence[Judgement]
) -> tuple[dict[str, float], dict[str, list[list[float]]]]:
    """Thresholds for every label and the curve of confidence, from predictions on unseen rows."""
    real = [i for i, one in enumerate(lessons) if not one.seed] or list(range(len(lessons)))
    bounds: dict[str, float] = {}
    for head in SINGLE:
        truth = [min(lessons[i].labels[head]) for i in real]
        for label, factor in factors([chances[i][head] for i in real], truth, LABELS[head]).items():
            bounds[f"{head}:{label}"] = round(factor * LEAN.get(f"{head}:{label}", 1.0), 3)
    weigh = [SEED_SAY if one.seed else 1.0 for one in lessons]
    for head in ("requests", "threats", "secondary", "issues"):
        found = cuts([c[head] for c in chances], [one.labels[head] for one in lessons], LABELS[head], weigh)
        bounds.update({f"{head}:{label}": cut for label, cut in found.items()})
    again = [bool(lessons[i].labels["repeat_contact"]) for i in real]
    bounds["repeat_contact:yes"] = even_cut([chances[i]["repeat_contact"]["yes"] for i in real], again)
    best = [max(chances[i]["cause"], key=lambda c, i=i: chances[i]["cause"][c] * bounds[f"cause:{c}"]) for i in real]  # type: ignore[misc]  # mypy does not see a lambda\'s default
    said = [chances[i]["cause"][label] for i, label in zip(real, best, strict=True)]
    curve = isotonic(said, [label in lessons[i].labels["cause"] for i, label in zip(real, best, strict=True)])
    return bounds, {"cause": curve}


def export(fitted: Fitted) -> dict[str, Any]:
    """The fitted model as the content of `weights.json`."""
    clause = _table([("issues", fitted.clause_head)], fitted.clause_words, fitted.bounds)
    message = _table(list(fitted.heads.items()), fitted.words, fitted.bounds)
    return {"format": FORMAT, "message": message, "clause": clause, "curves": fitted.curves}


def _table(
    heads: Sequence[tuple[str, Linear]], words: Mapping[str, int], bounds: Mapping[str, float]
) -> dict[str, Any]:
    """Weights as whole numbers of at most 99, each output with a scale of its own; what is next to nothing is left out."""
    outputs = [f"{name}:{label}" for name, head in heads for label in head.labels]
    bias = [round(float(b), 4) for _, head in heads for b in head.bias]
    columns = [line for _, head in heads for line in head.weights]
    scales = [max(float(abs(line).max()), 1e-6) / STEPS if line.size else 1.0 for line in columns]
    rows: dict[str, list[int]] = {}
    for name, number in words.items():
        least = FAINT.get(name.split(":", 1)[0], 2)
        row: list[int] = []
        for output, (line, scale) in enumerate(zip(columns, scales, strict=True)):
            steps = round(float(line[number]) / scale)
            if abs(steps) >= least:
                row += [output, steps]
        if row:
            rows[name] = row
    marks: dict[str, list[list[float]]] = {}
    start = 0
    for _, head in heads:
        for (name, mark), column in sorted(head.steps.items()):
            step: list[float] = [mark]
            for i, weight in enumerate(column):
                if count := round(float(weight) / scales[start + i]):
                    step += [start + i, count]
            if len(step) > 1:
                marks.setdefault(name, []).append(step)
        start += len(head.labels)
    kept = {name: bound for name, bound in bounds.items() if name in set(outputs)}
    return {
        "outputs": outputs,
        "bias": bias,
        "scales": [float(f"{s:.4g}") for s in scales],
        "thresholds": kept,
        "rows": rows,
        "steps": marks,
    }
