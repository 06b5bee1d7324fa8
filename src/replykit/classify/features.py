"""The room that turns a prepared message into named numbers, for whole messages and for single clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log1p

from replykit.classify.message import Clause, Message
from replykit.classify.tokens import Words

Features = dict[str, float]
# Where these stand matters: how a message opens says what it is about, how it ends what is wanted.
PLACED = ("plain.", "threats.", "requests.", "cause.", "tone.", "repeat_contact.")
_WHO = {
    **dict.fromkeys("i i'm i've i'll my me we our us we've myself".split(), "i"),
    **dict.fromkeys("you your you're yours yourselves ur u".split(), "you"),
    **dict.fromkeys("they their them they're they've he she his her".split(), "they"),
    **dict.fromkeys("not no never nothing nobody none without".split(), "not"),
}


def bucket(count: float) -> int:
    """Sizes in steps that each mean something: 0, 1, 2, 3, 4-5, 6-9, 10 and more."""
    for step, limit in enumerate((0, 1, 2, 3, 5, 9)):
        if count <= limit:
            return step
    return 6


def message_features(message: Message) -> Features:
    """What a whole message shows: cues (turned round or not), words, pairs of words, shape, who is spoken of."""
    out: Features = {}
    counts = _cue_counts(message)
    for cue, count in counts.items():
        out["c:" + cue] = 1.0 + 0.5 * log1p(count - 1)
    for hit in message.hits:
        out[f"q:{'-' if hit.negated else ''}{hit.cue}#{hit.phrase}"] = 0.7
    for mark, clause in (("f", message.clauses[:1]), ("l", message.clauses[-1:])):
        for hit in clause[0].hits if clause else ():
            if not hit.negated and hit.cue.startswith(PLACED):
                out[f"{mark}:{hit.cue}"] = 0.7
    _groups(counts, out)
    _shape(message, out)
    _words(message.words.words, out)
    return out


def _cue_counts(message: Message) -> dict[str, int]:
    counts: dict[str, int] = {}
    for hit in message.hits:
        name = ("-" if hit.negated else "") + hit.cue
        counts[name] = counts.get(name, 0) + 1
    return counts


def _groups(counts: Mapping[str, int], out: Features) -> None:
    """How much of each field speaks in the message, and what speaks alone: praise without any failure, say."""
    groups: dict[str, int] = {}
    for cue, count in counts.items():
        if cue[0] != "-":
            field = cue.split(".", 1)[0]
            groups[field] = groups.get(field, 0) + count
            if field in ("stakes", "cause"):
                part = ".".join(cue.split(".", 2)[:2])
                groups[part] = groups.get(part, 0) + count
    for field, count in groups.items():
        out[f"g:{field}"] = log1p(count)
    praise, failure = counts.get("cause.none.praise", 0), counts.get("cause.product.failure", 0)
    issues = sum(1 for cue in counts if cue.startswith("issues."))
    out[f"x:issues={bucket(issues)}"] = 1.0
    out[f"x:failure={bucket(failure)}"] = 1.0
    if praise:
        out[f"x:praise-{'more' if praise > failure + issues else 'less'}"] = 1.0
        out["x:praise-share"] = praise / (praise + failure + issues)
    if not failure and not issues:
        out["x:nothing-wrong"] = 1.0
        if counts.get("cause.none.question"):
            out["x:mere-question"] = 1.0
    if counts.get("tone.angry", 0) + counts.get("tone.frustrated", 0) == 0:
        out["x:no-heat"] = 1.0


def _shape(message: Message, out: Features) -> None:
    words = message.words.words
    count = len(words)
    out[f"s:length={bucket(count / 12)}"] = 1.0
    out["s:log-length"] = log1p(count) / 5
    if not count:
        return
    kinds = {"!": 0, "?": 0}
    for word in words:
        if word[-1] in kinds:
            kinds[word[-1]] += 1
    out[f"s:exclaims={bucket(kinds['!'])}"] = 1.0
    if kinds["?"]:
        out["s:asks"] = 1.0
        out["s:asks-share"] = kinds["?"] / len(message.clauses) if message.clauses else 1.0
    if words[-1][-1] == "?":
        out["s:ends-with-question"] = 1.0
    shown = message.text[:3000]
    letters = sum(map(str.isalpha, shown))
    if letters and (loud := sum(map(str.isupper, shown)) / letters) > 0.12:
        out["s:loud"] = min(loud, 1.0)
    for name, hits in _people(words).items():
        out[f"s:{name}"] = log1p(hits)
        out[f"s:{name}-share"] = 3.0 * hits / count
    if message.text.lstrip()[:1] in ("@", "."):
        out["s:tweet"] = 1.0


def _people(words: Sequence[str]) -> dict[str, int]:
    """How often the writer, the reader, others and negations are named."""
    found: dict[str, int] = {}
    for word in words:
        name = _WHO.get(word) or ("not" if word[-3:] == "n't" else None)
        if name:
            found[name] = found.get(name, 0) + 1
    return found


def kind_features(chances: Sequence[Mapping[str, float]]) -> Features:
    """What the clauses add up to: how sure each kind of issue is, and which share of all trouble it makes up."""
    out: Features = {}
    highest: dict[str, float] = {}
    sums: dict[str, float] = {}
    for clause in chances:
        for kind, chance in clause.items():
            sums[kind] = sums.get(kind, 0.0) + chance
            if chance > highest.get(kind, 0.0):
                highest[kind] = chance
    total = sum(sums.values())
    for kind, chance in highest.items():
        if chance > 0.03:
            out["k:" + kind] = chance
            out["ks:" + kind] = sums[kind] / total
    out["k:sum"] = log1p(total)
    out["k:top"] = max(highest.values(), default=0.0)
    if chances:
        out["k:first"] = sum(chances[0].values())
        out["k:density"] = total / len(chances)
    return out


def _words(words: Sequence[str], out: Features) -> None:
    """Words and pairs as log counts, divided so that a long message does not shout."""
    seen: dict[str, int] = {}
    last = "^"
    for word in words:
        said = "0" if word[0].isdigit() else word
        for name in ("w:" + said, f"b:{last} {said}"):
            seen[name] = seen[name] + 1 if name in seen else 1
        last = said
    scale = 1.6 / max(len(words), 8) ** 0.35
    for name, count in seen.items():
        out[name] = scale if count == 1 else scale * (1.0 + 0.5 * log1p(count - 1))


def clause_features(message: Message, clause: Clause, number: int) -> Features:
    """What one clause shows: its cues and words, the cues of the clauses beside it, its place and length."""
    out: Features = {}
    for hit in clause.hits:
        turned = "-" if hit.negated else ""
        out[f"c:{turned}{hit.cue}"] = 1.0
        out[f"q:{turned}{hit.cue}#{hit.phrase}"] = 0.7
    for step in (-1, 1):
        if 0 <= number + step < len(message.clauses):
            for hit in message.clauses[number + step].hits:
                if hit.cue.startswith(("issues.", "cause.")) and not hit.negated:
                    out[f"n{step}:{hit.cue}"] = 0.4
    _words(message.words.words[clause.first : clause.last + 1], out)
    total = len(message.clauses)
    out[f"p:{'only' if total == 1 else 'first' if number == 0 else 'last' if number == total - 1 else 'mid'}"] = 1.0
    out[f"p:of={bucket(total)}"] = 0.5
    length = clause.last - clause.first + 1
    out[f"p:length={bucket(length / 3)}"] = 0.5
    if message.words.words[clause.last][-1] == "?":
        out["p:asks"] = 1.0
    if not any(h.cue.startswith("issues.") and not h.negated for h in clause.hits):
        out["p:no-issue-cue"] = 1.0
    return out


def words_of(words: Words, first: int, last: int) -> str:
    """The canonical words from `first` to `last`, for explanations."""
    return " ".join(words.words[first : last + 1])
