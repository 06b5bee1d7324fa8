"""A draft beside what was sent: which sentences stayed, were reworded, removed or added, and whose they were."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from replykit.feedback.nouns import Change, Fate, Feedback
from replykit.rules import Reading
from replykit.types import Draft, Report

ALIKE = 0.5
"""Two sentences that share half of their words are one that was reworded; below that, one went and another came."""


def compare_sent(
    draft: Draft,
    sent: str,
    *,
    name: str = "",
    on: dt.datetime | None = None,
    check: Callable[[str], Report] | None = None,
) -> Feedback:
    """What a person made of a draft.

    Args:
        draft: The draft.
        sent: What was sent.
        name: What the case is known by; a later record of the same name replaces an earlier one in reports.
        on: When it was sent; now where not given.
        check: Finds what breaks a rule in a text, such as `kit.check`; without it no rules are named.
    """
    before, after = sentences(draft.text), sentences(sent)
    owners = _owners(draft)
    kept, pairs, removed, added = _matched(before, after)
    changes = [_reworded(old, new, owners) for old, new in pairs]
    changes += [Change(kind="removed", before=old, strategy=owners.get(old)) for old in removed]
    changes += [Change(kind="added", after=new) for new in added]
    broken, mended = _rules(draft.text, sent, check) if check else ((), ())
    return Feedback(
        id=name,
        on=on or dt.datetime.now(dt.UTC),
        version=draft.version,
        accepted=before == after,
        similarity=round(_similarity(draft.text, sent), 3),
        kept=len(kept),
        changes=tuple(changes),
        moves=_fates(kept, pairs, removed, owners),
        broken=broken,
        mended=mended,
    )


def sentences(text: str) -> list[str]:
    """The sentences of a text, line by line, each with its white space made plain."""
    return [sentence for line in text.splitlines() for sentence in _sentences(line)]


def _sentences(line: str) -> Iterator[str]:
    reading = Reading(line)
    for sentence in reading.unmasked:
        start, end = reading.normal.span(sentence.start, sentence.end)
        if words := " ".join(line[start:end].split()):
            yield words


def _owners(draft: Draft) -> dict[str, str]:
    """The strategy of each sentence; greeting and sign-off are nobody's."""
    return {sentence: move.strategy for move in draft.moves for sentence in sentences(move.text)}


def _matched(
    before: Sequence[str], after: Sequence[str]
) -> tuple[list[str], list[tuple[str, str]], list[str], list[str]]:
    """Kept, reworded as pairs, removed, added. Order does not count: a sentence that was moved was kept."""
    kept = list((Counter(before) & Counter(after)).elements())
    old, new = list((Counter(before) - Counter(after)).elements()), list((Counter(after) - Counter(before)).elements())
    ranked = sorted(
        ((_similarity(a, b), i, j) for i, a in enumerate(old) for j, b in enumerate(new)),
        key=lambda found: (-found[0], found[1], found[2]),
    )
    taken: dict[int, int] = {}
    for alike, i, j in ranked:
        if alike >= ALIKE and i not in taken and j not in taken.values():
            taken[i] = j
    pairs = [(old[i], new[j]) for i, j in sorted(taken.items())]
    removed = [sentence for i, sentence in enumerate(old) if i not in taken]
    return kept, pairs, removed, [sentence for j, sentence in enumerate(new) if j not in taken.values()]


def _similarity(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower().split(), other.lower().split(), autojunk=False).ratio()


def _reworded(old: str, new: str, owners: dict[str, str]) -> Change:
    alike = round(_similarity(old, new), 3)
    return Change(kind="reworded", before=old, after=new, strategy=owners.get(old), similarity=alike)


def _fates(
    kept: Sequence[str], pairs: Sequence[tuple[str, str]], removed: Sequence[str], owners: dict[str, str]
) -> dict[str, Fate]:  # fmt: skip
    """What became of each move: kept or removed where all its sentences were, reworded otherwise."""
    fates: dict[str, set[Fate]] = defaultdict(set)
    told: list[tuple[Fate, Sequence[str]]] = [
        ("kept", kept),
        ("reworded", [old for old, _ in pairs]),
        ("removed", removed),
    ]
    for fate, found in told:
        for sentence in found:
            if sentence in owners:
                fates[owners[sentence]].add(fate)
    return {move: next(iter(found)) if len(found) == 1 else "reworded" for move, found in sorted(fates.items())}


def _rules(before: str, after: str, check: Callable[[str], Report]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old, new = ({finding.rule for finding in check(text)} for text in (before, after))
    return tuple(sorted(new - old)), tuple(sorted(old - new))
