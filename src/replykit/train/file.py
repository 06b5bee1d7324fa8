"""The room that trains a classifier from a file of labelled tickets and says what the training gained."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from replykit.classify import Classifier, Shelf, parts_of
from replykit.library import Library
from replykit.train.fit import folds
from replykit.train.model import Lesson, export, fit, lesson
from replykit.train.rows import Row, read_rows
from replykit.train.score import measure
from replykit.types import Classification, Complaint

PARTS = 5
# With fewer messages the folds are too small for the figures to mean anything.
LEAST = 50
HEADLINE = (
    "cause accuracy", "cause macro-F1", "tone accuracy", "tone macro-F1", "stakes accuracy", "stakes macro-F1",
    "issues micro-F1", "requests micro-F1", "threats micro-F1", "repeat_contact accuracy", "issue quotes that overlap",
    "calibration error",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What a training gained, measured on messages that the fitted model had not seen.

    `before` holds the figures of the shipped classifier on the same messages, `after` those of the new one by
    cross-validation; `path` is where the weights were written, `size` their size in bytes.
    """

    rows: int
    seeds: int
    before: dict[str, float]
    after: dict[str, float]
    path: Path | None = None
    size: int = 0

    @property
    def gains(self) -> dict[str, float]:
        """How much each figure rose; for the calibration error a fall is the gain."""
        turn = {"calibration error": -1.0}
        return {
            name: turn.get(name, 1.0) * (self.after[name] - self.before[name])
            for name in HEADLINE
            if name in self.after
        }

    def __str__(self) -> str:
        head = f"{self.rows} messages, {self.seeds} examples of replykit's own"
        lines = [
            f"{name:28} {self.before.get(name, 0.0):.3f} → {self.after[name]:.3f}"
            for name in HEADLINE
            if name in self.after
        ]
        tail = [f"{self.path}: {self.size / 1000:.0f} kB"] if self.path else []
        return "\n".join([head, *lines, *tail])


def seeds_of(library: Library) -> list[Row]:
    """Replykit's own examples for labels that are rare in real tickets."""
    names = library.files("classifier/messages", ".jsonl")
    texts = [library.text(name if "/" in name else f"classifier/messages/{name}") for name in names]
    return [json.loads(line) for text in texts for line in text.splitlines() if line.strip()]


def _lessons(rows: Sequence[Mapping[str, Any]], reader: Classifier, *, seed: bool) -> list[Lesson]:
    return [lesson(row, reader, seed=seed) for row in rows]


def train(
    rows: Sequence[Mapping[str, Any]], *, seeds: Sequence[Mapping[str, Any]] = (), library: Shelf | None = None
) -> tuple[dict[str, Any], TrainReport]:
    """Fit a classifier on labelled messages: the content of its `weights.json`, and what the fit gained.

    Args:
        rows: Messages with labels, in the format of `replykit train --help`.
        seeds: Further examples that count less and are never measured on.
        library: Where the cues come from; the shipped library when None.
    """
    shelf = library or Library.load()
    shipped = Classifier.from_library(shelf)
    before = measure(rows, [shipped(Complaint(text=row["text"])) for row in rows])
    after = measure(rows, evaluate(rows, seeds=seeds, library=shelf)) if len(rows) >= LEAST else {}
    lessons = _lessons(rows, shipped, seed=False) + _lessons(seeds, shipped, seed=True)
    return export(fit(lessons)), TrainReport(len(rows), len(seeds), before, after)


def evaluate(
    rows: Sequence[Mapping[str, Any]], *, seeds: Sequence[Mapping[str, Any]] = (), library: Shelf | None = None
) -> list[Classification]:
    """Read each row with a classifier that was fitted without it (cross-validation in five parts)."""
    shelf = library or Library.load()
    parts = parts_of(shelf)
    reader = Classifier(parts)
    lessons, extra = _lessons(rows, reader, seed=False), _lessons(seeds, reader, seed=True)
    out: dict[int, Classification] = {}
    for part in folds([str(row["cause"]) for row in rows], PARTS):
        unseen = set(part)
        weights = export(fit([one for i, one in enumerate(lessons) if i not in unseen] + extra))
        trained = Classifier(parts, weights)
        out.update({i: trained(Complaint(text=rows[i]["text"])) for i in part})
    return [out[i] for i in range(len(rows))]


def train_file(path: str | Path, out: str | Path) -> TrainReport:
    """Refit the classifier on a file of labelled tickets and write `weights.json` into the folder `out`.

    Raises:
        InputError: The file is unusable; the message names the line, the key and the remedy.
    """
    library = Library.load()
    rows = read_rows(Path(path))
    weights, report = train(rows, seeds=seeds_of(library), library=library)
    target = Path(out) / "weights.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(weights, separators=(",", ":"), ensure_ascii=False) + "\n"
    target.write_text(text, encoding="utf-8")
    return TrainReport(report.rows, report.seeds, report.before, report.after, target, len(text.encode()))
