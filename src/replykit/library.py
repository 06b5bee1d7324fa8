"""`prompts/` plus an adopter's folder, read and checked: the one room that touches wording on disk or Jinja."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, meta
from jinja2.sandbox import SandboxedEnvironment
from pydantic import ValidationError

from replykit.english import FILTERS
from replykit.errors import LibraryError
from replykit.formats import explain, front_matter, parse_yaml, read_text, sections, variants
from replykit.rules import RuleSet
from replykit.types import Policy, Strategy


def shipped_prompts() -> Path:
    """Where `prompts/` is: inside an installed package, or at the top of a checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "prompts", here.parents[1] / "prompts"):
        if folder.is_dir():
            return folder
    raise LibraryError("prompts/", "", "the folder is missing from this installation; reinstall replykit")


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
            raise LibraryError(
                label, "needs", f"the text uses {', '.join(missing)}; list it under needs, or mend the name"
            )
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
