"""Checks measured: which faults are found, which clean replies are left alone, whether the passage is the right one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from replykit.evaluate.cases import Fault, Reply
from replykit.evaluate.counting import Tally, words_of
from replykit.evaluate.outcomes import Outcome
from replykit.evaluate.scores import Score, share
from replykit.types import Finding, Report

GROUP = "checks"

Pair = tuple[Reply, Report]


def reply_outcomes(pairs: Sequence[Pair]) -> list[Outcome]:
    """For every reply, the categories that should be reported and those that are."""
    return [
        Outcome(
            case=reply.id,
            what="findings",
            expected=words_of(fault.category for fault in reply.violations),
            got=words_of(f.category for f in report if f.category in _reported(reply, report)),
            ok=_reported(reply, report) == {fault.category for fault in reply.violations},
            text=reply.text,
        )
        for reply, report in pairs
    ]


def _reported(reply: Reply, report: Report) -> set[str]:
    """The reported categories, without neighbours on a passage that is labelled otherwise, which count neither way."""
    wanted = {fault.category for fault in reply.violations}
    return {f.category for f in report if f.category in wanted or not _on_a_label(reply, f)}


def _on_a_label(reply: Reply, finding: Finding) -> bool:
    return any(start < finding.end and finding.start < end for start, end in _places(reply, reply.violations))


def _places(reply: Reply, faults: Sequence[Fault]) -> Iterator[tuple[int, int]]:
    for fault in faults:
        start = reply.text.find(fault.quote) if fault.quote else -1
        if start >= 0:
            yield start, start + len(fault.quote)


def reply_scores(pairs: Sequence[Pair]) -> list[Score]:
    """Recall and precision over all categories and for each, clean replies that were flagged, passages, rules named."""
    if not pairs:
        return []
    tallies = _tallies(pairs)
    whole = Tally(*(sum(getattr(t, name) for t in tallies.values()) for name in ("hits", "misses", "alarms")))
    labelled = whole.hits + whole.misses
    scores = [
        Score(group=GROUP, name="recall", value=whole.recall, total=labelled),
        Score(group=GROUP, name="precision", value=whole.precision, total=whole.hits + whole.alarms),
    ]
    clean = [report for reply, report in pairs if not reply.violations]
    scores += share(GROUP, "clean replies flagged", (bool(len(report)) for report in clean), low_is_good=True)
    scores += share(GROUP, "clean replies blocked", (not report.ok for report in clean), low_is_good=True)
    scores += share(GROUP, "exact rule named", _rules_named(pairs))
    scores += share(GROUP, "passage found", _passages_found(pairs))
    for category, tally in sorted(tallies.items()):
        note = f"precision {tally.precision:.2f}, {tally.alarms} false"
        total = tally.hits + tally.misses
        scores.append(Score(group=f"{GROUP} by category", name=category, value=tally.recall, total=total, note=note))
    return scores


def _tallies(pairs: Sequence[Pair]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for reply, report in pairs:
        wanted, reported = {fault.category for fault in reply.violations}, _reported(reply, report)
        for category in wanted | reported:
            tally = tallies.setdefault(category, Tally())
            tally.hits += category in wanted & reported
            tally.misses += category in wanted - reported
            tally.alarms += category in reported - wanted
    return tallies


def _rules_named(pairs: Sequence[Pair]) -> Iterator[bool]:
    for reply, report in pairs:
        rules = {finding.rule for finding in report}
        yield from (fault.rule in rules for fault in reply.violations if fault.rule)


def _passages_found(pairs: Sequence[Pair]) -> Iterator[bool]:
    for reply, report in pairs:
        for fault in reply.violations:
            same = [f for f in report if f.category == fault.category]
            places = list(_places(reply, [fault]))
            if same and places:
                yield any(start < f.end and f.start < end for f in same for start, end in places)
