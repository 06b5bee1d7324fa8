"""What callers hand over, checked before anything else is done: complaints, policies, folders of a trained classifier."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from replykit.errors import InputError, LibraryError, PolicyError
from replykit.formats import explain, parse_yaml, read_text
from replykit.types import Complaint, Policy


def as_complaint(complaint: str | Complaint) -> Complaint:
    """A `Complaint` from a text or from one."""
    if isinstance(complaint, Complaint):
        return complaint
    if not isinstance(complaint, str):
        raise InputError(f"a complaint is a text or a Complaint, not {type(complaint).__name__}")
    return Complaint(text=complaint)


def with_text(complaint: str | Complaint) -> Complaint:
    """The same, and something to answer in it.

    Raises:
        InputError: There is no text, and nothing earlier on file.
    """
    found = as_complaint(complaint)
    if not found.text.strip() and not found.history:
        raise InputError("the complaint is empty; give the customer's message as `text`")
    return found


def load_policy(policy: str | Path | Mapping[str, Any] | Policy | None) -> Policy:
    """A policy from whatever a caller has.

    Raises:
        PolicyError: It is broken; the message names the file, the key and the remedy.
    """
    if isinstance(policy, Policy):
        return policy
    label, raw = "policy", policy
    if isinstance(policy, str | Path):
        label = str(policy)
        try:
            raw = parse_yaml(read_text(Path(policy), label), label)
        except LibraryError as error:
            raise PolicyError(error.file, error.key, error.problem) from None
    if raw is None:
        return Policy()
    if not isinstance(raw, Mapping):
        raise PolicyError(label, "", "must be a mapping of keys to values, such as `company: Fern & Oak`")
    try:
        return Policy.model_validate(dict(raw))
    except ValidationError as error:
        raise explain(error, label, PolicyError) from None


def load_weights(folder: str | Path | None) -> Any:
    """The weights in a folder that `replykit train` made; None for the shipped ones.

    Raises:
        InputError: The folder holds none, or they are no JSON.
    """
    if folder is None:
        return None
    path = Path(folder) / "weights.json"
    if not path.is_file():
        raise InputError(f"{folder}: holds no weights.json; make the folder with `replykit train DATA -o {folder}`")
    try:
        return json.loads(read_text(path, str(path)))
    except ValueError as error:
        raise InputError(f"{path}: is not valid JSON ({error}); make the folder anew with `replykit train`") from None


def installed_version() -> str:
    """The version of this installation."""
    try:
        return version("replykit")
    except PackageNotFoundError:  # a checkout that was never installed
        return "unknown"
