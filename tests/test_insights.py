"""Insights: what is counted, in which week, what comes again and what is rising; as a table, as JSON, as a page."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit import Complaint, InputError, ReplyKit
from replykit.display.html import columns, heat
from replykit.insights import Count, Insights, Repeat, Rise, Seen, insights, insights_page, seen_complaint, seen_draft

Cli = Callable[..., tuple[int, str, str]]
DAY = dt.date(2026, 3, 4)  # a Wednesday


def named(found: Insights, group: str) -> dict[str, int]:
    """The counts of a group by name."""
    return {one.name: one.count for one in found.counts[group]}


def complaint(number: int, text: str, *, item: str = "kettle", by: str = "Ana", weeks: int = 0) -> dict[str, object]:
    """A row of an inbox."""
    on = dt.datetime(2026, 3, 4, 9, tzinfo=dt.UTC) + dt.timedelta(weeks=weeks)
    return {
        "id": f"c{number}",
        "text": text,
        "received_at": on.isoformat(),
        "customer": {"name": by},
        "order": {"item": item},
    }


INBOX = [
    complaint(1, "The kettle leaks and I want my money back.", by="Ana Brandt"),
    complaint(2, "My kettle leaks all over the worktop. Please refund it.", by="Jun Sato", weeks=2),
    complaint(3, "Your colleague was rude to me at the counter.", item="Rug <b>", by="ana  brandt", weeks=2),
]


@pytest.fixture
def inbox(cli: Cli, tmp_path: Path) -> Path:
    """An inbox of three complaints, one line that is broken, in the working directory of the command line."""
    path = tmp_path / "inbox.jsonl"
    path.write_text("\n".join([*map(json.dumps, INBOX), "{broken"]), encoding="utf-8")
    return path


# ------------------------------------------------------------------ counting


def test_a_complaint_counts_once_in_each_of_its_labels():
    """Issues and requests are counted by complaint, the most frequent first, with their share of all complaints."""
    found = insights(
        [
            Seen(id="1", cause="product", issues=("late", "damaged", "late"), requests=("refund",)),
            Seen(id="2", cause="product", issues=("late",)),
            Seen(id="3", cause="emotional"),
            Seen(id="4", cause="product"),
        ]
    )
    assert found.counts["issues"] == (
        Count(name="late", count=2, share=0.5),
        Count(name="damaged", count=1, share=0.25),
    )
    assert named(found, "causes") == {"product": 3, "emotional": 1}
    assert found.counts["items"] == ()


def test_weeks_begin_on_monday_and_none_is_left_out():
    """A week in which nothing came is there with nothing in it."""
    found = insights(
        [
            Seen(id="1", on=DAY, issues=("late",), needs_review=True),
            Seen(id="2", on=DAY + dt.timedelta(days=15)),
            Seen(id="3"),
        ]
    )
    weeks = [(week.starts.isoformat(), week.total, week.needs_review) for week in found.weeks]
    assert weeks == [("2026-03-02", 1, 1), ("2026-03-09", 0, 0), ("2026-03-16", 1, 0)]
    assert found.weeks[0].counts["issues"] == {"late": 1}
    assert (found.first, found.last, found.undated) == (DAY, DAY + dt.timedelta(days=15), 1)


def test_the_same_fault_and_the_same_customer_come_again():
    """Repeats name the item with its issue, and the customer however their name is spelt, with the complaints' ids."""
    found = insights(
        [
            Seen(id="1", item="kettle", issues=("defective",), customer="Ana Brandt"),
            Seen(id="2", item="kettle", issues=("defective", "late"), customer="ANA  BRANDT"),
            Seen(id="3", item="rug", issues=("defective",), customer="Jun Sato"),
        ]
    )
    assert found.repeats == (
        Repeat(what="item", name="kettle", issue="defective", count=2, ids=("1", "2")),
        Repeat(what="customer", name="Ana Brandt", count=2, ids=("1", "2")),
    )


def test_what_takes_a_larger_share_than_before_is_rising():
    """An issue that grows faster than the rest is rising; where all grow alike, none is."""
    weeks = [DAY + dt.timedelta(weeks=number) for number in range(4)]
    alike = [
        Seen(id=f"{on}{number}{issue}", on=on, issues=(issue,))
        for at, on in enumerate(weeks)
        for issue in ("late", "billing")
        for number in range(4 if at >= 2 else 2)
    ]
    assert insights(alike).rising == ()
    more = [Seen(id=f"+{number}", on=weeks[3], issues=("late",)) for number in range(9)]
    assert insights(alike + more).rising == (Rise(group="issues", name="late", before=4, after=17),)


def test_review_is_a_share_with_its_reasons():
    """How many need a person, and why, each reason once a complaint."""
    found = insights([Seen(id="1", needs_review=True, reasons=("stakes", "stakes")), Seen(id="2", reasons=("late",))])
    assert found.needs_review == Count(name="needs review", count=1, share=0.5)
    assert {one.name: one.count for one in found.reasons} == {"stakes": 1, "late": 1}


@given(st.lists(st.builds(Seen, id=st.text(max_size=3), on=st.dates(dt.date(2025, 1, 1), dt.date(2026, 1, 1)))))
def test_every_dated_complaint_is_in_one_week(rows: list[Seen]):
    """The weeks add up to all complaints that have a date, and follow each other without a gap."""
    found = insights(rows)
    assert sum(week.total for week in found.weeks) == len(rows)
    assert [b.starts - a.starts for a, b in zip(found.weeks, found.weeks[1:], strict=False)] == [
        dt.timedelta(days=7)
    ] * max(0, len(found.weeks) - 1)


def test_no_complaints_are_no_error():
    """An empty inbox has insights with nothing in them, and a page."""
    assert insights([]).total == 0
    assert "0 complaints" in insights_page(insights([]))


# ------------------------------------------------------------------ reading


def test_a_complaint_and_its_draft_are_seen_alike():
    """A complaint read on the fly counts as its draft does when both are at hand."""
    kit, known = ReplyKit(), Complaint.model_validate({k: v for k, v in INBOX[0].items() if k != "id"})
    row = {"id": "c1", **kit.draft(known).model_dump(mode="json")}
    drafted, read = seen_draft(row, known), seen_complaint(kit, known, "c1")
    assert drafted.model_copy(update={"needs_review": False, "reasons": ()}) == read.model_copy(
        update={"needs_review": False, "reasons": ()}
    )
    assert (read.on, read.item, read.customer) == (dt.date(2026, 3, 4), "kettle", "Ana Brandt")


def test_a_draft_alone_counts_without_a_date():
    """Without its complaint a draft has labels, strategies and the item that was mentioned, and no customer."""
    kit = ReplyKit()
    row = {"id": 7, **kit.draft("The kettle I bought from you leaks.").model_dump(mode="json")}
    seen = seen_draft(row)
    assert (seen.id, seen.on, seen.customer, seen.cause) == ("7", None, None, "product")
    assert seen.strategies


def test_a_line_without_a_plan_says_what_it_needs():
    """Drafts written with fewer fields are refused with the fields that insights need."""
    row = {"id": 1, "classification": {"cause": "product"}}
    with pytest.raises(
        InputError, match="the line has no 'plan'; drafts written with --fields need classification, plan"
    ):
        seen_draft(row)


# ------------------------------------------------------------------ the verb


def test_an_inbox_is_read_and_counted(cli: Cli, inbox: Path):
    """Complaints are classified as they come; a broken line is told and counted."""
    code, out, err = cli("insights", "inbox.jsonl")
    assert code == 0
    for words in (
        "3 complaints from 4 March to 18 March 2026",
        "1 more could not",
        "kettle",
        "2026-03-09",
        "comes again",
    ):
        assert words in out
    assert "line 4: the line is not JSON" in err


def test_the_json_is_the_noun(cli: Cli, inbox: Path):
    """The JSON holds every count, also those that the table has no room for."""
    found = Insights.model_validate_json(cli("insights", "inbox.jsonl", "--json")[1])
    assert (found.total, found.unread, named(found, "items")) == (3, 1, {"kettle": 2, "rug <b>": 1})
    assert ("item", "kettle") in {(one.what, one.name) for one in found.repeats}
    assert ("customer", "Ana Brandt") in {(one.what, one.name) for one in found.repeats}


def test_drafts_take_their_dates_from_the_complaints(cli: Cli, inbox: Path, tmp_path: Path):
    """What `draft --jsonl` writes is counted with the inbox beside it exactly as the inbox is."""
    drafts = cli("draft", "inbox.jsonl", "--jsonl", "--offline")[1]
    (tmp_path / "drafts.jsonl").write_text(drafts, encoding="utf-8")
    alone = Insights.model_validate_json(cli("insights", "drafts.jsonl", "--json")[1])
    joined = Insights.model_validate_json(cli("insights", "drafts.jsonl", "--complaints", "inbox.jsonl", "--json")[1])
    read = Insights.model_validate_json(cli("insights", "inbox.jsonl", "--json")[1])
    assert (alone.total, alone.undated, alone.weeks) == (3, 3, ())
    assert (joined.weeks, joined.repeats, joined.counts["issues"]) == (read.weeks, read.repeats, read.counts["issues"])


def test_a_csv_is_read_by_its_columns(cli: Cli, tmp_path: Path):
    """Columns are named as for a batch."""
    (tmp_path / "inbox.csv").write_text("no,body,day\n1,The kettle leaks.,2026-03-04T09:00:00\n", encoding="utf-8")
    mapped = ("--column", "text=body", "--column", "received_at=day", "--column", "id=no")
    found = Insights.model_validate_json(cli("insights", "inbox.csv", *mapped, "--json")[1])
    assert (found.total, found.first) == (1, DAY)


# ------------------------------------------------------------------ the page


class Links(HTMLParser):
    """Everything that a page fetches or runs, and the ids in it."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.targets: set[str] = set()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up what a tag refers to."""
        known = dict(attrs)
        self.ids |= {str(known["id"])} if "id" in known else set()
        if tag in ("script", "link", "img", "iframe"):
            self.fetched.append(tag)
        if tag == "a":
            self.targets.add(str(known["href"]).removeprefix("#"))


def test_the_page_stands_alone_and_its_contents_lead_somewhere(cli: Cli, inbox: Path, tmp_path: Path):
    """Nothing is fetched, every entry of the contents has its section, and what customers wrote is escaped."""
    assert cli("insights", "inbox.jsonl", "--html", "page.html")[0] == 0
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    links = Links()
    links.feed(text)
    assert (links.fetched, links.targets - links.ids) == ([], set())
    assert links.targets == {"time", "weeks", "about", "repeats", "tempers", "answers"}
    assert "rug <b>" not in text
    assert "rug &lt;b&gt;" in text
    assert "url(" not in text


def test_a_page_that_cannot_be_written_is_refused(cli: Cli, inbox: Path):
    """The message names the file and the option."""
    code, _, err = cli("insights", "inbox.jsonl", "--html", "nowhere/page.html")
    assert (code, "nowhere/page.html cannot be written" in err, "--html" in err) == (2, True, True)


def test_columns_stack_and_say_their_numbers():
    """Each column is as high as its share of the largest, and the numbers are there for those who cannot see it."""
    html = str(columns(["2 Mar", "9 Mar"], {"late": [1, 3], "billing": [1, 1]}, caption="A week"))
    assert 'aria-label="A week; 2 Mar 2; 9 Mar 4"' in html
    assert re.findall(r"height:([\d.]+)%", html) == ["100", "25.00", "25.00", "100", "75.00", "25.00"]
    assert 'title="9 Mar: 4, 3 late, 1 billing"' in html


def test_a_field_of_counts_is_darkest_at_its_largest():
    """Cells carry their share of the largest count, rows their sum."""
    html = str(heat(["a", "b"], [("late", [4, 0]), ("billing <i>", [1, 1])], caption="x"))
    assert re.findall(r"--rk-share:([\d.]+)", html) == ["1.000", "0.000", "0.250", "0.250"]
    assert re.findall(r'rk-n"[^>]*>(\d+)', html) == ["4", "2"]
    assert "billing &lt;i&gt;" in html
