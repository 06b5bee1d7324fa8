"""The house rules about shape: sizes of rooms and functions, imports at the top, names, a sentence for every test."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "replykit"
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef

# Heavy packages that a room may import where it first needs them, so that nobody pays who does not use them, and the
# one standard module that takes longer to import than the help takes to print.
LATE = {
    *("mcp", "numpy", "openai", "opentelemetry", "pyarrow", "ray", "scipy", "sklearn", "tqdm"),
    "importlib.metadata",
}
# The rooms that open another when it is asked for: a public name, a verb of the command line, a noun's picture.
LOADS_ON_USE = {"__init__.py", "cli/verbs.py", "types/labels.py"}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE if path.is_relative_to(PACKAGE) else ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions_of(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def late_imports(path: Path) -> Iterator[str]:
    for function in functions_of(path):
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield "." * node.level + (node.module or "")
            elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in (
                "import_module",
                "__import__",
            ):
                yield node.args[0].value if isinstance(node.args[0], ast.Constant) else ast.unparse(node.args[0])


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_fits_its_budget(path: Path):
    """No module is longer than 300 lines, what its functions tell their callers left out."""
    told = sum(len((ast.get_docstring(f, clean=False) or "").splitlines()) for f in functions_of(path))
    assert len(path.read_text(encoding="utf-8").splitlines()) - told <= 300


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_room_it_is(path: Path):
    """Every module opens with a docstring."""
    assert ast.get_docstring(tree_of(path)), f"{name_of(path)} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_function_is_longer_than_a_screen(path: Path):
    """No function is longer than 50 lines, its docstring included."""
    assert {f.name: length(f) for f in functions_of(path) if length(f) > 50} == {}


def test_functions_are_short():
    """The median function has at most 10 lines, and nine in ten have at most 25."""
    lengths = sorted(length(f) for path in MODULES for f in functions_of(path))
    measured = {"median": statistics.median(lengths), "nine in ten": lengths[int(len(lengths) * 0.9)]}
    assert measured["median"] <= 10, measured
    assert measured["nine in ten"] <= 25, measured


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_global(path: Path):
    """No function rebinds a name of its module."""
    assert [node.lineno for node in ast.walk(tree_of(path)) if isinstance(node, ast.Global)] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_stand_at_the_top(path: Path):
    """Only the declared heavy packages are imported inside a function, as late imports hide cycles."""
    undeclared = [name for name in late_imports(path) if ".".join(name.split(".")[:1]) not in LATE and name not in LATE]
    assert undeclared == [] or name_of(path) in LOADS_ON_USE


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_rooms_are_named_after_what_they_hold(path: Path):
    """No room is called after nothing in particular."""
    assert path.stem not in {"utils", "util", "helpers", "manager", "data", "common", "misc"}


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_every_test_states_its_behaviour(path: Path):
    """Every test has a docstring that says what holds."""
    silent = [f.name for f in functions_of(path) if f.name.startswith("test_") and not ast.get_docstring(f)]
    assert silent == []
