"""A customer's own words between quotation marks: what is left where their sentence cannot be turned into ours."""

from __future__ import annotations

import re
from collections.abc import Callable

from replykit.normalise import lowered
from replykit.write.grammar import Grammar
from replykit.write.retell import LEADING, ODD, SHOUT, SPEAKER, SWEARING, TIDY, VOCATIVE, pieces

WORDS = (4, 24)
"""Three words say nothing, and more than two lines are read out rather than quoted."""
CUT = re.compile(r"(?<=[,:;])\s+|(?<!\s)\s++(?=(?:and|but|because|so|which|who|while|then)\b)")
INNER = re.compile(r"[\"“”„«»]")
ORDER = re.compile(
    r"^(?:promise|guarantee|confirm|say|write|state|admit|agree|offer|refund|pay|repeat|reply|answer|assure|swear|send|put|tell|give|get|let|make|fix|sort|call|ring|please|should i|if|until|unless|when|who|whom|whose|which|that|does|is|was|has|have|had|did|were|are|been|can|could|would|may|of|or|nor|than|then|where|without any|although)\b",
    re.IGNORECASE,
)
FAILED = re.compile(
    r"\b(?:not?|never|nothing|nobody|broken?|wrong|missing|stopped|failed|missed|only|instead|late|still)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words of something that went wrong: a clause with one of them is quoted before one without."""
EDGES = " \t\r\n,;:.!-–—"
DOUBLE = re.compile(r"[\"“„«]([^\"“”„«»]*)[\"”»]")
CLOSING = re.compile(r"’(?!\w)")
ENDING = re.compile(
    r"(?<![\s,])[\s,]++(?:and|but|so|then|which|who|while|because|so hello \w+|thanks?|cheers)$", re.IGNORECASE
)
HANDLE = re.compile(r"(?<!\w)[@#]\w+")
ASKING = re.compile(
    r"^\W*(?:and |but |so )?(?:could|can|would|will|is there|do|does|did|when|where|why|how|what|who)\b[^.]*\?\s*$",
    re.IGNORECASE,
)
LONE_I = re.compile(r"\bi(?=['’\s])")
SHORT_FORM = re.compile(r"\b[A-Z]{2,}\b")
PLEA = re.compile(r"\b(?:please|could you|can(?:no|['’])?t? you|surely you|make an exception|thank)\b", re.IGNORECASE)
WISH = re.compile(r"^(?:i|we)(?:['’]d| would) (?:like|love|prefer)\b", re.IGNORECASE)
OPENING = re.compile(r"^(?:hiya|and|but|so|also|well|then|plus|hello|hi|hey)\b[\s,:-]+", re.IGNORECASE)


def quotation(text: str, start: int, end: int, grammar: Grammar, may_stand: Callable[[str], bool]) -> str | None:
    """The sentence around `text[start:end]`, or the part of it that holds the passage, fit to be quoted; None where it is not.

    `may_stand` says whether a quotation may stand in this reply.
    """
    for sentence, at in (
        (text[a:b], a) for a, b in pieces(text) if a < end and start < b and not ASKING.search(text[a:b])
    ):
        inside = max(0, start - at), min(len(sentence), end - at)
        clauses = sorted(CUT.split(sentence), key=lambda clause: FAILED.search(clause) is None)
        for part in (sentence, _around(sentence, *inside), _head(sentence, inside[0]), *clauses):
            if (plain := _plain(part)) and _fit(plain, grammar) and may_stand(plain):
                return plain
    return None


def _around(sentence: str, start: int, end: int) -> str:
    """The clauses that hold the passage, as many of them as a quotation bears."""
    cuts = [0, *(m.end() for m in CUT.finditer(sentence)), len(sentence)]
    first = max((c for c in cuts if c <= start), default=0)
    ends = [c for c in cuts if c > first]
    most = [c for c in ends if len(sentence[first:c].split()) <= WORDS[1]]
    least = next((c for c in ends if c >= min(end, start + 1)), len(sentence))
    return sentence[first : max([c for c in most if c >= least], default=least)]


def _head(sentence: str, start: int) -> str:
    """The beginning of a sentence as far as a quotation bears, where the passage stands in it."""
    ends = [m.start() for m in CUT.finditer(sentence) if len(sentence[: m.start()].split()) <= WORDS[1]]
    return sentence[: ends[-1]] if ends and start < ends[-1] else ""


def _plain(part: str) -> str:
    single = INNER.sub(
        "’",
        DOUBLE.sub(r"‘\1’", TIDY.sub(" ", SWEARING.sub("", SPEAKER.sub("", LEADING.sub("", HANDLE.sub(" ", part)))))),
    )
    words = " ".join(single.strip(EDGES).split())
    calm = SHOUT.sub(
        lambda m: m.group() if m.group() == "I" else m.group().lower(), OPENING.sub("", VOCATIVE.sub("", words))
    )
    bare = LONE_I.sub("I", ENDING.sub("", calm).strip(EDGES))
    return bare + "’" if bare.count("‘") > len(CLOSING.findall(bare)) else bare


def _fit(plain: str, grammar: Grammar) -> bool:
    return (
        WORDS[0] <= len(plain.split()) <= WORDS[1]
        and "?" not in plain
        and not ORDER.match(plain)
        and not PLEA.search(plain)
        and not WISH.match(plain)
        and not SHORT_FORM.search(plain)
        and not ODD.search(plain)
        and not grammar.unquotable.search(lowered(plain))
    )
