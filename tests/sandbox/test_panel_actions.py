"""The simulated panel's API v2: every action, as real panels answer it."""

import json

import pytest

LINK = "https://youtu.be/dQw4w9WgXcQ"


async def test_the_catalogue_has_several_platforms_and_kinds(shop_v2):
    services = {one["service"]: one for one in await shop_v2.call("services")}
    assert services[101] == {
        "service": 101,
        "name": "YouTube Views [Fast | 30 days refill]",
        "type": "Default",
        "category": "YouTube | Views",
        "rate": "0.90",
        "min": "10",
        "max": "1000000",
        "dripfeed": False,
        "refill": True,
        "cancel": True,
    }
    assert {one["type"] for one in services.values()} == {"Default", "Custom Comments", "Package"}
    assert [one["service"] for one in services.values() if one["dripfeed"]] == [501]
    platforms = {one["category"].partition(" | ")[0] for one in services.values()}
    assert platforms >= {"YouTube", "TikTok", "Instagram", "Telegram"}


async def test_the_key_is_checked_before_anything_else(shop_v2):
    shop_v2.key = "somebody-else"
    assert await shop_v2.call("balance") == {"error": "Invalid API key"}
    assert await shop_v2.call("nonsense") == {"error": "Invalid API key"}


async def test_an_action_that_does_not_exist_is_refused(shop_v2, world):
    assert await shop_v2.call("nonsense") == {"error": "Incorrect request"}
    assert await world.panel.requests("other") == 1


async def test_an_order_runs_from_pending_to_completed_by_the_clock(shop_v2, clock):
    order = await shop_v2.order(quantity=1000)
    seen = []
    for step_s in (0, 10, 10, 10):
        clock.now += step_s
        found = await shop_v2.call("status", order=order)
        seen.append((found["status"], found["remains"], found["start_count"]))
    assert seen == [
        ("Pending", "1000", None),
        ("In progress", "750", "3572"),
        ("In progress", "250", "3572"),
        ("Completed", "0", "3572"),
    ]


async def test_a_status_names_charge_and_currency(shop_v2):
    order = await shop_v2.order(quantity=1000)
    found = await shop_v2.call("status", order=order)
    assert (found["charge"], found["currency"]) == ("0.90000", "USD")


async def test_up_to_100_orders_are_shown_at_once_and_a_bad_id_has_its_own_error(shop_v2):
    first, second = await shop_v2.order(1), await shop_v2.order(2)
    found = await shop_v2.call("status", orders=f"{first},999,{second},x")
    assert list(found) == [str(first), "999", str(second), "x"]
    assert found[str(second)]["status"] == "Pending"
    assert found["999"] == found["x"] == {"error": "Incorrect order ID"}
    many = ",".join(str(one) for one in range(101))
    assert await shop_v2.call("status", orders=many) == {"error": "Incorrect request"}


@pytest.mark.parametrize("order", ["999", "x", "-1", "880001.0"])
async def test_the_status_of_no_order_is_an_error(shop_v2, order):
    assert await shop_v2.call("status", order=order) == {"error": "Incorrect order ID"}


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"service": "", "link": LINK, "quantity": 100}, "Incorrect request"),
        ({"service": 101, "link": "", "quantity": 100}, "Incorrect request"),
        ({"service": 101, "link": LINK, "quantity": ""}, "Incorrect request"),
        ({"service": 103, "link": LINK}, "Incorrect request"),
        ({"service": 999, "link": LINK, "quantity": 100}, "error.incorrect_service_id"),
        ({"service": "x", "link": LINK, "quantity": 100}, "error.incorrect_service_id"),
        ({"service": 101, "link": "youtube", "quantity": 100}, "neworder.error.link"),
        ({"service": 101, "link": f"{LINK} x", "quantity": 100}, "neworder.error.link"),
        ({"service": 101, "link": LINK, "quantity": "ten"}, "neworder.error.quantity"),
        ({"service": 101, "link": LINK, "quantity": "1e3"}, "neworder.error.quantity"),
        ({"service": 101, "link": LINK, "quantity": 9}, "neworder.error.min_quantity"),
        ({"service": 101, "link": LINK, "quantity": 1_000_001}, "neworder.error.max_quantity"),
        ({"service": 103, "link": LINK, "comments": "a\nb"}, "neworder.error.min_quantity"),
        (
            {"service": 101, "link": LINK, "quantity": 100, "runs": 2, "interval": 5},
            "neworder.error.runs",
        ),
        ({"service": 501, "link": LINK, "quantity": 100, "runs": 2}, "neworder.error.runs"),
        ({"service": 301, "link": LINK, "quantity": 100_000}, "neworder.error.not_enough_funds"),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused_and_costs_nothing(
    shop_v2, world, form, error
):
    assert await shop_v2.call("add", **form) == {"error": error}
    assert await world.panel.orders() == []
    assert await world.panel.balance_micro() == 100_000_000


async def test_comments_are_counted_by_their_lines(shop_v2, world):
    comments = "one\r\ntwo\n\nthree\nfour\nfive ❤\n"
    await shop_v2.call("add", service=103, link=LINK, comments=comments)
    (order,) = await world.panel.orders()
    assert (order.quantity, order.comments) == (5, ["one", "two", "three", "four", "five ❤"])
    assert order.cost_micro == 70_000


async def test_a_package_has_one_price_for_the_whole(shop_v2, world):
    order = await shop_v2.order(service=601, quantity="")
    assert await world.panel.balance_micro() == 100_000_000 - 4_990_000
    assert (await shop_v2.call("status", order=order))["remains"] == "0"


async def test_a_drip_feed_order_costs_all_its_runs(shop_v2, world):
    order = await shop_v2.order(service=501, quantity=100, runs=10, interval=60)
    assert (await shop_v2.call("status", order=order))["remains"] == "1000"
    assert await world.panel.balance_micro() == 100_000_000 - 1_350_000


async def test_a_second_order_for_a_link_is_refused_while_the_first_runs(shop_v2, clock):
    await shop_v2.order()
    form = {"service": 101, "link": "https://youtu.be/video000001", "quantity": 10}
    assert await shop_v2.call("add", **form) == {"error": "neworder.error.link_duplicate"}
    assert "order" in await shop_v2.call("add", **{**form, "service": 102})
    clock.now += 30
    assert "order" in await shop_v2.call("add", **form)


async def test_the_guard_against_duplicates_can_be_off_or_ignore_the_query(shop_v2, world):
    watch = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    form = {"service": 101, "link": watch, "quantity": 10}
    await shop_v2.call("add", **form)
    other = {**form, "link": watch.replace("dQw4", "aaaa")}
    await world.panel.settings(duplicate_guard="before_query")
    assert await shop_v2.call("add", **other) == {"error": "neworder.error.link_duplicate"}
    await world.panel.settings(duplicate_guard="off")
    assert "order" in await shop_v2.call("add", **form)


async def test_a_completed_order_is_refilled_where_the_service_allows_it(shop_v2, clock):
    done, not_refillable = await shop_v2.order(1), await shop_v2.order(2, service=102)
    clock.now += 30
    running = await shop_v2.order(3)
    no = "Order not eligible for refill."
    assert await shop_v2.call("refill", order=done) == {"refill": "1"}
    assert await shop_v2.call("refill", order=running) == {"error": no}
    assert await shop_v2.call("refill", orders=f"{done},{not_refillable},7") == [
        {"order": done, "refill": "2"},
        {"order": not_refillable, "refill": {"error": no}},
        {"order": 7, "refill": {"error": "Incorrect order ID"}},
    ]
    assert await shop_v2.call("refill_status", refill=1) == {"status": "In progress"}
    clock.now += 30
    assert await shop_v2.call("refill_status", refills="1,9") == [
        {"refill": 1, "status": "Completed"},
        {"refill": 9, "status": {"error": "Incorrect refill ID"}},
    ]


async def test_a_cancellation_stops_what_runs_and_returns_what_was_not_delivered(
    shop_v2, world, clock
):
    half = await shop_v2.order(1)
    clock.now += 15
    fresh, fixed = await shop_v2.order(2), await shop_v2.order(3, service=301, quantity=50)
    answer = await shop_v2.call("cancel", orders=f"{half},{fresh},{fixed},7")
    assert answer == [
        {"order": half, "cancel": 1},
        {"order": fresh, "cancel": 1},
        {"order": fixed, "cancel": {"error": "Order can't be canceled"}},
        {"order": 7, "cancel": {"error": "Incorrect order ID"}},
    ]
    clock.now += 100
    shown = [(one.status, one.remains, one.charge) for one in await world.panel.orders()]
    assert shown == [
        ("Partial", 500, "0.45000"),
        ("Canceled", 1000, "0.00000"),
        ("Completed", 0, "0.12000"),
    ]
    again = await shop_v2.call("cancel", orders=half)
    assert again == [{"order": half, "cancel": {"error": "Order can't be canceled"}}]


async def test_a_cancellation_may_be_accepted_and_have_no_effect(shop_v2, world):
    await world.panel.settings(cancel_works=False)
    order = await shop_v2.order()
    assert await shop_v2.call("cancel", orders=order) == [{"order": order, "cancel": 1}]
    assert (await shop_v2.call("status", order=order))["status"] == "Pending"


@pytest.mark.parametrize(
    ("numbers", "status", "balance"),
    [
        ("mixed", ["0.90000", None, "1000"], '{"balance":"99.10000","currency":"USD"}'),
        ("text", ["0.90000", None, "1000"], '{"balance":"99.10000","currency":"USD"}'),
        ("number", [0.9, None, 1000], '{"balance":99.10000,"currency":"USD"}'),
    ],
)
async def test_numbers_are_written_as_the_panel_is_set(shop_v2, world, numbers, status, balance):
    await world.panel.settings(numbers=numbers)
    status_, body = await shop_v2.raw("add", service=101, link=LINK, quantity=1000)
    order = '"880001"' if numbers == "text" else "880001"
    assert (status_, body) == (200, f'{{"order":{order}}}')
    found = await shop_v2.call("status", order=880001)
    assert [found["charge"], found["start_count"], found["remains"]] == status
    assert (await shop_v2.raw("balance"))[1] == balance
    assert json.loads(balance)["currency"] == "USD"
