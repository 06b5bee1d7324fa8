"""The drafting service and the helpdesk webhook, over real HTTP, with a model that fails one time in five."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from endpoints import faults  # noqa: F401  # a fixture
from fault_server import FaultServer, fine, refuses, serving
from services import FORBIDDEN, Service, get, load, post, service, shaky

from replykit import Complaint, Draft, ReplyKit

pytest.importorskip("fastapi", reason="needs the extra: pip install 'replykit[service]'")
pytest.importorskip("uvicorn", reason="needs the extra: pip install 'replykit[service]'")

TOTAL, CONCURRENCY = 500, 50
SECRET = "not a real secret"


def complaint(number: int) -> dict[str, Any]:
    return {
        "text": f"The lamp of order LA-{number:04} arrived broken, and nobody answered my two emails.",
        "customer": {"name": f"Customer{number:04}"},
    }


def environment(url: str) -> dict[str, str]:
    return {"REPLYKIT_MODEL": "tiny-1", "OPENAI_BASE_URL": url, "OPENAI_API_KEY": "none"}


@pytest.fixture(scope="module")
def offline() -> Iterator[Service]:
    """The drafting service without a model."""
    with service("service") as running:
        yield running


# ---------------------------------------------------------------- the drafting service


def test_a_complaint_goes_in_and_a_draft_comes_out(offline: Service):
    """POST /draft gives the draft that the library gives, without what was asked of a model."""
    answer = post(f"{offline.url}/draft", complaint(1))
    assert answer.status == 200
    draft = Draft.model_validate({**answer.body, "attempts": []})
    assert draft.text == ReplyKit().draft(complaint_of(1)).text
    assert "attempts" not in answer.body


def complaint_of(number: int) -> Complaint:
    return Complaint.model_validate(complaint(number))


def test_moves_are_streamed_one_by_one(offline: Service):
    """POST /draft/stream sends every move as an event of its own, and says when it is done."""
    answer = post(f"{offline.url}/draft/stream", complaint(2))
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in answer.body.strip().split("\n\n")]
    moves = [json.loads(block["data"]) for block in blocks if block["event"] == "move"]
    assert [move["strategy"] for move in moves] == [move.strategy for move in ReplyKit().stream(complaint_of(2))]
    assert [block["event"] for block in blocks[-1:]] == ["done"]


@pytest.mark.parametrize(
    ("body", "status", "code", "words"),
    [
        ({"text": "  "}, 400, "unusable", "the complaint is empty"),
        ({"text": "x", "chanel": "chat"}, 422, "invalid", "chanel"),
        ({}, 422, "invalid", "text"),
        (b"not json", 422, "invalid", ""),
        ({"text": "x" * 70_000}, 413, "too_large", "at most 65536 bytes"),
    ],
)
@pytest.mark.parametrize("path", ["/draft", "/draft/stream"])
def test_what_cannot_be_used_is_refused_in_one_form(
    offline: Service, path: str, body: Any, status: int, code: str, words: str
):
    """Every error has a code, a message and the id under which the log knows it."""
    answer = post(f"{offline.url}{path}", body, {"x-request-id": "mine-1"})
    assert (answer.status, answer.body["code"], words in answer.body["message"]) == (status, code, True)
    assert (answer.body["request_id"], answer.headers["x-request-id"]) == ("mine-1", "mine-1")


def test_the_service_says_how_it_is_and_describes_itself(offline: Service):
    """Health names model and wording; OpenAPI knows the routes and the form of errors."""
    assert get(f"{offline.url}/health").body == {
        "status": "ready",
        "model": "offline",
        "wording": ReplyKit().library.version,
    }
    described = get(f"{offline.url}/openapi.json").body
    assert {"/draft", "/draft/stream", "/health"} <= set(described["paths"])
    assert {"Complaint", "Draft", "Problem"} <= set(described["components"]["schemas"])


def test_a_wrong_key_is_a_503_that_gives_nothing_away(faults: FaultServer):  # noqa: F811  # the fixture
    """What only the owner can mend is an error of the service, and the endpoint's words stay inside."""
    script = faults.script(refuses(401, "wrong key sk-abc"))
    with service("service", **environment(script.url)) as running:
        answer = post(f"{running.url}/draft", complaint(3))
    assert (answer.status, answer.body["code"], "sk-abc" in json.dumps(answer.body)) == (503, "misconfigured", False)


def test_under_load_no_reply_is_lost_and_none_unchecked():
    """500 requests, 50 at a time, a model that fails one time in five: each gets its own reply, checked, every time."""
    with serving() as faulty, service("service", **environment(faulty.script(shaky()).url)) as running:
        answers = load(lambda n: post(f"{running.url}/draft", complaint(n)), TOTAL, concurrency=CONCURRENCY)
    assert Counter(answer.status for answer in answers) == {200: TOTAL}
    drafts = [Draft.model_validate({**answer.body, "attempts": []}) for answer in answers]
    assert [n for n, draft in enumerate(drafts) if f"Customer{n:04}" not in draft.text] == []
    assert [draft.text for draft in drafts if FORBIDDEN in draft.text or "calm down" in draft.text] == []
    assert [draft.findings for draft in drafts if any(found.level == "block" for found in draft.findings)] == []
    assert {move.written_by for draft in drafts for move in draft.moves} >= {"model", "offline"}


def test_too_many_are_asked_to_come_back():
    """Where the gate is full, a request gets a 429 at once, with the time after which to try again."""
    release = threading.Event()

    def slow(handler: Any, body: dict[str, Any]) -> None:
        release.wait(20)
        fine()(handler, body)

    with serving() as server:
        url = server.script(slow).url
        with (
            service("service", **environment(url), AT_A_TIME="2", WAITING="1") as running,
            ThreadPoolExecutor(8) as pool,
        ):
            answers = [pool.submit(post, f"{running.url}/draft", complaint(n)) for n in range(8)]
            while sum(answer.done() for answer in answers) < 5:
                time.sleep(0.02)
            release.set()
            found = Counter(answer.result().status for answer in answers)
            busy = next(answer.result() for answer in answers if answer.result().status == 429)
    assert found == {200: 3, 429: 5}
    assert (busy.body["code"], busy.headers["retry-after"]) == ("busy", "2")


def test_a_draft_under_way_is_finished_before_the_service_stops():
    """Told to stop, the service still answers whom it has begun to answer."""
    asked, release = threading.Event(), threading.Event()

    def slow(handler: Any, body: dict[str, Any]) -> None:
        asked.set()
        release.wait(20)
        fine("Thank you for telling us.")(handler, body)

    with serving() as server, service("service", **environment(server.script(slow).url)) as running:
        pool = ThreadPoolExecutor(2)
        answer = pool.submit(post, f"{running.url}/draft", complaint(4))
        assert asked.wait(20)
        stopped = pool.submit(running.stop)
        time.sleep(0.2)
        release.set()
        assert answer.result().status == 200
        stopped.result()


# ---------------------------------------------------------------- the helpdesk


class Helpdesk(ThreadingHTTPServer):
    """A helpdesk that takes notes, and is away one time in five."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Notes)
        self.notes: list[tuple[str, dict[str, Any], str]] = []
        self.calls = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Notes(BaseHTTPRequestHandler):
    """One call of the notes API."""

    server: Helpdesk

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's own name
        """Nothing."""

    def do_POST(self) -> None:
        """Take a note, or be away."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            self.server.calls += 1
            away = self.server.calls % 5 == 0
            if not away:
                self.server.notes.append((self.path, body, self.headers["api_access_token"]))
        self.send_response(502 if away else 200)
        self.send_header("content-length", "0")
        self.end_headers()


@pytest.fixture
def helpdesk() -> Iterator[Helpdesk]:
    """A running helpdesk."""
    server = Helpdesk()
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def event(number: int, **changes: Any) -> bytes:
    fields = {
        "event": "message_created",
        "id": number,
        "message_type": "incoming",
        "content": f"My lamp number {number} arrived broken and nobody answers me.",
        "account": {"id": 7},
        "conversation": {"id": 1000 + number},
        "sender": {"name": f"Customer{number:04}"},
    }
    return json.dumps({**fields, **changes}).encode()


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"x-chatwoot-timestamp": timestamp, "x-chatwoot-signature": f"sha256={digest}"}


def webhook(desk: Helpdesk, folder: Path, **more: str) -> Any:
    settings = {"WEBHOOK_SECRET": SECRET, "HELPDESK_URL": desk.url, "HELPDESK_TOKEN": "desk-token"}
    return service("helpdesk_webhook", **settings, DATABASE=str(folder / "messages.sqlite3"), **more)


def test_a_message_becomes_a_private_note(helpdesk: Helpdesk, tmp_path: Path):
    """A customer's message gets one private note with a draft, however often it is delivered; nothing else gets any."""
    with webhook(helpdesk, tmp_path) as running:
        address = f"{running.url}/webhooks/helpdesk"
        mine, agents, other = event(1), event(2, message_type="outgoing"), event(3, event="conversation_updated")
        told = [post(address, body, signed(body)).body["status"] for body in (mine, mine, agents, other)]
        assert running.stop() in (0, -15)
    assert told == ["kept", "known", "ignored", "ignored"]
    [(path, note, token)] = helpdesk.notes
    assert (path, token) == ("/api/v1/accounts/7/conversations/1001/messages", "desk-token")
    assert (note["private"], note["message_type"], "Customer0001" in note["content"]) == (True, "outgoing", True)
    with sqlite3.connect(tmp_path / "messages.sqlite3") as rows:
        assert rows.execute("SELECT id, fields, noted FROM messages").fetchall() == [("1", "", 1)]


def test_what_is_not_signed_as_it_should_be_is_refused(helpdesk: Helpdesk, tmp_path: Path):
    """A changed body, another secret, an old or missing signature and a body that is no event change nothing."""
    body, other = event(1), event(2)
    with webhook(helpdesk, tmp_path) as running:
        address = f"{running.url}/webhooks/helpdesk"
        refused = [
            post(address, body, headers).status
            for headers in (
                signed(other),
                signed(body, secret="another"),
                signed(body, at=time.time() - 3600),
                {},
                {"x-chatwoot-signature": "x"},
                {"x-chatwoot-timestamp": "tomorrow", "x-chatwoot-signature": "x"},
            )
        ]
        odd = [post(address, raw, signed(raw)).status for raw in (b"[]", b"{", b'"text"', event(4, account=None))]
        long = b" " * 300_000
        too_long = post(address, long, signed(long)).status
        running.stop()
    assert (set(refused), odd, too_long, helpdesk.notes) == ({401}, [422, 422, 422, 422], 413, [])


def test_a_message_that_was_interrupted_gets_its_note_after_the_restart(helpdesk: Helpdesk, tmp_path: Path):
    """What was kept and not yet noted when the process died is noted by the next one."""
    with webhook(helpdesk, tmp_path) as running:
        running.stop()
    fields = {"account": 7, "conversation": 5, "text": "My lamp broke and nobody answers.", "name": "Ida"}
    with sqlite3.connect(tmp_path / "messages.sqlite3") as rows:
        rows.execute("INSERT INTO messages (id, fields) VALUES ('9', ?)", (json.dumps(fields),))
    with webhook(helpdesk, tmp_path) as running:
        running.stop()
    assert [path for path, _, _ in helpdesk.notes] == ["/api/v1/accounts/7/conversations/5/messages"]


def test_under_load_every_message_gets_exactly_one_note(helpdesk: Helpdesk, tmp_path: Path):
    """500 deliveries of 250 messages, 50 at a time, with a shaky model and a shaky helpdesk: one checked note each."""
    with serving() as faulty, webhook(helpdesk, tmp_path, **environment(faulty.script(shaky()).url)) as running:
        address = f"{running.url}/webhooks/helpdesk"
        bodies = [event(number % (TOTAL // 2)) for number in range(TOTAL)]
        answers = load(lambda n: post(address, bodies[n], signed(bodies[n])), TOTAL, concurrency=CONCURRENCY)
        wait_until(lambda: len(helpdesk.notes) >= TOTAL // 2)
        running.stop()
    assert Counter(answer.body["status"] for answer in answers) == {"kept": TOTAL // 2, "known": TOTAL // 2}
    conversations = sorted(int(path.split("/")[-2]) - 1000 for path, _, _ in helpdesk.notes)
    assert conversations == list(range(TOTAL // 2))
    for path, note, _ in helpdesk.notes:
        number = int(path.split("/")[-2]) - 1000
        assert f"Customer{number:04}" in note["content"]
        assert "calm down" not in note["content"]


def wait_until(holds: Any, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
