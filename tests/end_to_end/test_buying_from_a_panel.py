"""A buyer of the whole program, on a panel: from the list of services to the refund of a part."""

import msgspec
import pytest

from ledger import commands as c
from sandbox.panel.catalogue import default_services
from viewbank.demo_shop import open_shop

VIDEO = "https://youtu.be/AbCdEfGhI_k"


@pytest.fixture(params=["polling"])
def way(request):
    """How updates come in makes no difference here."""
    return request.param


@pytest.fixture
async def panel_shop(shop):
    """The demo's goods, sold by the program."""
    assert await shop.close() == 0
    shop.settings = msgspec.structs.replace(
        shop.settings,
        order_api_kind="panel",
        order_api_url=shop.outside.panel_url,
        order_api_key=shop.outside.panel_key,
    )
    await shop.open()
    await open_shop(shop.ledger, default_services())
    await shop.set(order_poll_s=1)
    return shop


async def to_confirm(anna):
    await anna.say(VIDEO)
    listed = await anna.wait_for("What would you like to have for it?", "YouTube")
    await anna.press("YouTube likes · 15,000 points")
    await anna.wait_for("How many likes?")
    return listed


async def test_an_order_is_followed_from_the_link_to_the_refund_of_a_part(panel_shop):
    shop = panel_shop
    await shop.world.panel.settings(delivery_s=0.5)
    await shop.world.panel.next_ends("partial")
    anna = await shop.person("Anna", points=10_000)
    listed = await to_confirm(anna)
    await shop.restart()
    await anna.press("100")
    await anna.wait_for("Likes: 100", "8,500 points will be left")
    await shop.restart()
    await anna.press("✅ Confirm")
    assert (await anna.wait_for("is placed: 100 likes")).id == listed.id
    await anna.wait_for("(100 likes) is accepted. Delivery starts soon.")
    (order,) = await shop.world.panel.orders()
    assert (order.service, order.quantity) == (102, 100)
    # The panel is asked in rounds.
    words = ("has ended before all of it was delivered", "came back to you")
    ended = await anna.wait_for(*words, timeout_s=30)
    await anna.press("📄 Show this order", on=ended)
    await anna.wait_for("🧩 partly delivered", "of 100 delivered", "Came back to you: ")
    (ours,) = shop.ledger.state.orders.values()
    assert ours.refunded_points > 0
    await anna.say("/history")
    await anna.wait_for("What changed your points", ": 100 likes", "partly delivered, points for")
    assert shop.balance(anna) == 8_500 + ours.refunded_points


async def test_a_service_that_is_paused_while_the_question_waits_is_not_ordered(panel_shop):
    shop = panel_shop
    anna = await shop.person("Anna", points=10_000)
    await to_confirm(anna)
    await anna.say("100")
    await anna.wait_for("Likes: 100")
    offer = shop.ledger.state.offers["102"]
    fields = {name: getattr(offer, name) for name in offer.__struct_fields__}
    await shop.ledger.execute(c.ChangeOffer(by="admin:7", **fields | {"is_on": False}))
    await anna.press("✅ Confirm")
    seen = await anna.wait_for("This service is not on sale at the moment", "AbCdEfGhI_k")
    assert ["YouTube views · 10,000 points"] in seen.buttons
    assert shop.balance(anna) == 10_000
    assert await shop.world.panel.orders() == []
