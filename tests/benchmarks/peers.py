"""One run of one client in the environment it is installed in: so many calls at a time, and what they took as JSON.

    PYTHON peers.py CLIENT URL CALLS CONCURRENCY [usual]

With `usual` each reply is made as it usually is: a call that classifies, one that drafts, one that criticises, one that
rewrites. Otherwise each is one call with six fields.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel

os.environ |= {"OPENAI_API_KEY": "none", "LANGSMITH_TRACING": "false", "OTEL_SDK_DISABLED": "true"}
SYSTEM = "You answer customer complaints. " + "Stay polite, name the fact, say what happens next. " * 20
COMPLAINT = "Complaint {i}: you charged me twice in March and nobody answers my mails. I want my money back."
One = Callable[[type[BaseModel], str], Awaitable[Any]]


class Reply(BaseModel):
    """Six fields, as a structured reply has them."""

    category: str
    severity: int
    sentiment: str
    summary: str
    reply: str
    needs_human: bool


class Verdict(BaseModel):
    """What a critic says."""

    problems: str
    good_enough: bool


def messages(user: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": user}]


def openai_create(url: str) -> One:
    import openai

    client = openai.AsyncOpenAI(base_url=url)

    async def one(kind: type[BaseModel], user: str) -> Any:
        schema = {
            "name": kind.__name__,
            "strict": True,
            "schema": kind.model_json_schema() | {"additionalProperties": False},
        }
        wanted: Any = {"type": "json_schema", "json_schema": schema}
        said: Any = messages(user)
        answer = await client.chat.completions.create(model="fixed", messages=said, response_format=wanted)
        return kind.model_validate_json(answer.choices[0].message.content or "")

    return one


def instructor(url: str) -> One:
    import instructor as peer
    import openai

    client = peer.from_openai(openai.AsyncOpenAI(base_url=url), mode=peer.Mode.JSON_SCHEMA)
    return lambda kind, user: client.chat.completions.create(
        model="fixed", messages=messages(user), response_model=kind
    )


def pydantic_ai(url: str) -> One:
    from pydantic_ai import Agent, NativeOutput
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    model = OpenAIChatModel("fixed", provider=OpenAIProvider(base_url=url, api_key="none"))
    agents = {kind: Agent(model, output_type=NativeOutput(kind), system_prompt=SYSTEM) for kind in (Reply, Verdict)}

    async def one(kind: type[BaseModel], user: str) -> Any:
        return (await agents[kind].run(user)).output

    return one


def langchain(url: str) -> One:
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(model="fixed", base_url=url, api_key="none")
    kinds = {kind: model.with_structured_output(kind, method="json_schema") for kind in (Reply, Verdict)}
    return lambda kind, user: kinds[kind].ainvoke(messages(user))


async def usual(one: One, user: str) -> None:
    """The chain that tutorials teach."""
    read = await one(Reply, f"Classify this complaint.\n\n{user}")
    draft = await one(Reply, f"It was read as {read.model_dump_json()}. Write the reply.\n\n{user}")
    verdict = await one(Verdict, f"Criticise this reply.\n\n{draft.reply}\n\nIt answers:\n\n{user}")
    await one(Reply, f"Rewrite the reply.\n\n{draft.reply}\n\nProblems: {verdict.problems}\n\nIt answers:\n\n{user}")


async def all_of(one: One, calls: int, concurrency: int, *, chain: bool) -> dict[str, float]:
    gate = asyncio.Semaphore(concurrency)

    async def through(i: int) -> None:
        async with gate:
            await (usual(one, COMPLAINT.format(i=i)) if chain else one(Reply, COMPLAINT.format(i=i)))

    await through(0)
    begun, before = time.perf_counter(), time.process_time()
    await asyncio.gather(*(through(i) for i in range(calls)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall": time.perf_counter() - begun, "cpu": time.process_time() - before, "megabytes": peak}


if __name__ == "__main__":
    client, url, calls, concurrency, *rest = sys.argv[1:]
    run = all_of(globals()[client](url), int(calls), int(concurrency), chain="usual" in rest)
    print(json.dumps(asyncio.run(run)), flush=True)
    os._exit(0)
