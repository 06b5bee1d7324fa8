"""Insights as a page with charts that opens anywhere, for a meeting about what to mend first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from replykit.display.html import Bar, Series, bars, columns, grouped_bars, heat, page, render, section, table
from replykit.display.words import spoken
from replykit.insights.nouns import Count, Insights, Repeat
from replykit.insights.table import summary

TOP = 10
MOST_REPEATS = 25
MOST_WEEKS = 26
"""Half a year fits a page; the figures of every week are in the JSON."""
CAUSES = ("product", "miscommunication", "emotional", "none")
Part = tuple[str, str, Markup]


def insights_page(found: Insights, *, title: str = "What customers complain about") -> str:
    """A whole page: over time, what it is about, what repeats, who has to look.

    Args:
        found: The insights.
        title: The heading.
    """
    parts = [*_over_time(found), *_about(found), *_repeating(found), *_tempers(found), *_answers(found)]
    contents = [(anchor, words) for anchor, words, _ in parts]
    return page(title, *(part for _, _, part in parts), lede=summary(found), contents=contents)


def _over_time(found: Insights) -> Iterator[Part]:
    weeks = found.weeks[-MOST_WEEKS:]
    if not weeks:
        return
    labels = [f"{week.starts.day} {week.starts:%b}" for week in weeks]
    series = {name: [week.counts["causes"].get(name, 0) for week in weeks] for name in CAUSES}
    chart = columns(labels, {k: v for k, v in series.items() if any(v)}, caption="Complaints a week, by cause")
    body = [chart, *_rising(found)]
    yield (
        "time",
        "Over time",
        section("Over time", *body, note="Complaints a week, by cause; a week begins on Monday.", anchor="time"),
    )
    issues = [one.name for one in found.counts["issues"][:TOP]]
    if issues and len(weeks) > 1:
        field = heat(labels, _by_week(found, "issues", issues), caption="Issues by week")
        moves = [one.name for one in found.counts["strategies"]]
        answers = heat(labels, _by_week(found, "strategies", moves), caption="Strategies by week")
        body = [field, render("fold", summary="Strategies by week", body=answers)]
        note = "The darker, the more complaints of that sort came in that week."
        yield "weeks", "Week by week", section("Week by week", *body, note=note, anchor="weeks")


def _by_week(found: Insights, group: str, names: Sequence[str]) -> list[tuple[str, list[int]]]:
    return [(name, [week.counts[group].get(name, 0) for week in found.weeks[-MOST_WEEKS:]]) for name in names]


def _rising(found: Insights) -> Iterator[Markup]:
    """What makes up more than before, the earlier half beside the later one."""
    rows = found.rising[:TOP]
    if not rows:
        return
    most = max(one.after for one in rows)
    named = {
        one.name if len({o.group for o in rows if o.name == one.name}) < 2 else f"{one.name} ({one.group})": one
        for one in rows
    }
    halves = [
        Series(name, {k: getattr(one, half) / most for k, one in named.items()}, {k: str(getattr(one, half)) for k, one in named.items()})
        for name, half in (("earlier half", "before"), ("later half", "after"))
    ]  # fmt: skip
    yield section(
        "Rising",
        grouped_bars(halves, caption="What is rising"),
        note="What makes up more of the complaints than it did in the earlier half of the time.",
    )


def _about(found: Insights) -> Iterator[Part]:
    lists = [
        ("Issues", _bars(found.counts["issues"], "Issues")),
        ("Products and services", _bars(found.counts["items"], "Items")),
        ("Causes", _bars(found.counts["causes"], "Causes")),
        ("What they ask for", _bars(found.counts["requests"], "Requests")),
    ]
    shown = [(name, body) for name, body in lists if body]
    if shown:
        note = f"The {TOP} most frequent of each. A complaint counts in each of its issues and requests."
        yield (
            "about",
            "What it is about",
            section("What it is about", render("side", columns=shown), note=note, anchor="about"),
        )


def _repeating(found: Insights) -> Iterator[Part]:
    if not found.repeats:
        return
    faults = [one for one in found.repeats if one.what == "item"]
    people = [one for one in found.repeats if one.what == "customer"]
    body = [_faults(faults)] if faults else []
    if people:
        rows = [(one.name, one.count) for one in people[:MOST_REPEATS]]
        listed = table(("Customer", "Times"), rows, numbers=(1,), caption="Customers who wrote again")
        body.append(render("fold", summary=f"Customers who wrote more than once ({len(people)})", body=listed))
    note = "The same issue with the same item is a root to mend; a customer who writes again was not helped the first time."
    yield "repeats", "What comes again", section("What comes again", *body, note=note, anchor="repeats")


def _faults(faults: Sequence[Repeat]) -> Markup:
    """Items against issues; what came once is left blank."""
    counts = {(one.name, one.issue): one.count for one in faults}
    by_item, by_issue = Counter[str](), Counter[str]()
    for (item, issue), count in counts.items():
        by_item[item] += count
        by_issue[str(issue)] += count
    issues = [name for name, _ in by_issue.most_common(TOP)]
    rows = [(item, [counts.get((item, issue), 0) for issue in issues]) for item, _ in by_item.most_common(MOST_REPEATS)]
    return heat([spoken(issue) for issue in issues], rows, caption="Issues by item", slanted=True)


def _tempers(found: Insights) -> Iterator[Part]:
    lists = [
        ("Tone", _bars(found.counts["tones"], "Tones", order=("calm", "frustrated", "angry", "abusive"))),
        ("Stakes", _bars(found.counts["stakes"], "Stakes", order=("low", "medium", "high"))),
        ("Threats", _bars(found.counts["threats"], "Threats")),
        ("Channels", _bars(found.counts["channels"], "Channels")),
    ]
    shown = [(name, body) for name, body in lists if body]
    if shown:
        yield (
            "tempers",
            "How heated, how grave",
            section("How heated, how grave", render("side", columns=shown), anchor="tempers"),
        )


def _answers(found: Insights) -> Iterator[Part]:
    review = found.needs_review
    lists = [
        ("Strategies", _bars(found.counts["strategies"], "Strategies", top=40)),
        ("Kinds of message", _bars(found.counts["kinds"], "Kinds of message")),
    ]
    body = [render("side", columns=[(name, chart) for name, chart in lists if chart])]
    if found.reasons:
        rows = [(one.name, one.count, f"{one.share:.0%}") for one in found.reasons[:TOP]]
        body.append(Markup('<div style="margin-top:32px">{}</div>').format(
            table(("Why a person looks", "Complaints", "Share"), rows, numbers=(1, 2), caption="Reasons for review")
        ))  # fmt: skip
    note = f"{review.count} of {found.total} ({review.share:.0%}) need a person before anything is sent."
    yield "answers", "How they are answered", section("How they are answered", *body, note=note, anchor="answers")


def _bars(counts: Sequence[Count], caption: str, *, order: Sequence[str] = (), top: int = TOP) -> Markup | None:
    ordered = sorted(counts, key=lambda one: order.index(one.name)) if order else list(counts[:top])
    if not ordered:
        return None
    most = max(one.count for one in ordered)
    rows = [
        Bar(one.name, one.count / most, f"{one.count} · {one.share:.0%}", strong=one.count == most) for one in ordered
    ]
    return bars(rows, caption=caption)
