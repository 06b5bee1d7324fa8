"""The room that splits a message into its distinct problems, each with the clause that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from replykit.classify.judge import EVEN, Reading
from replykit.classify.linear import Weights
from replykit.classify.message import Clause, Message
from replykit.classify.points import enumerated
from replykit.types import Issue, IssueKind

# A reply cannot speak to more than this without becoming a list.
MOST = 7
FALLBACK = "other"
# A kind this close to its threshold may be meant; below it, chance reigns.
FAINT = 0.4


def issues_of(message: Message, weights: Weights | None, reading: Reading) -> tuple[Issue, ...]:
    """The problems of a message in reading order; a message that is no complaint has none."""
    if reading.cause == "none" or not message.clauses:
        return ()
    places = _places(message, reading)
    margins = {
        kind: chance - bound for kind, (chance, bound) in _likely(places, reading, weights).items() if kind in places
    }
    best = {kind: (margin, places[kind][1]) for kind, margin in margins.items() if margin >= 0}
    _add_points(message, reading, best)
    if not best:
        # Somebody who complains has at least one problem: the likeliest one, however faint.
        top = max(margins, key=lambda kind: margins[kind], default=FALLBACK)
        best[top] = (0.0, places[top][1] if top in places else message.clauses[0])
    strongest = sorted(best.items(), key=lambda item: -item[1][0])[:MOST]
    ordered = sorted(strongest, key=lambda item: (item[1][1].start, -item[1][0]))
    return tuple(_issue(message, kind, clause) for kind, (_, clause) in ordered)


def _add_points(message: Message, reading: Reading, best: dict[str, tuple[float, Clause]]) -> None:
    """Where the writer numbered the points, each of them is a problem, however faintly its kind shows."""
    for start, end in enumerated(message.text):
        inside = [
            (c, chances) for c, chances in zip(message.clauses, reading.kinds, strict=True) if start <= c.start < end
        ]
        if not inside or any(start <= clause.start < end for _, clause in best.values()):
            continue
        ranked = [
            (chance, kind, clause) for clause, chances in inside for kind, chance in chances.items() if kind not in best
        ]
        if ranked:
            _, kind, clause = max(ranked, key=lambda row: row[0])
            best[kind] = (0.0, clause)


def faint_issues(
    message: Message, weights: Weights | None, reading: Reading, found: tuple[Issue, ...]
) -> tuple[Issue, ...]:
    """Problems that were not likely enough to be named, the likelier first, each with the clause that hints at it."""
    named = {issue.kind for issue in found}
    places = _places(message, reading)
    shares = {kind: chance / bound for kind, (chance, bound) in _likely(places, reading, weights).items()}
    best = {
        k: (share, places[k][1]) for k, share in shares.items() if share >= FAINT and k in places and k not in named
    }
    ordered = sorted(best.items(), key=lambda item: -item[1][0])[:MOST]
    return tuple(_issue(message, kind, clause) for kind, (_, clause) in ordered)


def _places(message: Message, reading: Reading) -> dict[str, tuple[float, Clause]]:
    """For each kind the clause that shows it best, and how well."""
    best: dict[str, tuple[float, Clause]] = {}
    for clause, chances in zip(message.clauses, reading.kinds, strict=True):
        for kind, chance in chances.items():
            if kind not in best or chance > best[kind][0]:
                best[kind] = (chance, clause)
    return best


def _likely(
    places: Mapping[str, tuple[float, Clause]], reading: Reading, weights: Weights | None
) -> dict[str, tuple[float, float]]:
    """How likely each kind is in the message, and from which chance on it is said to be there."""
    chances = reading.chances.get("issues") or {kind: chance for kind, (chance, _) in places.items()}
    bounds = weights.message.thresholds if weights else {}
    return {kind: (chance, bounds.get(f"issues:{kind}", EVEN)) for kind, chance in chances.items()}


def _issue(message: Message, kind: str, clause: Clause) -> Issue:
    start, end = quote_place(message, clause, kind)
    return Issue(kind=cast("IssueKind", kind), quote=message.text[start:end], start=start, end=end)


def quote_place(message: Message, clause: Clause, kind: str) -> tuple[int, int]:
    """Where the shortest telling passage of a clause stands: the clause, cut to the words around its cues if it is long."""
    text = message.text
    start, end = clause.start, clause.end
    while end > start and text[end - 1] in ' .,;:!\n\t"”':
        end -= 1
    cues = [h for h in clause.hits if h.cue == f"issues.{kind}" and not h.negated]
    words = message.words
    if clause.last - clause.first > 13 and cues:
        first = max(clause.first, cues[0].first - 5)
        last = min(clause.last, cues[0].last + 7)
        start, end = max(start, words.starts[first]), min(end, words.ends[last])
    return start, max(end, start + 1)
