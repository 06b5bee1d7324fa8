"""How well a review recognises moves in what people write, and whether good replies score above poor ones.

Run it with `python tests/benchmarks/review_quality.py`; `--show` lists what goes wrong in the half that may be tuned on.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from replies_read import Read, Scores, read, rows

HALVES = ("tuned", "unseen", "written")


def main() -> None:
    """Measures each half, and prints a line for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list what goes wrong, the unseen half excepted")
    show = parser.parse_args().show
    print(f"{'half':8} {'replies':>7} {'moves':>5} {'recall':>7} {'precision':>9} {'overlap':>7}   mean score by grade")
    for half in HALVES:
        begun = time.perf_counter()
        found = [read(row) for row in rows(half)]
        taken = (time.perf_counter() - begun) / len(found) * 1000
        scores = Scores.of(found)
        print(
            f"{half:8} {scores.replies:7} {scores.there:5} {scores.recall:7.3f} {scores.precision:9.3f} "
            f"{scores.overlap:7.3f}   {_by_grade(found)}   {taken:.0f} ms a reply, read twice"
        )
        if show and half != "unseen":
            _show(found)


def _by_grade(found: list[Read]) -> str:
    grades = dict.fromkeys(one.row["grade"] for one in found if one.row["grade"])
    means = {g: statistics.mean(one.review.score for one in found if one.row["grade"] == g) for g in grades}
    return ", ".join(f"{grade} {mean:.2f}" for grade, mean in means.items())


def _show(found: list[Read]) -> None:
    for one in found:
        for move in one.moves:
            if move.quote is not None and not move.passage:
                print(f"  missed  {one.row['id']}: {move.move}: {move.quote}")
            elif move.quote is None and move.passage:
                print(f"  false   {one.row['id']}: {move.move}: {move.reply[move.passage.start : move.passage.end]}")


if __name__ == "__main__":
    main()
