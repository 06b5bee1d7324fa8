"""The room of the commonest kind of rule: wordings that harm, unless something around them excuses them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from replykit.rules.pattern import Pattern
from replykit.rules.reading import MASK, Sentence
from replykit.rules.record import Rule

# Who is reported in "our driver told you to ...": the words behind such a frame are not the reply's own act.
REPORTED = re.compile(
    r"(?:\byou (?:felt|wrote|said|say|asked|feel like)\b(?! (?:is|was|are|were|in|on)\b)"
    r"|\b(?:was|were|been|being|is) (?:told|asked|promised|called|accused|made to feel|left to think"
    r"|advised|informed|given to understand)\b"
    r"|\b(?:he|she|they|somebody|someone|colleague|driver|agent|clerk|adviser|advisor|assistant"
    r"|receptionist|manager|engineer|"
    r"technician|staff|team|waiter|waitress|letter|e-?mail|message|note|reply|answer|bot|voice"
    r"|recording|leaflet|text)[ \xa0]"
    r"(?:who |that |which )?(?:had |has |have |should never have |should not have |did |to )?"
    r"(?:said|say|told|tell|wrote|write|replied|answered|called|call|suggested|suggest|implied|imply"
    r"|asked|ask|treated|claimed)\b"
    r"|\b(?:nobody|no one|none of us)[ \xa0](?:here )?(?:is saying|says|said|thinks|thought|believes|suggests|claims)\b"
    r"|\b(?:i|we) (?:do|did|would) not (?:think|say|mean|suggest|believe)[ \xa0](?:that )?(?:you|your)\b"
    r"|\bfor (?:saying|telling|implying|suggesting|calling|treating|making you)\b)"
)
MOST = 12  # matches of one pattern in one sentence; nobody reads more, and hostile text would make them by the thousand
AGAIN = re.compile(r"[;:]| but | and (?:we|i|you) ")


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a rule matched; the offsets are canonical ones unless `original` is set."""

    rule: Rule
    start: int
    end: int
    original: bool = False


def matches(rule: Rule, pattern: Pattern, index: int, sentences: list[Sentence]) -> Iterator[Hit]:
    """The hits of one pattern of a rule in one sentence that nothing excuses."""
    sentence = sentences[index]
    for m in islice(pattern.compiled.finditer(sentence.text), MOST):
        if m.end() == m.start() or (MASK in m[0] and not rule.quoted):
            continue
        if not rule.reported and is_reported(sentence.text, m.start()):
            continue
        if excused(rule, sentences, index, m.start(), m.end()):
            continue
        start, end = (0, len(sentence.text)) if rule.whole_sentence else m.span()
        yield Hit(rule, sentence.start + start, sentence.start + end)


def is_reported(text: str, start: int) -> bool:
    """Whether somebody else's words begin shortly before `start`, in the same clause."""
    window = text[max(0, start - 60) : start + 1]
    found = next(reversed(list(REPORTED.finditer(window))), None)
    return found is not None and AGAIN.search(window, found.end()) is None


def excused(rule: Rule, sentences: list[Sentence], index: int, start: int, end: int) -> bool:
    """Whether one of the rule's exceptions holds around a passage of a sentence."""
    for place, patterns in rule.unless.items():
        if place == "here":
            if _overlaps(patterns, sentences[index], start, end):
                return True
        elif any(_any(patterns, text, words) for text, words in _around(place, sentences, index, end)):
            return True
    return False


def _around(place: str, sentences: list[Sentence], index: int, end: int) -> Iterable[tuple[str, set[str]]]:
    own = sentences[index]
    if place == "sentence":
        return [(own.text, own.words)]
    if place == "after":
        return [(own.text[end:], own.words), *((s.text, s.words) for s in sentences[index + 1 : index + 3])]
    if place == "before":
        return [(s.text, s.words) for s in sentences[max(0, index - 1) : index]]
    if place == "text":
        return [(s.text, s.words) for s in sentences]
    return []


def _any(patterns: tuple[Pattern, ...], text: str, words: set[str]) -> bool:
    return any(p.possible(words) and p.compiled.search(text) for p in patterns)


def _overlaps(patterns: tuple[Pattern, ...], sentence: Sentence, start: int, end: int) -> bool:
    for pattern in patterns:
        if pattern.possible(sentence.words):
            for m in pattern.compiled.finditer(sentence.text):
                if m.start() < end and start < m.end():
                    return True
    return False
