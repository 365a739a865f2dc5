"""Orders that were closed a while ago leave the memory, and are read from the log."""

from collections.abc import Awaitable, Callable

import msgspec
import pytest
from support.given import KEY, LINK, NOON_MS

from ledger import commands as c
from ledger import refusals as r
from ledger.ledger import Ledger
from ledger.order_status import OrderStatus
from ledger.state import CLOSED_KEPT_MS
from ledger.store.memory import MemoryLogStore

OTHERS_MS = 1_000
ANNA = 1


class Shop:
    """A ledger with one customer and a clock that a test sets."""

    def __init__(self) -> None:
        self.now_ms = NOON_MS
        self.ledger: Ledger

    async def open(self) -> None:
        self.ledger = await Ledger.open(MemoryLogStore(), clock=lambda: self.now_ms)
        await self.ledger.execute(c.Join(by="user:1", user_id=ANNA, referral_code="c1"))
        await self.give(100_000)

    async def give(self, points: int) -> None:
        self.now_ms += OTHERS_MS
        key = f"k{self.now_ms}"
        command = c.AdjustBalance(
            by="admin:7", user_id=ANNA, amount_points=points, reason="", key=key
        )
        assert isinstance(await self.ledger.execute(command), tuple)

    async def do(self, *commands: c.AnyCommand) -> None:
        for command in commands:
            self.now_ms += 60_000
            outcome = await self.ledger.execute(command)
            assert isinstance(outcome, tuple), outcome
            # Other things happen to the person in between.
            await self.give(1)

    async def place(self, order_id: str) -> None:
        await self.do(place(order_id), c.SendOrder(by="system", order_id=order_id))

    async def long_after(self) -> None:
        """What happens to another order moves the closed ones out."""
        self.now_ms += CLOSED_KEPT_MS + 3_600_000
        await self.place("ffffffffffff")


def place(order_id: str) -> c.PlaceOrder:
    return c.PlaceOrder(
        by="user:1",
        user_id=ANNA,
        order_id=order_id,
        video_link=LINK,
        video_key=KEY,
        quantity=100,
        price_points=1000,
    )


def accept(order_id: str, *, followed: bool) -> c.AcceptOrder:
    return c.AcceptOrder(
        by="provider", order_id=order_id, provider_order_id="23501", followed=followed
    )


async def partly(shop: Shop, order_id: str) -> None:
    await shop.do(
        accept(order_id, followed=True),
        c.NoteProgress(by="provider", order_id=order_id, start_count=7, remains=60),
        c.EndOrder(
            by="provider", order_id=order_id, status=OrderStatus.PARTIAL, remains=30, currency="USD"
        ),
    )


async def accepted(shop: Shop, order_id: str) -> None:
    await shop.do(accept(order_id, followed=False))


@pytest.mark.parametrize("close", [partly, accepted])
async def test_an_order_that_left_the_memory_reads_as_it_was(
    close: Callable[[Shop, str], Awaitable[None]],
) -> None:
    shop, order_id = Shop(), "00000000000a"
    await shop.open()
    await shop.place(order_id)
    await close(shop, order_id)
    before = msgspec.to_builtins(await shop.ledger.order(order_id))
    assert before["reserve_points"] == 0
    await shop.long_after()
    assert order_id not in shop.ledger.state.orders
    after = await shop.ledger.order(order_id)
    # The line that closed it is only needed while it is in memory.
    assert msgspec.to_builtins(after) == {**before, "closed_seq": 0}
    await shop.ledger.close()


async def test_an_order_that_left_the_memory_is_not_placed_again() -> None:
    shop, order_id = Shop(), "00000000000a"
    await shop.open()
    await shop.place(order_id)
    await accepted(shop, order_id)
    await shop.long_after()
    points = shop.ledger.state.users[ANNA].balance
    assert await shop.ledger.execute(place(order_id)) == r.AlreadyDone()
    assert shop.ledger.state.users[ANNA].balance == points
    assert await shop.ledger.execute(c.SendOrder(by="system", order_id=order_id)) == (
        r.WrongOrderStatus(OrderStatus.ACCEPTED)
    )
    await shop.ledger.close()


async def test_open_orders_stay_in_memory() -> None:
    shop, order_id = Shop(), "00000000000a"
    await shop.open()
    await shop.place(order_id)
    await shop.do(accept(order_id, followed=True))
    await shop.long_after()
    assert shop.ledger.state.orders[order_id].is_delivering
    await shop.ledger.close()


async def test_an_order_that_nobody_placed_is_none() -> None:
    shop = Shop()
    await shop.open()
    assert await shop.ledger.order("00000000000b") is None
    await shop.ledger.close()
