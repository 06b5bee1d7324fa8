"""The room that measures a classifier against labelled messages, as the figures of the classifier's benchmark do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from replykit.types import Classification, Complaint

SINGLE = ("cause", "tone", "stakes", "repeat_contact", "return_reason")
LISTS = ("requests", "threats", "issues", "secondary")
BINS = 5
Read = Callable[[Complaint], Classification]


def f1(pairs: Sequence[tuple[Any, Any]], label: Any) -> float | None:
    """The F1 of one label among (true, said) pairs; None where it neither occurs nor is said."""
    hit = sum(a == label and b == label for a, b in pairs)
    total = sum(a == label for a, _ in pairs) + sum(b == label for _, b in pairs)
    return 2 * hit / total if total else None


def measure(rows: Sequence[Mapping[str, Any]], readings: Sequence[Classification]) -> dict[str, float]:
    """Accuracy and macro-F1 of each single field, micro-F1 of each list, calibration error, share of issue quotes that
    overlap a labelled quote of the same kind.
    """  # noqa: D205  # one sentence over two lines
    out: dict[str, float] = {}
    for name in SINGLE:
        pairs = [(row.get(name), getattr(c, name)) for row, c in zip(rows, readings, strict=True)]
        marks = [m for label in dict.fromkeys(p[0] for p in pairs) if (m := f1(pairs, label)) is not None]
        out[f"{name} accuracy"] = sum(a == b for a, b in pairs) / max(len(pairs), 1)
        out[f"{name} macro-F1"] = sum(marks) / max(len(marks), 1)
    for name in LISTS:
        out[f"{name} micro-F1"] = _micro(name, rows, readings)
    out["issue quotes that overlap"] = _overlap(rows, readings)
    out["calibration error"] = _calibration(rows, readings)
    return out


def _micro(name: str, rows: Sequence[Mapping[str, Any]], readings: Sequence[Classification]) -> float:
    hit = said = true = 0
    for row, reading in zip(rows, readings, strict=True):
        want = {i["kind"] if isinstance(i, Mapping) else i for i in row.get(name, ())}
        got = {getattr(v, "kind", v) for v in getattr(reading, name)} - (set(row.get(f"{name}_maybe", ())) - want)
        hit, said, true = hit + len(want & got), said + len(got), true + len(want)
    return 2 * hit / max(said + true, 1)


def _overlap(rows: Sequence[Mapping[str, Any]], readings: Sequence[Classification]) -> float:
    """Of the issues whose kind is right, the share whose quote touches a labelled quote of that kind."""
    hit = total = 0
    for row, reading in zip(rows, readings, strict=True):
        for issue in reading.issues:
            places = [
                (row["text"].find(i["quote"]), len(i["quote"]))
                for i in row.get("issues", ())
                if i["kind"] == issue.kind
            ]
            if places:
                total += 1
                hit += any(s >= 0 and issue.start < s + n and s < issue.end for s, n in places)
    return hit / max(total, 1)


def _calibration(rows: Sequence[Mapping[str, Any]], readings: Sequence[Classification]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for row, reading in zip(rows, readings, strict=True):
        bins.setdefault(min(int(reading.confidence * BINS), BINS - 1), []).append(
            (reading.confidence, reading.cause == row["cause"])
        )
    gaps = [abs(sum(c for c, _ in b) - sum(r for _, r in b)) for b in bins.values()]
    return sum(gaps) / max(len(rows), 1)
