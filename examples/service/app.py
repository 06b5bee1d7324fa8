"""A drafting service.

    pip install 'replykit[service]'
    uvicorn --factory app:create_app --timeout-graceful-shutdown 70

    POST /draft          a complaint in, a checked draft out
    POST /draft/stream   the same move by move, as server-sent events
    GET  /health         ready, or stopping
    GET  /docs           the OpenAPI description, to be tried out

REPLYKIT_MODEL, OPENAI_BASE_URL, OPENAI_API_KEY and REPLYKIT_POLICY choose model and policy; without a model it works
offline. AT_A_TIME drafts are under way, WAITING requests wait for their turn, and more are asked to come back. Uvicorn
finishes the drafts that are under way before it stops.
"""

from __future__ import annotations

import asyncio
import logging
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel

from replykit import Complaint, Draft, InputError, ModelError, Move, ReplyKit, SettingsError

LARGEST = 64 * 1024  # bytes of one request: a very long letter, with its thread
AT_A_TIME = int(os.environ.get("AT_A_TIME", "64"))
WAITING = int(os.environ.get("WAITING", "256"))
RETRY_AFTER = "2"  # seconds

log = logging.getLogger("service")


class Problem(BaseModel):
    """What every error looks like; `request_id` finds it in the log, where no customer's words are."""

    code: str
    message: str
    request_id: str


class Health(BaseModel):
    """Whether the service takes requests, and what it works with."""

    status: str
    model: str
    wording: str


PROBLEMS = {status: {"model": Problem} for status in (400, 413, 422, 429, 500, 503)}


class Gate:
    """Lets so many drafts through at a time and so many wait; turns the rest away at once."""

    def __init__(self, at_a_time: int, waiting: int) -> None:
        self._turns = asyncio.Semaphore(at_a_time)
        self._most, self._inside = at_a_time + waiting, 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        if self._inside >= self._most:
            raise Busy
        self._inside += 1
        try:
            async with self._turns:
                yield
        finally:
            self._inside -= 1


class Busy(Exception):  # noqa: N818  # what it is, not what went wrong
    """The gate is full."""


def kit_from_environment() -> ReplyKit:
    return ReplyKit(os.environ.get("REPLYKIT_MODEL"), policy=os.environ.get("REPLYKIT_POLICY"))


def create_app(kit: ReplyKit | None = None, *, at_a_time: int = AT_A_TIME, waiting: int = WAITING) -> FastAPI:
    kit = kit or kit_from_environment()
    gate = Gate(at_a_time, waiting)
    state = {"status": "ready"}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        state["status"] = "stopping"  # uvicorn has let the requests under way finish by now

    app = FastAPI(title="replykit", version=kit.library.version, lifespan=lifespan)
    app.middleware("http")(limits_and_request_id)
    add_error_handlers(app)

    @app.post("/draft", response_model_exclude={"attempts"}, responses=PROBLEMS)
    async def draft(complaint: Complaint) -> Draft:
        """A checked draft with the reason for every sentence; `status` says whether a person has to look first."""
        async with gate.turn():
            return await kit.adraft(complaint)

    @app.post("/draft/stream", response_class=StreamingResponse, responses=PROBLEMS)
    async def stream(complaint: Complaint) -> StreamingResponse:
        """The moves of a reply as `event: move`, each checked before it is sent, then `event: done`."""
        moves = kit.astream(complaint)
        async with gate.turn():
            first = await anext(moves, None)  # what cannot be used is refused before anything is sent
        return StreamingResponse(events(gate, first, moves), media_type="text/event-stream")

    @app.get("/health")
    async def health() -> Health:
        model = getattr(kit.model, "name", "offline") if kit.model else "offline"
        return Health(status=state["status"], model=model, wording=kit.library.version)

    return app


async def events(gate: Gate, first: Move | None, moves: AsyncIterator[Move]) -> AsyncIterator[str]:
    if first is not None:
        yield f"event: move\ndata: {first.model_dump_json()}\n\n"
    try:
        async with gate.turn():
            async for move in moves:
                yield f"event: move\ndata: {move.model_dump_json()}\n\n"
    except (Busy, ModelError) as error:
        yield f'event: problem\ndata: {{"code": "{type(error).__name__}"}}\n\n'
        return
    yield "event: done\ndata: {}\n\n"


async def limits_and_request_id(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    request.state.id = request.headers.get("x-request-id", "")[:64] or uuid.uuid4().hex
    response = await answer_within_limits(request, call_next)
    response.headers["x-request-id"] = request.state.id
    return response


async def answer_within_limits(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    body = b""
    async for piece in request.stream():  # the header may be missing, or wrong
        body += piece
        if len(body) > LARGEST:
            return problem(request, 413, "too_large", f"send at most {LARGEST} bytes")
    request._body = body  # noqa: SLF001  # so that it can be read again
    return await call_next(request)


def add_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"][1:])
        return problem(request, 422, "invalid", f"{key}: {first['msg']}")

    @app.exception_handler(InputError)
    async def unusable(request: Request, error: InputError) -> JSONResponse:
        return problem(request, 400, "unusable", str(error))

    @app.exception_handler(Busy)
    async def busy(request: Request, _: Busy) -> JSONResponse:
        return problem(request, 429, "busy", "too many drafts are waiting; try again shortly")

    @app.exception_handler(SettingsError)
    async def misconfigured(request: Request, error: SettingsError) -> JSONResponse:
        log.error("the endpoint refuses our settings", extra={"request_id": request.state.id, "problem": str(error)})
        return problem(request, 503, "misconfigured", "the service cannot reach its model; its owner has been told")

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        log.error("a request failed", extra={"request_id": request.state.id, "kind": type(error).__name__})
        return problem(request, 500, "internal", "something went wrong here")


def problem(request: Request, status: int, code: str, message: str) -> JSONResponse:
    headers = {"retry-after": RETRY_AFTER} if status in (429, 503) else None
    told = Problem(code=code, message=message, request_id=request.state.id)
    return JSONResponse(told.model_dump(), status_code=status, headers=headers)
