"""The room that reads a complaint: from text to a `Classification`, in pure Python, never raising on any text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from replykit.classify import judge
from replykit.classify.cues import Cues
from replykit.classify.evidence import evidence_of
from replykit.classify.explain import Reason, reasons
from replykit.classify.language import Languages
from replykit.classify.linear import Weights, read_weights
from replykit.classify.mentions import Mentions
from replykit.classify.message import Message, prepare
from replykit.classify.spans import faint_issues, issues_of
from replykit.errors import LibraryError
from replykit.types import Classification, Complaint, Contact, Issue

FOLDER = "classifier"
# A message this short, with nothing wrong named in it, is a nudge: what it means stands in the earlier ones.
NUDGE_WORDS = 9


class Shelf(Protocol):
    """What the classifier needs of a library: parsed files and the names of files."""

    def data(self, path: str) -> Any:
        """The parsed content of a YAML or JSON file."""
        ...

    def files(self, folder: str, suffix: str) -> list[str]:
        """The files of a folder that end so."""
        ...


class Classifier:
    """Reads complaints with cues that people can edit and weights that `replykit train` fits.

    Args:
        cues: `{"files": {name: content}, "words": …, "mentions": …, "languages": …}`, the contents of the files of
            `prompts/classifier/`.
        weights: The content of `weights.json`; None reads from cues alone.

    Raises:
        LibraryError: One of the files cannot be used; the message names the file, the key and the remedy.

    Example:
        >>> from replykit.library import Library
        >>> Classifier.from_library(Library.load())("My kettle stopped working after a week.").cause
        'product'
    """

    def __init__(self, cues: Mapping[str, Any], weights: Mapping[str, Any] | None = None) -> None:
        for part in ("files", "words", "mentions", "languages"):
            if part not in cues:
                raise LibraryError(FOLDER, part, "missing; see prompts/classifier for what belongs there")
        self.cues = Cues(cues["files"], cues["words"])
        self.weights: Weights | None = read_weights(weights) if weights is not None else None
        self._mentions = Mentions(cues["mentions"])
        self._languages = Languages(cues["languages"])

    @classmethod
    def from_library(cls, library: Shelf, weights: Mapping[str, Any] | None = None) -> Classifier:
        """A classifier from a library's files; `weights` replaces the library's own (an adopter's `my_model/`)."""
        if weights is None and any(name.endswith("weights.json") for name in library.files(FOLDER, ".json")):
            weights = library.data(f"{FOLDER}/weights.json")
        return cls(parts_of(library), weights)

    def __call__(self, complaint: Complaint | str) -> Classification:
        """Read one complaint. Any text will do: empty, huge, in another language, nothing but emoji."""
        complaint = complaint if isinstance(complaint, Complaint) else Complaint(text=complaint)
        message, subject = self._prepared(complaint)
        reading = judge.judge(message, subject, self.weights)
        earlier = _customer_said(complaint.history)
        reading = reading.doubted() if earlier else reading
        issues = issues_of(message, self.weights, reading)
        perhaps = faint_issues(message, self.weights, reading, issues)
        if earlier and _nudge(message, issues):
            reading, issues = self._from_earlier(message, reading, earlier)
        elif earlier:
            before = self._from_earlier(message, reading, earlier)[1]
            perhaps = (*(i for i in before if i.kind != "no_response"), *perhaps)
        return Classification(
            **reading.fields(),
            issues=issues,
            perhaps=perhaps,
            repeat_contact=reading.repeat_contact or bool(earlier),
            language=self._languages.detect(complaint.text, message.words.words),
            mentions=self._mentions.find(complaint.text, message.every_word()),
            evidence=evidence_of(message, reading),
            source="local",
        )

    def explain(self, complaint: Complaint | str) -> tuple[Reason, ...]:
        """Which evidence spoke for and against each label, strongest first; empty where no weights are loaded."""
        complaint = complaint if isinstance(complaint, Complaint) else Complaint(text=complaint)
        if self.weights is None:
            return ()
        message, subject = self._prepared(complaint)
        return reasons(message, subject, judge.judge(message, subject, self.weights), self.weights)

    def _prepared(self, complaint: Complaint) -> tuple[Message, Message | None]:
        subject = prepare(complaint.subject, self.cues) if complaint.subject else None
        return prepare(complaint.text, self.cues), subject

    def _from_earlier(
        self, message: Message, reading: judge.Reading, earlier: str
    ) -> tuple[judge.Reading, tuple[Issue, ...]]:
        """A nudge takes the meaning of the earlier messages; its issues are quoted with the nudge itself."""
        past = prepare(earlier, self.cues)
        before = judge.judge(past, None, self.weights)
        kinds = dict.fromkeys([i.kind for i in issues_of(past, self.weights, before)] + ["no_response"])
        start = len(message.text) - len(message.text.lstrip())
        end = max(len(message.text.rstrip()), start)
        quote = message.text[start:end]
        issues = tuple(Issue(kind=kind, quote=quote, start=start, end=end) for kind in kinds) if quote else ()
        return reading.informed_by(before), issues


def parts_of(library: Shelf) -> dict[str, Any]:
    """The contents of a library's classifier files except the weights, as `Classifier` takes them."""
    names = library.files(f"{FOLDER}/cues", ".yaml")
    return {
        "files": {name: library.data(name if "/" in name else f"{FOLDER}/cues/{name}") for name in names},
        **{part: library.data(f"{FOLDER}/{part}.yaml") for part in ("words", "mentions", "languages")},
    }


def _customer_said(history: tuple[Contact, ...]) -> str:
    return "\n".join(c.text for c in history if c.by == "customer" and c.text.strip())


def _nudge(message: Message, issues: tuple[Issue, ...]) -> bool:
    return len(message.words.words) <= NUDGE_WORDS and all(i.kind in ("no_response", "other") for i in issues)
