"""What people see in a terminal: passages underlined, panels of 80 columns, nothing that commands the terminal."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from replykit.display.passages import passage, place
from replykit.display.safe import printable
from replykit.display.terminal import cost, quoted, reading, why
from replykit.types import (
    Classification,
    Commitment,
    Complaint,
    Considered,
    Draft,
    Evidence,
    Finding,
    Issue,
    Move,
    Plan,
    Source,
    Usage,
)

COMPLAINT = Complaint(text="The kiln cracked.\nNobody answers me!")
READ = Classification(
    cause="product",
    tone="angry",
    issues=(Issue(kind="defective", quote="The kiln cracked", start=0, end=16),),
    requests=("refund",),
    repeat_contact=True,
    confidence=0.912,
    probabilities={"cause": {"emotional": 0.088, "product": 0.912, "none": 0.0}},
    evidence=(Evidence(field="tone", kind="angry", quote="Nobody answers me!", start=18, end=36),),
)
DRAFT = Draft(
    text="I am sorry about the kiln.",
    moves=(
        Move(
            strategy="apologise-once",
            text="I am sorry about the kiln.",
            sources=(Source(article="000", heading="Say sorry"),),
            evidence=("The kiln cracked",),
            reason="because: something went wrong",
        ),
    ),
    classification=READ,
    plan=Plan(
        kind="reply",
        moves=("apologise-once",),
        considered=(Considered(strategy="goodwill-gesture", kept=False, reason="the policy grants none"),),
    ),
    commitments=(Commitment(kind="remedy", quote="refund", start=0, end=6, value="refund", clause="remedies.refund"),),
    notes={"prepare": "Look up the kiln."},
    status="needs_review",
    reasons=("the order is unknown",),
    confidence=0.5,
)


def shown(renderable: RenderableType, width: int = 60) -> str:
    """What a pipe gets, without the blanks at the ends of lines."""
    out = Console(file=io.StringIO(), width=width, highlight=False)
    out.print(renderable)
    return "\n".join(line.rstrip() for line in out.file.getvalue().splitlines())


def finding(text: str, quote: str, **more: object) -> Finding:
    start = text.index(quote)
    fields = {"rule": "curt", "category": "house", "level": "warn", "message": "too curt", "why": "It is cold."}
    return Finding.model_validate({**fields, "start": start, "end": start + len(quote), "quote": quote, **more})


def test_a_passage_is_underlined_where_it_stands():
    """The line, a caret under every character of the passage, the why and the rewrites."""
    text = "Dear Ana,\n\twe can't help.\n"
    assert shown(passage("a.txt", text, finding(text, "can't help", instead=("We can …", "Let us …", "third")))) == (
        "a.txt:2:5 warn curt house\n"
        "  too curt\n"
        "    2 │  we can't help.\n"
        "      │     ^^^^^^^^^^\n"
        "  why      It is cold.\n"
        "  instead  We can …\n"
        "  or       Let us …\n"
    )


def test_wide_characters_are_underlined_by_their_width():
    """A character that takes two columns gets two carets."""
    text = "修理 no"
    assert "      │ ^^^^\n" in shown(passage("a.txt", text, finding(text, "修理")))


def test_a_long_line_is_cut_around_its_passage():
    """A line that does not fit keeps its passage in sight."""
    text = "word " * 40 + "curt word " + "word " * 40
    lines = shown(passage("a.txt", text, finding(text, "curt"))).splitlines()
    line, carets = lines[2], lines[3]
    assert line[carets.index("^") : carets.rindex("^") + 1] == "curt"
    assert len(line) <= 60


def test_a_passage_over_many_lines_shows_its_ends():
    """Of a passage over more than three lines, the first and the last are shown."""
    text = "one\ntwo\nthree\nfour\nfive"
    lines = [
        line
        for line in shown(passage("a.txt", text, finding(text, "two\nthree\nfour\nfive"))).splitlines()
        if "│" in line
    ]
    assert [line.split("│")[1].strip() for line in lines] == ["two", "^^^", "five", "^^^^"]


def test_what_is_missing_has_no_passage():
    """A finding about something absent shows no line of the text."""
    assert "│" not in shown(passage("a.txt", "Dear Ana", finding("Dear Ana", "")))


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("ab", 1, (1, 2)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("a\u2028b", 2, (1, 3)),
        ("", 0, (1, 1)),
    ],
)
def test_lines_end_where_editors_say(text: str, offset: int, expected: tuple[int, int]):
    """A line feed, a carriage return or both end a line; nothing else does."""
    assert place(text, offset) == expected


@given(st.text(), st.data())
def test_any_passage_of_any_text_can_be_shown(text: str, data: st.DataObject):
    """Nothing in a text keeps a finding from being shown."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown(passage("a.txt", text, finding(text, text[start:end])))


@given(st.text())
def test_nothing_commands_the_terminal(text: str):
    """No escape, bell, cursor or direction mark is left in what is printed."""
    assert not set(printable(text)) & {
        chr(n) for n in (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F))
    }


def test_why_shows_reading_moves_promises_and_state():
    """The panel fits its width and holds everything that a person asks for first."""
    assert shown(why(COMPLAINT, DRAFT)) == (
        "╭─ why this reply ─────────────────────────────────────────╮\n"
        "│ read as   product · angry · low stakes · 91% sure        │\n"
        "│ issues    defective “The kiln cracked”                   │\n"
        "│ asks for  refund                                         │\n"
        "│ again     has written before                             │\n"
        "│                                                          │\n"
        "│ 1  apologise-once  article 000, Say sorry                │\n"
        "│    “The kiln cracked”                                    │\n"
        "│                                                          │\n"
        "│ promises  “refund”  ← remedies.refund                    │\n"
        "│ check     clean: nothing forbidden, nothing promised     │\n"
        "│           that is not granted                            │\n"
        "│ cost      nothing: no model was asked                    │\n"
        "│ status    needs review · confidence 0.50                 │\n"
        "│           - the order is unknown                         │\n"
        "│ notes     prepare (for you, --explain shows them)        │\n"
        "╰──────────────────────────────────────────────────────────╯"
    )


def test_explain_shows_what_was_dropped_and_the_notes():
    """With explain, the reasons of the plan, the paragraphs beside their moves and the notes are there too."""
    text = shown(why(COMPLAINT, DRAFT, explain=True))
    for words in (
        "because: something went wrong",
        "I am sorry about the kiln.",
        "goodwill-gesture  the policy grants none",
        "Look up the kiln.",
    ):
        assert words in text


def test_a_reading_shows_its_evidence():
    """With explain, every label has its words and its probability."""
    text = shown(reading(COMPLAINT, READ, explain=True))
    assert "tone angry  “Nobody answers me!”" in text
    assert "cause?      product 91%, emotional 9%" in text


def test_a_long_quote_is_shortened_in_the_middle():
    """A quote fits on a line and keeps both of its ends."""
    text = quoted("begin " + "middle " * 30 + "end").plain
    assert (text.startswith("“begin "), " … " in text, text.endswith(" end”"), len(text) < 52) == (
        True,
        True,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("usage", "words"),
    [
        (Usage(), "nothing: no model was asked"),
        (
            Usage(calls=1, prompt_tokens=900, completion_tokens=334, cost=0.00123, seconds=2.04),
            "1 call, 1,234 tokens, $0.0012, 2.0 s",
        ),
        (Usage(calls=2, retries=1, prompt_tokens=10, seconds=1), "2 calls, 1 retried, 10 tokens, price unknown, 1.0 s"),
    ],
)
def test_cost_is_said_in_words(usage: Usage, words: str):
    """Calls, retries, tokens, dollars and time; a price that is not known is not invented."""
    assert cost(usage) == words
