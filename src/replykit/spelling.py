"""The room that knows how words are shortened and mistyped: contractions, and slips in the words that matter.

The misspellings are made from the words, not listed: one letter left out, doubled, swapped with its neighbour, or a
vowel taken for another. A slip that is itself a word is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

SUFFIXES = {"ll": "will", "ve": "have", "re": "are", "d": "would", "m": "am"}
_BE = "it that there here what he she who where how this everything nothing nobody someone"
_NOT = "is are was were do does did has have had would could should must need might ought"
_LONG = {
    "can't": "can not", "cannot": "can not", "cant": "can not", "won't": "will not", "wont": "will not", "shan't": "will not",
    "ain't": "is not", "let's": "let us", "gonna": "going to", "gotta": "have to", "wanna": "want to", "dunno": "do not know",
    "shoulda": "should have", "coulda": "could have", "woulda": "would have", "could've": "could have", "y'all": "you all",
    "youre": "you are", "youve": "you have", "youll": "you will", "weve": "we have", "theyre": "they are", "im": "i am",
    "ive": "i have", "thats": "that is", "whats": "what is", "theres": "there is", "isn't": "is not", "ur": "your",
    "apologize": "apologise", "apologizes": "apologises", "apologized": "apologised", "apologizing": "apologising",
    "realize": "realise", "realized": "realised", "recognize": "recognise", "organization": "organisation",
    "minimize": "minimise", "unauthorized": "unauthorised", "authorized": "authorised", "judgment": "judgement",
}  # fmt: skip

# The words whose absence would hide a finding; mostly the ones that people do mistype.
TELLING = (
    "guarantee guaranteed inconvenience apologise apologies apology policy required definitely unfortunately sincerely "
    "compensation immediately responsible responsibility manufacturer supplier negligent negligence liability hesitate "
    "assured password ridiculous complaint escalated escalate department replacement receive received believe "
    "necessary exaggerating dramatic overreacting mistaken procedure solicitor solicitors lawyers terminate "
    "understand frustrating frustration appreciate regulations exception exceptions refund absolutely certainly "
    "proportion calm relax fault impossible unable instructions according promise promised unacceptable devastated"
).split()
_REAL = frozenset(
    "apologist assure assumed calms claim clam clams fail fails faults fate flaut fought received "
    "receiver relay relaxed "
    "refuned refunds solicitor believes promises promise polices polite police policy mistake require requires accord "
    "escalate escalates hesitates manufacture suppler expectations exaction unable enable tunable "
    "understands certain".split()
)


def _slips(word: str) -> Iterator[str]:
    for i in range(1, len(word)):
        yield word[:i] + word[i + 1 :]
        yield word[:i] + word[i] + word[i:]
        if i + 1 < len(word):
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        if word[i] in "aeiou":
            yield from (word[:i] + vowel + word[i + 1 :] for vowel in "aeiou")


def _folds() -> dict[str, str]:
    folds: dict[str, str] = {}
    for word in TELLING:
        if len(word) > 5:
            folds.update((slip, word) for slip in _slips(word))
    for word in (*TELLING, *_REAL):
        folds.pop(word, None)
    folds.update((f"{word}'s", f"{word} is") for word in _BE.split())
    folds.update((f"{word}n't", f"{word} not") for word in _NOT.split())
    folds.update(
        (f"{word}nt", f"{word} not") for word in _NOT.split() if word not in ("ca", "wo", "need", "might", "ought")
    )
    return {**folds, **_LONG}


FOLDS = _folds()
"""What is written instead of a word, for every word that is written another way in canonical text."""
