"""What a buyer is told about an order: each change that matters, and nothing in between."""

from typing import NamedTuple

from bot.send.client import Keyboard
from bot.text import reason_texts
from bot.text.orders import my_order_keyboards, order_news_texts
from i18n import Html, Translator
from ledger import events as e
from ledger.order_status import OrderStatus
from ledger.state import Order, State


class OrderNews(NamedTuple):
    """A message to the buyer."""

    text: Html
    keyboard: Keyboard | None


def news_for_buyer(t: Translator, state: State, event: e.OrderEvent) -> OrderNews | None:
    """The message to the buyer that follows from an event; None: there is none.

    The state may be further than the event, and the order may have left the memory since.
    """
    order = state.orders.get(event.order_id)
    text = _text(t, state, event, order)
    if text is None:
        return None
    own = state.orders_of.get(event.user_id, [])
    if event.order_id not in own:
        return OrderNews(text, None)
    return OrderNews(text, my_order_keyboards.show_order(t, own.index(event.order_id)))


def _text(t: Translator, state: State, event: e.OrderEvent, order: Order | None) -> Html | None:
    user = state.users[event.user_id]
    name = order_news_texts.order_name(t, state, event.order_id, order)
    match event:
        case e.OrderAccepted():
            return order_news_texts.accepted(t, name, followed=event.followed)
        case e.OrderRejected():
            reason = reason_texts.of_event(t, event)
            return order_news_texts.rejected(t, name, user, reason, event.refund_points)
        case e.OrderUnclear() if order is not None and order.status is OrderStatus.UNCLEAR:
            return order_news_texts.unclear(t, name)
        case e.OrderCompleted():
            return order_news_texts.completed(t, name)
        case e.OrderPartial() | e.OrderCanceled():
            return order_news_texts.ended_early(t, event, name, order, user)
        case e.OrderCorrected() if event.refund_points:
            return order_news_texts.corrected(t, event, name, user)
        case e.OrderRequestAnswered():
            return order_news_texts.request_answered(t, event, name)
        case _:
            return None
