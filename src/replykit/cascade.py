"""Reading by cascade: the local classifier answers, and only where it is unsure the model is asked too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from replykit.asking import Log, nonce_of, put, question
from replykit.errors import ModelError, SettingsError
from replykit.rooms import Rooms
from replykit.types import Cause, Classification, Complaint, Flow, Issue, IssueKind, Request, Stakes, Threat, Tone

SINGLE: dict[str, Any] = {"cause": Cause, "tone": Tone, "stakes": Stakes}
LISTS: dict[str, Any] = {"requests": Request, "threats": Threat}
LONGEST = 6000
"""Characters of a complaint that are shown to the model; labels do not hang on what comes after a thousand words."""


def read(complaint: Complaint, rooms: Rooms, log: Log) -> Flow[Classification]:
    """The classification of a complaint; asks at most once, and only below the confidence that the rooms set."""
    local = rooms.read(complaint)
    if (
        not rooms.asks
        or local.confidence >= rooms.ask_below
        or not complaint.text.strip()
        or rooms.guard.orders(complaint)
    ):
        return local
    try:
        said = yield from put(_question(complaint, rooms, log), log)
    except SettingsError:
        raise
    except ModelError as error:
        log.reasons.append(f"the model did not help to read the complaint ({error}); the local reading stands")
        return local
    return merged(local, said, complaint.text, log)


def _question(complaint: Complaint, rooms: Rooms, log: Log) -> Any:
    text = log.mask.hide(complaint.text[:LONGEST])
    values = {"nonce": nonce_of(text), "complaint": text}
    system = rooms.library.render("classify.md.j2", "System")
    return question(
        "classify", system, rooms.library.render("classify.md.j2", "User", **values), schema(), max_tokens=600
    )


def schema() -> dict[str, Any]:
    """The JSON schema of an answer: labels as enumerations, issues as kind and exact quote."""
    single = {name: {"type": "string", "enum": list(get_args(values))} for name, values in SINGLE.items()}
    lists = {
        name: {"type": "array", "maxItems": 6, "items": {"type": "string", "enum": list(get_args(v))}}
        for name, v in LISTS.items()
    }
    issue = {
        "type": "object",
        "properties": {"kind": {"type": "string", "enum": list(get_args(IssueKind))}, "quote": {"type": "string"}},
        "required": ["kind", "quote"],
        "additionalProperties": False,
    }
    fields = single | lists | {"issues": {"type": "array", "maxItems": 6, "items": issue}}
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def merged(local: Classification, said: dict[str, Any], text: str, log: Log) -> Classification:
    """Field by field: the model's label where it is a label and the local reader was unsure of that field.

    Stakes and tone are never lowered by the model: a missed danger costs more than a needless look. An issue counts
    only when its quote stands in the message.
    """
    update: dict[str, Any] = {}
    for name, values in SINGLE.items():
        label, ranks = said.get(name), list(get_args(values))
        if label not in ranks or label == getattr(local, name):
            continue
        sure = local.probabilities.get(name, {}).get(getattr(local, name), 0.0)
        lowers = name != "cause" and ranks.index(label) < ranks.index(getattr(local, name))
        if sure < 0.6 and not lowers:  # the same bar as `ask_below`, per field
            update[name] = label
    for name, values in LISTS.items():
        extra = [v for v in _strings(said.get(name)) if v in get_args(values)]
        update[name] = tuple(dict.fromkeys((*getattr(local, name), *extra)))
    if not local.issues:
        update["issues"] = tuple(_issues(said.get("issues"), text, log))
    return local.model_copy(update={**update, "source": "model"})


def _strings(value: object) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def _issues(value: object, text: str, log: Log) -> Iterable[Issue]:
    for row in value if isinstance(value, list) else []:
        if (
            not isinstance(row, dict)
            or row.get("kind") not in get_args(IssueKind)
            or not isinstance(row.get("quote"), str)
        ):
            continue
        quote = log.mask.restore(row["quote"])
        at = text.find(quote)
        if quote and at >= 0:
            yield Issue(kind=row["kind"], quote=quote, start=at, end=at + len(quote))
