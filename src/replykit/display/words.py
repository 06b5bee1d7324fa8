"""Labels and costs in words, the same for terminals and pages."""

from __future__ import annotations

from replykit.types import Usage


def spoken(label: str) -> str:
    """A label or an id as words: `no_response` and `no-response` are "no response"."""
    return label.replace("_", " ").replace("-", " ")


def cost(usage: Usage) -> str:
    """What a draft cost, in words."""
    if not usage.calls:
        return "nothing: no model was asked"
    tokens = f"{usage.prompt_tokens + usage.completion_tokens:,} tokens"
    price = "price unknown" if usage.cost is None else f"${usage.cost:.4f}"
    calls = f"{usage.calls} call{'s' if usage.calls != 1 else ''}"
    again = f", {usage.retries} retried" if usage.retries else ""
    return f"{calls}{again}, {tokens}, {price}, {usage.seconds:.1f} s"
