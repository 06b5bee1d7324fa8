"""What goes to a worker and what comes back: one line each, so that a pipe can carry them."""

from __future__ import annotations

import json
from typing import NamedTuple

from replykit.types import Usage

FREE = Usage()
END = b"end\n"
"""The line after the last job."""


class Job(NamedTuple):
    """A row to draft: a number to find it again by, and its complaint as JSON."""

    ticket: int
    body: bytes

    def line(self) -> bytes:
        return b"%d %s\n" % (self.ticket, self.body)

    @classmethod
    def of(cls, line: bytes) -> Job:
        ticket, _, body = line.rstrip(b"\n").partition(b" ")
        return cls(int(ticket), body)


class Outcome(NamedTuple):
    """What became of a row: a draft as JSON, an error that is the row's own, or `over`: the budget ends here.

    `lasting` is False where another run may do better, because the model could not be reached.
    """

    ticket: int
    draft: bytes = b""
    status: str = ""
    error: str | None = None
    over: str | None = None
    lasting: bool = True
    usage: Usage = FREE

    def line(self) -> bytes:
        head = json.dumps([self.ticket, self.status, self.error, self.over, self.lasting, _packed(self.usage)])
        return head.encode() + b"\t" + self.draft + b"\n"

    @classmethod
    def of(cls, line: bytes) -> Outcome:
        head, _, draft = line.rstrip(b"\n").partition(b"\t")
        ticket, status, error, over, lasting, usage = json.loads(head)
        return cls(ticket, draft, status, error, over, lasting, Usage.model_construct(**usage) if usage else FREE)


def _packed(usage: Usage) -> dict[str, float] | None:
    return None if usage is FREE or usage == FREE else usage.model_dump()
