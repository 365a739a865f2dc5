"""The HTTP connection from a test to the sandbox's control API."""

from typing import Any

import aiohttp

Json = dict[str, Any]
WAIT_S = 10.0
SPARE_S = 130.0
"""Longer than the longest wait: only a control API that has died exceeds it."""


class SandboxRefusedError(Exception):
    """The control API refused: no such person, no such button, blocked, …."""


class Wire:
    """JSON over HTTP under /sandbox."""

    def __init__(self, url: str, wait_s: float) -> None:
        self.url = url.rstrip("/")
        self.wait_s = wait_s
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the session."""
        timeout = aiohttp.ClientTimeout(total=self.wait_s + SPARE_S)
        self._session = aiohttp.ClientSession(timeout=timeout)

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def get(self, path: str, **query: str | float) -> Json:
        """GET under /sandbox."""
        return await self.request("GET", path, params=query)

    async def post(self, path: str, body: Json | None = None) -> Json:
        """POST under /sandbox."""
        return await self.request("POST", path, json=body if body is not None else {})

    async def delete(self, path: str) -> Json:
        """DELETE under /sandbox."""
        return await self.request("DELETE", path)

    async def request(self, method: str, path: str, **options: Any) -> Json:  # noqa: ANN401  aiohttp's
        """Any call of the control API."""
        return await self.request_outside(method, f"/sandbox{path}", **options)

    async def request_outside(self, method: str, path: str, **options: Any) -> Json:  # noqa: ANN401  aiohttp's
        """Any call of the sandbox that is answered with JSON."""
        address = f"{self.url}{path}"
        async with self._opened().request(method, address, **options) as answer:
            found: Json = await answer.json()
            if not answer.ok:
                raise SandboxRefusedError(found.get("error", f"HTTP {answer.status}"))
            return found

    async def download(self, path: str) -> bytes:
        """The bytes at a path of the sandbox."""
        async with self._opened().get(f"{self.url}{path}") as answer:
            answer.raise_for_status()
            return await answer.read()

    async def visit(self, url: str) -> str:
        """Open an address as a browser does, redirects and all; where that led to."""
        async with self._opened().get(url) as answer:
            answer.raise_for_status()
            await answer.read()
            return str(answer.url)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("use `async with SandboxClient(url) as world:`")
        return self._session
