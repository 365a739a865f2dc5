"""Every reason code has a text for users and one for auditors."""

import pytest
from support.given import ANNA, Scenario

from bot.text import reason_texts
from i18n import Translator
from ledger import commands as c
from ledger import events as e
from ledger.reason_codes import ReasonCode
from ledger.state import Order
from ledger.words import event_text
from orders.alerts import Alert, AlertCode

ORDER = "0123456789ab"
T = Translator(strict=True)


def order(**fields: object) -> Order:
    return Order(
        order_id=ORDER,
        user_id=ANNA,
        video_link="",
        video_key="",
        quantity=1,
        total_cost=1,
        **fields,
    )


def rejection(**fields: object) -> e.OrderRejected:
    return e.OrderRejected(user_id=ANNA, order_id=ORDER, refund_points=1, **fields)


def test_every_reason_has_words_of_its_own():
    for table in (reason_texts._REASONS, event_text._REASONS):
        assert set(table) == set(ReasonCode)
        assert len(set(table.values())) == len(ReasonCode)


def test_every_alert_has_words_of_its_own():
    alerts = [Alert(code, ORDER) for code in (*ReasonCode, *AlertCode)]
    words = [reason_texts.of_alert(T, alert) for alert in alerts]
    assert len(set(words)) == len(words)
    assert "order 0123456789ab," in reason_texts.of_alert(
        T, Alert(AlertCode.ACCEPTED_AFTER_CLOSED, ORDER)
    )


@pytest.mark.parametrize("code", ReasonCode)
def test_an_event_and_the_order_after_it_are_shown_alike(code):
    fields = {"reason_code": code, "http_status": 502}
    words = reason_texts.of_order(T, order(**fields))
    assert words == reason_texts.of_event(T, rejection(**fields))
    assert "{" not in words
    assert words in event_text.describe(rejection(**fields))


@pytest.mark.parametrize("code", [ReasonCode.PROVIDER_FAULT, ReasonCode.PROVIDER_ADDRESS_MOVED])
def test_a_reason_that_is_an_http_status_shows_it(code):
    assert "(HTTP 502)" in reason_texts.of_order(T, order(reason_code=code, http_status=502))


def test_an_old_line_is_shown_as_it_was_written():
    assert reason_texts.of_order(T, order(note="{no} <video>")) == "{no} <video>"
    assert reason_texts.of_event(T, rejection(reason="no video")) == "no video"
    assert event_text.describe(rejection(reason="no video")).endswith(": no video")


def test_a_reason_is_that_of_the_last_status():
    world = Scenario()
    world.join(ANNA)
    world.give(ANNA, 100)
    world.order(ANNA, ORDER)
    send = c.SendOrder(by="system", order_id=ORDER)
    seen = []
    fault = {"reason_code": ReasonCode.PROVIDER_FAULT, "http_status": 502}
    for command in (
        send,
        c.NoteNotSent(by="system", order_id=ORDER, reason_code=ReasonCode.PROVIDER_UNREACHABLE),
        send,
        c.NoteUnclear(by="provider", order_id=ORDER, **fault),
        c.AcceptOrder(by="admin:7", order_id=ORDER),
    ):
        assert isinstance(world.when(command), tuple)
        now = world.state.orders[ORDER]
        seen.append((now.reason_code, now.http_status))
    nothing = (None, 0)
    unreachable = (ReasonCode.PROVIDER_UNREACHABLE, 0)
    assert seen == [nothing, unreachable, nothing, (ReasonCode.PROVIDER_FAULT, 502), nothing]
