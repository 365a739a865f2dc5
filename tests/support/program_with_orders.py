"""The ledger and the order desk as a process: places orders, and sends and follows them.

Usage: `python -m support.program_with_orders FOLDER PANEL_URL KEY COUNT`. It places the orders 1 to
COUNT that are not placed yet, a few at a time, and goes on until it is killed. To stdout it writes
a line of JSON whenever the figures change: `{"placed": …, "open": …, "human": …}`.
"""

import asyncio
import json
import sys
from pathlib import Path

from ledger import commands as c
from ledger.ledger import Ledger
from ledger.order_status import OrderStatus
from ledger.state import Order, State
from orders.desk import OrderDesk
from orders.providers.exchange import Limits
from orders.providers.panel import PanelProvider

USER = 1
SERVICE = "101"
PRICE_PER_1000 = 3_330
PAIR_EVERY = 25
"""Every so many orders are two for one link."""
HURRY = 50
"""The desk's pauses are this many times as short."""


def order_id_of(number: int) -> str:
    return f"{number:012x}"


def link_of(number: int) -> str:
    return f"https://youtu.be/{number - (number % PAIR_EVERY == 0):011d}"


def quantity_of(number: int) -> int:
    """Different for each order, so that the panel's record of one can't be taken for another's."""
    return 1000 + number


def price_of(number: int) -> int:
    return -(-quantity_of(number) * PRICE_PER_1000 // 1000)


def place(number: int) -> c.PlaceOrder:
    return c.PlaceOrder(
        by=f"user:{USER}",
        user_id=USER,
        order_id=order_id_of(number),
        video_link=link_of(number),
        video_key=link_of(number),
        quantity=quantity_of(number),
        price_points=price_of(number),
        service_id=SERVICE,
    )


def beginning(count: int) -> list[c.AnyCommand]:
    """What must be so before the first order; the second time it changes nothing."""
    settings = {"orders_per_minute_max": 1_000_000, "order_poll_s": 1, "order_attempts_max": 0}
    return [
        c.Join(by=f"user:{USER}", user_id=USER, referral_code="code0001"),
        c.AdjustBalance(
            by="admin:7",
            user_id=USER,
            amount_points=sum(map(price_of, range(1, count + 1))),
            reason="",
            key="beginning",
        ),
        c.ChangeOffer(
            by="admin:7",
            service_id=SERVICE,
            name="YouTube views",
            points_per_1000=PRICE_PER_1000,
            quantity_min=10,
            quantity_max=1_000_000,
            rate_micro=900_000,
            key="offer",
        ),
        *(
            c.ChangeSetting(by="admin:7", name=name, value=value, key=name)
            for name, value in {**settings, "point_value_micro": 0}.items()
        ),
    ]


def needs_human(order: Order) -> bool:
    """Whether the program waits for a person's decision."""
    if order.status is OrderStatus.UNCLEAR:
        return not order.evidence_follows
    return order.review is not None and order.is_delivering


def figures(state: State) -> dict[str, int]:
    human = sum(1 for one in state.orders.values() if needs_human(one))
    running = sum(1 for one in state.orders.values() if not one.is_closed)
    return {"placed": state.orders_count, "open": running - human, "human": human}


async def main(folder: str, url: str, key: str, count: str) -> None:
    ledger = await Ledger.open_folder(Path(folder))
    provider = PanelProvider(
        url, key, read_timeout_s=0.8, total_timeout_s=1.0, call_limits=Limits(2.0, 0.8, 1.0)
    )
    desk = OrderDesk(ledger, provider, workers=8, pause=_hurried)
    for command in beginning(int(count)):
        await ledger.execute(command)
    await desk.start()
    await asyncio.gather(_place_all(ledger, int(count)), _report(ledger))


async def _hurried(pause_s: float) -> None:
    await asyncio.sleep(pause_s / HURRY)


async def _place_all(ledger: Ledger, count: int) -> None:
    for number in range(1, count + 1):
        order_id = order_id_of(number)
        if order_id not in ledger.state.orders and order_id not in ledger.state.closed_orders:
            await ledger.execute(place(number))


async def _report(ledger: Ledger) -> None:
    last = None
    while True:
        await ledger.settled()
        found = figures(ledger.state)
        if found != last:
            sys.stdout.write(json.dumps(found) + "\n")
            sys.stdout.flush()
            last = found
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
