"""Given, when, then: orders are followed to their end on a fake panel, in fake time."""

import asyncio
import itertools

import pytest
from support.desk_harness import DeskHarness, in_desk_time
from support.fake_panel import DOWN, FakePanel

from ledger import commands as c
from ledger import events as e
from ledger.reason_codes import ReasonCode
from orders.alerts import Alert, AlertCode
from orders.providers.base import CallFailed, OrderReport, Progress, UnknownToProvider

BUSY = CallFailed(ReasonCode.PROVIDER_RATE_LIMIT, http_status=429, retry_after_s=900)
REFUSED = CallFailed(ReasonCode.REFUSED, "Incorrect order ID", 200)
ROUND_S = 61
"""A poll interval, and a moment."""


async def open_shop(**more) -> DeskHarness:
    shop = await DeskHarness.open(**more)
    await shop.desk.start()
    return shop


async def rounds(count: int = 1) -> None:
    await asyncio.sleep(count * ROUND_S)


@in_desk_time
async def test_an_order_is_followed_from_acceptance_to_completion():
    shop = await open_shop()
    await shop.accepted("a1")
    await rounds()
    assert shop.status("a1") == "accepted"
    order = shop.panel.of("a1")
    order.progress, order.remains, order.start_count = Progress.RUNNING, 600, 3572
    await rounds()
    assert (shop.status("a1"), shop.order("a1").remains) == ("in_progress", 600)
    assert shop.order("a1").start_count == 3572
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await rounds()
    [completed] = shop.lines(e.OrderCompleted)
    assert (completed.spent_points, completed.refund_points) == (20_000, 0)
    assert (completed.charge_micro, completed.currency) == (500_000, "USD")
    await shop.close()


@pytest.mark.parametrize(
    ("progress", "remains", "status", "refund"),
    [
        (Progress.PARTIAL, 157, "partial", 3140),
        (Progress.PARTIAL, 0, "partial", 0),
        (Progress.PARTIAL, -5, "partial", 0),
        (Progress.PARTIAL, 1500, "partial", 20_000),
        (Progress.CANCELED, None, "canceled", 20_000),
        (Progress.CANCELED, 1000, "canceled", 20_000),
        (Progress.CANCELED, 250, "canceled", 5000),
    ],
)
@in_desk_time
async def test_what_was_not_delivered_is_given_back_once(progress, remains, status, refund):
    shop = await open_shop()
    before = shop.balance
    await shop.accepted("a1")
    shop.panel.end("a1", progress, remains)
    await rounds(200)
    assert (shop.status("a1"), shop.order("a1").refunded_points) == (status, refund)
    assert shop.balance == before - 20_000 + refund
    assert len(shop.lines(e.OrderEndEvent)) == 1
    await shop.close()


@pytest.mark.parametrize(
    ("progress", "word", "reason_code"),
    [
        (Progress.PARTIAL, "Partial", ReasonCode.REMAINS_UNKNOWN),
        (Progress.FAILED, "Error", ReasonCode.STATUS_FAILED),
        (Progress.UNKNOWN, "Sleeping", ReasonCode.STATUS_UNKNOWN),
    ],
)
@in_desk_time
async def test_what_says_nothing_certain_goes_to_an_admin_once_and_moves_nothing(
    progress, word, reason_code
):
    shop = await open_shop()
    await shop.accepted("a1")
    before = shop.balance
    order = shop.panel.of("a1")
    order.progress, order.word = progress, word
    await rounds(5)
    [review] = shop.lines(e.OrderNeedsReview)
    assert (review.reason_code, review.answer, review.by) == (reason_code, word, "provider")
    assert (shop.status("a1"), shop.balance) == ("accepted", before)
    order.progress, order.remains = Progress.COMPLETED, 0
    await rounds(2)
    assert shop.status("a1") == "completed"
    await shop.close()


@in_desk_time
async def test_an_order_that_the_panel_does_not_know_is_never_refunded():
    shop = await open_shop()
    await shop.accepted("a1")
    before = shop.balance
    shop.panel.lost.add("1000")
    await rounds(50)
    [review] = shop.lines(e.OrderNeedsReview)
    assert (review.reason_code, review.answer) == (
        ReasonCode.UNKNOWN_TO_PROVIDER,
        "Incorrect order ID",
    )
    assert (shop.status("a1"), shop.balance) == ("accepted", before)
    shop.panel.lost.clear()
    await rounds(3)
    assert shop.order("a1").review is None
    await shop.close()


@pytest.mark.parametrize(
    "mixed_up",
    [
        OrderReport(Progress.CANCELED, "Canceled", 0),
        OrderReport(Progress.PARTIAL, "Partial", 900),
        OrderReport(Progress.COMPLETED, "Completed", 0),
        OrderReport(Progress.UNKNOWN, "?"),
        UnknownToProvider(),
    ],
)
@in_desk_time
async def test_only_a_call_for_the_order_alone_ends_it(mixed_up):
    shop = await open_shop()
    await shop.accepted("a1", "b2")
    shop.panel.in_batches["1000"] = mixed_up
    await rounds(5)
    assert (shop.status("a1"), shop.order("a1").review) == ("accepted", None)
    assert ("1000",) in shop.panel.asked("status")
    shop.panel.end("a1", Progress.PARTIAL, 10)
    await rounds(2)
    assert (shop.status("a1"), shop.order("a1").refunded_points) == ("partial", 200)
    assert shop.lines(e.OrderNeedsReview) == []
    await shop.close()


@in_desk_time
async def test_progress_is_recorded_for_each_tenth_only():
    shop = await open_shop()
    await shop.accepted("a1")
    order = shop.panel.of("a1")
    order.progress = Progress.RUNNING
    for remains in range(1000, 0, -20):
        order.remains = remains
        await rounds()
    assert 9 <= len(shop.lines(e.OrderInProgress)) <= 11
    await shop.close()


@in_desk_time
async def test_an_order_missing_in_an_answer_is_asked_for_again():
    shop = await open_shop()
    await shop.accepted("a1", "b2")
    shop.panel.in_batches["1001"] = None
    await rounds(2)
    assert (2, 1) in shop.hooks.polls
    del shop.panel.in_batches["1001"]
    shop.panel.end("b2", Progress.COMPLETED, 0)
    await rounds(2)
    assert shop.status("b2") == "completed"
    await shop.close()


@in_desk_time
async def test_two_thousand_orders_cost_twenty_calls_a_round():
    shop = await open_shop(workers=8)
    ids = [f"o{number}" for number in range(2000)]
    await asyncio.gather(*(shop.place(one) for one in ids))
    await shop.until(lambda: len(shop.panel.orders) == 2000)
    await rounds(2)
    shop.panel.calls.clear()
    await rounds()
    asked = shop.panel.asked("statuses")
    assert [len(about) for about in asked] == [100] * 20
    assert len({one for about in asked for one in about}) == 2000
    await shop.close()


@in_desk_time
async def test_no_order_is_asked_about_more_often_than_the_setting_says():
    shop = await open_shop()
    shop.loop.call_s = 3.0
    await shop.set("order_poll_s", 40)
    asked_at: dict[str, list[float]] = {}
    statuses, status = shop.panel.statuses, shop.panel.status

    def note(ids):
        for one in ids:
            asked_at.setdefault(one, []).append(shop.loop.time())

    shop.panel.statuses = lambda ids: note(ids) or statuses(ids)
    shop.panel.status = lambda one: note([one]) or status(one)
    for number in range(12):
        await shop.accepted(f"o{number}")
        await asyncio.sleep(7)
    await rounds(8)
    gaps = [b - a for times in asked_at.values() for a, b in itertools.pairwise(times)]
    assert len(asked_at) == 12
    assert min(gaps) >= 40
    assert max(gaps) <= 90
    await shop.close()


@in_desk_time
async def test_an_old_order_is_asked_about_every_half_hour():
    shop = await open_shop()
    await shop.accepted("a1")
    await asyncio.sleep(3 * 86_400)
    shop.panel.calls.clear()
    await asyncio.sleep(86_400)
    assert 45 <= len(shop.panel.asked("status")) <= 49
    await shop.close()


@in_desk_time
async def test_a_setting_that_was_changed_holds_from_the_next_round_on():
    shop = await open_shop()
    await shop.set("order_poll_s", 5)
    await rounds(2)
    await shop.accepted("a1")
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await asyncio.sleep(6)
    assert shop.status("a1") == "completed"
    await shop.close()


# Ends that change.


@in_desk_time
async def test_an_end_that_changes_pays_only_the_difference():
    shop = await open_shop()
    before = shop.balance
    await shop.accepted("a1")
    shop.panel.end("a1", Progress.PARTIAL, 100)
    await rounds(3)
    assert shop.balance == before - 20_000 + 2000
    shop.panel.end("a1", Progress.PARTIAL, 400)
    await rounds(12)
    assert shop.balance == before - 20_000 + 8000
    shop.panel.end("a1", Progress.CANCELED)
    await rounds(24 * 60)
    assert shop.balance == before
    shop.panel.end("a1", Progress.COMPLETED)
    await rounds(24 * 60)
    assert shop.balance == before
    assert [one.excess_points for one in shop.lines(e.OrderCorrected)] == [0, 0, 20_000]
    await shop.close()


@in_desk_time
async def test_an_order_that_ended_is_looked_at_four_times_more():
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await rounds(2)
    assert shop.status("a1") == "completed"
    ended_s = shop.loop.time()
    at: list[int] = []
    status = shop.panel.status
    shop.panel.status = lambda one: at.append(round(shop.loop.time() - ended_s)) or status(one)
    await asyncio.sleep(3 * 86_400)
    by_poller = [second for second in at if second < 86_400 * 1.1]
    for planned, was in zip((600, 3600, 21_600, 86_400), by_poller, strict=False):
        assert planned - 70 <= was <= planned + 70
    assert shop.desk.poller.followed == 0
    await shop.close()


@pytest.mark.parametrize(
    ("end", "reviews"), [(Progress.COMPLETED, 0), (Progress.CANCELED, 1), (Progress.PARTIAL, 1)]
)
@in_desk_time
async def test_an_order_that_goes_on_after_a_refund_is_put_before_an_admin(end, reviews):
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.end("a1", end, 10)
    await rounds(3)
    order = shop.panel.of("a1")
    order.progress, order.word = Progress.RUNNING, "In progress"
    await rounds(30)
    assert [one.answer for one in shop.lines(e.OrderNeedsReview)] == ["In progress"] * reviews
    await shop.close()


@in_desk_time
async def test_an_order_that_the_panel_forgets_after_its_end_is_no_news():
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await rounds(3)
    shop.panel.lost.add("1000")
    await rounds(60)
    assert shop.lines(e.OrderNeedsReview) == []
    await shop.close()


@in_desk_time
async def test_an_order_that_an_admin_accepts_with_its_number_is_followed():
    shop = await open_shop()
    shop.panel.plans["a1"] = [(True, None)]
    await shop.place("a1")
    await shop.until(lambda: shop.status("a1") == "unclear")
    await shop.do(
        c.AcceptOrder(by="admin:7", order_id="a1", provider_order_id="1000", followed=True)
    )
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await rounds(2)
    assert shop.status("a1") == "completed"
    await shop.close()


# Failures and restarts.


@in_desk_time
async def test_failures_slow_the_questions_down_and_the_admins_are_told_once():
    shop = await open_shop()
    await shop.accepted("a1", "b2")
    shop.panel.failures["statuses"] = shop.panel.failures["status"] = [DOWN] * 12
    await asyncio.sleep(7200)
    failed = [failed for name, failed in shop.hooks.calls if name in {"statuses", "status"}]
    assert failed[:12] == [True] * 12
    assert len(failed) < 40
    assert shop.alerts == [Alert(AlertCode.ORDERS_NOT_FOLLOWED)]
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await rounds(8)
    assert shop.status("a1") == "completed"
    await shop.close()


@in_desk_time
async def test_a_panel_that_fails_again_and_again_is_told_to_the_admins_once_a_day():
    shop = await open_shop()
    await shop.accepted("a1")
    for _ in range(5):
        shop.panel.failures["status"] = [DOWN] * 6
        await asyncio.sleep(4 * 3600)
        assert shop.panel.failures["status"] == []
    assert shop.alerts == [Alert(AlertCode.ORDERS_NOT_FOLLOWED)]
    await shop.close()


@in_desk_time
async def test_a_panel_that_asks_for_time_gets_it():
    shop = await open_shop()
    await shop.accepted("a1", "b2")
    at: list[float] = []
    statuses = shop.panel.statuses
    shop.panel.statuses = lambda ids: at.append(shop.loop.time()) or statuses(ids)
    shop.panel.failures["statuses"] = [BUSY]
    await asyncio.sleep(1200)
    assert at[1] - at[0] >= 900
    await shop.close()


@in_desk_time
async def test_an_end_that_could_not_be_confirmed_is_recorded_later():
    shop = await open_shop()
    await shop.accepted("a1", "b2")
    shop.panel.end("a1", Progress.CANCELED)
    shop.panel.failures["status"] = [DOWN, REFUSED]
    await rounds(2)
    assert shop.status("a1") == "accepted"
    await rounds(4)
    assert shop.status("a1") == "canceled"
    await shop.close()


class Strict(FakePanel):
    """Refuses a call for several orders because of one of them, or always."""

    always = False

    def statuses(self, provider_order_ids):
        answer = super().statuses(provider_order_ids)
        if self.always or self.lost.intersection(provider_order_ids):
            return REFUSED
        return answer


def strict(*, always: bool) -> Strict:
    panel = Strict()
    panel.always = always
    panel.offer()
    return panel


@in_desk_time
async def test_an_order_that_spoils_the_answer_for_all_is_found_and_asked_about_alone():
    shop = await open_shop(panel=strict(always=False))
    ids = [f"o{number}" for number in range(60)]
    await shop.accepted(*ids)
    shop.panel.lost.add("1017")
    shop.panel.end("o3", Progress.COMPLETED, 0)
    await rounds(2)
    assert shop.status("o3") == "completed"
    assert shop.order(shop.panel.orders["1017"].order_id).review is ReasonCode.UNKNOWN_TO_PROVIDER
    shop.panel.calls.clear()
    await rounds()
    assert len(shop.panel.asked("statuses")) == 1
    assert shop.panel.asked("status") == [("1017",)]
    await shop.close()


@in_desk_time
async def test_a_panel_that_answers_about_one_order_only_is_asked_so():
    shop = await open_shop(panel=strict(always=True))
    ids = [f"o{number}" for number in range(9)]
    await shop.accepted(*ids)
    shop.panel.end("o3", Progress.COMPLETED, 0)
    await rounds(2)
    assert shop.status("o3") == "completed"
    shop.panel.calls.clear()
    await rounds()
    assert shop.panel.asked("statuses") == []
    assert len(shop.panel.asked("status")) == 8
    await shop.close()


@in_desk_time
async def test_after_a_restart_orders_are_followed_on_and_no_sooner_than_before():
    shop = await open_shop()
    await shop.accepted("a1", "b2")
    shop.panel.end("b2", Progress.COMPLETED, 0)
    await rounds(2)
    again = await shop.killed()
    again.panel.end("a1", Progress.PARTIAL, 500)
    again.panel.end("b2", Progress.PARTIAL, 100)
    again.panel.calls.clear()
    await again.desk.start()
    await asyncio.sleep(59)
    assert again.panel.asked("status") + again.panel.asked("statuses") == []
    await rounds(15)
    assert (again.status("a1"), again.order("a1").refunded_points) == ("partial", 10_000)
    assert (again.status("b2"), again.order("b2").refunded_points) == ("partial", 2000)
    await again.close()


@in_desk_time
async def test_looks_that_fell_into_a_downtime_are_made_up_for():
    shop = await open_shop()
    await shop.accepted("a1")
    shop.panel.end("a1", Progress.COMPLETED, 0)
    await rounds(2)
    await shop.kill()
    await asyncio.sleep(30 * 3600)
    shop.panel.end("a1", Progress.PARTIAL, 100)
    again = await DeskHarness.open(shop.panel, shop.store)
    await again.desk.start()
    await rounds(3)
    assert (again.status("a1"), again.order("a1").refunded_points) == ("partial", 2000)
    await again.close()


@in_desk_time
async def test_a_restart_between_the_answer_and_its_record_pays_once():
    shop = await open_shop()
    shop.loop.call_s = 5.0
    before = shop.balance
    await shop.accepted("a1")
    shop.panel.end("a1", Progress.CANCELED)
    shop.panel.calls.clear()
    await shop.until(lambda: len(shop.panel.asked("status")) == 1)
    again = await shop.killed()
    assert again.status("a1") == "accepted"
    await again.desk.start()
    await rounds(3)
    assert (again.status("a1"), again.balance) == ("canceled", before)
    await again.close()
