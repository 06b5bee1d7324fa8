"""The verb `check`: passages for people, formats for machines, fixes, baselines, lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Cli = Callable[..., tuple[int, str, str]]
BAD = "Dear Ana,\n\nUnfortunately we can't do that.\n"
GOOD = "Dear Ana,\n\nI am sorry that the lamp arrived cracked. A new one leaves our workshop today.\n"


@pytest.fixture
def files(cli: Cli, tmp_path: Path) -> Path:
    """A folder with a reply that blocks and one that is clean."""
    (tmp_path / "replies" / "more").mkdir(parents=True)
    (tmp_path / "replies" / "bad.txt").write_text(BAD)
    (tmp_path / "replies" / "more" / "good.txt").write_text(GOOD)
    return tmp_path


def rules_in(out: str) -> list[tuple[str, str]]:
    return [(each["file"], finding["rule"]) for each in json.loads(out) for finding in each["findings"]]


def test_a_blocking_passage_is_underlined_and_leaves_with_one(cli: Cli, files: Path):
    """A person sees place, passage, why and rewrite; the exit code says that something blocks."""
    code, out, _ = cli("check", "replies/bad.txt")
    assert code == 1
    assert "replies/bad.txt:3:" in out
    assert " block flat-refusal refusal\n" in out
    assert "    3 │ Unfortunately we can't do that." in out
    for words in ("^^^^", "  why", "  instead"):
        assert words in out


def test_a_clean_reply_leaves_with_zero(cli: Cli, files: Path):
    """Nothing found, nothing underlined."""
    assert cli("check", "replies/more/good.txt") == (0, "Clean: 1 text checked.\n", "")


def test_globs_reach_into_folders(cli: Cli, files: Path):
    """A quoted glob names the same files on every shell."""
    _, out, _ = cli("check", "replies/**/*.txt", "--json")
    assert [each["file"] for each in json.loads(out)] == ["replies/bad.txt", "replies/more/good.txt"]


def test_offsets_in_json_index_the_file(cli: Cli, tmp_path: Path):
    """In JSON, start and end cut exactly the quote out of what the file holds, Windows line ends and all."""
    text = "Hello,\r\n\r\nwe can’t do that.\r\n"
    (tmp_path / "dos.txt").write_bytes(text.encode())
    ((finding, *_),) = (each["findings"] for each in json.loads(cli("check", "dos.txt", "--format", "json")[1]))
    assert text[finding["start"] : finding["end"]] == finding["quote"]
    assert finding["line"] == 3


def test_github_and_sarif_name_the_file(cli: Cli, files: Path):
    """Both formats point at the file and the line."""
    assert "::error file=replies/bad.txt,line=3," in cli("check", "replies/bad.txt", "--format", "github")[1]
    log = json.loads(cli("check", "replies/bad.txt", "--format", "sarif")[1])
    assert "flat-refusal" in {result["ruleId"] for result in log["runs"][0]["results"]}


def test_offers_are_judged_only_when_named(cli: Cli):
    """A promise is nobody's business until offers are named; then what is not among them blocks."""
    text = "I am sorry about the lamp. We will refund you in full."
    assert cli("check", "-", stdin=text)[0] == 0
    assert cli("check", "-", "--offer", "a full refund", stdin=text)[0] == 0
    assert cli("check", "-", "--offer", "a replacement", stdin=text)[0] == 1
    assert cli("check", "-", "--no-promises", stdin=text)[0] == 1


def test_a_deadline_is_held_against_those_that_are_named(cli: Cli):
    """A time that nobody granted blocks."""
    text = "I am sorry about the lamp. A new one will be with you within 3 days."
    assert cli("check", "-", "--deadline", "within 3 days", stdin=text)[0] == 0
    assert cli("check", "-", "--deadline", "within 10 days", stdin=text)[0] == 1


def test_a_whole_reply_must_have_what_a_reply_needs(cli: Cli):
    """With --scope reply, what is missing counts too."""
    assert cli("check", "-", "--scope", "reply", stdin="Hello Ana, your order is on file.")[0] == 1


def test_the_complaint_is_read_from_its_file(cli: Cli, files: Path):
    """With --complaint, the customer's message is read, and refused like any other file when it is not there."""
    (files / "complaint.txt").write_text("My lamp came cracked.")
    assert cli("check", "replies/more/good.txt", "--complaint", "complaint.txt")[0] == 0
    assert cli("check", "replies/more/good.txt", "--complaint", "nowhere.txt")[0] == 2


def test_a_baseline_lets_old_findings_be(cli: Cli, files: Path):
    """What was recorded no longer blocks; what is new does."""
    assert cli("check", "replies/*.txt", "--write-baseline", "known.json")[0] == 0
    assert cli("check", "replies/*.txt", "--baseline", "known.json")[0] == 0
    (files / "replies" / "bad.txt").write_text(BAD + "There is nothing we can do for you.\n")
    code, out, _ = cli("check", "replies/*.txt", "--baseline", "known.json", "--json")
    assert code == 1
    assert ("replies/bad.txt", "flat-refusal") not in rules_in(out)


def test_rules_can_be_switched_off_by_policy(cli: Cli, files: Path):
    """A rule that the policy switches off is silent."""
    (files / "policy.yaml").write_text("rules_off: [flat-refusal]\n")
    assert "flat-refusal" not in cli("check", "replies/bad.txt")[1]


def test_fix_mends_in_place_and_keeps_the_rest(cli: Cli, files: Path):
    """A licensed rewrite is written into the file; nothing else of it changes, and a second run changes nothing."""
    (files / "house" / "rules").mkdir(parents=True)
    (files / "house" / "rules" / "item.yaml").write_text(
        "{kind: phrase, category: house, level: warn, message: Say lamp., patterns: [item], fix: lamp}"
    )
    path = files / "fixable.txt"
    path.write_bytes(b"Hello Ana,\r\n\r\nYour item and its item bag leave today.\r\n")
    assert cli("check", "fixable.txt", "--prompts", "house")[1].endswith("2 can be mended with --fix.\n")
    assert cli("check", "fixable.txt", "--prompts", "house", "--fix") == (0, "Clean: 1 text checked.\n", "")
    assert path.read_bytes().decode() == "Hello Ana,\r\n\r\nYour lamp and its lamp bag leave today.\r\n"


def test_fix_of_standard_input_goes_to_standard_output(cli: Cli):
    """From a pipe, the mended text is all that standard output holds."""
    _, out, err = cli("check", "-", "--fix", stdin=GOOD)
    assert (out, err) == (GOOD, "Clean: 1 text checked.\n")


def test_lines_carry_their_id_and_their_findings(cli: Cli):
    """One line out for each line in, with `ok`; a line may name its own offers, scope and customer message."""
    promise = "I am sorry about the lamp. We will refund you in full."
    lines = [
        {"id": 1, "text": BAD},
        {"id": 2, "text": GOOD},
        {"id": 3, "text": promise, "offers": []},
        {"id": 4, "text": promise, "offers": ["a full refund"]},
        {"id": 5, "text": promise, "offers": "a refund"},
        {"id": 6, "text": promise, "scope": "all"},
        {"id": 7, "text": GOOD, "customer_message": "My lamp came cracked.", "scope": "fragment"},
    ]
    code, out, err = cli("check", "-", "--jsonl", stdin="\n".join(map(json.dumps, lines)))
    rows = [json.loads(line) for line in out.splitlines()]
    assert [(row["id"], row.get("ok")) for row in rows] == [
        (1, False),
        (2, True),
        (3, False),
        (4, True),
        (5, None),
        (6, None),
        (7, True),
    ]
    assert [row["error"] for row in rows if "error" in row] == [
        'offers: must be a list of texts, such as ["a full refund"]',
        'scope: must be "fragment" or "reply", not \'all\'',
    ]
    assert (code, len(err.splitlines())) == (1, 2)


def test_a_rule_explains_itself(cli: Cli):
    """`rules ID` says why, what to write instead, and shows what it flags and lets pass."""
    code, out, _ = cli("rules", "flat-refusal")
    assert code == 0
    for title in ("Why", "Write instead", "Flags", "Lets pass", "Source", "File", "Switch off"):
        assert f"\n{title}\n" in out


def test_rules_are_listed_by_category(cli: Cli):
    """`rules` lists every rule, `--json` with all that a page has."""
    listed = cli("rules")[1]
    known = json.loads(cli("rules", "--json")[1])
    assert [rule["id"] for rule in known if f"  {rule['id']} " not in listed] == []
    assert json.loads(cli("rules", "flat-refusal", "--json")[1]) in known


def test_a_strategy_explains_itself(cli: Cli):
    """`strategies ID` says why, when, what a model is told, what is written without one, and the source."""
    code, out, _ = cli("strategies", "apologise-once")
    assert code == 0
    for title in ("Why", "When", "What a model is told", "Written without a model", "Sources", "File"):
        assert f"\n{title}\n" in out


def test_strategies_are_listed_in_their_order(cli: Cli):
    """`strategies` lists them as they may come in a reply."""
    listed = [line.split()[0] for line in cli("strategies")[1].splitlines() if not line.startswith(" ")]
    assert listed == [strategy["id"] for strategy in json.loads(cli("strategies", "--json")[1])]
