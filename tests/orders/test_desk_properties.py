"""Whatever the panel answers and whenever the program is killed: no order is sent twice."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.desk_harness import PRICE, DeskHarness, DeskLoop
from support.fake_panel import DOWN, NO_FUNDS, NO_WAY, REFUSED, SILENCE, FakePanel

from ledger import commands as c
from ledger.order_status import OrderStatus
from ledger.reason_codes import OrderRequest, ReasonCode
from orders.providers.answers import NotSent, Unclear
from orders.providers.base import CallFailed, OrderReport, Progress, UnknownToProvider

PLANS = st.sampled_from(
    [
        None,  # It is accepted.
        NO_WAY,
        NO_FUNDS,
        NotSent(ReasonCode.PROVIDER_RATE_LIMIT, 120, http_status=429),
        REFUSED,
        SILENCE,
        (True, SILENCE),
        (True, Unclear(ReasonCode.CONNECTION_LOST)),
        RuntimeError("a bug"),
    ]
)
FAILURES = st.sampled_from(
    [
        DOWN,
        CallFailed(ReasonCode.PROVIDER_RATE_LIMIT, http_status=429, retry_after_s=300),
        CallFailed(ReasonCode.REFUSED, "no", 200),
        CallFailed(ReasonCode.ANSWER_UNREADABLE, "<html>", 200),
    ]
)
MIXED_UP = st.sampled_from(
    [
        None,
        UnknownToProvider("Incorrect order ID"),
        OrderReport(Progress.CANCELED, "Canceled"),
        OrderReport(Progress.PARTIAL, "Partial", 5),
        OrderReport(Progress.UNKNOWN, "?"),
    ]
)
ENDS = st.tuples(
    st.sampled_from(
        [
            Progress.RUNNING,
            Progress.COMPLETED,
            Progress.PARTIAL,
            Progress.CANCELED,
            Progress.FAILED,
            Progress.UNKNOWN,
        ]
    ),
    st.one_of(st.none(), st.integers(-10, 1100)),
)
STEPS = st.one_of(
    st.tuples(st.just("place"), st.lists(PLANS, max_size=3), st.sampled_from("xyz")),
    st.tuples(st.just("wait"), st.sampled_from([0, 1, 3, 20, 70, 600, 5000])),
    st.tuples(st.just("kill"), st.sampled_from([0, 0.1, 0.3, 0.7, 1.2, 20])),
    st.tuples(st.just("stop")),
    st.tuples(
        st.just("fail"), st.sampled_from(["statuses", "status", "balance", "cancel"]), FAILURES
    ),
    st.tuples(st.just("mix up"), st.integers(0, 20), MIXED_UP),
    st.tuples(st.just("end"), st.integers(0, 20), ENDS),
    st.tuples(st.just("cancel"), st.integers(0, 20)),
    st.tuples(st.just("settle"), st.integers(0, 20), st.booleans()),
)


class Run:
    """Carries out the steps."""

    def __init__(self, shop: DeskHarness) -> None:
        self.shop = shop
        self.placed: list[str] = []
        self.refunded_wrongly: set[str] = set()

    @property
    def panel(self) -> FakePanel:
        return self.shop.panel

    async def step(self, step: tuple) -> None:
        match step:
            case ("place", plans, video):
                order_id = f"o{len(self.placed)}"
                self.placed.append(order_id)
                self.panel.plans[order_id] = [one for one in plans if one is not None]
                await self.shop.place(order_id, video=video)
            case ("wait", seconds):
                await asyncio.sleep(seconds)
            case ("kill", after_s):
                await asyncio.sleep(after_s)
                self.shop = await self.shop.killed()
                await self.shop.desk.start()
            case ("stop",):
                await self.shop.desk.stop()
                self.shop = await self.shop.killed()
                await self.shop.desk.start()
            case _:
                await self.trouble(step)

    async def trouble(self, step: tuple) -> None:
        match step:
            case ("fail", kind, failure):
                self.panel.failures[kind].append(failure)
            case ("mix up", number, answer):
                if self.panel.orders:
                    self.panel.in_batches[self.pick(self.panel.orders, number)] = answer
            case ("end", number, (progress, remains)):
                if self.panel.orders:
                    order = self.panel.orders[self.pick(self.panel.orders, number)]
                    order.progress, order.remains = progress, remains
            case ("cancel", number):
                if self.placed:
                    order_id = self.pick(self.placed, number)
                    command = c.RequestForOrder(
                        by="admin:7", order_id=order_id, what=OrderRequest.CANCEL
                    )
                    await self.shop.ledger.execute(command)
            case ("settle", number, arrived):
                if self.placed:
                    await self.settle(self.pick(self.placed, number), arrived=arrived)

    @staticmethod
    def pick(items, number: int):
        return list(items)[number % len(items)]

    async def settle(self, order_id: str, *, arrived: bool) -> None:
        """An admin settles an order if it is unclear, rightly or not."""
        order = self.shop.ledger.state.orders.get(order_id)
        if order is None or order.status is not OrderStatus.UNCLEAR:
            return
        numbers = [key for key, one in self.panel.orders.items() if one.order_id == order_id]
        if arrived and numbers:
            command = c.AcceptOrder(
                by="admin:7", order_id=order_id, provider_order_id=numbers[0], followed=True
            )
        else:
            self.refunded_wrongly.update([order_id] if numbers else [])
            command = c.RejectOrder(
                by="admin:7", order_id=order_id, reason_code=ReasonCode.REFUNDED_BY_ADMIN
            )
        await self.shop.do(command)

    async def quiet_days(self) -> None:
        """The panel has recovered; who runs there comes to an end, and admins do their work."""
        self.panel.failures.clear()
        self.panel.in_batches.clear()
        for plans in self.panel.plans.values():
            plans.clear()
        for _ in range(len(self.placed) + 2):
            await asyncio.sleep(4000)
            for order in self.panel.orders.values():
                if order.progress in {Progress.ACCEPTED, Progress.RUNNING}:
                    order.progress, order.remains = Progress.COMPLETED, 0
            for order_id in self.placed:
                await self.settle(order_id, arrived=True)
                await self.end_what_is_reviewed(order_id)
        await asyncio.sleep(4000)

    async def end_what_is_reviewed(self, order_id: str) -> None:
        """An admin ends an order of which the panel says nothing that the program can use."""
        order = self.shop.ledger.state.orders.get(order_id)
        if order is not None and order.is_delivering and order.review is not None:
            await self.shop.do(
                c.EndOrder(by="admin:7", order_id=order_id, status=OrderStatus.COMPLETED)
            )


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
@given(st.lists(STEPS, max_size=30), st.booleans())
def test_no_order_is_sent_twice_and_each_is_closed_once_people_did_their_part(
    steps, refuses_duplicates
):
    with asyncio.Runner(loop_factory=DeskLoop) as runner:
        runner.run(_play(steps, refuses_duplicates=refuses_duplicates))


async def _play(steps: list[tuple], *, refuses_duplicates: bool) -> None:
    shop = await DeskHarness.open()
    shop.panel.refuses_duplicates = refuses_duplicates
    shop.loop.call_s = 0.5
    points = shop.balance
    await shop.desk.start()
    run = Run(shop)
    for step in steps:
        await run.step(step)
        _check_sums(run.shop, points)
    await run.quiet_days()
    shop = run.shop
    assert all(count == 1 for count in shop.panel.received.values())
    open_orders = [one for one in shop.ledger.state.orders.values() if not one.is_closed]
    assert open_orders == []
    assert shop.ledger.state.orders_count == len(run.placed)
    known = shop.ledger.state.orders | shop.ledger.state.closed_orders
    refunded = {one for one in run.placed if known[one].status is OrderStatus.REJECTED}
    assert refunded & set(shop.panel.received) <= run.refunded_wrongly
    _check_sums(shop, points)
    assert shop.desk.dispatcher.pending == 0
    await shop.close()


def _check_sums(shop: DeskHarness, points: int) -> None:
    """Every point is with the person, reserved, or spent; and nobody has more than before."""
    state = shop.ledger.state
    assert state.posted_points == 0
    assert shop.balance + state.orders_points + state.spent_points == points
    assert shop.balance <= points
    for order in state.orders.values():
        assert 0 <= order.refunded_points <= PRICE
