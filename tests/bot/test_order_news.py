"""Which changes of an order its buyer is told about, and how."""

import pytest
from support.buyer_harness import LIKES
from support.given import ADMIN, ANNA, KEY, LINK, Scenario

from bot.notify.notifications import Readers, notices
from i18n import Translators
from ledger import commands as c
from ledger import events as e
from ledger.economy import Offer
from ledger.order_status import OrderStatus
from ledger.reason_codes import OrderRequest, ReasonCode

ID = "00000000000a"


@pytest.fixture
def world():
    """Anna has ordered 100 likes for 200 points; 300 are left."""
    world = Scenario()
    world.join(ANNA)
    world.join(ADMIN)
    world.give(ANNA, 500)
    fields = {name: getattr(LIKES, name) for name in Offer.__struct_fields__}
    world.when(c.ChangeOffer(by="admin:7", **fields))
    world.when(
        c.PlaceOrder(
            by="user:1",
            user_id=ANNA,
            order_id=ID,
            video_link=LINK,
            video_key=KEY,
            quantity=100,
            price_points=200,
            service_id="11",
        )
    )
    world.when(c.SendOrder(by="system", order_id=ID))
    return world


def told(world, command):
    """What Anna is told of the events of a command; the admins are told elsewhere."""
    decision = world.when(command)
    assert isinstance(decision, tuple), decision
    readers = Readers(world.state, Translators(strict=True), [])
    return [one for event in decision for one in notices(event, readers)]


def the_text(world, command):
    (notice,) = told(world, command)
    assert notice.chat_id == ANNA
    assert "my_order:0" in str(notice.keyboard)
    return notice.text.text


def accept(*, followed=True):
    return c.AcceptOrder(by="provider", order_id=ID, provider_order_id="7", followed=followed)


def end(status, remains=None):
    return c.EndOrder(by="provider", order_id=ID, status=status, remains=remains)


def test_a_followed_order_that_is_accepted_promises_its_start(world):
    assert the_text(world, accept()) == (
        f"🚀 Your order {ID} (100 likes) is accepted. Delivery starts soon."
    )


def test_an_order_that_is_not_followed_promises_nothing(world):
    text = the_text(world, accept(followed=False))
    assert "This provider doesn't report delivery" in text


def test_progress_is_no_news(world):
    world.when(accept())
    assert told(world, c.NoteProgress(by="provider", order_id=ID, remains=50)) == []
    assert told(world, c.NoteReview(by="provider", order_id=ID, reason_code=UNKNOWN)) == []


UNKNOWN = ReasonCode.STATUS_UNKNOWN


def test_a_finished_order_is_news(world):
    world.when(accept())
    assert the_text(world, end(OrderStatus.COMPLETED)) == (
        f"✅ Your order {ID} (100 likes) is finished: all of it was delivered."
    )


def test_a_part_that_is_missing_is_given_back_and_said(world):
    world.when(accept())
    assert the_text(world, end(OrderStatus.PARTIAL, 25)) == (
        f"🧩 Your order {ID} (100 likes) has ended before all of it was delivered.\n\n"
        "Delivered: 75 of 100\n\n50 points came back to you. You have 350 points."
    )


def test_a_canceled_order_says_what_came_back(world):
    world.when(accept())
    assert the_text(world, end(OrderStatus.CANCELED)) == (
        f"↩️ The provider has stopped your order {ID} (100 likes).\n\n"
        "200 points came back to you. You have 500 points."
    )


def test_an_end_that_is_corrected_is_news_only_if_more_comes_back(world):
    world.when(accept())
    world.when(end(OrderStatus.PARTIAL, 25))
    assert told(world, end(OrderStatus.PARTIAL, 20)) == []
    text = the_text(world, end(OrderStatus.CANCELED))
    assert "The provider has corrected your order" in text
    assert "150 points came back to you. You have 500 points." in text


@pytest.mark.parametrize(
    ("granted", "words"), [(True, "will stop your order"), (False, "can't stop your order")]
)
def test_the_answer_to_a_request_is_news_and_the_request_is_not(world, granted, words):
    world.when(accept())
    what = OrderRequest.CANCEL
    assert told(world, c.RequestForOrder(by="user:1", order_id=ID, what=what)) == []
    answer = c.NoteRequestAnswer(by="provider", order_id=ID, what=what, granted=granted)
    assert words in the_text(world, answer)


def test_news_of_an_order_that_has_left_the_memory_is_told_without_its_amount(world):
    world.when(accept())
    (event,) = world.when(end(OrderStatus.PARTIAL, 25))
    world.later(3 * 86_400)
    world.order(ANNA, "00000000000b", 10, 100)
    assert ID not in world.state.orders
    readers = Readers(world.state, Translators(strict=True), [ADMIN])
    (notice,) = notices(event, readers)
    assert f"Your order {ID} has ended" in notice.text.text
    assert "50 points came back to you" in notice.text.text
    old = e.OrderUnclear(user_id=ANNA, order_id=ID, reason_code=ReasonCode.NO_ANSWER)
    assert list(notices(old, readers)) == []
