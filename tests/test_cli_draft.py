"""The verbs `draft`, `classify`, `prompt`, `init` and `demo`, for people and line by line for machines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from fault_server import FaultServer, fine, refuses, says

from replykit import Classification, Complaint, Draft, Policy, ReplyKit
from replykit.library import Library

Cli = Callable[..., tuple[int, str, str]]
TEXT = "The kettle I bought last week leaks. Order KX-7741. Nobody answers my emails, and I want my money back."


def test_the_draft_is_ready_to_copy_and_the_why_beside_it(cli: Cli):
    """Standard output holds the reply and nothing else; standard error says why it is as it is."""
    code, out, err = cli("draft", "-", stdin=TEXT)
    assert (code, out) == (0, ReplyKit().draft(TEXT).text + "\n")
    for words in ("why this reply", "read as", "article ", "promises", "check", "cost", "status"):
        assert words in err


def test_plain_prints_the_reply_alone(cli: Cli):
    """With --plain the why is left out; that it was offline is still said."""
    _, out, err = cli("draft", "-", "--plain", stdin=TEXT)
    assert (out, len(err.splitlines())) == (ReplyKit().draft(TEXT).text + "\n", 1)


def test_nothing_is_coloured_in_a_pipe(cli: Cli):
    """What goes to a file has no escape in it, whatever the complaint holds."""
    _, out, err = cli("draft", "-", "--explain", stdin=TEXT + "\x1b[31m red \x1b]0;title\x07")
    assert "\x1b" not in err
    assert "\x1b" not in out


def test_json_is_a_draft(cli: Cli):
    """With --json standard output is one draft, from which all of it can be had back."""
    _, out, _ = cli("draft", "-", "--json", stdin=TEXT)
    assert Draft.model_validate_json(out).text == ReplyKit().draft(TEXT).text


def test_fields_of_the_case_come_from_flags_or_json(cli: Cli, tmp_path: Path):
    """A .json file holds the fields of a complaint; flags say the same."""
    (tmp_path / "case.json").write_text(
        json.dumps({"text": TEXT, "channel": "chat", "customer": {"name": "Ms Okafor"}, "facts": {"in_stock": False}})
    )
    from_file = cli("draft", "case.json", "--json")[1]
    from_flags = cli(
        "draft", "-", "--json", "--channel", "chat", "--customer", "Ms Okafor", "--fact", "in_stock=false", stdin=TEXT
    )[1]
    whole = ReplyKit().draft(
        Complaint(text=TEXT, channel="chat", customer={"name": "Ms Okafor"}, facts={"in_stock": False})
    )
    assert Draft.model_validate_json(from_file).text == Draft.model_validate_json(from_flags).text == whole.text


def test_classify_shows_the_words_behind_the_labels(cli: Cli):
    """A person sees cause, issues and requests with the customer's own words."""
    code, out, _ = cli("classify", "-", stdin=TEXT)
    assert code == 0
    for words in ("how it reads", "product", "asks for", "refund", "leaks"):
        assert words in out


def test_classify_explains(cli: Cli):
    """With --explain the complaint itself and the other causes are there."""
    _, out, _ = cli("classify", "-", "--explain", stdin=TEXT)
    assert "Order KX-7741" in out
    assert "cause?" in out


# ---------------------------------------------------------------- line by line

LINES = [
    json.dumps({"id": "a", "text": TEXT, "label": "kept by the caller"}).encode(),
    b"{not json",
    b"",
    b'["a list"]',
    json.dumps({"id": 7, "words": "none"}).encode(),
    b'{"id": "latin", "text": "K\xfchlschrank"}',
    json.dumps({"id": "b", "text": TEXT, "customer": "Ana"}).encode(),
    json.dumps({"id": "c", "text": "Where is my parcel? It is three days late.", "channel": "chat"}).encode(),
]
OUTCOMES = [("a", None), (None, 2), (None, 4), (7, 5), (None, 6), ("b", 7), ("c", None)]


@pytest.mark.parametrize("verb", ["draft", "classify"])
def test_lines_keep_their_order_and_their_ids(cli: Cli, verb: str):
    """One line out for each line in; what cannot be used gets an error row with its line number, and nothing stops."""
    code, out, err = cli(verb, "-", "--jsonl", stdin=b"\n".join(LINES) + b"\n")
    found = [json.loads(line) for line in out.splitlines()]
    assert [(row["id"], row.get("line")) for row in found] == OUTCOMES
    assert [number for number in (2, 4, 5, 6, 7) if f"replykit: line {number}: " not in err] == []
    assert code == 1


def test_error_rows_say_what_is_wrong(cli: Cli):
    """Each error row names the trouble with its line."""
    _, out, _ = cli("classify", "-", "--jsonl", stdin=b"\n".join(LINES))
    errors = [row["error"] for row in map(json.loads, out.splitlines()) if "error" in row]
    beginnings = (
        "the line is not JSON: ",
        "the line holds a JSON list",
        'the line has no "text"',
        "the line is not UTF-8",
        "the line: customer: ",
    )
    assert [
        (error, start) for error, start in zip(errors, beginnings, strict=True) if not error.startswith(start)
    ] == []


def test_lines_without_trouble_leave_with_zero(cli: Cli):
    """Where every line could be used the exit code is 0, and each result is a whole noun beside its id."""
    code, out, _ = cli("classify", "-", "--jsonl", stdin=LINES[0] + b"\n" + LINES[-1])
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, [row.pop("id") for row in rows]) == (0, ["a", "c"])
    read = [Classification.model_validate(row) for row in rows]
    assert read[0] == ReplyKit().classify(TEXT)


@pytest.mark.parametrize("verb", ["draft", "classify"])
def test_an_unknown_channel_is_taken_for_email_and_said(cli: Cli, verb: str):
    """A helpdesk's own channels stop no line; that they were taken for e-mail is said once."""
    lines = "\n".join(
        json.dumps({"id": n, "text": TEXT, "channel": name}) for n, name in enumerate(("fax", "pigeon", "fax"))
    )
    code, out, err = cli(verb, "-", "--jsonl", stdin=lines)
    assert (code, len(out.splitlines())) == (0, 3)
    assert err.splitlines()[-1] == (
        "replykit: unknown channels were taken for email: 'fax', 'pigeon' "
        "(known: email, chat, phone, social, in_person)"
    )


# ---------------------------------------------------------------- prompt, init, demo


def test_prompt_shows_what_a_model_would_be_asked(cli: Cli):
    """The question to the model is shown, the complaint in it, without asking anyone."""
    code, out, _ = cli("prompt", "-", stdin=TEXT)
    assert code == 0
    assert out.startswith("# system\n")
    assert "\n# user\n" in out
    assert "The kettle I bought last week leaks." in out


def test_init_writes_a_policy_that_grants_nothing_yet(cli: Cli, tmp_path: Path):
    """The file is valid as it is, and changes nothing until somebody edits it."""
    code, out, _ = cli("init")
    assert (code, out) == (0, "Wrote policy.yaml. Edit it, then: replykit draft complaint.txt\n")
    assert ReplyKit(policy=tmp_path / "policy.yaml").draft(TEXT).text == ReplyKit().draft(TEXT).text


def test_every_example_in_the_starter_policy_is_valid():
    """With the comment signs taken away, what the file shows is a policy, and it shows every key."""
    lines = Library.load().text("starter_policy.yaml").split("# company:", 1)[1].splitlines()
    prose = (
        "Where the",
        "One gesture",
        "What you",
        '"',
        "  defective",
        "  account",
        "  privacy",
        "(replykit",
        "safety,",
        "----",
    )
    kept = [
        "company:" + lines[0],
        *(line[2:] for line in lines[1:] if line.startswith("# ") and not line[2:].startswith(prose)),
    ]
    assert Policy.model_validate(yaml.safe_load("\n".join(kept))).model_fields_set == set(Policy.model_fields)


def test_init_never_writes_over_a_policy(cli: Cli, tmp_path: Path):
    """A file that is there stays, unless --force says otherwise."""
    (tmp_path / "policy.yaml").write_text("company: Mine\n")
    assert cli("init") == (2, "", "replykit: policy.yaml is already there; --force writes over it\n")
    assert (tmp_path / "policy.yaml").read_text() == "company: Mine\n"
    assert cli("init", "--force")[0] == 0
    assert (tmp_path / "policy.yaml").read_text() != "company: Mine\n"


def test_init_into_a_missing_folder_says_what_to_do(cli: Cli):
    """A place that cannot be written is refused with the remedy."""
    code, _, err = cli("init", "nowhere/policy.yaml")
    assert code == 2
    assert err == (
        "replykit: nowhere/policy.yaml cannot be written: No such file or directory; "
        "give another place: replykit init FILE\n"
    )


def test_the_demo_shows_the_whole_way_and_is_clean(cli: Cli):
    """Complaint, reading, plan with sources, reply and proof; the reply makes only promises that its policy grants."""
    code, out, _ = cli("demo")
    draft = Draft.model_validate_json(cli("demo", "--json")[1])
    assert code == 0
    for words in (
        "1  A complaint",
        "2  It is read",
        "3  A plan",
        "4  The reply",
        "5  The proof",
        "article ",
        "clean: nothing forbidden",
    ):
        assert words in out
    assert (draft.findings, [c.quote for c in draft.commitments if c.clause is None]) == ((), [])


def test_the_demo_asks_no_policy_of_the_folder(cli: Cli, tmp_path: Path):
    """The demo is the same wherever it is started."""
    before = cli("demo")[1]
    (tmp_path / "policy.yaml").write_text("company: Elsewhere\n")
    assert cli("demo")[1] == before


# ---------------------------------------------------------------- with a model


def test_a_model_writes_where_one_is_named(cli: Cli, faults: FaultServer):
    """With a model and an endpoint, it is asked, and the why says what that cost."""
    endpoint = faults.script(fine("We have your message about the kettle and look into it today."))
    code, _, err = cli("draft", "-", "--model", "tiny-1", "--base-url", endpoint.url, stdin=TEXT)
    assert (code, err.splitlines()[0]) == (0, "replykit: model tiny-1; policy: built in")
    assert re.search(r"cost +[1-9] calls?, [\d,]+ tokens", err)
    assert {request["model"] for request in endpoint.requests} == {"tiny-1"}


def test_the_key_of_the_environment_is_used_and_never_shown(
    cli: Cli, faults: FaultServer, monkeypatch: pytest.MonkeyPatch
):
    """OPENAI_API_KEY and OPENAI_BASE_URL are enough beside a model's name, and the key is in no output."""
    endpoint = faults.script(fine())
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
    monkeypatch.setenv("REPLYKIT_MODEL", "tiny-1")
    _, out, err = cli("draft", "-", "--explain", stdin=TEXT)
    assert endpoint.headers[0]["authorization"] == "Bearer sk-very-secret"
    assert "sk-very-secret" not in out + err


def test_a_wrong_key_says_what_to_do(cli: Cli, faults: FaultServer):
    """What only the caller can mend ends the command with the remedy."""
    endpoint = faults.script(refuses(401, "Incorrect API key provided"))
    code, out, err = cli("draft", "-", "--model", "tiny-1", "--base-url", endpoint.url, stdin=TEXT)
    assert (code, out) == (2, "")
    assert "set OPENAI_API_KEY" in err


def test_a_model_that_fails_leaves_the_offline_wording(cli: Cli, faults: FaultServer):
    """An endpoint that answers nonsense costs the model's wording, never the reply."""
    endpoint = faults.script(says("no JSON at all"))
    code, out, err = cli("draft", "-", "--model", "tiny-1", "--base-url", endpoint.url, stdin=TEXT)
    assert (code, out) == (0, ReplyKit().draft(TEXT).text + "\n")
    assert "needs review" in err


def test_lines_go_to_the_model_many_at_a_time(cli: Cli, faults: FaultServer):
    """Line by line with a model, order and ids hold, and each line is asked for."""
    endpoint = faults.script(fine("We have your message and look into it today."))
    lines = "\n".join(json.dumps({"id": n, "text": f"{TEXT} Again, number {n}."}) for n in range(9))
    code, out, _ = cli("draft", "-", "--jsonl", "--model", "tiny-1", "--base-url", endpoint.url, stdin=lines)
    assert (code, [json.loads(line)["id"] for line in out.splitlines()]) == (0, list(range(9)))
    assert len(endpoint.requests) >= 9
