from __future__ import annotations

import pytest
from cases import SecondReader

from replykit.check import Context, check
from replykit.fix import fix
from replykit.library import Library
from replykit.types import Finding, Report

RULES = Library.load().rules

TYPOGRAPHY = [
    "calm down", "CALM DOWN", "calm  down", "calm\ndown", "calm\u00a0down", "ca\u00adlm down", "c\u200balm down", "сalm down",
    "**calm** down", "calm&nbsp;down", "c-a-l-m down", "Calm, really, down",
]  # fmt: skip


def rules_in(text: str, context: Context | None = None) -> set[str]:
    """The ids of what is found in a text."""
    return {f.rule for f in check(text, RULES, context)}


@pytest.mark.parametrize("wording", TYPOGRAPHY)
def test_no_typography_hides_an_offence(wording: str) -> None:
    """However it is set, the wording is found and quoted as it stands."""
    text = f"Please {wording} and wait."
    finding = next(f for f in check(text, RULES) if f.rule == "calm-down")
    assert text[finding.start : finding.end] == finding.quote
    assert finding.quote.endswith("down") or finding.quote.endswith("DOWN")


def test_a_finding_says_what_why_and_what_instead() -> None:
    """A finding carries the message with the passage in it, the reason, the source and a rewrite."""
    finding = next(iter(check("Please calm down.", RULES)))
    assert (finding.rule, finding.category, finding.level) == ("calm-down", "dismissive", "block")
    assert "calm down" in finding.message
    assert all((finding.why, finding.source, finding.instead))


@pytest.mark.parametrize(
    "text",
    [
        'You wrote that our guard said "calm down".',
        "I'm sorry that our guard told you to calm down.",
        "You were told that it was your own fault, and that was wrong.",
    ],
)
def test_words_of_somebody_else_are_not_the_reply_s_own(text: str) -> None:
    """What is quoted or reported is not held against the reply."""
    assert not rules_in(text) & {"calm-down", "blames-customer"}


def test_a_refusal_is_fine_when_an_alternative_follows() -> None:
    """The same words pass once there is another way."""
    bare = "We can't change the colour of the tent."
    assert "flat-refusal" in rules_in(bare)
    assert "flat-refusal" not in rules_in(f"{bare} We can send you the green one instead.")


def test_what_is_missing_counts_only_in_a_whole_reply() -> None:
    """A fragment is judged by what it says, a reply also by what it lacks."""
    text = "A new tent leaves the yard on Tuesday."
    assert not rules_in(text)
    assert "no-apology" in rules_in(text, Context(scope="reply", customer_message="My tent is torn."))


def test_a_boundary_is_judged_by_the_message_it_answers() -> None:
    """To name a tone is right after insults and wrong after plain anger."""
    text = "Your tone is not acceptable."
    assert "boundary-unwarranted" in rules_in(text, Context(customer_message="THIRD time my tent leaks!!!"))
    assert "boundary-unwarranted" not in rules_in(text, Context(customer_message="You stupid idiots."))
    assert "boundary-unwarranted" not in rules_in(text)


def test_jargon_of_the_house_and_of_the_customer_passes() -> None:
    """A term is no jargon for whoever used it first, nor when the house lists it."""
    text = "The thermistor was worn."
    assert "tech-jargon" in rules_in(text)
    assert "tech-jargon" not in rules_in(text, Context(jargon=("thermistor",)))
    assert "tech-jargon" not in rules_in(text, Context(customer_message="Is it the thermistor?"))


def test_promises_are_not_judged_unless_somebody_says_what_may_be_promised() -> None:
    """None means not judged, an empty tuple means that nothing may be promised."""
    text = "We will refund the tent."
    assert "ungrounded-remedy" not in rules_in(text)
    assert "ungrounded-remedy" in rules_in(text, Context(offers=()))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Calm down. <!-- replykit: off calm-down --> Calm down.", 1),
        ("<!-- replykit: off --> Calm down. <!-- replykit: on --> Calm down.", 1),
        ("<!-- replykit: ignore calm-down -->\nCalm down.\nCalm down.", 1),
        ("<!-- replykit: off sarcasm --> Calm down.", 1),
        ("<!-- replykit: off calm-down, sarcasm --> Calm down.", 0),
    ],
)
def test_a_comment_switches_findings_off(text: str, left: int) -> None:
    """A comment holds from where it stands, for the rules that it names."""
    assert sum(f.rule == "calm-down" for f in check(text, RULES)) == left


def test_a_second_tier_adds_what_no_rule_has_said() -> None:
    """What a second reader suspects counts where no rule of that category has found anything."""

    def suspicion(start: int, end: int) -> Finding:
        return Finding(
            rule="x", category="dismissive", level="warn", start=start, end=end, quote="", message="", why=""
        )

    second = SecondReader((suspicion(0, 4), suspicion(30, 34)))
    report = check("Please calm down. A tent leaves the yard.", RULES, second=second)
    assert [(f.rule, f.start) for f in report] == [("calm-down", 0), ("x", 30)]


@pytest.mark.parametrize(
    ("text", "rule", "kept"),
    [
        ("The zip is a minor thing.", "minimises", False),
        ("Please calm down.", "calm-down", True),
        ("Mrs Voss in flat 12 is in hospital for her chemotherapy.", "other-person-data", True),
        ("That was sh*t.", "profanity", True),
    ],
)
def test_a_second_tier_takes_back_only_what_is_a_question_of_meaning(text: str, rule: str, *, kept: bool) -> None:
    """A sure second reader clears a rule that leaves the last word to a judge, and never data, abuse or plain wordings."""
    assert rule in {f.rule for f in check(text, RULES, second=SecondReader())}
    assert (rule in {f.rule for f in check(text, RULES, second=SecondReader(sure=True))}) is kept


def checked(text: str) -> Report:
    """A check without context."""
    return check(text, RULES)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Your tent is ready!!", "Your tent is ready!"),
        ("It is ALREADY on its way.", "It is already on its way."),
        ("Your tent is ready 🎉 and dry.", "Your tent is ready and dry."),
        ("Please calm down.", "Please calm down."),
    ],
)
def test_licensed_rewrites_are_carried_out(text: str, mended: str) -> None:
    """What can be mended without judgement is mended, and nothing else."""
    assert fix(text, checked)[0] == mended


@pytest.mark.parametrize(
    ("message", "left_out"),
    [
        ("The lamp flickers. I live alone!", False),
        ("The lamp flickers. My mother is 82.", False),
        ("The lamp flickers. This is the third email I write.", False),
        ("The lamp flickers. The shade is torn as well.", True),
        ("The lamp flickers. Also, your driver bent my gate.", True),
        ("The lamp flickers. Why was I charged for two?", True),
    ],
)
def test_only_what_wants_an_answer_is_an_issue(message: str, *, left_out: bool) -> None:
    """What customers tell about themselves is no issue that a reply leaves out; a second fault or question is."""
    reply = "Hello,\n\nI'm sorry that the lamp flickers. A technician mends it tomorrow at ten.\n\nRegards,\nPia"
    found = check(reply, Library.load().rules, Context(customer_message=message, scope="reply"))
    assert ("unanswered-issue" in {f.rule for f in found}) is left_out
