"""The frame around everything that is shown as HTML, and the one place where templates are opened."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from replykit.display.safe import printable
from replykit.display.words import spoken

TEMPLATES = Path(__file__).parent / "templates"
"""Layout is code, not wording: it ships beside this room, and no support lead has to find it under `prompts/`."""

LEVEL_WORDS = {"block": "must go", "warn": "consider"}


def clean(text: object) -> str:
    """Text that a page can hold: no control characters, no turned reading direction, no half of a surrogate pair."""
    return printable(str(text)).encode("utf-8", "replace").decode("utf-8")


def finished(value: Any) -> Any:
    """What a template prints; Markup is trusted, everything else is cleaned here and escaped by Jinja."""
    return value if isinstance(value, Markup) else clean(value)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finished,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"spoken": spoken, "percent": lambda share: f"{share:.0%}"}
    environment.globals |= {"level_words": LEVEL_WORDS}
    return environment


def render(template: str, **values: Any) -> Markup:
    """A template of this room with its values filled in and escaped.

    Args:
        template: The name without its ending, such as `draft`.
        values: What the template uses; a missing one is an error.
    """
    return Markup(_environment().get_template(f"{template}.html.j2").render(**values).strip())  # noqa: S704  # escaped above


def fragment(*parts: str, wide: bool = False) -> str:
    """Parts as one output of a notebook, with its style inside it.

    Args:
        parts: Markup from `render`; plain text is escaped.
        wide: Whether it may use the whole width, as comparisons do.
    """
    return str(render("fragment", style=_style(), parts=parts, wide=wide))


def page(title: str, *parts: str, lede: str = "", contents: Iterable[tuple[str, str]] = ()) -> str:
    """Parts as a whole document that can be mailed, opened from a disk and printed.

    Args:
        title: The heading and the title of the window.
        parts: Markup from `render`; plain text is escaped.
        lede: One sentence below the heading.
        contents: Pairs of an id in the page and the words that lead there.
    """
    return str(render("page", style=_style(), title=title, lede=lede, contents=list(contents), parts=parts)) + "\n"


def section(title: str, *parts: str, note: str = "", anchor: str = "") -> Markup:
    """A titled section of a page.

    Args:
        title: Its heading.
        parts: Markup from `render`; plain text is escaped.
        note: One sentence below the heading.
        anchor: The id by which `contents` leads here.
    """
    return render("section", title=title, parts=parts, note=note, anchor=anchor)


@cache
def _style() -> Markup:
    return Markup((TEMPLATES / "style.css").read_text(encoding="utf-8"))  # noqa: S704  # shipped with this room
