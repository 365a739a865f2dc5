"""The order desk on a real ledger and a fake panel, in fake time."""

import asyncio
import functools
from collections.abc import Callable

from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger
from ledger.order_status import OrderStatus
from orders.alerts import Alert
from orders.desk import OrderDesk
from orders.metrics_hooks import OrderHooks
from support.fake_panel import FakePanel
from support.fake_time import FakeTimeLoop
from support.stores import GatedStore

ANNA = 42
NOON_MS = 1_767_268_800_000  # 2026-01-01T12:00:00Z
PRICE = 20_000
"""Of 1000, in points."""


class DeskLoop(FakeTimeLoop):
    """Fake time that doesn't pass while the ledger's thread writes. Calls are made in the loop.

    Attributes:
        call_s: how long a call to the provider takes.
        in_flight: how many are being made; `most_in_flight`: the most at once.
    """

    def __init__(self) -> None:
        self.writing: Callable[[], bool] = lambda: False
        self.call_s = 0.0
        self.in_flight = self.most_in_flight = 0
        super().__init__()

    def _jump(self, timeout_s):
        if timeout_s != 0 and (timeout_s is None or self.writing()):
            return self._real_select(10)
        return super()._jump(timeout_s)

    def run_in_executor(self, executor, func, *args):
        future = self.create_future()
        if executor is None:
            self._settle(future, func, args)
            return future
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.call_later(self.call_s, self._landed)
        result = self.create_future()
        self._settle(result, func, args)
        self.call_later(self.call_s, functools.partial(_pass_on, result, future))
        return future

    def _landed(self) -> None:
        self.in_flight -= 1

    def _settle(self, future, func, args):
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it goes to whoever awaits the call
            future.set_exception(error)


def _pass_on(result, future):
    if future.cancelled():
        result.exception()
    elif error := result.exception():
        future.set_exception(error)
    else:
        future.set_result(result.result())


def in_desk_time(test):
    """The test is a coroutine, run on such a loop."""

    @functools.wraps(test)
    def sync(*args, **kwargs):
        with asyncio.Runner(loop_factory=DeskLoop) as runner:
            runner.run(test(*args, **kwargs))

    return sync


class Hooks(OrderHooks):
    def __init__(self) -> None:
        self.polls: list[tuple[int, int]] = []
        self.calls: list[tuple[str, bool]] = []

    def polled(self, orders, missing):
        self.polls.append((orders, missing))

    def called(self, name, _wait_s, *, failed):
        self.calls.append((name, failed))


class DeskHarness:
    """A shop whose desk can be killed and started again; the panel goes on."""

    def __init__(self, ledger: Ledger, store: GatedStore, panel: FakePanel, workers: int) -> None:
        self.ledger, self.store, self.panel, self.workers = ledger, store, panel, workers
        self.loop: DeskLoop = asyncio.get_running_loop()
        self.loop.writing = lambda: not ledger._idle.is_set()
        self.alerts: list[Alert] = []
        self.events: list[e.AnyEvent] = []
        self.hooks = Hooks()
        self._tasks = asyncio.all_tasks()
        self.desk = self.new_desk()
        ledger.follow(self.events.append)

    def new_desk(self) -> OrderDesk:
        return OrderDesk(
            self.ledger,
            self.panel,
            workers=self.workers,
            alert=self.alerts.append,
            hooks=self.hooks,
            jitter=lambda: 0.0,
            now_s=self.loop.time,
        )

    @classmethod
    async def open(
        cls,
        panel: FakePanel | None = None,
        store: GatedStore | None = None,
        *,
        workers: int = 4,
        offer: bool = True,
    ) -> "DeskHarness":
        loop = asyncio.get_running_loop()
        first = store is None
        store = store or GatedStore()
        loop.writing = lambda: False
        opened_at_s = 1000.0
        ledger = await Ledger.open(
            store, clock=lambda: NOON_MS + round((loop.time() - opened_at_s) * 1000)
        )
        if panel is None:
            panel = FakePanel()
            panel.offer()
        shop = cls(ledger, store, panel, workers)
        if first:
            await shop.join(ANNA)
            await shop.set("orders_per_minute_max", 1_000_000)
            if offer:
                await shop.offer()
        return shop

    async def join(self, user_id: int, points: int = 100_000_000) -> None:
        by = f"user:{user_id}"
        await self.do(c.Join(by=by, user_id=user_id, referral_code=f"code{user_id}"))
        await self.do(
            c.AdjustBalance(
                by="admin:7", user_id=user_id, amount_points=points, reason="", key=f"g{user_id}"
            )
        )

    async def do(self, command: c.AnyCommand):
        decision = await self.ledger.execute(command)
        assert isinstance(decision, tuple), decision
        return decision

    async def set(self, name: str, value: int) -> None:
        key = f"set:{self.ledger.state.seq}"
        await self.do(c.ChangeSetting(by="admin:7", name=name, value=value, key=key))

    async def offer(self, service_id: str = "5", **more) -> None:
        fields = {"points_per_1000": PRICE, "quantity_min": 10, "quantity_max": 10_000}
        fields |= {"rate_micro": 500_000, "service_type": "Default", "can_cancel": True}
        fields |= {"name": f"Views {service_id}", "can_refill": True} | more
        key = f"offer:{self.ledger.state.seq}"
        await self.do(c.ChangeOffer(by="admin:7", service_id=service_id, key=key, **fields))

    async def place(self, *order_ids: str, video: str = "", quantity: int = 1000, **more) -> None:
        service_id = more.pop("service_id", "5")
        offer = self.ledger.state.offers[service_id]
        for order_id in order_ids:
            await self.do(
                c.PlaceOrder(
                    by=f"user:{ANNA}",
                    user_id=ANNA,
                    order_id=order_id,
                    video_link=f"https://youtu.be/{video or order_id}",
                    video_key=f"youtube:{video or order_id}",
                    quantity=quantity,
                    price_points=offer.price_points(quantity),
                    service_id=service_id,
                    **more,
                )
            )

    async def accepted(self, *order_ids: str, **more) -> None:
        """Place orders, and wait until the panel has them."""
        await self.place(*order_ids, **more)
        await self.until(lambda: all(self.order(one).followed for one in order_ids))

    async def until(
        self, true: Callable[[], bool], within_s: int = 2 * 86_400, step_s: int = 1
    ) -> None:
        for _ in range(within_s // step_s):
            if true():
                return
            await asyncio.sleep(step_s)
        raise AssertionError("it did not come true in time")

    def order(self, order_id: str):
        return self.ledger.state.orders[order_id]

    def status(self, order_id: str) -> OrderStatus:
        return self.order(order_id).status

    def lines(self, kind: type[e.Event], order_id: str = "") -> list:
        return [
            one
            for one in self.events
            if isinstance(one, kind) and (not order_id or one.order_id == order_id)
        ]

    @property
    def balance(self) -> int:
        return self.ledger.state.users[ANNA].balance

    async def kill(self) -> None:
        """End everything where it is, without a word."""
        doomed = asyncio.all_tasks() - self._tasks - {asyncio.current_task()}
        for task in doomed:
            task.cancel()
        await asyncio.gather(*doomed, return_exceptions=True)
        await self.ledger.close()

    async def killed(self) -> "DeskHarness":
        """A new process on the same log, not started yet."""
        await self.kill()
        return await DeskHarness.open(self.panel, self.store, workers=self.workers)

    async def close(self) -> None:
        await self.desk.stop()
        await self.ledger.close()
