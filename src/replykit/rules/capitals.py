"""The room of words set in capitals for force, as against acronyms, signs and codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.rules.phrase import Hit
from replykit.rules.reading import MASK, Reading
from replykit.rules.record import Rule

RUN = re.compile(r"(?<![\w&/.-])[A-Z][A-Z']+(?:[ ,]+(?:[A-Z][A-Z']+|I|A)(?![\w-]))*(?![\w/-])(?! ?\d)")
LONE = re.compile(r"(?<!\w)(?:I|A)(?: [A-Z]{2,}){2,}")
SHOWN = re.compile(
    r"\b(?:marked|labelled|labeled|reads?|says?|saying|said|reading|called|titled|named|button|sign"
    r"|signs|label|display|displays|shows?|showing|screen|key|switch|"
    r"setting|stamped|printed|error|message|code|option|menu|tab|press|tap|select|choose|mode|headed"
    r"|column|word|words|letters|type|enter|text|reply)\b[^.\n]{0,25}$",
    re.IGNORECASE,
)
BRACKETS = ("[", "{", "<", "%")


def forced(rule: Rule, reading: Reading) -> Iterator[Hit]:
    """Words in capitals that are ordinary words of the language; `of` in the rule lists them."""
    if not reading.capitals:
        return
    cased = reading.normal.cased
    ordinary = frozenset(rule.of.split())
    for m in RUN.finditer(cased):
        words = re.findall(r"[A-Z'][A-Z']+", m[0])  # I and A are written so in any case
        if MASK in reading.masked[m.start() : m.end()] or cased[m.start() - 1 : m.start()] in BRACKETS:
            continue
        if not _is_forced(words, ordinary) or SHOWN.search(cased[max(0, m.start() - 50) : m.start()]):
            continue
        if re.match(
            r"[ ]?(?:button|sign|key|label|switch|light|mode|lamp|plate|gate|entry)\b", cased[m.end() : m.end() + 10]
        ):
            continue
        yield Hit(rule, m.start(), m.end())


def _is_forced(words: list[str], ordinary: frozenset[str]) -> bool:
    known = [w for w in words if w.lower() in ordinary]
    if len(words) == 1:
        return bool(known) and (len(words[0]) > 3 or words[0] in ("NOT", "ALL", "YOU", "NO", "NOW", "ANY", "OUR"))
    return len(known) >= 1 and len(known) * 3 >= len(words)
