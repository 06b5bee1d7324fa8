"""The room of the rules about a text as a whole: how often, what is missing, which issue is not spoken to, whose name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.rules.pattern import Pattern
from replykit.rules.phrase import Hit
from replykit.rules.reading import MASK, Reading
from replykit.rules.record import Rule
from replykit.rules.topics import content, parts, spoken_to

NOWHERE = (0, 0)
NOBODY = frozenset("there all sir madam customer team again".split())
GREETING = re.compile(
    r"^\W{0,3}(?:dear|hi|hello|good (?:morning|afternoon|evening)|hey),? (?:mr|mrs|ms|miss|mx|dr"
    r"|prof)?\.? ?([\w'-]+(?: [\w'-]+){0,3})"
)


def counted(rule: Rule, reading: Reading, found: list[Hit]) -> Iterator[Hit]:
    """The first occurrence beyond the number that a rule allows; `found` is what the index has found for it already."""
    if rule.of == "words" and reading.normal.text.count(" ") < rule.limit:
        return
    spans = sorted({(h.start, h.end) for h in found} if rule.view == "words" else set(_seen(rule, reading)))
    apart = [s for i, s in enumerate(spans) if i == 0 or s[0] >= spans[i - 1][1]]
    if len(apart) > rule.limit:
        yield Hit(rule, *apart[rule.limit])


def _seen(rule: Rule, reading: Reading) -> Iterator[tuple[int, int]]:
    text = reading.normal.cased
    for pattern in rule.patterns:
        yield from (m.span() for m in pattern.compiled.finditer(text) if m.end() > m.start())


def seen(rule: Rule, reading: Reading) -> Iterator[tuple[int, int, bool]]:
    """What the raw patterns of a rule find: the span, and whether its offsets are those of the original text."""
    for pattern in rule.raw:
        view = pattern.view or rule.view
        original = view == "original"
        text = reading.normal.original if original else reading.normal.text if view == "lower" else reading.normal.cased
        signs = pattern.signs or rule.signs
        if not reading.shows(signs, text) or not pattern.possible(reading.every_word):
            continue
        hidden = "" if original or rule.quoted else reading.masked
        for m in _raw_matches(pattern, text, reading):
            start, end = m.span("at") if "at" in m.re.groupindex else m.span()
            if end > start and not (hidden and MASK in hidden[start:end]) and not _kept(rule, text, start, end):
                yield start, end, original


def _raw_matches(pattern: Pattern, text: str, reading: Reading) -> Iterator[re.Match[str]]:
    if not pattern.at_line:
        small = reading.small(text) if pattern.small else ""
        yield from pattern.small.finditer(small) if small and pattern.small else pattern.compiled.finditer(text)
        return
    for start in reading.lines if text is reading.normal.original else (0, *(m.end() for m in re.finditer("\n", text))):
        if (m := pattern.compiled.match(text, start)) is not None:
            yield m


def _kept(rule: Rule, text: str, start: int, end: int) -> bool:
    window = text[max(0, start - 80) : end + 80]
    shift = max(0, start - 80)
    for pattern in rule.unless.get("here", ()):
        for m in pattern.compiled.finditer(window):
            if m.start() + shift < end and start < m.end() + shift:
                return True
    return False


def missing(rule: Rule, reading: Reading) -> Iterator[Hit]:
    """A hit without a place where a whole reply lacks what the rule asks for."""
    if rule.when and not reading.holds(rule.when):
        return
    if not reading.holds(rule.patterns) and not any(reading.holds(p) for p in rule.unless.values()):
        yield Hit(rule, *NOWHERE)


def uncovered(rule: Rule, reading: Reading, customer: Reading, issues: tuple[str, ...] | None = None) -> Iterator[Hit]:
    """A hit without a place where a part of the customer's message is not spoken to."""
    asked = parts(customer.normal.text) if issues is None else [content(issue.lower()) for issue in issues]
    every: frozenset[str] = frozenset().union(*asked)
    answered = [spoken_to(part, reading, every - part) for part in asked]
    at_all = any(answered) or spoken_to(content(customer.normal.text), reading)
    wrong = not at_all if rule.of == "problem" else len(asked) > 1 and at_all and not all(answered)
    if asked and wrong:
        yield Hit(rule, *NOWHERE)


def misnamed(rule: Rule, reading: Reading, name: str) -> Iterator[Hit]:
    """The name in the greeting where no part of it is the customer's."""
    m = GREETING.match(reading.normal.text)
    if m is None or not reading.normal.cased[m.start(1)].isupper():
        return
    if not set(re.findall(r"\w+", m[1])) & {*re.findall(r"\w+", name.lower()), *NOBODY}:
        yield Hit(rule, *m.span(1))
