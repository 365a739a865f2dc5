"""Rules for orders that the provider has: progress, ends, refunds, requests: given, when, then."""

import pytest
from msgspec.structs import replace
from support.given import ANNA, BEN, NOON_MS, Scenario, facts, offer, replayed

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.order_status import ENDS, OrderStatus
from ledger.reason_codes import OrderRequest, ReasonCode
from ledger.rules.deliveries import ODDITIES_MAX
from ledger.state import CLOSED_KEPT_MS, State

ORDER, OTHER = "0123456789ab", "0123456789ac"
PRICE, QUANTITY = 333, 1000
COMPLETED, PARTIAL, CANCELED = OrderStatus.COMPLETED, OrderStatus.PARTIAL, OrderStatus.CANCELED
KEPT_S = CLOSED_KEPT_MS / 1000


@pytest.fixture
def world() -> Scenario:
    """Anna has no points left, and 1,000 views on order for 333 points."""
    world = Scenario()
    world.join(ANNA)
    world.followed(ANNA, ORDER, QUANTITY, PRICE)
    assert world.balance(ANNA) == 0
    return world


def progress(remains=None, start_count=None) -> c.NoteProgress:
    return c.NoteProgress(by="provider", order_id=ORDER, remains=remains, start_count=start_count)


def review(code=ReasonCode.STATUS_UNKNOWN) -> c.NoteReview:
    return c.NoteReview(by="provider", order_id=ORDER, reason_code=code, answer="Odd")


def request(what, by=f"user:{ANNA}") -> c.RequestForOrder:
    return c.RequestForOrder(by=by, order_id=ORDER, what=what)


def answer(what, *, granted) -> c.NoteRequestAnswer:
    return c.NoteRequestAnswer(by="provider", order_id=ORDER, what=what, granted=granted)


def check_points(world, *, back: int) -> None:
    """The person has what came back, the house the rest, and nothing is reserved any more."""
    order = world.state.orders[ORDER]
    assert (world.balance(ANNA), order.refunded_points, order.reserve_points) == (back, back, 0)
    assert world.state.spent_points == PRICE - back
    assert (world.state.orders_points, world.state.posted_points) == (0, 0)


def test_the_points_of_a_followed_order_stay_reserved_until_its_end(world):
    order = world.state.orders[ORDER]
    assert (order.status, order.reserve_points, order.is_closed) == ("accepted", PRICE, False)
    world.when(progress(1000, 5))
    assert (order.status, order.reserve_points) == ("in_progress", PRICE)
    assert world.state.spent_points == 0


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize(
    ("remains", "back"),
    [(0, 0), (1, 0), (500, 166), (999, 332), (1000, 333), (1500, 333), (-5, 0)],
)
def test_a_partly_delivered_order_gives_back_the_rest_rounded_down(world, remains, back, begun):
    if begun:
        world.when(progress(900))
    (event,) = world.end(ORDER, PARTIAL, remains)
    assert (type(event), event.refund_points) == (e.OrderPartial, back)
    assert event.spent_points == PRICE - back
    check_points(world, back=back)


@pytest.mark.parametrize("remains", [None, 10**30])
def test_how_much_remains_must_be_known_before_a_part_is_given_back(world, remains):
    assert world.end(ORDER, PARTIAL, remains) == r.RemainsUnknown()
    assert world.state.orders[ORDER].reserve_points == PRICE


@pytest.mark.parametrize("remains", [None, 0, 700, -5])
def test_a_completed_order_gives_nothing_back(world, remains):
    (event,) = world.end(ORDER, COMPLETED, remains)
    assert isinstance(event, e.OrderCompleted)
    check_points(world, back=0)


@pytest.mark.parametrize(
    ("remains", "back"), [(None, 333), (0, 333), (1000, 333), (2000, 333), (-1, 333), (500, 166)]
)
def test_a_canceled_order_gives_all_back_unless_a_part_was_delivered(world, remains, back):
    (event,) = world.end(ORDER, CANCELED, remains)
    assert isinstance(event, e.OrderCanceled)
    check_points(world, back=back)


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - ENDS))
def test_only_an_end_ends_an_order(world, status):
    assert isinstance(world.end(ORDER, status, 500), r.WrongOrderStatus)
    world.end(ORDER, PARTIAL, 500)
    assert isinstance(world.end(ORDER, status, 900), r.WrongOrderStatus)
    check_points(world, back=166)


@pytest.mark.parametrize("status", sorted(ENDS))
def test_an_end_that_is_reported_again_changes_nothing(world, status):
    world.end(ORDER, status, 500)
    before = world.balance(ANNA)
    assert world.end(ORDER, status, 500) == r.NothingChanges()
    assert world.balance(ANNA) == before


def test_an_end_that_changes_pays_only_the_difference(world):
    world.end(ORDER, PARTIAL, 500)
    (event,) = world.end(ORDER, PARTIAL, 900)
    assert isinstance(event, e.OrderCorrected)
    assert (event.refund_points, event.excess_points) == (299 - 166, 0)
    check_points(world, back=299)
    (event,) = world.end(ORDER, CANCELED)
    assert (event.status, event.refund_points) == (CANCELED, 333 - 299)
    check_points(world, back=333)
    assert world.end(ORDER, CANCELED) == r.NothingChanges()


def test_what_was_given_back_too_much_stays_and_is_recorded_once(world):
    world.end(ORDER, PARTIAL, 500)
    (event,) = world.end(ORDER, COMPLETED, 0)
    assert (event.refund_points, event.excess_points) == (0, 166)
    assert world.state.orders[ORDER].status is COMPLETED
    for remains in (0, None, 0, -3, 7):
        assert world.end(ORDER, COMPLETED, remains) == r.NothingChanges()
    check_points(world, back=166)


def test_after_too_much_was_given_back_only_what_goes_beyond_that_is_paid(world):
    world.end(ORDER, PARTIAL, 500)
    world.end(ORDER, PARTIAL, 200)  # 66 are due, 166 are paid
    (event,) = world.end(ORDER, PARTIAL, 600)
    assert (event.refund_points, event.excess_points) == (199 - 166, 0)
    check_points(world, back=199)


@pytest.mark.parametrize(("end", "back"), [(COMPLETED, 0), (CANCELED, PRICE)])
def test_the_order_of_a_person_in_debt_comes_to_its_end_too(world, end, back):
    fraud = c.TakeBackEarnings(
        by="admin:7", user_id=ANNA, amount_points=5000, key=world.key(), below_zero=True
    )
    world.when(fraud)
    assert isinstance(world.end(ORDER, end), tuple)
    assert (world.balance(ANNA), world.state.posted_points) == (back - 5000, 0)


def test_an_end_that_swings_to_and_fro_never_gives_back_more_than_its_largest_refund(world):
    world.end(ORDER, PARTIAL, 400)
    for _ in range(5):
        world.end(ORDER, COMPLETED)
        world.end(ORDER, PARTIAL, 400)
        world.end(ORDER, CANCELED, 500)
    check_points(world, back=166)


def test_an_order_of_which_the_provider_reports_nothing_has_no_other_end():
    world = Scenario()
    world.join(ANNA)
    world.give(ANNA, 100)
    world.order(ANNA, ORDER)
    world.when(c.SendOrder(by="system", order_id=ORDER))
    # Without the provider's number nobody could ask what becomes of it.
    world.when(c.AcceptOrder(by="admin:7", order_id=ORDER, followed=True))
    order = world.state.orders[ORDER]
    assert (order.followed, order.reserve_points, world.state.spent_points) == (False, 0, 100)
    closed = r.WrongOrderStatus(OrderStatus.ACCEPTED)
    assert world.end(ORDER, CANCELED) == closed
    for command in (progress(5), review(), answer(OrderRequest.CANCEL, granted=True)):
        assert isinstance(world.when(command), r.WrongOrderStatus | r.NothingChanges)
    assert world.balance(ANNA) == 0


@pytest.mark.parametrize("steps", [[], ["send"], ["send", "unclear"], ["send", "reject"]])
def test_an_order_that_the_provider_does_not_have_can_not_be_delivered(steps):
    world = Scenario()
    world.join(ANNA)
    world.give(ANNA, 100)
    world.order(ANNA, ORDER)
    by_name = {
        "send": c.SendOrder(by="system", order_id=ORDER),
        "unclear": c.NoteUnclear(by="system", order_id=ORDER, reason_code=ReasonCode.NO_ANSWER),
        "reject": c.RejectOrder(by="provider", order_id=ORDER, reason_code=ReasonCode.REFUSED),
    }
    for step in steps:
        world.when(by_name[step])
    before = world.balance(ANNA)
    assert isinstance(world.end(ORDER, CANCELED), r.WrongOrderStatus)
    assert isinstance(world.when(progress(5)), r.WrongOrderStatus)
    assert isinstance(world.when(review()), r.WrongOrderStatus)
    assert world.balance(ANNA) == before


def test_an_unknown_order_is_unknown_to_every_command(world):
    commands = (progress(1), review(), request(OrderRequest.CANCEL))
    for command in commands:
        assert world.when(replace(command, order_id="ffffffffffff")) == r.UnknownOrder()


# Progress.


def test_progress_is_recorded_for_each_tenth_of_the_order(world):
    assert facts(world.when(progress(1000))) == [("OrderInProgress", ANNA, None)]
    recorded = [
        remains
        for remains in range(999, -1, -1)
        if isinstance(world.when(progress(remains)), tuple)
    ]
    assert recorded == [900, 800, 700, 600, 500, 400, 300, 200, 100, 0]
    assert world.state.orders[ORDER].remains == 0


def test_less_progress_than_before_is_not_recorded(world):
    world.when(progress(1000))
    lines = [world.when(progress(remains)) for _ in range(50) for remains in (300, 900)]
    assert [one for one in lines if isinstance(one, tuple)] == lines[:1]
    assert world.state.orders[ORDER].remains == 300


def test_a_count_before_the_delivery_is_recorded_once_it_is_known(world):
    world.when(progress(950))
    assert facts(world.when(progress(950, 17))) == [("OrderInProgress", ANNA, None)]
    assert world.when(progress(950, 18)) == r.NothingChanges()
    assert world.state.orders[ORDER].start_count == 17


def test_what_a_provider_leaves_out_stays_as_it_was_known(world):
    world.when(progress(950, 17))
    for left_out in (progress(950), progress(None, 17), progress()):
        assert world.when(left_out) == r.NothingChanges()
    world.when(progress(500))
    order = world.state.orders[ORDER]
    assert (order.start_count, order.remains) == (17, 500)


def test_a_count_too_large_for_a_line_of_the_log_counts_as_unknown(world):
    (event,) = world.when(progress(10**30, 2**53))
    assert (event.remains, event.start_count) == (None, None)


# A person must look at it.


def test_a_review_keeps_the_status_and_the_points_and_is_recorded_once(world):
    (event,) = world.when(review())
    assert isinstance(event, e.OrderNeedsReview)
    order = world.state.orders[ORDER]
    assert (order.status, order.review) == ("accepted", ReasonCode.STATUS_UNKNOWN)
    assert order.reserve_points == PRICE
    assert world.when(review()) == r.NothingChanges()
    assert isinstance(world.when(review(ReasonCode.STATUS_FAILED)), tuple)


@pytest.mark.parametrize(
    "go_on", [progress(950), c.EndOrder(by="admin:7", order_id=ORDER, status=COMPLETED)]
)
def test_a_review_is_over_when_the_order_goes_on(world, go_on):
    world.when(progress(950))
    world.when(review())
    assert isinstance(world.when(go_on), tuple)
    assert world.state.orders[ORDER].review is None


def test_a_provider_that_takes_turns_between_odd_words_and_progress_does_not_fill_the_log(world):
    turns = (review(), progress(900), review(ReasonCode.STATUS_FAILED))
    lines = [world.when(one) for _ in range(100) for one in turns]
    assert sum(isinstance(one, tuple) for one in lines) < 2 * ODDITIES_MAX
    assert world.state.orders[ORDER].review is not None
    assert isinstance(world.end(ORDER, PARTIAL, 500), tuple)
    check_points(world, back=166)


def test_a_provider_that_keeps_changing_an_end_is_put_before_an_admin_once(world):
    for _ in range(100):
        for status, remains in ((COMPLETED, 0), (PARTIAL, 500), (CANCELED, None)):
            world.end(ORDER, status, remains)
    order = world.state.orders[ORDER]
    changes = [one for one in world.log if isinstance(one, e.OrderCorrected)]
    assert (len(changes), order.review) == (ODDITIES_MAX, ReasonCode.END_KEEPS_CHANGING)
    check_points(world, back=PRICE)
    settled = c.EndOrder(by="admin:7", order_id=ORDER, status=COMPLETED, remains=0)
    assert isinstance(world.when(settled), tuple)
    assert (order.status, order.review) == (COMPLETED, None)
    check_points(world, back=PRICE)


def test_an_end_can_be_reviewed_too(world):
    world.end(ORDER, PARTIAL, 500)
    assert isinstance(world.when(review(ReasonCode.REMAINS_UNKNOWN)), tuple)
    check_points(world, back=166)


# What people ask for.


def test_the_owner_or_an_admin_may_ask_to_cancel_once(world):
    assert world.when(request(OrderRequest.CANCEL, f"user:{BEN}")) == r.UnknownOrder()
    assert isinstance(world.when(request(OrderRequest.CANCEL)), tuple)
    assert world.when(request(OrderRequest.CANCEL, "admin:7")) == r.AlreadyDone()
    assert isinstance(world.when(answer(OrderRequest.CANCEL, granted=True)), tuple)
    assert world.when(request(OrderRequest.CANCEL)) == r.AlreadyDone()
    # The points come back when the provider has done it, and not before.
    assert world.state.orders[ORDER].reserve_points == PRICE


def test_what_was_refused_may_be_asked_for_again(world):
    world.when(request(OrderRequest.CANCEL))
    world.when(answer(OrderRequest.CANCEL, granted=False))
    assert isinstance(world.when(request(OrderRequest.CANCEL)), tuple)


def test_an_answer_counts_once_and_only_if_something_was_asked(world):
    assert world.when(answer(OrderRequest.CANCEL, granted=True)) == r.NothingChanges()
    world.when(request(OrderRequest.CANCEL))
    assert world.when(answer(OrderRequest.REFILL, granted=True)) == r.NothingChanges()
    assert isinstance(world.when(answer(OrderRequest.CANCEL, granted=False)), tuple)
    assert world.when(answer(OrderRequest.CANCEL, granted=True)) == r.NothingChanges()


def test_a_delivery_can_be_cancelled_and_what_was_completed_can_be_refilled(world):
    assert isinstance(world.when(request(OrderRequest.REFILL)), r.WrongOrderStatus)
    world.end(ORDER, COMPLETED)
    assert isinstance(world.when(request(OrderRequest.CANCEL)), r.WrongOrderStatus)
    assert isinstance(world.when(request(OrderRequest.REFILL)), tuple)
    world.when(answer(OrderRequest.REFILL, granted=True))
    check_points(world, back=0)


@pytest.mark.parametrize("what", list(OrderRequest))
def test_what_the_provider_does_not_do_for_this_service_can_not_be_asked_for(what):
    world = Scenario()
    world.join(ANNA)
    world.followed(ANNA, ORDER)
    world.when(offer(can_cancel=False, can_refill=False, key=world.key()))
    if what is OrderRequest.REFILL:
        world.end(ORDER, COMPLETED)
    assert world.when(request(what)) == r.NotPossibleHere()


# Evidence.


def test_evidence_about_an_unclear_order_moves_nothing():
    world = Scenario()
    world.join(ANNA)
    world.give(ANNA, 100)
    world.order(ANNA, ORDER)
    found = c.NoteEvidence(
        by="system", order_id=ORDER, cost_micro=5, balance_before_micro=2**60, currency="USD"
    )
    assert isinstance(world.when(found), r.WrongOrderStatus)
    world.when(c.SendOrder(by="system", order_id=ORDER, balance_micro=10**30))
    unclear = c.NoteUnclear(
        by="system", order_id=ORDER, reason_code=ReasonCode.NO_ANSWER, evidence_follows=True
    )
    world.when(unclear)
    order = world.state.orders[ORDER]
    assert order.evidence_follows
    (event,) = world.when(found)
    assert (event.cost_micro, event.balance_before_micro, event.currency) == (5, None, "USD")
    assert (order.status, order.evidence_seq, order.evidence_follows) == (
        "unclear",
        event.seq,
        False,
    )
    assert order.reserve_points == 100


# The days' figures.


def test_the_figures_of_a_day_are_those_of_what_happened_on_it(world):
    charge = {"charge_micro": 70_000, "currency": "USD"}
    day = world.state.books.order_days["2026-01-01"]
    assert (day.placed, day.accepted, day.ended) == (1, 1, 0)
    world.later(86_400)
    world.end(ORDER, PARTIAL, 500, **charge)
    second = world.state.books.order_days["2026-01-02"]
    assert (second.placed, second.ended) == (0, 1)
    assert (second.spent_points, second.refunded_points, second.charged_micro) == (167, 166, 70_000)
    world.later(86_400)
    world.end(ORDER, CANCELED, charge_micro=10_000, currency="USD")
    third = world.state.books.order_days["2026-01-03"]
    assert (third.spent_points, third.refunded_points, third.charged_micro) == (-167, 167, -60_000)
    assert (third.ended, day.ended) == (0, 0)
    assert world.state.books.provider_currency == "USD"


def test_a_charge_too_large_for_a_line_of_the_log_counts_as_unknown(world):
    (event,) = world.end(ORDER, COMPLETED, charge_micro=10**30)
    assert event.charge_micro is None


def test_the_figures_of_the_newest_62_days_are_kept(world):
    for number in range(70):
        world.later(86_400)
        world.followed(ANNA, f"{number:012x}")
    days = world.state.books.order_days
    assert len(days) == 62
    assert max(days) == "2026-03-12"
    assert min(days) == "2026-01-10"


# Closed orders leave the memory.


def end_and_wait(world, seconds) -> None:
    """Orders leave with the next line about any order."""
    world.end(ORDER, PARTIAL, 500)
    world.later(seconds)
    world.join(BEN)
    world.followed(BEN, OTHER)


def test_a_closed_order_leaves_the_memory_after_48_hours(world):
    end_and_wait(world, KEPT_S)
    assert ORDER in world.state.orders
    world.later(0.001)
    world.end(OTHER, COMPLETED)
    assert set(world.state.orders) == {OTHER}
    closed = world.state.closed_orders[ORDER]
    assert closed.status is PARTIAL
    lines = [event.seq for event in world.log if getattr(event, "order_id", "") == ORDER]
    assert (closed.placed_seq, closed.last_seq) == (lines[0], lines[-1])
    assert world.state.orders_of[ANNA] == [ORDER]
    assert (world.state.orders_count, world.state.orders_by_status[PARTIAL]) == (2, 1)


def test_an_open_order_stays_in_memory_for_as_long_as_it_takes(world):
    world.later(KEPT_S * 100)
    world.join(BEN)
    world.followed(BEN, OTHER)
    assert world.state.orders[ORDER].reserve_points == PRICE
    assert isinstance(world.end(ORDER, CANCELED), tuple)
    assert world.balance(ANNA) == PRICE


def test_a_correction_lets_an_order_stay_for_another_48_hours(world):
    world.end(ORDER, PARTIAL, 500)
    world.later(KEPT_S - 1)
    world.end(ORDER, PARTIAL, 600)
    world.later(KEPT_S - 1)
    world.join(BEN)
    world.followed(BEN, OTHER)
    assert ORDER in world.state.orders


def test_the_id_of_an_order_is_known_for_ever(world):
    end_and_wait(world, KEPT_S + 1)
    world.give(ANNA, 1000)
    assert ORDER not in world.state.orders
    assert world.order(ANNA, ORDER, 1000, 333, service_id="1") == r.AlreadyDone()
    assert world.order(BEN, ORDER) == r.AlreadyDone()
    imported = c.ImportOrder(
        by="system", order_id=ORDER, user_id=ANNA, video_link="x", quantity=1, price_points=1
    )
    assert isinstance(world.when(imported), r.Refusal)


def test_late_answers_about_an_order_that_left_the_memory_are_refused(world):
    end_and_wait(world, KEPT_S + 1)
    closed = r.WrongOrderStatus(PARTIAL)
    before = world.balance(ANNA)
    assert world.end(ORDER, CANCELED) == closed
    for command in (
        c.SendOrder(by="system", order_id=ORDER),
        c.AcceptOrder(by="provider", order_id=ORDER, provider_order_id="1", followed=True),
        c.RejectOrder(by="admin:7", order_id=ORDER, reason_code=ReasonCode.REFUNDED_BY_ADMIN),
        progress(1),
        review(),
        request(OrderRequest.REFILL),
        answer(OrderRequest.REFILL, granted=True),
    ):
        assert world.when(command) == closed
    assert world.balance(ANNA) == before


def test_orders_that_left_the_memory_do_not_count_as_orders_of_this_minute(world):
    end_and_wait(world, KEPT_S + 1)
    world.set("orders_per_minute_max", 1)
    world.give(ANNA, 666)
    assert isinstance(world.order(ANNA, "00000000000a", 1000, 333, service_id="1"), tuple)
    assert world.order(ANNA, "00000000000b", 1000, 333, service_id="1") == r.TooManyOrders(1, 60)


def test_with_a_clock_set_back_a_closed_order_stays_until_its_time_is_over(world):
    world.end(ORDER, PARTIAL, 500)
    world.later(-3600)
    world.join(BEN)
    world.followed(BEN, OTHER)
    assert ORDER in world.state.orders
    world.later(KEPT_S + 3601)
    world.end(OTHER, COMPLETED)
    assert ORDER not in world.state.orders


def test_an_end_that_changes_again_and_again_keeps_no_other_order_in_memory(world):
    world.join(BEN)
    world.followed(BEN, OTHER)
    world.end(ORDER, COMPLETED)
    world.end(OTHER, COMPLETED)
    for remains in (100, 200, 300):
        world.later(KEPT_S - 3600)
        world.end(ORDER, PARTIAL, remains)
    assert set(world.state.orders) == {ORDER}
    assert set(world.state.closed_orders) == {OTHER}


def test_a_clock_that_ran_a_year_ahead_keeps_no_order_in_memory_for_a_year(world):
    world.join(BEN)
    world.followed(BEN, OTHER)
    world.later(365 * 86_400)
    world.end(ORDER, COMPLETED)
    world.clock_is_set(-365 * 86_400)
    world.end(OTHER, COMPLETED)
    assert set(world.state.orders) == {OTHER}


def test_a_replay_and_a_snapshot_have_the_same_orders_in_memory(world):
    """Whatever the clock did: by the time of the events, not by that of the machine."""
    world.join(BEN)
    ids = [f"{number:012x}" for number in range(12)]
    waits = [3600, 40_000, -90_000, 60_000, 100_000, -20_000, 90_000, 90_000, 1, 1, 90_000, 9]
    for order_id, wait_s in zip(ids, waits, strict=True):
        world.followed(BEN, order_id)
        world.later(wait_s)
        world.end(order_id, PARTIAL, 400)
        if wait_s < 0:
            world.end(order_id, COMPLETED)
    assert 0 < len(world.state.closed_orders) < len(ids)
    assert world.now_ms > NOON_MS
    again = replayed(world.log)
    assert again.books == world.state.books
    assert list(again.closing) == list(world.state.closing)
    assert list(State(world.state.books).closing) == list(world.state.closing)
