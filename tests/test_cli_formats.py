"""Findings for machines: JSON, GitHub annotations, SARIF; and the baseline that passes over known ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from replykit.cli.baseline import Baseline
from replykit.cli.checked import Checked
from replykit.cli.formats import as_github, as_sarif, for_json
from replykit.errors import InputError
from replykit.types import Finding, Report

TEXT = "Dear Ana,\r\nwe can’t help: 100% no.\nBye"
FLAT_NO = Finding(
    rule="flat-refusal",
    category="refusal",
    level="block",
    start=11,
    end=24,
    quote="we can’t help",
    message="a bare no",
    why="It leaves the customer nowhere to go.",
    instead=("What we can do is …",),
    fix="we can look for another way",
)
CURT = Finding(
    rule="curt",
    category="house",
    level="warn",
    start=35,
    end=38,
    quote="Bye",
    message="100% curt:\nno name",
    why="It is cold.",
)
CHECKED = [Checked("answers/a,b.txt", TEXT, Report(findings=(FLAT_NO, CURT)))]


def test_json_says_line_and_column():
    """JSON holds each finding with its offsets, its line and its column."""
    (each,) = for_json(CHECKED)
    assert (each["file"], each["ok"], each["commitments"]) == ("answers/a,b.txt", False, [])
    assert [(f["rule"], f["start"], f["end"], f["line"], f["column"]) for f in each["findings"]] == [
        ("flat-refusal", 11, 24, 2, 1),
        ("curt", 35, 38, 3, 1),
    ]


def test_github_annotations_are_escaped():
    """Commas and colons in properties, percent signs and line ends in messages cannot end an annotation early."""
    error, warning = as_github(CHECKED)
    assert error == (
        "::error file=answers/a%2Cb.txt,line=2,endLine=2,col=1,endColumn=14,title=replykit flat-refusal"
        "::a bare no. It leaves the customer nowhere to go. Instead: What we can do is …"
    )
    assert warning == (
        "::warning file=answers/a%2Cb.txt,line=3,endLine=3,col=1,endColumn=4,title=replykit curt"
        "::100%25 curt:%0Ano name. It is cold."
    )


def test_sarif_holds_place_level_and_fix():
    """A SARIF result says where, how bad, and what to put in its place."""
    log = as_sarif(CHECKED)
    (run,) = log["runs"]
    region = {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 14, "charOffset": 11, "charLength": 13}
    first, second = run["results"]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["curt", "flat-refusal"]
    assert (first["ruleId"], first["level"], second["level"]) == ("flat-refusal", "error", "warning")
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "answers/a,b.txt"},
        "region": region,
    }
    assert first["fixes"][0]["artifactChanges"][0]["replacements"] == [
        {"deletedRegion": region, "insertedContent": {"text": "we can look for another way"}}
    ]
    assert "fixes" not in second


def test_a_sarif_fingerprint_stays_when_the_text_around_moves():
    """A code host recognises a finding that only moved."""
    moved = FLAT_NO.model_copy(update={"start": 20, "end": 33})
    before, after = (
        as_sarif([Checked("a.txt", text, Report(findings=(finding,)))])["runs"][0]["results"][0]["partialFingerprints"]
        for text, finding in ((TEXT, FLAT_NO), ("A new line.\r\n" + TEXT, moved))
    )
    assert before == after


def test_a_baseline_passes_over_what_it_knows(tmp_path: Path):
    """What was recorded is passed over, also after the text has moved; one record excuses one finding."""
    Baseline.of(CHECKED).write(str(tmp_path / "known.json"))
    known = Baseline.read(str(tmp_path / "known.json"))
    moved = FLAT_NO.model_copy(update={"start": 20, "end": 33})
    twice = Checked("answers/a,b.txt", TEXT, Report(findings=(moved, CURT, FLAT_NO)))
    assert known.without_known(CHECKED[0]).report == Report()
    assert known.without_known(twice).report == Report(findings=(FLAT_NO,))
    assert known.without_known(twice._replace(name="another.txt")).report == twice.report


def test_a_baseline_reads_well_in_a_diff(tmp_path: Path):
    """The file is sorted and one value a line, whatever the order of the findings."""
    Baseline.of([Checked("b.txt", TEXT, Report(findings=(FLAT_NO, CURT)))]).write(str(tmp_path / "known.json"))
    assert [row["rule"] for row in json.loads((tmp_path / "known.json").read_text(encoding="utf-8"))] == [
        "curt",
        "flat-refusal",
    ]


def test_a_missing_baseline_says_how_to_write_one(tmp_path: Path):
    """A baseline that is not there yet is refused with the command that writes it."""
    with pytest.raises(
        InputError, match=r"known\.json does not exist; write it first: replykit check … --write-baseline"
    ):
        Baseline.read(str(tmp_path / "known.json"))


@pytest.mark.parametrize("content", ["{", "[1]", '[{"file": "a"}]', "{}x"])
def test_a_broken_baseline_says_how_to_mend_it(content: str, tmp_path: Path):
    """A file that is no baseline is refused with the remedy."""
    path = tmp_path / "known.json"
    path.write_text(content)
    with pytest.raises(InputError, match=r"is not a baseline \(.*\); write it anew with --write-baseline"):
        Baseline.read(str(path))
