"""The room that says which part of a message is the customer's own voice, and where its clauses begin and end."""

from __future__ import annotations

import re

_SPEAKER = re.compile(
    r"(?:^|\n|(?<=[.!?\"”] )|(?<=\] ))[ \t]*(?P<who>agent|adviser|advisor|rep(?:resentative)?|operator|support|staff|bot|system|us|assistant|host|"
    r"caller|customer|client|guest|patient|passenger|member|user|buyer|me|[A-Z][a-z]+ \((?:agent|customer|caller|support)\)) ?(?:\[[^\]]*\])?:",
    re.IGNORECASE,
)
_OURS = re.compile(r"agent|advis|rep|operator|support|staff|bot|system|^us$|assistant|host", re.IGNORECASE)
_BRACKET = re.compile(r"^\s*\[[^\]\n]{0,60}\]")
_END = re.compile(r"[.!?…]+[\"”')\]]*(?=\s|$|[A-Z])|\n+|[;•]|\s[-–—/]{1,2}\s|[—–]")
_JOINT = re.compile(
    r"(?:,\s*+|(?<!\s)\s++)(?=(?:but|and then|and (?:i|we|they|he|she|it|the|my|now|still|no|when|after|so)|then|so (?:i|we|they)|however|although|because|"
    r"when i|while|yet|plus|also|which|only to|despite)\b)|,\s+(?=(?:the|my|they|he|she|it|i|we|no|not|never|your|you|still|now|there|and|our)\b)",
    re.IGNORECASE,
)
# A run of blanks is tried once, from its first one: a message of ten thousand blanks would take minutes otherwise.
LONG = 90


def customer_side(text: str) -> str:
    """The message with everything that the business said blanked out, letter for letter.

    A transcript ("Caller: … Agent: …") keeps the caller's turns only; anything else is returned as it is.
    """
    turns = list(_SPEAKER.finditer(text))
    sides = {bool(_OURS.match(m["who"])) for m in turns}
    if len(turns) < 2 or sides != {True, False}:
        found = _BRACKET.match(text)
        return " " * found.end() + text[found.end() :] if found else text
    parts = [text[: turns[0].start()]]
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        stop = following.start() if following else len(text)
        whole = text[turn.start() : stop]
        kept = " " * (turn.end() - turn.start()) + text[turn.end() : stop]
        parts.append(_blank(whole) if _OURS.match(turn["who"]) else kept)
    return "".join(parts)


def _blank(passage: str) -> str:
    # A line end stays, so that two turns of the customer never run together into one sentence.
    return "\n" + " " * (len(passage) - 1) if passage else ""


def clauses(text: str) -> list[tuple[int, int]]:
    """The clauses of a text as (start, end), trimmed: sentences, cut at their joints where they are long."""
    out: list[tuple[int, int]] = []
    for start, end in _between(_END, text, 0, len(text)):
        cut = _between(_JOINT, text, start, end) if end - start > LONG else [(start, end)]
        out += _merged(cut)
    return [trimmed for a, b in out if (trimmed := _trim(text, a, b))[1] - trimmed[0] > 1]


def _between(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[tuple[int, int]]:
    out, at = [], start
    for match in pattern.finditer(text, start, end):
        stop = match.end() if match.group().strip() and match.group().strip()[0] in ".!?…" else match.start()
        if stop > at:
            out.append((at, stop))
        at = match.end()
    if end > at:
        out.append((at, end))
    return out


def _merged(pieces: list[tuple[int, int]], least: int = 18) -> list[tuple[int, int]]:
    """Pieces too short to say anything join the one before them."""
    out: list[tuple[int, int]] = []
    for start, end in pieces:
        if out and (end - start < least or out[-1][1] - out[-1][0] < least):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not (text[start].isalnum() or text[start] in '£$€#@"“('):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
