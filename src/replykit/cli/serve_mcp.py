"""The verb `serve-mcp`: replykit as a server for assistants that speak the Model Context Protocol."""

from __future__ import annotations

from replykit.cli.options import BaseUrlOption, ModelOption, OfflineOption, PolicyOption, PromptsOption
from replykit.cli.settings import Settings, open_kit
from replykit.cli.verbs import examples, room
from replykit.mcp_server import server

app = room()

EXAMPLES = examples(
    "replykit serve-mcp --policy policy.yaml",
    "",
    "In the settings of an assistant:",
    '  {"mcpServers": {"replykit": {"command": "replykit",',
    '    "args": ["serve-mcp", "--policy", "/path/to/policy.yaml"]}}}',
)


@app.command("serve-mcp", epilog=EXAMPLES)
def serve_mcp(
    *,
    policy: PolicyOption = None,
    prompts: PromptsOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    offline: OfflineOption = False,
) -> None:
    """Let an assistant draft, classify and check, over the Model Context Protocol.

    Speaks on standard input and output until the assistant closes them. Needs the extra: pip install 'replykit[mcp]'.
    """
    server(open_kit(Settings(model, base_url, policy, prompts, offline))).run()
