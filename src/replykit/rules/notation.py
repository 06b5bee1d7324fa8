"""The room of the pattern notation: how a rule file says which wordings it means.

    we [really] {cannot} (do|change) ~3 that      words in order; [optional]; (one|of|these); ~3: up to three words between
    apologi*      any ending        blame+    any form of the verb        {name}    a word list of prompts/lexicons
    ^ and $       the sentence begins or ends here        !(much|far)    the next words are not these
    , and .       a comma stands here; a mark or the end follows
    /[A-Z]{3,}/   a whole pattern between slashes is a regular expression as it is; `cased:/.../` sees capitals,
                  `lower:/.../` the whole text, `original:/.../` the text as it came; `cased<@#>:/.../` is tried only where one of these signs is,
                  `cased[queue status]:/.../` only where one of these words is

A space in a pattern also admits a comma and any filler adverb ("we *really, truly* cannot"), so the notation needs no
list of them. Every gap is bounded and words are matched whole, so no pattern can backtrack more than a few steps per
word. Each pattern also knows which words a sentence must hold for it to match, so that most are never tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from replykit.rules.inflection import forms
from replykit.rules.pattern import Needs, NotationError, Pattern, Piece, rarest, stem_key

JOIN = r",?(?:\xa0\w+,?){0,3}[ \xa0](?:- )?"
GAP_WORD = r"(?:[ \xa0][^ \xa0]+)"
FLAT = re.compile(r"[\w'’/&€£+* |?-]+[)\]]")
STOP = r"(?=[,.!?;:)\"]|[^\w\n]{0,4}$| -)"
TOKEN = re.compile(
    r"\s*(?:(?P<group>[(\[])|(?P<close>[)\]])|(?P<bar>\|)|(?P<ban>!\()|\{(?P<name>[\w-]+)\}"
    r"|~(?P<gap>\d*)|(?P<edge>[\^$])|(?P<mark>[,:;.](?=[\s|)\]]|$))|(?P<maybe>\?)"
    r"|(?P<word>[^\s()\[\]|{}~!^$?,]+\??)|(?P<odd>.))"
)

SPLIT_FROM = 8
SHORTEST_STEM = 4
SINGLE = re.compile(r"[\w'*-]+\??")
BRACKET = re.compile(r"[()\[\]|]")
RAW = re.compile(
    r"(?:(?P<view>words|cased|lower|original)(?:<(?P<signs>[^>]+)>)?(?:\[(?P<words>[^\]]+)\])?:)?/(?P<regex>.+)/",
    re.DOTALL,
)


def read(source: str, lexicon: Mapping[str, Piece]) -> Pattern:
    """Compile one pattern. Raises `NotationError` where it cannot be read."""
    if (raw := RAW.fullmatch(source)) is not None:
        needs = (frozenset(raw["words"].split()),) if raw["words"] else ()
        return Pattern(source, raw["regex"], needs, 0, raw["view"] or "", raw["signs"] or "")
    piece = read_piece(source, lexicon)
    start = "" if source.startswith((",", ":", ";", "^")) else r"(?<!\w)"
    return Pattern(source, rf"{start}(?:{piece.regex})(?!\w)", piece.needs)


def read_each(source: str, lexicon: Mapping[str, Piece]) -> Iterator[Pattern]:
    """Compile a pattern that is one long list of wordings as a pattern for each, so that few of them are ever tried.

    Single words stay together: the index finds a word as fast alone as in company.
    """
    branches = _branches(source)
    if len(branches) < SPLIT_FROM:
        yield read(source, lexicon)
        return
    single = [b for b in branches if SINGLE.fullmatch(b)]
    for branch in ([f"({'|'.join(single)})"] if single else []) + [b for b in branches if not SINGLE.fullmatch(b)]:
        yield read(branch, lexicon)


def _branches(source: str) -> list[str]:
    """The alternatives of a pattern that is nothing but one group; none where it is more than that."""
    if not source.startswith("(") or not source.endswith(")"):
        return []
    found, depth, start = [], 0, 1
    for m in BRACKET.finditer(source):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(m[0], 0)
        if depth == 0 and m.end() < len(source):
            return []
        if (depth == 1 and m[0] == "|") or depth == 0:
            found.append(source[start : m.start()].strip())
            start = m.end()
    return [b for b in found if b]


def read_piece(source: str, lexicon: Mapping[str, Piece]) -> Piece:
    """Compile a pattern to a piece that larger patterns can hold."""
    if source.startswith("/") and source.endswith("/"):
        return Piece(f"(?:{source[1:-1]})")
    tokens = _tokens(source)
    piece, closing = _alternatives(tokens, lexicon, source)
    if closing:
        raise NotationError(f"{source!r} closes a bracket that it never opens; remove one {closing!r}")
    return piece


@lru_cache(maxsize=8192)
def _flat(alternatives: str) -> Piece:
    """A group of plain wordings, the commonest part of a pattern, without the general way round."""
    branches = [[_word(word) for word in branch.split()] for branch in alternatives.split("|")]
    if not all(branches):
        raise NotationError(f"({alternatives}) has a part without any word; add one")
    whole = [
        b[0] if len(b) == 1 else Piece(JOIN.join(p.regex for p in b), tuple(n for p in b for n in p.needs))
        for b in branches
    ]
    return whole[0] if len(whole) == 1 else one_of(whole)


def one_of(pieces: list[Piece]) -> Piece:
    """The piece that matches any of these."""
    needs: Needs = ()
    if all(p.needs for p in pieces):
        needs = (frozenset().union(*(rarest(p.needs) for p in pieces)),)
    return Piece("(?:" + "|".join(p.regex for p in pieces) + ")", needs)


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    at = 0
    while (m := TOKEN.match(source, at)) is not None:
        kind = m.lastgroup or "odd"
        at = m.end()
        if kind == "group" and (flat := FLAT.match(source, at)) is not None:
            at = flat.end()
            yield ("flat" if m[0].endswith("(") == flat[0].endswith(")") else "odd"), m["group"] + flat[0][:-1]
            continue
        if kind == "odd":
            if not m[0]:
                return
            if m[0].strip():
                raise NotationError(f"{source!r} holds {m[0].strip()!r}, which means nothing here; write plain words")
            continue
        yield kind, m[kind]


def _alternatives(tokens: Iterator[tuple[str, str]], lexicon: Mapping[str, Piece], source: str) -> tuple[Piece, str]:
    branches: list[list[tuple[str, Piece]]] = [[]]
    closing = ""
    for kind, value in tokens:
        if kind == "bar":
            branches.append([])
        elif kind == "close":
            closing = value
            break
        else:
            branches[-1].append(_item(kind, value, tokens, lexicon, source))
    edges = [_edge(b) for b in branches if b and all(kind in ("end", "mark") for kind, _ in b)]
    pieces = [_sequence(b, source) for b in branches if not b or any(kind not in ("end", "mark") for kind, _ in b)]
    if not edges:
        return (pieces[0] if len(pieces) == 1 else one_of(pieces)), closing
    whole = one_of(pieces) if pieces else Piece("")
    return Piece(whole.regex, (), "|".join(edges)), closing


def _item(
    kind: str, value: str, tokens: Iterator[tuple[str, str]], lexicon: Mapping[str, Piece], source: str
) -> tuple[str, Piece]:
    if kind == "flat":
        return ("maybe" if value[0] == "[" else "one"), _flat(value[1:])
    if kind in ("group", "ban"):
        inner, closing = _alternatives(tokens, lexicon, source)
        wanted = "]" if value == "[" else ")"
        if closing != wanted:
            raise NotationError(f"{source!r} opens {value!r} and does not close it; add {wanted!r}")
        return ("ban" if kind == "ban" else "maybe" if value == "[" else "one"), inner
    if kind == "name":
        if value not in lexicon:
            raise NotationError(
                f"{source!r} names {{{value}}}, which no file of prompts/lexicons defines; "
                f"known: {', '.join(sorted(lexicon))}"
            )
        return "one", lexicon[value]
    if kind == "gap":
        return "gap", Piece(value or "3")
    if kind == "mark":
        return "mark", Piece(STOP if value == "." else re.escape(value))
    if kind == "maybe":
        return "again", Piece("")
    if kind == "edge":
        return "start" if value == "^" else "end", Piece("")
    return "one", _word(value)


def _optional(items: list[tuple[str, Piece]]) -> list[tuple[str, Piece]]:
    """Read `(one|of)?` as `[one|of]`."""
    out: list[tuple[str, Piece]] = []
    for kind, piece in items:
        if kind == "again" and out:
            out[-1] = ("maybe", out[-1][1])
        elif kind != "again":
            out.append((kind, piece))
    return out


def _edge(branch: list[tuple[str, Piece]]) -> str:
    return "".join(r"[^\w\n]{0,4}$" if kind == "end" else piece.regex for kind, piece in branch)


def _sequence(items: list[tuple[str, Piece]], source: str) -> Piece:
    """Join items; each optional one carries its own joint, so that nothing dangles where it is absent."""
    out: list[str] = []
    needs: list[frozenset[str]] = []
    placed = False
    joint, gap = JOIN, 0
    for kind, piece in _optional(items):
        if kind == "mark":
            out.append(piece.regex)
            joint, placed = (joint, True) if placed else (r"[ \xa0]", True)
        elif kind == "start":
            out.append(r"^[^\w\n]{0,4}")
        elif kind == "end":
            out.append(r"[^\w\n]{0,4}$")
        elif kind == "gap":
            gap = int(piece.regex)
            joint = rf",?{GAP_WORD}{{0,{gap}}}?[ \xa0]"
        elif kind == "ban":
            out.append(rf"(?!{JOIN}{piece.regex}(?!\w))" if placed else rf"(?!{piece.regex}(?!\w))")
        elif piece.edge and not piece.regex and kind == "maybe":
            continue  # an optional comma: every joint admits one
        elif piece.edge:
            inner = f"{joint if placed else ''}{piece.regex}|{piece.edge}" if piece.regex else piece.edge
            out.append(f"(?:{inner})" + "?" * (kind == "maybe"))
            placed, joint = True, JOIN
        elif kind == "maybe":
            out.append(f"(?:{joint}{piece.regex})?" if placed else f"(?:{piece.regex}{JOIN})?")
        else:
            out.append((joint if placed else rf"(?:[^ \xa0]+[ \xa0]){{0,{gap}}}?" if gap else "") + piece.regex)
            needs += piece.needs
            placed, joint, gap = True, JOIN, 0
    if not placed:
        raise NotationError(f"{source!r} has a part without any word; add one")
    if gap:
        out.append(rf"(?:,?{GAP_WORD}){{0,{gap}}}")
    return Piece("".join(out), tuple(needs))


@lru_cache(maxsize=16384)
def _word(word: str) -> Piece:
    if word == "*":
        return Piece(r"[\w'-]+")
    if word.endswith("+") and len(word) > 2:
        found = forms(word[:-1])
        return Piece(_any(found), (frozenset(f.split("-")[0] for f in found),))
    if word.endswith("*"):
        stem = word[:-1]
        *whole, last = re.findall(r"\w+", stem) or [""]
        needs = [frozenset((part,)) for part in whole] + [frozenset((stem_key(last),))] * (len(last) >= SHORTEST_STEM)
        return Piece(re.escape(stem).replace(r"\-", "[- ]") + r"\w*", tuple(needs))
    if word.endswith("?"):
        return Piece(re.escape(word[:-2]) + re.escape(word[-2]) + "?", (frozenset((word[:-2], word[:-1])),))
    parts = re.findall(r"\w+", word)
    regex = re.escape(word).replace(r"\-", "[- ]").replace("-", "[- ]") if "-" in word and parts else re.escape(word)
    return Piece(regex.replace("[[- ] ]", "[- ]"), tuple(frozenset((p,)) for p in parts))


def _any(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"
