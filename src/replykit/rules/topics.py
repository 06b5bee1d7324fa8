"""The room that decides whether a reply speaks to what a customer wrote: shared content words, by stem and by topic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from replykit.rules.reading import Reading

STOP_WORDS = frozenset(
    "about above after again against all also am an and any anyone anything are as at away back be because been before "
    "being both but by came can come could day days did do does doing done down each either else even "
    "ever every for from "
    "further get gets getting give given go goes going gone got had has have having he hello help her "
    "here hers him his how "
    "i if in into is it its just know last let like long lot made make many me mine more most much "
    "must my need never new no "
    "nobody none nor not nothing now of off ok on once one only or other our ours out over own per "
    "please put quite rather "
    "really right said same say says see she should since so some someone something soon still such "
    "sure take tell than "
    "thank thanks that the their them then there these they thing things think this those though "
    "through time times to told "
    "too took two under until up upon us use used very via want wanted was way we week weeks well "
    "went were what when where "
    "whether which while who whole whom whose why will with without would wrong yes yet you your yours yourself today "
    "tomorrow yesterday month months year years hour hours first second third sorry dear regards kind hi mr mrs ms dr "
    "ask asked asking reply answer write wrote written message complaint complain customer service team company people "
    "person good bad great nice best better worst find found look looking keep kept happen happened "
    "since ago mean fix sort "
    "sorted fixed deal expect expected believe disgusting terrible awful ridiculous disgrace useless "
    "pathetic absolutely "
    "unacceptable refuse stupid clowns morons idiots angry upset disappointed furious three four five "
    "six seven eight nine "
    "ten half another around across enough far few left less least next part place point real seem several small big "
    "shall should show simply start stop try trying turn usual work working worked "
    "anger angrier cross livid annoyed annoying annoys shaking crying fuming sick tired fed joke shame shameful "
    "appalling appalled shocking shocked horrible horrified rubbish poor sorry unbelievable incredible honestly "
    "apology apologise apologies instead whoever besides either once twice euro euros pound pounds dollars entire whole "
    "seriously feel feels felt feeling happy unhappy worried hate hope wish care cares explain answer answers".split()
)
ENDINGS = re.compile(r"(?:ations?|ments?|ness|ings?|edly|ed|ies|es|s|ly|ers?|ing)$")
WORD = re.compile(r"[a-z]{3,}")
FIGURE = re.compile(r"\d{2,}")
ASKED = re.compile(
    r"(?<=[.!?])[ \n]+|\n+|[;]|,? (?:and|but) (?=(?:also|who|what|when|where|why|how|then|on top|now|i"
    r"|my|your|the|it|you|there|nobody|no)\b)"
    r"|,? (?:on top of (?:that|which)|as well as|in addition|secondly|plus|besides|also)\b"
)

# What a customer tells about themselves, how often they have written, or cries out: nothing that wants an answer.
ASIDE = re.compile(
    r"(?:and|but|so|now|also)?,? ?(?:"
    r"(?:i|we) (?:am|are|was|were) (?:\w+ )?(?:an?|the|so|too|over|nearly|only|not|at|with|\d+|pregnant|disabled|retired|old|alone|ill|on)\b"
    r"|(?:i|we) (?:live|work|pay|drive|travel|commute|study|trusted|relied|rely|depend|hope|wish|love|loved|cried|wept|need)\b"
    r"|(?:i|we) (?:have|had)(?: had)? to (?!wait|pay)|(?:i|we) have (?:been|paid|shopped|banked|a (?:baby|job|family))\b"
    r"|(?:i|we) (?:want|demand|expect|would like) (?:an? )?(?:this|it|that|apology|answers?|action)\b"
    r"|(?:my|our) \w+(?: \w+)? (?:is|are|was|were) (?:not|fine|ok|okay|ill|sick|allergic|disabled|upset|heartbroken|only|an?|in|\w+ years|\d+)\b"
    r"|(?:my|our) (?:\w+ )?(?:son|daughter|wife|husband|child|children|kids?|baby|toddler|mother|father|mum|dad|family)"
    r" (?:cried|cries|was crying|is crying|loves?|loved|waited|worries)\b"
    r"|(?:that is|this is|it is|now) (?:the|my) (?:\w+ )?(?:time|call|email|letter|message)\b"
    r"|(?:are|is) (?:you|this|that|it) (?:people |all |lot )?(?:mad|serious|kidding|joking|insane|normal|a joke)\b"
    r"|(?:a |your )?(?:loyal |long-standing |regular |good )?(?:customers?|members?|guests?|clients?|readers?) (?:since|for|of)\b"
    r"|(?:please )?explain\b|(?:how dare|shame on|what a|what kind of|who do you think|never again|you (?:people|lot|thieving|lying|useless|stupid)))"
)
ADDED = re.compile(
    r"\b(?:also|besides|either|secondly|as well|in addition|on top of|plus)\b|(?:^|\s)(?:why|when|who)\b.*\?"
)
OF_THEIRS = re.compile(
    r"(?:and |but )?(?:your?|the|they|there|no ?body|no one|\d\.?|our|my \w+ (?:was|were|is|are|has|have|does|do))\b"
)
NEW_MATTER = 3  # words that a plain further sentence must add to be another issue

# Words that speak of one thing. A reply that says "parcel" has spoken to a customer who says "delivery".
TOPICS = (
    "deliver parcel package courier driver shipment ship shipping dispatch arrive van postman late track tracking lost",
    ("refund money repay reimburse credit deposit charge charged bill billed payment pay paid invoice "
    "fee cost price overcharge debit"),
    ("broken break broke crack faulty defect fault damage smash scratch leak dent snap tear torn burn "
    "hole crush shatter fail"),
    "phone call ring line hold voicemail", "email mail inbox send sent", "staff rude attitude assistant waiter manager agent colleague receptionist driver",
    "clean dirty filthy hygiene smell mould hair stain", "cold lukewarm hot warm heat heating temperature", "food meal dish dinner lunch plate",
    "password login account access locked log sign", "book booking reserve reservation appointment slot visit", "cancel cancellation cancelled subscription renew renewal membership",
    "size fit small large tight colour", "noise loud noisy quiet", "internet broadband connection wifi signal offline outage router",
    "engineer technician fitter plumber repair mend", "room hotel stay suite", "flight plane airline luggage suitcase bag baggage",
    "train bus coach ticket", "wait waiting queue delay delayed slow", "allergy allergic nut nuts ill sick hospital reaction",
    "taxi cab fare ride minicab", "parking permit fine penalty", "wheelchair chair footplate scooter ramp lift mobility",
    "wheel bike bicycle cycle tyre brake", "lawn garden grass hedge tree", "light lamp bulb dark power electricity",
    "lose lost missing", "buy bought purchase", "sell sold", "steal stole stolen theft thief", "drive drove driven driver",
    "fly flew flown flight", "teach taught teacher lesson class", "sing sang choir voice concert music rehearsal", "eat ate eaten meal",
    "fall fell fallen", "freeze froze frozen freezing cold", "burn burnt burned fire", "speak spoke spoken", "bite bitten bit", "child son daughter kid kids children baby", "dog cat pet puppy kitten",
)  # fmt: skip


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without its ending, cut to what its relatives share."""
    bare = ENDINGS.sub("", word) if len(word) > 4 else word
    bare = bare if len(bare) >= 3 else word
    bare = bare[:-1] if len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "sl" else bare
    return bare.rstrip("ei")[:7] or bare


def _topics() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, words in enumerate(TOPICS):
        for word in words.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


TOPICS_OF = _topics()


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning."""
    return frozenset(stem(w) for w in WORD.findall(text) if w not in STOP_WORDS)


@lru_cache(maxsize=64)
def parts(message: str) -> list[frozenset[str]]:
    """What a message (in canonical small letters) speaks of, issue by issue; each set without what an earlier issue already named.

    Whatever is added ("also", "and why ...?", "2.") is an issue of its own. A plain further sentence mostly tells more of
    the first one; it counts where it speaks of somebody's or something's failing and not of the customer.
    """
    found: list[frozenset[str]] = []
    named: frozenset[str] = frozenset()
    for at, (piece, joint) in enumerate(_pieces(message)):
        words = (content(piece) | frozenset(FIGURE.findall(piece))) - named
        added = ADDED.search(joint + piece) is not None
        apart = added or joint.strip() or piece.endswith("?")
        if ASIDE.match(piece) or len(words) < (1 if added and at else 2):
            continue
        if at and found and not apart and (len(words) < NEW_MATTER or not OF_THEIRS.match(piece)):
            named |= words
            found[-1] |= words
            continue
        found.append(words)
        named |= words
    return found


def _pieces(message: str) -> Iterator[tuple[str, str]]:
    """The pieces of a message, each with what joins it to the one before."""
    at, joint = 0, ""
    for m in ASKED.finditer(message):
        yield message[at : m.start()].strip(), joint
        at, joint = m.end(), m[0]
    yield message[at:].strip(), joint


def topics(words: frozenset[str]) -> frozenset[int]:
    """What some words speak of."""
    return frozenset().union(*(TOPICS_OF.get(word, frozenset()) for word in words))


def shared(one: frozenset[str], other: frozenset[str], apart: frozenset[str] = frozenset()) -> int:
    """How much two sets of words have in common: words, or at least a topic that not only words of `apart` speak of."""
    return len(one & other) or int(bool(topics(one) & topics(other - apart)))


def spoken_to(part: frozenset[str], reading: Reading, apart: frozenset[str] = frozenset()) -> bool:
    """Whether a reply shares a word or a topic with a part of the message; words of `apart` speak of something else."""
    text = reading.normal.text
    return shared(part, content(text) | frozenset(FIGURE.findall(text)), apart) > 0
