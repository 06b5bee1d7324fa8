"""Examples started as people start them, and many callers at once."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from fault_server import Handler, Step, fine, refuses, reset, says

EXAMPLES = Path(__file__).parents[1] / "examples"
ADDRESS = re.compile(r"running on (http://\S+)")
FORBIDDEN = "This will never happen again, so please calm down."
SENTENCES = {
    "apologise-once": "I am sorry that the lamp reached you broken.",
    "personal-apology": "I am sorry that the lamp reached you broken.",
    "realistic-timeline": "I will write to you again within two working days.",
    "thank-patience": "Thank you for telling us so clearly.",
}


class Service:
    """A running example."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._ready = threading.Event()
        self.url = ""
        threading.Thread(target=self._read, daemon=True).start()
        assert self._ready.wait(60), "\n".join(self.lines)

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.append(line)
            if found := ADDRESS.search(line):
                self.url = found[1]
                self._ready.set()
        self._ready.set()

    def stop(self) -> int:
        """Ask it to stop, as a container runtime does, and wait until it has."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


@contextmanager
def service(example: str, **environment: str) -> Iterator[Service]:
    """The app of an example behind uvicorn, in a process of its own."""
    command = [sys.executable, "-m", "uvicorn", "--factory", "app:create_app", "--app-dir", str(EXAMPLES / example)]
    command += ["--port", "0", "--timeout-graceful-shutdown", "30", "--no-access-log"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NO_PROXY": "*", **environment}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env) as process:
        try:
            yield Service(process)
        finally:
            if process.poll() is None:
                process.kill()


class Answered(NamedTuple):
    """One response."""

    status: int
    body: Any
    headers: Mapping[str, str]
    seconds: float


def post(url: str, body: Any, headers: Mapping[str, str] | None = None) -> Answered:
    """A POST with JSON (or bytes as they are), whatever comes back."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json", **(headers or {})})
    return _answered(request)


def get(url: str) -> Answered:
    """A GET."""
    return _answered(urllib.request.Request(url))


def _answered(request: urllib.request.Request) -> Answered:
    began = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            status, content, headers = response.status, response.read(), dict(response.headers)
    except urllib.error.HTTPError as error:
        status, content, headers = error.code, error.read(), dict(error.headers)
    text = content.decode()
    body = json.loads(text) if "json" in headers.get("content-type", "") else text
    return Answered(status, body, headers, time.monotonic() - began)


def load(call: Callable[[int], Answered], total: int, *, concurrency: int) -> Sequence[Answered]:
    """So many calls, so many of them at a time, in order."""
    with ThreadPoolExecutor(concurrency) as pool:
        return list(pool.map(call, range(total)))


def shaky() -> Step:
    """An endpoint that fails one time in five, in turn in four ways, and says something forbidden one time in five."""
    failures = [refuses(500, "broken"), reset, says("this is no JSON"), refuses(429, "slow down")]
    lock, count = threading.Lock(), 0

    def step(handler: Handler, body: dict[str, Any]) -> None:
        nonlocal count
        with lock:
            number, count = count, count + 1
        if number % 5 == 0:
            failures[number // 5 % len(failures)](handler, body)
        elif number % 5 == 1:
            fine(FORBIDDEN)(handler, body)
        else:
            fine(_sentence)(handler, body)

    return step


def _sentence(part: str) -> str:
    return SENTENCES.get(part, "I have read what you wrote about the lamp, and I see what it means for you.")
