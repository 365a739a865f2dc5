"""What admins are told of orders and the shop, when, and when again."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from support.admin_screen import ADMIN_ID, ANNA, OTHER_ADMIN_ID, AdminHarness

from bot.notify.ask_later import HOUR_S, AskLater
from bot.notify.notifications import Readers
from bot.notify.order_notices import (
    NEWS_A_DAY_MAX,
    PausedOffers,
    order_notices,
    reminder,
    reminders,
)
from i18n import Translators
from ledger import commands as c
from ledger import events as e
from ledger.event_types.catalogue import Mismatch
from ledger.order_status import OrderStatus
from ledger.reason_codes import MismatchCode, PauseReason, ReasonCode

ORDER, OTHER = "a" * 12, "b" * 12


@pytest.fixture
async def room() -> AsyncIterator[AdminHarness]:
    room = AdminHarness()
    await room.open()
    yield room
    await room.close()


def readers(room: AdminHarness) -> Readers:
    return Readers(room.state, Translators(strict=True), [ADMIN_ID, OTHER_ADMIN_ID])


def told(room: AdminHarness, event: e.AnyEvent, paused: PausedOffers | None = None) -> list[str]:
    """What one admin reads; each of them gets the same."""
    found = order_notices(event, readers(room), paused or PausedOffers())
    assert all(notice.to_admins for notice in found)
    by_admin = {
        admin_id: [one.text.text for one in found if one.chat_id == admin_id]
        for admin_id in (ADMIN_ID, OTHER_ADMIN_ID)
    }
    assert by_admin[ADMIN_ID] == by_admin[OTHER_ADMIN_ID]
    return by_admin[ADMIN_ID]


async def unclear(room: AdminHarness, order_id: str = ORDER, *, evidence_follows: bool = False):
    await room.order(order_id, quantity=10)
    await room.do(c.SendOrder(by="system", order_id=order_id))
    return await room.do(
        c.NoteUnclear(
            by="system",
            order_id=order_id,
            reason_code=ReasonCode.NO_ANSWER,
            answer="half an ans",
            evidence_follows=evidence_follows,
        )
    )


async def accepted(room: AdminHarness) -> None:
    await room.order()
    await room.do(c.SendOrder(by="system", order_id=ORDER))
    await room.do(
        c.AcceptOrder(by="provider", order_id=ORDER, provider_order_id="1", followed=True)
    )


async def test_an_unclear_order_is_asked_about_with_what_the_provider_said(room):
    (text,) = told(room, await unclear(room))
    assert "Unclear order" in text
    assert "The provider said: “half an ans”" in text


async def test_if_evidence_follows_the_admins_are_asked_when_it_is_there(room):
    assert told(room, await unclear(room, evidence_follows=True)) == []
    found = await room.do(c.NoteEvidence(by="system", order_id=ORDER, cost_micro=5, currency="USD"))
    (text,) = told(room, found)
    assert "What can be seen at the provider" in text


async def test_of_an_order_that_was_settled_meanwhile_admins_hear_nothing(room):
    event = await unclear(room)
    await room.press(f"refund:{ORDER}:-:sure")
    assert told(room, event) == []


async def test_an_order_under_review_is_told_of_once(room):
    await accepted(room)
    review = c.NoteReview(
        by="provider", order_id=ORDER, reason_code=ReasonCode.STATUS_UNKNOWN, answer="Odd"
    )
    (text,) = told(room, await room.do(review))
    assert "The provider reports a status that we do not know." in text
    assert "The provider said: “Odd”" in text
    assert not isinstance(await room.ledger.execute(review), tuple)


async def test_what_was_given_back_too_much_is_told(room):
    await accepted(room)
    canceled = c.EndOrder(by="provider", order_id=ORDER, status=OrderStatus.CANCELED)
    assert told(room, await room.do(canceled)) == []
    completed = c.EndOrder(by="provider", order_id=ORDER, status=OrderStatus.COMPLETED)
    (text,) = told(room, await room.do(completed))
    assert "1,000 points more than due were returned; they stay with the person" in text


async def test_a_comparison_is_told_of_only_if_something_differs(room):
    same = c.NoteReconciled(by="system", day="2026-01-01", orders=3, charged_micro=1)
    assert told(room, await room.do(same)) == []
    mismatch = Mismatch(MismatchCode.ORDER_MISSING, ORDER)
    differs = c.NoteReconciled(
        by="system", day="2026-01-02", orders=3, charged_micro=1, mismatches=(mismatch,)
    )
    (text,) = told(room, await room.do(differs))
    assert "Our orders of 2 Jan 2026 were compared" in text
    assert "1 difference." in text


def offer(reason: PauseReason | None, by: str = "system", **fields: object) -> c.ChangeOffer:
    key = by if by != "system" else ""
    return c.ChangeOffer(
        by=by,
        service_id="1",
        name="Likes",
        points_per_1000=10,
        quantity_min=1,
        quantity_max=10,
        paused_because=reason,
        key=key,
        **fields,
    )


async def test_a_pause_and_its_end_are_told_and_a_new_rate_is_not(room):
    paused = PausedOffers(room.state)
    assert told(room, await room.do(offer(None, by="admin:7")), paused) == []
    for reason, rate, words in (
        (None, 5, []),
        (PauseReason.PRICE_ROSE, 9, ["is paused: the provider takes more for it"]),
        (PauseReason.PRICE_ROSE, 10, []),
        (PauseReason.SERVICE_GONE, 10, ["the provider doesn't have it any more"]),
        (None, 5, ["Likes is on offer again."]),
    ):
        event = await room.do(offer(reason, rate_micro=rate))
        # All admins are told of one event together, so it is asked about once.
        notices = order_notices(event, readers(room), paused)
        texts = [one.text.text for one in notices if one.chat_id == ADMIN_ID]
        assert len(texts) == len(words)
        assert all(word in text for word, text in zip(words, texts, strict=True))


async def test_a_price_that_goes_to_and_fro_is_told_a_few_times_a_day_only(room):
    paused = PausedOffers(room.state)
    await room.do(offer(None, by="admin:7"))
    texts = []
    for _ in range(12):
        for reason in (PauseReason.PRICE_ROSE, None):
            event = await room.do(offer(reason))
            notices = order_notices(event, readers(room), paused)
            texts += [one for one in notices if one.chat_id == ADMIN_ID]
    assert len(texts) == NEWS_A_DAY_MAX


async def test_at_a_start_admins_are_asked_one_by_one_with_the_evidence(room):
    await unclear(room)
    await room.do(
        c.NoteEvidence(
            by="system",
            order_id=ORDER,
            cost_micro=5,
            balance_before_micro=10,
            balance_after_micro=10,
        )
    )
    await unclear(room, OTHER, evidence_follows=True)
    found = await reminders(room.ledger, readers(room))
    assert [notice.chat_id for notice in found] == [ADMIN_ID, OTHER_ADMIN_ID]
    assert "It looks as if the order did not arrive." in found[0].text.text


async def test_at_a_start_with_many_orders_one_message_says_how_many(room):
    for number in range(6):
        await unclear(room, f"{number:012}")
    found = await reminders(room.ledger, readers(room))
    assert [notice.text.text for notice in found] == [
        "📦 6 orders need you. They are all in /admin → Orders."
    ] * 2


async def test_a_reminder_is_for_an_order_that_still_needs_somebody(room):
    await unclear(room)
    notice = await reminder(ADMIN_ID, ORDER, room.ledger, readers(room))
    assert notice is not None
    assert (notice.chat_id, "Unclear order" in notice.text.text) == (ADMIN_ID, True)
    await room.press(f"refund:{ORDER}:-:sure")
    assert await reminder(ADMIN_ID, ORDER, room.ledger, readers(room)) is None
    assert await reminder(ADMIN_ID, OTHER, room.ledger, readers(room)) is None


class Pauses:
    """Pauses that end when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, asyncio.Event]] = []

    async def __call__(self, seconds: float) -> None:
        over = asyncio.Event()
        self.waiting.append((seconds, over))
        await over.wait()


async def reminded(later: AskLater) -> asyncio.Queue[tuple[int, str]]:
    found: asyncio.Queue[tuple[int, str]] = asyncio.Queue()

    async def remind(admin_id: int, order_id: str) -> None:
        found.put_nowait((admin_id, order_id))

    later.start(remind)
    return found


async def test_an_admin_is_asked_again_after_the_hours_they_chose():
    pauses = Pauses()
    later = AskLater(pauses)
    found = await reminded(later)
    later.add(ADMIN_ID, ORDER, 6)
    await asyncio.sleep(0)
    ((seconds, over),) = pauses.waiting
    assert seconds == 6 * HOUR_S
    assert later.is_put_off(ORDER)
    over.set()
    assert await found.get() == (ADMIN_ID, ORDER)
    assert not later.is_put_off(ORDER)
    await later.stop()


async def test_a_second_choice_replaces_the_first():
    pauses = Pauses()
    later = AskLater(pauses)
    found = await reminded(later)
    later.add(ADMIN_ID, ORDER, 1)
    await asyncio.sleep(0)
    later.add(ADMIN_ID, ORDER, 24)
    await asyncio.sleep(0)
    for _, over in pauses.waiting:
        over.set()
    assert await found.get() == (ADMIN_ID, ORDER)
    assert found.empty()
    await later.stop()


async def test_the_stop_forgets_what_was_put_off():
    later = AskLater(Pauses())
    later.add(ADMIN_ID, ORDER, 1)
    later.add(ANNA, OTHER, 1)
    await later.stop()
    assert not later.is_put_off(ORDER)
