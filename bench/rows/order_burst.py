"""The row of a burst of orders: many are placed within a second, at a panel that takes its time.

Beside them, other people tap Balance by the clock, whether or not the last reply has come: that is
how responsive the bot is. The program runs without limits for outgoing messages. With Telegram's 30
a second, the replies to 500 orders would take 17 s to leave, and the row would measure that.
"""

import asyncio
import math
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple

from bench.figures import Figure, at_most
from bench.logs import Bench
from bench.rows.order_burst_parts import (
    ORDERS_PER_S,
    Placed,
    Taps,
    ask,
    check_log,
    check_panel,
    open_shop,
    place,
    until_accepted,
)
from bench.sizes import Sizes
from sandbox.panel.faults import PanelFault

AIM_MS = 100


class Burst(NamedTuple):
    """All that was measured. Times of taps are in milliseconds."""

    alone_ms: list[float]
    beside_ms: list[float]
    while_placing_ms: list[float]
    placed: Placed
    sent_s: float
    at_once: int


def run(bench: Bench) -> list[Figure]:
    """Tap without orders, then beside them; every order must arrive once, and the sums hold."""
    burst = asyncio.run(_run(bench.new_folder("orders"), bench.sizes))
    return _figures(burst, bench.sizes)


async def _run(folder: Path, sizes: Sizes) -> Burst:
    async with open_shop(folder, sizes) as shop:
        panel = shop.chats.panel
        questions = await ask(shop)
        slow = PanelFault("slow", "add", times=None, delay_s=sizes.order_answer_s)
        panel.state.script = [slow]
        alone = Taps(shop)
        await asyncio.sleep(sizes.quiet_s)
        alone_ms = await alone.end()
        beside, begun_s = Taps(shop), perf_counter()
        placed = await place(shop, questions)
        placing_taps = beside.made
        await until_accepted(shop)
        sent_s = perf_counter() - begun_s
        beside_ms = await beside.end()
        check_panel(panel.state, sizes.orders)
    check_log(folder, sizes.orders)
    while_placing_ms = beside_ms[:placing_taps]
    at_once = panel.state.at_once_max
    return Burst(alone_ms, beside_ms, while_placing_ms, placed, sent_s, at_once)


def _figures(burst: Burst, sizes: Sizes) -> list[Figure]:
    beside, alone, placed = _p99(burst.beside_ms), _p99(burst.alone_ms), burst.placed
    orders, requests = sizes.orders, sizes.order_requests
    rounds_s = math.ceil(orders / requests) * sizes.order_answer_s
    return [
        Figure(
            key="orders.tap",
            what=f"💳 Balance beside {orders} orders at a panel that takes "
            f"{sizes.order_answer_s:g} s: p99",
            unit="ms",
            ours=beside,
            other=alone,
            other_name="no orders",
            aim=at_most(AIM_MS, "ours"),
            limit=(
                f"Of {len(burst.beside_ms)} taps, the slowest took {max(burst.beside_ms):.0f} ms, "
                f"the median {median(burst.beside_ms):.1f} ms. For the {placed.took_s:.2f} s in "
                "which the orders were being placed, the event loop's thread used a core for "
                f"{placed.loop.ran_s:.2f} s and waited for one for {placed.loop.waited_s:.2f} s; "
                "that of the simulated Telegram, people and panel "
                f"{placed.outside.ran_s:.2f} and {placed.outside.waited_s:.2f} s."
            ),
        ),
        Figure(
            key="orders.tap.placing",
            what="  the slowest of those while the orders were being placed",
            unit="ms",
            ours=max(burst.while_placing_ms),
            other=max(burst.alone_ms),
            other_name="no orders",
        ),
        Figure(
            key="orders.placed",
            what=f"{orders} taps on Confirm, {ORDERS_PER_S} a second: until all are placed",
            unit="s",
            ours=placed.took_s,
            other=orders / ORDERS_PER_S,
            other_name="the taps themselves",
        ),
        Figure(
            key="orders.at-once",
            what=f"The most requests at the panel at once, of {orders} orders",
            unit="requests",
            ours=burst.at_once,
            other=requests,
            other_name="ORDER_REQUESTS_MAX",
            aim=at_most(1),
            limit="The panel saw more requests at once than the setting allows.",
        ),
        Figure(
            key="orders.sent",
            what=f"{orders} orders, each sent once: until the last is accepted",
            unit="s",
            ours=burst.sent_s,
            other=rounds_s,
            other_name=f"the panel's own time, {requests} at once",
        ),
    ]


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[-1]
