"""What is shipped: the wheel holds everything, and works away from the checkout."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout by way of the source distribution, as an index would get it."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT], check=True, capture_output=True
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the wheel and its dependencies, and does not see the checkout."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False)
    interpreter = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    packages = Path(
        subprocess.check_output(
            [interpreter, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
        ).strip()
    )
    # The dependencies of this environment serve; a .pth file inside it, such as that of the checkout, is not followed.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    return interpreter


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_prompt_and_module(wheel: Path):
    """Every file under prompts/ and src/ of the checkout is in the wheel, and nothing else of the package is."""
    wanted = {
        f"replykit/prompts/{p.relative_to(ROOT / 'prompts').as_posix()}"
        for p in (ROOT / "prompts").rglob("*")
        if p.is_file()
    }
    wanted |= {p.relative_to(ROOT / "src").as_posix() for p in (ROOT / "src").rglob("*") if p.is_file()}
    shipped = {name for name in names(wheel) if name.startswith("replykit/")}
    assert shipped == {name for name in wanted if not re.search(r"__pycache__|/\.|^\.", name)}


def test_the_wheel_says_that_it_is_typed_and_licensed(wheel: Path):
    """Type checkers find py.typed, and the licence travels along."""
    shipped = names(wheel)
    assert "replykit/py.typed" in shipped
    assert any(name.endswith("licenses/LICENSE") for name in shipped)


def test_the_wheel_drafts_away_from_the_checkout(python: Path, tmp_path: Path):
    """The installed package finds its own prompts and drafts the demo."""
    where = "import replykit; print(replykit.__file__)"
    assert str(ROOT / "src") not in subprocess.check_output([python, "-c", where], text=True, cwd=tmp_path)
    done = subprocess.run([python, "-m", "replykit", "demo"], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert "The reply" in done.stdout
