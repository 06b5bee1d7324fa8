"""Which of a reader's issues a reply may be built on: those that their own sentence bears out, and those that the words show by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from replykit.errors import LibraryError
from replykit.library import Library
from replykit.normalise import lowered, lowered_pattern
from replykit.plan.listed import listed
from replykit.plan.passages import SENTENCE, trimmed
from replykit.types import Issue, IssueKind, Policy

FILE = "kinds.yaml"
LABEL = re.compile(r"(?:[\s,:;*•(-]|\b(?:\d{1,2}|[a-hA-H])[.)]|(?i:first|second|third|fourth|fifth|last)(?:ly)?,)*")
Patterns = dict[str, re.Pattern[str]]


@dataclass(frozen=True)
class Beliefs:
    """What `kinds.yaml` holds: the words that a kind needs to be believed, and those that show it by themselves."""

    needs: Patterns
    shows: Patterns

    @classmethod
    def from_library(cls, library: Library) -> Beliefs:
        """Read and check the file; raises `LibraryError` naming what is wrong."""
        raw, label = library.data(FILE), library.label(FILE)
        return cls(_table(raw, "needs", label), _table(raw, "shows", label))

    def borne_out(self, issue: Issue, text: str) -> bool:
        """Whether the sentences of an issue hold a word that its kind needs."""
        pattern = self.needs.get(issue.kind)
        return pattern is None or bool(pattern.search(lowered(around(text, issue))))

    def shows_one(self, kinds: Iterable[str], sentence: str) -> bool:
        """Whether a sentence shows one of these kinds by its words."""
        small = lowered(sentence)
        return any(self.shows[kind].search(small) for kind in kinds if kind in self.shows)

    def shown(self, text: str) -> Iterator[Issue]:
        """The issues that the words show by themselves, each with its sentence."""
        small = lowered(text)
        for kind, pattern in self.shows.items():
            match = pattern.search(small)
            if match:
                yield _issue(cast("IssueKind", kind), match.end(), text)


def believed(
    issues: tuple[Issue, ...], perhaps: tuple[Issue, ...], text: str, policy: Policy, beliefs: Beliefs
) -> tuple[Issue, ...]:
    """The issues that hold, those that the words show where none of them stands, and never none where there was one."""
    kept = [issue for issue in issues if beliefs.borne_out(issue, text)]
    answered = _answered(policy)
    for new in beliefs.shown(text):
        if new.kind in {i.kind for i in kept}:
            continue
        same = [i for i in kept if i.start < new.end and new.start < i.end]
        if not same or (new.kind in answered and not answered & {i.kind for i in same}):
            kept.append(new)
    if issues and not kept:
        faint = [i for i in perhaps if beliefs.borne_out(i, text)]
        kept = [
            next((i for i in faint if i.kind in answered), None)
            or next((i for i in faint if i.start < issues[0].end and issues[0].start < i.end), None)
            or issues[0].model_copy(update={"kind": "other"})
        ]
    return tuple(sorted([*kept, *_overlooked(kept, perhaps, text, answered)], key=lambda i: i.start))


def _overlooked(kept: list[Issue], perhaps: tuple[Issue, ...], text: str, answered: set[str]) -> Iterator[Issue]:
    """For each item of a list in which no issue was found, the likeliest one."""
    for start, end in listed(text):
        if any(i.start < end and start < i.end for i in kept):
            continue
        inside = [i for i in perhaps if i.start < end and start < i.end]
        faint = next((i for i in inside if i.kind in answered), None) or next(iter(inside), None)
        a, b = start + _label(text[start:end]), start + len(text[start:end].rstrip())
        yield Issue(kind=faint.kind if faint else "other", quote=text[a:b], start=a, end=b)


def _label(item: str) -> int:
    """How long the number, letter or ordinal is with which an item of a list begins."""
    found = LABEL.match(item)
    return found.end() if found else 0


def _answered(policy: Policy) -> set[str]:
    offered = {kind for remedy in policy.remedies for kind in remedy.for_}
    return offered | {kind for other in policy.alternatives for kind in other.for_} | set(policy.departments)


def around(text: str, issue: Issue) -> str:
    """The sentences that an issue touches."""
    found = [m.group() for m in SENTENCE.finditer(text) if m.start() < issue.end and issue.start < m.end()]
    return " ".join(found) or issue.quote


def _issue(kind: IssueKind, end: int, text: str) -> Issue:
    passage = next((m for m in SENTENCE.finditer(text) if m.start() < end <= m.end()), None)
    a, b = trimmed(passage) if passage else (0, len(text))
    return Issue(kind=kind, quote=text[a:b], start=a, end=b)


def _table(raw: dict[str, Any], name: str, label: str) -> Patterns:
    try:
        return {
            kind: re.compile(lowered_pattern("|".join(f"(?:{p})" for p in patterns)))
            for kind, patterns in raw[name].items()
        }
    except KeyError:
        raise LibraryError(label, name, "is missing; copy it from the shipped file") from None
    except (re.error, TypeError) as error:
        raise LibraryError(label, name, f"holds a pattern that is not a regular expression: {error}") from None
