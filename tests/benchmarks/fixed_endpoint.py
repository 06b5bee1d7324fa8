"""An endpoint that answers chat completions after a fixed time, with replies that pass the check.

    python tests/benchmarks/fixed_endpoint.py [--parts FILE]      prints its port; stop it by its pid

`/d300/v1/chat/completions` answers after 300 ms, `/d0/…` at once. What it says fills the schema of the request: the
file holds, for a passage of a complaint, a text for each field. `GET /stats` returns and clears what it has seen.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import resource
import sys
from pathlib import Path
from typing import Any

FILLER = "Thank you for telling us; we are looking into it and will write to you with what we find."


class Seen:
    """What was seen since somebody asked last."""

    def __init__(self) -> None:
        self.served = self.busy = self.peak = self.prompt_bytes = 0

    def told(self) -> dict[str, Any]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        found = dict(vars(self), cpu=used.ru_utime + used.ru_stime)
        self.served, self.peak, self.prompt_bytes = 0, self.busy, 0
        return found


class Connection(asyncio.Protocol):
    """One kept-alive connection."""

    def __init__(self, seen: Seen, answers: Answers) -> None:
        self._seen, self._answers, self._buffer = seen, answers, b""
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            length = _length(head)
            if len(self._buffer) < end + 4 + length:
                return
            body, self._buffer = self._buffer[end + 4 : end + 4 + length], self._buffer[end + 4 + length :]
            self._request(head.split(b" ", 2)[1].decode(), body)

    def _request(self, path: str, body: bytes) -> None:
        if path == "/stats":
            self._write(json.dumps(self._seen.told()).encode())
            return
        self._seen.busy += 1
        self._seen.peak = max(self._seen.peak, self._seen.busy)
        self._seen.prompt_bytes += len(body)
        answer = self._answers.to(body)
        delay = int(path.split("/")[1][1:]) / 1000
        if delay:
            asyncio.get_running_loop().call_later(delay, self._answer, answer)
        else:
            self._answer(answer)

    def _answer(self, answer: bytes) -> None:
        self._seen.busy -= 1
        self._seen.served += 1
        self._write(answer)

    def _write(self, content: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(content)
        with contextlib.suppress(Exception):
            self._transport.write(head + content)


class Answers:
    """An answer for every schema and kind of complaint, made once for each."""

    def __init__(self, replies: dict[str, dict[str, str]]) -> None:
        self._replies = {marker.encode(): parts for marker, parts in replies.items()}
        self._parts: dict[str, str] = {}
        self._made: dict[tuple[bytes, bytes], bytes] = {}

    def to(self, body: bytes) -> bytes:
        """The response to a request; a tool call where tools are offered."""
        at = max(body.find(b'"response_format"'), body.find(b'"tools"'))
        asked = body[at : at + 4000].split(b'"messages"')[0] if at >= 0 else b""
        marker = next((marker for marker in self._replies if marker in body), b"")
        if (asked, marker) not in self._made:
            self._parts = self._replies.get(marker, {})
            self._made[asked, marker] = self._make(json.loads(body))
        return self._made[asked, marker]

    def _make(self, body: dict[str, Any]) -> bytes:
        if body.get("tools"):
            tool = body["tools"][0]["function"]
            call = {"name": tool["name"], "arguments": json.dumps(self._fill(tool["parameters"]))}
            message = {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c", "type": "function", "function": call}],
            }
        else:
            schema = body.get("response_format", {}).get("json_schema", {}).get("schema", {})
            message = {"role": "assistant", "content": json.dumps(self._fill(schema)) if schema else FILLER}
        choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if body.get("tools") else "stop"}
        usage = {"prompt_tokens": 400, "completion_tokens": 150, "total_tokens": 550}
        shell = {"id": "1", "object": "chat.completion", "created": 1, "model": "fixed", "usage": usage}
        return json.dumps(shell | {"choices": [choice]}).encode()

    def _fill(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {name: self._value(name, inner) for name, inner in schema.get("properties", {}).items()}

    def _value(self, name: str, schema: dict[str, Any]) -> Any:
        if "enum" in schema:
            return schema["enum"][0]
        plain: dict[str, Any] = {"integer": 3, "number": 0.5, "boolean": False, "array": []}
        return plain.get(schema.get("type", ""), self._parts.get(name, FILLER))


def _length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(b"content-length:")
    return int(lowered[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def main(parts: dict[str, dict[str, str]]) -> None:
    seen, answers = Seen(), Answers(parts)
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(seen, answers), "127.0.0.1", 0, backlog=1024
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(json.loads(Path(sys.argv[2]).read_text()) if len(sys.argv) > 2 else {}))
