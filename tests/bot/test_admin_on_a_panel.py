"""The admins' pages on a simulated panel, from an empty list to a settled order."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from support.admin_screen import ANNA, AdminHarness
from support.given import KEY, LINK

from ledger import commands as c
from ledger import events as e
from ledger.order_status import OrderStatus
from orders.desk import OrderDesk
from orders.providers.panel import PanelProvider
from sandbox.client import SandboxClient
from sandbox.server import running

ORDER = "a" * 12
SHORT_S = 30.0
"""Shorter pauses of the desk are over at once, longer ones never: it does nothing by itself."""


async def pause(seconds: float) -> None:
    if seconds > SHORT_S:
        await asyncio.Event().wait()
    await asyncio.sleep(0)


class PanelRoom(AdminHarness):
    """The admins' pages with a desk on a simulated panel."""

    def __init__(self, world: SandboxClient) -> None:
        super().__init__()
        self.world = world
        self.desk: OrderDesk

    async def open_with(self, provider: PanelProvider) -> None:
        await self.open(follows=False)
        self.desk = OrderDesk(self.ledger, provider, pause=pause)
        self.services.catalogue = self.desk.catalogue
        self.services.provider_account = self.desk.account
        await self.desk.start()

    async def close(self) -> None:
        await self.desk.stop()
        await super().close()

    async def order_of(self, service_id: str, until: type[e.AnyEvent]) -> None:
        """Anna orders 100 of a service, and this happens to it."""
        offer = self.state.offers[service_id]
        happened = self.expect(lambda event: isinstance(event, until))
        await self.do(
            c.PlaceOrder(
                by=f"user:{ANNA}",
                user_id=ANNA,
                order_id=ORDER,
                video_link=LINK,
                video_key=KEY,
                quantity=100,
                price_points=offer.price_points(100),
                service_id=service_id,
            )
        )
        await asyncio.wait_for(happened.wait(), 20)

    def expect(self, wanted: Callable[[e.AnyEvent], bool]) -> asyncio.Event:
        happened = asyncio.Event()

        def look(event: e.AnyEvent) -> None:
            if wanted(event):
                happened.set()

        self.ledger.follow(look)
        return happened


@pytest.fixture
async def room() -> AsyncIterator[PanelRoom]:
    async with running() as outside, SandboxClient(outside.url) as world:
        room = PanelRoom(world)
        await room.open_with(PanelProvider(outside.panel_url, outside.panel_key))
        # Amounts are shown in the currency of the balance.
        await room.desk.account.freshen()
        await room.press("read_services")
        yield room
        await room.close()


async def offer_views(room: PanelRoom) -> None:
    await room.press("search_services")
    await room.type("youtube views fast")
    await room.tap("YouTube Views [Fast")
    await room.tap("✅ Offer it")


async def test_the_panels_services_are_listed_and_one_is_offered_with_its_margin(room):
    shown = await room.press("categories:0")
    assert "Choose a category" in shown
    await offer_views(room)
    assert "Brings in US$1.40, costs US$0.90, leaves US$0.50." in room.text()
    offer = room.state.offers["101"]
    assert (offer.platform, offer.metric, offer.target) == ("youtube", "views", "video")


async def test_an_order_whose_answer_was_lost_is_settled_by_the_evidence_and_followed(room):
    await offer_views(room)
    await room.world.panel.faults({"kind": "break_after", "action": "add"})
    await room.order_of("101", until=e.OrderEvidenceFound)
    shown = await room.press(f"one_order:{ORDER}")
    assert "This order costs US$0.09; no other order cost anything in between." in shown
    assert "It looks as if the order arrived." in shown
    (taken,) = await room.world.panel.orders()
    await room.tap("✅ It arrived")
    await room.type(str(taken.id))
    await room.tap("✅ Yes, it arrived")
    order = room.state.orders[ORDER]
    assert (order.status, order.followed) == (OrderStatus.ACCEPTED, True)
    assert order.provider_order_id == str(taken.id)
    assert await room.world.panel.requests("add") == 1


async def test_an_order_that_never_arrived_looks_like_it_and_is_refunded(room):
    await offer_views(room)
    before = room.balance
    await room.world.panel.faults({"kind": "break_before", "action": "add"})
    await room.order_of("101", until=e.OrderEvidenceFound)
    shown = await room.press(f"one_order:{ORDER}")
    assert "It looks as if the order did not arrive." in shown
    await room.tap("↩️ It did not: refund")
    await room.tap("↩️ Yes, refund")
    assert room.balance == before
    assert await room.world.panel.orders() == []


async def test_a_service_that_the_panel_drops_is_paused_when_the_list_is_read(room):
    await offer_views(room)
    await room.world.panel.remove_service(101)
    shown = await room.press("read_services")
    assert "⏸ Paused: the provider doesn't have it any more." in shown


async def test_the_balance_is_the_panels(room):
    await room.desk.account.read()
    assert "Our balance there: US$100.00" in await room.press("provider")
