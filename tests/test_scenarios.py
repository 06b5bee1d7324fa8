"""The team's own situations: every move and every note where it belongs, and nothing where it would do harm."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from scenario_files import FOLDER, read, scenarios

from replykit import Complaint, Draft, Policy, ReplyKit

SCENARIOS = {row["id"]: row for row in scenarios()}
INJECTIONS = {row["id"]: row for row in read(FOLDER / "injections.jsonl")}
REPLIES = {row["id"]: row for row in read(FOLDER / "replies.jsonl")}

MOVES = (
    "acknowledge-feelings", "reflect-back", "take-their-side", "apologise-once", "personal-apology", "no-blame",
    "can-do", "offer-options", "single-remedy", "offer-alternative", "goodwill-gesture", "realistic-timeline",
    "explain-steps",
    "square-the-promise", "return-instructions", "hold-policy-kindly", "set-boundary", "close-politely",
    "establish-standing", "explain-escalation", "new-face", "answer-every-issue", "one-voice", "keep-informed",
    "plain-words", "thank-patience", "confirm-and-feedback", "follow-up", "check-in",
)  # fmt: skip
NOTES = (
    "prepare", "compose-yourself", "assess-request", "escalate-when", "handover-brief", "coordinate", "crisis-plan",
    "document",
)  # fmt: skip
CATEGORIES = (
    "refusal", "blame-customer", "blame-shift", "argue", "dismissive", "over-promise", "ungrounded", "apology",
    "missing", "jargon", "policy-hiding", "robotic", "placeholder", "abusive-language", "intimidation", "sarcasm",
    "shouting",
    "false-empathy", "demanding", "over-familiar", "liability", "data-safety", "boundary", "escalation",
)  # fmt: skip
LABELS = {
    "kind": ("reply", "boundary", "closing", "escalation", "follow_up", "not_a_complaint"),
    "cause": ("product", "miscommunication", "emotional", "none"),
    "tone": ("calm", "frustrated", "angry", "abusive"),
    "stakes": ("low", "medium", "high"),
}
BEREAVED = (
    r"\b(passed away|had passed|she passed|he passed|funeral|wreath|lost the baby|widow\w*|peacefully"
    r"|(husband|wife|mother|father|mum|dad|partner|son|daughter|brother|sister|friend|cat|dog)( \w+)? (has )?died|put to sleep"
    r"|late (mother|father|wife|husband)('s)?\b)"
)
SCENARIO_KEYS = {
    "id", "complaint", "policy", "kind", "must", "must_not", "notes_must", "cause", "tone", "stakes", "text_must",
    "text_must_not", "why",
}  # fmt: skip


@cache
def house() -> ReplyKit:
    """One kit whose library every row shares."""
    return ReplyKit()


def drafted(row: dict[str, Any]) -> Draft:
    """The offline draft for a row."""
    kit = house().with_policy(Policy.model_validate(row.get("policy") or {}))
    return kit.draft(Complaint.model_validate(row["complaint"]))


def either(value: str | list[str]) -> list[str]:
    """A label, or several that are all acceptable, as a list."""
    return [value] if isinstance(value, str) else value


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, each without its surroundings."""
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]


def is_plain(text: str, jargon: Iterable[str]) -> bool:
    """Whether a text keeps to short sentences, and to words that are not on the house's list of jargon."""
    lengths = [len(sentence.split()) for sentence in sentences_of(text)]
    average = sum(lengths) / max(1, len(lengths))
    return average <= 20 and not any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in jargon)


def moves_made(row: dict[str, Any], draft: Draft) -> set[str]:
    """The moves of a draft; a personal apology is an apology, and plain words are a manner before they are a move."""
    made = {move.strategy for move in draft.moves}
    if "personal-apology" in made:
        made.add("apologise-once")
    if is_plain(draft.text, (row.get("policy") or {}).get("jargon", ())):
        made.add("plain-words")
    return made


def label_problems(row: dict[str, Any], draft: Draft) -> Iterable[str]:
    """What the message was taken for, where that is wrong."""
    read_as = {"kind": draft.plan.kind} | {k: getattr(draft.classification, k) for k in ("cause", "tone", "stakes")}
    for name, got in read_as.items():
        if got not in either(row[name]):
            yield f"{name} is {got}, not {row[name]}"


def move_problems(row: dict[str, Any], draft: Draft) -> Iterable[str]:
    """Moves and notes that are missing, and moves that do harm here."""
    made = moves_made(row, draft)
    yield from (f"does not make the move {move}" for move in row["must"] if move not in made)
    yield from (f"makes the move {move}" for move in row["must_not"] if move in made)
    yield from (f"lacks the note {note}" for note in row["notes_must"] if not draft.notes.get(note.replace("-", "_")))


def text_problems(row: dict[str, Any], text: str) -> Iterable[str]:
    """Patterns that the text has to match and does not, or must not match and does."""
    yield from (f"says nothing like /{p}/" for p in row.get("text_must", ()) if not re.search(p, text, re.IGNORECASE))
    hits = ((p, re.search(p, text, re.IGNORECASE)) for p in row["text_must_not"])
    yield from (f"says “{hit[0]}” (/{p}/)" for p, hit in hits if hit)


def care_problems(row: dict[str, Any], text: str) -> Iterable[str]:
    """What no reply may do in any situation: show its insides, repeat itself, grovel, or mourn where nobody died."""
    told = " ".join([row["complaint"]["text"], *(c.get("text", "") for c in row["complaint"].get("history", ()))])
    sentences = [s for s in sentences_of(text) if len(s.split()) >= 5]
    yield from (f"says twice: “{s}”" for s in dict.fromkeys(sentences) if sentences.count(s) > 1)
    insides = re.search(r"[{}]|\b(None|True|False|null|undefined)\b", text)
    if insides and insides[0] not in told:
        yield f"shows its insides: “{insides[0]}”"
    if len(re.findall(r"\b(sorry|apolog\w+)\b", text, re.IGNORECASE)) > 2:
        yield "apologises three times or more"
    if re.search(r"\bcondolence", text, re.IGNORECASE) and not re.search(BEREAVED, told, re.IGNORECASE):
        yield "offers condolences where nobody has died"


def problems(row: dict[str, Any], draft: Draft) -> list[str]:
    """Everything that a draft gets wrong, in words."""
    blocking = [f"blocking finding {f.rule}: “{f.quote}”" for f in draft.findings if f.level == "block"]
    blocking += [] if draft.moves else ["has nothing between greeting and sign-off"]
    text = draft.text
    judged = (label_problems(row, draft), move_problems(row, draft), text_problems(row, text), care_problems(row, text))
    return [*blocking, *(problem for found in judged for problem in found)]


def told(row: dict[str, Any], wrong: list[str], draft: Draft) -> str:
    """A failure as a person would report it."""
    listed = "\n".join(f"  - {problem}" for problem in wrong)
    point = row.get("why") or row["attack"]
    return f"\n{row['id']}: {point}\n{listed}\n\n{row['complaint']['text'][:600]}\n---\n{draft.text}"


OPEN = {line.strip() for line in (FOLDER / "open.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"}
EXPECTED = [
    pytest.param(name, marks=pytest.mark.xfail(reason="open: not answered right yet")) if name in OPEN else name
    for name in SCENARIOS
]


@pytest.mark.parametrize("name", EXPECTED)
def test_scenario(name: str) -> None:
    """The draft is of the right kind, makes the moves it should, leaves the harmful ones and says what it must."""
    row = SCENARIOS[name]
    draft = drafted(row)
    wrong = problems(row, draft)
    assert not wrong, told(row, wrong, draft)


@pytest.mark.parametrize("name", INJECTIONS)
def test_injection(name: str) -> None:
    """An attack inside a complaint leaves no trace in the draft, and the draft is there."""
    row = INJECTIONS[name]
    draft = drafted(row)
    wrong = list(text_problems(row, draft.text)) or ([] if draft.text.strip() else ["there is no text at all"])
    assert not wrong, told(row, wrong, draft)


@pytest.mark.parametrize("move", MOVES)
def test_every_move_is_required_somewhere(move: str) -> None:
    """Each move of the promise is demanded by at least three situations."""
    assert len([row["id"] for row in SCENARIOS.values() if move in row["must"]]) >= 3


@pytest.mark.parametrize("note", NOTES)
def test_every_note_is_required_somewhere(note: str) -> None:
    """Each note of the promise is demanded by at least three situations."""
    assert len([row["id"] for row in SCENARIOS.values() if note in row["notes_must"]]) >= 3


def test_every_kind_and_channel_occurs() -> None:
    """All six kinds of message and all five channels are among the situations, three times or more."""
    kinds = [row["kind"] for row in SCENARIOS.values()]
    channels = [Complaint.model_validate(row["complaint"]).channel for row in SCENARIOS.values()]
    assert {kind: kinds.count(kind) >= 3 for kind in LABELS["kind"]} == dict.fromkeys(LABELS["kind"], True)
    assert {c: channels.count(c) >= 3 for c in ("email", "chat", "phone", "social", "in_person")} == dict.fromkeys(
        ("email", "chat", "phone", "social", "in_person"), True
    )


def test_no_id_is_used_twice() -> None:
    """Ids are unique over all files, so that no situation hides another."""
    ids = [row["id"] for path in sorted(FOLDER.glob("*.[jy]*")) for row in read(path)]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario_is_well_formed(name: str) -> None:
    """A situation has every key, known moves, notes and labels, valid records, and demands nothing that it forbids."""
    row = SCENARIOS[name]
    Complaint.model_validate(row["complaint"])
    Policy.model_validate(row.get("policy") or {})
    assert set(row) | {"policy"} == SCENARIO_KEYS
    assert {*row["must"], *row["must_not"]} - set(MOVES) == set()
    assert set(row["notes_must"]) - set(NOTES) == set()
    assert {(k, v) for k, known in LABELS.items() for v in either(row[k]) if v not in known} == set()
    assert set(row["must"]) & set(row["must_not"]) == set()
    assert [re.compile(p).pattern for p in row["text_must"] + row["text_must_not"]]


@pytest.mark.parametrize("name", INJECTIONS)
def test_injection_is_well_formed(name: str) -> None:
    """An injection names its attack and the marks of its success, and no mark is matched by an innocent reply."""
    row = INJECTIONS[name]
    Complaint.model_validate(row["complaint"])
    Policy.model_validate(row.get("policy") or {})
    innocent = "Hello,\n\nI'm sorry about this. I will look into it within 5 working days.\n\nKind regards,\nCare"
    assert row["attack"]
    assert row["text_must_not"]
    assert list(text_problems(row, innocent)) == []


@pytest.mark.parametrize("name", REPLIES)
def test_labelled_reply_is_well_formed(name: str) -> None:
    """A labelled reply quotes itself exactly, knows its moves and categories, and contradicts itself nowhere."""
    row = REPLIES[name]
    Complaint.model_validate(row["complaint"])
    Policy.model_validate(row["policy"] or {})
    present = [found["move"] for found in row["present"]]
    assert [found["quote"] for found in row["present"] if found["quote"] not in row["reply"]] == []
    assert {*present, *row["absent"]} - set(MOVES) == set()
    assert set(present) & set(row["absent"]) == set()
    assert set(row["breaks"]) - set(CATEGORIES) == set()


def test_the_files_are_as_large_as_promised() -> None:
    """There is enough material: 120 situations, 40 attacks, 60 labelled replies to 20 complaints."""
    complaints = {row["complaint"]["text"] for row in REPLIES.values()}
    assert len(SCENARIOS) >= 120
    assert len(INJECTIONS) >= 40
    assert len(REPLIES) >= 60
    assert len(complaints) >= 20
