"""The room that shows which evidence spoke for and against each label that was given."""

from __future__ import annotations

from typing import NamedTuple

from replykit.classify.features import Features
from replykit.classify.judge import Reading, features_of
from replykit.classify.linear import Weights
from replykit.classify.message import Message

# So many reasons for and against a label are read; more are not.
MOST = 5
NAMES = {
    "s:loud": "capital letters", "s:asks": "asks a question", "s:log-length": "length of the message",
    "s:ends-with-question": "ends with a question", "x:nothing-wrong": "nothing wrong is named",
    "x:mere-question": "only a question", "x:no-heat": "no heated word", "s:tweet": "written as a tweet",
    "x:praise-share": "share of praise", "k:sum": "how much trouble there is", "k:top": "how clear the clearest issue is",
    "k:first": "trouble in the first clause", "k:density": "trouble per clause",
}  # fmt: skip


class Reason(NamedTuple):
    """What one feature added to a label: `weight` above zero speaks for it, below zero against it.

    `quote` is the passage that shows the feature; empty where it is a matter of the whole message.
    """

    field: str
    label: str
    feature: str
    weight: float
    quote: str


def reasons(message: Message, subject: Message | None, reading: Reading, weights: Weights) -> tuple[Reason, ...]:
    """The strongest reasons for and against each label of a reading, strongest first within a label."""
    features = features_of(message, subject, reading.kinds)
    out: list[Reason] = []
    for field, label in _given(reading):
        output = f"{field}:{label}"
        if output not in weights.message.outputs:
            continue
        for name, weight in _merged(weights.message.pull(features, output))[:MOST]:
            out.append(Reason(field, label, spoken(name), round(weight, 3), quote_of(message, name)))
    return tuple(out)


def _given(reading: Reading) -> list[tuple[str, str]]:
    single = [("cause", reading.cause), ("tone", reading.tone), ("stakes", reading.stakes)]
    lists = [("requests", r) for r in reading.requests] + [("threats", t) for t in reading.threats]
    repeat = [("repeat_contact", "yes")] if reading.repeat_contact else []
    reason = [("return_reason", reading.return_reason)] if reading.return_reason else []
    return [*single, *((str(f), str(label)) for f, label in lists), *repeat, *((f, str(label)) for f, label in reason)]


def _merged(parts: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """A cue and its phrases count as one reason, as a reader of the cue file sees one cue."""
    sums: Features = {}
    for name, weight in parts:
        key = "c:" + name[2:].split("#")[0] if name.startswith("q:") else name
        sums[key] = sums.get(key, 0.0) + weight
    return sorted(sums.items(), key=lambda part: (-abs(part[1]), part[0]))


def spoken(name: str) -> str:
    """A feature in words a support lead understands."""
    family, _, rest = name.partition(":")
    if name in NAMES:
        return NAMES[name]
    forms = {
        "c": "cue {0}", "w": "word “{0}”", "b": "words “{0}”", "k": "issue {0}", "ks": "share of issue {0}", "g": "cues of {0}",
    }  # fmt: skip
    if family == "c" and rest.startswith("-"):
        return f"cue {rest[1:]}, negated"
    return forms.get(family, "{0}").format(rest)


def quote_of(message: Message, name: str) -> str:
    """The passage of the message that shows a feature."""
    family, _, rest = name.partition(":")
    words = message.words
    if family == "c":
        for hit in message.hits:
            if rest == ("-" if hit.negated else "") + hit.cue:
                start, end = words.span(hit.first, hit.last)
                return message.text[start:end]
    if family in ("w", "b"):
        wanted = rest.split(" ")
        for i in range(len(words.words) - len(wanted) + 1):
            if words.words[i : i + len(wanted)] == wanted:
                start, end = words.span(i, i + len(wanted) - 1)
                return message.text[start:end]
    return ""
