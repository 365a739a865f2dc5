"""Rules for orders, from the price to the final status: given, when, then."""

import pytest
from msgspec.structs import replace
from support.given import ANNA, BEN, Scenario, facts

from ledger import commands as c
from ledger import refusals as r
from ledger.economy import Economy, price_points, views_offer
from ledger.reason_codes import NEVER_REACHED, ReasonCode
from ledger.state import State

ORDER = "0123456789ab"


@pytest.fixture
def world() -> Scenario:
    world = Scenario()
    world.join(ANNA)
    world.give(ANNA, 250)
    return world


def send(order_id: str = ORDER) -> c.SendOrder:
    return c.SendOrder(by="system", order_id=order_id)


ACCEPT = c.AcceptOrder(by="provider", order_id=ORDER, provider_order_id="77", answer="{}")
REJECT = c.RejectOrder(by="provider", order_id=ORDER, reason_code=ReasonCode.LINK_REFUSED)
UNCLEAR = c.NoteUnclear(by="system", order_id=ORDER, reason_code=ReasonCode.NO_ANSWER)
NOT_SENT = c.NoteNotSent(by="system", order_id=ORDER, reason_code=ReasonCode.PROVIDER_UNREACHABLE)


def test_an_order_reserves_its_price(world):
    assert facts(world.order(ANNA, ORDER)) == [("OrderPlaced", ANNA, None)]
    assert world.balance(ANNA) == 150
    assert world.state.orders[ORDER].reserve_points == 100
    assert world.state.posted_points == 0


def test_two_taps_on_confirm_make_one_order(world):
    world.order(ANNA, ORDER)
    assert world.order(ANNA, ORDER) == r.AlreadyDone()
    assert world.balance(ANNA) == 150


def test_an_order_may_take_the_last_point(world):
    assert facts(world.order(ANNA, ORDER, 25, 250)) == [("OrderPlaced", ANNA, None)]
    assert world.balance(ANNA) == 0


def test_nobody_orders_beyond_their_points(world):
    assert world.order(ANNA, ORDER, 30, 300) == r.NotEnoughPoints(50, 250)
    assert world.balance(ANNA) == 250


@pytest.mark.parametrize("quantity", [-5, 0, 9, 100_001])
def test_an_order_has_a_smallest_and_a_largest_size(world, quantity):
    assert world.order(ANNA, ORDER, quantity, quantity * 10) == r.QuantityOutOfRange(10, 100_000)


@pytest.mark.parametrize("quantity", [10, 100_000])
def test_the_smallest_and_the_largest_order_can_be_placed(world, quantity):
    world.give(ANNA, 1_000_000)
    assert facts(world.order(ANNA, ORDER, quantity, quantity * 10)) == [("OrderPlaced", ANNA, None)]


def test_a_price_that_nobody_agreed_to_is_not_taken(world):
    world.set("points_per_1000_views", 12_000)
    assert world.order(ANNA, ORDER, 10, 100) == r.PriceChanged(120)


def test_a_banned_person_orders_nothing(world):
    world.when(c.Ban(by="admin:7", user_id=ANNA, key=world.key()))
    assert world.order(ANNA, ORDER) == r.UserIsBanned()


def test_an_unknown_person_orders_nothing(world):
    assert world.order(BEN, ORDER) == r.UnknownUser(BEN)


def test_where_the_provider_reports_nothing_more_an_accepted_order_is_spent(world):
    world.order(ANNA, ORDER)
    world.when(send())
    (event,) = world.when(ACCEPT)
    assert event.spent_points == 100
    order = world.state.orders[ORDER]
    assert (order.status, order.reserve_points, order.provider_order_id) == ("accepted", 0, "77")
    assert order.is_closed
    assert (world.balance(ANNA), world.state.spent_points) == (150, 100)
    assert world.state.posted_points == 0


def test_a_rejected_order_gives_all_its_points_back(world):
    world.order(ANNA, ORDER)
    world.when(send())
    world.when(REJECT)
    assert world.balance(ANNA) == 250
    assert world.state.orders[ORDER].reserve_points == 0


def test_a_second_rejection_gives_nothing_more(world):
    world.order(ANNA, ORDER)
    world.when(send())
    world.when(REJECT)
    assert world.when(REJECT) == r.WrongOrderStatus("rejected")
    assert world.balance(ANNA) == 250


def test_what_never_left_may_be_sent_again(world):
    world.order(ANNA, ORDER)
    world.when(send())
    world.when(NOT_SENT)
    assert facts(world.when(send())) == [("OrderSending", ANNA, None)]
    assert world.state.orders[ORDER].attempts == 2


def test_what_may_have_arrived_is_never_sent_again(world):
    world.order(ANNA, ORDER)
    world.when(send())
    world.when(UNCLEAR)
    assert world.when(send()) == r.WrongOrderStatus("unclear")
    assert world.when(NOT_SENT) == r.WrongOrderStatus("unclear")


@pytest.mark.parametrize(("word", "balance"), [(ACCEPT, 150), (REJECT, 250)])
def test_an_admin_settles_an_unclear_order_once(world, word, balance):
    world.order(ANNA, ORDER)
    world.when(send())
    world.when(UNCLEAR)
    assert isinstance(world.when(word), tuple)
    assert isinstance(world.when(word), r.WrongOrderStatus)
    assert world.balance(ANNA) == balance


REFUND = c.RejectOrder(by="admin:7", order_id=ORDER, reason_code=ReasonCode.REFUNDED_BY_ADMIN)


@pytest.mark.parametrize("steps", [[], [send(), NOT_SENT], [send(), UNCLEAR]])
def test_an_admin_refunds_an_order_that_waits_or_is_unclear_once(world, steps):
    world.order(ANNA, ORDER)
    for step in steps:
        world.when(step)
    (event,) = world.when(REFUND)
    assert (event.by, event.refund_points) == ("admin:7", 100)
    assert world.balance(ANNA) == 250
    assert world.when(REFUND) == r.WrongOrderStatus("rejected")
    assert world.when(send()) == r.WrongOrderStatus("rejected")


def test_an_admin_cannot_refund_an_order_that_is_on_its_way(world):
    world.order(ANNA, ORDER)
    world.when(send())
    assert world.when(REFUND) == r.WrongOrderStatus("sending")
    assert isinstance(world.when(ACCEPT), tuple)
    assert world.balance(ANNA) == 150


def test_every_stage_follows_only_from_its_own(world):
    world.order(ANNA, ORDER)
    for command in (ACCEPT, UNCLEAR, NOT_SENT):
        assert world.when(command) == r.WrongOrderStatus("placed")
    world.when(send())
    assert world.when(send()) == r.WrongOrderStatus("sending")
    world.when(ACCEPT)
    for command in (send(), ACCEPT, REJECT, UNCLEAR, NOT_SENT):
        assert world.when(command) == r.WrongOrderStatus("accepted")
    assert world.when(send("ffffffffffff")) == r.UnknownOrder()


@pytest.mark.parametrize("command", [ACCEPT, REJECT, UNCLEAR, NOT_SENT])
def test_a_very_long_answer_is_kept_in_part(world, command):
    world.order(ANNA, ORDER)
    world.when(send())
    (event,) = world.when(replace(command, answer="x" * 9999))
    assert event.answer == "x" * 2048


def test_a_price_is_rounded_up_to_a_whole_point():
    economy = Economy(points_per_1000_views=333)
    assert [price_points(economy, views) for views in (1, 3, 1000, 1001)] == [1, 1, 333, 334]


@pytest.mark.parametrize("rate", [1, 7, 333, 1000, 10_000, 123_457])
@pytest.mark.parametrize("sizes", [(10, 100_000), (1, 1), (7, 7), (1, 12)])
def test_at_the_price_of_the_next_order_it_can_be_had_and_one_point_below_not(rate, sizes):
    low, high = sizes
    economy = Economy(points_per_1000_views=rate, order_views_min=low, order_views_max=high)
    offer = views_offer(economy)
    for points in range(200):
        most, wanted = offer.largest_order(points), offer.next_order(points)
        assert most == 0 or (low <= most <= high and price_points(economy, most) <= points)
        if not wanted:
            assert most == high
            continue
        price = price_points(economy, wanted)
        assert price > points
        assert most < low <= wanted or wanted == most + 1
        assert offer.largest_order(price) >= wanted
        assert offer.largest_order(price - 1) < wanted


def number(of: int) -> str:
    return f"{of:012x}"


def test_more_orders_than_a_minute_may_have_are_refused_with_the_time_to_wait(world):
    world.set("orders_per_minute_max", 2)
    world.give(ANNA, 10_000)
    world.order(ANNA, number(1))
    world.later(20)
    world.order(ANNA, number(2))
    world.later(0.5)
    assert world.order(ANNA, number(3)) == r.TooManyOrders(2, 40)
    world.later(39.499)
    assert world.order(ANNA, number(3)) == r.TooManyOrders(2, 1)
    world.later(0.001)
    assert facts(world.order(ANNA, number(3))) == [("OrderPlaced", ANNA, None)]
    assert world.order(ANNA, number(4)) == r.TooManyOrders(2, 20)


def test_a_limit_of_orders_is_one_for_each_person_and_a_second_tap_is_none_of_them(world):
    world.set("orders_per_minute_max", 1)
    world.join(BEN)
    world.give(BEN, 100)
    world.order(ANNA, number(1))
    assert world.order(ANNA, number(1)) == r.AlreadyDone()
    assert facts(world.order(BEN, number(2))) == [("OrderPlaced", BEN, None)]


def test_with_a_limit_of_zero_nobody_can_order(world):
    world.set("orders_per_minute_max", 0)
    assert world.order(ANNA, number(1)) == r.TooManyOrders(0, 0)
    world.set("orders_per_minute_max", 1)
    assert facts(world.order(ANNA, number(1))) == [("OrderPlaced", ANNA, None)]


def test_a_clock_set_back_does_not_keep_anybody_from_ordering(world):
    world.set("orders_per_minute_max", 1)
    world.order(ANNA, number(1))
    world.later(-3600)
    assert facts(world.order(ANNA, number(2))) == [("OrderPlaced", ANNA, None)]
    assert world.order(ANNA, number(3)) == r.TooManyOrders(1, 60)


def test_orders_of_the_previous_bot_do_not_count_as_orders_of_this_minute(world):
    world.set("orders_per_minute_max", 1)
    imported = c.ImportOrder(
        by="system",
        order_id="OLD",
        user_id=ANNA,
        video_link="x",
        quantity=5,
        price_points=50,
        old_status="pending",
    )
    assert isinstance(world.when(imported), tuple)
    assert facts(world.order(ANNA, number(1))) == [("OrderPlaced", ANNA, None)]


def test_what_is_set_aside_is_what_open_orders_have(world):
    for order_id in (number(1), number(2)):
        world.order(ANNA, order_id)
        world.when(send(order_id))
    state = world.state
    assert (state.orders_points, state.spent_points) == (200, 0)
    world.when(replace(ACCEPT, order_id=number(1)))
    assert (state.orders_points, state.spent_points) == (100, 100)
    world.when(replace(UNCLEAR, order_id=number(2)))
    assert (state.orders_points, state.spent_points) == (100, 100)
    world.when(replace(REJECT, order_id=number(2)))
    assert (state.orders_points, state.spent_points) == (0, 100)
    again = State(state.books)
    assert (again.orders_points, again.spent_points) == (0, 100)


def test_attempts_that_never_reached_the_provider_are_used_up_and_refunded(world):
    world.set("order_attempts_max", 3)
    world.order(ANNA, ORDER)
    for _ in range(2):
        world.when(send())
        assert facts(world.when(NOT_SENT)) == [("OrderNotSent", ANNA, None)]
    world.when(send())
    (event,) = world.when(replace(NOT_SENT, http_status=0, answer="a"))
    assert (type(event).__name__, event.refund_points) == ("OrderRejected", 100)
    assert (event.reason_code, event.answer) == (ReasonCode.ATTEMPTS_USED_UP, "a")
    assert world.balance(ANNA) == 250
    assert world.when(send()) == r.WrongOrderStatus("rejected")


def test_only_attempts_without_a_connection_are_used_up(world):
    world.set("order_attempts_max", 1)
    world.order(ANNA, ORDER)
    for code in set(ReasonCode) - NEVER_REACHED:
        world.when(send())
        answer = world.when(replace(NOT_SENT, reason_code=code))
        assert facts(answer) == [("OrderNotSent", ANNA, None)]
    world.when(send())
    assert facts(world.when(NOT_SENT)) == [("OrderRejected", ANNA, None)]


def test_with_a_limit_of_zero_an_order_is_tried_for_as_long_as_it_takes(world):
    world.set("order_attempts_max", 0)
    world.order(ANNA, ORDER)
    for _ in range(40):
        world.when(send())
        assert facts(world.when(NOT_SENT)) == [("OrderNotSent", ANNA, None)]
