"""The room where the commitments of a text are entered, one by one, with what licenses each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from replykit.ledger.clauses import ADVERB, about
from replykit.ledger.grants import NEEDS_OBJECT, Grant, Grants, covers
from replykit.ledger.money import Sum, sums
from replykit.ledger.reckoned import reckoned, same_sums
from replykit.ledger.remedies import Given, alike, remedies
from replykit.ledger.times import Time, times
from replykit.rules.pattern import FILLER_MARK
from replykit.rules.reading import Reading, Sentence
from replykit.rules.topics import content
from replykit.types import Commitment

CONTACT = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}"
    r"|(?<![\w.-])(?:\+\d{1,3}[ -]?)?0\d{2,5}[ -]?\d{3,4}(?:[ -]?\d{3,4})?(?![\w-])"
)
DIGIT = re.compile(r"[0-9]")
MONEY = re.compile(r"[%£€$¥₹]|\b(?:pounds|euros|dollars|kr|chf|pence|cents)\b")
GIVING = frozenset(
    "refu* reim* repa* repl* exch* swap swaps swapped swapping resend resent resh* rede* fresh cred* "
    "vouc* coup* poin* toke* disc* half redu* reduced knoc* waiv* writ* wrot* "
    "scrap* free comp* grat* upgr* sett* cont* towa* extr* addi* exte* life* keep keeps money back "
    "new another off charge charged charges fee fees fine penalty bill house us treat bonus "
    "gesture goodwill expense nothing pay paid paying payment cover covers covered covering cheque "
    "lounge priority price costs cost points gift token cancel canc* remo* remove lift lifted clear "
    "cleared wipe wiped dropped drop late business first suite better premium".split()
)
"""Words, and stems marked `*`, one of which every remedy holds; sentences without any are not read for one."""
WHEN = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat "
    "sun january february march april may june july august september "
    "october november december jan feb mar apr jun jul aug sep sept oct nov dec today tonight "
    "tomorrow week weeks fortnight month months day days hour hours minute minutes "
    "noon midday midnight morning afternoon evening weekend overnight lunchtime year years "
    "one two three four five six seven eight nine ten eleven twelve half quarter".split()
)
"""Words, or else a figure, of which every time holds one."""
# Words by which a clause looks ahead, and by which it looks back or speaks of something else than what we do.
AHEAD = re.compile(
    r"\b(?:will|shall|going to|can (?:come|be|bring|deliver|collect|send|start|do|call|ring|have|get"
    r"|repair|fit|visit|offer|pick|move|go|fetch)|would like to|(?:is|are) (?:now |already )?(?:booked"
    r"|due|set|planned|scheduled|expected|on its way|on their way|coming|arriving|leaving|back|ready"
    r"|being)"
    r"|arrives?|leaves|goes|ships|comes|reach(?:es)?|lands (?:in|on|with)|expects?|be with you|aim|delivers|expect"
    r"|rings|writes|(?:he|she|they|engineer|manager|driver|team) (?:calls?|visits?|answers?|starts?"
    r"|reports?))\b"
)
BEHIND = re.compile(
    r"\b(?:(?:i|we|it|they|he|she|which|that|and|has|have) (?:have|has|had|\w+ed)|was|were|had|did"
    r"|came|arrived|went|got|took|wrote|called|rang|sent|told|said|asked|waited|ordered|paid|bought"
    r"|booked|received|happened|broke|failed|missed|lost|since|ago|yesterday|last (?:week|month|night"
    r"|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|has been|have been|left)\b"
)
NOT_OURS = re.compile(
    r"\b(?:if|unless|when|once|until|as long as|in case|should)[ \xa0](?:you|your|the|that|this|it"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|none|those|either|neither)\b"
    r"|\b(?:please|you (?:can|may|could|must|have to|need to|should|wrote|asked|ordered|booked|have "
    r"until|are welcome|have))\b|\b(?:reply|send (?:it|us|me)|let (?:me|us) know|tell (?:me|us)|write "
    r"to|call me|ring me|contact)\b"
    r"|\b(?:open(?:s|ing)?|close[sd]?|opening hours|office hours|(?:i am|we are|am|are) (?:here|in|at"
    r"|on|back|available|there|free)|reach(?:ed|able)? (?:me|us)|lines are|on (?:0\d|the number))\b"
    r"|\b(?:offer|code|voucher|coupon|pass|ticket|quote|price|it) (?:is )?(?:valid|good|runs|expires"
    r"|ends)\b"
    r"|\b(?:claims?|receipts?|forms?) (?:\w+ ){0,5}(?:by|within|before)\b|\b(?:for|in) the last\b"
    r"|\b(?:every|each|per|daily|weekly)\b|\bwithout (?:it|them|one|heat|water)\b"
)
NUMBERS = re.compile(r"\d+(?:[.,]\d+)?")
DAY = 24
LENGTH = re.compile(r"\b(?:needs?|takes?|lasts?|spends?)[ ](?:you |them |us |about |only |just |around |at most )*$")
"""What comes before the length of a visit or a task, as against the time by which it is done."""
UNTIL = re.compile(r"(?:until|till|for|after|since)[ ]")
CUT = re.compile(
    r"[;:]| - |, (?:and|but|so|which|while|because|although|as)[ \xa0]|[ \xa0](?:but|because|while"
    r"|although)[ \xa0]|[ \xa0]and[ \xa0](?=(?:it |they |he |she |we |i )?(?:will|shall|should|is|are)\b)"
    r"|[ \xa0]so[ \xa0](?:that )?(?=you\b)|,[ \xa0]"
)


def ledger(reading: Reading, customer: Reading | None, grants: Grants) -> list[Commitment]:
    """Every commitment in a text, in order of place, each with its licence or without one.

    A remedy counts however it is given: offered, promised, or told as done. A time counts where we say that
    something will happen by then. What the customer named, paid or asked for is no commitment.
    """
    theirs = _Theirs(customer.normal.text if customer else "")
    found: list[Commitment] = []
    for sentence in reading.sentences:
        text = sentence.text.replace(FILLER_MARK, " ")
        figures = DIGIT.search(text) is not None
        if not GIVING.isdisjoint(sentence.words) or (figures and MONEY.search(text)):
            given = list(_given(text))
            amounts = list(sums(text)) if given else []
            found += _remedies(reading, sentence, text, given, amounts, grants, theirs)
        if figures or not WHEN.isdisjoint(sentence.words):
            found += _deadlines(reading, sentence, text, grants, theirs)
    found += _contacts(reading, grants)
    return sorted(found, key=lambda c: (c.start, c.end))


class _Theirs:
    """What the customer's own message holds, each read when a commitment is first held against it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """Its sums and shares."""
        return sums(self.text)

    @cached_property
    def times(self) -> tuple[Time, ...]:
        """Its times."""
        return times(self.text)

    @cached_property
    def numbers(self) -> set[str]:
        """Its figures, as they are written."""
        return set(NUMBERS.findall(self.text))


def _given(text: str) -> Iterator[Given]:
    """The remedies of a sentence, each kind once."""
    seen: set[str] = set()
    for given in remedies(text):
        if given.kind not in seen:
            seen.add(given.kind)
            yield given


def _remedies(
    reading: Reading,
    sentence: Sentence,
    text: str,
    given: list[Given],
    amounts: list[Sum],
    grants: Grants,
    theirs: _Theirs,
) -> Iterator[Commitment]:
    kinds = frozenset(g.kind for g in given)
    words = content(text)
    licensed = {g.kind: grants.for_remedy(g.kind, about(text, g) if g.kind in NEEDS_OBJECT else words) for g in given}
    for remedy in given:
        fitting = licensed[remedy.kind] or (same_sums(amounts, grants) if remedy.kind == "payment" else [])
        if not fitting and _explained(remedy, text, kinds, licensed):
            continue
        grant = fitting[0] if fitting else None
        yield _entry("remedy", reading, sentence, remedy.start, remedy.end, remedy.kind, grant)
    for amount in amounts:
        if not given or _is_price(text, amount):
            continue
        fitting = [g for group in licensed.values() for g in group]
        if amount.amount == 1 and amount.unit.endswith("s") and any(not g.sums for g in fitting):
            continue  # "an extra session" where "extra session" is granted: the article is no number
        grant = _licence(amount, fitting, grants, theirs) or reckoned(amount, fitting, (*sums(text), *theirs.sums))
        if grant is not None or fitting:
            yield _entry(
                "share" if amount.unit == "%" else "amount",
                reading,
                sentence,
                amount.start,
                amount.end,
                amount.said,
                grant,
            )


def _explained(remedy: Given, text: str, kinds: frozenset[str], licensed: dict[str, list[Grant]]) -> bool:
    """Whether a remedy only says more about a licensed one beside it: "a new one *at no cost*", "*credited* to your card"."""
    others = [k for k in kinds if k != remedy.kind and licensed[k]]
    if any(alike(k, frozenset((remedy.kind,))) for k in others):
        return True
    return remedy.kind in ("free", "waiver") and bool(others) and ADVERB.match(text, remedy.start) is not None


PRICE = re.compile(
    r"(?:you|that you|which you)[ ](?:have |had |already )?(?:paid|pay|spent|were charged|were billed"
    r"|sent us)[ ](?:us |about |only |the )?$|(?:bill|invoice|price|charge|fare|cost|fee|order|worth"
    r"|rate)[ ](?:of|was|is|for|at|from|said)[ ](?:the )?$|(?:instead of|rather than|not|from|over"
    r"|above|claimed|demand for|asked for)[ ](?:the )?$"
)


def _is_price(text: str, amount: Sum) -> bool:
    """Whether a sum is what something costs or cost, as against what is given."""
    return PRICE.search(text, 0, amount.start) is not None and PRICE.search(text[: amount.start]) is not None


def _licence(amount: Sum, fitting: list[Grant], grants: Grants, theirs: _Theirs) -> Grant | None:
    exact = grants.for_sum(amount, fitting) or grants.for_sum(
        amount, [g for g in grants.grants if g.is_offer or g.id.startswith("fact:")]
    )
    if exact is not None:
        return exact
    if any(covers(own, amount) for own in theirs.sums) or f"{amount.amount:g}" in theirs.numbers:
        return fitting[0] if fitting else _CUSTOMER
    whole = next((g for g in fitting if g.whole or (not g.sums and "refund" in g.kinds)), None)
    if whole is not None and amount.unit != "%" and not theirs.sums and "refund" in whole.kinds:
        return whole
    return whole if whole is not None and amount.unit == "%" and amount.amount == 100 else None


_CUSTOMER = Grant("customer", "named by the customer", frozenset(), (), (), frozenset(), whole=False)


def _deadlines(
    reading: Reading, sentence: Sentence, text: str, grants: Grants, theirs: _Theirs
) -> Iterator[Commitment]:
    day: Grant | None = None
    for time in times(text):
        if not _is_ours(text, time):
            continue
        grant = grants.for_time(time)
        if grant is None and time.clock and not (time.weekday or time.date or time.relative) and day is not None:
            grant = day  # a time of day on a day that is granted
        day = grant or day
        if grant is None and any(time.within(own) for own in theirs.times):
            grant = _CUSTOMER
        yield _entry(
            "date" if time.date and not time.hours else "deadline",
            reading,
            sentence,
            time.start,
            time.end,
            time.said,
            grant,
        )


def _is_ours(text: str, time: Time) -> bool:
    """Whether a time says when we do something: its clause looks ahead, and is neither about the customer nor about hours."""
    if (time.part and not (time.relative or time.weekday or time.date)) or UNTIL.match(text, time.start):
        return False
    start = 0
    for cut in CUT.finditer(text, 0, time.start):
        if (
            text.startswith("you", cut.end())
            or AHEAD.search(text, cut.end(), time.start)
            or NOT_OURS.search(text, start, cut.start())
            or BEHIND.search(text, start, cut.start())
            or BEHIND.search(text, cut.end(), time.start)
        ):
            start = cut.end()
    after = CUT.search(text, time.end)
    clause = text[start : after.start() if after else len(text)]
    if NOT_OURS.search(clause):
        return bool(re.search(r"\b(?:we|i) (?:will|shall|are going to)\b", clause)) and not re.search(
            r"\b(?:open|close[sd]?|if|unless|until you|every|each)\b", clause
        )
    if re.search(r"\bfor (?:the )?$|\bfor[ ](?:\w+ ){0,2}$", text[max(0, time.start - 12) : time.start]) and time.hours:
        return False
    if text.startswith("for ", time.start) and time.hours:
        return False
    if time.hours and time.hours[1] < DAY and LENGTH.search(text, max(0, time.start - 24), time.start):
        return False
    if BEHIND.search(clause) and not re.search(r"\b(?:will|shall|going to|is due|arrives|leaves)\b", clause):
        return False
    return AHEAD.search(clause) is not None


def _contacts(reading: Reading, grants: Grants) -> Iterator[Commitment]:
    text = reading.normal.text
    if "@" not in text and "0" not in text:
        return
    for m in CONTACT.finditer(text):
        digits = re.sub(r"\D", "", m[0])
        grant = next(
            (
                g
                for g in grants.grants
                if m[0] in g.text.lower() or (digits and "@" not in m[0] and digits in re.sub(r"\D", "", g.text))
            ),
            None,
        )
        start, end = reading.normal.span(m.start(), m.end())
        yield _made("contact", reading, start, end, m[0], grant)


def _entry(
    kind: str, reading: Reading, sentence: Sentence, start: int, end: int, value: str, grant: Grant | None
) -> Commitment:
    left, right = reading.normal.span(sentence.start + start, sentence.start + end)
    return _made(kind, reading, left, right, value, grant)


def _made(kind: str, reading: Reading, start: int, end: int, value: str, grant: Grant | None) -> Commitment:
    quote = reading.normal.original[start:end]
    licence = (grant.id, grant.text) if grant else (None, None)
    return Commitment.model_validate(
        {"kind": kind, "quote": quote, "start": start, "end": end, "value": value, "clause": licence[0], "licence": licence[1]}
    )  # fmt: skip
