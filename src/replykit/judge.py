"""The optional second reader: a model reads a reply against the rules that need judgement; it may add, never clear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from replykit.asking import Log, nonce_of, put, question
from replykit.rooms import Rooms
from replykit.rules import Rule
from replykit.types import Finding, Flow, Report

MAX_TOKENS = 500


def judge(text: str, complaint: str | None, report: Report, rooms: Rooms, log: Log) -> Flow[Report]:
    """The report with what the model found besides; quotes that are not in the text are dropped.

    Raises:
        ModelError: The model did not answer; the caller asked for its judgement, so silence is not taken for approval.
    """
    rules = {rule.id: rule for rule in rooms.rules.values() if rule.judge}
    said = yield from put(_question(text, complaint, rules, rooms, log), log)
    known = {(f.rule, f.start) for f in report}
    added = [f for f in _findings(said.get("findings"), text, rules, log) if (f.rule, f.start) not in known]
    found = sorted((*report.findings, *added), key=lambda f: (f.start, f.end, f.rule))
    return report.model_copy(update={"findings": tuple(found)})


def _question(text: str, complaint: str | None, rules: dict[str, Rule], rooms: Rooms, log: Log) -> Any:
    listed = [
        {"id": r.id, "why": r.why, "example": next((e.text for e in r.examples("flag")), "")} for r in rules.values()
    ]
    system = rooms.library.render("judge.md.j2", "System", rules=listed)
    reply, message = log.mask.hide(text), log.mask.hide(complaint or "")
    user = rooms.library.render("judge.md.j2", "User", reply=reply, complaint=message, nonce=nonce_of(reply + message))
    return question("judge", system, user, schema(list(rules)), max_tokens=MAX_TOKENS)


def schema(rules: list[str]) -> dict[str, Any]:
    """A list of passages, each with the rule it breaks."""
    row = {
        "type": "object",
        "properties": {"rule": {"type": "string", "enum": rules}, "quote": {"type": "string"}},
        "required": ["rule", "quote"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"findings": {"type": "array", "maxItems": 8, "items": row}},
        "required": ["findings"],
        "additionalProperties": False,
    }


def _findings(rows: Any, text: str, rules: dict[str, Rule], log: Log) -> Iterator[Finding]:
    for row in rows if isinstance(rows, list) else []:
        rule = rules.get(row.get("rule", "")) if isinstance(row, dict) else None
        quote = log.mask.restore(str(row.get("quote") or "").strip()) if rule else ""
        at = text.find(quote) if quote else -1
        if rule is not None and at >= 0:
            yield Finding(
                rule=rule.id, category=rule.category, level=rule.level, start=at, end=at + len(quote), quote=quote,
                message=rule.say(quote), why=rule.why, instead=rule.instead, source=f"{rule.source} (judged by the model)",
            )  # fmt: skip
