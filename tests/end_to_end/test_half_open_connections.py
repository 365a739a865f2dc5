"""More half-open connections than the process may have files: all works, and the log is short."""

import asyncio
import itertools
import signal
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from support.processes import TOKEN, bot_process
from support.program_harness import ADMIN_ID, free_port

from sandbox.client import SandboxClient
from sandbox.server import running
from viewbank import open_files

FILES_MAX = 1024
HALF_OPEN = 1100
MANY = [f"127.0.1.{number}" for number in range(1, 11)]
"""No more from each than one may have."""
HALF = b"POST /telegram/webhook HTTP/1.1\r\nHost: a\r\nX: "


class Flood:
    """Opens connections and finishes no request, again and again."""

    def __init__(self, port, addresses):
        self._port = port
        self._addresses = addresses
        self._open = []
        self.opened = 0
        self.is_full = asyncio.Event()

    async def run(self):
        for address in itertools.cycle(self._addresses):
            with suppress(OSError):
                _reader, writer = await asyncio.open_connection(
                    "127.0.0.1", self._port, local_addr=(address, 0)
                )
                writer.write(HALF if self.opened % 2 else b"")
                self._open.append(writer)
                self.opened += 1
            if len(self._open) > HALF_OPEN:
                self._open.pop(0).close()
                self.is_full.set()

    def close(self):
        for writer in self._open:
            writer.close()


@asynccontextmanager
async def flood_of(port, addresses):
    flood = Flood(port, addresses)
    flooding = asyncio.create_task(flood.run())
    try:
        yield flood
    finally:
        flooding.cancel()
        await asyncio.gather(flooding, return_exceptions=True)
        flood.close()


@pytest.fixture
async def program(tmp_path, way):
    """The program with few files: the sandbox, its port, and its log once it is stopped."""
    open_files.raise_limit()
    port = free_port()
    public_url = f"http://127.0.0.1:{port}" if way == "webhook" else ""
    log = tmp_path / "log"
    async with running(admin_ids=[ADMIN_ID], token=TOKEN) as outside:
        process = bot_process(
            outside.url,
            tmp_path / "data",
            ADMIN_ID,
            PORT=str(port),
            PUBLIC_URL=public_url,
            LOG_LEVEL="INFO",
        )
        limited = f'ulimit -n {FILES_MAX} && exec "$@"'
        process._command = ["sh", "-c", limited, "sh", *process._command]
        async with SandboxClient(outside.url) as world:

            async def stop():
                assert await process.end(signal.SIGTERM) == 0
                return log.read_text().splitlines()

            await process.start(log=log)
            try:
                yield world, port, stop
            finally:
                await process.end(signal.SIGKILL)


async def ready(port):
    async with aiohttp.ClientSession() as session:
        answer = await session.get(f"http://127.0.0.1:{port}/ready")
        return answer.status


@pytest.mark.parametrize("addresses", [MANY, ["127.0.0.1"]], ids=["many", "Telegram's own"])
async def test_a_newcomer_and_the_admin_are_answered_while_they_last(program, addresses):
    world, port, stop = program
    admin = world.user(ADMIN_ID)
    await admin.start()
    await admin.wait_for("Welcome")

    async with flood_of(port, addresses) as flood:
        await flood.is_full.wait()
        anna = await world.add_user("Anna", username="anna")
        await anna.start()
        await anna.wait_for("Welcome")
        await admin.say(f"/adjust {anna.id} +100 welcome")
        await anna.wait_for("The admin changed your points")
        await admin.say(f"/history {anna.id}")
        await admin.wait_for("welcome")
        assert await ready(port) == 200
        assert flood.opened > FILES_MAX

    lines = await stop()
    assert len(lines) < 100, lines[-5:]
    assert not [line for line in lines if " ERROR " in line]
    assert [line for line in lines if "that is its most" in line]
    assert [line for line in lines if "more like it in the last minute" in line]
