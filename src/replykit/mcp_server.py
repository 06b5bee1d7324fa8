"""replykit for assistants: draft, classify and check as tools of the Model Context Protocol."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from pydantic import Field

from replykit.errors import InputError, ReplyKitError
from replykit.intake import installed_version
from replykit.kit import ReplyKit
from replykit.types import Channel, Classification, Complaint, Customer, FactValue, Noun, Report, Scope

INSTRUCTIONS = """Drafts and checks replies to customer complaints. Call draft for a reply that is checked already and
promises nothing that the business did not grant; pass facts that the business vouches for, never guesses. Show the text
to a person as it is: a changed text has to go through check again. When status is needs_review, say so and why."""
MISSING = "serve-mcp needs the Model Context Protocol SDK: pip install 'replykit[mcp]'"


class ToldMove(Noun):
    """One part of the reply, and where it comes from."""

    strategy: str
    text: str
    source: str = Field(description="The article and the heading that the strategy comes from.")


class ToldFinding(Noun):
    """Something that a rule objects to."""

    rule: str
    level: str
    quote: str
    why: str
    instead: tuple[str, ...] = ()


class ToldPromise(Noun):
    """Something that the reply commits to, and what allows it."""

    quote: str
    allowed_by: str | None = None


class DraftedReply(Noun):
    """A reply that is ready to be shown to a person who answers for it."""

    text: str
    subject: str | None
    status: str = Field(description="ready, or needs_review with the reasons.")
    reasons: tuple[str, ...]
    confidence: float
    moves: tuple[ToldMove, ...]
    promises: tuple[ToldPromise, ...]
    findings: tuple[ToldFinding, ...]
    notes: dict[str, str] = Field(description="For the agent, never for the customer.")


Text = Annotated[str, Field(description="The customer's message, word for word.")]
Name = Annotated[str | None, Field(description="The customer's name, for the greeting.")]
Facts = Annotated[
    dict[str, FactValue] | None,
    Field(description="What the business vouches for and the reply may state, such as in_stock: false."),
]
Candidate = Annotated[str, Field(description="The reply, or a piece of one.")]
Message = Annotated[str | None, Field(description="The message that it answers.")]
Offers = Annotated[
    list[str] | None,
    Field(description="What may be offered, in plain words; empty: nothing may be; left out: not judged."),
]
Deadlines = Annotated[list[str] | None, Field(description="Which times may be promised; likewise.")]
Part = Annotated[
    Scope, Field(description="reply for a whole reply, so that what is missing counts; fragment for a piece.")
]


class Tools:
    """What an assistant may call; each returns structured content.

    Args:
        kit: What drafts, reads and checks.
        refuse: Makes the SDK's own error out of a message that the assistant may read.
    """

    def __init__(self, kit: ReplyKit, refuse: type[Exception]) -> None:
        self._kit, self._refuse = kit, refuse

    async def draft(
        self, text: Text, channel: Channel = "email", customer_name: Name = None, facts: Facts = None
    ) -> DraftedReply:
        """Write a checked reply to a complaint, with a reason for every part and a licence for every promise."""
        complaint = Complaint(text=text, channel=channel, customer=Customer(name=customer_name), facts=facts or {})
        try:
            draft = await self._kit.adraft(complaint)
        except ReplyKitError as error:
            raise self._refuse(str(error)) from error
        return DraftedReply(
            text=draft.text,
            subject=draft.subject,
            status=draft.status,
            reasons=draft.reasons,
            confidence=draft.confidence,
            moves=tuple(ToldMove(strategy=m.strategy, text=m.text, source=_sources(m.sources)) for m in draft.moves),
            promises=tuple(ToldPromise(quote=c.quote, allowed_by=c.licence or c.clause) for c in draft.commitments),
            findings=tuple(map(_finding, draft.findings)),
            notes=draft.notes,
        )

    async def classify(self, text: Text) -> Classification:
        """Say what a complaint is about: cause, tone, stakes, issues, requests, with the words that show each."""
        try:
            return await asyncio.to_thread(self._kit.classify, text)
        except ReplyKitError as error:
            raise self._refuse(str(error)) from error

    async def check(
        self,
        text: Candidate,
        complaint: Message = None,
        offers: Offers = None,
        deadlines: Deadlines = None,
        scope: Part = "fragment",
    ) -> Report:
        """Find what must not be in a reply, such as blame or ungranted promises, and what to write instead."""
        return await asyncio.to_thread(
            self._kit.check, text, complaint, offers=offers, deadlines=deadlines, scope=scope
        )


def server(kit: ReplyKit) -> Any:
    """An MCP server whose tools use this kit; `server(kit).run()` speaks over standard input and output.

    Args:
        kit: What drafts, reads and checks.

    Returns:
        An `mcp.server.mcpserver.MCPServer`, on which further tools can be put.

    Raises:
        InputError: The SDK is not installed; the message says how to get it.
    """
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import ToolAnnotations
    except ImportError as error:
        raise InputError(MISSING) from error
    made = MCPServer("replykit", instructions=INSTRUCTIONS, version=installed_version(), log_level="WARNING")
    tools = Tools(kit, ToolError)
    for tool in (tools.draft, tools.classify, tools.check):
        # Nothing is changed anywhere; only draft and classify may ask a model beyond this machine.
        asks = kit.model is not None and tool != tools.check
        made.add_tool(tool, annotations=ToolAnnotations(read_only_hint=True, open_world_hint=asks))
    return made


def _sources(sources: Any) -> str:
    return "; ".join(f"article {source.article}, {source.heading}" for source in sources)


def _finding(found: Any) -> ToldFinding:
    return ToldFinding(rule=found.rule, level=found.level, quote=found.quote, why=found.why, instead=found.instead)
