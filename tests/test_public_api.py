"""The names that people rely on: all there, sorted, documented, and no more than were meant."""

from __future__ import annotations

import doctest
import importlib
import inspect
from importlib.metadata import version
from pathlib import Path

import pytest

import replykit
from replykit import errors

SURFACE = {"Classification", "Complaint", "Draft", "Finding", "Plan", "Policy", "ReplyKit", "ReplyKitError", "Report"}
METHODS = sorted(
    name for name, value in vars(replykit.ReplyKit).items() if name[0] != "_" and inspect.isfunction(value)
)
SHOWN = sorted({getattr(replykit, name).__module__ for name in replykit.__all__})


def public_errors() -> set[str]:
    return {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.ReplyKitError)
    }


def test_the_public_names_are_sorted():
    """A reader finds a name where the alphabet puts it."""
    assert list(replykit.__all__) == sorted(replykit.__all__)


def test_the_surface_is_there():
    """The names of the README and of the design are public, and so is every error."""
    assert (SURFACE | public_errors()) - set(replykit.__all__) == set()


def test_dir_shows_the_public_names():
    """Completion in a notebook offers every public name."""
    assert set(replykit.__all__) - set(dir(replykit)) == set()


@pytest.mark.parametrize("name", replykit.__all__)
def test_every_public_name_exists_and_says_what_it_is(name: str):
    """Each public name can be had, and has a docstring of its own with an example."""
    assert "Example:" in (getattr(replykit, name).__doc__ or "")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_the_kit_says_what_it_does(method: str):
    """Each method of the kit says what goes in, what comes out, and shows it."""
    told = inspect.getdoc(getattr(replykit.ReplyKit, method)) or ""
    assert [word for word in ("Args", "Returns", "Example:") if word not in told] == []


@pytest.mark.parametrize("module", SHOWN)
def test_the_examples_of_the_docstrings_hold(module: str):
    """What a docstring shows is what comes out."""
    result = doctest.testmod(importlib.import_module(module), extraglobs={"kit": replykit.ReplyKit()})
    assert (result.failed, result.attempted > 0) == (0, True)


def test_a_name_that_does_not_exist_is_an_attribute_error():
    """A misspelt name fails as it does in any module."""
    with pytest.raises(AttributeError, match="ReplyKitt"):
        _ = replykit.ReplyKitt


def test_the_changelog_knows_the_version():
    """The version that is installed has its entry, or is the one still to come."""
    text = (Path(__file__).parents[1] / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {version('replykit')}" in text or "## Unreleased" in text


def test_the_error_tree_is_drawn_as_it_is():
    """The docstring of errors.py shows every error below its parent."""
    drawn: dict[str, tuple[int, str]] = {}
    stack: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        name = next((word for word in line.split() if word.endswith("Error")), None)
        if name is None or name in drawn:
            continue
        depth = line.index(name)
        while stack and stack[-1][0] >= depth:
            stack.pop()
        drawn[name] = (depth, stack[-1][1] if stack else "Exception")
        stack.append((depth, name))
    tree = {name: getattr(errors, name).__base__.__name__ for name in public_errors()}
    assert {name: parent for name, (_, parent) in drawn.items()} == tree
