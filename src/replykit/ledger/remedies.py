"""The room of what a business can give: which words mean a refund, a voucher, a waived fee, something on the house."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# One entry per kind. Kinds that mean the same thing to a customer stand in one group of EQUAL below.
KINDS: dict[str, str] = {
    "refund": r"refund(?:s|ed|ing)?|money back|reimburse\w*|re-?pay(?:ing|ment)?|pa(?:y|id|ying) (?:you |it |that |this |the \w+ )?back|(?:your|the) money (?:will|is|has|goes|went)"
    r"|(?:go|goes|went|sent|send|put|put|come|comes|gone|returned|return|back|give|gave|given|get|have)[^.;]{0,30} (?:back (?:on|to|onto|into) (?:your|the) (?:card|account|bank|wallet)|back to you in cash)|what you paid back|give (?:you )?back (?:what|the (?:price|fare|fee|money))"
    r"|returned to your (?:card|account|bank)|reverse the (?:charge|payment)|get (?:it )?all back|every (?:penny|cent) back|back in full|price of it back|get all of it back|give you (?:the |your )?(?:price|money|fare|fee)[^.;]{0,20} back",
    "replacement": r"replac(?:e|es|ed|ing|ements?)|exchang(?:e|es|ed|ing)|swap(?:s|ped|ping)?|(?:a|another|one) (?:brand[- ])?new (?:one|pair|set|unit|copy)|new one|re-?send|re-?ship\w*|re-?deliver\w*|fresh one|another one (?:is|will|goes|leaves|to you)|send(?:ing)? (?:you )?(?:a new|another|a fresh|a second)"
    r"|(?:a|your|the) (?:brand[- ])?new \w+(?: \w+)? (?:is on|leaves|will be (?:sent|with|on)|goes out|has been sent|ships|is in the post|will arrive|arrives)",
    "credit": r"credit(?:s|ed|ing)?(?! card| record| check| score| rating| file| history)|vouchers?|gift (?:card|voucher|certificate)s?|coupons?|store credit|loyalty points|points|token",
    "discount": r"discounts?(?:ed)?|(?:%|per cent|pounds?|euros?|dollars?|[£€$]\d[\d.,]*) off|off (?:your|the) (?:next|bill|order|price|invoice|rent|fee|renewal|stay|total)|half[ -]price|reduction(?: of| on)|reduced (?:rate|price)|knock(?:ed|ing)?[^.;]{0,15} off|cost price|price cut|lower (?:price|rate)|half off|cheaper rate|take[^.;]{0,25} off (?:the|your)",
    "waiver": r"waiv(?:e|es|ed|ing|er)|writ(?:e|ten|ing) (?:it |that |this |the \w+ )?off|(?:fee|charge|fine|penalty|bill|invoice|cost|debt|balance|surcharge|interest)s? (?:(?:has|have|is|are|was|will|can) (?:been |be )?)?(?:removed|cancelled|dropped|waived|lifted|taken off|scrapped|cleared|struck|gone|written off|wiped|off your)"
    r"|(?:remov|cancel+|dropp?|lift|scrap|clear|wip|delet)(?:e|es|ed|ing)? (?:the|your|that|this|all) (?:\w+ ){0,3}(?:fee|charge|fine|penalty|surcharge|bill|invoice|interest)|tak(?:e|en|ing) (?:the|your|that|it) (?:\w+ ){0,3}off (?:the|your) (?:bill|account|statement|invoice)|forget the (?:fee|bill|charge)|let you off|need not pay|do not (?:have|need) to pay|will not (?:have to pay|be charged|cost you)|nothing to pay|no fee for",
    "free": r"free of charge|for free|free(?= (?!to\b|from\b|of\b|up\b|for\b|on\b|until\b|at\b|when\b|if\b|and\b|or\b)\w)|complimentary|gratis|on us\b|on the house|at no (?:extra |additional |further )?(?:cost|charge)|no (?:extra )?charge|without charge|with our compliments|our treat|as a (?:gift|treat|thank[- ]you)|thrown? in|treat you to|courtesy of|bonus|gift(?:ed)?|as a gesture|gesture of goodwill|goodwill gesture|at our expense|our expense|costs you nothing|for nothing",
    "upgrade": r"upgrad(?:e|es|ed|ing)|move you (?:up )?to (?:a |the )?(?:better|bigger|business|first|suite|premium)|premium plan|first class|business class|sea view|better room|priority (?:boarding|pass|access)|lounge (?:access|pass)|late check-?out",
    "payment": r"compensat(?:e|es|ed|ing|ion)|pay (?:for|you|the|your|towards)|paid (?:for|you)|cover(?:ing|s|ed)? (?:the|your) (?:cost|bill|fare|taxi|cab|loss|damage|postage|hotel|cleaning|repair|fee|expenses|invoice)\w*|meet the (?:cost|bill)|(?:send|give|transfer|wire|offer|add)[^.;]{0,12} (?:you )?(?:a cheque|[£€$]\d)|make (?:you )?a payment|ex gratia|settle the (?:bill|invoice)|contribut\w+ (?:[£€$]|to)|towards (?:the|your)|dry[- ]cleaning (?:bill|costs?)",
    "extension": r"(?:extra|additional|free|another|more|bonus) (?:week|month|day|night|year|session|lesson|class|visit|hour|ride|ticket|print|item|portion|meal|drink|dessert|treatment|month's)s?|(?:weeks?|months?|days?|nights?|years?|sessions?|lessons?|classes|tickets?|meals?|drinks?) (?:for )?free|extend(?:ed|ing)? (?:your|the) (?:membership|subscription|pass|guarantee|warranty|contract|plan|trial|cover)|lifetime (?:membership|guarantee|warranty|supply)",
    "keep": r"keep (?:it|them|both|the (?:first|wrong|old|faulty|damaged|broken|extra|cracked|other|original|spare|torn|one|item|\w+ (?:one|pair|you have|as well|too)))(?=[ ,.;!?]|$)(?! (?:safe|dry|cool|warm|in (?:mind|the|a)|clean|out|away|closed|open|from|under|at hand|handy|until|up to|on|for))",
}  # fmt: skip
EQUAL = (
    {"refund"}, {"replacement"}, {"credit"}, {"discount"}, {"waiver"}, {"free", "extension"}, {"upgrade"}, {"payment"}, {"keep"},
    {"refund", "payment"}, {"waiver", "free"}, {"discount", "free"}, {"credit", "discount"}, {"waiver", "refund"}, {"credit", "refund"}, {"waiver", "discount"},
)  # fmt: skip
REMEDY = re.compile("|".join(rf"(?P<{name}>\b(?:{body}))" for name, body in KINDS.items()))
TRIGGER = re.compile(
    r"refund|money|reimburs|re-?pa[iy]|paid|pay|back|replac|exchang|swap|new|another|resen|reship|redeliv|re-|fresh|credit|vouch|gift|coupon|point|token|discount|off|half|reduc|"
    r"knock|price|waiv|remov|cancel|drop|lift|scrap|clear|wip|fee|charge|free|compliment|gratis|on us|house|cost|treat|bonus|gesture|goodwill|expense|nothing|upgrad|"
    r"premium|first class|business class|lounge|late check|compensat|cover|cheque|settle|contribut|towards|extra|additional|extend|lifetime|keep|priority"
)
# Words before a remedy that say that it is not given: a no, a wish of the customer's, a thing that merely has the name.
NOT_GIVEN = re.compile(
    r"\b(?:not|never|cannot|unable to|no|nor|without|instead of|rather than|refuse\w*|declin\w+|impossible to)[ \xa0](?:\w+[ \xa0]){0,4}$"
    r"|\b(?:you|your (?:request|wish|claim|demand|application|message|letter|question|email)s?)[ \xa0](?:\w+[ \xa0]){0,2}(?:ask(?:ed)?|want(?:ed)?|request(?:ed)?|demand(?:ed)?|expect(?:ed)?|claim(?:ed)?|mention(?:ed)?|wrote|need(?:ed)?|hop(?:ed|ing)|were promised|were told|were offered|paid|pay|bought|sent|returned|have to pay|owe|chose)[ \xa0](?:\w+[ \xa0]){0,5}$"
    r"|\b(?:request|asked|asking|ask|application|claim|waiting|waited|chasing|question|query|complaint|wait|need to pay|have to pay|had to pay|were charged|was charged|paid) (?:for|about)[ \xa0](?:\w+[ \xa0]){0,3}$"
    r"|\b(?:if|whether|when|where|why|how|until|before)[ \xa0](?:you|your|the|a|any|it)[ \xa0](?:\w+[ \xa0]){0,2}$"
)
NAME_ONLY = re.compile(
    r"^[ \xa0-](?:polic\w+|form|request|number|team|department|desk|process|window|period|rules?|queue|code|reference|slip|label|enquiry|counter|terms|claim|page|button|is late|has not|have not|still has|that you (?:asked|wanted)|you (?:asked|wanted|requested)|shop|sample size)\b"
)


@dataclass(frozen=True, slots=True)
class Given:
    """A remedy that a sentence gives, offers or reports as given; offsets within the sentence."""

    kind: str
    start: int
    end: int


def remedies(text: str) -> Iterator[Given]:
    """The remedies that one lower-cased sentence gives."""
    if TRIGGER.search(text) is None:
        return
    for m in REMEDY.finditer(text):
        before = text[max(0, m.start() - 70) : m.start()]
        clause = re.split(r"[,;:]| but | and ", before)[-1]
        if NOT_GIVEN.search(clause) or NAME_ONLY.match(text[m.end() : m.end() + 24]):
            continue
        yield Given(m.lastgroup or "", m.start(), m.end())


def named(text: str) -> frozenset[str]:
    """Every kind of remedy that the words of an offer name."""
    return frozenset(m.lastgroup or "" for m in REMEDY.finditer(text.lower()))


def alike(kind: str, others: frozenset[str]) -> bool:
    """Whether a kind of remedy is among others, or is another name for one of them."""
    return kind in others or any(kind in group and group & others for group in EQUAL)
