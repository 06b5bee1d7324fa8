from __future__ import annotations

from typing import Any

import pytest

from replykit.check import Context, check
from replykit.errors import LibraryError
from replykit.library import Library
from replykit.rules import Example, Rule, RuleSet

RULES = Library.load().rules
PHRASE: dict[str, Any] = {
    "kind": "phrase",
    "category": "house",
    "level": "warn",
    "message": "Not like this.",
    "patterns": ["hm"],
}


def found(rules: RuleSet, example: Example) -> set[str]:
    """The ids of the rules that fire on an example."""
    context = Context(
        customer_message=example.customer_message, offers=example.offers, deadlines=example.deadlines,
        scope="reply" if example.scope == "reply" else "fragment", facts=example.facts, customer_name=example.customer_name,
    )  # fmt: skip
    return {finding.rule for finding in check(example.text, rules, context)}


def examples(verdict: str) -> list[Any]:
    """Every example of a verdict with its rule, named by the rule."""
    return [
        pytest.param(rule, e, id=f"{rule.id}-{n}")
        for rule in RULES.values()
        for n, e in enumerate(rule.examples(verdict))
    ]


@pytest.mark.parametrize(("rule", "example"), examples("flag"))
def test_a_rule_flags_what_it_says_it_flags(rule: Rule, example: Example) -> None:
    """Each sentence that a rule file lists under flag is flagged by that rule."""
    assert rule.id in found(RULES, example)


@pytest.mark.parametrize(("rule", "example"), examples("allow"))
def test_a_rule_allows_what_it_says_it_allows(rule: Rule, example: Example) -> None:
    """Each sentence that a rule file lists under allow passes that rule."""
    assert rule.id not in found(RULES, example)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_file_explains_itself(rule: Rule) -> None:
    """A rule says why, where it comes from and what to write instead, and shows what it allows."""
    assert all((rule.why, rule.source, rule.instead, rule.examples("allow")))


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_pattern_of_a_shipped_rule_can_be_read(rule: Rule) -> None:
    """What a rule reads on first use can be read."""
    assert rule.verify() is rule


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"colour": "red"}, "colour: is not a key of a rule"),
        ({"kind": "phrasing"}, "kind: 'phrasing' is unknown; use one of phrase"),
        ({"level": "error"}, "level: 'error' is unknown; use one of block, warn"),
        ({"category": "rude"}, "category: 'rude' is unknown"),
        ({"message": None}, "message: is missing"),
        ({"patterns": "hm"}, "patterns: must be a list of texts"),
        ({"patterns": ["(a|b"]}, "opens '(' and does not close it; add ')'"),
        ({"patterns": ["a) b"]}, "closes a bracket that it never opens"),
        ({"patterns": ["{nobody-knows} b"]}, "names {nobody-knows}, which no file of prompts/lexicons defines"),
        ({"patterns": ["/(/"]}, "is not a regular expression"),
        ({"limit": -1}, "limit: must be a whole number"),
        ({"unless": {"somewhere": ["a"]}}, "unless: must be a list of patterns, or lists under here, sentence"),
        ({"given": {"weather": ["a"]}}, "given: must hold lists of patterns under customer or customer_not"),
        ({"quoted": "yes"}, "quoted: must be true or false"),
        ({"examples": {"bad": []}}, "examples: must hold only the lists flag and allow"),
    ],
)
def test_a_broken_rule_file_is_refused_with_file_key_and_remedy(change: dict[str, Any], told: str) -> None:
    """The message names the file, the key and what to write instead."""
    with pytest.raises(LibraryError) as error:
        RuleSet.build({"house/rules/hm.yaml": PHRASE | change})
    assert str(error.value).startswith("house/rules/hm.yaml: ")
    assert told in str(error.value)


def test_a_word_list_that_needs_itself_is_refused() -> None:
    """A circle of word lists is named."""
    with pytest.raises(LibraryError, match="needs itself through a > b"):
        RuleSet.build(
            {"rules/lexicons/x.yaml": {"a": "{b}", "b": "{a}"}, "rules/hm.yaml": PHRASE | {"patterns": ["{a}"]}}
        )


@pytest.mark.parametrize(
    ("pattern", "text", "quote"),
    [
        (
            "we can not (do|change) that",
            "Sorry, we simply, truly can’t do that today.",
            "we simply, truly can’t do that",
        ),
        ("we [really] know", "We know it.", "We know"),
        ("blame+ ~2 you", "They blamed only you.", "blamed only you"),
        ("apologi*", "Many apologies to you.", "apologies"),
        ("^ not yet $", "No. Not yet.", "Not yet."),
        ("cast-iron", "A cast iron pan.", "cast iron"),
        ("so !(much|far) good", "So good, so far good.", "So good"),
        (", mate .", "Thanks, mate.", ", mate"),
        ("bookings? made", "One booking made, two bookings made.", "booking made"),
        ("/b[a4]d/", "That b4d day", "b4d"),
        ("cased:/[A-Z]{3}/", "an ABC of it", "ABC"),
        ("(thank|thanks) ~3 nothing", "Thanks, then, for nothing.", "Thanks, then, for nothing"),
    ],
)
def test_the_notation_means_what_it_says(pattern: str, text: str, quote: str) -> None:
    """One pattern, one text, and the passage that it finds."""
    rules = RuleSet.build({"rules/hm.yaml": PHRASE | {"patterns": [pattern], "reported": True}})
    assert next(f.quote for f in check(text, rules)) == quote


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("so !(much|far) good", "so far good"),
        ("blame+ ~2 you", "blame one two three you"),
        ("cat", "concatenate"),
        ("^ no $", "There is no way."),
    ],
)
def test_the_notation_means_no_more_than_it_says(pattern: str, text: str) -> None:
    """Gaps are bounded, words are whole, and what is banned is banned."""
    assert not check(text, RuleSet.build({"rules/hm.yaml": PHRASE | {"patterns": [pattern]}})).findings


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("here", "hm hm"),
        ("sentence", "well, hm"),
        ("after", "hm. Well."),
        ("before", "Well. hm"),
        ("text", "hm. A. B. C. D. Well."),
    ],
)
def test_an_exception_excuses_where_it_stands(place: str, text: str) -> None:
    """An exception counts in the place that it is listed under."""
    words = "hm hm" if place == "here" else "well"
    assert not check(text, RuleSet.build({"rules/hm.yaml": PHRASE | {"unless": {place: [words]}}})).findings


def test_a_house_record_without_a_kind_changes_the_rule_of_its_name() -> None:
    """Only the keys that a house lists change."""
    rules = RuleSet.build({"prompts/rules/hm.yaml": PHRASE, "house/rules/hm.yaml": {"level": "block"}})
    assert (rules["hm"].level, rules["hm"].message) == ("block", "Not like this.")


def test_rules_can_be_off_and_levels_changed() -> None:
    """A policy may leave rules out and change levels."""
    records = {"rules/hm.yaml": PHRASE, "rules/ha.yaml": PHRASE}
    rules = RuleSet.build(records, off=["ha"], levels={"hm": "block"})
    assert {name: rule.level for name, rule in rules.items()} == {"hm": "block"}


def test_an_unknown_rule_cannot_be_switched_off() -> None:
    """A misspelt name is told rather than passed over."""
    with pytest.raises(LibraryError, match="there is no rule 'hmm'"):
        RuleSet.build({"rules/hm.yaml": PHRASE}, off=["hmm"])


EXISTENCE = {
    "extends": "existence",
    "message": "Do not say '%s'.",
    "level": "error",
    "ignorecase": True,
    "tokens": ["utili[sz]e", "going forward"],
}
SWAP = {
    "extends": "substitution",
    "message": "Use '%s' instead of '%s'.",
    "level": "warning",
    "swap": {"e-mail": "email"},
}
MOST = {"extends": "occurrence", "message": "Too many.", "level": "suggestion", "max": 1, "token": "!"}


def test_vale_styles_are_read_as_they_are() -> None:
    """Existence, substitution and occurrence styles find what they find in Vale, with their levels."""
    rules = RuleSet.build({"s/Words.yml": EXISTENCE, "s/Terms.yml": SWAP, "s/Marks.yml": MOST})
    report = check("Utilise e-mail! Now!", rules)
    assert [(f.rule, f.level, f.quote) for f in report] == [
        ("Words", "block", "Utilise"),
        ("Terms", "warn", "e-mail"),
        ("Marks", "warn", "!"),
    ]


def test_a_vale_exception_is_kept() -> None:
    """What a style lists under exceptions passes."""
    assert not check(
        "going forward", RuleSet.build({"s/Words.yml": EXISTENCE | {"exceptions": ["going forward"]}})
    ).findings


def test_another_vale_extension_is_refused_by_name() -> None:
    """A style that is not understood is not half read."""
    with pytest.raises(
        LibraryError, match="'capitalization' is not read here; use one of existence, substitution, occurrence"
    ):
        RuleSet.build({"s/Heads.yml": {"extends": "capitalization"}})
