"""Everything that replykit raises.

    ReplyKitError
    ├── LibraryError         a strategy, rule, template or wording file is broken: names the file, the key and the remedy
    │   └── PolicyError      a policy file or dict is broken
    ├── InputError           a complaint, a file or a setting that the caller gave cannot be used
    │   └── BatchError       a batch cannot start or go on: its files, its journal or its settings disagree
    ├── FindingsError        raised only on request, by `raise_for_findings()`; carries the findings
    └── ModelError           the endpoint did not give a usable answer
        ├── SettingsError    something only the caller can mend: key, model name, base URL, unsupported request
        ├── DeadlineError    the time allowed for the whole draft is over
        ├── BudgetError      the next call would cost more than the budget allows
        └── AnswerError      the endpoint answered, but not with what was asked for

What is wrong with a *text* is never an exception: it is a `Finding`, a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from replykit.types import Finding, Usage


class ReplyKitError(Exception):
    """The root of the tree: catch this to catch everything that replykit raises.

    Example:
        >>> from replykit import ReplyKit
        >>> try:
        ...     ReplyKit().draft("")
        ... except ReplyKitError as error:
        ...     type(error).__name__
        'InputError'
    """


class LibraryError(ReplyKitError):
    """A file of the library cannot be used.

    Args:
        file: Which file, as the person who edits it would name it.
        key: The key or section at fault; empty when it is the file as a whole.
        problem: What is wrong and what to write instead.

    Example:
        >>> str(LibraryError("rules/hm.yaml", "level", "use block or warn"))
        'rules/hm.yaml: level: use block or warn'
    """

    def __init__(self, file: str, key: str, problem: str) -> None:
        self.file, self.key, self.problem = file, key, problem
        super().__init__(f"{file}: {key + ': ' if key else ''}{problem}")


class PolicyError(LibraryError):
    """A policy cannot be used; the message names the file, the key and the remedy.

    Example:
        >>> from replykit import ReplyKit
        >>> try:
        ...     ReplyKit(policy={"compony": "Larkfield Boats"})
        ... except PolicyError as error:
        ...     error.key
        'compony'
    """


class InputError(ReplyKitError):
    """What the caller handed over cannot be used as it is.

    Example:
        >>> from replykit import ReplyKit
        >>> try:
        ...     ReplyKit().draft("   ")
        ... except InputError as error:
        ...     isinstance(error, ReplyKitError)
        True
    """


class BatchError(InputError):
    """A batch cannot start or cannot go on.

    Example:
        >>> issubclass(BatchError, InputError)  # whoever mends inputs mends batches too
        True
    """


class FindingsError(ReplyKitError):
    """A text was refused because of what is in it.

    Args:
        findings: The findings that block.

    Example:
        >>> from replykit import ReplyKit
        >>> try:
        ...     ReplyKit().check("Calm down.").raise_for_findings()
        ... except FindingsError as error:
        ...     [finding.quote for finding in error.findings]
        ['Calm down']
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{f.rule}: {f.message}" for f in findings))


class ModelError(ReplyKitError):
    """The model's endpoint did not give a usable answer.

    Attributes:
        usage: What was spent on the call all the same; None where nothing was asked.
        again: Seconds after which another try may help, 0 where the endpoint named no time; None where none would.

    Example:
        >>> ModelError("no answer came").usage is None
        True
    """

    usage: Usage | None = None
    again: float | None = None


class SettingsError(ModelError):
    """The endpoint refused for a reason that only the caller can mend: key, model name, base URL.

    Example:
        >>> from replykit import ReplyKit
        >>> try:
        ...     ReplyKit().check("Calm down.", judge=True)
        ... except SettingsError as error:
        ...     "needs a model" in str(error)
        True
    """


class DeadlineError(ModelError):
    """The time allowed for the whole draft is over.

    Example:
        >>> issubclass(DeadlineError, ModelError)  # inside a draft it ends in the offline wording
        True
    """


class BudgetError(ModelError):
    """The next call could cost more than the budget that is left.

    Example:
        >>> issubclass(BudgetError, ModelError)  # inside a draft it ends in the offline wording
        True
    """


class AnswerError(ModelError):
    """The endpoint answered, but not with what was asked for.

    Example:
        >>> issubclass(AnswerError, ModelError)  # inside a draft it ends in the offline wording
        True
    """
