"""The room where licensed rewrites are carried out: a text comes out with fewer findings, never with a new one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from replykit.types import Finding, Report

LEFT_OVER = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)|[ \t]+(?=[,.;!?](?:\s|$))|[ \t]+$", re.MULTILINE)


def fix(text: str, check: Callable[[str], Report]) -> tuple[str, Report]:
    """Apply each licensed rewrite that takes a finding away.

    Args:
        text: What to mend.
        check: How a text is judged; called once for the text and once for each rewrite that is tried.

    Returns:
        The text and its report. A rewrite is kept only when no finding is new, one is gone, and the commitments are
        the same as before; so the result is never worse and promises nothing else.
    """
    report = check(text)
    for finding in sorted(report, key=lambda f: -f.start):
        if finding.fix is None or text[finding.start : finding.end] != finding.quote:
            continue
        tried = _replaced(text, finding, finding.fix)
        after = check(tried)
        if _is_better(report, after):
            text, report = tried, after
    return text, report


def _replaced(text: str, finding: Finding, new: str) -> str:
    """The text with one passage replaced; what a deletion leaves behind (double spaces, a space before a comma) goes with it."""
    before, after = text[: finding.start], text[finding.end :]
    if new or not before or not after:
        return before + new + after
    around = LEFT_OVER.sub(
        lambda m: (
            " " if m[0].strip(" \t") == "" and m.end() < len(m.string) and m.string[m.end()] not in ",.;!?\n" else ""
        ),
        before[-3:] + after[:3],
    )
    return before[:-3] + around + after[3:]


def _is_better(before: Report, after: Report) -> bool:
    old, new = (Counter((f.rule, f.quote) for f in report) for report in (before, after))
    promises = [[(c.kind, c.value, c.clause) for c in report.commitments] for report in (before, after)]
    return not new - old and len(after) < len(before) and promises[0] == promises[1]
