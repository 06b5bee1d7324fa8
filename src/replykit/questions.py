"""The question for a whole reply: one string field per planned move, the stable text first, the complaint last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from replykit.asking import Log, nonce_of, question
from replykit.guard import Watch
from replykit.plan import Case
from replykit.plan.stems import stems
from replykit.rooms import Rooms
from replykit.types import Call, Clause, Finding, Move, Plan
from replykit.write import Story, as_move

LANGUAGES = {
    "en": "English", "es": "Spanish", "fr": "French", "de": "German", "it": "Italian", "pt": "Portuguese", "nl": "Dutch",
    "pl": "Polish", "sv": "Swedish", "da": "Danish", "no": "Norwegian", "nb": "Norwegian", "fi": "Finnish", "cs": "Czech", "tr": "Turkish", "ru": "Russian",
    "uk": "Ukrainian", "el": "Greek", "ja": "Japanese", "zh": "Chinese", "ko": "Korean", "ar": "Arabic", "he": "Hebrew", "hi": "Hindi",
}  # fmt: skip
REGISTERS = {
    "email": "an e-mail", "chat": "short chat turns", "phone": "words to be spoken on the phone", "social": "a short public post without any personal detail",
    "in_person": "a letter to somebody who came in person",
}  # fmt: skip
LONGEST = 8000
"""Characters of a complaint that are shown to the model."""
FRAME = ("greeting", "sign_off")
"""Fields that are asked for beside the moves where the reply is not in English."""
MAX_TOKENS = 1200


def foreign(case: Case) -> bool:
    """Whether the reply is to be in another language than that of the offline wording."""
    return case.reading.language in LANGUAGES and case.reading.language != "en"


def draft_question(case: Case, plan: Plan, story: Story, rooms: Rooms, log: Log) -> Call:
    """The one question for all moves of a plan."""
    fields = [*plan.moves, *(FRAME if foreign(case) else ())]
    return question(
        "draft",
        _system(case, rooms),
        log.mask.hide(_user(case, plan, story, rooms)),
        schema(fields),
        max_tokens=MAX_TOKENS,
    )


def repair_question(
    case: Case, plan: Plan, story: Story, rooms: Rooms, log: Log, failing: Mapping[str, tuple[Move, Sequence[Finding]]]
) -> Call:
    """One question for only the failing moves: their text, what is wrong with it, what to write instead."""
    parts = [
        {
            "id": name,
            "text": move.text,
            "problems": [f"“{f.quote}”: {f.message} {' / '.join(f.instead[:2])}".strip() for f in found],
        }
        for name, (move, found) in failing.items()
    ]
    user = _user(case, plan, story, rooms) + "\n\n" + rooms.library.render("draft.md.j2", "Repair", parts=parts)
    return question("repair", _system(case, rooms), log.mask.hide(user), schema(list(failing)), max_tokens=MAX_TOKENS)


def _system(case: Case, rooms: Rooms) -> str:
    policy = case.policy
    language = LANGUAGES.get(case.reading.language, "English")
    return rooms.library.render(
        "draft.md.j2", "System", company=policy.company or "a company", register=REGISTERS[case.complaint.channel], language=language,
        tone=policy.tone or "", banned=rooms.banned,
    )  # fmt: skip


def _user(case: Case, plan: Plan, story: Story, rooms: Rooms) -> str:
    strategies = rooms.library.strategies
    moves = [
        {
            "id": name,
            "instruction": " ".join(
                rooms.library.fill(strategies[name].instruction, name, story.values(strategies[name].needs)).split()
            ),
        }
        for name in plan.moves
    ]
    if foreign(case):
        moves += [
            {"id": "greeting", "instruction": "A greeting line for the customer."},
            {"id": "sign_off", "instruction": "A closing line, with the signer."},
        ]
    text = case.complaint.text[:LONGEST]
    return rooms.library.render(
        "draft.md.j2", "User", moves=moves, clauses=[spell(c) for c in plan.clauses if c.text or c.within],
        facts=case_facts(case, story), nonce=nonce_of(text), complaint=text,
    )  # fmt: skip


def spell(clause: Clause) -> str:
    """A clause in one line."""
    name = clause.id.split(".")[-1].replace("_", " ")
    parts = [clause.text or name, clause.within or "", f"at most {clause.limit}" if clause.limit else ""]
    return ", ".join(part for part in parts if part)


def case_facts(case: Case, story: Story) -> list[str]:
    """What the business vouches for and what the customer said, in short lines."""
    complaint, name, signer = case.complaint, story.customer(), story.agent_name()
    lines = [f"today: {complaint.received_at.date().isoformat()}" if complaint.received_at else ""]
    lines += [f"customer: {name}" if name else "", f"signed by: {signer}" if signer else ""]
    order = dict(complaint.order.model_dump(exclude_none=True).items()) if not case.situation.public else {}
    lines += [f"order {key.replace('_', ' ')}: {value}" for key, value in order.items()]
    lines += [f"{key.replace('_', ' ')}: {value}" for key, value in complaint.facts.items()]
    lines += [f"{entry.on or 'earlier'}, {entry.agent or entry.by}: {entry.text}" for entry in complaint.history[-6:]]
    return [line for line in lines if line]


def schema(fields: Sequence[str]) -> dict[str, Any]:
    """One string field per move, in order, nothing else."""
    return {
        "type": "object",
        "properties": {name: {"type": "string"} for name in fields},
        "required": list(fields),
        "additionalProperties": False,
    }


def covers(name: str, text: str, story: Story) -> bool:
    """Whether a move that has to speak of the customer's own matter does: every problem named, or at least the complaint."""
    said = stems(text)
    if name == "answer-every-issue":
        return all(stems(f"{p['label']} {p['told']}") & said for p in story["problems"])
    return name != "reflect-back" or bool(stems(f"{story.case.complaint.text} {story['item']}") & said)


def watch_over(case: Case, plan: Plan, story: Story, rooms: Rooms) -> Watch:
    """What this case gives a model to use, and what it must not give away."""
    strategies = rooms.library.strategies
    written = tuple(entry.text for entry in case.complaint.history if entry.by == "customer")  # no licence for anything
    facts = (fact for fact in case_facts(case, story) if not fact.endswith(tuple(filter(None, written))))
    given = (*facts, story["item"], *map(spell, plan.clauses), rooms.policy.model_dump_json())
    inside = (_system(case, rooms), *(strategies[name].instruction for name in plan.moves))
    text = "\n".join((case.complaint.text, *filter(None, (case.complaint.subject, *written))))
    matter = [(issue.start, issue.end) for issue in case.reading.issues]
    return Watch(
        rooms.guard,
        message=text,
        given=given,
        matter=matter,
        inside=inside,
        language=case.reading.language,
        detect=rooms.detect,
    )


def unobjectionable(moves: Mapping[str, Move], watch: Watch, log: Log) -> dict[str, Move]:
    """The moves that nothing speaks against; why another was not used goes on record."""
    objections = {name: watch.objection(move.text) for name, move in moves.items()}
    log.reasons += [f"what the model wrote for {name} was not used: {why}" for name, why in objections.items() if why]
    return {name: move for name, move in moves.items() if objections[name] is None}


def moves_from(said: Mapping[str, Any], plan: Plan, rooms: Rooms, written_by: str) -> dict[str, Move]:
    """The moves that a model's answer holds; what is empty, no text or not asked for is left out."""
    texts = {
        name: " ".join(value.split())
        for name, value in said.items()
        if isinstance(value, str) and value.strip() and name in plan.moves
    }
    return {name: as_move(rooms.library.strategies[name], text, plan, written_by) for name, text in texts.items()}
