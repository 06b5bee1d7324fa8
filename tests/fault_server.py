"""A real HTTP server on this machine that speaks chat completions, well or badly, as a script tells it."""

from __future__ import annotations

import gzip
import itertools
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from replykit.testing import example_of

Step = Callable[["Handler", dict[str, Any]], None]

HANG = 3.0
"""Longer than any deadline of the tests, and short enough for a server that is being shut down."""


class Script:
    """What one endpoint of the server does, request by request; the last step repeats."""

    def __init__(self, url: str, steps: tuple[Step, ...]) -> None:
        self.url, self._steps = url, steps
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.times: list[float] = []
        self._lock = threading.Lock()

    def next(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> Step:
        """The step for this request, which is written down."""
        with self._lock:
            self.requests.append(body)
            self.headers.append(headers)
            self.paths.append(path)
            self.times.append(time.monotonic())
            return self._steps[min(len(self.requests), len(self._steps)) - 1]


class FaultServer(ThreadingHTTPServer):
    """One server for a whole test run; every script has a base URL of its own."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scripts: dict[str, Script] = {}
        self.stopping = threading.Event()
        self._numbers = itertools.count(1)

    def script(self, *steps: Step) -> Script:
        """An endpoint that answers with these steps, one for each request."""
        number = str(next(self._numbers))
        self.scripts[number] = Script(f"http://127.0.0.1:{self.server_address[1]}/{number}/v1", steps)
        return self.scripts[number]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what half of the scripts are about."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FaultServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's own name
        """Nothing: the tests look at the script."""

    def do_POST(self) -> None:
        """Answer with the next step of the script that the path names."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        script = self.server.scripts[self.path.split("/")[1]]
        script.next(self.path, body, {k.lower(): v for k, v in self.headers.items()})(self, body)

    def send(
        self, status: int, content: bytes, headers: dict[str, str] | None = None, *, length: int | None = None
    ) -> None:
        """A whole response."""
        self.send_response(status)
        for name, value in ({"content-type": "application/json"} | (headers or {})).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    def hang_up(self, *, reset: bool = False) -> None:
        """Close the connection, rudely if wanted."""
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.wfile.flush()
        if not reset:
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()


@contextmanager
def serving() -> Iterator[FaultServer]:
    """A running server, stopped at the end with every connection that hangs."""
    server = FaultServer()
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


# ---------------------------------------------------------------- good answers


def schema_of(body: dict[str, Any]) -> dict[str, Any]:
    """The schema that a request asks for, wherever it says so."""
    asked = body.get("response_format", {})
    if asked.get("type") == "json_schema":
        return asked["json_schema"]["schema"]
    system = body["messages"][0]["content"]
    line = next((text for text in reversed(system.splitlines()) if text.startswith("{")), "{}")
    return json.loads(line)


def filled(body: dict[str, Any], say: str | Callable[[str], str] = "All is well.") -> str:
    """An answer that fits the schema of a request, every text of it `say`."""
    properties = schema_of(body).get("properties", {})
    texts = {key: (say if isinstance(say, str) else say(key)) for key in properties}
    return json.dumps({key: example_of(inner, lambda key=key: texts[key]) for key, inner in properties.items()})


def completion(content: Any, *, finish: str = "stop", **message: Any) -> dict[str, Any]:
    """A chat completion."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny-1",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content} | message}
        ],
        "usage": {
            "prompt_tokens": 100,
            "completion_tokens": 20,
            "total_tokens": 120,
            "prompt_tokens_details": {"cached_tokens": 60},
        },
    }


def fine(say: str | Callable[[str], str] = "All is well.") -> Step:
    """An answer that fits what was asked for; a stream where one was asked for."""

    def step(handler: Handler, body: dict[str, Any]) -> None:
        text = filled(body, say)
        if body.get("stream"):
            stream_of(text)(handler, body)
        else:
            handler.send(200, json.dumps(completion(text)).encode())

    return step


def says(content: Any, *, finish: str = "stop", **message: Any) -> Step:
    """An answer with exactly this content."""
    return lambda handler, _body: handler.send(200, json.dumps(completion(content, finish=finish, **message)).encode())


def sends(content: bytes, *, status: int = 200, **headers: str) -> Step:
    """A response with exactly these bytes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler, _body: handler.send(status, content, named)


def events(text: str, *, size: int = 5) -> Iterator[bytes]:
    """The events of a streamed answer."""
    for i in range(0, len(text), size):
        delta = {"model": "tiny-1", "choices": [{"index": 0, "delta": {"content": text[i : i + size]}}]}
        yield b"data: " + json.dumps(delta).encode() + b"\n\n"
    yield b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
    yield b'data: {"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 20}}\n\n'
    yield b"data: [DONE]\n\n"


def stream_of(text: str, *, pause: float = 0.0, keep: int | None = None) -> Step:
    """A streamed answer, with a pause between its pieces; only the first `keep` of them where that is given."""

    def step(handler: Handler, _body: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.send_header("connection", "close")
        handler.end_headers()
        handler.close_connection = True
        for event in itertools.islice(events(text), keep):
            handler.wfile.write(event)
            handler.wfile.flush()
            handler.server.stopping.wait(pause) if pause else None

    return step


# ---------------------------------------------------------------- bad ones


def refuses(status: int, message: str, **headers: str) -> Step:
    """An error as OpenAI words it."""
    return sends(json.dumps({"error": {"message": message, "type": "error"}}).encode(), status=status, **headers)


def hang(handler: Handler, _body: dict[str, Any]) -> None:
    """Nothing at all, for a long time."""
    handler.server.stopping.wait(HANG)
    handler.hang_up(reset=True)


def reset(handler: Handler, _body: dict[str, Any]) -> None:
    """The connection is torn down."""
    handler.hang_up(reset=True)


def cut_off(handler: Handler, body: dict[str, Any]) -> None:
    """Half of what the header promised."""
    content = json.dumps(completion(filled(body))).encode()
    handler.send(200, content[: len(content) // 2], length=len(content))
    handler.hang_up()


def drips(*, headers: bool = False, body: bool = True) -> Step:
    """One byte now and then: every single read succeeds, the whole never does."""

    def step(handler: Handler, request: dict[str, Any]) -> None:
        content = json.dumps(completion(filled(request))).encode()
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(content)
        slow = (head if headers else b"") + (content if body else b"")
        handler.wfile.write(b"" if headers else head)
        handler.wfile.flush()
        for byte in slow[: int(HANG / 0.05)]:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            if handler.server.stopping.wait(0.05):
                break
        handler.hang_up(reset=True)

    return step


def broken_gzip(handler: Handler, body: dict[str, Any]) -> None:
    """Compressed, they say."""
    content = bytearray(gzip.compress(json.dumps(completion(filled(body))).encode()))
    content[12:20] = b"\xff" * 8
    handler.send(200, bytes(content), {"content-encoding": "gzip"})


def picky(*refusals: tuple[Callable[[dict[str, Any]], bool], str], then: Step | None = None) -> Step:
    """Answers 400 with the message of the first refusal that fits the request; `then` where none does."""

    def step(handler: Handler, body: dict[str, Any]) -> None:
        message = next((message for fits, message in refusals if fits(body)), None)
        if message is None:
            (then or fine())(handler, body)
        else:
            refuses(400, message)(handler, body)

    return step
