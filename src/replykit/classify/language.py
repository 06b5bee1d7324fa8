"""The room that tells which language a message is in, from its script, its short words and its letters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from replykit.errors import LibraryError

# How many words are looked at: short words are so common that a few lines settle the matter.
ENOUGH = 160
UNKNOWN = "und"
# Letters up to here are Latin; the scripts of the file begin beyond.
LATIN_END = "\u024f"


class Languages:
    """The languages of `languages.yaml`, with `detect` to tell them apart.

    Args:
        record: The content of the file: `words`, `letters` and `scripts`.

    Raises:
        LibraryError: A list is missing, or a word in it was read as yes or no for want of quotation marks.
    """

    def __init__(self, record: Mapping[str, Any]) -> None:
        file = "classifier/languages.yaml"
        for key in ("words", "letters", "scripts"):
            if key not in record:
                raise LibraryError(file, key, "missing; the file needs `words`, `letters` and `scripts`")
        self._votes: dict[str, dict[str, float]] = {}
        for code, words in record["words"].items():
            for word in words:
                if not isinstance(word, str) or not isinstance(code, str):
                    raise LibraryError(file, f"words.{code}", f"{word!r} is not text; put it in quotation marks")
                self._votes.setdefault(word, {})[code] = 1.0
        for shared in self._votes.values():
            # A word that many languages have says little about which one it is.
            for code in shared:
                shared[code] = 1.0 / len(shared) ** 0.5
        self._letters: dict[str, list[str]] = {}
        for code, letters in record["letters"].items():
            for letter in letters:
                self._letters.setdefault(letter, []).append(str(code))
        self._scripts: list[dict[str, str]] = list(record["scripts"])

    def of(self, text: str) -> str:
        """The same as `detect` for a text whose words have not been looked at yet."""
        return self.detect(text, re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text.lower()))

    def detect(self, text: str, words: Sequence[str]) -> str:
        """The ISO 639-1 code of the language, or `und` where nothing in the text is a word.

        Args:
            text: The message.
            words: Its words in lower case.
        """
        said = [w for w in words[:ENOUGH] if w[0].isalpha()]
        if not said:
            return UNKNOWN
        foreign = "" if text.isascii() else text[:1200].lower()
        if foreign and (code := self._by_script(foreign)):
            return code
        scores = self._scores(said)
        for letter in set(foreign):
            for code in self._letters.get(letter, ()):
                scores[code] = scores.get(code, 0.0) + 0.7 * foreign.count(letter) ** 0.5
        if not scores:
            return "en"
        best = max(scores, key=lambda code: (scores[code], code == "en"))
        # English words turn up in every language's chats; another language has to win clearly.
        return best if scores[best] > scores.get("en", 0.0) * 1.1 and scores[best] >= 1.0 else "en"

    def _scores(self, said: Sequence[str]) -> dict[str, float]:
        scores: dict[str, float] = {}
        for word in said:
            for code, vote in self._votes.get(word, {}).items():
                scores[code] = scores.get(code, 0.0) + vote
        return scores

    def _by_script(self, text: str) -> str:
        letters = [c for c in text if c.isalpha()]
        if max(letters, default="") <= LATIN_END:
            return ""
        for script in self._scripts:
            if "from" in script:
                hits = sum(script["from"] <= c <= script["to"] for c in letters)
                if hits * 3 > len(letters):
                    return script["code"]
            elif sum(c in script["letters"] for c in letters) > 0 and not any("a" <= c <= "z" for c in letters[:20]):
                return script["code"]
        return ""
