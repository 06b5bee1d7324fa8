"""Everything that a wording may name about one case, gathered once: the reply's raw material."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from replykit.library import Library
from replykit.plan import Case, Cues
from replykit.plan.grants import amounts_in
from replykit.plan.thread import Promise
from replykit.types import Remedy
from replykit.write.facts import FactWording, Told, stated
from replykit.english import and_join, day, humanise_dates, ordinal, uncap
from replykit.write.retell import Grammar, pieces, retell, say_back
from replykit.write.safe_names import customer_name, noun, reference

LOSS = re.compile(r"\bmy (?:late |dear |own |beloved )?(mother|father|mum|mom|dad|husband|wife|son|daughter|brother|sister|partner|grandmother|grandfather|"
                  r"gran|grandma|grandpa|nan|uncle|aunt|friend|baby|child)\b", re.IGNORECASE)  # fmt: skip
FEELINGS_BY_TONE = {"calm": "disappointed", "frustrated": "frustrated", "angry": "angry", "abusive": "angry"}
FORBIDDEN_IN_SUBJECT = re.compile(r"[{}<>\[\]|`\\]|\b[A-Z]{4,}\b|!|\d{9,}|@")
DONE_BY_NOW = re.compile(r"\bby (?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? (\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Wording:
    """The wording tables a story draws on, read once for a kit."""

    library: Library
    issues: Mapping[str, Mapping[str, Any]]
    channels: Mapping[str, Any]
    facts: FactWording
    grammar: Grammar
    cues: Cues

    @classmethod
    def from_library(cls, library: Library, cues: Cues) -> Wording:
        """Read the tables; raises `LibraryError` where one is broken."""
        issues = {name.split("/")[-1].removesuffix(".yaml"): library.data(name) for name in library.files("issues", ".yaml")}
        return cls(library, issues, library.data("channels.yaml"), FactWording(library), Grammar.from_library(library), cues)


def salt_of(text: str) -> int:
    """A number that depends on nothing but the complaint, so that its wording never changes between runs or machines."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


class Story:
    """The values of one case by the names that wording files use. Built per draft, read by templates.

    Args:
        turn: 0 for the first choice of wording; later turns choose other variants and keep away from the customer's words.
    """

    def __init__(self, case: Case, wording: Wording, *, turn: int = 0) -> None:
        self.case, self.wording, self.turn = case, wording, turn
        self.salt = salt_of(case.complaint.text + case.complaint.channel + "".join(case.thread.customer_messages)) + turn
        self.kinds = case.situation.issues or ("other",)
        self.item = self._item()
        self.told: Told = wording.facts.tell(case, wording.cues.steering, self.salt)

    def pick(self, options: Sequence[str], name: str) -> str:
        """One of several wordings: by the complaint and the name of the place, never by chance."""
        return options[zlib.crc32(name.encode(), self.salt) % len(options)]

    def varied(self, turn: int) -> Story:
        """The same case in other words."""
        return Story(self.case, self.wording, turn=turn)

    def values(self) -> dict[str, Any]:
        """The names that a strategy file may use under `needs`."""
        case, policy = self.case, self.case.policy
        times = policy.response_times
        return {
            "s": case.situation, "item": self.item, "order_ref": self._order_ref(), "name": customer_name(case.complaint.customer.name),
            "issue": self._issue(self.kinds[0]), "retold": self._retold(), "problems": self._problems(), "contacts": self._contacts(),
            "feeling": self._feeling(), "loss": self._loss(), "facts": self._facts(), "dates": self.told.dates, "holds": self._holds(),
            "promise": self._promise(), "statements": (), "plain": self._plain(),
            "remedies": [self._remedy(r) for r in self._offers()], "alternatives": [a.say for a in case.grants.alternatives],
            "goodwill": case.grants.goodwill.say if case.grants.goodwill else "",
            "steps": policy.returns.steps, "window": self._window(),
            "refused": case.grants.refused.what if case.grants.refused else "", "instead": self._instead(), "instead_within": self._instead_within(),
            "takeover": self._takeover(), "authority": self._authority(), "role": case.complaint.agent.role or "",
            "agent": self._agent() or "your new contact", "earlier": list(case.thread.agents), "known": self._known(),
            "first_answer": times.first_answer or "as soon as I know more", "update": times.update or times.first_answer or "regularly",
            "resolution": times.resolution or "", "crisis_say": policy.crisis.say or "",
            "crisis_every": policy.crisis.update_every or times.update or "regularly",
            "departments": list(case.grants.departments), "way_back": and_join(list(policy.boundary.channels_left_open)) or "this address",
            "after": _days_in_words(policy.follow_up.after_days), "done": self._done(),
        }  # fmt: skip

    def values_for_frame(self) -> dict[str, str]:
        """The names that a greeting or a sign-off may use."""
        name = "" if self.case.situation.public else customer_name(self.case.complaint.customer.name)
        return {"name": name, "agent_name": self._agent()}

    def safe_subject(self) -> str:
        """The customer's own subject line, where it is fit to be sent back."""
        subject = re.sub(r"^(?:(?:re|fw|fwd|aw|sv)\s*:\s*)+", "", " ".join((self.case.complaint.subject or "").split()), flags=re.IGNORECASE)
        fit = subject and len(subject) <= 80 and not FORBIDDEN_IN_SUBJECT.search(subject) and not self.wording.grammar.never.search(subject)
        return subject if fit else ""

    # ------------------------------------------------------------ the matter

    def _item(self) -> str:
        issue = self.wording.issues.get(self.kinds[0], {})
        known = noun(self.case.complaint.order.item) or next(
            (noun(m.quote) for m in self.case.reading.mentions if m.kind == "item" and noun(m.quote)), "")  # fmt: skip
        if self.case.situation.public or not known:
            return str(issue.get("thing", "your case"))
        return known if known.lower().startswith(("your ", "the ")) else f"your {uncap(known) if known.split()[0].lower() in ('the', 'a') else known}"

    def _order_ref(self) -> str:
        ref = reference(self.case.complaint.order.id)
        return f"order {ref}" if ref and not self.case.situation.public else ""

    def _issue(self, kind: str) -> dict[str, str]:
        raw = self.wording.issues.get(kind) or self.wording.issues["other"]
        label = f"prompts/issues/{kind}.yaml"
        fill = self.wording.library.fill
        values = {"item": self.item}
        chosen = {key: fill(self.pick(raw[key], f"{kind}.{key}"), label, values) for key in ("happened", "weight", "sorry", "look")}
        return {"kind": kind, "label": str(raw["label"]), **chosen}

    def _retold(self) -> list[str]:
        """What happened, said back: the customer's own sentences where they can be, else what such issues have in common."""
        if self.case.situation.jargon or self.turn:
            return [self._issue(self.kinds[0])["happened"]]
        limit = int(self.wording.channels[self.case.complaint.channel]["retold"])
        found = [said for issue in self.case.reading.issues if (said := self._say_back(issue.start, issue.end))]
        found = _without_overlap(found) or self._from_thread() or _without_overlap([self._issue(k)["happened"] for k in self.kinds[:limit]])
        return found[:limit]

    def _say_back(self, start: int, end: int) -> str | None:
        said = retell(self.case.complaint.text, start, end, self.wording.grammar)
        if said is None or self.case.complaint.channel == "in_person" or (self.case.situation.public and re.search(r"\d", said)):
            return None
        return said

    def _from_thread(self) -> list[str]:
        said = [s for text in self.case.thread.customer_messages for s in self._sentences(text)]
        return _without_overlap(said)

    def _sentences(self, text: str) -> list[str]:
        found = (say_back(text[a:b], self.wording.grammar) for a, b in pieces(text))
        return [said for said in found if said]

    def _known(self) -> list[str]:
        return self._from_thread()[:3]

    def _problems(self) -> list[dict[str, str]]:
        """Each distinct kind of problem with its own answer: its remedy where there is one, else what is being done."""
        found = []
        for place, kind in enumerate(self.kinds[:5], 1):
            issue = self._issue(kind)
            own = [r for r in self._offers() if kind in r.for_]
            shared = self.case.situation.remedy in ("one", "several")
            if own and not shared:
                remedy = self._remedy(own[0])
                answer = f"we will {remedy['say']}{remedy['limit']}{remedy['by']}."
            else:
                answer = uncap(issue["look"])
            label = self._label(kind, issue["label"])
            found.append({"label": label, "answer": answer, "ordinal": ordinal(place).capitalize() if place == 1 else ordinal(place).capitalize()})
        return found

    def _label(self, kind: str, fallback: str) -> str:
        return fallback

    def _contacts(self) -> str:
        """How often they wrote, where they wrote before."""
        if self.case.situation.public:
            return ""
        if self.case.thread.contacts > 2:
            return f"This is the {ordinal(self.case.thread.contacts)} time you have had to write about it."
        if self.case.situation.repeat_contact:
            return self.pick(("And it is not the first time you have had to tell us.", "You have had to tell us more than once.",
                              "I see too that you have raised it with us before.", "It has taken more than one message from you already."), "contacts")  # fmt: skip
        return ""

    def _feeling(self) -> str:
        feelings = [f.replace("_", " ") for f in self.case.situation.feelings if f]
        return feelings[0] if feelings else FEELINGS_BY_TONE[self.case.situation.tone]

    def _loss(self) -> str:
        match = LOSS.search(self.case.complaint.text) if self.case.situation.bereavement else None
        return f"your {match.group(1).lower()}" if match else ""

    # ------------------------------------------------------------ what is known

    def _facts(self) -> list[str]:
        if self.case.situation.kind == "not_a_complaint":
            return [*self.told.others, *self.told.dates]
        return list(self.told.others)

    def _holds(self) -> str:
        near = self.case.complaint.received_at.date() if self.case.complaint.received_at else None
        promise = humanise_dates(stated(self.case.complaint.facts, "promise_holds"), near)
        sentences = ([f"{promise[:1].upper()}{promise[1:].rstrip('.')}."] if promise else []) or list(self.told.others)
        return " ".join(sentences)

    def _promise(self) -> dict[str, str] | None:
        """An agent's earlier promise whose day has passed, in the company's own person."""
        missed = [p for p in self.case.thread.promises if self._missed(p)]
        if not missed:
            return None
        said = re.sub(r"\b(I|i)\b", "we", missed[-1].text.rstrip(".! "))
        near = self.case.complaint.received_at.date() if self.case.complaint.received_at else None
        return {"text": uncap(said), "on": f" on {day(missed[-1].on, near)}" if missed[-1].on else ""}

    def _missed(self, promise: Promise) -> bool:
        due, now = DONE_BY_NOW.search(promise.text), self.case.complaint.received_at
        if not due or not now or not promise.on:
            return False
        try:
            date = dt.datetime.strptime(f"{due.group(1)} {due.group(2)[:3].title()} {promise.on.year}", "%d %b %Y").date()
        except ValueError:
            return False
        return date < now.date()

    def _plain(self) -> str:
        facts = " ".join([*self.told.others, *self.told.dates])
        offers = self._offers()
        if facts:
            return facts
        return f"We will {offers[0].say}." if offers else self._issue(self.kinds[0])["look"]

    def _done(self) -> str:
        near = self.case.complaint.received_at.date() if self.case.complaint.received_at else None
        resolution = humanise_dates(stated(self.case.complaint.facts, "resolution"), near)
        ours = [entry.outcome for entry in self.case.complaint.history if entry.by == "agent" and entry.outcome]
        if resolution:
            return f"{resolution[:1].upper()}{resolution[1:].rstrip('.')}."
        return f"Our notes say: {humanise_dates(ours[-1], near).rstrip('.')}." if ours else ""

    # ------------------------------------------------------------ what is granted

    def _offers(self) -> list[Remedy]:
        refused = self.case.grants.refused
        return [r for r in self.case.grants.remedies if not (refused and refused.instead == r.say)]

    def _remedy(self, remedy: Remedy) -> dict[str, str]:
        return {"say": remedy.say, "limit": self._limit(remedy), "by": f", {remedy.within}" if remedy.within else ""}

    def _limit(self, remedy: Remedy) -> str:
        """The limit where it is not said already and the order does not stay under it anyway."""
        if not remedy.limit or any(part in remedy.say for part in (remedy.limit, remedy.limit.strip("€$£ "))):
            return ""
        ceiling, amount = amounts_in(remedy.limit), self.case.complaint.order.amount
        if ceiling and amount is not None and "%" not in remedy.limit and amount <= max(ceiling):
            return ""
        return f", up to {remedy.limit}" if "half" not in remedy.say else ""

    def _instead(self) -> str:
        refused = self.case.grants.refused
        return refused.instead or "" if refused else ""

    def _instead_within(self) -> str:
        same = [r for r in self.case.grants.remedies if r.say == self._instead() and r.within]
        return f", {same[0].within}" if same else ""

    def _window(self) -> str:
        window = self.case.policy.returns.window
        return f", as returns are open for {window}" if self.case.grants.outside_window and window else ""

    def _takeover(self) -> dict[str, str]:
        rows = self.case.policy.escalation
        route = self.case.grants.route or (rows[0] if rows else None)
        if route is None:
            return {"who": "a senior colleague", "within": self.case.policy.response_times.first_answer or "", "reach": ""}
        who = ", ".join(filter(None, (route.name, (f"our {route.role}" if route.name else route.role)))) or "a senior colleague"
        reach = f"You can reach them directly: {route.contact}." if route.contact and "message" not in route.contact else (
            "Until then, reply here and it reaches them." if route.contact else "")  # fmt: skip
        return {"who": who, "within": route.within or self.case.policy.response_times.first_answer or "", "reach": reach}

    def _authority(self) -> str:
        stated_authority = stated(self.case.complaint.facts, "agent_authority")
        if stated_authority.lower().startswith(("may ", "can ")):
            return f" {stated_authority.split(' ', 1)[1]}"
        return " decide this myself"

    def _agent(self) -> str:
        return self.case.complaint.agent.name or self.case.policy.agent.name or ""


def _days_in_words(days: int) -> str:
    return {1: "a day", 7: "a week", 14: "two weeks", 30: "a month"}.get(days, f"{days} days")


def _without_overlap(items: Sequence[str]) -> list[str]:
    """The clauses without those that a longer one already holds."""
    kept: list[str] = []
    for item in dict.fromkeys(items):
        if not any(item in other for other in items if other != item):
            kept.append(item)
    return kept
