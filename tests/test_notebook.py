"""The notebook runs from top to bottom, and what it shows can be seen in a browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from replykit import Complaint, ReplyKit, compare
from replykit.display.html.comparison import comparison_part
from replykit.display.html.frame import page, section
from replykit.display.html.reading import classification_part, complaint_part
from replykit.display.html.reply import draft_part
from replykit.evaluate import evaluate, evaluation_page
from replykit.evaluate.cases import case_of

nbformat = pytest.importorskip("nbformat", reason="needs nbclient: pip install 'replykit[test]'")
nbclient = pytest.importorskip("nbclient", reason="needs nbclient: pip install 'replykit[test]'")
pytest.importorskip("ipykernel", reason="needs the extra: pip install 'replykit[notebook]'")

EXAMPLES = Path(__file__).parents[1] / "examples"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="needs a browser: apt-get install chromium")
# Says in the document's own words what the browser made of it: every mark with its size and ground, and how far the
# page reaches to the right.
LOOK = """<script>
addEventListener("load", () => {
  const seen = [...document.querySelectorAll("mark.rk-m")].map(mark => {
    const box = mark.getBoundingClientRect(), style = getComputedStyle(mark);
    return {text: mark.textContent, width: box.width, height: box.height, ground: style.backgroundColor,
            line: style.boxShadow + style.textDecorationLine};
  });
  const wide = [...document.querySelectorAll("body *")].filter(node => {
    const scrolls = node.closest(".rk-scroll, .rk-side, svg, pre, style, script");
    return !scrolls && node.getBoundingClientRect().right > innerWidth + 1;
  }).map(node => node.className || node.tagName);
  parent.postMessage(JSON.stringify({marks: seen, wide, width: innerWidth}), "*");
});
</script>"""


@pytest.fixture(scope="module")
def notebook() -> Any:
    """The example notebook with its outputs, run in the folder that it lies in."""
    found = nbformat.read(EXAMPLES / "notebook.ipynb", as_version=4)
    client = nbclient.NotebookClient(found, timeout=120, resources={"metadata": {"path": str(EXAMPLES)}})
    return client.execute()


def html_of(notebook: Any) -> list[str]:
    """Every output that is HTML."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]


def looked_at(html: str, folder: Path, width: int) -> dict[str, Any]:
    """What a browser of that width makes of a page."""
    path = folder / f"page-{width}.html"
    # A headless browser has no window narrower than 500 pixels; a frame has any width.
    inner = folder / f"inner-{width}.html"
    inner.write_text(html.replace("</body>", f"{LOOK}</body>"), encoding="utf-8")
    path.write_text(FRAME.format(width=width, source=inner.name), encoding="utf-8")
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu"]
    command += [f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=8000", "--window-size=1400,900"]
    done = subprocess.run(
        [*command, "--dump-dom", path.as_uri()], capture_output=True, text=True, timeout=120, check=False
    )
    found = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(unescape(found[1]))
    return report


FRAME = """<!DOCTYPE html><meta charset="utf-8"><body><pre id="seen"></pre><script>
addEventListener("message", event => {{ document.getElementById("seen").textContent = event.data; }});
</script><iframe src="{source}" width="{width}" height="900" style="border:0"></iframe></body>"""


# ---------------------------------------------------------------- the notebook


def test_the_notebook_runs_and_shows_every_noun(notebook: Any):
    """Every cell runs without an error or a warning, and what comes out shows itself as HTML."""
    streams = [
        o.text for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs if o.output_type == "stream"
    ]
    assert streams == []
    shown = "".join(html_of(notebook))
    titles = (
        "Complaint by email",
        "Draft: reply",
        "How it reads",
        "Check",
        "Comparison",
        "no-nicknames",
        "Evaluation of as it is",
    )
    assert [title for title in titles if title not in shown] == []


def test_the_notebook_shows_how_far_many_drafts_are(notebook: Any):
    """draft_many leaves a bar that says how many there were and how they came out."""
    bars = [html for html in html_of(notebook) if "Progress; drafts 40 of 40" in html]
    assert len(bars) == 1
    assert "10 failed" in bars[0]


def test_the_notebook_is_kept_without_outputs():
    """The file in the repository holds no output that could go stale, and a kernel that everybody has."""
    kept = nbformat.read(EXAMPLES / "notebook.ipynb", as_version=4)
    assert [cell.outputs for cell in kept.cells if cell.cell_type == "code" and cell.outputs] == []
    assert kept.metadata.kernelspec.name == "python3"


@needs_browser
@pytest.mark.parametrize("width", [1280, 390])
def test_highlighted_passages_are_seen_in_the_notebook(notebook: Any, tmp_path: Path, width: int):
    """In a browser, the notebook's page shows the telling words of the complaint on a ground or a line of their own."""
    nbconvert = pytest.importorskip("nbconvert", reason="needs nbconvert: pip install 'replykit[test]'")
    exporter = nbconvert.HTMLExporter(mathjax_url="", require_js_url="", jquery_url="", mermaid_js_url="")
    html, _ = exporter.from_notebook_node(notebook)
    seen = looked_at(html, tmp_path, width)
    words = " ".join(mark["text"] for mark in seen["marks"])
    assert "stopped working after a month" in words
    assert [mark for mark in seen["marks"] if not (mark["width"] and mark["height"])] == []
    plain = ("rgba(0, 0, 0, 0)", "nonenone")
    assert [mark for mark in seen["marks"] if mark["ground"] == plain[0] and mark["line"] == plain[1]] == []


# ---------------------------------------------------------------- pages


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """A page of nouns with everything on it, and an evaluation of two settings."""
    kit = ReplyKit()
    complaint = "The tent arrived torn, nobody answers my emails, and I was told that it had been checked. Refund me!"
    draft = kit.draft(complaint)
    both = compare(complaint, {"one": kit, "the other": kit})
    nouns = page(
        "Nouns",
        section("Complaint", complaint_part(long_subject(complaint), draft.classification)),
        section("Reading", classification_part(draft.classification)),
        section("Draft", draft_part(draft)),
        comparison_part(both.complaint, both.drafts),
    )
    cases = [
        case_of({"id": "a-rather-long-identifier-1", "text": complaint, "cause": "miscommunication", "tone": "angry"}),
        case_of({"id": "2", "text": "Please calm down.", "violations": [{"category": "robotic", "quote": "Please"}]}),
    ]
    first, second = evaluate(kit, cases), evaluate(kit.with_policy({"rules_off": ["calm-down"]}), cases, name="second")
    return {"nouns": nouns, "evaluation": evaluation_page(first, second)}


def long_subject(text: str) -> Complaint:
    """A complaint whose subject needs a second line."""
    return Complaint(text=text, subject="A subject that is long enough to need a second line on a telephone")


@needs_browser
@pytest.mark.parametrize("name", ["nouns", "evaluation"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_cut_off(pages: dict[str, str], tmp_path: Path, name: str, width: int):
    """On a wide screen and on a telephone, nothing reaches beyond the right edge of the page."""
    seen = looked_at(pages[name], tmp_path, width)
    assert (seen["width"], seen["wide"]) == (width, [])
