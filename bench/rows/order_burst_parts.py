"""The parts of the row on a burst of orders: the shop, the buyers, those who tap, the checks."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple

from bench.sizes import Sizes
from bench.telegram.chats import Chats, Reply, has_button
from bench.telegram.program import running_program
from bench.telegram.server_process import ThreadTimes, main_thread_times
from bench.telegram.shop_folder import ADMIN_ID
from ledger import commands as c
from ledger import events as e
from ledger.audit.verify import verify
from ledger.ledger import Ledger
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from sandbox.panel.state import PANEL_KEY, PanelState
from sandbox.server import running
from sandbox.shapes import Account, Message

ORDERS_PER_S = 500
TAP_EVERY_S = 0.05
TAPPERS = 60
"""With one tap in that time, it is 3 s until the same person's next one."""
ASKING_AT_ONCE = 8
POINTS = 1_000
SERVICE_ID = 101
LOOK_EVERY_S = 0.1
DONE_WITHIN_S = 240.0


class Shop(NamedTuple):
    """A running program on its folder, and the people around it."""

    folder: Path
    chats: Chats
    program_pid: int
    buyers: list[Account]
    tappers: list[Account]


class Placed(NamedTuple):
    """What was measured while the orders were being placed.

    Attributes:
        took_s: from the first tap on Confirm to the last order that was shown as placed.
        loop: what the thread of the program's event loop did in that time.
        outside: the same of this process's, which simulates Telegram, people and panel.
    """

    took_s: float
    loop: ThreadTimes
    outside: ThreadTimes


@asynccontextmanager
async def open_shop(folder: Path, sizes: Sizes) -> AsyncIterator[Shop]:
    """Start Telegram, panel and program; everybody has joined and has points."""
    chats = Chats()
    async with running(sandbox=chats, admin_ids=[ADMIN_ID]) as outside:
        buyers = [chats.add_person(f"Buyer {number}") for number in range(sizes.orders)]
        tappers = [chats.add_person(f"Tapper {number}") for number in range(TAPPERS)]
        await _write_log(folder, [*buyers, *tappers])
        settings = {
            "ORDER_API_KIND": "panel",
            "ORDER_API_KEY": PANEL_KEY,
            "ORDER_SERVICE_ID": str(SERVICE_ID),
            "ORDER_REQUESTS_MAX": str(sizes.order_requests),
        }
        program = running_program(
            folder,
            outside.url,
            order_api_url=outside.panel_url,
            token=outside.token,
            module="bench.telegram.without_limits",
            settings=settings,
        )
        with ExitStack() as stack:
            started = await asyncio.to_thread(stack.enter_context, program)
            yield Shop(folder, chats, started.pid, buyers, tappers)


async def _write_log(folder: Path, people: list[Account]) -> None:
    """Everybody has joined and has some points."""
    ledger = await Ledger.open_folder(folder)
    ids = [account.person.id for account in people]
    joins = [c.Join(by=f"user:{one}", user_id=one, referral_code=f"{one:x}") for one in ids]
    gifts = [
        c.AdjustBalance(
            by=f"admin:{ADMIN_ID}",
            user_id=one,
            amount_points=POINTS,
            reason="",
            key=f"bench:{one}",
        )
        for one in ids
    ]
    for commands in (joins, gifts):
        for decision in await asyncio.gather(*map(ledger.execute, commands)):
            if not isinstance(decision, tuple):
                raise AssertionError(f"the ledger refuses to prepare the row: {decision}")  # noqa: TRY004
    await ledger.close()


# The conversation


async def ask(shop: Shop) -> list[Message]:
    """Each buyer sends a link and taps the smallest quantity; the questions to confirm."""
    chats, at_once = shop.chats, asyncio.Semaphore(ASKING_AT_ONCE)

    async def ask_one(buyer: Account, number: int) -> Message:
        async with at_once:
            link = f"https://youtu.be/{video_id(number)}"
            sized = await chats.say(buyer, link, has_button("views:"))
            shown = await chats.press(buyer, sized.message, "views:", has_button("order:"))
            return shown.message

    asked = [ask_one(buyer, number) for number, buyer in enumerate(shop.buyers)]
    return await asyncio.gather(*asked)


def video_id(number: int) -> str:
    """The video that the buyer with this number orders views for."""
    return f"burst{number:06}"


async def place(shop: Shop, questions: list[Message]) -> Placed:
    """Everybody taps Confirm, evenly at the row's rate; until all see that it is placed."""
    pids = shop.program_pid, os.getpid()
    begun_s, before = time.perf_counter(), [main_thread_times(pid) for pid in pids]

    async def confirm(buyer: Account, question: Message, number: int) -> Reply:
        await asyncio.sleep(begun_s + number / ORDERS_PER_S - time.perf_counter())
        return await shop.chats.press(buyer, question, "order:", _is_placed)

    pairs = zip(shop.buyers, questions, strict=True)
    await asyncio.gather(*(confirm(*pair, number) for number, pair in enumerate(pairs)))
    took_s = time.perf_counter() - begun_s
    after = [main_thread_times(pid) for pid in pids]
    loop, outside = (
        ThreadTimes(new.ran_s - old.ran_s, new.waited_s - old.waited_s)
        for old, new in zip(before, after, strict=True)
    )
    return Placed(took_s, loop, outside)


def _is_placed(message: Message) -> bool:
    return not has_button("order:")(message)


class Taps:
    """People tap Balance one after the other, from now on until `end`."""

    def __init__(self, shop: Shop) -> None:
        """Begin."""
        self._shop = shop
        self._ending = asyncio.Event()
        self._taps: list[asyncio.Task[Reply]] = []
        self._task = asyncio.create_task(self._tap())

    @property
    def made(self) -> int:
        """How many there were so far."""
        return len(self._taps)

    async def end(self) -> list[float]:
        """Tap no more; how long each took until its reply, in milliseconds."""
        self._ending.set()
        await self._task
        replies = await asyncio.gather(*self._taps)
        return [reply.took_s * 1e3 for reply in replies]

    async def _tap(self) -> None:
        chats, tappers, begun_s = self._shop.chats, self._shop.tappers, time.perf_counter()
        for number in count():
            await asyncio.sleep(begun_s + number * TAP_EVERY_S - time.perf_counter())
            if self._ending.is_set():
                return
            tap = chats.say(tappers[number % TAPPERS], "💳 Balance")
            self._taps.append(asyncio.create_task(tap))


# What must hold


async def until_accepted(shop: Shop) -> None:
    """Wait until the log has the answer to every order.

    Raises:
        AssertionError: that takes too long.
    """
    orders = len(shop.buyers)
    if not await shop.chats.panel.pulse.until(
        lambda: len(shop.chats.panel.state.orders) >= orders, DONE_WITHIN_S
    ):
        raise AssertionError("some orders never reach the panel")
    deadline_s = time.perf_counter() + DONE_WITHIN_S
    while await asyncio.to_thread(_accepted_lines, shop.folder) < orders:
        if time.perf_counter() > deadline_s:
            raise AssertionError("some orders are never accepted")
        await asyncio.sleep(LOOK_EVERY_S)


def _accepted_lines(folder: Path) -> int:
    return (folder / LOG_NAME).read_bytes().count(b'{"type":"order_accepted"')


def check_panel(state: PanelState, orders: int) -> None:
    """Every order has come once, and so has every request.

    Raises:
        AssertionError: that is not so.
    """
    if state.requests.get("add") != orders:
        raise AssertionError(f"{orders} orders, but {state.requests} requests at the panel")
    # However the link is written, it ends with the video.
    videos = sorted(order.link[-len(video_id(0)) :] for order in state.orders)
    if videos != [video_id(number) for number in range(orders)]:
        raise AssertionError("the panel's orders are not those that were placed, each once")


def check_log(folder: Path, orders: int) -> None:
    """Every order is accepted once, and the sums hold.

    Raises:
        AssertionError: that is not so.
    """
    found = verify(folder)
    if found.problems:
        raise AssertionError(f"the log is wrong: {found.problems}")
    events = LogReader(FileLog(folder / LOG_NAME)).events()
    accepted = [event.order_id for event in events if isinstance(event, e.OrderAccepted)]
    if len(set(accepted)) != orders or len(accepted) != orders or found.orders != orders:
        raise AssertionError(f"{len(accepted)} of {found.orders} orders are accepted")
