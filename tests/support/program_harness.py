"""The whole program in the test's event loop, with a sandbox as Telegram."""

import asyncio
import socket
from pathlib import Path

import aiohttp
import msgspec

from bot.send.rate_limits import NO_LIMITS, RateLimits
from ledger.ledger import Ledger
from sandbox.client import SandboxClient, User
from sandbox.server import Running
from viewbank.run import run
from viewbank.settings import Settings

ADMIN_ID = 7


class ProgramHarness:
    """The running program, and the sandbox that it talks to."""

    def __init__(self, outside: Running, world: SandboxClient, folder: Path, way: str) -> None:
        self.outside = outside
        self.world = world
        self.folder = folder
        self.limits: RateLimits = NO_LIMITS
        self.url = ""
        self.ledger: Ledger
        self.settings = Settings(
            bot_token=outside.token,
            admin_ids=frozenset({ADMIN_ID}),
            telegram_api_url=outside.telegram_api_url,
            data_dir=folder,
            ad_url=outside.ad_url,
            order_api_url=outside.provider_url,
        )
        self.switch(way)
        self._stop = asyncio.Event()
        self._task: asyncio.Task[int] | None = None

    def switch(self, way: str, *, public: bool = False) -> None:
        """From the next `open` on, updates come this way. `public`: with an address anyway."""
        port = free_port() if way == "webhook" or public else 0
        self.settings = msgspec.structs.replace(
            self.settings,
            port=port,
            public_url=f"http://127.0.0.1:{port}" if port else "",
            telegram_updates="polling" if way == "polling" else "auto",
        )

    def beside(self, way: str) -> "ProgramHarness":
        """Another program for the same bot, with its own data folder; not open yet."""
        return ProgramHarness(
            self.outside, self.world, self.folder.with_name("data-of-another"), way
        )

    async def open(self) -> None:
        ready = asyncio.Event()

        async def remember(ledger: Ledger) -> None:
            self.ledger = ledger

        def note(url: str) -> None:
            self.url = url
            ready.set()

        self._stop = asyncio.Event()
        self._task = asyncio.create_task(
            run(self.settings, prepare=remember, on_ready=note, stop=self._stop, limits=self.limits)
        )
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait([self._task, waiting], return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            waiting.cancel()
            self._task.result()

    async def close(self) -> int:
        self._stop.set()
        assert self._task is not None
        return await self._task

    async def restart(self) -> None:
        assert await self.close() == 0
        await self.open()

    async def ready(self) -> tuple[int, str]:
        """Status and text of `/ready`."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/ready") as answer:
            return answer.status, await answer.text()

    async def until_ready_says(self, status: int, words: str = "") -> None:
        """Ask `/ready` until it says this."""
        said = None
        try:
            async with asyncio.timeout(20):
                while said is None or said[0] != status or words not in said[1]:
                    said = await self.ready()
        except TimeoutError:
            raise AssertionError(f"/ready says {said}") from None

    @property
    def admin(self) -> User:
        return self.world.user(ADMIN_ID)

    async def set(self, **economy: int) -> None:
        """Change economy settings in the admin's chat."""
        for name, value in economy.items():
            await self.admin.say(f"/set {name} {value}")
            await self.admin.wait_for(f"{name} is {value:,} from now on")

    async def person(self, name: str, *, invite: str = "", points: int = 0) -> User:
        """A new person who has started the bot, with so many points from the admin."""
        user = await self.world.add_user(name, username=name.lower())
        await user.start(invite)
        await user.wait_for("Welcome")
        if points:
            await self.admin.say(f"/adjust {user.id} {points:+} welcome")
            await self.admin.wait_for("The balance is")
            await user.wait_for("The admin changed your points")
        return user

    def balance(self, user: User) -> int:
        return self.ledger.state.users[user.id].balance


def free_port() -> int:
    """A free port. Telegram must know the webhook's address before the program listens on it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
