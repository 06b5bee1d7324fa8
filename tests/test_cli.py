"""The command line as a whole: help, version, unknown verbs, settings, and messages that say what to do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from replykit.cli.verbs import VERBS

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def complaint(cli: Cli, tmp_path: Path) -> str:
    """A file with a complaint, in the working directory of the command line."""
    (tmp_path / "complaint.txt").write_text(
        "The kettle arrived broken and nobody answers my emails. I want a refund.", encoding="utf-8"
    )
    return "complaint.txt"


def test_help_lists_every_verb(cli: Cli):
    """`--help` names each verb with one sentence, the settings and the exit codes, within 80 columns."""
    code, out, err = cli("--help")
    assert (code, err) == (0, "")
    flowing = " ".join(out.split())
    assert [verb for verb, (_, sentence) in VERBS.items() if f" {verb} {sentence}" not in flowing] == []
    for words in ("OPENAI_API_KEY", "policy.yaml", "Exit codes:"):
        assert words in out
    assert [line for line in out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_examples(cli: Cli, verb: str):
    """Each verb says what it does, explains every flag and shows commands to copy."""
    code, out, err = cli(verb, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: replykit {verb} ")
    assert re.search(rf"^ +Examples:\n.*replykit {verb}", out, re.MULTILINE)
    assert [line for line in out.split("Examples:")[0].splitlines() if len(line) > 80] == []


def test_without_arguments_the_help_is_shown(cli: Cli):
    """A newcomer who types only the name sees what there is."""
    _, out, err = cli()
    assert "Commands:" in out + err


def test_the_version_is_that_of_the_package(cli: Cli):
    """`--version` prints name and version."""
    assert cli("--version") == (0, "replykit 0.1.0\n", "")


@pytest.mark.parametrize(("typed", "hint"), [("drfat", "did you mean draft?"), ("xyzzy", "there are draft, classify")])
def test_an_unknown_verb_is_answered_with_the_nearest(cli: Cli, typed: str, hint: str):
    """A slip of the finger gets a suggestion, anything else the list."""
    code, out, err = cli(typed)
    assert (code, out) == (2, "")
    assert hint in err


def test_python_dash_m_is_the_same(tmp_path: Path):
    """`python -m replykit` is the command line, and its errors leave with code 2 and no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "replykit", "draft", "nowhere.txt"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == (
        "replykit: nowhere.txt cannot be read: No such file or directory; give a file, or - for standard input"
    )


def test_a_closed_pipe_ends_quietly(tmp_path: Path):
    """When the reader goes away, nothing complains."""
    command = f"'{sys.executable}' -m replykit strategies --json | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.stdout, done.stderr) == ("[\n", "")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("replykit dr", {"draft"}), ("replykit rules flat-", {"flat-refusal"}), ("replykit strategies no-", {"no-blame"})],
)
def test_the_shell_completes_verbs_and_ids(typed: str, offered: set[str], tmp_path: Path):
    """Tab completes verbs, rules and strategies."""
    asked = {"_REPLYKIT_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    done = subprocess.run(
        [sys.executable, "-m", "replykit"], capture_output=True, text=True, cwd=tmp_path, env=asked, check=True
    )
    assert set(done.stdout.split()) == offered


def test_the_pre_commit_hook_runs_a_verb_that_exists():
    """The hook that other repositories use calls `replykit check` on text files."""
    (hook,) = yaml.safe_load((Path(__file__).parents[1] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    program, verb = hook["entry"].split()
    assert (program, verb in VERBS, hook["language"]) == ("replykit", True, "python")


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("flags", "environment", "says"),
    [
        ((), {}, "offline, no model is named (--model, REPLYKIT_MODEL)"),
        ((), {"OPENAI_API_KEY": "k"}, "offline, no model is named (--model, REPLYKIT_MODEL)"),
        ((), {"REPLYKIT_MODEL": "m"}, "offline, OPENAI_API_KEY is not set"),
        (("--model", "m"), {}, "offline, OPENAI_API_KEY is not set"),
        (("--model", "m", "--offline"), {"OPENAI_API_KEY": "k"}, "offline, --offline was given"),
    ],
)
def test_without_a_key_it_is_offline_and_says_so(
    cli: Cli,
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    flags: tuple[str, ...],
    environment: dict[str, str],
    says: str,
):
    """Where no model can be asked, standard error says that and why, and the draft comes all the same."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    code, out, err = cli("draft", complaint, *flags)
    assert (code, err.splitlines()[0]) == (0, f"replykit: {says}; policy: built in")
    assert "kettle" in out


def test_policy_by_flag_then_environment_then_folder(
    cli: Cli, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The nearest setting wins: the flag, the environment, policy.yaml where one works, what is built in."""

    def company() -> str | None:
        _, out, _ = cli("draft", complaint, *flags, "--json")
        return next((name for name in ("Flagship", "Environs", "Folderol") if name in out), None)

    for name in ("Flagship", "Environs"):
        (tmp_path / f"{name}.yaml").write_text(f"company: {name}\n")
    flags: tuple[str, ...] = ()
    assert company() is None
    (tmp_path / "policy.yaml").write_text("company: Folderol\n")
    assert company() == "Folderol"
    monkeypatch.setenv("REPLYKIT_POLICY", "Environs.yaml")
    assert company() == "Environs"
    flags = ("--policy", "Flagship.yaml")
    assert company() == "Flagship"


# ---------------------------------------------------------------- messages that say what to do


def test_a_misspelt_policy_key_is_named(cli: Cli, complaint: str, tmp_path: Path):
    """A bad policy: the message has the file, the key and what may stand there."""
    (tmp_path / "policy.yaml").write_text("remedys: []\n")
    code, out, err = cli("draft", complaint)
    assert (code, out) == (2, "")
    assert "policy.yaml: remedys: is not a known key; did you mean remedies? known keys here: agent" in err


def test_a_missing_policy_is_named(cli: Cli, complaint: str):
    """A policy that is not there is refused by name."""
    code, _, err = cli("draft", complaint, "--policy", "nowhere.yaml")
    assert code == 2
    assert "nowhere.yaml" in err


def test_a_bad_rule_file_is_named(cli: Cli, tmp_path: Path):
    """A bad rule: the message has the file, the key and what may stand there."""
    rule = tmp_path / "house" / "rules" / "hm.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text("kind: phrase\ncategory: house\nlevel: fatal\nmessage: Say it plainly.\npatterns: [hm]\n")
    code, _, err = cli("check", "-", "--prompts", "house", stdin="hm")
    assert code == 2
    assert "house/rules/hm.yaml: level: 'fatal' is unknown; use one of block, warn" in err


def test_an_unknown_key_of_a_complaint_is_named(cli: Cli, tmp_path: Path):
    """A key that a complaint does not have is refused with those that it has."""
    (tmp_path / "case.json").write_text(json.dumps({"text": "It broke.", "chanel": "chat"}))
    assert (
        cli("classify", "case.json")[2]
        .splitlines()[-1]
        .startswith("replykit: case.json: chanel: is not a field of a complaint; there are text, subject, channel")
    )


def test_a_file_in_another_encoding_is_named(cli: Cli, tmp_path: Path):
    """A wrong encoding: the message has the byte, its place and the way out."""
    (tmp_path / "old.txt").write_bytes("Der Kühlschrank tropft.".encode("latin-1"))
    code, out, err = cli("draft", "old.txt")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == (
        "replykit: old.txt is not UTF-8 (byte 0xfc at position 5); "
        "save it as UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8"
    )


def test_an_empty_complaint_is_refused(cli: Cli):
    """An empty complaint: the message says how to give one."""
    code, out, err = cli("draft", "-", stdin=" \n")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == (
        "replykit: standard input holds no words; give the complaint as text in a file, or pipe it in: replykit draft -"
    )


def test_a_folder_is_no_file(cli: Cli, tmp_path: Path):
    """A folder in place of a file is refused in words."""
    (tmp_path / "inbox").mkdir()
    code, _, err = cli("draft", "inbox")
    assert code == 2
    assert "inbox cannot be read: Is a directory" in err


def test_a_fact_without_a_value_is_refused(cli: Cli, complaint: str):
    """A fact that is no pair is refused with an example."""
    code, _, err = cli("draft", complaint, "--fact", "in_stock")
    assert (code, err.splitlines()[-1]) == (
        2,
        "replykit: --fact in_stock: write it as key=value, such as in_stock=false",
    )


def test_a_glob_that_matches_nothing_is_refused(cli: Cli):
    """A pattern that names no file is a slip, not a clean result."""
    code, _, err = cli("check", "replies/*.txt")
    assert code == 2
    assert "replies/*.txt matches no file" in err


@pytest.mark.parametrize(
    ("verb", "typed", "kind"), [("strategies", "apologise-onec", "strategy"), ("rules", "flat-refusl", "rule")]
)
def test_an_unknown_id_gets_the_nearest(cli: Cli, verb: str, typed: str, kind: str):
    """A misspelt id is answered with the nearest one."""
    code, _, err = cli(verb, typed)
    assert code == 2
    assert re.search(rf"there is no {kind} '{typed}'; did you mean (apologise-once|flat-refusal)", err)
