"""llama.cpp with a small model, as a program: prints its port, serves until its standard input is closed.

Run: python llama_server.py WEIGHTS.gguf SLOTS CONTEXT THREADS
"""

from __future__ import annotations

import os
import socket
import sys

import xllamacpp


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Serve."""
    weights, slots, context, threads = sys.argv[1], *map(int, sys.argv[2:5])
    settings = xllamacpp.CommonParams()
    settings.model.path = weights
    settings.n_ctx, settings.n_parallel = context, slots
    settings.hostnames, settings.port = ["127.0.0.1"], free_port()
    settings.cpuparams.n_threads = threads
    server = xllamacpp.Server(settings)
    sys.stdout.write(f"{settings.port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    del server
    os._exit(0)  # its worker threads would otherwise be waited for


main()
