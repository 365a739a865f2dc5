"""The simulated panel in the shapes of the second script family; the orders are the same."""

import pytest

LINK = "https://youtu.be/dQw4w9WgXcQ"


async def test_an_order_of_one_family_is_seen_by_the_other(shop_v2, shop_v1):
    first = await shop_v1.call("add", service=101, link=LINK, quantity=1000)
    assert first == {"status": "success", "order": 880001}
    assert (await shop_v2.call("status", order=880001))["charge"] == "0.90000"
    assert await shop_v1.call("balance") == {
        "status": "success",
        "balance": "99.10000",
        "currency": "USD",
    }


async def test_a_status_also_names_its_order_and_null_is_empty_text(shop_v1):
    order = await shop_v1.order()
    assert await shop_v1.call("status", order=order) == {
        "order": order,
        "charge": "0.90000",
        "start_count": "",
        "status": "Pending",
        "remains": "1000",
        "currency": "USD",
    }


async def test_an_unknown_id_among_several_is_plain_text(shop_v1):
    order = await shop_v1.order()
    found = await shop_v1.call("status", orders=f"{order},7")
    assert (found[str(order)]["order"], found["7"]) == (order, "Incorrect order ID")
    assert await shop_v1.call("status", order=7) == {"error": "Incorrect order ID"}


async def test_the_fork_with_the_slip_shows_the_row_before_an_unknown_id(shop_v1, world):
    order = await shop_v1.order()
    await world.panel.faults("wrong_row")
    found = await shop_v1.call("status", orders=f"{order},7")
    assert found["7"] == found[str(order)]
    assert found["7"]["order"] == order


async def test_without_services_there_is_an_object(shop_v1, world):
    assert len(await shop_v1.call("services")) == 10
    for service in (await world.panel.state())["services"]:
        await world.panel.remove_service(service["service"])
    assert await shop_v1.call("services") == {"status": "success", "data": "Empty Data"}


async def test_a_drip_feed_order_has_no_charge_and_no_remains(shop_v1):
    order = await shop_v1.order(service=501, quantity=100, runs=2, interval=5)
    found = await shop_v1.call("status", order=order)
    assert found == {"order": order, "status": "Pending", "runs": "2", "orders": []}


async def test_a_word_it_does_not_know_is_shown_as_pending(shop_v1, shop_v2, world):
    order = await shop_v1.order()
    await world.panel.set_order(order, status="Awaiting moderation")
    assert (await shop_v1.call("status", order=order))["status"] == "Pending"
    assert (await shop_v2.call("status", order=order))["status"] == "Awaiting moderation"


@pytest.mark.parametrize("action", ["refill", "refill_status", "cancel", "nonsense"])
async def test_it_has_four_actions_only(shop_v1, action):
    assert await shop_v1.call(action, orders="1") == {"error": "This action is Invalid"}


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"service": 999}, "Service ID does not exists"),
        ({"quantity": 9}, "Quantity must to be greater than or equal to minimum amount 10"),
        (
            {"quantity": 1_000_001},
            "Quantity must to be less than or equal to maximum amount 1000000",
        ),
        ({"link": "bad"}, "Invalid Link"),
        ({"quantity": 1_000_000}, "Not enough funds on balance"),
    ],
)
async def test_a_refused_order_has_a_message_and_no_error(shop_v1, form, message):
    asked = {"service": 101, "link": LINK, "quantity": 100, **form}
    assert await shop_v1.call("add", **asked) == {"status": "error", "message": message}


async def test_a_duplicate_is_refused_in_its_own_words(shop_v1):
    await shop_v1.order()
    again = await shop_v1.call("add", service=101, link="https://youtu.be/video000001", quantity=10)
    assert again["message"].startswith("you have already an active order for this link")


async def test_what_concerns_the_whole_request_is_an_error(shop_v1):
    missing = "There are missing required parameters. Please check your API manual"
    assert await shop_v1.call("add", service=101) == {"error": missing}
    shop_v1.key = "wrong"
    assert await shop_v1.call("balance") == {"error": "API is disabled or user not found"}


async def test_values_are_decoded_once_more_and_lose_their_tags(shop_v1, world):
    await shop_v1.call("add", service=101, link=f"{LINK}%3Ft=1<b>", quantity=10)
    assert (await world.panel.orders())[0].link == f"{LINK}?t=1"
