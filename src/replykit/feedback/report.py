"""The report: how much of what is drafted is sent, and which strategies and rules people change most."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from replykit.feedback.nouns import Change, Feedback, FeedbackReport, RuleTouched, StrategyTouched, VersionScore

MOST_EXAMPLES = 3
MOST_ADDED = 10


def feedback_report(records: Iterable[Feedback]) -> FeedbackReport:
    """What people change in drafts.

    Args:
        records: From `FeedbackStore.read`, or from `compare_sent`.
    """
    found = list(records)
    kinds = Counter(change.kind for one in found for change in one.changes)
    accepted, similarity = _means(found)
    return FeedbackReport(
        drafts=len(found),
        accepted=accepted,
        similarity=similarity,
        kept=sum(one.kept for one in found),
        reworded=kinds["reworded"],
        removed=kinds["removed"],
        added=kinds["added"],
        strategies=tuple(sorted(_strategies(found), key=lambda s: (-s.changed * (s.reworded + s.removed), s.strategy))),
        rules=tuple(sorted(_rules(found), key=lambda r: (-r.broken - r.mended, r.rule))),
        versions=tuple(_versions(found)),
        added_sentences=_added(found),
    )


def _means(found: Sequence[Feedback]) -> tuple[float, float]:
    count = len(found) or 1
    return round(sum(one.accepted for one in found) / count, 3), round(sum(one.similarity for one in found) / count, 3)


def _strategies(found: Sequence[Feedback]) -> Iterator[StrategyTouched]:
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    examples: dict[str, list[Change]] = defaultdict(list)
    for one in found:
        for strategy, fate in one.moves.items():
            fates[strategy][fate] += 1
        for change in one.changes:
            if change.strategy:
                examples[change.strategy].append(change)
    for strategy, tally in fates.items():
        # What was changed most says most about what is wrong with the wording.
        shown = sorted(dict.fromkeys(examples[strategy]), key=lambda c: c.similarity)[:MOST_EXAMPLES]
        yield StrategyTouched(strategy=strategy, drafted=tally.total(), examples=tuple(shown), **_counts(tally))


def _counts(tally: Counter[str]) -> dict[str, int]:
    return {fate: tally[fate] for fate in ("kept", "reworded", "removed")}


def _rules(found: Sequence[Feedback]) -> Iterator[RuleTouched]:
    broken = Counter(rule for one in found for rule in one.broken)
    mended = Counter(rule for one in found for rule in one.mended)
    for rule in broken | mended:
        yield RuleTouched(rule=rule, broken=broken[rule], mended=mended[rule])


def _versions(found: Sequence[Feedback]) -> Iterator[VersionScore]:
    """The versions of the wording in the order in which they were first used."""
    by_version: dict[str, list[Feedback]] = defaultdict(list)
    for one in sorted(found, key=lambda f: f.on):
        by_version[one.version].append(one)
    for version, records in by_version.items():
        accepted, similarity = _means(records)
        yield VersionScore(version=version, drafts=len(records), accepted=accepted, similarity=similarity)


def _added(found: Sequence[Feedback]) -> tuple[str, ...]:
    """What people add most: a sentence that comes again and again is missing in the wording."""
    tally = Counter(change.after for one in found for change in one.changes if change.kind == "added")
    return tuple(sentence for sentence, _ in sorted(tally.items(), key=lambda p: (-p[1], p[0]))[:MOST_ADDED])
