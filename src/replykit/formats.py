"""The forms that library files take: YAML, sections, front matter, wordings; and how to say what is wrong with one."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from replykit.errors import LibraryError
from replykit.types import Policy, Strategy

YAML_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader is about ten times faster and reads the same language; some platforms lack it."""

HEADING = re.compile(r"^# +(?P<name>[A-Z]\w*) *$", re.MULTILINE)
CHANNEL_HEADING = re.compile(r"^## +(?P<name>\w+) *$", re.MULTILINE)
VARIANT = re.compile(r"^-(?: |$)", re.MULTILINE)


def read_text(path: Path, name: str) -> str:
    """The text of a library file.

    Raises:
        LibraryError: The file cannot be opened, or it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise LibraryError(name, "", f"is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise LibraryError(name, "", f"cannot be read: {error.strerror or error}") from None


def parse_yaml(text: str, name: str) -> Any:
    """The parsed YAML of a library file, or a `LibraryError` that names the line."""
    try:
        return yaml.load(text, Loader=YAML_LOADER)  # noqa: S506  # it is a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        raise LibraryError(name, "", f"{line}is not valid YAML: {getattr(error, 'problem', None) or error}") from None


def explain(error: ValidationError, name: str, kind: type[LibraryError] = LibraryError) -> LibraryError:
    """One problem that pydantic found, as an error that names file, key and remedy; a misspelt key before its absence."""
    problems = error.errors(include_url=False)
    first = next((p for p in problems if p["type"] == "extra_forbidden"), problems[0])
    key = ".".join(str(part) for part in first["loc"])
    problem = first["msg"]
    if first["type"] == "extra_forbidden":
        known = _siblings(error, first["loc"])
        near = difflib.get_close_matches(str(first["loc"][-1]), known, n=1)
        problem = (
            f"is not a known key; {f'did you mean {near[0]}? ' if near else ''}known keys here: {', '.join(known)}"
        )
    elif first["type"] == "missing":
        problem = "is missing; add it"
    return kind(name, key, problem)


def _siblings(error: ValidationError, loc: tuple[int | str, ...]) -> list[str]:
    model: Any = {"Policy": Policy, "Strategy": Strategy}.get(error.title, Policy)
    for part in loc[:-1]:
        field = model.model_fields.get(part) if isinstance(part, str) and hasattr(model, "model_fields") else None
        inner = getattr(field, "annotation", None)
        model = next(
            (t for t in (inner, *getattr(inner, "__args__", ())) if isinstance(t, type) and issubclass(t, BaseModel)),
            model,
        )
    return sorted(field.alias or name for name, field in model.model_fields.items())


def sections(source: str, name: str) -> dict[str, str]:
    """The level-1 sections of a file, split on its source, so that no value filled in later can open one."""
    parts = HEADING.split(source)
    if len(parts) < 3:
        raise LibraryError(name, "", "has no sections; a section begins with a line such as `# System`")
    return {title: body.strip() for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def front_matter(source: str, name: str) -> tuple[dict[str, Any], str]:
    """The YAML between the two `---` lines at the top of a file, and the rest."""
    if not source.startswith("---\n") or (end := source.find("\n---\n", 4)) < 0:
        raise LibraryError(name, "", "needs YAML front matter between two `---` lines at the top")
    head = parse_yaml(source[4:end], name)
    if not isinstance(head, dict):
        raise LibraryError(name, "", "the front matter must be a mapping of keys to values")
    return head, source[end + 5 :]


def variants(section: str, name: str) -> dict[str, tuple[str, ...]]:
    """The wordings of an Offline section by channel (`any` before the first `## channel` heading)."""
    parts = CHANNEL_HEADING.split(section)
    found = {"any": _items(parts[0])}
    for channel, body in zip(parts[1::2], parts[2::2], strict=True):
        found[channel] = _items(body)
    if not any(found.values()):
        raise LibraryError(name, "Offline", "has no wording; each wording begins with `- `")
    return {channel: items for channel, items in found.items() if items}


def _items(body: str) -> tuple[str, ...]:
    lines = (re.sub(r"^  ", "", item, flags=re.MULTILINE).strip() for item in VARIANT.split(body)[1:])
    return tuple(line for line in lines if line)
