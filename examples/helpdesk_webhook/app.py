"""Drafts as private notes in a helpdesk.

A customer writes, the helpdesk calls `POST /webhooks/helpdesk`, and shortly after a private note with a checked draft
stands below the message, for the agent to read, change and send. The wire is Chatwoot's (signature header, event,
notes API); for another helpdesk, change `is_signed`, `wanted` and `post_note`.

    pip install 'replykit[service]'
    export WEBHOOK_SECRET=… HELPDESK_URL=https://chat.example.com HELPDESK_TOKEN=…
    uvicorn --factory app:create_app --timeout-graceful-shutdown 70

A message is kept in a small database before the webhook is answered, and crossed out once its note is posted. So a
message that is delivered twice gets one note, and one that a crash interrupts gets its note after the restart.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import os
import sqlite3
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, HTTPException, Request

from replykit import Complaint, Draft, ReplyKit, ReplyKitError
from replykit.types import Customer

LARGEST = 256 * 1024  # bytes of one delivery
FRESH = 300  # seconds; an older delivery may be a recording of somebody else's
WORKERS = 8  # drafts under way
TRIES = 5  # for one note, with longer and longer pauses

log = logging.getLogger("helpdesk")


@dataclass(frozen=True)
class Settings:
    secret: str
    url: str
    token: str
    database: str = "messages.sqlite3"
    pause: float = 1.0

    @classmethod
    def from_environment(cls) -> Settings:
        names = ("WEBHOOK_SECRET", "HELPDESK_URL", "HELPDESK_TOKEN")
        if missing := [name for name in names if not os.environ.get(name)]:
            raise SystemExit(f"set {', '.join(missing)}")
        return cls(*(os.environ[name] for name in names), database=os.environ.get("DATABASE", "messages.sqlite3"))


def is_signed(settings: Settings, timestamp: str, signature: str, body: bytes) -> bool:
    """Whether the delivery was made by somebody who knows the secret, a moment ago."""
    if not timestamp.isascii() or not timestamp.isdigit() or abs(time.time() - int(timestamp)) > FRESH:
        return False
    expected = hmac.new(settings.secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={expected}".encode(), signature.encode())


def wanted(event: dict[str, Any]) -> dict[str, Any] | None:
    """What to keep of a delivery, or None where it is not a message from a customer."""
    if event.get("event") != "message_created" or event.get("message_type") != "incoming" or not event.get("content"):
        return None
    return {
        "account": event["account"]["id"],
        "conversation": event["conversation"]["id"],
        "text": str(event["content"]),
        "name": (event.get("sender") or {}).get("name"),
    }


class Ledger:
    """Which messages came in, and which of them have their note."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, fields TEXT, noted INT DEFAULT 0)")

    def keep(self, message: str, fields: dict[str, Any]) -> bool:
        """True where the message is new."""
        row = (message, json.dumps(fields))
        return self._db.execute("INSERT OR IGNORE INTO messages (id, fields) VALUES (?, ?)", row).rowcount == 1

    def cross_out(self, message: str) -> None:
        # What the customer wrote is not needed any more.
        self._db.execute("UPDATE messages SET noted = 1, fields = '' WHERE id = ?", (message,))

    def open(self) -> list[tuple[str, dict[str, Any]]]:
        rows = self._db.execute("SELECT id, fields FROM messages WHERE noted = 0 ORDER BY rowid").fetchall()
        return [(message, json.loads(fields)) for message, fields in rows]

    def close(self) -> None:
        self._db.close()


def note_for(draft: Draft) -> str:
    """What the agent reads: the draft, whether it may go out as it is, and what it promises."""
    look = "" if draft.status == "ready" else f"Look first: {'; '.join(draft.reasons)}\n\n"
    promises = "".join(f"\n- {c.quote} ({c.clause or 'nothing allows this'})" for c in draft.commitments)
    return f"{look}{draft.text}\n\n---\nPromises:{promises or ' none'}\n{draft.version}"


def post_note(settings: Settings, fields: dict[str, Any], note: str) -> None:
    url = f"{settings.url}/api/v1/accounts/{fields['account']}/conversations/{fields['conversation']}/messages"
    body = json.dumps({"content": note, "message_type": "outgoing", "private": True}).encode()
    headers = {"content-type": "application/json", "api_access_token": settings.token}
    request = urllib.request.Request(url, body, headers)  # noqa: S310  # the owner's own address
    with urllib.request.urlopen(request, timeout=20):  # noqa: S310  # the address is a setting of whoever runs it
        pass


class NoteWriter:
    """Writes the notes that are owed, a few at a time."""

    def __init__(self, kit: ReplyKit, settings: Settings) -> None:
        self.kit, self.settings, self.ledger = kit, settings, Ledger(settings.database)
        self.queue = asyncio.Queue[tuple[str, dict[str, Any]]]()

    @asynccontextmanager
    async def running(self, _: FastAPI) -> AsyncIterator[None]:
        for row in self.ledger.open():
            self.queue.put_nowait(row)
        workers = [asyncio.create_task(self.work()) for _ in range(WORKERS)]
        yield
        await self.queue.join()  # the notes that are owed come before the end
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        self.ledger.close()

    def keep(self, message: str, fields: dict[str, Any]) -> bool:
        """True where the message is new; its note is owed from now on."""
        new = self.ledger.keep(message, fields)
        if new:
            self.queue.put_nowait((message, fields))
        return new

    async def work(self) -> None:
        while True:
            message, fields = await self.queue.get()
            try:
                await self.post(fields, await self.note(fields))
                self.ledger.cross_out(message)
            except Exception as error:  # noqa: BLE001  # it stays owed, and is tried again after the next start
                log.error("no note", extra={"helpdesk_message": message, "kind": type(error).__name__})  # noqa: TRY400  # a traceback could hold the customer's words
            finally:
                self.queue.task_done()

    async def note(self, fields: dict[str, Any]) -> str:
        try:
            complaint = Complaint(text=fields["text"], channel="chat", customer=Customer(name=fields["name"]))
            return note_for(await self.kit.adraft(complaint))
        except ReplyKitError as error:
            return f"No draft for this message: {error}"

    async def post(self, fields: dict[str, Any], note: str) -> None:
        for number in range(1, TRIES + 1):
            try:
                await asyncio.to_thread(post_note, self.settings, fields, note)
            except OSError:
                if number == TRIES:
                    raise
                await asyncio.sleep(self.settings.pause * 2 ** (number - 1))
            else:
                return


def create_app(kit: ReplyKit | None = None, settings: Settings | None = None) -> FastAPI:
    settings = settings or Settings.from_environment()
    kit = kit or ReplyKit(os.environ.get("REPLYKIT_MODEL"), policy=os.environ.get("REPLYKIT_POLICY"))
    writer = NoteWriter(kit, settings)
    app = FastAPI(title="replykit in a helpdesk", lifespan=writer.running)

    @app.post("/webhooks/helpdesk", status_code=202)
    async def receive(request: Request) -> dict[str, str]:
        """Keeps a customer's message; its note follows. Answers at once, as helpdesks do not wait long."""
        body = await limited(request)
        headers = request.headers
        signature, timestamp = headers.get("x-chatwoot-signature", ""), headers.get("x-chatwoot-timestamp", "")
        if not is_signed(settings, timestamp, signature, body):
            raise HTTPException(401, "the signature does not fit")
        try:
            event = json.loads(body)
            fields, message = wanted(event), str(event.get("id"))
        except (ValueError, AttributeError, KeyError, TypeError):
            raise HTTPException(422, "this is not an event of a helpdesk") from None
        if fields is None:
            return {"status": "ignored"}
        return {"status": "kept" if writer.keep(message, fields) else "known"}

    return app


async def limited(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise HTTPException(413, f"at most {LARGEST} bytes")
    return body
