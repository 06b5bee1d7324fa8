"""Findings for machines: JSON, GitHub annotations and SARIF 2.1.0 (the OASIS standard that code hosts read)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from replykit.cli.checked import Checked
from replykit.cli.output import plain
from replykit.display.passages import place
from replykit.types import Finding

GITHUB_LEVELS = {"block": "error", "warn": "warning"}
SARIF_LEVELS = GITHUB_LEVELS
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def for_json(checked: Iterable[Checked]) -> list[dict[str, Any]]:
    """One object a text: its name, whether it may go out, its findings with line and column, its commitments."""
    return [
        {
            "file": each.name,
            "ok": each.report.ok,
            "findings": [{**plain(f), **place(each.text, f.start)._asdict()} for f in each.report],
            "commitments": [plain(c) for c in each.report.commitments],
        }
        for each in checked
    ]


def as_github(checked: Iterable[Checked]) -> Iterator[str]:
    """Workflow commands that GitHub shows beside the lines of a pull request."""
    for each in checked:
        for finding in each.report:
            start, end = place(each.text, finding.start), place(each.text, finding.end)
            where = {
                "file": each.name,
                "line": start.line,
                "endLine": end.line,
                "col": start.column,
                "endColumn": end.column,
            }
            where["title"] = f"replykit {finding.rule}"
            properties = ",".join(f"{key}={_property(str(value))}" for key, value in where.items())
            yield f"::{GITHUB_LEVELS[finding.level]} {properties}::{_message(_sentence(finding))}"


def as_sarif(checked: Iterable[Checked]) -> dict[str, Any]:
    """A SARIF log with one run: the rules that found something, and each result with its place and its fix."""
    pairs = [(each, finding) for each in checked for finding in each.report]
    rules = {finding.rule: _sarif_rule(finding) for _, finding in pairs}
    driver = {"name": "replykit", "version": version("replykit"), "rules": [rules[key] for key in sorted(rules)]}
    results = [_sarif_result(each, finding) for each, finding in pairs]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _sarif_rule(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.rule,
        "shortDescription": {"text": finding.message},
        "fullDescription": {"text": finding.why},
        "help": {"text": f"{finding.why}\nMore: replykit rules {finding.rule}"},
        "properties": {"category": finding.category, "tags": [finding.category]},
    }


def _sarif_result(each: Checked, finding: Finding) -> dict[str, Any]:
    uri, region = Path(each.name).as_posix(), _region(each.text, finding)
    known = hashlib.sha256(f"{uri}\0{finding.rule}\0{' '.join(finding.quote.split())}".encode()).hexdigest()
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": SARIF_LEVELS[finding.level],
        "message": {"text": _sentence(finding)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        "partialFingerprints": {"replykit/v1": known},
    }
    if finding.fix is not None:
        change = {"deletedRegion": region, "insertedContent": {"text": finding.fix}}
        result["fixes"] = [{"artifactChanges": [{"artifactLocation": {"uri": uri}, "replacements": [change]}]}]
    return result


def _region(text: str, finding: Finding) -> dict[str, int]:
    start, end = place(text, finding.start), place(text, finding.end)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "charOffset": finding.start,
        "charLength": finding.end - finding.start,
    }


def _sentence(finding: Finding) -> str:
    rewrite = f" Instead: {finding.instead[0]}" if finding.instead else ""
    stop = "" if finding.message.endswith((".", "?", "!", "…")) else "."
    return f"{finding.message}{stop} {finding.why}{rewrite}".strip()


def _message(text: str) -> str:
    """Escaped as the runner's own toolkit does it: the percent sign first, then the ends of lines."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
