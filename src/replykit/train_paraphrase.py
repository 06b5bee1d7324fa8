"""The room where the second tier learns: from `prompts/paraphrase/sentences` to `prompts/paraphrase/weights.json`.

    python -m replykit.train_paraphrase [FOLDER]

Each file of sentences is a category (`clean*.txt` are sentences of good replies), one sentence a line; a blank line
ends a family of sentences that are built alike. Families are never split between training and testing, so that the
thresholds are set on wordings that the model has not seen. The result depends on the files alone.
"""

from __future__ import annotations

import base64
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from replykit.errors import LibraryError
from replykit.library import Library
from replykit.paraphrase import CLASSES, MESSAGES, WEIGHTS, Advice, Lexicon, damping, features
from replykit.rules import Reading

SENTENCES = "paraphrase/sentences"
FOLDS = 5
STRENGTH = 1.0  # of the regression (C): weaker underfits, stronger learns the sentences by heart
FAMILY = 8  # sentences that a family may count for at most: a hundred built alike say little more than eight
CLEAN_WEIGHT = 2.0  # a false alarm costs more than a miss
FAMILIES = 2  # a feature must be seen in so many families to count
KEPT = 30_000  # features with the largest weights, to keep the file small
ALARMS = 0.015  # share of the families of clean sentences that one category may flag while they are unseen
LOWEST, HIGHEST = 0.85, 0.97  # between which a threshold may lie; at the lower one both tiers together stay precise
CLEAN = "clean"


@dataclass(frozen=True)
class Example:
    """A sentence as the check reads it, its features, its category, and the family it is built like."""

    text: str
    shown: frozenset[str]
    category: str
    family: int


def examples(library: Library) -> list[Example]:
    """Every sentence of the library, read as the check reads it.

    Raises:
        LibraryError: There are no sentences.
    """
    lexicon = Lexicon(library.data(CLASSES))
    read = ((Reading(line).masked, category, family) for category, line, family in _lines(library))
    found = [Example(text, frozenset(features(text, lexicon)), category, family) for text, category, family in read]
    if not found:
        raise LibraryError(SENTENCES, "", "holds no sentences; one file per category, one sentence a line")
    return found


def _lines(library: Library) -> Iterator[tuple[str, str, int]]:
    family = 0
    for path in library.files(SENTENCES, ".txt"):
        category = Path(path).stem.rstrip("0123456789").rstrip("-")
        for line in library.text(path).splitlines():
            family += not line
            if line and not line.startswith("# "):
                yield category, line, family
        family += 1


def train(library: Library) -> dict[str, Any]:
    """The contents of `weights.json`, learned from the library's sentences."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    data = examples(library)
    common = _common(data)
    vectors = DictVectorizer(dtype=float).fit([dict.fromkeys(sorted(common), 1.0)])
    table: Any = vectors.transform([dict.fromkeys(e.shown & common, 1.0) for e in data])
    categories = sorted({e.category for e in data})
    labels, groups = [categories.index(e.category) for e in data], [e.family for e in data]
    worth = {"sample_weight": _worth(data)}
    model = LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-3)
    unseen = cross_val_predict(
        model, table, labels, groups=groups, cv=GroupKFold(FOLDS), method="decision_function", params=worth
    )
    model.fit(table, labels, **worth)
    known = [len(e.shown & common) for e in data]
    logits = [_damped(row, model.intercept_, n) for row, n in zip(unseen.tolist(), known, strict=True)]
    heat = _temperature(logits, labels)
    return {
        "categories": categories,
        "thresholds": _thresholds([_softmax(row, heat) for row in logits], data, categories, cleared_by(library)),
        **_packed(list(vectors.feature_names_), model.coef_.T.tolist(), model.intercept_.tolist(), heat),
    }


def _worth(data: Sequence[Example]) -> list[float]:
    """What each sentence counts for: a family never for more than `FAMILY` of them."""
    sizes = Counter(example.family for example in data)
    return [min(1.0, FAMILY / sizes[e.family]) * (CLEAN_WEIGHT if e.category == CLEAN else 1.0) for e in data]


def _common(data: Sequence[Example]) -> set[str]:
    families: defaultdict[str, set[int]] = defaultdict(set)
    for example in data:
        for shown in example.shown:
            families[shown].add(example.family)
    return {shown for shown, seen in families.items() if len(seen) >= FAMILIES}


def _damped(logits: Sequence[float], bias: Sequence[float], shown: int) -> list[float]:
    """Logits as the tier reckons them, with the evidence of many features weakened."""
    return [b + (z - b) * damping(shown) for z, b in zip(logits, map(float, bias), strict=True)]


def _softmax(logits: Sequence[float], heat: float) -> list[float]:
    top = max(logits)
    powers = [math.exp((z - top) / heat) for z in logits]
    whole = sum(powers)
    return [p / whole for p in powers]


def _temperature(logits: Sequence[Sequence[float]], labels: Sequence[int]) -> float:
    """By what the logits are divided so that the probabilities fit unseen families best (Guo and others, 2017)."""

    def loss(heat: float) -> float:
        return -sum(math.log(max(_softmax(row, heat)[y], 1e-12)) for row, y in zip(logits, labels, strict=True))

    return min((1 + step / 10 for step in range(21)), key=loss)


def cleared_by(library: Library) -> dict[str, Callable[[str], bool]]:
    """Per category, whether what stands near a sentence clears it."""
    advice = {category: Advice.read(category, entry) for category, entry in library.data(MESSAGES).items()}
    return {category: said.clears for category, said in advice.items()}


def _thresholds(
    chances: Sequence[Sequence[float]],
    data: Sequence[Example],
    categories: Sequence[str],
    clears: Mapping[str, Callable[[str], bool]],
) -> dict[str, float]:
    """Per category the lowest threshold that keeps false alarms on unseen clean families within `ALARMS`."""
    alarms: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for row, example in zip(chances, data, strict=True):
        if example.category == CLEAN:
            suspect = max((p, c) for p, c in zip(row, categories, strict=True) if c != CLEAN)[1]
            wrong = 0.0 if clears[suspect](example.text) else 1 - row[categories.index(CLEAN)]
            alarms[suspect][example.family] = max(alarms[suspect][example.family], wrong)
    allowed = int(ALARMS * len({e.family for e in data if e.category == CLEAN}))
    return {c: _threshold(sorted(alarms[c].values(), reverse=True), allowed) for c in categories if c != CLEAN}


def _threshold(scores: Sequence[float], allowed: int) -> float:
    strictest = scores[allowed] + 1e-4 if len(scores) > allowed else LOWEST
    return round(min(max(strictest, LOWEST), HIGHEST), 4)


def _packed(names: list[str], rows: list[list[float]], bias: list[float], heat: float) -> dict[str, Any]:
    """The strongest features, their weights as bytes around 128, and what one step of a byte is worth."""
    strongest = sorted(range(len(names)), key=lambda i: (-max(map(abs, rows[i])), names[i]))[:KEPT]
    kept = sorted(strongest, key=lambda i: names[i])
    step = max(abs(w) for i in kept for w in rows[i]) / 127
    lanes = bytes(round(w / step) + 128 for i in kept for w in rows[i])
    return {
        "bias": [round(b / heat, 5) for b in bias],
        "scale": step / heat,
        "features": "\n".join(names[i] for i in kept),
        "lanes": base64.b64encode(lanes).decode(),
    }


def main(arguments: Sequence[str]) -> None:
    """Learn from the library's sentences and write the weights where the sentences are."""
    folder = Path(arguments[0]) if arguments else Path("prompts")
    weights = train(Library.load(folder))
    target = folder / WEIGHTS
    target.write_text(json.dumps(weights, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    size = f"{len(weights['features'].splitlines())} features, {target.stat().st_size // 1024} kB"
    sys.stdout.write(f"{target}: {size}\n{json.dumps(weights['thresholds'], indent=1)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
