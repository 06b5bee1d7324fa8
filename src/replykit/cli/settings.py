"""Settings become a kit: flag, then environment, then `policy.yaml` in the working directory, then what is built in."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from replykit.errors import InputError
from replykit.kit import ReplyKit

LOCAL_POLICY = Path("policy.yaml")


class Settings(NamedTuple):
    """What flags and environment said; None where they said nothing."""

    model: str | None = None
    base_url: str | None = None
    policy: str | None = None
    prompts: str | None = None
    offline: bool = False

    @property
    def reason_offline(self) -> str | None:
        """Why no model will be asked, or None where one will be."""
        if self.offline:
            return "--offline was given"
        if not self.model:
            return "no model is named (--model, REPLYKIT_MODEL)"
        if not (os.environ.get("OPENAI_API_KEY") or self.base_url):
            return "OPENAI_API_KEY is not set"
        return None

    @property
    def policy_file(self) -> str | None:
        """The policy that will be laid over the built-in one."""
        return self.policy or (str(LOCAL_POLICY) if LOCAL_POLICY.is_file() else None)


def open_kit(settings: Settings, *, asks_model: bool = True) -> ReplyKit:
    """The kit for these settings; says on standard error when it is offline and which policy it uses.

    Args:
        settings: What flags and environment said.
        asks_model: Whether the verb would ask a model at all; without one there is nothing to say about it.

    Raises:
        PolicyError: The policy cannot be used.
        LibraryError: The folder of prompts cannot be used.
    """
    offline = settings.reason_offline if asks_model else "this verb asks no model"
    if asks_model:
        _say(settings, offline)
    return ReplyKit(
        model=None if offline else settings.model,
        policy=settings.policy_file,
        prompts=settings.prompts,
        base_url=None if offline else settings.base_url,
    )


def facts_from(pairs: list[str] | None) -> dict[str, Any]:
    """Facts given as `key=value`, each value read as YAML reads it, so that `false` is a no and `3` a number.

    Raises:
        InputError: A pair has no `=` or no key.
    """
    facts: dict[str, Any] = {}
    for pair in pairs or ():
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise InputError(f"--fact {pair}: write it as key=value, such as in_stock=false")
        try:
            facts[key.strip()] = yaml.safe_load(value)
        except yaml.YAMLError:
            facts[key.strip()] = value
    return facts


def _say(settings: Settings, offline: str | None) -> None:
    mode = f"offline, {offline}" if offline else f"model {settings.model}"
    print(f"replykit: {mode}; policy: {settings.policy_file or 'built in'}", file=sys.stderr)
