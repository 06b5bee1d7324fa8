"""What a complaint is about in the policy's own terms: the kinds of issue that the policy knows decide between near readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from replykit.plan.beliefs import around
from replykit.plan.cues import Cues
from replykit.plan.listed import item_of
from replykit.plan.passages import SENTENCE, trimmed
from replykit.plan.stems import COMMON, stems
from replykit.types import Classification, Issue, IssueKind, Policy

GRAVE = frozenset({"safety", "privacy", "staff_conduct"})
"""Issues that are about people, harmful to them or their rights at high stakes: a remedy for things is offered for them only where it speaks of the same things."""
TAKEN_BACK = frozenset({"change_of_mind", "size"})
"""Reasons of a return that nobody is to blame for."""
FEWEST_DESKS = 2
FEW_REMEDIES = 2
"""A policy with no more remedies was written for what goes wrong most."""


def in_terms_of(policy: Policy, reading: Classification, cues: Cues, text: str) -> tuple[Classification, str]:
    """The reading with an issue turned to a kind that the policy has an answer for, and a doubt where that was a guess.

    A business writes into its policy what goes wrong with it, so where the reader named a kind that the policy does not
    know, a faint second reading that the policy knows is the likelier one. A policy of many remedies knows so much that
    this says little: there the customer has to speak of what the remedy speaks of.
    """
    answered = set(_in_order(policy))
    if not reading.issues:
        faint = next((i for i in reading.perhaps if i.kind in answered and _plausible(i, policy, text)), None)
        return (reading.model_copy(update={"issues": (faint,)}), "") if faint else (reading, "")
    if reading.cause == "none":
        return reading, ""
    kinds = {issue.kind for issue in reading.issues}
    if any(cues.reasons.get(kind) in set(policy.returns.for_) & TAKEN_BACK for kind in kinds):
        return reading, ""  # the return itself is the answer
    if answered and not answered & {near for kind in kinds for near in (kind, *cues.near.get(kind, ()))}:
        turned, doubt = _turned(policy, reading, cues, text)
        return _completed(policy, turned, cues, text), doubt
    return _completed(policy, _named_by_remedies(policy, reading, text), cues, text), ""


def _named_by_remedies(policy: Policy, reading: Classification, text: str) -> Classification:
    """The reading with an issue that no remedy answers turned to the kind of the one idle remedy that speaks of the same thing."""
    kinds = {issue.kind for issue in reading.issues}
    idle = [r for r in policy.remedies if r.for_ and not kinds & set(r.for_)]
    answered = {kind for r in policy.remedies for kind in r.for_}
    issues = list(reading.issues)
    open_ = {i for i, issue in enumerate(issues) if issue.kind not in answered and issue.kind not in GRAVE}
    for remedy in idle:
        named = stems(f"{remedy.say} {remedy.name}") - COMMON
        shared = {i: len(named & stems(around(text, issues[i]))) for i in open_}
        best = max(shared, key=lambda i: (shared[i], -i), default=None)
        if best is not None and shared[best]:
            open_.remove(best)
            issues[best] = issues[best].model_copy(update={"kind": remedy.for_[0]})
    return reading if tuple(issues) == reading.issues else reading.model_copy(update={"issues": tuple(issues)})


def _turned(policy: Policy, reading: Classification, cues: Cues, text: str) -> tuple[Classification, str]:
    known = set(_in_order(policy))
    faint = next((i for i in reading.perhaps if i.kind in known and _plausible(i, policy, text)), None)
    if faint is not None:
        return _with(reading, faint), ""
    for issue in reading.issues:
        near = (k for group in cues.kin if issue.kind in group for k in _in_order(policy) if k in group)
        akin = next(near, None) if len(policy.remedies) <= FEW_REMEDIES else None
        if akin is not None:
            doubt = f"the remedy is meant for {akin}, the message was read as {issue.kind}: confirm that it fits"
            return _with(reading, _best_passage(issue.model_copy(update={"kind": akin}), policy, text), issue), doubt
    if _single_topic(policy, cues) and (
        not {issue.kind for issue in reading.issues} & GRAVE or _speaks_of(policy, reading)
    ):
        kind = policy.remedies[0].for_[0]
        doubt = f"the remedy is meant for {kind}, and the message does not say clearly what went wrong: confirm that it fits"
        return _with(
            reading, _best_passage(reading.issues[0].model_copy(update={"kind": kind}), policy, text), reading.issues[0]
        ), doubt
    return reading, ""


def _plausible(issue: Issue, policy: Policy, text: str) -> bool:
    """Whether a guessed kind may bring its remedy: always in a policy of few remedies, else where both speak of one thing."""
    if len(policy.remedies) <= FEW_REMEDIES:
        return True
    said = stems(around(text, issue)) - COMMON
    return any(said & stems(f"{r.say} {r.name}") for r in policy.remedies if issue.kind in r.for_)


def _single_topic(policy: Policy, cues: Cues) -> bool:
    """Whether all remedies answer one kind of trouble, so that this policy was written for it alone."""
    kinds = [set(r.for_) for r in policy.remedies]
    few = len(kinds) <= FEW_REMEDIES
    return bool(kinds) and bool(set.intersection(*kinds) or (few and any(set.union(*kinds) <= g for g in cues.kin)))


def _speaks_of(policy: Policy, reading: Classification) -> bool:
    said = stems(" ".join(issue.quote for issue in reading.issues))
    return any(stems(r.say) & said for r in policy.remedies)


def _in_order(policy: Policy) -> Iterator[IssueKind]:
    yield from (kind for remedy in policy.remedies for kind in remedy.for_)
    yield from (kind for other in policy.alternatives for kind in other.for_)


def _best_passage(issue: Issue, policy: Policy, text: str) -> Issue:
    """A guessed issue with the sentence that speaks of what the remedies speak of, where one does."""
    granted = {stem for remedy in policy.remedies for stem in stems(remedy.say)}
    ranked = [(len(stems(m.group()) & granted), -m.start(), m) for m in SENTENCE.finditer(text)]
    shared, _, best = max(ranked, key=lambda row: row[:2], default=(0, 0, None))
    if not shared or best is None:
        return issue
    start, end = trimmed(best)
    return issue.model_copy(update={"quote": text[start:end], "start": start, "end": end})


def _with(reading: Classification, new: Issue, instead: Issue | None = None) -> Classification:
    """The reading with one more issue, in the place of one that names the same passage, or of the one that was turned."""
    kept = [i for i in reading.issues if i != instead and not _overlap(i, new)]
    issues = sorted([*kept, new], key=lambda i: i.start)
    return reading.model_copy(update={"issues": tuple(issues)})


def _overlap(a: Issue, b: Issue) -> bool:
    return a.start < b.end and b.start < a.end


def _completed(policy: Policy, reading: Classification, cues: Cues, text: str) -> Classification:
    """The reading with the faint issues that a desk of the business exists for, where they have a passage of their own."""
    if len(set(policy.departments.values())) < FEWEST_DESKS:
        return reading
    found: list[Issue] = list(reading.issues)
    for issue in reading.perhaps:
        apart = issue.kind in policy.departments and not any(_overlap(issue, other) for other in found)
        if apart and cues.beliefs.borne_out(issue, text):
            found.append(issue)
    return reading.model_copy(update={"issues": tuple(sorted(found, key=lambda i: i.start))})


def matters_of(issues: Iterable[Issue], cues: Cues, policy: Policy, text: str) -> tuple[tuple[Issue, ...], ...]:
    """The issues as distinct matters: near kinds, and kinds that name the same passage, are one."""
    groups: list[list[Issue]] = []
    for issue in issues:
        same = [g for g in groups if any(_one_matter(issue, other, cues, policy, text) for other in g)]
        groups = [g for g in groups if g not in same] + [[*(i for g in same for i in g), issue]]
    return tuple(tuple(group) for group in sorted(groups, key=lambda g: min(i.start for i in g)))


def _one_matter(a: Issue, b: Issue, cues: Cues, policy: Policy, text: str) -> bool:
    """Whether two issues are one: by their kind, their place, the item of a list that holds both, or their family."""
    if a.kind == b.kind or _overlap(a, b):
        return True
    first, second = item_of(text, a.start), item_of(text, b.start)
    if first is not None and first == second:
        return True
    if not any({a.kind, b.kind} <= family for family in cues.families):
        return False
    return first == second and not _mended_apart(a.kind, b.kind, policy)


def _mended_apart(one: str, other: str, policy: Policy) -> bool:
    """Whether the policy has a remedy for each of two kinds, and none that answers both."""
    mended = [{r.id for r in policy.remedies if kind in r.for_} for kind in (one, other)]
    return all(mended) and not mended[0] & mended[1]


def desks(kinds: Iterable[str], policy: Policy, cues: Cues) -> tuple[str, ...]:
    """The departments for these kinds; where one has none, that of a near kind."""
    found, kinds = [], tuple(kinds)
    for kind in kinds:
        near = sorted(cues.near.get(kind, ()), key=lambda k: k in kinds)
        known = next((k for k in (kind, *near) if k in policy.departments), None)
        if known is not None:
            found.append(policy.departments[known])
    return tuple(dict.fromkeys(found))
