"""The room that turns a message into plain words, each of which knows its place in the original text."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.!?…]+|[;:\n]+|[£$€¥]|[\U0001F300-\U0001FAFF\u2600-\u27BF]|[()\"“”]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})
_STOPS = frozenset('.!?…;:\n()"“”')
# Written without the apostrophe in chats and in exports that lost it.
_BARE = {
    w.replace("'", ""): w
    for w in (
        "don't didn't doesn't isn't wasn't weren't aren't hasn't haven't hadn't couldn't wouldn't shouldn't can't "
        "won't i'm i've you're they're that's what's where's there's"
    ).split()
} | {"cannot": "can't"}
_JOIN_NOT = frozenset("do did does is was were are has have had could would should can will".split())
_JOIN = {
    ("i", "am"): "i'm", ("i", "have"): "i've", ("we", "have"): "we've", ("they", "have"): "they've",
    ("you", "are"): "you're", ("they", "are"): "they're", ("i", "will"): "i'll", ("you", "will"): "you'll",
    ("we", "will"): "we'll", ("they", "will"): "they'll", ("it", "is"): "it's", ("that", "is"): "that's",
}  # fmt: skip
_TAILS = frozenset(("t", "s", "m", "ve", "re", "ll", "d"))
LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Words:
    """A message as words: `canon` is the folded words with one blank between them.

    `starts` and `ends` give each word's place in the original text, `places` its place in `canon`.
    """

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    places: list[int]
    canon: str

    def at(self, place: int) -> int:
        """The number of the word at a place of `canon`."""
        return bisect_right(self.places, place) - 1

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from `first` to `last` (both counted) stand in the original text."""
        return self.starts[first], self.ends[last]


def lower(text: str) -> str:
    """Lower case and straight apostrophes, letter for letter, so that offsets stay true."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.translate(_QUOTES)


def _negation(word: str) -> str:
    return {"can": "can't", "will": "won't"}.get(word, word + "n't")


def fold(raw: list[str]) -> list[tuple[str, int]]:
    """Join what belongs together (did not, didn t, i am): the folded words and how many raw words each took."""
    out: list[tuple[str, int]] = []
    i, count = 0, len(raw)
    while i < count:
        word = raw[i]
        after = raw[i + 1] if i + 1 < count else ""
        if after == "not" and word in _JOIN_NOT:
            out.append((_negation(word), 2))
        elif (word, after) in _JOIN:
            out.append((_JOIN[word, after], 2))
        elif after in _TAILS and (after != "t" or word.endswith("n")) and (after != "s" or word in ("it", "that")):
            out.append((f"{word}'{after}", 2)) if after != "d" else out.append((word, 1))
        else:
            out.append((_BARE.get(word, word), 1))
        i += out[-1][1]
    return out


def _plain(token: str) -> str:
    if token[0] not in _STOPS:
        return token
    if len(token) > 1 and "!" in token:
        return "?!" if "?" in token else "!!"
    if len(token) > 1 and "?" in token:
        return "??"
    return token[0] if token[0] in "!?" else "."


def read_words(text: str) -> Words:
    """The words of a text, at most the first 20,000 characters of it, as no complaint needs more to be understood."""
    found = list(WORD.finditer(lower(text[:LIMIT])))
    folded = fold([_plain(m.group()) for m in found])
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    places: list[int] = []
    i = place = 0
    for word, took in folded:
        words.append(word)
        starts.append(found[i].start())
        ends.append(found[i + took - 1].end())
        places.append(place)
        i += took
        place += len(word) + 1
    return Words(text, words, starts, ends, places, " ".join(words))
