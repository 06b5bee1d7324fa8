"""The room where a text meets the rules: what is wrong in it, where exactly, and what it commits to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from replykit.ledger import Grants, ledger
from replykit.rules import Hit, Reading, Rule, RuleSet
from replykit.rules.capitals import forced
from replykit.rules.number import sensitive
from replykit.rules.reading import message_read
from replykit.rules.whole import counted, misnamed, missing, seen, uncovered
from replykit.types import Clause, Commitment, Finding, Noun, Report, Scope


class SecondTier(Protocol):
    """A statistical reader of sentences, which adds what no rule found and takes back what a rule found in plain courtesy."""

    def findings(self, reading: Reading, customer: str | None) -> Iterable[Finding]:
        """What it suspects in a text as read, given what the customer wrote; with probabilities."""
        ...

    def clears(self, reading: Reading, start: int, end: int) -> bool:
        """Whether it is all but sure that nothing is wrong with the sentences of a passage."""
        ...


KIND_OF = {"remedy": ("remedy", "action"), "amount": ("amount", "share"), "deadline": ("deadline", "date")}
SUPPRESSION = re.compile(r"<!--\s*replykit:\s*(?P<what>off|on|ignore)(?:[ :]+(?P<rules>[\w ,*-]+?))?\s*-->")


ECHOED = ("jargon", "robotic", "over-familiar", "false-empathy")
WORDED = ("data-safety", "placeholder", "ungrounded", "missing", "abusive-language", "jargon", "robotic", "shouting")
"""Categories in which the wording itself is what is wrong: no second look at the sentence takes a finding back."""
NEVER_ECHOED = ("data-safety", "placeholder")  # a card number said back is no better for having been written first
LONG_ECHO = 3  # spaces: four words in a row that the customer wrote are a quotation, with or without its marks


class Context(Noun):
    """What is known around the text that is checked; every field may stay as it is.

    `offers`, `deadlines` and `clauses` say what may be promised: `None` and no clauses means that promises are not
    judged; an empty tuple means that none may be made. `facts` are other things the business vouches for, in words.
    `issues` are the passages of the customer's message that each want an answer, where somebody has found them.
    """

    customer_message: str | None = None
    offers: tuple[str, ...] | None = None
    deadlines: tuple[str, ...] | None = None
    scope: Scope = "fragment"
    facts: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    language: str = "en"
    customer_name: str | None = None
    jargon: tuple[str, ...] = ()
    issues: tuple[str, ...] | None = None


def check(text: str, rules: RuleSet, context: Context | None = None, *, second: SecondTier | None = None) -> Report:
    """Everything that the rules find in a text, and everything that it commits to.

    Args:
        text: Any text at all; the check never raises because of it.
        rules: What to look for.
        context: What is known around it.
        second: A second tier that may add what no rule found, and take back what one found where only meaning decides.

    Returns:
        Findings in order of their place, offsets into `text`, and the commitments with what licenses each.
    """
    context = context or Context()
    reading = Reading(text)
    customer = message_read(context.customer_message) if context.customer_message else None
    commitments = ledger(
        reading, customer, Grants.of(context.offers, context.deadlines, context.clauses, context.facts)
    )
    hits = _joined(_hits(rules, reading, customer, context))
    found = [_finding(hit, reading) for hit in hits if second is None or not _cleared(hit, reading, second)]
    found += _ungrounded(rules, commitments, context)
    if second is not None:
        found += [f for f in second.findings(reading, context.customer_message) if not _told(f, found)]
    kept = _unsuppressed(text, found)
    return Report(findings=tuple(sorted(kept, key=lambda f: (f.start, f.end, f.rule))), commitments=tuple(commitments))


def _cleared(hit: Hit, reading: Reading, second: SecondTier) -> bool:
    """Whether the second tier takes back what a rule found that leaves the last word to a judge of meaning."""
    judged = hit.rule.judge and hit.rule.kind == "phrase" and hit.rule.category not in WORDED
    return judged and not hit.original and second.clears(reading, hit.start, hit.end)


def _told(finding: Finding, found: list[Finding]) -> bool:
    """Whether a rule has said the same of the same passage."""
    return any(g.category == finding.category and g.start < finding.end and finding.start < g.end for g in found)


def _hits(rules: RuleSet, reading: Reading, customer: Reading | None, context: Context) -> Iterator[Hit]:
    jargon = {word.lower() for word in context.jargon}
    counts: dict[str, list[Hit]] = {}
    for hit in rules.hits(reading):
        if not _applies(hit.rule, customer, context):
            continue
        if hit.rule.kind == "count":
            counts.setdefault(hit.rule.id, []).append(hit)
        elif not _known(hit, reading, customer, jargon):
            yield hit
    for rule in rules.special:
        if not _applies(rule, customer, context):
            continue
        if rule.kind == "count":
            yield from counted(rule, reading, counts.get(rule.id, []))
        else:
            yield from (
                h for h in _special(rule, reading, customer, context) if not _known(h, reading, customer, jargon)
            )


def _applies(rule: Rule, customer: Reading | None, context: Context) -> bool:
    """Whether a rule's scope and its conditions on the customer's message are met."""
    if rule.scope == "reply" and context.scope != "reply":
        return False
    if rule.given:
        if customer is None or ("customer" in rule.given and not customer.holds(rule.given["customer"], quoted=True)):
            return False
        if customer.holds(rule.given.get("customer_not", ()), quoted=True):
            return False
    return not (customer is not None and customer.holds(rule.unless.get("customer", ()), quoted=True))


def _known(hit: Hit, reading: Reading, customer: Reading | None, jargon: set[str]) -> bool:
    """Whether a passage is the house's own term, or the customer's own words said back to them."""
    said = reading.normal.text[hit.start : hit.end]
    if hit.rule.category in NEVER_ECHOED:
        return False
    own = hit.rule.category in ECHOED or said.count(" ") >= LONG_ECHO
    if own and customer is not None and said and said in customer.normal.text:
        return True
    return hit.rule.category == "jargon" and any(word in said for word in jargon)


def _special(rule: Rule, reading: Reading, customer: Reading | None, context: Context) -> Iterator[Hit]:
    if rule.kind == "required":
        yield from missing(rule, reading)
    elif rule.kind == "number":
        yield from sensitive(rule, reading)
    elif rule.kind == "capitals":
        yield from forced(rule, reading)
    elif rule.kind == "coverage" and customer is not None:
        yield from uncovered(rule, reading, customer, context.issues)
    elif rule.kind == "names" and context.customer_name:
        yield from misnamed(rule, reading, context.customer_name)
    elif rule.kind == "phrase":
        yield from (Hit(rule, start, end, original) for start, end, original in seen(rule, reading))


def _finding(hit: Hit, reading: Reading) -> Finding:
    rule = hit.rule
    start, end = (
        (hit.start, hit.end) if hit.original or hit.start == hit.end else reading.normal.span(hit.start, hit.end)
    )
    return _made(rule, start, end, reading.normal.original[start:end])


def _made(rule: Rule, start: int, end: int, quote: str) -> Finding:
    return Finding(
        rule=rule.id, category=rule.category, level=rule.level, start=start, end=end, quote=quote, message=rule.say(quote),
        why=rule.why, instead=rule.instead, source=rule.source, fix=_fix(rule, quote),
    )  # fmt: skip


def _fix(rule: Rule, quote: str) -> str | None:
    """The licensed replacement: a text, or one made from the passage by a named change."""
    if rule.fix == "{lower}":
        return quote.lower()
    if rule.fix == "{once}":
        marks = set(quote)
        return None if len(marks) > 2 else "?" if "?" in marks else quote[:1]  # more than marks: not for a machine
    if rule.fix == "" and any(c.isalpha() for c in quote):
        return None  # a word cannot be taken out without a look at its sentence
    return rule.fix


def _ungrounded(rules: RuleSet, commitments: list[Commitment], context: Context) -> Iterator[Finding]:
    judged = {
        "offers": context.offers is not None or context.clauses,
        "deadlines": context.deadlines is not None or context.clauses,
    }
    for rule in rules.of_kind("commitment"):
        if not judged["deadlines" if rule.of == "deadline" else "offers"]:
            continue
        for c in commitments:
            if c.clause is None and c.kind in KIND_OF[rule.of]:
                yield _made(rule, c.start, c.end, c.quote)


def _joined(hits: Iterable[Hit]) -> Iterator[Hit]:
    """One hit where a rule matched overlapping passages: all of what they cover."""
    last: Hit | None = None
    for hit in sorted(hits, key=lambda h: (h.rule.id, h.original, h.start, h.end)):
        if last is not None and hit.rule is last.rule and hit.original == last.original and hit.start < last.end:
            last = Hit(last.rule, last.start, max(last.end, hit.end), last.original)
        else:
            if last is not None and last != hit:
                yield last
            last = hit
    if last is not None:
        yield last


def _unsuppressed(text: str, found: list[Finding]) -> list[Finding]:
    """The findings that no comment in the text switches off.

    `<!-- replykit: off RULE -->` holds until `on`; `ignore RULE` holds for the line it is on and the next one; without a rule each means all.
    """
    if "<!--" not in text:
        return found
    spans: list[tuple[int, int, frozenset[str]]] = []
    marks = list(SUPPRESSION.finditer(text))
    for number, m in enumerate(marks):
        rules = frozenset(re.split(r"[ ,]+", (m["rules"] or "*").strip()))
        if m["what"] == "ignore":
            line = text.find("\n", text.find("\n", m.end()) + 1) if "\n" in text[m.end() :] else -1
            spans.append((text.rfind("\n", 0, m.start()) + 1, line if line >= 0 else len(text), rules))
        elif m["what"] == "off":
            ends = (
                later.start()
                for later in marks[number + 1 :]
                if later["what"] == "on" and (later["rules"] is None or later["rules"] == m["rules"])
            )
            spans.append((m.start(), next(ends, len(text)), rules))
    return [
        f for f in found if not any(a <= f.start <= b and (f.rule in rules or "*" in rules) for a, b, rules in spans)
    ]
