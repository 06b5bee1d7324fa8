"""The room of what a business can give: which words mean a refund, a voucher, a waived fee, something on the house."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# One entry per kind. Kinds that mean the same thing to a customer stand in one group of EQUAL below.
KINDS: dict[str, str] = {
    "refund": r"refund(?:s|ed|ing)?|money back|reimburse\w*|re-?pay(?:ing|ment)?|pa(?:y|id|ying) (?:you |it "
    r"|that |this |the \w+ )?back|(?:your|the) money (?:will|is|has|goes|went)"
    r"|(?:goe?s?|went|sen[dt]|put|comes?|gone|return(?:ed)?|give|gave|given|get|have)[^.;]{0,30} back "
    r"(?:(?:on|to|onto|into) (?:your|the) (?:card|account|bank|wallet)|to you in cash)|what you paid "
    r"back|give (?:you )?back (?:what|the (?:price|fare|fee|money))"
    r"|returned to your (?:card|account|bank)|reverse the (?:charge|payment)|all (?:of it )?back|every "
    r"(?:penny|cent) back|back in full|price of it back|give you (?:the |your )?(?:price|money|fare"
    r"|fee)[^.;]{0,20} back"
    r"|(?:get|gets|have|receive)[^.;]{0,14} (?:\d+ ?(?:%|per ?cent)|[£€$]\d[\d.,]*|\w+ (?:pounds|euros|dollars)) "
    r"back|goes back to you|go back to you|went back to you",
    "replacement": r"replacements?(?! part| driver| bus)|replac(?:e|es|ing) (?:it|them|your|the|both|that|this"
    r"|any|every)|exchang(?:e|es|ed|ing) (?:it|them|your|the|both|that|this|for)|an exchange"
    r"|swap(?:ped|ping)? (?:it|them|your|for|the)|a swap|(?:a|another|one) (?:brand[- ])?new "
    r"(?:one|pair|set|unit)|new one|(?:re-?send|re-?ship) (?:it|your|the (?:order|parcel|item)"
    r"|them)|re-?deliver(?:y|ed|ing)?|fresh one|another one (?:is|will|goes|leaves|to you)"
    r"|send(?:ing)? (?:you )?(?:a new|another|a fresh|a second) (?!label|link|form|code|driver"
    r"|engineer|technician|copy|invoice|message|email|letter|bill|password|date|appointment|van|card"
    r"|statement|confirmation)\w+"
    r"|(?:a|your|the) (?:brand[- ])?new (?!label|link|form|code|driver|engineer|technician|copy"
    r"|invoice|message|email|letter|bill|password|date|appointment|van|card|statement|slot|time|rule"
    r"|system|sign|team|manager|contract|policy|price|process|check|search|route|booking|rota|address"
    r"|number)\w+(?: \w+)? (?:is on|leaves|will be (?:sent|with|on)|goes out|has been sent|ships|is in "
    r"the post|will arrive|arrives)",
    "credit": r"(?:a|an|the|as|in|of|account|store|shop|travel|bill|your|with|[\d.]) credit(?!s? card| "
    r"record| check| score| rating| file| history| to)|credit(?:ed|ing)? (?:it|you|your|the|that"
    r"|this|to|[£€$]\d|\w+ (?:pounds|euros|dollars))|vouchers?|gift (?:card|voucher|certificate)s?|coupons?|(?:loyalty|bonus|reward"
    r"|air) (?:points|miles)|[\d,]+ points|tokens? for",
    "discount": r"(?:a|an|%|per cent|your|the|this|[\d]) discounts?(?! code)|discounted|(?:%|per ?cent|pounds?"
    r"|euros?|dollars?|[£€$]\d[\d.,]*) off|off (?:your|the) (?:next|bill|order|price|invoice|rent"
    r"|fee|renewal|stay|total)|half[ -]price|reduction(?: of| on)|reduced (?:rate|price)"
    r"|knock(?:ed|ing)?[^.;]{0,15} off|cost price|price cut|half off|cheaper rate|tak(?:e|en|ing)[^.;]{0,25} "
    r"off (?:the|your) (?:\w+ )?(?:bill|price|total|fare|rent|invoice|order|cost|fee|premium|balance|account|statement)",
    "waiver": r"waiv(?:e|es|ed|ing|er)|writ(?:e|ten|ing) (?:it |that |this |the \w+ )?off|(?:fee|charge|fine"
    r"|penalty|bill|invoice|cost|debt|balance|surcharge|interest)s? (?:(?:has|have|is|are|was|will"
    r"|can) (?:been |be )?)?(?:removed|cancelled|dropped|waived|lifted|taken off|scrapped|cleared"
    r"|struck|gone|written off|wiped|off your)"
    r"|(?:remov|cancel+|dropp?|lift|scrap|clear|wip|delet)(?:e|es|ed|ing)? (?:the|your|that|this|all) "
    r"(?:\w+ ){0,3}(?:fee|charge|fine|penalty|surcharge|bill|invoice|interest)|tak(?:e|en|ing) (?:the"
    r"|your|that|it) (?:\w+ ){0,3}off (?:the|your) (?:bill|account|statement|invoice)|forget the "
    r"(?:fee|bill|charge)|let you off|need not pay|do not (?:have|need) to pay|will not (?:have to pay"
    r"|be charged|cost you)|nothing to pay|no fee for",
    "free": r"free of charge|for free|(?<!-)free(?= (?!to\b|from\b|of\b|up\b|for\b|on\b|until\b|at\b"
    r"|when\b|if\b|and\b|or\b|slot|place|table|seat|space|appointment|day|date|evening|time|phone"
    r"|number|line|call|return|label|post|delivery service|hand|moment)\w)|complimentary|gratis|on "
    r"us\b|on the house|at no (?:extra |additional |further )?(?:cost|charge)|no (?:extra )?charge"
    r"|without charge|with our compliments|our treat|as a (?:gift|treat|thank[- ]you)|thrown? in"
    r"|treat you to|courtesy of|as a gesture|gesture of goodwill|goodwill gesture|at our expense"
    r"|costs you nothing|for nothing",
    "upgrade": r"(?:free |an |a |the )upgrade|upgrad(?:e|es|ed|ing) (?:you|your|to|it)|move you (?:up )?to "
    r"(?:a |the )?(?:better|bigger|business|first|suite|premium)|premium plan|(?:to|in) (?:first"
    r"|business) class|better room|priority (?:boarding|pass|access)|lounge (?:access|pass)|late "
    r"check-?out",
    "payment": r"compensat(?:e|es|ed|ing|ion) (?:you|for|of)|(?:we|i)(?: will| shall| can| would| have| are| "
    r"am| also| will also)*(?: \w+)? pa(?:y|id|ying) (?:for|you|the|your|towards)|cover(?:ing|s"
    r"|ed)? (?:the|your) (?:cost|bill|fare|taxi|cab|loss|damage|postage|hotel|cleaning|repair|fee"
    r"|expenses|invoice)\w*|meet the (?:cost|bill)|(?:give|gave|send|transfer|wire|offer|add"
    r"|added)[^.;]{0,12} (?:you )?(?:a cheque|[£€$]\d|\w+ (?:pounds|euros|dollars))|make (?:you "
    r")?a payment|ex gratia|settle (?:the|your) (?:bill|invoice)|put towards (?:the|your)|contribut(?:e|ion) (?:[£€$]|to|of"
    r"|towards)|[\d] towards (?:the|your)|dry[- ]cleaning (?:bill|costs?)",
    "extension": r"(?:extra|additional|free|bonus) (?:week|month|day|night|year|session|lesson|class|visit|hour"
    r"|ride|ticket|print|item|portion|meal|drink|dessert|treatment|month's)s?|(?:weeks?|months?"
    r"|days?|nights?|years?|sessions?|lessons?|classes|tickets?|meals?|drinks?) (?:for )?free"
    r"|extend(?:ed|ing)? (?:your|the) (?:membership|subscription|pass|guarantee|warranty|contract"
    r"|plan|trial|cover)|lifetime (?:membership|guarantee|warranty|supply)",
    "keep": r"keeps? (?:it|them|both|the (?:first|wrong|old|faulty|damaged|broken|extra|cracked|other"
    r"|original|spare|torn|one|item|\w+ (?:one|pair|you have|as well|too)))(?=[ ,.;!?]|$)(?! "
    r"(?:safe|dry|cool|warm|in (?:mind|the|a)|clean|out|away|closed|open|from|under|at hand|handy"
    r"|until|up to|on|for))",
}  # fmt: skip
EQUAL = (
    {"refund"}, {"replacement"}, {"credit"}, {"discount"}, {"waiver"}, {"free", "extension"}, {"upgrade"}, {"payment"}, {"keep"},
    {"refund", "payment"}, {"waiver", "free"}, {"discount", "free"}, {"credit", "discount"}, {"waiver", "refund"}, {"credit", "refund"}, {"waiver", "discount"},
)  # fmt: skip
PATTERNS = {name: re.compile(rf"\b(?:{body})") for name, body in KINDS.items()}
# What a sentence has to hold, anywhere, for a kind to be looked for; a plain `in` is far cheaper than a search.
HINTS: dict[str, tuple[str, ...]] = {
    "refund": ("refund", "money", "reimburs", "repa", "re-pa", "back", "returned to", "reverse", "paid", "pay "),
    "replacement": ("replac", "exchang", "swap", "new ", "resend", "re-send", "reship", "re-ship", "redeliver", "re-deliver", "fresh", "another", "second"),
    "credit": ("credit", "vouch", "gift", "coupon", "points", "miles", "token"),
    "discount": ("discount", " off", "half", "reduc", "cost price", "price cut", "cheaper"),
    "waiver": ("waiv", " off", "fee", "charge", "fine", "penalty", "bill", "invoice", "cost", "debt", "balance", "interest", "pay"),
    "free": ("free", "complimentary", "gratis", "on us", "on the house", "charge", "cost", "treat", "gift", "thank", "thrown", "throw", "courtesy", "gesture", "expense", "for nothing", "our compliments"),
    "upgrade": ("upgrad", "premium", "first", "business", "suite", "better", "bigger", "priority", "lounge", "check"),
    "payment": ("compensat", "pay", "paid", "cover", "meet the", "cheque", "£", "€", "$", "pounds", "euros", "dollars", "ex gratia", "settle", "contribut", "towards", "cleaning"),
    "extension": ("extra", "additional", "free", "bonus", "extend", "lifetime", "more "),
    "keep": ("keep",),
}  # fmt: skip
# Words before a remedy that say that it is not given: a no, a wish of the customer's, a thing that merely has the name.
NOT_GIVEN = re.compile(
    r"\b(?:not|never|cannot|unable to|no|nor|without|instead of|rather than|refuse\w*|declin\w+"
    r"|impossible to)[ \xa0](?:\w+[ \xa0]){0,4}$"
    r"|\b(?:you|your (?:request|wish|claim|demand|application|message|letter|question"
    r"|email)s?)[ \xa0](?:\w+[ \xa0]){0,2}(?:ask(?:ed)?|want(?:ed)?|request(?:ed)?|demand(?:ed)?"
    r"|expect(?:ed)?|claim(?:ed)?|mention(?:ed)?|wrote|need(?:ed)?|hop(?:ed|ing)|were promised|were "
    r"told|were offered|paid|pay|bought|sent|returned|have to pay|owe"
    r"|chose)[ \xa0](?:\w+[ \xa0]){0,5}$"
    r"|\b(?:request|asked|asking|ask|application|claim|waiting|waited|chasing|question|query|complaint"
    r"|wait|need to pay|have to pay|had to pay|were charged|was charged|paid) (?:for"
    r"|about)[ \xa0](?:\w+[ \xa0]){0,3}$"
    r"|\b(?:sorry|apologise|apologies|apology|apologising|regret)[ \xa0](?:\w+[ \xa0]){0,6}$"
    r"|^(?:has|have|did|is|was|when|where|why|how (?:long|soon|much)|may i ask|could you tell)[ \xa0](?:\w+[ \xa0]){0,6}$"
    r"|\b(?:if|whether|when|where|why|how|until|before)[ \xa0](?:you|your|the|a|any|it)[ \xa0](?:\w+[ \xa0]){0,2}$"
    r"|\b(?:ombudsman|adjudicator|arbitrator|mediator|regulator|tribunal|\w+ body|advice (?:service|centre|line|bureau)"
    r"|charity|helpline|union)[ \xa0](?:\w+[ \xa0]){0,8}$"  # what others give is no promise of ours
    r"|\b(?:call|line|number|helpline|advice|service)[ \xa0](?:is|are)[ \xa0]$"
)
NAME_ONLY = re.compile(
    r"^[ \xa0-](?:polic\w+|form|request|number|team|department|desk|process|window|period|rules?|queue"
    r"|code|reference|slip|label|enquiry|counter|terms|claim|page|button|is (?:late|overdue)|has not|have not"
    r"|(?:we|i) (?:sent|made|issued|paid|processed|approved|promised|owe|owed|gave)|you (?:received|got|had|were|are|have|did)"
    r"|(?:took|was (?:late|lost|delayed|wrong|stuck|slow|refused|short|promised|held)|never|failed|did not|had not)"
    r"|(?:has|have|had) (?:fewer|more|less|no)|still has|that you (?:asked|wanted)|you (?:asked|wanted|requested)|shop|sample size)\b"
)


@dataclass(frozen=True, slots=True)
class Given:
    """A remedy that a sentence gives, offers or reports as given; offsets within the sentence."""

    kind: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def remedies(text: str) -> tuple[Given, ...]:
    """The remedies that one lower-cased sentence gives."""
    return tuple(_remedies(text))


def _remedies(text: str) -> Iterator[Given]:
    found: list[tuple[int, int, str]] = []
    for kind, pattern in PATTERNS.items():
        if any(hint in text for hint in HINTS[kind]):
            found += [(*m.span(), kind) for m in pattern.finditer(text)]
    end = -1
    for start, stop, kind in sorted(found, key=lambda f: (f[0], -f[1])):
        if start < end:
            continue  # the words are part of a remedy that was read already
        before = text[max(0, start - 70) : start]
        clause = re.split(r"[,;:]| but | and | so ", before)[-1]
        if NOT_GIVEN.search(clause) or NAME_ONLY.match(text[stop : stop + 24]):
            continue
        end = stop
        yield Given(kind, start, stop)


# In an offer every word counts: "new kettle" grants a replacement although a reply that says "new" promises nothing yet.
OFFERED: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{body})")
    for name, body in {
        "refund": r"refund|money back|reimburs|re-?pa[iy]|back\b|return of the (?:price|fare|fee|deposit"
        r"|money)|deposit",
        "replacement": r"new\b|fresh\b|another|second\b|spare|replac|swap|exchang|re-?(?:send|sent|print|make"
        r"|made|shoot|ship|deliver|issue|do\b|cut|frame|bake)|substitut|same (?:item|model)",
        "credit": r"credit|vouch|gift card|coupon|points|miles|token",
        "discount": r"discount|off\b|half|reduc|rebate|cheaper|lower|\d+ ?%|per ?cent",
        "waiver": r"waiv|remov|cancel|no (?:\w+ )?(?:fee|charge)|off\b|dropp|written off|fee|charge",
        "free": r"free|complimentary|gratis|no (?:extra |further )?(?:charge|cost)|on us|gift|extra|bonus|on the house",
        "upgrade": r"upgrad|better|larger|bigger|premium|suite|first class|business class|lounge|priority|late check",
        "payment": r"pay|paid|cover|compens|toward|contribut|allowance|fare\b|costs?\b|expenses|bill\b|taxi"
        r"|cab\b|cleaning|cheque|up to",
        "extension": r"extra|additional|free (?:week|month|day|night|year|session|lesson)|extend|extension"
        r"|another|longer",
        "keep": r"keep",
    }.items()
}


def named(text: str) -> frozenset[str]:
    """Every kind of remedy that the words of an offer may stand for."""
    return frozenset(name for name, pattern in OFFERED.items() if pattern.search(text))


def alike(kind: str, others: frozenset[str]) -> bool:
    """Whether a kind of remedy is among others, or is another name for one of them."""
    return kind in others or any(kind in group and group & others for group in EQUAL)
