"""`prompts/` plus an adopter's folder, read and checked: the one room that touches wording on disk or Jinja."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, meta
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel, ValidationError

from replykit.english import FILTERS
from replykit.errors import LibraryError
from replykit.rules import RuleSet
from replykit.types import Policy, Strategy

YAML_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader is about ten times faster and reads the same language; some platforms lack it."""

HEADING = re.compile(r"^# +(?P<name>[A-Z]\w*) *$", re.MULTILINE)
CHANNEL_HEADING = re.compile(r"^## +(?P<name>\w+) *$", re.MULTILINE)
VARIANT = re.compile(r"^-(?: |$)", re.MULTILINE)


def shipped_prompts() -> Path:
    """Where `prompts/` is: inside an installed package, or at the top of a checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "prompts", here.parents[1] / "prompts"):
        if folder.is_dir():
            return folder
    raise LibraryError("prompts/", "", "the folder is missing from this installation; reinstall replykit")


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
        return yaml.load(text, Loader=YAML_LOADER)
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
        problem = f"is not a known key; {f'did you mean {near[0]}? ' if near else ''}known keys here: {', '.join(known)}"
    elif first["type"] == "missing":
        problem = "is missing; add it"
    return kind(name, key, problem)


def _siblings(error: ValidationError, loc: tuple[int | str, ...]) -> list[str]:
    model: Any = {"Policy": Policy, "Strategy": Strategy}.get(error.title, Policy)
    for part in loc[:-1]:
        field = model.model_fields.get(part) if isinstance(part, str) and hasattr(model, "model_fields") else None
        inner = getattr(field, "annotation", None)
        model = next((t for t in (inner, *getattr(inner, "__args__", ())) if isinstance(t, type) and issubclass(t, BaseModel)), model)
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


class Library:
    """Everything that words anything: strategies, rules, templates, wording tables, the embedded policy.

    Args:
        folders: Where to look, the first hit wins: an adopter's folder before the shipped one.
    """

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = folders
        self._environment = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self._environment.filters |= FILTERS
        self._templates: dict[str, Template] = {}
        self._parsed: dict[str, Any] = {}
        self._labels: dict[str, str] = {}

    @classmethod
    def load(cls, overrides: str | Path | None = None) -> Library:
        """The shipped library with an adopter's folder over it: same path replaces the file, a new path adds one.

        Raises:
            LibraryError: The folder is missing, or one of its files is broken.
        """
        if overrides is None:
            return cls((shipped_prompts(),))
        folder = Path(overrides)
        if not folder.is_dir():
            raise LibraryError(str(overrides), "", "is not a folder; give a folder shaped like prompts/")
        library = cls((folder, shipped_prompts()))
        library.verify()
        return library

    # ------------------------------------------------------------ files

    def path(self, name: str) -> Path:
        """The file behind a name such as `strategies/no-blame.md.j2`; the adopter's own wins."""
        for folder in self._folders:
            if (folder / name).is_file():
                return folder / name
        raise LibraryError(name, "", "there is no such file in the library")

    def label(self, name: str) -> str:
        """The name to show a person: the path of their own file, or `prompts/…` for a shipped one."""
        if name not in self._labels:  # asked for with every wording that is filled in
            path = self.path(name)
            self._labels[name] = f"prompts/{name}" if path.is_relative_to(self._folders[-1]) else str(path)
        return self._labels[name]

    def files(self, folder: str, suffix: str) -> list[str]:
        """The names in a folder that end in `suffix`, sorted, shipped and own together."""
        found = {
            p.relative_to(root).as_posix()
            for root in self._folders
            if (root / folder).is_dir()
            for p in (root / folder).rglob(f"*{suffix}")
            if p.is_file()
        }
        return sorted(found)

    def text(self, name: str) -> str:
        """The source of a library file."""
        return read_text(self.path(name), self.label(name))

    def data(self, name: str) -> Any:
        """The parsed content of a `.yaml` or `.json` file."""
        if name not in self._parsed:
            text, label = self.text(name), self.label(name)
            self._parsed[name] = json.loads(text) if name.endswith(".json") else parse_yaml(text, label)
        return self._parsed[name]

    # ------------------------------------------------------------ what the files hold

    @cached_property
    def policy(self) -> Policy:
        """The embedded default policy."""
        return policy_from(self.data("policy.yaml"), self.label("policy.yaml"))

    @cached_property
    def strategies(self) -> dict[str, Strategy]:
        """Every strategy by id, in the order in which they may appear in a reply."""
        found = [self._strategy(name) for name in self.files("strategies", ".md.j2")]
        return {s.id: s for s in sorted(found, key=lambda s: (s.order, s.id))}

    @cached_property
    def rules(self) -> RuleSet:
        """Every rule, compiled."""
        return self.rules_without(())

    def rules_without(self, off: tuple[str, ...]) -> RuleSet:
        """The rules with those of a policy's `rules_off` left out."""
        return RuleSet.build({self.label(name): self.data(name) for name in self.files("rules", ".yaml")}, off=off)

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits over every file that counts, so that a stored draft can be explained later."""
        digest = hashlib.blake2b(digest_size=6)
        for name in self.files("", ""):
            digest.update(name.encode() + b"\0" + self.path(name).read_bytes())
        return digest.hexdigest()

    def _strategy(self, name: str) -> Strategy:
        label = self.label(name)
        head, body = front_matter(self.text(name), label)
        parts = sections(body, label)
        for needed in ("Instruction", "Offline", "Why"):
            if needed not in parts:
                raise LibraryError(label, needed, f"the section `# {needed}` is missing; add it")
        identity = name.rsplit("/", 1)[-1].removesuffix(".md.j2")
        record = head | {
            "id": identity,
            "instruction": parts["Instruction"],
            "offline": variants(parts["Offline"], label),
            "why": " ".join(parts["Why"].split()),
        }
        try:
            return Strategy.model_validate(record)
        except ValidationError as error:
            raise explain(error, label) from None

    def _check_needs(self, strategy: Strategy, label: str) -> None:
        """Declared inputs equal used inputs, so that an editor sees a misspelt value at once."""
        used: set[str] = set()
        for text in (strategy.instruction, *(v for group in strategy.offline.values() for v in group)):
            used |= meta.find_undeclared_variables(self._parse(text, label))
        used.discard("s")  # the situation is always there
        if missing := sorted(used - set(strategy.needs)):
            raise LibraryError(label, "needs", f"the text uses {', '.join(missing)}; list it under needs, or mend the name")
        if unused := sorted(set(strategy.needs) - used):
            raise LibraryError(label, "needs", f"lists {', '.join(unused)}, which the text does not use; remove it")

    def _parse(self, source: str, label: str) -> Any:
        try:
            return self._environment.parse(source)
        except TemplateSyntaxError as error:
            raise LibraryError(label, f"line {error.lineno} of a wording", f"{error.message}") from None

    # ------------------------------------------------------------ rendering

    def fill(self, source: str, label: str, values: Mapping[str, Any]) -> str:
        """A wording with its values filled in. Values are never looked at as template source.

        Raises:
            LibraryError: The wording names a value that does not exist, or its syntax is broken.
        """
        if "{" not in source:
            return source
        template = self._templates.get(source)
        if template is None:
            self._parse(source, label)
            template = self._templates[source] = self._environment.from_string(source)
        try:
            return template.render(values)
        except UndefinedError as error:
            raise LibraryError(label, "", f"{error.message}; check the spelling of the value") from None

    def render(self, name: str, section: str, **values: Any) -> str:
        """One section of a template file with its values filled in."""
        label = self.label(name)
        parts = self._parsed.get(f"#{name}")
        if parts is None:
            parts = self._parsed[f"#{name}"] = sections(self.text(name), label)
        if section not in parts:
            raise LibraryError(label, section, f"the section `# {section}` is missing; add it")
        return self.fill(parts[section], label, values).strip()

    def verify(self) -> None:
        """Read every file that an adopter may have changed, so that a broken one is refused at the start."""
        for check in self._checks():
            check()

    def _checks(self) -> Iterator[Callable[[], object]]:
        yield lambda: self.policy
        yield lambda: self.strategies
        yield lambda: self.rules
        for strategy in self.strategies.values():
            yield lambda s=strategy: self._check_needs(s, self.label(f"strategies/{s.id}.md.j2"))  # type: ignore[misc]
        for name in self.files("", ".yaml"):
            yield lambda name=name: self.data(name)  # type: ignore[misc]
        for name in self.files("", ".md.j2"):
            yield lambda name=name: self._parse(self.text(name), self.label(name))  # type: ignore[misc]


def policy_from(raw: Any, label: str) -> Policy:
    """A checked policy from parsed YAML.

    Raises:
        LibraryError: A key is unknown or a value is of the wrong form; the message names file, key and remedy.
    """
    if raw is None:
        return Policy()
    if not isinstance(raw, dict):
        raise LibraryError(label, "", "must be a mapping of keys to values, such as `company: Fern & Oak`")
    try:
        return Policy.model_validate(raw)
    except ValidationError as error:
        raise explain(error, label) from None
