"""The openai package's clients, made when first needed, and the only place that holds the key."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from pydantic import SecretStr

from replykit.errors import SettingsError
from replykit.model.failures import public_url

if TYPE_CHECKING:
    from openai import AsyncOpenAI, OpenAI

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "none"
"""Sent where a base URL was given without a key, as servers on one's own machine need none."""


class Clients:
    """One client for synchronous calls, and one for every event loop, as connections cannot move between loops.

    Args:
        base_url: Where the endpoint is; `OPENAI_BASE_URL` and then OpenAI itself where it is None.
        api_key: The key; `OPENAI_API_KEY` where it is None.
        api_version: Azure's version of the API; it makes the clients Azure's, with one path per deployment.
        http_client: The caller's own `httpx` client for synchronous calls; it is never closed here.
        async_http_client: The same for asynchronous calls.

    Raises:
        SettingsError: There is no key, and no base URL either that might do without one; or no header can hold it.
    """

    def __init__(
        self,
        base_url: str | None,
        api_key: str | None,
        api_version: str | None,
        http_client: Any,
        async_http_client: Any,
    ) -> None:
        import openai  # noqa: F401  # half a second that would otherwise count against the first deadline

        url = base_url or os.environ.get("OPENAI_BASE_URL") or None
        key = api_key or os.environ.get("AZURE_OPENAI_API_KEY" if api_version else "OPENAI_API_KEY") or None
        if url is None and key is None:
            raise SettingsError(
                "there is no API key: set OPENAI_API_KEY or pass api_key= (or base_url= for a server of your own)"
            )
        self.key = SecretStr(_sendable((key or NO_KEY).strip()))
        self.url = url or OPENAI_URL
        self._version = api_version
        self._http, self._async_http = http_client, async_http_client
        self._lock = threading.Lock()
        self._sync: OpenAI | None = None
        self._async: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[AsyncOpenAI, AsyncGenerator[None]]] = (
            WeakKeyDictionary()
        )

    @property
    def shown(self) -> str:
        """The base URL as it may be shown."""
        return public_url(self.url)

    def _arguments(self, http_client: Any) -> dict[str, Any]:
        shared = {"api_key": self.key.get_secret_value(), "max_retries": 0, "http_client": http_client}
        if self._version is None:
            return shared | {"base_url": self.url}
        where = "base_url" if "/deployments/" in self.url else "azure_endpoint"
        return shared | {where: self.url, "api_version": self._version}

    def sync(self) -> OpenAI:
        """The client for synchronous calls."""
        with self._lock:
            if self._sync is None:
                from openai import AzureOpenAI, OpenAI

                make: type[OpenAI] = AzureOpenAI if self._version else OpenAI
                self._sync = make(**self._arguments(self._http))
            return self._sync

    async def asynchronous(self) -> AsyncOpenAI:
        """The client of the running event loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._async:
            from openai import AsyncAzureOpenAI, AsyncOpenAI

            make: type[AsyncOpenAI] = AsyncAzureOpenAI if self._version else AsyncOpenAI
            client = make(**self._arguments(self._async_http or _fast_transport(self.url)))
            guard = self._until_the_loop_ends(loop, client)
            self._async[loop] = client, guard
            await anext(guard)
        return self._async[loop][0]

    async def _until_the_loop_ends(self, loop: asyncio.AbstractEventLoop, client: AsyncOpenAI) -> AsyncGenerator[None]:
        """Closes a client with its loop: a loop that ends closes the generators that were begun in it."""
        try:
            yield
        finally:
            self._async.pop(loop, None)
            if self._async_http is None:
                await client.close()

    def close(self) -> None:
        """Close the connections of synchronous calls; the next call opens new ones."""
        with self._lock:
            if self._sync is not None and self._http is None:
                self._sync.close()
            self._sync = None

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        held = self._async.get(asyncio.get_running_loop())
        if held is not None:
            await held[1].aclose()


def _sendable(key: str) -> str:
    if not key.isascii() or not key.isprintable():
        raise SettingsError(
            "the API key holds a line break or a character outside ASCII, so it cannot be sent; copy it again"
        )
    return key


def _fast_transport(url: str) -> Any:
    """The transport on aiohttp, which takes a third of the time of the usual one, where the extra `fast` brought it.

    It keeps as many connections as it opens, as an endpoint that is asked five hundred things at a time would
    otherwise be met with a new connection for most of them. A URL with a name and password in it is left to httpx, as
    aiohttp takes either those or a key.
    """
    import openai

    httpx: Any = sys.modules[openai.DefaultHttpxClient.__mro__[1].__module__.partition(".")[0]]
    if "@" in url:
        return None
    try:
        return openai.DefaultAioHttpClient(limits=httpx.Limits(max_connections=None, max_keepalive_connections=None))
    except RuntimeError:  # openai's way to say that aiohttp is not there
        return None
