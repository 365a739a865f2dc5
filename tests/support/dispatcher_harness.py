"""The order dispatcher on a real ledger, with a scripted provider."""

import asyncio
import threading
from collections import defaultdict
from itertools import count

from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger
from orders.alerts import Alert
from orders.providers.answers import Accepted
from orders.sending.dispatcher import OrderDispatcher
from support.stores import GatedStore

ANNA, BEN = 42, 43


class FakeProvider:
    """Accepts every order, unless another answer is planned; answers can be held back.

    Attributes:
        sent: the ids of the orders that arrived, in order.
        answers: the answers to an order, in order.
        delayed: an order's answer waits for its event.
        most_at_once: the most orders in flight at the same time.
    """

    follows = False

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.answers: dict[str, list] = defaultdict(list)
        self.delayed: dict[str, threading.Event] = {}
        self.here: set[str] = set()
        self.most_at_once = 0
        self.on_arrival = lambda _: None
        self._lock = threading.Lock()
        self._loop = asyncio.get_running_loop()
        self._arrived: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def hold(self, *order_ids: str) -> None:
        for order_id in order_ids:
            self.delayed[order_id] = threading.Event()

    def let_go(self, *order_ids: str) -> None:
        for order_id in order_ids:
            self.delayed[order_id].set()

    async def arrived(self, order_id: str) -> None:
        await self._arrived[order_id].wait()

    def send(self, order):
        with self._lock:
            self.sent.append(order.order_id)
            self.here.add(order.order_id)
            self.most_at_once = max(self.most_at_once, len(self.here))
            answers = self.answers[order.order_id]
            answer = answers.pop(0) if answers else Accepted("77", "{}")
        self._loop.call_soon_threadsafe(self._arrived[order.order_id].set)
        self.on_arrival(order)
        if order.order_id in self.delayed:
            assert self.delayed[order.order_id].wait(30)
        with self._lock:
            self.here.discard(order.order_id)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Pause:
    """A pause that ends at once, or when a test says. `asked`: the lengths in seconds."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.over = asyncio.Event()
        self.over.set()
        self.begun = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.begun.set()
        await self.over.wait()


class DispatcherHarness:
    """A ledger in memory, the dispatcher on it, and everything that the ledger said."""

    def __init__(self, ledger: Ledger, store: GatedStore) -> None:
        self.ledger, self.store = ledger, store
        self.events: list[e.AnyEvent] = []
        self.alerts: list[Alert] = []
        self.provider = FakeProvider()
        self.pause = Pause()
        self._news = asyncio.Event()
        self._ended = False
        ledger.follow(self._heard)
        self.dispatcher = self.new_dispatcher()

    @classmethod
    async def open(cls, store: GatedStore | None = None) -> "DispatcherHarness":
        store = store or GatedStore()
        # A minute passes with each command: nobody places many orders within one.
        return cls(await Ledger.open(store, clock=count(1_700_000_000_000, 60_000).__next__), store)

    async def opened_again(self) -> "DispatcherHarness":
        """Close the ledger without stopping the dispatcher, and open it again."""
        await self.ledger.close()
        self._ended = True
        self.store.fault = False
        return await DispatcherHarness.open(self.store)

    def new_dispatcher(self, workers: int = 4) -> OrderDispatcher:
        return OrderDispatcher(
            self.ledger,
            self.provider,
            workers=workers,
            pause=self.pause,
            jitter=lambda: 0.0,
            alert=self.alerts.append,
        )

    async def place(self, *order_ids: str, video: str | None = None, user_id: int = ANNA) -> None:
        for order_id in order_ids:
            placed = await self.ledger.execute(
                c.PlaceOrder(
                    by=f"user:{user_id}",
                    user_id=user_id,
                    order_id=order_id,
                    video_link=f"https://youtu.be/{video or order_id}",
                    video_key=f"youtube:{video or order_id}",
                    quantity=10,
                    price_points=100,
                )
            )
            assert isinstance(placed, tuple)

    def _heard(self, event: e.AnyEvent) -> None:
        self.events.append(event)
        self._news.set()

    async def until(self, kind: type[e.OrderEvent], order_id: str) -> e.OrderEvent:
        """Wait for an event about an order."""
        while True:
            for event in self.events:
                if isinstance(event, kind) and event.order_id == order_id:
                    return event
            self._news.clear()
            await self._news.wait()

    async def until_idle(self) -> None:
        """Wait until the dispatcher is idle."""
        while self.dispatcher.pending:  # noqa: ASYNC110 - the last step of an order is not an event
            await asyncio.sleep(0)

    def story(self, order_id: str) -> list[tuple[str, str]]:
        return [
            (type(event).__name__.removeprefix("Order"), event.by)
            for event in self.events
            if isinstance(event, e.OrderEvent) and event.order_id == order_id
        ]

    def status(self, order_id: str) -> str:
        return self.ledger.state.orders[order_id].status

    @property
    def balance(self) -> int:
        return self.ledger.state.users[ANNA].balance

    async def close(self) -> None:
        self.provider.let_go(*self.provider.delayed)
        await self.dispatcher.stop()
        if not self._ended:
            await self.ledger.close()
