"""Given, when, then: the order dispatcher on a real ledger, with a scripted provider."""

import asyncio
import logging

import pytest
from support.dispatcher_harness import ANNA, BEN, DispatcherHarness

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.reason_codes import ReasonCode
from orders.alerts import Alert, AlertCode
from orders.providers.answers import Accepted, NotSent, Rejected, Unclear

NO_WAY = NotSent(ReasonCode.PROVIDER_UNREACHABLE)
NO_FUNDS = NotSent(
    ReasonCode.PROVIDER_FUNDS_EMPTY, needs_admin=True, answer="not enough funds", http_status=402
)
NO_SERVICE = NotSent(ReasonCode.PROVIDER_SETTINGS_WRONG, needs_admin=True)
"""Said by the program: the order is for a service that isn't set up."""
REFUSED = Rejected(ReasonCode.REFUSED, "no", 403)
SILENCE = Unclear(ReasonCode.NO_ANSWER)


@pytest.fixture
async def world():
    world = await DispatcherHarness.open()
    for user_id in (ANNA, BEN):
        key = f"7:{user_id}"
        joined = c.Join(by=f"user:{user_id}", user_id=user_id, referral_code=key)
        given = c.AdjustBalance(
            by="admin:7", user_id=user_id, amount_points=100_000, reason="", key=key
        )
        for command in (joined, given):
            assert isinstance(await world.ledger.execute(command), tuple)
    yield world
    await world.close()


PLACED = ("Placed", f"user:{ANNA}")
SENDING = ("Sending", "system")
NOT_SENT = ("NotSent", "system")
ACCEPTED = ("Accepted", "provider")


# The way of one order.


async def test_a_placed_order_is_sent_and_the_answer_noted(world):
    await world.dispatcher.start()
    world.provider.answers["a1"] = [Accepted("23501", '{"order":23501}')]
    seen = []
    world.provider.on_arrival = seen.append
    await world.place("a1")
    accepted = await world.until(e.OrderAccepted, "a1")
    assert (accepted.provider_order_id, accepted.answer) == ("23501", '{"order":23501}')
    assert [(one.video_link, one.quantity) for one in seen] == [("https://youtu.be/a1", 10)]
    assert world.story("a1") == [PLACED, SENDING, ACCEPTED]
    assert world.provider.sent == ["a1"]


async def test_an_order_is_sending_on_the_disk_before_its_request_leaves(world):
    on_disk = []
    log = world.store
    world.provider.on_arrival = lambda _: on_disk.append(b"".join(log.read(0)).splitlines()[-1])
    await world.dispatcher.start()
    await world.place("a1")
    await world.until(e.OrderAccepted, "a1")
    assert len(on_disk) == 1
    assert b'"order_sending"' in on_disk[0]


async def test_a_rejection_returns_the_points(world):
    world.provider.answers["a1"] = [REFUSED]
    await world.place("a1")
    assert world.balance == 99_900
    await world.dispatcher.start()
    rejected = await world.until(e.OrderRejected, "a1")
    assert (rejected.reason_code, rejected.reason) == (ReasonCode.REFUSED, "")
    assert (rejected.http_status, rejected.answer) == (403, "no")
    assert rejected.refund_points == 100
    assert world.balance == 100_000
    assert world.story("a1") == [PLACED, SENDING, ("Rejected", "provider")]


@pytest.mark.parametrize(
    ("answer", "by"),
    [
        (SILENCE, "system"),
        (Unclear(ReasonCode.ANSWER_UNREADABLE, "<html>", 200, answered=True), "provider"),
    ],
)
async def test_an_unclear_order_keeps_its_points_and_is_never_sent_again(world, answer, by):
    world.provider.answers["a1"] = [answer]
    await world.dispatcher.start()
    await world.place("a1")
    unclear = await world.until(e.OrderUnclear, "a1")
    assert (unclear.reason_code, unclear.reason) == (answer.reason_code, "")
    assert (unclear.http_status, unclear.answer) == (answer.http_status, answer.answer)
    assert world.story("a1") == [PLACED, SENDING, ("Unclear", by)]
    assert world.balance == 99_900
    await world.dispatcher.stop()
    again = await world.opened_again()
    await again.dispatcher.start()
    await again.place("b2")
    await again.until(e.OrderAccepted, "b2")
    assert again.provider.sent == ["b2"]
    assert again.status("a1") == "unclear"
    await again.close()


async def test_an_order_found_on_its_way_at_start_is_unclear_and_never_sent_again(world):
    await world.place("a1", "b2")
    sent = await world.ledger.execute(c.SendOrder(by="system", order_id="a1"))
    assert isinstance(sent, tuple)
    again = await world.opened_again()
    await again.dispatcher.start()
    unclear = await again.until(e.OrderUnclear, "a1")
    assert (unclear.by, unclear.reason_code) == ("system", ReasonCode.PROGRAM_STOPPED)
    await again.until(e.OrderAccepted, "b2")
    assert again.provider.sent == ["b2"]
    await again.close()


async def test_what_was_placed_before_the_start_is_sent_once_in_its_order(world):
    ids = [f"o{number}" for number in range(10)]
    await world.place(*ids)
    again = await world.opened_again()
    again.dispatcher = again.new_dispatcher(workers=1)
    await again.dispatcher.start()
    await again.until(e.OrderAccepted, ids[-1])
    assert again.provider.sent == ids
    await again.close()


async def test_an_order_placed_while_the_dispatcher_starts_is_sent_once(world):
    placing = asyncio.create_task(world.place("a1"))
    await asyncio.sleep(0)
    assert (world.status("a1"), world.ledger.head.seq < world.ledger.state.seq) == ("placed", True)
    await world.dispatcher.start()
    await placing
    await world.until(e.OrderAccepted, "a1")
    await world.until_idle()
    assert world.provider.sent == ["a1"]


async def test_an_order_that_an_admin_closed_while_it_waited_is_not_sent(world):
    await world.place("a1", "b2")
    closed = c.RejectOrder(by="admin:7", order_id="a1", reason_code=ReasonCode.REFUNDED_BY_ADMIN)
    assert isinstance(await world.ledger.execute(closed), tuple)
    await world.dispatcher.start()
    await world.until(e.OrderAccepted, "b2")
    assert world.provider.sent == ["b2"]


async def test_an_order_closed_between_its_turn_and_its_sending_is_not_sent(world):
    world.provider.answers["a1"] = [NO_WAY]
    world.pause.over.clear()
    await world.dispatcher.start()
    await world.place("a1")
    await world.pause.begun.wait()
    closed = c.RejectOrder(by="admin:7", order_id="a1", reason_code=ReasonCode.REFUNDED_BY_ADMIN)
    assert isinstance(await world.ledger.execute(closed), tuple)
    world.pause.over.set()
    await world.until_idle()
    assert world.provider.sent == ["a1"]
    assert world.story("a1") == [PLACED, SENDING, NOT_SENT, ("Rejected", "admin:7")]


async def test_an_admin_cannot_refund_an_order_that_is_on_its_way(world):
    world.provider.hold("a1")
    await world.dispatcher.start()
    await world.place("a1")
    await world.provider.arrived("a1")
    refund = c.RejectOrder(by="admin:7", order_id="a1", reason_code=ReasonCode.REFUNDED_BY_ADMIN)
    assert await world.ledger.execute(refund) == r.WrongOrderStatus("sending")
    world.provider.let_go("a1")
    await world.until(e.OrderAccepted, "a1")
    assert world.balance == 99_900


async def test_an_acceptance_after_the_order_was_closed_is_told_to_the_admins(world):
    world.provider.hold("a1")
    await world.dispatcher.start()
    await world.place("a1")
    await world.provider.arrived("a1")
    closed = c.RejectOrder(by="provider", order_id="a1", reason_code=ReasonCode.REFUSED)
    assert isinstance(await world.ledger.execute(closed), tuple)
    world.provider.let_go("a1")
    await world.until_idle()
    assert world.alerts == [Alert(AlertCode.ACCEPTED_AFTER_CLOSED, "a1")]
    assert world.status("a1") == "rejected"


# Orders that could not be sent.


async def test_an_order_that_was_not_sent_is_sent_again_after_a_pause(world):
    world.provider.answers["a1"] = [NO_WAY, NO_WAY]
    await world.dispatcher.start()
    await world.place("a1")
    await world.until(e.OrderAccepted, "a1")
    assert world.story("a1") == [PLACED, *[SENDING, NOT_SENT] * 2, SENDING, ACCEPTED]
    assert world.provider.sent == ["a1"] * 3
    assert world.pause.asked == [5.0, 10.0]
    assert world.ledger.state.orders["a1"].attempts == 3


async def test_what_the_provider_said_of_an_order_it_did_not_take_is_in_the_log(world):
    world.provider.answers["a1"] = [NO_FUNDS]
    await world.dispatcher.start()
    await world.place("a1")
    waiting = await world.until(e.OrderNotSent, "a1")
    assert (waiting.by, waiting.reason_code) == ("system", ReasonCode.PROVIDER_FUNDS_EMPTY)
    assert (waiting.http_status, waiting.answer) == (402, "not enough funds")


async def test_pauses_grow_to_five_minutes_and_start_anew_after_a_success(world):
    world.provider.answers["a1"] = [NO_WAY] * 9
    world.provider.answers["b2"] = [NO_WAY]
    await world.dispatcher.start()
    await world.place("a1")
    await world.until(e.OrderAccepted, "a1")
    assert world.pause.asked == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    await world.until_idle()
    await world.place("b2")
    await world.until(e.OrderAccepted, "b2")
    assert world.pause.asked[9:] == [5]


async def test_a_provider_that_asks_for_time_gets_it(world):
    world.provider.answers["a1"] = [
        NotSent(ReasonCode.PROVIDER_RATE_LIMIT, wait_s) for wait_s in (900, 1)
    ]
    await world.dispatcher.start()
    await world.place("a1")
    await world.until(e.OrderAccepted, "a1")
    assert world.pause.asked == [900, 10]


async def test_in_a_time_of_problems_waiting_orders_leave_no_trace(world):
    world.provider.answers["a1"] = [NO_WAY]
    world.pause.over.clear()
    await world.dispatcher.start()
    await world.place("a1")
    await world.pause.begun.wait()
    others = [f"o{number}" for number in range(20)]
    await world.place(*others)
    assert (world.dispatcher.pending, world.dispatcher.paused_because) == (21, NO_WAY.reason_code)
    assert world.provider.sent == ["a1"]
    world.pause.over.set()
    for order_id in ("a1", *others):
        await world.until(e.OrderAccepted, order_id)
    await world.until_idle()
    assert sorted(world.provider.sent) == sorted(["a1", "a1", *others])
    assert (world.dispatcher.pending, world.dispatcher.paused_because) == (0, None)


async def test_in_a_time_of_problems_one_order_is_tried_at_a_time(world):
    ids = ["a1", "b2", "c3", "d4"]
    for order_id in ids:
        world.provider.answers[order_id] = [NO_WAY]
    world.provider.hold(*ids)
    await world.place(*ids)
    await world.dispatcher.start()
    for order_id in ids:
        await world.provider.arrived(order_id)
    world.pause.over.clear()
    world.provider.let_go(*ids)
    for order_id in ids:
        await world.until(e.OrderNotSent, order_id)
    at_once = []
    world.provider.on_arrival = lambda _: at_once.append(len(world.provider.here))
    world.provider.answers.update({order_id: [NO_WAY] for order_id in ids})
    world.pause.over.set()
    for order_id in ids:
        await world.until(e.OrderAccepted, order_id)
    # The four that failed together count as one failure, and then each try counts.
    assert world.pause.asked == [5, 10, 20, 40, 80]
    assert at_once[:5] == [1] * 5


async def test_an_order_that_can_not_go_out_does_not_hold_up_the_others(world):
    world.provider.answers["big"] = [NO_FUNDS] * 3
    await world.place("big", "small", video="same")
    await world.place("other")
    world.dispatcher = world.new_dispatcher(workers=1)
    await world.dispatcher.start()
    await world.until(e.OrderAccepted, "big")
    assert world.provider.sent == ["big", "other", "small", "big", "big", "big"]


async def test_unclear_orders_of_one_person_make_nobody_wait(world):
    bad = [f"bad{number}" for number in range(9)]
    world.provider.answers.update({order_id: [SILENCE] for order_id in bad})
    world.dispatcher = world.new_dispatcher(workers=1)
    await world.place(*bad)
    await world.place("good", user_id=BEN)
    await world.dispatcher.start()
    await world.until(e.OrderAccepted, "good")
    assert (world.pause.asked, world.alerts) == ([], [])


@pytest.mark.parametrize("held", [NO_FUNDS, NO_SERVICE])
async def test_an_order_that_is_held_while_others_are_accepted_waits_by_itself(world, held):
    world.provider.answers["bad"] = [held] * 9
    world.dispatcher = world.new_dispatcher(workers=1)
    await world.place("bad", "good")
    await world.dispatcher.start()
    await world.until(e.OrderAccepted, "good")
    while world.provider.sent.count("bad") < 2:
        await world.until(e.OrderNotSent, "bad")
        await asyncio.sleep(0)
    world.pause.over.clear()
    world.pause.begun.clear()
    await world.pause.begun.wait()
    assert world.dispatcher.paused_because is None
    await world.place("later", "and-more", user_id=BEN)
    await world.until(e.OrderAccepted, "and-more")
    assert world.alerts == [Alert(held.reason_code)]
    refund = c.RejectOrder(by="admin:7", order_id="bad", reason_code=ReasonCode.REFUNDED_BY_ADMIN)
    assert isinstance(await world.ledger.execute(refund), tuple)
    sent = len(world.provider.sent)
    world.pause.over.set()
    await world.until_idle()
    assert len(world.provider.sent) == sent


@pytest.mark.parametrize("workers", [2, 4])
async def test_after_a_pause_a_fresh_order_is_tried_before_one_that_was_held(world, workers):
    world.provider.answers["bad"] = [NO_FUNDS] * 3
    world.dispatcher = world.new_dispatcher(workers)
    world.pause.over.clear()
    await world.dispatcher.start()
    await world.place("bad")
    await world.pause.begun.wait()
    await world.place("good", user_id=BEN)
    world.pause.over.set()
    await world.until(e.OrderAccepted, "bad")
    assert world.provider.sent == ["bad", "good", "bad", "bad", "bad"]


async def test_the_pause_of_an_order_set_aside_grows(world):
    world.provider.answers["bad"] = [NO_FUNDS] * 6
    world.dispatcher = world.new_dispatcher(workers=1)
    await world.place("bad", "good")
    await world.dispatcher.start()
    await world.until(e.OrderAccepted, "bad")
    assert world.pause.asked == [5, 5, 10, 20, 40, 80]


async def test_an_empty_balance_at_the_provider_is_told_to_the_admins_once(world):
    world.provider.answers["a1"] = [NO_FUNDS] * 7
    await world.dispatcher.start()
    await world.place("a1")
    await world.until(e.OrderAccepted, "a1")
    assert world.alerts == [Alert(ReasonCode.PROVIDER_FUNDS_EMPTY)]


async def test_a_failing_alert_does_not_stop_the_dispatcher(world):
    def fails(_: Alert) -> None:
        raise RuntimeError("no network")

    world.dispatcher._alert = fails
    world.provider.answers["a1"] = [NO_FUNDS]
    await world.dispatcher.start()
    await world.place("a1")
    await world.until(e.OrderAccepted, "a1")
    assert world.provider.sent == ["a1", "a1"]


async def test_after_three_unclear_orders_in_a_row_the_dispatcher_tries_one_at_a_time(world):
    ids = ["a1", "b2", "c3", "d4"]
    for order_id in ids:
        world.provider.answers[order_id] = [SILENCE]
    world.dispatcher = world.new_dispatcher(workers=1)
    await world.place(*ids[:2])
    await world.place(*ids[2:], "e5", user_id=BEN)
    await world.dispatcher.start()
    await world.until(e.OrderAccepted, "e5")
    assert world.pause.asked == [5, 10]
    assert world.alerts == [Alert(AlertCode.MANY_UNCLEAR)]
    assert world.provider.sent == [*ids, "e5"]


# Several orders.


async def test_orders_for_the_same_video_go_one_after_the_other(world):
    world.provider.hold("a1", "b2")
    await world.place("a1", "b2", "c3", video="same")
    await world.place("other")
    await world.dispatcher.start()
    await world.provider.arrived("a1")
    await world.until(e.OrderAccepted, "other")
    assert sorted(world.provider.sent) == ["a1", "other"]
    world.provider.let_go("a1")
    await world.provider.arrived("b2")
    assert world.provider.sent[2:] == ["b2"]
    assert world.status("a1") == "accepted"
    world.provider.let_go("b2")
    await world.until(e.OrderAccepted, "c3")
    assert world.provider.sent[2:] == ["b2", "c3"]


async def test_no_more_orders_are_on_their_way_at_once_than_there_are_workers(world):
    ids = [f"o{number}" for number in range(8)]
    world.provider.hold(*ids)
    await world.place(*ids)
    await world.dispatcher.start()
    for order_id in ids[:4]:
        await world.provider.arrived(order_id)
    assert (world.provider.most_at_once, world.dispatcher.pending) == (4, 8)
    world.provider.let_go(*ids)
    for order_id in ids:
        await world.until(e.OrderAccepted, order_id)
    assert world.provider.most_at_once == 4


async def test_many_waiting_orders_are_each_sent_once(world):
    ids = [f"o{number}" for number in range(900)]
    for number, order_id in enumerate(ids):
        await world.place(order_id, video=f"v{number % 70}")
    world.provider.answers.update({order_id: [NO_WAY] for order_id in ids[::100]})
    await world.dispatcher.start()
    for order_id in ids:
        await world.until(e.OrderAccepted, order_id)
    assert sorted(world.provider.sent) == sorted([*ids, *ids[::100]])


# The end.


async def test_stop_waits_for_the_order_that_is_on_its_way(world):
    world.provider.hold("a1")
    await world.place("a1", "b2", video="same")
    await world.dispatcher.start()
    await world.provider.arrived("a1")
    stopping = asyncio.create_task(world.dispatcher.stop())
    await asyncio.sleep(0)
    await world.place("c3")
    assert not stopping.done()
    world.provider.let_go("a1")
    await stopping
    assert world.provider.sent == ["a1"]
    assert [world.status(one) for one in ("a1", "b2", "c3")] == ["accepted", "placed", "placed"]


async def test_stop_does_not_wait_for_pauses(world):
    world.provider.answers["a1"] = [NO_WAY]
    world.pause.over.clear()
    await world.dispatcher.start()
    await world.place("a1", "b2")
    await world.pause.begun.wait()
    await world.dispatcher.stop()
    assert world.status("a1") == "placed"


async def test_stop_is_fine_before_the_start_and_twice(world):
    await world.dispatcher.stop()
    await world.dispatcher.stop()
    assert world.dispatcher.pending == 0


async def test_what_waited_at_the_stop_is_sent_after_the_next_start(world):
    await world.dispatcher.start()
    await world.dispatcher.stop()
    await world.place("a1")
    again = await world.opened_again()
    await again.dispatcher.start()
    await again.until(e.OrderAccepted, "a1")
    assert again.provider.sent == ["a1"]
    await again.close()


# Faults.


@pytest.mark.parametrize("fault", [RuntimeError("a bug"), None, "nonsense"])
async def test_a_fault_in_one_order_makes_it_unclear_and_the_dispatcher_goes_on(
    world, caplog, fault
):
    world.provider.answers["a1"] = [fault]
    await world.dispatcher.start()
    await world.place("a1", "b2")
    unclear = await world.until(e.OrderUnclear, "a1")
    await world.until(e.OrderAccepted, "b2")
    assert (unclear.by, unclear.reason_code) == ("system", ReasonCode.PROGRAM_FAULT)
    assert world.provider.sent.count("a1") == 1
    assert any(record.exc_info for record in caplog.records)


async def test_a_fault_before_an_order_left_does_not_stop_the_dispatcher(
    world, caplog, monkeypatch
):
    execute = world.ledger.execute

    async def fails_once(command):
        if isinstance(command, c.SendOrder) and command.order_id == "a1":
            raise RuntimeError("a bug")
        return await execute(command)

    monkeypatch.setattr(world.ledger, "execute", fails_once)
    await world.place("a1", "b2")
    await world.dispatcher.start()
    await world.until(e.OrderAccepted, "b2")
    await world.until_idle()
    assert (world.provider.sent, world.status("a1")) == (["b2"], "placed")
    assert any(record.exc_info for record in caplog.records)


async def test_nothing_leaves_when_the_disk_says_no(world, caplog):
    caplog.set_level(logging.ERROR)
    await world.place("a1", "b2")
    world.store.fault = True
    await world.dispatcher.start()
    await world.ledger.failed.wait()
    await world.dispatcher.stop()
    assert world.provider.sent == []
    assert "the ledger has stopped" in caplog.text


async def test_an_answer_that_the_disk_refuses_is_unclear_after_the_next_start(world):
    world.provider.hold("a1")
    await world.place("a1")
    await world.dispatcher.start()
    await world.provider.arrived("a1")
    world.store.fault = True
    world.provider.let_go("a1")
    await world.ledger.failed.wait()
    await world.dispatcher.stop()
    again = await world.opened_again()
    await again.dispatcher.start()
    await again.until(e.OrderUnclear, "a1")
    assert (again.provider.sent, again.balance) == ([], 99_900)
    await again.close()
