"""The MCP server through the official client, over standard input and output as an assistant would start it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from replykit import Classification, ReplyKit, Report, SettingsError
from replykit.cli.serve_mcp import serve_mcp
from replykit.errors import InputError
from replykit.mcp_server import server
from replykit.testing import FailingModel

mcp = pytest.importorskip("mcp", reason="needs the extra: pip install 'replykit[mcp]'")

COMPLAINT = "The awning I ordered arrived with a torn seam and nobody answers my emails."
POLICY = """
company: Fern & Oak
remedies:
  - {id: swap, say: send you a new awning, for: [damaged], within: within 4 days}
"""
Talk = Callable[[Any], Awaitable[Any]]


def over_stdio(tmp_path: Path, talk: Talk) -> Any:
    """What a client hears from `replykit serve-mcp` in a process of its own."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    command = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "replykit", "serve-mcp", "--offline"], cwd=tmp_path, env={}
    )
    return asyncio.run(conversation(command, talk))


async def conversation(target: Any, talk: Talk) -> Any:
    async with mcp.Client(target) as client:
        return await talk(client)


def called(kit: ReplyKit, tool: str, **arguments: Any) -> Any:
    """What a tool answers, the server in this process."""
    return asyncio.run(conversation(server(kit), lambda client: client.call_tool(tool, arguments)))


def test_an_assistant_drafts_checks_and_classifies_over_stdio(tmp_path: Path):
    """The official client finds the three tools, drafts under the policy of the folder, and checks what it got."""

    async def talk(client: Any) -> Any:
        tools = (await client.list_tools()).tools
        draft = await client.call_tool("draft", {"text": COMPLAINT, "customer_name": "Ana Ruiz"})
        text = draft.structured_content["text"]
        check = await client.call_tool("check", {"text": f"{text}\n\nPlease calm down.", "complaint": COMPLAINT})
        read = await client.call_tool("classify", {"text": COMPLAINT})
        return tools, draft, check, read

    tools, draft, check, read = over_stdio(tmp_path, talk)
    assert {tool.name: tool.annotations.read_only_hint for tool in tools} == {
        "draft": True,
        "classify": True,
        "check": True,
    }
    assert all(tool.description and tool.output_schema for tool in tools)
    kit = ReplyKit(policy=tmp_path / "policy.yaml")
    assert "Ana Ruiz" in draft.structured_content["text"]
    assert "send you a new awning" in draft.structured_content["text"]
    assert [move["strategy"] for move in draft.structured_content["moves"]] == [
        m.strategy for m in kit.draft(COMPLAINT).moves
    ]
    assert "calm-down" in [finding["rule"] for finding in check.structured_content["findings"]]
    assert Classification.model_validate(read.structured_content) == kit.classify(COMPLAINT)


def test_every_argument_explains_itself():
    """An assistant reads for each argument what belongs there."""
    tools = asyncio.run(conversation(server(ReplyKit()), lambda client: client.list_tools())).tools
    silent = [
        (tool.name, name)
        for tool in tools
        for name, schema in tool.input_schema["properties"].items()
        if not schema.get("description") and "enum" not in schema
    ]
    assert silent == []


def test_what_may_be_promised_is_judged_where_it_is_said():
    """Check takes offers and deadlines, and gives a report that is one of replykit's own."""
    answer = called(ReplyKit(), "check", text="We will look into it today.", offers=[], deadlines=["today"])
    assert Report.model_validate(answer.structured_content).ok


def test_an_empty_message_is_an_error_the_assistant_can_read():
    """A message without words is refused with the remedy, not with a traceback."""
    answer = called(ReplyKit(), "draft", text="  ")
    assert (answer.is_error, "the complaint is empty" in answer.content[0].text) == (True, True)


def test_a_wrong_key_is_told_to_the_assistant():
    """What only the owner of the key can mend is said as it is."""
    answer = called(ReplyKit(FailingModel(SettingsError("the key is wrong"))), "draft", text=COMPLAINT)
    assert (answer.is_error, "the key is wrong" in answer.content[0].text) == (True, True)


def test_without_the_extra_the_verb_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    """Where the SDK is missing, one sentence says how to get it."""
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(InputError, match=r"pip install 'replykit\[mcp\]'"):
        serve_mcp(offline=True)
