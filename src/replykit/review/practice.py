"""Practice: complaints to answer for training, from `prompts/practice/`, each with what it is about."""

from __future__ import annotations

from pathlib import PurePath

from pydantic import Field, ValidationError, model_validator

from replykit.errors import InputError, LibraryError
from replykit.library import Library
from replykit.types import (
    Cause,
    Classification,
    Complaint,
    Issue,
    IssueKind,
    Noun,
    Policy,
    Request,
    ReturnReason,
    Stakes,
    Tone,
)

FOLDER = "practice"


class Labels(Noun):
    """How an exercise reads, as its author knows it; an issue is named by the passage that shows it."""

    cause: Cause
    tone: Tone = "calm"
    stakes: Stakes = "low"
    requests: tuple[Request, ...] = ()
    return_reason: ReturnReason | None = None
    issues: dict[IssueKind, str] = Field(default_factory=dict)


class Exercise(Noun):
    """One complaint to practise on. `teaches` is for after the answer: what this one is about."""

    id: str
    title: str
    teaches: str
    complaint: Complaint
    labels: Labels
    policy: Policy = Policy()

    @model_validator(mode="after")
    def _issues_are_quoted(self) -> Exercise:
        for kind, quote in self.labels.issues.items():
            if quote not in self.complaint.text:
                raise ValueError(f"labels.issues.{kind}: {quote!r} is not in the complaint's text")
        return self

    def reading(self, read: Classification) -> Classification:
        """A classification with the author's labels in place of the classifier's."""
        text = self.complaint.text
        issues = tuple(
            Issue(kind=kind, quote=quote, start=text.index(quote), end=text.index(quote) + len(quote))
            for kind, quote in self.labels.issues.items()
        )
        known = {name: getattr(self.labels, name) for name in ("cause", "tone", "stakes", "requests", "return_reason")}
        return read.model_copy(update={**known, "issues": issues, "confidence": 1.0})


def exercises(library: Library) -> tuple[Exercise, ...]:
    """Every exercise, in the order of their names; a house adds its own by adding a file.

    Raises:
        LibraryError: A file lacks a key, or has one that is unknown.
    """
    return tuple(_exercise(library, name) for name in library.files(FOLDER, ".yaml"))


def exercise(library: Library, name: str) -> Exercise:
    """The exercise of this name.

    Raises:
        InputError: There is none of this name.
        LibraryError: Its file is broken.
    """
    known = {PurePath(path).stem: path for path in library.files(FOLDER, ".yaml")}
    if name not in known:
        raise InputError(f"there is no exercise {name!r}; there are {', '.join(known)}")
    return _exercise(library, known[name])


def _exercise(library: Library, name: str) -> Exercise:
    try:
        return Exercise.model_validate({"id": PurePath(name).stem, **library.data(name)})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise LibraryError(library.label(name), key, first["msg"]) from None
    except TypeError:
        raise LibraryError(library.label(name), "", "must hold title, teaches, complaint and policy") from None
