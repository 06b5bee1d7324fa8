"""How well the local classifier reads labelled messages, by cross-validation in five parts, beside a usual baseline.

python tests/benchmarks/classifier_quality.py DATA.jsonl

DATA has one labelled message a line, as `replykit train` takes them. Every fourth message is also reported apart: whoever
writes cues should leave those unread. The baseline is TF-IDF of words, pairs of words and character 3-5-grams with
logistic regression in the same parts; a label of a list is given from a chance of 0.2, which suits it better than one half.
It quotes the whole message, so that its overlap says nothing. Set OMP_NUM_THREADS=1 beside other work.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from replykit.classify import Classifier
from replykit.library import Library
from replykit.train import evaluate
from replykit.train.file import HEADLINE, seeds_of
from replykit.train.fit import folds
from replykit.train.score import measure
from replykit.types import Classification, Issue

Row = Mapping[str, Any]
SINGLE, LISTS = ("cause", "tone", "stakes"), ("requests", "threats", "issues")
PARTS = 5
GIVEN = 0.2


def baseline(rows: Sequence[Row]) -> list[Classification]:
    """What TF-IDF and logistic regression say of each row when fitted without it."""
    out: dict[int, Classification] = {}
    for part in folds([str(row["cause"]) for row in rows], PARTS):
        unseen = set(part)
        known = [row for i, row in enumerate(rows) if i not in unseen]
        out.update(zip(part, _said(known, [rows[i] for i in part]), strict=True))
    return [out[i] for i in range(len(rows))]


def _said(known: Sequence[Row], fresh: Sequence[Row]) -> list[Classification]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True)
    seen = make_union(words, letters)
    x, z = seen.fit_transform([row["text"] for row in known]), seen.transform([row["text"] for row in fresh])
    fields: list[dict[str, Any]] = [{} for _ in fresh]
    for head in (*SINGLE, "repeat_contact"):
        model = make_pipeline(LogisticRegression(C=10.0, max_iter=300)).fit(x, [str(row[head]) for row in known])
        for field, said in zip(fields, model.predict(z), strict=True):
            field[head] = said == "True" if head == "repeat_contact" else str(said)
    for head in LISTS:
        truth = [labels(row, head) for row in known]
        for label in sorted(set().union(*truth)):
            model = LogisticRegression(C=10.0, max_iter=300).fit(x, [label in t for t in truth])
            for field, chance in zip(fields, model.predict_proba(z)[:, 1], strict=True):
                field.setdefault(head, [])
                if chance >= GIVEN:
                    field[head].append(label)
    return [_reading(field, row) for field, row in zip(fields, fresh, strict=True)]


def labels(row: Row, head: str) -> set[str]:
    """The labels of a list field."""
    return {value["kind"] if isinstance(value, Mapping) else value for value in row.get(head, ())}


def _reading(field: dict[str, Any], row: Row) -> Classification:
    whole = row["text"]
    issues = [Issue(kind=kind, quote=whole, start=0, end=len(whole)) for kind in field.pop("issues", ())]
    return Classification.model_validate({**field, "issues": issues, "confidence": 1.0, "source": "local"})


def speed(rows: Sequence[Row]) -> tuple[float, float]:
    """Median milliseconds a message, and milliseconds for each hundred words, with the shipped weights."""
    reader = Classifier.from_library(Library.load())
    for row in rows:
        reader(row["text"])
    took: list[float] = []
    for row in rows:
        start = time.perf_counter()
        reader(row["text"])
        took.append(1000 * (time.perf_counter() - start))
    return statistics.median(took), 100 * sum(took) / sum(len(row["text"].split()) for row in rows)


def main(path: str) -> None:
    """Print the table."""
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    library = Library.load()
    said = evaluate(rows, seeds=seeds_of(library), library=library)
    apart = range(3, len(rows), 4)
    ours, theirs = measure(rows, said), measure(rows, baseline(rows))
    unread = measure([rows[i] for i in apart], [said[i] for i in apart])
    print(f"{'':28}  classifier  unread  baseline")
    for name in HEADLINE:
        print(f"{name:28}  {ours[name]:10.3f}  {unread[name]:6.3f}  {theirs[name]:8.3f}")
    median, per_hundred = speed(rows)
    print(f"median {median:.2f} ms a message, {per_hundred:.2f} ms for 100 words")


if __name__ == "__main__":
    main(sys.argv[1])
