"""Everything that a wording may name about one case, gathered when it is asked for: the reply's raw material."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from replykit.errors import LibraryError
from replykit.library import Library
from replykit.normalise import lowered
from replykit.plan import GRAVE, Case, Cues
from replykit.plan.stems import COMMON, stems
from replykit.write import matter, offers, reflection
from replykit.write.facts import FactWording, Told
from replykit.write.grammar import Grammar
from replykit.write.phrases import Phrases
from replykit.write.safe_names import customer_name

UNFIT_SUBJECT = re.compile(r"[{}<>\[\]|`\\]|\b[A-Z]{4,}\b|!|\d{9,}|@")
REPLY_MARKS = re.compile(r"^(?:(?:re|fw|fwd|aw|sv)\s*:\s*)+", re.IGNORECASE)


OF_THINGS = frozenset({"damaged", "defective", "wrong_item", "missing_item", "sizing"})
"""What happens to things only: of a lesson or a removal nobody says that it is broken."""


@dataclass(frozen=True)
class Wording:
    """The wording tables a story draws on, read once for a kit."""

    library: Library
    issues: Mapping[str, Mapping[str, Any]]
    channels: Mapping[str, Any]
    requests: Mapping[str, str]
    phrases: Phrases
    facts: FactWording
    grammar: Grammar
    cues: Cues

    @classmethod
    def from_library(cls, library: Library, cues: Cues) -> Wording:
        """Read the tables.

        Raises:
            LibraryError: One of them is broken.
        """
        issues = {
            name.split("/")[-1].removesuffix(".yaml"): library.data(name) for name in library.files("issues", ".yaml")
        }
        return cls(
            library,
            issues,
            library.data("channels.yaml"),
            library.data("requests.yaml"),
            Phrases.from_library(library),
            FactWording(library),
            Grammar.from_library(library),
            cues,
        )


class Story:
    """One case as wordings see it.

    Args:
        turn: 0 for the first choice of wording; later turns choose other variants, and from the second on keep away from the customer's words.
        barred: Passages, in lower case, that a rule objected to: no sentence of the customer's with one of them is said back.
    """

    def __init__(self, case: Case, wording: Wording, *, turn: int = 0, barred: frozenset[str] = frozenset()) -> None:
        self.case, self.wording, self.turn, self.barred = case, wording, turn, barred
        self.salt = (
            salt_of(case.complaint.text + case.complaint.channel + "".join(case.thread.customer_messages)) + turn
        )
        self.kinds = _gravest_first(case)
        self.said_back: dict[tuple[int, int], str | None] = {}  # passages of the message that were tried already
        self._values: dict[str, Any] = {"s": case.situation}

    def __getitem__(self, name: str) -> Any:
        """The value of one name that a wording may use; made once, when it is first asked for."""
        if name not in self._values:
            self._values[name] = VALUES[name](self)
        return self._values[name]

    def values(self, needs: Iterable[str]) -> dict[str, Any]:
        """The values that one wording needs, and the situation as `s`."""
        return {name: self[name] for name in (*needs, "s")}

    def pick(self, options: Sequence[str], name: str) -> str:
        """One of several wordings: by the complaint and the name of the place, never by chance."""
        return options[zlib.crc32(name.encode(), self.salt) % len(options)]

    def phrase(self, name: str, place: str = "", **values: str) -> str:
        """One of the wordings of `phrases.yaml`; `place` tells apart several places of one reply."""
        phrases = self.wording.phrases
        return phrases.fill(self.pick(phrases[name], place or name), **values)

    def varied(self, turn: int, barred: Iterable[str] = ()) -> Story:
        """The same case in other words."""
        return Story(self.case, self.wording, turn=turn, barred=self.barred | frozenset(barred))

    @cached_property
    def told(self) -> Told:
        """The facts of the business as sentences."""
        return self.wording.facts.tell(self.case, self.wording.cues.steering, self.salt)

    @cached_property
    def item_stems(self) -> frozenset[str]:
        """The words by which a sentence is known to speak of the item."""
        mentioned = (m.quote for m in self.case.reading.mentions if m.kind == "item")
        return stems(" ".join((self.case.complaint.order.item or "", *mentioned)))

    @cached_property
    def granted_stems(self) -> frozenset[str]:
        """The words of what may be given."""
        return frozenset(stem for remedy in self.case.grants.remedies for stem in stems(remedy.say))

    @cached_property
    def topic_stems(self) -> frozenset[str]:
        """The words of the subject line, of the customer's first message and of what is refused or offered instead."""
        case = self.case
        refused = case.grants.refused
        first = next(iter(case.thread.civil_messages), "")
        return stems(" ".join((case.complaint.subject or "", first, refused.what if refused else ""))) - COMMON

    def issue(self, kind: str) -> dict[str, str]:
        """The chosen wordings for one kind of issue: what happened, why it weighs, what we are sorry for, what we look at."""
        raw = self.wording.issues.get(kind) or self.wording.issues["other"]
        values = {"item": self["item"]}
        last = self["item"].split()[-1]
        named = (
            bool(self.item_stems)
            and not (kind == "account_access" and last not in self.wording.grammar.accounts)
            and not (kind in OF_THINGS and last in self.wording.grammar.services)
        )
        fill = self.wording.library.fill
        try:
            chosen = {
                key: fill(
                    self.pick(_sayable(raw[key], named=named), f"{kind}.{key}"), f"prompts/issues/{kind}.yaml", values
                )
                for key in ("happened", "weight", "sorry", "look")
            }
        except KeyError as error:
            raise LibraryError(
                f"prompts/issues/{kind}.yaml", str(error.args[0]), "is missing; give at least one wording"
            ) from None
        return {"kind": kind, "label": str(raw["label"]), "grave": "yes" if kind in GRAVE else "", **chosen}

    def safe_subject(self) -> str:
        """The customer's own subject line, where it is fit to be sent back."""
        subject = REPLY_MARKS.sub("", " ".join((self.case.complaint.subject or "").split()))
        fit = (
            subject
            and len(subject) <= 80
            and not UNFIT_SUBJECT.search(subject)
            and not self.wording.grammar.never.search(lowered(subject))
        )
        return subject if fit else ""

    def agent_name(self) -> str:
        """Who signs, or nothing."""
        return self.case.complaint.agent.name or self.case.policy.agent.name or ""

    def customer(self) -> str:
        """The name to greet, or nothing; never in public."""
        return "" if self.case.situation.public else customer_name(self.case.complaint.customer.name)


def _gravest_first(case: Case) -> tuple[str, ...]:
    """The kinds of issue as the customer raised them; where somebody was harmed, that one before the others."""
    kinds: tuple[str, ...] = case.situation.issues or ("other",)
    return tuple(sorted(kinds, key=lambda kind: kind not in GRAVE)) if case.situation.grave else kinds


def _sayable(options: Sequence[str], *, named: bool) -> Sequence[str]:
    """The wordings that do not need to name the item, where nobody has named it."""
    return options if named else [o for o in options if "{{ item }}" not in o] or options


def salt_of(text: str) -> int:
    """A number that depends on nothing but the complaint, so that its wording never changes between runs or machines."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


VALUES: dict[str, Callable[[Story], Any]] = {
    "item": matter.item,
    "order_ref": matter.order_ref,
    "name": Story.customer,
    "issue": lambda story: story.issue(story.kinds[0]),
    "told": reflection.told_by_issue,
    "retold": reflection.retold,
    "quoted": reflection.quoted,
    "problems": matter.problems,
    "contacts": matter.contacts,
    "feeling": matter.feeling,
    "loss": matter.loss,
    "known": reflection.known,
    "earlier": lambda story: list(story.case.thread.agents),
    "promise": matter.missed_promise,
    "facts": matter.facts,
    "dates": lambda story: story.told.dates,
    "holds": matter.what_holds,
    "found": matter.what_was_found,
    "told_before": matter.told_before,
    "asked": matter.asked,
    "wish": matter.wish,
    "person": matter.person,
    "plain": matter.in_plain_words,
    "done": matter.what_was_done,
    "remedies": offers.remedies,
    "by": offers.by_when,
    "timed": offers.timed,
    "alternatives": lambda story: [a.say for a in story.case.grants.alternatives],
    "goodwill": lambda story: story.case.grants.goodwill.say if story.case.grants.goodwill else "",
    "steps": lambda story: story.case.policy.returns.steps,
    "window": offers.window,
    "refused": offers.refused,
    "instead": offers.instead,
    "instead_within": offers.instead_within,
    "takeover": offers.takeover,
    "authority": offers.authority,
    "role": lambda story: story.case.complaint.agent.role or "",
    "agent": lambda story: story.agent_name() or "your new contact",
    "first_answer": lambda story: story.case.policy.response_times.first_answer or "as soon as I know more",
    "update": offers.update_rhythm,
    "resolution": lambda story: story.case.policy.response_times.resolution or "",
    "crisis_say": lambda story: story.case.policy.crisis.say or "",
    "crisis_every": lambda story: story.case.policy.crisis.update_every or offers.update_rhythm(story),
    "departments": offers.desks,
    "way_back": offers.way_back,
    "after": offers.follow_up_after,
}
"""The names that a strategy file may list under `needs`, besides `s`, the situation."""
