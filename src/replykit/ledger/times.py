"""The room of times that can be kept or broken: dates, weekdays, "inside a fortnight", "by close of play on Friday".

dateparser and its kin turn words into a moment, and so need to know today and lose whether a time was "within" or
"on"; what matters here is only whether two wordings mean the same, so a time is kept as what was said of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from replykit.ledger.numbers import value

DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
SHORT_DAYS = {
    "mon": "monday",
    "tue": "tuesday",
    "tues": "tuesday",
    "wed": "wednesday",
    "thu": "thursday",
    "thur": "thursday",
    "thurs": "thursday",
    "fri": "friday",
    "sat": "saturday",
    "sun": "sunday",
}
MONTHS = "january february march april may june july august september october november december".split()
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
COUNT = (
    r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|twenty|twenty[- ]one|twenty[- ]four|twenty[- ]eight|thirty|forty|forty[- ]eight|forty[- ]five|fifty"
    r"|sixty|seventy[- ]two|ninety|half an|half a|a couple of|a few|several)"
)
UNIT = (
    r"(?:(?:working|business|week) ?days?|(?:calendar )?days?|weeks?|fortnights?|months?|hours?|hrs?"
    r"|minutes?|mins?|years?)"
)
CLOCK = (
    r"(?:\d{1,2}(?:[:.]\d\d)? ?(?:a\.?m\.?|p\.?m\.?|o'clock|h\b)|\d{1,2}[:.]\d\d|noon|midday|midnight"
    r"|lunchtime|(?:half past |quarter (?:past|to) )?(?:one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve)(?: o'clock| a\.?m\.?| p\.?m\.?)?|\d{1,2})"
)
PART = r"(?:early |late )?(?:morning|afternoon|evening|night|lunchtime)"
TIME = re.compile(
    rf"(?P<dur>\b(?P<n>{COUNT})(?:[ -]?(?:to|or|-|and)[ -]?(?P<m>{COUNT}))?[ \xa0-](?:full |clear |short |more )?"
    rf"(?P<unit>{UNIT})(?:'s?)?(?: time)?\b)"
    rf"|(?P<hour>\bwithin the (?:next )?(?P<w1>hour|day|week|fortnight|month|year)\b|\b(?:inside|in|over) the (?:next )?"
    rf"(?P<w2>hour|day|week|fortnight|month)\b)"
    rf"|(?P<date>\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<mon1>{MONTH})\b|\b(?P<mon2>{MONTH}) "
    rf"(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)|\b(?P<iso>\d{{4}}-\d\d-\d\d)\b"
    rf"|\b(?P<slash>\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}})\b|\bthe (?P<d3>\d{{1,2}})(?:st|nd|rd|th)\b)"
    rf"|(?P<weekday>\b(?:{'|'.join(DAYS)}|(?:mon|tues?|wed|thur?s?|fri|sat|sun)\b\.?)(?!s\b))"
    rf"|(?P<rel>\b(?:today|tonight|tomorrow|the day after tomorrow|this (?:week|weekend|month"
    rf"|year|{PART})|next (?:week|weekend|month|year|day)(?!'s (?!time))|(?:(?:the )?end|close|start|beginning) of "
    rf"(?:the |this |next |today's |play|business)?(?:week|month|day|year|business|play|weekend|working "
    rf"day)?(?: next week| this week)?|the weekend|overnight|(?:day|week|month) is out|end of today|the "
    rf"same day|same day|later today|the following (?:day|week|morning)|{PART})\b)"
    rf"|(?P<clock>\b(?:by|at|before|after|until|from|between|till|around|about|not later than|no later "
    rf"than)[ \xa0](?P<c1>{CLOCK})(?: ?(?:and|to|-|or) ?(?P<c2>{CLOCK}))?(?![\w%£€$]|[ ](?:of )?{MONTH}\b|[ -](?:of|per cent"
    rf"|days?|hours?|weeks?|minutes?|months?|years?|working|business|euros?|pounds?|items?|people"
    rf"|different))|\b\d{{1,2}}(?:[:.]\d\d)? ?(?:a\.?m|p\.?m)\b|\b\d{{1,2}}:\d\d\b)"
)
SAME = {"end of day": "today", "end of week": "week", "end of month": "month", "end of year": "year", "later today": "today", "end of today": "today",
        "day is out": "today", "week is out": "week", "month is out": "month", "weekend": "week"}  # fmt: skip
LEAD = re.compile(
    r"(?:\b(?:by|on|before|until|till|from|this|next|the|coming|at|in|no later than|not later than|latest|of)[ \xa0])+$"
)
WORDS_TOO = ("sat", "sun")
"""Short names of days that are also words: "and then sat in a tray"."""
DATED = re.compile(r"\.?,? (?:the )?\d")
BOUND_BEFORE = re.compile(
    r"(?:\b(?:takes?|take|allow|arrives?|of)[ \xa0](?:you )?|(?P<from>\b(?:within|in|inside|under|less than|no (?:later|more) than"
    r"|at (?:the )?(?:most|latest)|up to|by|about|around|another|the next|just|for|after|over)[ \xa0]"
    r"(?:the next |about |around |another |the space of |at most |just |under |less than |the )?))$"
)
HOURS = {
    "minute": 1 / 60,
    "min": 1 / 60,
    "hour": 1.0,
    "hr": 1.0,
    "day": 24.0,
    "week": 168.0,
    "fortnight": 336.0,
    "month": 730.0,
    "year": 8760.0,
}


@dataclass(frozen=True, slots=True)
class Time:
    """What a wording says about when: equal fields mean equal times. `start` and `end` are its place."""

    start: int
    end: int
    hours: tuple[float, float] | None = None
    working: bool = False
    weekday: str = ""
    date: tuple[int, int] | None = None
    relative: str = ""
    part: str = ""
    clock: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The time in one spelling."""
        span = f"{self.hours[1]:g} {'working ' if self.working else ''}hours" if self.hours else ""
        date = "-".join(str(n) for n in self.date) if self.date else ""
        return " ".join(x for x in (span, self.weekday, date, self.relative, self.part, *self.clock) if x)

    def within(self, grant: Time) -> bool:
        """Whether this says the same as a time that is granted, perhaps with less or more of the detail."""
        if self.hours or grant.hours:
            mine, theirs = self.hours, grant.hours
            return (
                mine is not None
                and theirs is not None
                and abs(mine[1] - theirs[1]) < 0.5
                and self.working == grant.working
            )
        for a, b in (
            (self.weekday, grant.weekday),
            (self.relative, grant.relative),
            (self.part, grant.part),
            (self.clock, grant.clock),
        ):
            if a and b and a != b:
                return False
        if self.date and grant.date and not _same_date(self.date, grant.date):
            return False
        if (self.weekday and grant.weekday) or (self.date and grant.date) or (self.relative and grant.relative):
            return True
        return bool(self.clock and grant.clock) or bool(self.part and grant.part)


def _same_date(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[1] == b[1] and (a[0] == b[0] or 0 in (a[0], b[0]))


@lru_cache(maxsize=4096)
def times(text: str) -> tuple[Time, ...]:
    """The times in a lower-cased text. Neighbouring parts ("on Friday 4 June by noon") are one time."""
    found: list[Time] = []
    for m in TIME.finditer(text):
        time = _read(m)
        if time is None:
            continue
        last = found[-1] if found else None
        if last and _joined(text[last.end : time.start]) and (merged := _merge(last, time)) is not None:
            found[-1] = merged
        else:
            found.append(time)
    return tuple(t for t in found if t.hours or t.weekday or t.date or t.relative or t.clock or t.part)


def _joined(between: str) -> bool:
    return (
        re.fullmatch(
            r",?[ \xa0]?(?:(?:the|on|at|by|before|of|in|this|next|and|to|-|between|from|,|for|around"
            r"|after|until|no later than)[ \xa0]?)*",
            between,
        )
        is not None
    )


def _merge(a: Time, b: Time) -> Time | None:
    """Two parts of one time, unless both say the same kind of thing."""
    if a.hours or b.hours or (a.weekday and b.weekday) or (a.date and b.date) or (a.relative and b.relative):
        return None
    return Time(
        a.start, b.end, weekday=a.weekday or b.weekday, date=a.date or b.date, relative=a.relative or b.relative,
        part=a.part or b.part, clock=a.clock + b.clock,
    )  # fmt: skip


def _read(m: re.Match[str]) -> Time | None:
    start = m.start()
    lead = LEAD.search(m.string, max(0, start - 40), start)
    start = lead.start() if lead else start + (len(m[0]) - len(m[0].lstrip()))
    if m["dur"]:
        bound = BOUND_BEFORE.search(m.string, max(0, m.start() - 36), m.start())
        if bound is None and m["m"] is None:
            return None
        return _duration(m, bound.start("from") if bound is not None and bound["from"] else start)
    if m["hour"]:
        unit = m["w1"] or m["w2"]
        return Time(start, m.end(), hours=(0, HOURS[unit]))
    if m["weekday"]:
        name = m["weekday"].rstrip(".")
        if name in WORDS_TOO and not DATED.match(m.string, m.end()) and not (lead and lead[0].strip() != "the"):
            return None
        return Time(start, m.end(), weekday=SHORT_DAYS.get(name, name)) if name in DAYS or name in SHORT_DAYS else None
    if m["date"]:
        return Time(start, m.end(), date=_date(m))
    if m["rel"]:
        return _relative(m, start)
    return Time(start, m.end(), clock=tuple(_clock(c) for c in (m["c1"] or m[0], m["c2"]) if c))


def _duration(m: re.Match[str], start: int) -> Time | None:
    low, high = _count(m["n"]), _count(m["m"] or m["n"])
    unit = m["unit"]
    working = unit.startswith(("working", "business", "week d", "weekd"))
    base = "day" if working else unit.removeprefix("calendar ").rstrip("s")
    if low is None or high is None or base not in HOURS:
        return None
    return Time(start, m.end(), hours=(low * HOURS[base], high * HOURS[base]), working=working)


def _count(text: str) -> float | None:
    loose = {"a": 1.0, "an": 1.0, "half an": 0.5, "half a": 0.5, "a couple of": 2.0, "a few": 3.0, "several": 5.0}
    return loose[text] if text in loose else value(text)


def _date(m: re.Match[str]) -> tuple[int, int]:
    """Month and day; month 0 where only the day was said."""
    if m["iso"]:
        return int(m["iso"][5:7]), int(m["iso"][8:])
    if m["slash"]:
        day, month = re.split(r"[/.]", m["slash"])[:2]
        return int(month), int(day)
    month = m["mon1"] or m["mon2"]
    number = next((i + 1 for i, name in enumerate(MONTHS) if month and name.startswith(month[:3])), 0)
    return number, int(m["d1"] or m["d2"] or m["d3"])


def _relative(m: re.Match[str], start: int) -> Time:
    said = re.sub(r"^(?:the|later) ", "", m["rel"])
    part = re.search(PART + "$", said)
    if part:
        bare = said[: part.start()].strip()
        return Time(
            start,
            m.end(),
            relative="today" if bare == "this" else bare,
            part=part[0].split()[-1].replace("night", "evening"),
        )
    if said == "tonight":
        return Time(start, m.end(), relative="today", part="evening")
    said = SAME.get(said, said)
    said = re.sub(r"(?:close|end) of (?:the |today's |)(?:business|play|day|working day)", "end of day", said)
    said = re.sub(r"\b(?:the|this) (?=week|month\b|year\b|day\b)", "", said)
    return Time(start, m.end(), relative=SAME.get(said, said))


def _clock(text: str) -> str:
    """A time of day as hh:mm where that is plain; hours without a.m. or p.m. stay as they are, modulo twelve."""
    text = text.strip()
    if text in ("noon", "midday", "midnight", "lunchtime"):
        return {"noon": "12:00", "midday": "12:00", "midnight": "0:00"}.get(text, text)
    m = re.search(r"(\d{1,2})(?:[:.](\d\d))?|(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)", text)
    if m is None:
        return text
    hour = int(m[1]) if m[1] else int(value(m[3]) or 0)
    minutes = m[2] or (
        "30" if "half past" in text else "15" if "quarter past" in text else "45" if "quarter to" in text else "00"
    )
    return f"{hour % 12}:{minutes}"
