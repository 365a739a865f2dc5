"""1,000 orders through a panel that fails in every way, while the program is killed.

The panel's own record is the proof: it says what it truly received.
"""

import asyncio
import json
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.processes import sandbox_process
from support.program_with_orders import needs_human, order_id_of, price_of, quantity_of

from chaos.module_process import ModuleProcess
from ledger import commands as c
from ledger.audit.verify import verify
from ledger.ledger import Ledger
from ledger.order_status import ENDS, OrderStatus
from ledger.reason_codes import ReasonCode
from ledger.state import Order, State
from ledger.store.recovery import recover
from sandbox.client import SandboxClient
from sandbox.client_panel import SeenOrder
from sandbox.panel.state import PANEL_KEY

COUNT, KILLS, SEED = 1000, 10, 20261128
WITHIN_S = 200
FAULTS = {
    "slow": 0.01,  # longer than the provider's time limit
    "status": 0.03,
    "break_after": 0.04,
    "break_before": 0.03,
    "html": 0.02,
    "empty": 0.01,
    "bare_string": 0.01,
    "redirect": 0.01,
    "half_json": 0.02,
    "cut_body": 0.02,
    "error": 0.03,
    "half_batch": 0.05,
    "bad_id": 0.05,
    "wrong_row": 0.05,
    "unknown_word": 0.02,
}
ENDINGS = {"partial": 0.15, "canceled": 0.1, "error": 0.02, "unknown_word": 0.02}
ADMIN = "admin:7"


@pytest.fixture
async def world() -> AsyncIterator[SandboxClient]:
    outside = sandbox_process(7)
    await outside.start()
    try:
        async with SandboxClient(await outside.line()) as world:
            await world.panel.set_balance("1000000")
            await world.panel.settings(delivery_s=1)
            yield world
    finally:
        await outside.end(signal.SIGTERM)


async def until_settled_or_with_a_human(process: ModuleProcess) -> None:
    """Read what the program reports until all orders are placed, and closed or with a human."""
    async with asyncio.timeout(WITHIN_S):
        while line := await process.line():
            found = json.loads(line)
            if (found["placed"], found["open"]) == (COUNT, 0):
                return
    raise AssertionError("the program ended by itself")


@pytest.mark.timeout(300)
async def test_no_order_is_sent_twice_and_every_point_is_accounted_for(world, tmp_path):
    process = ModuleProcess(
        "support.program_with_orders",
        str(tmp_path),
        world.panel.url,
        PANEL_KEY,
        str(COUNT),
        PYTHONPATH=str(Path(__file__).parents[1]),
    )
    await world.panel.chaos(
        SEED,
        FAULTS,
        actions=["add", "status", "balance"],
        ends=ENDINGS,
        text="neworder.error.link",
        delay_s=2,
    )
    chance = random.Random(SEED)
    log = tmp_path / "stderr"
    try:
        for _ in range(KILLS):
            await process.start(log=log)
            await process.line()
            await asyncio.sleep(chance.uniform(0.1, 1.2))
            assert not process.ended, log.read_text()
            await process.end(signal.SIGKILL)
        await process.start(log=log)
        await until_settled_or_with_a_human(process)
        await process.end(signal.SIGKILL)
        fired = await world.panel.fired()
        assert set(FAULTS) - set(fired) == set()
        await world.panel.calm()
        assert await decide_as_a_human(tmp_path, await world.panel.orders())
        # What a human says has arrived is followed, and may need one again at its end.
        for _ in range(3):
            await process.start(log=log)
            await until_settled_or_with_a_human(process)
            await process.end(signal.SIGKILL)
            if not await decide_as_a_human(tmp_path, await world.panel.orders()):
                break
    finally:
        await process.end(signal.SIGKILL)
    check(recover(tmp_path).state, await world.panel.orders())
    assert verify(tmp_path).problems == ()


async def decide_as_a_human(folder: Path, seen: list[SeenOrder]) -> int:
    """Settle what waits for an admin, who looks at the panel's page. Returns how many did."""
    by_quantity = {one.quantity: one for one in seen}
    ledger = await Ledger.open_folder(folder)
    waiting = [one for one in ledger.state.orders.values() if needs_human(one)]
    for order in waiting:
        outcome = await ledger.execute(decision(order, by_quantity.get(order.quantity)))
        assert isinstance(outcome, tuple), outcome
    await ledger.close()
    return len(waiting)


def decision(order: Order, seen: SeenOrder | None) -> c.AnyCommand:
    if order.status is OrderStatus.UNCLEAR and seen is not None:
        return c.AcceptOrder(
            by=ADMIN, order_id=order.order_id, provider_order_id=str(seen.id), followed=True
        )
    if order.status is OrderStatus.UNCLEAR:
        return c.RejectOrder(
            by=ADMIN, order_id=order.order_id, reason_code=ReasonCode.REFUNDED_BY_ADMIN
        )
    return c.EndOrder(by=ADMIN, order_id=order.order_id, status=OrderStatus.COMPLETED)


def check(state: State, seen: list[SeenOrder]) -> None:
    received = Counter(one.quantity for one in seen)
    assert [quantity for quantity, times in received.items() if times > 1] == []
    orders = [state.orders[order_id_of(number)] for number in range(1, COUNT + 1)]
    assert [one.order_id for one in orders if not one.is_closed] == []
    for number, order in enumerate(orders, start=1):
        arrived = received[quantity_of(number)] == 1
        assert arrived == (order.status in ENDS), order
        assert order.reserve_points == 0
        assert 0 <= order.refunded_points <= price_of(number)
    assert Counter(one.status for one in orders).keys() >= {*ENDS, OrderStatus.REJECTED}
    given = sum(price_of(number) for number in range(1, COUNT + 1))
    refunded = sum(one.refunded_points for one in orders)
    assert state.users[1].balance == refunded
    assert state.spent_points == given - refunded
    assert state.orders_points == 0
