"""The keyboards of one's own orders. An order is named by its place: see `handlers.my_orders`."""

from collections.abc import Sequence

from bot.send.client import Keyboard
from bot.text.account_texts import SHOW_ORDER
from bot.text.buttons import button, rows
from bot.text.orders import order_texts
from i18n import Translator
from ledger.reason_codes import OrderRequest

IN_A_ROW = 5
REFRESHED = "now"

_ASK = {OrderRequest.CANCEL: order_texts.STOP, OrderRequest.REFILL: order_texts.REFILL}
_YES = {OrderRequest.CANCEL: order_texts.YES_STOP, OrderRequest.REFILL: order_texts.YES_REFILL}


def orders(t: Translator, places: Sequence[int], first: int, page: int, pages: int) -> Keyboard:
    """A number for each order of the page, and the way to the other pages."""
    buttons = [button(f"{first + at}", f"my_order:{place}") for at, place in enumerate(places)]
    turn = [button(t(order_texts.NEWER).text, f"orders:{page - 1}")] if page else []
    if page + 1 < pages:
        turn.append(button(t(order_texts.OLDER).text, f"orders:{page + 1}"))
    return rows(buttons[:IN_A_ROW], buttons[IN_A_ROW:], turn)


def order(
    t: Translator, place: int, page: int, can_ask: Sequence[OrderRequest], *, again: bool
) -> Keyboard:
    """Below the card of an order."""
    top = [button(t(order_texts.REFRESH).text, f"my_order:{place}:{REFRESHED}")]
    if again:
        top.append(button(t(order_texts.ORDER_AGAIN).text, f"again:{place}"))
    return rows(
        top,
        *[[button(t.message(_ASK[what]).text, f"ask_for:{place}:{what}")] for what in can_ask],
        [button(t(order_texts.TO_LIST).text, f"orders:{page}")],
    )


def sure(t: Translator, place: int, what: OrderRequest) -> Keyboard:
    """Before the provider is asked for something."""
    return rows(
        [
            button(t.message(_YES[what]).text, f"ask_now:{place}:{what}"),
            button(t(order_texts.NOT_NOW).text, f"my_order:{place}"),
        ]
    )


def show_order(t: Translator, place: int) -> Keyboard:
    """Under an order that is placed, and under notices about one: the way to its card."""
    return rows([button(t(SHOW_ORDER).text, f"my_order:{place}")])
