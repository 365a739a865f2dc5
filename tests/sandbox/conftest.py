"""A sandbox, its test client, and the real client library connected to it."""

import json
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from sandbox.client import SandboxClient, User
from sandbox.server import Running, running
from sandbox.state import Sandbox

NOON = 1_800_000_000.0


class Clock:
    """A time that only moves when the test says so."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def served(clock: Clock) -> AsyncIterator[Running]:
    async with running(sandbox=Sandbox(clock=clock)) as world:
        yield world


@pytest.fixture
async def world(served: Running) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(served.url, wait_s=5) as client:
        yield client


@pytest.fixture
async def ann(world: SandboxClient) -> User:
    """Somebody who has started the bot."""
    ann = await world.add_user("Ann", id=42, username="ann_walks")
    await ann.start()
    return ann


@pytest.fixture
async def bot(served: Running) -> AsyncIterator[Bot]:
    bot = Bot(
        served.token,
        base_url=f"{served.telegram_api_url}/bot",
        base_file_url=f"{served.telegram_api_url}/file/bot",
        request=HTTPXRequest(read_timeout=10),
    )
    async with bot:
        yield bot


Api = Callable[..., Awaitable[Any]]


@pytest.fixture
async def api(served: Running) -> AsyncIterator[Api]:
    """A bare call: the result, or the refusal's description."""
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **params: Any) -> Any:
            form = {
                name: value if isinstance(value, str) else json.dumps(value)
                for name, value in params.items()
            }
            address = f"{served.url}/bot{served.token}/{method}"
            async with session.post(address, data=form) as answer:
                body = await answer.json()
                assert body["ok"] == (answer.status == 200)
                return body["result"] if body["ok"] else body["description"]

        yield call


class PanelShop:
    """A customer of the panel who calls one family's address."""

    def __init__(self, session: aiohttp.ClientSession, url: str, key: str) -> None:
        self.session = session
        self.url = url
        self.key = key

    async def raw(self, action: str, **form: Any) -> tuple[int, str]:
        """Status and body of an answer."""
        data = {"key": self.key, "action": action, **form}
        data = {name: str(value) for name, value in data.items()}
        async with self.session.post(self.url, data=data, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    async def call(self, action: str, **form: Any) -> Any:
        """A good answer's JSON."""
        status, body = await self.raw(action, **form)
        assert status == 200
        return json.loads(body)

    async def order(self, number: int = 1, **form: Any) -> int:
        """Place an order for a link with this number; its id."""
        link = f"https://youtu.be/video{number:06}"
        answer = await self.call("add", **{"service": 101, "link": link, "quantity": 1000, **form})
        return int(answer["order"])


@pytest.fixture
async def shops(served: Running) -> AsyncIterator[tuple[PanelShop, PanelShop]]:
    """Customers of the first and of the second family."""
    async with aiohttp.ClientSession() as session:
        yield (
            PanelShop(session, served.panel_url, served.panel_key),
            PanelShop(session, served.panel_url_v1, served.panel_key),
        )


@pytest.fixture
def shop_v2(shops: tuple[PanelShop, PanelShop]) -> PanelShop:
    return shops[0]


@pytest.fixture
def shop_v1(shops: tuple[PanelShop, PanelShop]) -> PanelShop:
    return shops[1]


@pytest.fixture
def png() -> bytes:
    """A picture of three by two pixels."""
    rows = b"".join(b"\0" + b"\x20\x80\xc0" * 3 for _ in range(2))

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
