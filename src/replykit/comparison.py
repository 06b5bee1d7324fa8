"""Drafts of several kits for one complaint, side by side: models, house styles, policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from replykit.display.html.comparison import comparison_part
from replykit.display.html.frame import fragment
from replykit.errors import InputError, ReplyKitError
from replykit.types import Complaint, Draft


class Drafts(Protocol):
    """What a comparison asks of a kit."""

    def draft(self, complaint: str | Complaint) -> Draft:
        """A draft."""
        ...


@dataclass(frozen=True)
class Comparison:
    """One complaint and what each kit made of it; shows itself in a notebook.

    Attributes:
        complaint: What was answered.
        drafts: By the name of the kit, its draft or the error that it ended in.

    Example:
        >>> from replykit import ReplyKit
        >>> list(compare("My kettle broke.", ours=ReplyKit()).moves())
        ['ours']
    """

    complaint: Complaint
    drafts: Mapping[str, Draft | ReplyKitError]

    def moves(self) -> dict[str, tuple[str, ...]]:
        """The strategies of each draft in their order, for those who compare with code."""
        return {n: tuple(m.strategy for m in d.moves) for n, d in self.drafts.items() if isinstance(d, Draft)}

    def _repr_html_(self) -> str:
        return fragment(comparison_part(self.complaint, self.drafts), wide=True)

    def __str__(self) -> str:
        texts = (f"{name}\n{'-' * len(name)}\n{getattr(d, 'text', d)}" for name, d in self.drafts.items())
        return "\n\n".join(texts)


def compare(complaint: str | Complaint, kits: Mapping[str, Drafts] | None = None, **named: Drafts) -> Comparison:
    """Draft one complaint with several kits, so that their replies can be read side by side.

    A kit that fails does not stop the others: its error stands in its column.

    Args:
        complaint: The message.
        kits: The kits by name, where a name is not a Python word.
        named: Further kits by name.

    Returns:
        A comparison that shows itself in a notebook, and prints as text.

    Raises:
        InputError: No kit was given.

    Example:
        >>> from replykit import ReplyKit
        >>> both = compare("My kettle broke.", plain=ReplyKit(), brief=ReplyKit(policy={"company": "Fern & Oak"}))
        >>> list(both.drafts)
        ['plain', 'brief']
    """
    chosen: dict[str, Any] = {**(kits or {}), **named}
    if not chosen:
        raise InputError("there is nothing to compare; give kits by name, such as compare(text, plain=ReplyKit())")
    case = complaint if isinstance(complaint, Complaint) else Complaint(text=complaint)
    return Comparison(case, {name: _attempt(kit, case) for name, kit in chosen.items()})


def _attempt(kit: Drafts, complaint: Complaint) -> Draft | ReplyKitError:
    try:
        return kit.draft(complaint)
    except ReplyKitError as error:
        return error
