"""How a batch makes its kits: a recipe that travels to other processes and machines, and what it is known by."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from replykit.intake import installed_version
from replykit.kit import ReplyKit
from replykit.model import OpenAIModel
from replykit.types import Policy


class KitSettings(BaseModel):
    """The arguments of a `ReplyKit` that can be written down, so that many processes can each make the same one.

    Args:
        model: The model's name; None works offline.
        policy: A YAML file, a mapping or a `Policy`.
        prompts: A folder shaped like `prompts/` over the shipped one.
        base_url: The endpoint.
        api_key: Its key; None means `OPENAI_API_KEY`. It is never shown.
        deadline: Seconds for one draft, counted from when its first question may be sent.
        classifier: A folder made by `replykit train`.
        ask_below: Calibrated confidence under which the model is asked to read the complaint too.

    Example:
        >>> KitSettings().open()
        ReplyKit('offline', company=None)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str | None = None
    policy: str | dict[str, Any] | None = None
    prompts: str | None = None
    base_url: str | None = None
    api_key: SecretStr | None = Field(default=None, repr=False)
    deadline: float | None = 60.0
    classifier: str | None = None
    ask_below: float = 0.6

    @field_validator("policy", mode="before")
    @classmethod
    def _policy_in_plain_words(cls, value: Any) -> Any:
        if isinstance(value, Policy):
            return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return str(value) if isinstance(value, Path) else value

    @field_validator("prompts", "classifier", mode="before")
    @classmethod
    def _path_as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, Path) else value

    def open(self) -> ReplyKit:
        """A kit made from these settings. Its model tries once: a batch tries again itself, at the pace it has learned.

        Raises:
            PolicyError, LibraryError, SettingsError: As for `ReplyKit`.
        """
        key = self.api_key.get_secret_value() if self.api_key else None
        model = OpenAIModel(self.model, base_url=self.base_url, api_key=key, attempts=1) if self.model else None
        return ReplyKit(
            model, policy=self.policy, prompts=self.prompts, deadline=self.deadline, classifier=self.classifier,
            ask_below=self.ask_below,
        )  # fmt: skip

    def sent(self) -> dict[str, Any]:
        """All of it in plain JSON, the key included, for a process of our own."""
        plain = self.model_dump(mode="json")
        return plain | {"api_key": self.api_key.get_secret_value() if self.api_key else None}


def identity(kit: ReplyKit, settings: KitSettings | None = None, fields: tuple[str, ...] = ()) -> dict[str, str]:
    """What a draft hangs on besides its complaint; a journal that was begun with another identity is refused."""
    weights = Path(settings.classifier) / "weights.json" if settings and settings.classifier else None
    return {
        "replykit": installed_version(),
        "wording": kit.library.version,
        "model": str(getattr(kit.model, "name", None) or "offline"),
        "policy": _digest(kit.policy.model_dump_json().encode()),
        "classifier": _digest(weights.read_bytes()) if weights else "shipped",
        "fields": ",".join(fields) or "all",
    }


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=6).hexdigest()


def cores() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux knows
        return os.cpu_count() or 1
