"""HTML of the nouns: everything escaped, every character there, marks where they belong, colours that can be read."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import replykit
from replykit import Complaint, Draft, Finding, Report, Review, compare
from replykit.display.html import Bar, Mark, Series, calibration, confusion, grouped_bars, page, pieces, table
from replykit.display.html.charts import bars
from replykit.display.html.frame import fragment
from replykit.display.html.marks import excerpts, reading_marks
from replykit.display.html.reply import draft_rows
from replykit.display.notebook import as_html
from replykit.kit import ReplyKit
from replykit.testing import FailingModel
from replykit.types import Commitment, Move, MoveReview

STYLE = (Path(replykit.__file__).parent / "display/html/templates/style.css").read_text(encoding="utf-8")
ATTACK = (
    '<script>alert("x")</script><img src=x onerror=alert(1)> {{ 7777*7 }} {% raw %} &amp; \x1b[31m \u202eevil \ud800'
)
POLICY = {
    "company": "Fern & Oak",
    "remedies": [
        {"id": "swap", "say": "send you a new lamp", "for": ["defective", "damaged"], "within": "within 3 days"}
    ],
}
VOID = {"meta", "img", "br", "line", "rect", "circle", "polyline"}


class Page(HTMLParser):
    """The tags, the visible text and the attributes of a page, and whether its tags are nested rightly."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.words = ""
        self.attributes: list[tuple[str, str | None]] = []
        self.marked: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words += data
            if "mark" in self.open:
                self.marked.append(data)


@pytest.fixture(scope="module")
def kit() -> ReplyKit:
    return ReplyKit(policy=POLICY)


@pytest.fixture(scope="module")
def complaint() -> Complaint:
    return Complaint(
        text="The lamp arrived broken and nobody answered my two emails. I am furious. Please refund me.",
        subject="Broken lamp",
        customer={"name": "Ida Roe", "tier": "gold"},
        order={"id": "L-77", "item": "lamp", "amount": 40.0, "currency": "EUR"},
        history=[{"by": "agent", "agent": "Sam", "text": "We will call you.", "outcome": "promised"}],
        facts={"in_stock": True},
    )


@pytest.fixture(scope="module")
def draft(kit: ReplyKit, complaint: Complaint) -> Draft:
    return kit.draft(complaint)


def finding(text: str, quote: str, level: str = "block") -> Finding:
    start = text.index(quote)
    return Finding(
        rule="calm-down", category="dismissive", level=level, start=start, end=start + len(quote), quote=quote,
        message="orders a feeling", why="It makes people angrier.", instead=("Say what happens next.",),
    )  # fmt: skip


def hostile(kit: ReplyKit) -> list[object]:
    """Every noun with the attack wherever text can stand."""
    case = Complaint(
        text=f"My lamp broke {ATTACK}", subject=ATTACK, customer={"name": ATTACK, "tier": ATTACK}, order={"id": ATTACK},
        history=[{"by": "customer", "text": ATTACK, "outcome": ATTACK}], facts={ATTACK: ATTACK},
    )  # fmt: skip
    draft = kit.draft("My lamp broke and nobody answers.")
    move = Move(strategy=ATTACK, text=ATTACK, sources=draft.moves[0].sources, evidence=(ATTACK,), reason=ATTACK)
    found = finding(ATTACK, ATTACK).model_copy(
        update={"rule": ATTACK, "message": ATTACK, "why": ATTACK, "instead": (ATTACK,)}
    )
    promise = Commitment(kind="remedy", quote=ATTACK, start=0, end=9, value=ATTACK, licence=ATTACK)
    changed = {"text": ATTACK, "subject": ATTACK, "moves": (move,), "findings": (found,), "commitments": (promise,)}
    return [
        case,
        kit.classify(case),
        kit.plan(case),
        draft.model_copy(update={**changed, "notes": {ATTACK: ATTACK}, "reasons": (ATTACK,), "version": ATTACK}),
        Report(findings=(found,), commitments=(promise,)),
        Review(
            score=0.5, moves=(MoveReview(strategy=ATTACK, present=True, quote=ATTACK, advice=ATTACK),), advice=(ATTACK,)
        ),
        found,
    ]


# ---------------------------------------------------------------- safety


def test_what_a_customer_writes_is_shown_and_never_obeyed(kit: ReplyKit):
    """No noun lets a tag, a handler, a template or a control character of a message through."""
    for noun in hostile(kit):
        html = as_html(noun)
        assert html is not None
        shown = Page(html)
        assert {"script", "img"} & set(shown.tags) == set(), type(noun)
        assert [name for name, _ in shown.attributes if name.startswith("on")] == []
        assert "54439" not in shown.words
        assert re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\ud800-\udfff]", html) is None


def test_every_noun_is_well_formed(kit: ReplyKit, complaint: Complaint, draft: Draft):
    """Tags of every noun close in the order in which they were opened."""
    for noun in (complaint, draft, draft.plan, draft.classification, kit.check("Calm down, dear."), *hostile(kit)):
        assert Page(as_html(noun) or "").open == []


def test_nothing_is_fetched_from_elsewhere(draft: Draft):
    """A draft and a page need no asset from outside."""
    for html in (as_html(draft) or "", page("A page", "text", contents=[("a", "A")])):
        assert re.findall(r"(?:src|href)=[\"'](?!#)|url\(|@import|https?://", html) == []


def test_what_has_no_face_shows_no_html(draft: Draft):
    """A noun without a face of its own falls back to its plain form."""
    assert draft.usage._repr_html_() is None
    assert set(draft.usage._repr_mimebundle_()) == {"text/plain"}


def test_a_console_shows_the_words(draft: Draft, complaint: Complaint):
    """Where no HTML can be shown, a draft is its text and a complaint its message."""
    assert (draft._repr_mimebundle_()["text/plain"], complaint._repr_mimebundle_()["text/plain"]) == (
        draft.text,
        complaint.text,
    )


# ---------------------------------------------------------------- marks


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6))
def test_pieces_put_together_are_the_text(text: str, spans: list[tuple[int, int]]):
    """However marks overlap or run over the ends, no character is lost, and each piece lies inside its marks."""
    marks = [Mark(start, end, "issue", "x") for start, end in spans]
    cut = pieces(text, marks)
    assert "".join(piece.text for piece in cut) == text
    at = 0
    for piece in cut:
        assert all(mark.start <= at and at + len(piece.text) <= max(mark.end, 0) for mark in piece.marks)
        at += len(piece.text)


def test_evidence_of_a_complaint_is_marked(complaint: Complaint, kit: ReplyKit):
    """A complaint shows itself whole, with the passages of its issues marked."""
    shown = Page(as_html(complaint) or "")
    marked = "".join(shown.marked)
    assert complaint.text in shown.words
    assert [issue.quote for issue in kit.classify(complaint).issues if issue.quote not in marked] == []


def test_a_classification_alone_shows_its_passages_in_order(draft: Draft):
    """Without the message at hand, the quoted passages stand in their order with gaps between them."""
    found = draft.classification
    shown = excerpts((*found.issues, *found.evidence), reading_marks(found))
    quotes = "".join("…" if piece.gap else piece.text for piece in shown)
    assert all(issue.quote in quotes for issue in found.issues)
    assert not quotes.startswith("…")


def test_a_draft_is_shown_move_by_move(draft: Draft):
    """The rows of a draft are its moves in order, with greeting and closing around them, and lose no word."""
    rows, loose = draft_rows(draft)
    assert [row.move for row in rows if row.move] == list(draft.moves)
    assert "".join("".join(p.text for row in rows for p in row.pieces).split()) == "".join(draft.text.split())
    assert [found for found in loose if found.quote] == []
    shown = Page(as_html(draft) or "").words
    assert [m.sources[0].heading for m in draft.moves if m.sources[0].heading not in shown] == []


def test_a_finding_stands_in_the_move_it_is_about(draft: Draft):
    """A finding is underlined in its passage, with why and rewrite below the move; one without a place comes last."""
    quote = draft.moves[1].text.split(".")[0]
    inside, nowhere = (
        finding(draft.text, quote),
        finding(draft.text, quote).model_copy(update={"quote": "", "rule": "no-apology"}),
    )
    rows, loose = draft_rows(draft.model_copy(update={"findings": (inside, nowhere)}))
    assert [(row.findings, row.move) for row in rows if row.findings] == [((inside,), draft.moves[1])]
    assert loose == [nowhere]
    shown = Page(as_html(draft.model_copy(update={"findings": (inside,)})) or "")
    assert quote in shown.marked
    assert all(words in shown.words for words in ("It makes people angrier.", "Say what happens next."))


def test_moves_that_a_repair_has_changed_do_not_break_the_page(draft: Draft):
    """Where a move's words are not in the text, the text is shown all the same, once."""
    changed = draft.model_copy(update={"text": "Dear all,\n\nquite another text."})
    rows, _ = draft_rows(changed)
    assert ["".join(p.text for p in row.pieces) for row in rows] == ["Dear all,\n\nquite another text."]


# ---------------------------------------------------------------- side by side


def test_compare_lays_drafts_side_by_side(complaint: Complaint, kit: ReplyKit):
    """Each kit has a column with its draft; a kit that fails has its error there."""
    broken = ReplyKit(FailingModel(replykit.SettingsError("the key is wrong")))
    both = compare(complaint, {"with remedies": kit}, bare=ReplyKit(), broken=broken)
    shown = Page(both._repr_html_())
    assert list(both.drafts) == ["with remedies", "bare", "broken"]
    assert all(name in shown.words for name in both.drafts)
    assert "the key is wrong" in shown.words
    assert list(both.moves()) == ["with remedies", "bare"]
    assert shown.open == []


def test_comparing_nothing_is_refused(complaint: Complaint):
    """A comparison needs at least one kit, and says so."""
    with pytest.raises(replykit.InputError, match="give kits by name"):
        compare(complaint)


# ---------------------------------------------------------------- building blocks


def test_charts_say_their_numbers_in_words():
    """Who cannot see a chart hears its numbers."""
    charts = {
        "bars": bars([Bar("no_response", 0.5, "50%")], caption="Issues"),
        "grouped": grouped_bars(
            [Series("a", {"x": 0.2}, {"x": "20%"}), Series("b", {"x": 0.4}, {"x": "40%"})], caption="Both"
        ),
        "calibration": calibration([(0.7, 0.6, 12)], caption="Calibration"),
    }
    heard = {name: dict(Page(chart).attributes)["aria-label"] for name, chart in charts.items()}
    assert heard == {
        "bars": "Issues; no response 50%",
        "grouped": "Both; x 20% 40%",
        "calibration": "Calibration; 12 messages: 70% sure, 60% right",
    }


def test_a_confusion_matrix_counts_by_row():
    """A cell holds how many of its row were read as its column, and its hover says of how many."""
    shown = Page(confusion({("a", "b"): 3, ("a", "a"): 1}, ["a", "b"], caption="c"))
    assert [value for name, value in shown.attributes if name == "title"] == ["1 of 4", "3 of 4", "0 of 0", "0 of 0"]


def test_a_table_escapes_its_cells():
    """Text in a cell stays text."""
    assert "<b>" not in table(("a",), [("<b>bold</b>",)])


def test_a_fragment_brings_its_style_and_escapes_plain_parts():
    """A fragment is complete in itself, and a part that is no markup is text."""
    shown = Page(fragment("<b>plain</b>"))
    assert ("style" in shown.tags, "b" in shown.tags, "<b>plain</b>" in shown.words) == (True, False, True)


# ---------------------------------------------------------------- colours

PAIR = re.compile(r"--rk-([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall(STYLE)}
WORDS = ("ink", "quiet", "accent", "good", "look", "bad")
GROUNDS = ("paper", "card", "wash")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_words_can_be_read_on_every_ground(mode: int):
    """Every colour of words has the contrast that WCAG asks of text, 4.5, on every ground it stands on."""
    pairs = [*product(WORDS, GROUNDS), *product(["ink"], ["amber", "blue", "rose", "green"])]
    weak = {(w, g): round(contrast(COLOURS[w][mode], COLOURS[g][mode]), 2) for w, g in pairs}
    assert {pair: value for pair, value in weak.items() if value < 4.5} == {}


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_lines_under_words_can_be_seen(mode: int):
    """Underlines have the contrast that WCAG asks of signs, 3, on the paper and on every marked ground."""
    pairs = product(("rose-line", "violet-line", "accent", "look", "bad"), (*GROUNDS, "amber", "blue"))
    weak = {(w, g): round(contrast(COLOURS[w][mode], COLOURS[g][mode]), 2) for w, g in pairs}
    assert {pair: value for pair, value in weak.items() if value < 3} == {}


# ---------------------------------------------------------------- progress


class Notebook:
    """What a running notebook kernel offers for showing things, and what was shown."""

    def __init__(self) -> None:
        self.display = SimpleNamespace(display=self, HTML=str)
        self.shown: list[str] = []

    def get_ipython(self) -> object:
        return SimpleNamespace(kernel=object())

    def __call__(self, html: str, *, display_id: bool) -> Notebook:
        self.shown.append(html)
        return self

    def update(self, html: str) -> None:
        self.shown.append(html)


def test_a_notebook_shows_how_far_many_drafts_are(kit: ReplyKit, monkeypatch: pytest.MonkeyPatch):
    """In a notebook a bar says how many drafts there are and how they came out; the results are the same."""
    notebook = Notebook()
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    messages = ["The lamp arrived broken.", "", "The lamp arrived broken."]
    results = list(kit.draft_many(messages))
    assert [type(result).__name__ for result in results] == ["Draft", "InputError", "Draft"]
    assert ("0 of 3" in notebook.shown[0], "3 of 3" in notebook.shown[-1]) == (True, True)
    assert "1 failed" in notebook.shown[-1]


@pytest.mark.parametrize("module", [None, SimpleNamespace(get_ipython=lambda: None, display=None)])
def test_elsewhere_nothing_is_shown(kit: ReplyKit, monkeypatch: pytest.MonkeyPatch, module: object):
    """In a script, and in a console of IPython, the results come as they are."""
    monkeypatch.setitem(sys.modules, "IPython", module)
    assert [type(result).__name__ for result in kit.draft_many(["The lamp arrived broken."])] == ["Draft"]
