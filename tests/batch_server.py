"""A server on this machine that speaks the Batch API: files up, batches through, files down."""

from __future__ import annotations

import email
import email.policy
import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from fault_server import completion, filled

Answer = Callable[[dict[str, Any]], tuple[int, dict[str, Any]] | None]
SAYS = "Thank you for telling us. We are looking into it."


def answered(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """An answer that fits what was asked for."""
    return 200, completion(filled(body, SAYS))


class BatchServer(ThreadingHTTPServer):
    """One account.

    Attributes:
        answer: What the next requests are answered: status and body, or None where the day is over before.
        looks: How often a batch is seen under way before it has ended.
        batches: Every batch, in order.
        refuses: The problem that every new batch fails with, if any.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: Answer = answered
        self.looks = 1
        self.refuses = ""
        self.files: dict[str, bytes] = {}
        self.batches: list[dict[str, Any]] = []
        self.seen: dict[str, int] = {}
        self.after_create: Callable[[], None] = lambda: None
        self._numbers = itertools.count(1)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def answer_never(self) -> None:
        """Drop the connection in the middle of an answer."""
        raise ConnectionAbortedError

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Dropped connections are meant."""

    def requests(self) -> list[list[dict[str, Any]]]:
        """What each batch asked."""
        return [[json.loads(line) for line in self.files[b["input_file_id"]].splitlines()] for b in self.batches]

    def keep(self, content: bytes) -> str:
        """A file, by a new id."""
        name = f"file-{next(self._numbers)}"
        self.files[name] = content
        return name

    def begin(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A batch, under way."""
        lines = self.files[asked["input_file_id"]].splitlines()
        batch = {
            "id": f"batch_{next(self._numbers)}", "object": "batch", "endpoint": asked["endpoint"], "created_at": 1,
            "completion_window": asked["completion_window"], "input_file_id": asked["input_file_id"],
            "metadata": asked.get("metadata"), "status": "in_progress",
            "request_counts": {"total": len(lines), "completed": 0, "failed": 0},
        }  # fmt: skip
        self.batches.append(batch)
        self.after_create()
        return batch

    def look(self, name: str) -> dict[str, Any]:
        """A batch, which ends after it has been looked at often enough."""
        batch = next(batch for batch in self.batches if batch["id"] == name)
        self.seen[name] = self.seen.get(name, 0) + 1
        if self.refuses and batch["status"] == "in_progress":
            problem = {"code": "token_limit_exceeded", "message": self.refuses, "line": None, "param": None}
            batch |= {"status": "failed", "errors": {"object": "list", "data": [problem]}}
        if self.seen[name] > self.looks and batch["status"] == "in_progress":
            self._end(batch)
        return batch

    def _end(self, batch: dict[str, Any]) -> None:
        good, bad, late = [], [], False
        for line in self.files[batch["input_file_id"]].splitlines():
            asked = json.loads(line)
            found = self.answer(asked["body"])
            late = late or found is None
            shell: dict[str, Any] = {"id": "r", "custom_id": asked["custom_id"], "response": None, "error": None}
            if found is None:
                bad.append(shell | {"error": {"code": "batch_expired", "message": "no time"}})
            else:
                status, body = found
                (good if status == 200 else bad).append(shell | {"response": {"status_code": status, "body": body}})
        good.reverse()  # in no order, as the real one
        for key, lines in (("output_file_id", good), ("error_file_id", bad)):
            batch[key] = self.keep(b"".join(json.dumps(each).encode() + b"\n" for each in lines)) if lines else None
        counts = {"total": len(good) + len(bad), "completed": len(good), "failed": len(bad)}
        batch |= {"status": "expired" if late else "completed", "request_counts": counts}


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: BatchServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's own name
        """Nothing."""

    def do_POST(self) -> None:
        """A file or a batch."""
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/v1/files":
            kept = self.server.keep(_file_in(self.headers["content-type"], body))
            self._send({"id": kept, "object": "file", "bytes": 1,
                        "created_at": 1, "filename": "x", "purpose": "batch", "status": "processed"})  # fmt: skip
        else:
            self._send(self.server.begin(json.loads(body)))

    def do_GET(self) -> None:
        """The state of a batch, all batches, or a file."""
        parts = self.path.partition("?")[0].split("/")[2:]
        if parts[0] == "files":
            self._bytes(self.server.files[parts[1]])
        elif len(parts) == 1:
            self._send({"object": "list", "data": self.server.batches[::-1], "has_more": False})
        else:
            self._send(self.server.look(parts[1]))

    def _send(self, value: dict[str, Any]) -> None:
        self._bytes(json.dumps(value).encode(), "application/json")

    def _bytes(self, content: bytes, kind: str = "application/octet-stream") -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _file_in(kind: str, body: bytes) -> bytes:
    """The one file in a form."""
    message = email.message_from_bytes(b"content-type: " + kind.encode() + b"\r\n\r\n" + body, policy=email.policy.HTTP)
    return next(part.get_payload(decode=True) for part in message.iter_parts() if part.get_filename())


@contextmanager
def batch_serving() -> Iterator[BatchServer]:
    """A running server."""
    server = BatchServer()
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
