"""A text with what was found in it, what it was checked against, and how it is mended."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, cast

from replykit.cli.reading import complaint_of
from replykit.errors import InputError
from replykit.fix import fix
from replykit.kit import ReplyKit
from replykit.types import Complaint, Report, Scope


class Checked(NamedTuple):
    """One text by name, and its findings."""

    name: str
    text: str
    report: Report


class Asked(NamedTuple):
    """What a text is checked against."""

    complaint: Complaint | None = None
    offers: list[str] | None = None
    deadlines: list[str] | None = None
    scope: Scope | Literal["fragment", "reply"] = "fragment"

    def of(self, kit: ReplyKit, text: str) -> Report:
        """What a kit finds in a text."""
        return kit.check(text, self.complaint, offers=self.offers, deadlines=self.deadlines, scope=self.scope)

    def for_line(self, fields: dict[str, Any]) -> Asked:
        """The same with what one line of JSON says for itself.

        Raises:
            InputError: A value does not fit.
        """
        own: dict[str, Any] = {}
        message = fields.get("customer_message", fields.get("complaint"))
        if message is not None:
            own["complaint"] = complaint_of(message if isinstance(message, dict) else {"text": message}, "the line")
        for key in ("offers", "deadlines"):
            if fields.get(key) is not None:
                own[key] = _words(key, fields[key])
        if "scope" in fields:
            own["scope"] = _scope(fields["scope"])
        return self._replace(**own)


def fixed(kit: ReplyKit, checked: Checked, asked: Asked) -> Checked:
    """The text with each licensed rewrite that takes a finding away, brings none and changes no promise."""
    text, report = fix(checked.text, lambda tried: asked.of(kit, tried))
    return Checked(checked.name, text, report)


def _words(key: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(f'{key}: must be a list of texts, such as ["a full refund"]')
    return value


def _scope(value: Any) -> Scope:
    if value not in ("fragment", "reply"):
        raise InputError(f'scope: must be "fragment" or "reply", not {value!r}')
    return cast("Scope", value)
