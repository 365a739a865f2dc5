"""The pages of services: what is offered, at which margin, and how it is found and changed."""

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace
from support.admin_screen import ADMIN_ID, ANNA, OTHER_ADMIN_ID, AdminHarness, FakeCatalogue

from ledger import commands as c
from ledger import events as e
from ledger.reason_codes import PauseReason, ReasonCode
from orders.providers.base import CallFailed, Service

LIKES = Service("11", "Instagram Likes", "Default", "Instagram", 500_000, 10, 10_000, cancel=True)
VIEWS = Service("12", "YouTube Views | fast", "Default", "YouTube", 1_200_000, 100, 10**6)
COMMENTS = Service("13", "YouTube Comments", "Custom Comments", "YouTube", 4_000_000, 5, 500)
POLL = Service("14", "Telegram Poll", "Poll", "Telegram", 100_000, 10, 1000)
DRIP = Service("15", "YouTube Views slow", "Drip-Feed", "YouTube", 900_000, 100, 1000)
CATALOGUE = (LIKES, VIEWS, COMMENTS, POLL, DRIP)


@pytest.fixture
async def room() -> AsyncIterator[AdminHarness]:
    room = AdminHarness()
    room.catalogue = FakeCatalogue(*CATALOGUE)
    await room.open()
    yield room
    await room.close()


async def offered(room: AdminHarness, *services: Service) -> None:
    for service in services:
        await room.press(f"service:{service.service_id}")
        await room.tap("✅ Offer it")


# Finding and adding


async def test_a_service_is_found_by_category_and_offered_at_the_suggested_price(room):
    assert "Nothing is on offer yet" in await room.press("services:0")
    await room.tap("➕ Add a service")
    assert room.labels()[:3] == ["Instagram (1)", "Telegram (1)", "YouTube (3)"]
    shown = await room.tap("Instagram")
    assert "Instagram: 1 service" in shown
    shown = await room.tap("Instagram Likes")
    assert "US$0.50 for 1,000, from 10 to 10,000" in shown
    assert "Price: 7,500 points for 1,000" in shown
    assert "Brings in US$0.75, costs US$0.50, leaves US$0.25." in shown
    shown = await room.tap("✅ Offer it for 7,500 points")
    assert "🟢 On: people can buy it." in shown
    assert "Orders can be stopped." in shown
    offer = room.state.offers["11"]
    assert (offer.platform, offer.metric, offer.target) == ("instagram", "likes", "post")
    assert (offer.points_per_1000, offer.quantity_min, offer.quantity_max) == (7500, 10, 10_000)
    assert (offer.rate_micro, offer.can_cancel, offer.service_type) == (500_000, True, "Default")


async def test_services_are_found_by_all_words_and_others_by_another_message(room):
    await room.press("search_services")
    assert "No service has “tiktok”" in await room.type("tiktok")
    shown = await room.type("YOUTUBE  views")
    assert "YOUTUBE views: 2 services" in shown
    assert [label for label in room.labels() if "·" in label] == ["YouTube Views | fast · US$1.20"]
    assert "🚫 YouTube Views slow: drip-feed is not offered here" in shown
    await room.type("13")
    assert room.labels()[0] == "YouTube Comments · US$4.00"
    await room.press("services:0")
    assert room.services.steps == {}


async def test_what_is_found_has_pages_that_can_be_turned_until_the_search_ends(room):
    room.catalogue.services = {
        str(n): replace(LIKES, service_id=str(n), name=f"Likes {n}") for n in range(20)
    }
    await room.press("search_services")
    await room.type("likes")
    assert room.labels()[:2] == ["Likes 0 · US$0.50", "Likes 1 · US$0.50"]
    await room.tap("Next ›")
    assert room.labels()[0] == "Likes 8 · US$0.50"
    assert "page 2 of 3" in room.text()
    room.services.steps.clear()  # The program was started again.
    assert "Send me words" in await room.press("found:2")


async def test_a_service_that_cannot_be_offered_says_why_and_has_no_button(room):
    shown = await room.press("service:14")
    assert "It can't be offered: an order needs more than a link and a number (type Poll)." in shown
    assert not any("Offer" in label for label in room.labels())
    before = room.state.seq
    await room.press("add:14:100")
    await room.press("add:99:100")
    for price in ("0", "-1", "x", "1000000001", ""):
        await room.press(f"add:11:{price}")
    assert room.state.seq == before


async def test_another_price_is_typed_and_its_margin_is_shown_before_it_is_offered(room):
    await room.press("service:11")
    assert "Send me the price of 1,000" in await room.tap("💰 Another price")
    assert "There is no number" in await room.type("cheap")
    assert "can be from 1 to 1,000,000,000" in await room.type("0")
    shown = await room.type("4 000")
    assert "Brings in US$0.40, costs US$0.50, leaves −US$0.10." in shown
    assert "It earns less than it costs." in shown
    assert room.state.offers == {}
    await room.tap("✅ Offer it for 4,000 points")
    assert room.state.offers["11"].points_per_1000 == 4000


async def test_a_service_that_another_admin_has_just_offered_keeps_its_price(room):
    await room.press("service:11")
    await room.press("service:11", by=OTHER_ADMIN_ID)
    await room.press("add:11:9000", by=OTHER_ADMIN_ID)
    before = room.state.seq
    await room.tap("✅ Offer it for 7,500 points")
    assert "Nothing changed" in room.screen.toasts[-1]
    assert "Our price: 9,000 points" in room.text()
    assert room.state.seq == before


# Changing


async def test_a_press_that_is_delivered_again_changes_nothing_twice(room):
    await offered(room, LIKES, VIEWS, COMMENTS)
    for data in ("move:13:up", "switch:13:0"):
        await room.press(data, press_id=f"p{data}")
        seq, places = room.state.seq, dict(room.state.offers)
        await room.press(data, press_id=f"p{data}")
        assert (room.state.seq, room.state.offers) == (seq, places)


async def test_offers_are_listed_in_their_order_with_price_and_margin(room):
    await offered(room, LIKES, VIEWS)
    shown = await room.press("services:0")
    assert shown.index("Instagram Likes") < shown.index("YouTube Views")
    assert "7,500 points for 1,000" in shown
    assert "Brings in US$1.80, costs US$1.20, leaves US$0.60." in shown
    await room.press("move:12:up")
    assert room.labels()[:2] == ["🟢 YouTube Views | fast", "🟢 Instagram Likes"]
    await room.press("move:12:up")
    assert "Nothing changed" in room.screen.toasts[-1]
    await room.press("move:12:down")
    assert room.labels()[:2] == ["🟢 Instagram Likes", "🟢 YouTube Views | fast"]


async def test_on_and_off_are_said_by_the_button_so_that_two_taps_do_what_one_does(room):
    await offered(room, LIKES)
    await room.press("offer:11")
    off = room.data("⚪️ Switch off")
    assert "⚪️ Off" in await room.press(off)
    assert not room.state.offers["11"].is_sold
    await room.press(off)
    assert not room.state.offers["11"].is_on
    assert "🟢 On" in await room.tap("🟢 Switch on")


async def test_a_new_price_name_and_limits_are_typed_and_checked(room):
    await offered(room, LIKES)
    for label, wrong, right in (
        ("💰 Price", "1.5", "9,000"),
        ("✏️ Name", "n" * 201, "  Likes \n for  you "),
        ("⬇️ Smallest order", "9", "20"),
        ("⬆️ Largest order", "10001", "5000"),
    ):
        await room.press("offer:11")
        await room.tap(label)
        seq = room.state.seq
        await room.type(wrong)
        assert room.state.seq == seq
        await room.type(right)
        assert room.state.seq == seq + 1
        assert room.services.steps == {}
    offer = room.state.offers["11"]
    assert (offer.points_per_1000, offer.name) == (9000, "Likes for you")
    assert (offer.quantity_min, offer.quantity_max) == (20, 5000)
    await room.ledger.settled()
    event = await room.ledger.event(room.state.seq)
    assert isinstance(event, e.OfferChanged)
    assert event.by == f"admin:{ADMIN_ID}"
    assert event.key


async def test_the_limits_stay_the_right_way_round(room):
    await offered(room, LIKES)
    await room.press("edit:max:11")
    await room.type("100")
    await room.press("edit:min:11")
    assert "from 10 to 100" in await room.type("101")


async def test_limits_of_the_provider_beyond_ours_say_which_of_ours_comes_first(room):
    await offered(room, LIKES)
    await room.press("edit:max:11")
    await room.type("50")
    room.catalogue.services = {"11": replace(LIKES, quantity_min=100)}
    await room.press("edit:min:11")
    assert "our largest order is 50. Please change the largest one first." in await room.type("100")
    await room.press("edit:max:11")
    await room.type("500")
    room.catalogue.services = {"11": replace(LIKES, quantity_max=80)}
    await room.press("edit:max:11")
    assert "our smallest order is 100. Please change the smallest one" in await room.type("80")


async def test_a_service_that_takes_any_quantity_is_offered_up_to_the_most_of_an_order(room):
    room.catalogue.services = {"11": replace(LIKES, quantity_max=2**31 - 1)}
    await offered(room, LIKES)
    assert room.state.offers["11"].quantity_max == 1_000_000_000
    await room.press("edit:max:11")
    assert "from 10 to 1,000,000,000" in await room.type("2,000,000,000")


async def test_a_price_that_covers_the_cost_again_ends_the_pause(room):
    await offered(room, LIKES)
    room.catalogue.services = {"11": replace(LIKES, rate_micro=2_000_000)}
    offer = replace(
        room.state.offers["11"], rate_micro=2_000_000, paused_because=PauseReason.PRICE_ROSE
    )
    fields = {name: getattr(offer, name) for name in offer.__struct_fields__}
    await room.do(c.ChangeOffer(by="system", **fields))
    shown = await room.press("services:0")
    assert "⏸ Paused: the provider takes more for it than it brings in." in shown
    await room.press("edit:price:11")
    assert "⏸ Paused" in await room.type("19999")
    await room.press("edit:price:11")
    assert "🟢 On" in await room.type("20000")


async def test_a_price_below_the_cost_pauses_the_offer_at_once_in_the_same_event(room):
    await offered(room, LIKES)
    await room.press("edit:price:11")
    before = room.state.seq
    shown = await room.type("4999")
    assert "⏸ Paused: the provider takes more for it than it brings in." in shown
    assert "It earns less than it costs." in shown
    assert room.state.seq == before + 1
    assert not room.state.offers["11"].is_sold


# The provider's list


async def test_the_list_is_read_again_with_progress_and_a_failure_is_said(room):
    room.catalogue.after = [LIKES]
    shown = await room.press("read_services")
    assert "Reading the provider's list" in room.screen.said[-2]
    assert "The provider has 1 service" in shown
    room.catalogue.problem = CallFailed(ReasonCode.PROVIDER_FAULT, http_status=503)
    assert "The last reading failed: The provider had a fault (HTTP 503)." in await room.press(
        "read_services"
    )


async def test_an_offer_whose_service_is_gone_can_still_be_changed(room):
    await offered(room, LIKES)
    room.catalogue.services = {}
    assert "Instagram Likes" in await room.press("offer:11")
    await room.press("edit:min:11")
    await room.type("1")
    assert room.state.offers["11"].quantity_min == 1


async def test_names_of_the_provider_are_text_and_no_markup(room):
    room.catalogue.services = {"1": replace(LIKES, service_id="1", name="<b>\u202e\n" + "x" * 300)}
    shown = await room.press("service:1")
    assert "<b>" in shown
    assert "\u202e" not in shown
    await room.tap("✅ Offer it")
    assert len(room.state.offers["1"].name) <= 200


async def test_a_provider_without_a_list_has_no_services_page(room):
    room.services.catalogue = None
    await room.press("panel")
    assert "🛍 Services" not in room.labels()
    for data in (
        "services:0",
        "offer:11",
        "add:11:100",
        "edit:price:11",
        "categories:0",
        "found:0",
    ):
        assert "no list of services" in await room.press(data)


async def test_somebody_who_is_no_admin_changes_no_offer(room):
    await offered(room, LIKES)
    before = room.state.seq
    for data in ("switch:11:0", "add:12:100", "move:11:up", "edit:price:11"):
        await room.press(data, by=ANNA)
    await room.type("5", by=ANNA)
    assert room.state.seq == before


@pytest.mark.parametrize("what", ["", "colour", "position", "service_id"])
async def test_only_known_fields_are_asked_for(room, what):
    await offered(room, LIKES)
    await room.press(f"edit:{what}:11")
    assert room.services.steps == {}
