"""What the policy grants in one case, in the pieces that wordings put together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from replykit.english import and_join
from replykit.plan.amounts import amounts_in
from replykit.types import Remedy
from replykit.write.facts import stated

if TYPE_CHECKING:
    from replykit.write.story import Story

DESK = re.compile(
    r"^(?!the |our ).*\b(?:office|desk|line|team|room|department|workshop|service|crew|unit|studio|kitchen|bookroom|depot|warehouse)$",
    re.IGNORECASE,
)
OWNED = re.compile(r"(?:our|the|my|an?) ", re.IGNORECASE)
COUNTED = re.compile(
    r"^(?:(?:full|free|cash|partial|second|new|further|price|late) )?(?:refund|return|exchange|replacement|discount|waiver|reduction|credit|repair|voucher|transfer|swap|cancellation|change)\b(?! of mind)",
    re.IGNORECASE,
)
DAYS = {1: "a day", 7: "a week", 14: "two weeks", 30: "a month"}


def open_remedies(story: Story) -> list[Remedy]:
    """The remedies that apply, without one that already stands in for what was refused."""
    refused = story.case.grants.refused
    return [r for r in story.case.grants.remedies if not (refused and refused.instead == r.say)]


def remedies(story: Story) -> list[dict[str, str]]:
    """Each remedy as `say`, `limit` and `by`, ready to be set after "we will"."""
    return [as_said(remedy, story) for remedy in open_remedies(story)]


def as_said(remedy: Remedy, story: Story) -> dict[str, str]:
    """One remedy in pieces; limit and time bring their own comma."""
    return {"say": remedy.say, "limit": _limit(remedy, story), "by": f", {remedy.within}" if remedy.within else ""}


def by_when(story: Story) -> str:
    """By when the one remedy, or what stands in for it, is done; nothing where there is a choice or no time."""
    if story.case.situation.remedy == "one":
        within = open_remedies(story)[0].within
        return f" {within}" if within else ""
    return ""


def timed(story: Story) -> bool:
    """Whether any of several remedies says by when."""
    return any(remedy.within for remedy in open_remedies(story))


def _limit(remedy: Remedy, story: Story) -> str:
    """The limit, where it is not said already and the order does not stay under it anyway."""
    if not remedy.limit or any(part in remedy.say for part in (remedy.limit, remedy.limit.strip("€$£ "), "half")):
        return ""
    ceiling, amount = amounts_in(remedy.limit), story.case.complaint.order.amount
    within = ceiling and amount is not None and "%" not in remedy.limit and amount <= max(ceiling)
    return "" if within else f", up to {remedy.limit}"


def refused(story: Story) -> str:
    """What the policy refuses, with an article where English wants one."""
    what = story.case.grants.refused.what if story.case.grants.refused else ""
    return f"a {what}" if COUNTED.match(what) else what


def instead(story: Story) -> str:
    """What the policy offers in place of what it refuses."""
    refused = story.case.grants.refused
    return (refused.instead or "") if refused else ""


def instead_within(story: Story) -> str:
    """By when that happens, where a remedy of the same words has a time."""
    return next((f", {r.within}" for r in story.case.grants.remedies if r.say == instead(story) and r.within), "")


def window(story: Story) -> str:
    """The return window, where it is what stands in the way."""
    days = story.case.policy.returns.window
    return f", as returns are open for {days}" if story.case.grants.outside_window and days else ""


def takeover(story: Story) -> dict[str, str]:
    """Who takes over, by when, and how to reach them."""
    rows, first_answer = story.case.policy.escalation, story.case.policy.response_times.first_answer or ""
    route = story.case.grants.route or (rows[0] if rows else None)
    if route is None:
        senior = story.phrase("somebody_senior")
        return {"who": senior, "subject": senior, "within": first_answer, "reach": ""}
    bare = not route.role or OWNED.match(route.role)
    role = f"our {route.role}" if route.name and not bare else route.role
    reach = ""
    if route.contact:
        reach = (
            story.phrase("reached_here")
            if "this message" in route.contact
            else story.phrase("reached_directly", contact=route.contact)
        )
    who = ", ".join(filter(None, (route.name, role))) or story.phrase("somebody_senior")
    return {
        "who": who,
        "subject": f"{who}," if "," in who else who,
        "within": route.within or first_answer,
        "reach": reach,
    }


def authority(story: Story) -> str:
    """What this agent may decide, to follow "I can"."""
    given = stated(story.case.complaint.facts, "agent_authority")
    return f" {given.split(' ', 1)[1] if given.lower().startswith(('may ', 'can ')) else story.phrase('decide_alone')}"


def update_rhythm(story: Story) -> str:
    """How often news comes."""
    times = story.case.policy.response_times
    return times.update or times.first_answer or "regularly"


def way_back(story: Story) -> str:
    """The channels that stay open after a closing."""
    return and_join(list(story.case.policy.boundary.channels_left_open)) or "this address"


def follow_up_after(story: Story) -> str:
    """How long after a resolution we ask again."""
    days = story.case.policy.follow_up.after_days
    return DAYS.get(days, f"{days} days")


def desks(story: Story) -> list[str]:
    """The departments concerned, with an article where English wants one."""
    return [f"the {name}" if DESK.search(name) else name for name in story.case.grants.departments]
