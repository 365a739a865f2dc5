"""The admins' desk: every list, every way to settle an order, double taps, two admins at once."""

from collections.abc import AsyncIterator

import pytest
from support.admin_screen import ADMIN_ID, ANNA, OTHER_ADMIN_ID, AdminHarness

from bot.text.admin.desk.order_texts import Pile
from ledger import commands as c
from ledger import events as e
from ledger.order_status import OrderStatus
from ledger.reason_codes import ReasonCode

ORDER, OTHER = "a" * 12, "b" * 12
HOUR_MS = 3_600_000


@pytest.fixture
async def room() -> AsyncIterator[AdminHarness]:
    room = AdminHarness()
    await room.open()
    yield room
    await room.close()


@pytest.fixture
async def simple() -> AsyncIterator[AdminHarness]:
    """A provider that doesn't report what becomes of orders."""
    room = AdminHarness()
    await room.open(follows=False)
    yield room
    await room.close()


async def unclear(room: AdminHarness, order_id: str = ORDER, **evidence: object) -> None:
    await room.order(order_id)
    await room.do(c.SendOrder(by="system", order_id=order_id))
    await room.do(
        c.NoteUnclear(
            by="system",
            order_id=order_id,
            reason_code=ReasonCode.ANSWER_UNKNOWN,
            answer="<maybe>",
            evidence_follows=bool(evidence),
        )
    )
    if evidence:
        await room.do(c.NoteEvidence(by="system", order_id=order_id, **evidence))


async def running(room: AdminHarness, order_id: str = ORDER, *, review: bool = True) -> None:
    await room.order(order_id)
    await room.do(c.SendOrder(by="system", order_id=order_id))
    await room.do(
        c.AcceptOrder(
            by="provider", order_id=order_id, provider_order_id=f"9{order_id[:2]}", followed=True
        )
    )
    if review:
        await room.do(
            c.NoteReview(
                by="provider",
                order_id=order_id,
                reason_code=ReasonCode.STATUS_UNKNOWN,
                answer="Paused?",
            )
        )


def status(room: AdminHarness, order_id: str = ORDER) -> OrderStatus:
    return room.state.orders[order_id].status


async def last(room: AdminHarness, order_id: str = ORDER) -> e.AnyEvent:
    await room.ledger.settled()
    return await room.ledger.event(room.state.orders[order_id].last_seq)


# Lists


async def test_each_order_that_needs_a_person_is_on_one_list_and_counted(room):
    await unclear(room)
    await running(room, OTHER)
    await room.order("c" * 12)
    shown = await room.press("desk")
    assert "These need you" in shown
    assert room.labels()[:5] == [
        "🔎 Unclear (1)",
        "🧐 Under review (1)",
        "🐌 Without news (0)",
        "⏳ Waiting (1)",
        "↩️ Refused lately (0)",
    ]
    await room.press("panel")
    assert "📦 Orders (3)" in room.labels()


async def test_an_order_without_news_is_stuck_after_the_hours_of_the_setting(room):
    await running(room, review=False)
    hours = room.state.economy.order_stuck_hours
    room.now_ms += hours * HOUR_MS - 60_000
    assert "No order needs you" in await room.press("desk")
    room.now_ms += 60_000
    await room.press("desk")
    assert "🐌 Without news (1)" in room.labels()
    room.now_ms += 10 * HOUR_MS
    await room.do(c.NoteProgress(by="provider", order_id=ORDER, remains=50))
    assert "No order needs you" in await room.press("desk")


async def test_an_order_that_an_admin_refunded_is_not_refused_by_the_provider(room):
    for order_id, code in ((ORDER, ReasonCode.REFUNDED_BY_ADMIN), (OTHER, ReasonCode.LINK_REFUSED)):
        await room.order(order_id)
        await room.do(
            c.RejectOrder(by="system", order_id=order_id, reason_code=code, answer="Bad link")
        )
    await room.press("desk")
    await room.tap("↩️ Refused lately (1)")
    shown = await room.tap(OTHER)
    assert "Refused order" in shown
    assert "did not accept the link" in shown
    assert "The provider said: “Bad link”" in shown
    assert room.labels() == ["👤 Person", "‹ Back"]


async def test_a_long_list_has_pages_and_the_oldest_first(room):
    for number in range(10):
        await room.order(f"{number:012}", quantity=10)
    await room.press("orders_of:waiting:0")
    assert [label[:12] for label in room.labels()[:8]] == [f"{n:012}" for n in range(8)]
    await room.tap("Next ›")
    assert [label[:12] for label in room.labels()[:2]] == [f"{n:012}" for n in (8, 9)]
    assert "page 2 of 2" in room.text()
    await room.tap("‹ Previous")
    assert "page 1 of 2" in room.text()


async def test_a_list_says_how_many_orders_are_on_it_for_which_reason(room):
    for number, code in enumerate(
        (ReasonCode.PROVIDER_FUNDS_EMPTY, ReasonCode.PROVIDER_RATE_LIMIT) * 2
        + (ReasonCode.PROVIDER_FUNDS_EMPTY,)
    ):
        order_id = await room.order(f"{number:012}", quantity=10)
        await room.do(c.SendOrder(by="system", order_id=order_id))
        await room.do(c.NoteNotSent(by="system", order_id=order_id, reason_code=code))
    await room.order()
    shown = await room.press("orders_of:waiting:0")
    assert shown.split("\n\n")[1].split("\n") == [
        "3 × Our balance at the provider is used up. Orders wait until it is filled up.",
        "2 × The provider asks us to send more slowly.",
    ]


@pytest.mark.parametrize("data", ["orders_of:none:0", "orders_of:waiting:99", "orders_of"])
async def test_a_list_that_is_none_shows_one_that_is(room, data):
    await room.order()
    assert "orders" in await room.press(data)


# Unclear orders


async def test_an_unclear_order_that_arrived_is_followed_under_the_number_that_was_typed(room):
    await unclear(room)
    shown = await room.press(f"one_order:{ORDER}")
    assert "The provider did not say clearly whether it took the order." in shown
    assert "The provider said: “<maybe>”" in shown
    assert "Send me the number" in await room.tap("✅ It arrived")
    assert "doesn't look like an order's number" in await room.type("no idea")
    assert "Did it arrive as number 23501?" in await room.type(" № 23501 ")
    assert status(room) is OrderStatus.UNCLEAR
    assert "the provider is asked how far it is" in await room.tap("✅ Yes, it arrived")
    event = await last(room)
    assert isinstance(event, e.OrderAccepted)
    assert (event.by, event.provider_order_id, event.followed) == ("admin:7", "23501", True)
    assert room.state.orders[ORDER].reserve_points == 1000


async def test_without_the_number_an_order_that_arrived_is_done_and_the_question_says_so(room):
    await unclear(room)
    await room.press(f"arrived:{ORDER}")
    shown = await room.tap("I don't know the number")
    assert "Then the 1,000 points are spent." in shown
    await room.tap("✅ Yes, it arrived")
    assert status(room) is OrderStatus.ACCEPTED
    assert room.state.spent_points == 1000


async def test_a_provider_that_reports_nothing_needs_no_number(simple):
    await unclear(simple)
    shown = await simple.press(f"arrived:{ORDER}")
    assert "Did it arrive?" in shown
    await simple.tap("✅ Yes, it arrived")
    assert status(simple) is OrderStatus.ACCEPTED


async def test_a_number_that_another_order_has_is_not_taken(room):
    await running(room, OTHER, review=False)
    await unclear(room)
    await room.press(f"arrived:{ORDER}")
    assert f"belongs to order {OTHER} already" in await room.type("9bb")
    before = room.state.seq
    await room.press(f"arrived:{ORDER}:9bb:sure")
    assert "belongs to order" in room.screen.toasts[-1]
    assert room.state.seq == before


async def test_an_unclear_order_that_did_not_arrive_is_refunded(room):
    await unclear(room)
    assert room.balance == 9000
    await room.press(f"one_order:{ORDER}")
    assert "Did it not arrive?" in await room.tap("↩️ It did not: refund")
    assert status(room) is OrderStatus.UNCLEAR
    assert "Unclear order" in await room.tap("✖️ No, back")
    await room.tap("↩️ It did not: refund")
    assert "the points were returned" in await room.tap("↩️ Yes, refund")
    assert room.balance == 10_000


async def test_a_second_tap_on_yes_gives_nothing_more(room):
    await unclear(room)
    await room.press(f"refund:{ORDER}:-:sure")
    before = room.state.seq
    shown = await room.press(f"refund:{ORDER}:-:sure")
    assert "settled already" in room.screen.toasts[-1]
    assert "the points were returned" in shown
    assert (room.state.seq, room.balance) == (before, 10_000)


async def test_of_two_admins_the_first_answer_counts_and_the_second_is_told(room):
    await unclear(room)
    await room.press(f"arrived:{ORDER}:77")
    await room.press(f"refund:{ORDER}", by=OTHER_ADMIN_ID)
    await room.tap("↩️ Yes, refund", by=OTHER_ADMIN_ID)
    before = room.state.seq
    shown = await room.tap("✅ Yes, it arrived")
    assert "settled already" in room.screen.toasts[-1]
    assert "the points were returned" in shown
    assert (room.state.seq, status(room)) == (before, OrderStatus.REJECTED)


async def test_a_number_typed_after_another_admin_has_settled_the_order_changes_nothing(room):
    await unclear(room)
    await room.press(f"arrived:{ORDER}")
    await room.press(f"refund:{ORDER}:-:sure", by=OTHER_ADMIN_ID)
    assert "the points were returned" in await room.type("77")
    assert status(room) is OrderStatus.REJECTED
    assert room.services.steps == {}


async def test_leaving_the_question_ends_it_so_that_a_number_is_no_answer(room):
    await unclear(room)
    await room.press(f"arrived:{ORDER}")
    await room.tap("✖️ No, back")
    assert room.services.steps == {}


# With the provider


@pytest.mark.parametrize("settled", ["review", "stuck"])
async def test_an_order_that_was_delivered_is_completed_by_an_admin(room, settled):
    await running(room, review=settled == "review")
    room.now_ms += 100 * HOUR_MS
    shown = await room.press(f"one_order:{ORDER}")
    assert ("Under review" in shown or "under review" in shown) == (settled == "review")
    assert ("The provider said: “Paused?”" in shown) == (settled == "review")
    assert room.labels()[:4] == [
        "✅ It was delivered",
        "↩️ Refund all",
        "🧩 Refund a part",
        "💤 Keep waiting",
    ]
    assert "Then the 1,000 points are spent" in await room.tap("✅ It was delivered")
    assert "marked as delivered" in await room.tap("✅ Yes, delivered")
    event = await last(room)
    assert isinstance(event, e.OrderCompleted)
    assert (event.by, event.spent_points, event.refund_points) == ("admin:7", 1000, 0)


async def test_an_order_of_which_nothing_came_is_refunded_as_a_whole(room):
    await running(room)
    await room.do(c.NoteProgress(by="provider", order_id=ORDER, remains=70))
    await room.do(c.NoteReview(by="provider", order_id=ORDER, reason_code=ReasonCode.STATUS_FAILED))
    await room.press(f"refund_all:{ORDER}")
    await room.tap("↩️ Yes, refund all")
    assert (status(room), room.balance) == (OrderStatus.CANCELED, 10_000)


async def test_the_part_that_is_missing_is_refunded_by_the_number_that_was_typed(room):
    await running(room)
    await room.press(f"one_order:{ORDER}")
    assert "How many of 100 views were not delivered?" in await room.tap("🧩 Refund a part")
    assert "There is no number" in await room.type("some")
    for wrong in ("0", "100", "-5"):
        assert "A part is a number from 1 to 99." in await room.type(wrong)
    shown = await room.type("33")
    assert "Were 33 of 100 views not delivered?" in shown
    assert "gets 330 points back" in shown
    assert "330 points were returned" in await room.tap("🧩 Yes, refund")
    assert (status(room), room.balance) == (OrderStatus.PARTIAL, 9330)


async def test_an_end_under_review_that_an_admin_confirms_leaves_the_list(room):
    await running(room, review=False)
    await room.do(
        c.EndOrder(by="provider", order_id=ORDER, status=OrderStatus.COMPLETED, remains=0)
    )
    await room.do(
        c.NoteReview(by="provider", order_id=ORDER, reason_code=ReasonCode.STATUS_UNKNOWN)
    )
    await room.press("desk")
    assert "🧐 Under review (1)" in room.labels()
    assert "nothing taken back" in await room.press(f"delivered:{ORDER}")
    await room.tap("✅ Yes, delivered")
    assert "No order needs you" in await room.press("desk")
    assert (room.balance, room.state.spent_points) == (9000, 1000)


async def test_an_end_that_turns_out_wrong_is_refunded_by_the_difference(room):
    await running(room, review=False)
    await room.do(c.EndOrder(by="provider", order_id=ORDER, status=OrderStatus.PARTIAL, remains=30))
    await room.do(c.NoteReview(by="provider", order_id=ORDER, reason_code=ReasonCode.STATUS_FAILED))
    assert "gets 700 points back" in await room.press(f"refund_all:{ORDER}")
    await room.tap("↩️ Yes, refund all")
    assert room.balance == 10_000


# Waiting orders, and acts that don't fit


async def test_a_waiting_order_is_given_up_unless_it_has_just_been_sent(room):
    await room.order()
    assert "Give it up?" in await room.press(f"refund:{ORDER}")
    await room.do(c.SendOrder(by="system", order_id=ORDER))
    await room.tap("↩️ Yes, refund")
    assert "being sent right now" in room.screen.toasts[-1]
    assert status(room) is OrderStatus.SENDING


@pytest.mark.parametrize("act", ["arrived", "delivered", "refund_all", "refund_part", "later"])
async def test_an_act_fits_only_orders_of_its_lists(room, act):
    await room.order()
    before = room.state.seq
    await room.press(f"{act}:{ORDER}:50:sure")
    assert "can't be done with this order" in room.screen.toasts[-1]
    assert "Waiting order" in room.text()
    assert room.state.seq == before


@pytest.mark.parametrize("part", ["0", "100", "101", "-1", "x", "", "9" * 30, "sure"])
async def test_a_forged_part_refunds_nothing(room, part):
    await running(room)
    before = room.state.seq
    await room.press(f"refund_part:{ORDER}:{part}:sure")
    assert room.state.seq == before


@pytest.mark.parametrize("forged", ["a:b", "\u0661\u0662", "x" * 33, "<b>", "nodigits"])
async def test_a_forged_number_of_the_provider_is_never_recorded(room, forged):
    await unclear(room)
    await room.press(f"arrived:{ORDER}:{forged}:sure")
    assert status(room) is OrderStatus.UNCLEAR


@pytest.mark.parametrize("data", ["one_order", "arrived", "refund", "later", "delivered"])
async def test_an_order_that_is_unknown_is_said_to_be(room, data):
    for order_id in ("", "f" * 12, "x" * 40):
        await room.press(f"{data}:{order_id}")
        assert "I don't know this order" in room.screen.toasts[-1]


async def test_somebody_who_is_no_admin_settles_nothing(room):
    await unclear(room)
    before = room.state.seq
    await room.press(f"refund:{ORDER}:-:sure", by=ANNA)
    assert "no longer works" in room.screen.toasts[-1]
    assert room.state.seq == before


# Ask me later


async def test_an_order_that_is_put_off_is_marked_and_asked_about_again(room):
    await unclear(room)
    asked: list[tuple[int, str]] = []

    async def remind(admin_id: int, order_id: str) -> None:
        asked.append((admin_id, order_id))

    room.services.ask_later.start(remind)
    await room.press(f"one_order:{ORDER}")
    await room.tap("💤 Ask me later")
    assert room.labels() == ["In 1 hour", "In 6 hours", "In 24 hours", "✖️ No, back"]
    assert not room.services.ask_later.is_put_off(ORDER)
    assert "I ask you again in 6 hours" in await room.tap("In 6 hours")
    await room.press(f"orders_of:{Pile.UNCLEAR}:0")
    assert room.labels()[0].startswith(f"💤 {ORDER}")
    assert asked == []


@pytest.mark.parametrize("hours", ["0", "-1", "2", "999999", "x"])
async def test_forged_hours_are_a_question_again(room, hours):
    await unclear(room)
    assert "When shall I ask you again?" in await room.press(f"later:{ORDER}:{hours}")
    assert not room.services.ask_later.is_put_off(ORDER)


# Words


async def test_evidence_is_on_the_card_in_the_providers_currency(room):
    await unclear(
        room,
        cost_micro=500_000,
        balance_before_micro=12_400_000,
        balance_after_micro=11_650_000,
        others_micro=250_000,
        currency="USD",
        refused_as_running=True,
    )
    shown = await room.press(f"one_order:{ORDER}")
    assert "Our balance there: US$12.40 before, US$11.65 after." in shown
    assert "This order costs US$0.50; other orders cost US$0.25 in between." in shown
    assert "it says that one is running" in shown
    assert "It looks as if the order arrived." in shown


async def test_an_unknown_person_types_nothing_into_an_admins_step(room):
    await unclear(room)
    await room.press(f"arrived:{ORDER}")
    await room.type("77", by=ANNA)
    assert set(room.services.steps) == {ADMIN_ID}
