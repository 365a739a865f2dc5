"""The provider's page: balance, the last comparison, what the last days left."""

from collections.abc import AsyncIterator

import pytest
from support.admin_screen import AdminHarness

from ledger import commands as c
from ledger.clocks.timestamps import DAY_MS
from ledger.event_types.catalogue import Mismatch
from ledger.order_status import OrderStatus
from ledger.reason_codes import MismatchCode, OrderRequest, ReasonCode
from orders.providers.base import CallFailed

ORDER = "a" * 12


@pytest.fixture
async def room() -> AsyncIterator[AdminHarness]:
    room = AdminHarness()
    await room.open()
    yield room
    await room.close()


async def delivered(room: AdminHarness, order_id: str, charge_micro: int) -> None:
    """An order of 1,000 points that was delivered."""
    await room.order(order_id)
    await room.do(c.SendOrder(by="system", order_id=order_id))
    await room.do(
        c.AcceptOrder(by="provider", order_id=order_id, provider_order_id="1", followed=True)
    )
    await room.do(
        c.EndOrder(
            by="provider",
            order_id=order_id,
            status=OrderStatus.COMPLETED,
            charge_micro=charge_micro,
            currency="USD",
        )
    )


async def compared(room: AdminHarness, *mismatches: Mismatch, count: int = 0) -> None:
    await room.do(
        c.NoteReconciled(
            by="system",
            day="2026-01-01",
            orders=12,
            charged_micro=3_450_000,
            currency="USD",
            mismatches=mismatches,
            mismatches_count=count,
        )
    )


async def test_balance_and_how_long_it_lasts(room):
    await room.press("panel")
    shown = await room.tap("🏦 Provider")
    assert "Our balance there: US$12.40 (read 1 Jan 2026, 12:00 UTC)" in shown
    assert "At the present rate it lasts for 3 days." in shown
    assert "were not compared with the provider's account yet" in shown
    assert "No order has ended yet." in shown


@pytest.mark.parametrize(
    ("lasts", "words"),
    [(None, "can't be said yet"), (0.9, "less than a day"), (1.0, "for 1 day."), (1e300, "days")],
)
async def test_how_long_it_lasts_in_words(room, lasts, words):
    room.account.lasts = lasts
    assert words in await room.press("provider")


async def test_a_balance_that_was_not_read_or_not_lately_is_said(room):
    room.account.problem = CallFailed(ReasonCode.NO_ANSWER)
    assert "The last reading failed: The provider did not answer in time." in await room.press(
        "provider"
    )
    room.account.balance = None
    assert "was not read yet" in await room.press("provider")


async def test_what_each_day_left_is_a_table_of_the_last_seven_days(room):
    await delivered(room, "b" * 12, 1)
    room.now_ms += 8 * DAY_MS
    await delivered(room, "c" * 12, 60_000)
    await delivered(room, "d" * 12, 30_000)
    room.now_ms += DAY_MS
    await delivered(room, "e" * 12, 200_000)
    shown = await room.press("provider")
    lines = shown[shown.index("day  ") :].split("\n")[:3]
    assert [line.split() for line in lines] == [
        ["day", "earned", "cost", "margin"],
        ["01-10", "0.10", "0.20", "−0.10"],
        ["01-09", "0.20", "0.09", "0.11"],
    ]
    assert len({len(line) for line in lines}) == 1
    assert "01-01" not in shown


async def test_whoever_subtracts_the_shown_amounts_gets_the_shown_margin(room):
    await room.do(c.ChangeSetting(by="admin:7", name="point_value_micro", value=275, key="worth"))
    await delivered(room, "b" * 12, 225_000)
    shown = await room.press("provider")
    assert "0.28 0.22   0.06" in shown


async def test_an_agreement_is_said(room):
    await compared(room)
    shown = await room.press("provider")
    assert "Compared on 1 Jan 2026: 12 orders, US$3.45 charged." in shown
    assert "Our books and the provider's agree." in shown
    assert not any("Differences" in label for label in room.labels())


async def test_all_differences_are_listed_page_by_page(room):
    found = [Mismatch(code, ORDER, 500_000, 400_000) for code in MismatchCode] * 3
    await compared(room, *found, count=60)
    await room.press("provider")
    shown = await room.tap("⚠️ Differences (60)")
    assert f"order {ORDER} is not known there" in shown
    assert f"order {ORDER} should cost US$0.50, charged was US$0.40" in shown
    assert f"order {ORDER} has another status there" in shown
    assert "the balance should be US$0.50, it is US$0.40" in shown
    assert "48 more are not listed" in shown
    assert shown.count("•") == 10
    assert (await room.tap("Next ›")).count("•") == 2
    for forged in ("differences:99", "differences:-1", "differences:x", "differences"):
        assert "•" in await room.press(forged)


async def test_requests_that_wait_for_an_answer_are_counted(room):
    offer = c.ChangeOffer(
        by="admin:7",
        service_id="1",
        name="Likes",
        points_per_1000=10_000,
        quantity_min=1,
        quantity_max=1000,
        can_cancel=True,
        key="k",
    )
    await room.do(offer)
    await room.order(service_id="1")
    await room.do(c.SendOrder(by="system", order_id=ORDER))
    await room.do(
        c.AcceptOrder(by="provider", order_id=ORDER, provider_order_id="1", followed=True)
    )
    request = c.RequestForOrder(by="user:42", order_id=ORDER, what=OrderRequest.CANCEL)
    await room.do(request)
    assert "to stop an order 1, to refill one 0" in await room.press("provider")
    await room.do(
        c.NoteRequestAnswer(by="provider", order_id=ORDER, what=OrderRequest.CANCEL, granted=False)
    )
    assert "to stop an order" not in await room.press("provider")


async def test_a_provider_that_reports_nothing_has_no_page(room):
    room.services.provider_account = None
    await room.press("panel")
    assert "🏦 Provider" not in room.labels()
    assert "doesn't report our balance" in await room.press("provider")
    assert "not compared" in await room.press("differences:0")
