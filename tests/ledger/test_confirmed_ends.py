"""An admin who has looked at an end under review confirms it, which moves no points."""

import pytest
from support.given import ANNA, Scenario

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.order_status import OrderStatus
from ledger.reason_codes import ReasonCode

ORDER = "ab12cd34ef56"


@pytest.fixture
def world():
    """A completed order that the provider says something unexpected of."""
    world = Scenario()
    world.join(ANNA)
    world.give(ANNA, 100)
    world.order(ANNA, ORDER)
    world.when(c.SendOrder(by="system", order_id=ORDER))
    world.when(c.AcceptOrder(by="provider", order_id=ORDER, provider_order_id="1", followed=True))
    world.when(end("provider"))
    world.when(c.NoteReview(by="provider", order_id=ORDER, reason_code=ReasonCode.STATUS_UNKNOWN))
    return world


def end(by):
    return c.EndOrder(by=by, order_id=ORDER, status=OrderStatus.COMPLETED, remains=0)


def test_an_admin_who_confirms_an_end_ends_the_review(world):
    (event,) = world.when(end("admin:7"))
    assert isinstance(event, e.OrderCorrected)
    assert (event.status, event.refund_points, event.excess_points) == (
        OrderStatus.COMPLETED,
        0,
        0,
    )
    assert world.state.orders[ORDER].review is None
    assert world.balance(ANNA) == 0


def test_the_provider_that_repeats_an_end_does_not(world):
    assert world.when(end("provider")) == r.NothingChanges()
    assert world.state.orders[ORDER].review is ReasonCode.STATUS_UNKNOWN


def test_an_end_that_nobody_doubts_is_not_confirmed_twice(world):
    world.when(end("admin:7"))
    assert world.when(end("admin:7")) == r.NothingChanges()
