"""The row of noisy neighbours: how long a newcomer and the admin wait while others have trouble.

Each kind of trouble begins for some people at once, and lasts while newcomers press START and the
admin asks for help, at a pace that Telegram's limits leave room for. The program keeps to these
limits, as it does in production.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple, TypeAlias

from bench.figures import Figure, at_most
from bench.logs import Bench
from bench.telegram.program import running_program
from bench.telegram.shop_folder import ADMIN_ID
from sandbox.client import SandboxClient, User
from sandbox.server import running

EVERY_S = 0.15
ADMIN_EVERY = 8
"""One message to a newcomer in this time, and one to the admin in eight times that: less than half
of Telegram's limits, for all chats and for the admin's."""
FLOOD_EVERY_S = 0.1
FEW = 5
"""So few use up none of Telegram's limits."""
HALF_OPEN = 1_100
AIM = 3


class Town(NamedTuple):
    """A running program, its Telegram, and the people who will be in trouble."""

    world: SandboxClient
    port: int
    neighbours: list[User]
    trouble: ExitStack


Trouble: TypeAlias = Callable[[Town], Awaitable[None]]


def run(bench: Bench) -> list[Figure]:
    """Without trouble, and with each kind of it."""
    return asyncio.run(_run(bench))


async def _run(bench: Bench) -> list[Figure]:
    folder, sizes = bench.new_folder("neighbours"), bench.sizes
    waits_ms = {}
    for key, (_, trouble) in KINDS.items():
        async with _town(folder / key, sizes.neighbours) as town:
            await trouble(town)
            waits_ms[key] = await _serve(town.world, sizes.newcomers)
    alone_ms = waits_ms.pop("none")
    return [
        Figure(
            key=f"neighbours.{key}",
            what=f"A newcomer and the admin, {sizes.neighbours} others {KINDS[key][0]}: p99",
            unit="ms",
            ours=_p99(found_ms),
            other=_p99(alone_ms),
            other_name="all others quiet",
            aim=at_most(AIM),
            limit=f"The slowest waited {max(found_ms):.0f} ms, else {max(alone_ms):.0f} ms.",
        )
        for key, found_ms in waits_ms.items()
    ]


@asynccontextmanager
async def _town(folder: Path, neighbours: int) -> AsyncIterator[Town]:
    async with running(admin_ids=[ADMIN_ID]) as outside, SandboxClient(outside.url) as world:
        with ExitStack() as stack:
            program = running_program(
                folder, outside.url, order_api_url=outside.provider_url, token=outside.token
            )
            port = (await asyncio.to_thread(stack.enter_context, program)).port
            people = [await world.add_user(f"Noisy {number}") for number in range(neighbours)]
            for user in [*people, world.user(ADMIN_ID)]:
                await user.start()
                await user.wait_for("Welcome")
            if neighbours > FEW:
                await asyncio.sleep(1.0)  # what this has used of Telegram's limits is over
            with ExitStack() as trouble:
                yield Town(world, port, people, trouble)


async def _serve(world: SandboxClient, newcomers: int) -> list[float]:
    """Serve newcomers, and now and then the admin; milliseconds that each waited."""
    admin, took_ms = world.user(ADMIN_ID), []
    for number in range(newcomers):
        began_s = time.perf_counter()
        newcomer = await world.add_user(f"Newcomer {number}")
        await newcomer.start()
        await newcomer.wait_for("Welcome", timeout_s=60)
        answered_s = time.perf_counter()
        took_ms.append((answered_s - began_s) * 1e3)
        if number % ADMIN_EVERY == 0:
            await admin.say("/help")
            await admin.wait_for("How it works", timeout_s=60)
            took_ms.append((time.perf_counter() - answered_s) * 1e3)
        await asyncio.sleep(max(0.0, began_s + EVERY_S - time.perf_counter()))
    return took_ms


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[-1]


# Kinds of trouble. Each begins and goes on by itself, until the town's `trouble` is closed.


async def _none(_town: Town) -> None:
    pass


def _fault(kind: str, **more: int) -> Trouble:
    async def begin(town: Town) -> None:
        for user in town.neighbours:
            await town.world.fault(kind, "sendMessage", times=None, to=user, **more)  # type: ignore[arg-type]
        await asyncio.gather(*(user.say("/balance") for user in town.neighbours))

    return begin


async def _floods(town: Town) -> None:
    """Ten messages a second from each."""

    async def flood(user: User) -> None:
        while True:
            await user.say("/balance")
            await asyncio.sleep(FLOOD_EVERY_S)

    for user in town.neighbours:
        town.trouble.callback(asyncio.create_task(flood(user)).cancel)


async def _albums(town: Town) -> None:
    """Messages to the admin, as fast."""

    async def write(user: User) -> None:
        await user.press("📞 Contact Admin")
        while True:
            await user.say("hello?")
            await asyncio.sleep(FLOOD_EVERY_S)

    for user in town.neighbours:
        town.trouble.callback(asyncio.create_task(write(user)).cancel)


async def _half_open(town: Town) -> None:
    """Connections to the web server that send nothing."""
    for _ in range(HALF_OPEN):
        connection = socket.create_connection(("127.0.0.1", town.port))
        town.trouble.callback(connection.close)


KINDS: dict[str, tuple[str, Trouble]] = {
    "none": ("", _none),
    "500": ("get nothing but errors from Telegram", _fault("500")),
    "429": ("are to wait 1,000,000,000 s", _fault("429", retry_after_s=10**9)),
    "slow": ("are never answered by Telegram", _fault("slow")),
    "drip": ("are answered drop by drop", _fault("drip")),
    "flood": ("flood the bot", _floods),
    "contact": ("flood the admin", _albums),
    "half-open": (f"hold {HALF_OPEN:,} connections open", _half_open),
}
