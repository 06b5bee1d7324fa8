"""A customer's own sentence said back to them: "my parcel" becomes "your parcel", "you told me" becomes "we told you"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache

from replykit.normalise import lowered
from replykit.write.grammar import Grammar

Prepare = Callable[[str], str | None]
SENTENCE_END = re.compile(
    r"(?<=[.!?…])[\"'”’)]*\s+|\n+|(?<![^\S\n])(?:\s++(?=\(?[a-h1-9]\)\s)|\s++[-–—]+\s+)|;\s+|(?:(?<![^\S\n])\s++)?[:;]-?[()DP]+(?:\s+|$)|(?<=[a-z]{2}) (?=(?:The|They|My|Our|This|There|Then|When|After|But|And|She|He) [a-z])|(?:(?<![^\S\n])\s++)?[\U0001F000-\U0001FAFF\u2600-\u27BF]+\s*"
)
NO_END = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|[Nn]o|pp?)|^[A-Z]|(?:^|\s)[A-Z][a-z'’]+\s[A-Z]|\.[A-Za-z])\.$")
"""What stands before a full stop that ends no sentence: a title, a number, an initial with the name before it, "a.m."."""
CLAUSE_END = re.compile(
    r",\s+(?=(?:and|but|so|then|because|which|while|yet)\b)|(?<!\s)\s++(?=but\b)|:\s+|(?<!\s)\s++\(|\)\s*"
)
SPLICE = re.compile(
    r",\s+(?=(?:everything|nothing|nobody|i|we|it|you|they|he|she|my|our|your|the|there)\b)", re.IGNORECASE
)
SUBORDINATE = re.compile(
    r"^\W*(?:after|when|once|because|since|as|while|although|though|if|until|before|unless|even)\b", re.IGNORECASE
)
TOKEN = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)?|[^A-Za-zÀ-ÿ]+")
LEADING = re.compile(
    r"^(?:[\W_]+|\(?(?:\d{1,2}|[a-hA-H])[.)]\s+|(?i:first|second|third|fourth|fifth|last|lastly|next),\s+)+"
)
SWEARING = re.compile(r"\b(?:bloody|damn(?:ed)?|goddamn|sodding|freaking|effing|f[u*]\S*ing)\s+", re.IGNORECASE)
SPEAKER = re.compile(r"^\s*(?:caller|customer|client|guest|patient|me)\s*:\s*", re.IGNORECASE)
TIDY = re.compile(
    r"\[[^\]]*\]|\([^()]*\d[^()]*\)|(?<!\w)[@#]\w+|[\U0001F000-\U0001FAFF\u2600-\u27BF\u200b-\u200f\u2060\ufeff\u00ad]"
)
ODD = re.compile(
    r"[{}<>\[\]|=_*#@\\`~^…]|(?:\d[ .-]?){9,}|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,}|\.{2,}|\b[Xx]{2,}\b|(?<![A-Za-z])[A-Za-z](?:[\s.-][A-Za-z]){3,}(?![A-Za-z])"
)
SHOUT = re.compile(r"\b[A-Z]{4,}\b|\b(?:[A-Z]{2,}|I)(?: (?:[A-Z]{2,}|I))+\b")
LONE_SINGLE = re.compile(r"(?<!\w)['‘]|['’](?!\w)")
VOCATIVE = re.compile(r"^[A-Z][a-z]+,\s+(?=(?:the|my|i|we|it|you|your|this|there|our)\b)")
ASIDE = re.compile(r",? so hello\b.*$|(?<=\w{3}) (?:lol|haha+|smh)\b.*$", re.IGNORECASE)
NOT = re.compile(
    r"(?<=\b(?:do|is|ca|wo))nt\b|(?<=\b(?:did|are|was|has|had))nt\b|(?<=\b(?:does|were|have))nt\b|(?<=\b(?:could|would))nt\b|(?<=\bshould)nt\b",
    re.IGNORECASE,
)
BARE = re.compile(r"\b(?:i(?=m\b|ve\b)|(?:they|you)(?=ve\b|re\b)|(?:that|what|there)(?=s\b))", re.IGNORECASE)
"""Where people leave out an apostrophe: "doesnt", "ive", "thats"; what is said back has it."""
AND = re.compile(r"(?<![A-Z])&|&(?![A-Z])")
"""An ampersand between words; that of "A&E" stays."""
SPOKEN = re.compile(r"(\"[^\"]*\"|“[^”]*”)")
LONE_QUOTE = re.compile(r"[\"“”«»]")
AFTER_PREPOSITION = frozenset(
    {"to", "from", "for", "with", "at", "by", "of", "on", "about", "through", "between", "behind", "against"}
)
OBJECT_BEFORE = frozenset(
    (
        "",
        *"to for with about at in on by and but that because again twice how what why if when today yesterday three the a my".split(),
    )
)
SPEAKS = frozenset(
    {"says", "said", "told", "tells", "promised", "rang", "wrote", "answered", "replied", "assured", "claimed"}
)
FINITE = frozenset(
    {"is", "are", "was", "were", "has", "have", "had", "came", "went", "arrived", "broke", "fell", "does", "did"}
)
ACTS = re.compile(
    r"^(?:\w+(?:ed|n['’]t)|is|are|was|were|has|have|had|will|would|can|could|do|does|did|got|came|went|took|left|made|said|told|sent|rang|keeps?|says?)\b",
    re.IGNORECASE,
)
TAG = re.compile(r"[@#]\w+\W*$")
LONG = 20
DANGLING = re.compile(r"(?:and |but |so )*(?:it|this|that|they|he|she|them)\b", re.IGNORECASE)
"""A clause from the middle of a sentence that begins so speaks of something that is left out."""
ENDING = re.compile(r"(?<!\s)\s++(?:for|to|at|with|from|of|by|in|on|and|but)$", re.IGNORECASE)
DAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:january|february|april|june|july|august|september|october|november|december|christmas|easter)\b"
)
REMEMBERED = 4096  # sentences, as one message asks for the same one many times
WORDS = (4, 30)
"""A shorter piece says too little, a longer one is no longer said back but read out."""


@lru_cache(maxsize=16)
def pieces(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a message as (start, end); remembered, as each passage of it asks for them."""
    ends = (m for m in SENTENCE_END.finditer(text) if not NO_END.search(text, max(0, m.start() - 24), m.start()))
    cuts = [0, *(m.end() for m in ends), len(text)]
    return tuple((a, b) for a, b in itertools.pairwise(cuts) if text[a:b].strip())


def retell(  # noqa: D417  # the text tells the rest
    text: str, start: int, end: int, grammar: Grammar, prepare: Prepare | None = None, proper: Collection[str] = (),
    may_stand: Callable[[str], bool] = bool,
) -> str | None:  # fmt: skip
    """The sentence around `text[start:end]` in the second person, or None where it is better left alone.

    Args:
        proper: Words that keep their capital at the start: names of people, companies, products.
        prepare: Turns a sentence into the customer's own first person before it is said back, or refuses it.

    Returns:
        A clause with a subject and a verb, in lower case where it may be, without its full stop.
    """
    for candidate in _candidates(text, start, end):
        own = prepare(candidate) if prepare else candidate
        said = say_back(own, grammar, proper) if own else None
        if said and may_stand(said):
            return said
    return None


def _candidates(text: str, start: int, end: int) -> list[str]:
    """The whole sentence first; then the clause of it that holds the passage."""
    around = [(a, b) for a, b in pieces(text) if a < end and start < b]
    found = []
    for a, b in around[:2]:
        sentence = text[a:b]
        found += [*_run_on(sentence, start - a), sentence]
        cuts = [0, *(m.end() for m in CLAUSE_END.finditer(sentence)), len(sentence)]
        clauses = [
            (x, y)
            for x, y in itertools.pairwise(cuts)
            if a + x < end and start < a + y and not (x and DANGLING.match(sentence, x))
        ]
        found += [sentence[x:y] for x, y in clauses]
        if clauses:
            found.append(sentence[: clauses[-1][1]])
        found += _spliced(sentence, start - a, end - a)
    return found


def _run_on(sentence: str, start: int) -> list[str]:
    """The first two clauses of a long sentence that runs on, where the passage stands in them."""
    cuts = [m.start() for m in SPLICE.finditer(sentence)]
    long = len(sentence.split()) > LONG and len(cuts) > 1 and not SUBORDINATE.match(sentence)
    return [sentence[: cuts[1]]] if long and start < cuts[1] else []


def _spliced(sentence: str, start: int, end: int) -> list[str]:
    """The main clauses around a passage of a sentence that strings them together with commas."""
    cuts = [0, *(m.end() for m in SPLICE.finditer(sentence)), len(sentence)]
    parts = [sentence[x:y] for x, y in itertools.pairwise(cuts) if x < end and start < y]
    return [_whole(part) for part in parts if len(cuts) > 2 and not SUBORDINATE.match(part)]  # more than its two ends


def _whole(part: str) -> str:
    """A clause without a last piece in which nothing happens."""
    head, comma, tail = part.rpartition(", and ")
    return part if not comma or any(ACTS.search(word) for word in tail.split()) else head


def about_third_person(sentence: str, name: str, grammar: Grammar) -> str | None:
    """A note that staff wrote about a customer, in the customer's first person; None where it speaks of others too."""
    family = name.rsplit(maxsplit=1)[-1] if name.split() else ""
    if not family or grammar.others.search(sentence):
        return None
    own = re.sub(rf"\b(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? )?(?:[A-Z][\w'’-]+ )?{re.escape(family)}\b", "I", sentence)
    own = re.sub(
        r"^\W*(?:the )?(?:customer|client|guest|patient)\b(?! (?:service|care))", "I", own, flags=re.IGNORECASE
    )
    own = re.sub(r"\b(?:he|she)\b", "I", own, flags=re.IGNORECASE)
    own = re.sub(r"\b(?:his|hers?)\b(?= \w)", "my", own, flags=re.IGNORECASE)
    return re.sub(r"\b(?:him|her)\b", "me", own, flags=re.IGNORECASE)


def say_back(sentence: str, grammar: Grammar, proper: Collection[str] = ()) -> str | None:
    """One sentence of a customer in the second person, or None where it should not be said back."""
    key = (sentence, frozenset(proper))
    if (said := grammar.said.get(key, "")) == "":  # held here, as another thread may forget it between two looks
        said = _said_back(sentence, grammar, proper)
        if len(grammar.said) >= REMEMBERED:
            grammar.said.clear()
        grammar.said[key] = said
    return said


def _said_back(sentence: str, grammar: Grammar, proper: Collection[str]) -> str | None:
    bare = grammar.asides.without(SWEARING.sub("", SPEAKER.sub("", sentence)))
    plain = LEADING.sub("", TIDY.sub(" ", bare)).strip(" \t\r\n,;:.!(-–—\"'")
    plain = ENDING.sub("", plain) if TAG.search(sentence) else plain
    plain = VOCATIVE.sub("", ASIDE.sub("", " ".join(AND.sub(" and ", plain).split())))
    plain = BARE.sub(r"\g<0>'", NOT.sub("n't", plain))
    plain += "'" if len(LONE_SINGLE.findall(plain)) % 2 else ""
    plain += '"' if plain.count('"') % 2 else "”" if plain.count("“") > plain.count("”") else ""
    words = grammar.ellipsis.filled(" ".join(_without_opening(plain.split(), grammar))).split()
    if not WORDS[0] <= len(words) <= WORDS[1] or not _is_clause(words, grammar):
        return None
    if (
        "?" in plain
        or plain.count("(") != plain.count(")")
        or ODD.search(plain)
        or len(LONE_QUOTE.findall(plain)) % 2
        or grammar.never.search(lowered(plain))
    ):
        return None
    return flip(_calm(" ".join(words), grammar, proper), grammar)


def _without_opening(words: list[str], grammar: Grammar) -> list[str]:
    """The words without openers that say nothing ("Well, honestly, …")."""
    while words:
        low = words[0].lower().strip(",").replace("’", "'")
        opener = next((o for o in grammar.openers.get(low, ()) if _opens(words, o)), None)
        if opener is None:
            return words
        words = words[len(opener) :]
    return words


def _opens(words: Sequence[str], opener: Sequence[str]) -> bool:
    return tuple(w.lower().strip(",").replace("’", "'") for w in words[: len(opener)]) == tuple(opener)


def _is_clause(words: Sequence[str], grammar: Grammar) -> bool:
    """Somebody or something does something: a subject within the first words, a verb soon after it."""
    low = [w.lower().strip(",.\"'()").replace("’", "'") for w in words]
    at = next((i for i, w in enumerate(low[:7]) if w in grammar.subjects), None)
    named = words[0][:1].isupper() and low[0] not in grammar.verbs and any(w in grammar.verbs for w in low[1:3])
    named = named or (_is_noun_phrase(words, low, grammar) and any(w in FINITE for w in low[2:6]))
    opens_well = low[0] in grammar.subjects or low[0] in grammar.time_openers or named
    if not opens_well or (at is None and not named):
        return False
    start = 0 if named else at or 0
    return any(_is_verb(w, grammar) for w in low[start + 1 : start + 9]) or "'" in low[start]


def _is_noun_phrase(words: Sequence[str], low: Sequence[str], grammar: Grammar) -> bool:
    """Whether a sentence opens with a thing that has a name of its own ("Row C seat 14 was …"), and not with how or when."""
    opens_otherwise = low[0].endswith(("ly", "ing")) or low[0] in grammar.time_openers or _is_verb(low[0], grammar)
    return (
        words[0][:1].isupper() and not opens_otherwise and any(w[:1].isupper() or w[:1].isdigit() for w in words[1:4])
    )


def _is_verb(word: str, grammar: Grammar) -> bool:
    return word in grammar.verbs or (len(word) > 4 and word.endswith("ed"))  # "need" and "feed" are shorter


def _calm(text: str, grammar: Grammar, proper: Collection[str]) -> str:
    """Shouted words in lower case; a first word that is no name too."""
    words = DAY.sub(lambda m: m.group().capitalize(), SHOUT.sub(lambda m: m.group().lower(), text)).split()
    first = words[0].lower()
    name = (
        words[0] in proper
        or (len(words) > 1 and words[1].lower() in SPEAKS)
        or (len(words) > 1 and words[1][:1].isupper() and words[1] != "I")
        or not words[0].istitle()
    )
    if first in grammar.lower_first or (first in grammar.flip and first != "i") or not name:
        words[0] = first
    return " ".join(words)


def flip(text: str, grammar: Grammar) -> str:
    """A clause with the customer as "you" and the company as "we"; what stands between quotation marks stays as it was said."""
    return "".join(part if i % 2 else _flipped(part, grammar) for i, part in enumerate(SPOKEN.split(text)))


def _flipped(text: str, grammar: Grammar) -> str:
    tokens = TOKEN.findall(text)
    words = [i for i, t in enumerate(tokens) if t[0].isalpha()]
    out = list(tokens)
    for place, i in enumerate(words):
        word = tokens[i].lower().replace("’", "'")
        before = tokens[words[place - 1]].lower() if place else ""
        following = tokens[words[place + 1]].lower().replace("’", "'") if place + 1 < len(words) else ""
        if word == "you":
            out[i] = _company(before, following, grammar)
        elif word == "i'd":
            later = (tokens[j].lower() for j in words[place + 1 :])
            verb = next((w for w in later if w not in grammar.before_verb), "")
            out[i] = "you would" if verb in grammar.base_after_would else "you had"
        elif word in grammar.flip and tokens[i] != "US":
            out[i] = grammar.flip[word]
        elif word in grammar.after_you and before in ("i", "i'm"):
            out[i] = grammar.after_you[word]
    return _second_crowd("".join(out), grammar)


def _company(before: str, following: str, grammar: Grammar) -> str:
    """ "you", said to a company, as its own subject or object."""  # noqa: D210  # a quotation begins it
    if following in grammar.crowd:
        return "we"
    acts = (
        following in grammar.verbs
        or following in grammar.before_verb
        or (following.endswith("ed") and len(following) > 4)
    )
    object_place = (
        before in grammar.object_after
        or (before.endswith("ing") and following in OBJECT_BEFORE)
        or (before.endswith("ed") and len(before) > 4)
    )
    return "us" if object_place and not (acts and before not in AFTER_PREPOSITION) else "we"


def _second_crowd(text: str, grammar: Grammar) -> str:
    return re.sub(rf"\bwe (?:{'|'.join(sorted(grammar.crowd))})\b(?! of)", "we", text)
