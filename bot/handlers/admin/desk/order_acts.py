"""The ways in which an admin can settle an order: its lists, the question, and the command."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.text.admin.desk import settling_texts as texts
from bot.text.admin.desk.order_keyboards import UNKNOWN
from bot.text.admin.desk.order_texts import OrderFacts, Pile
from bot.text.buttons import number
from i18n import Html, Translator
from ledger import commands as c
from ledger.order_status import OrderStatus
from ledger.reason_codes import ReasonCode
from ledger.state import Order

Question: TypeAlias = Callable[[Translator, OrderFacts, str], Html]
Commanded: TypeAlias = Callable[[str, Order, str], c.AnyCommand]


@dataclass(frozen=True)
class Act:
    """A way to settle an order.

    Attributes:
        piles: the lists whose orders it can settle.
        question: what the admin is asked before it is done; the last argument is the answer.
        command: what is done, by whom.
    """

    piles: frozenset[Pile]
    question: Question
    command: Commanded


def _accept(by: str, order: Order, answer: str) -> c.AcceptOrder:
    known = "" if answer == UNKNOWN else answer
    return c.AcceptOrder(
        by=by, order_id=order.order_id, provider_order_id=known, followed=bool(known)
    )


def _reject(by: str, order: Order, _: str) -> c.RejectOrder:
    return c.RejectOrder(by=by, order_id=order.order_id, reason_code=ReasonCode.REFUNDED_BY_ADMIN)


def _end_as(status: OrderStatus) -> Commanded:
    def command(by: str, order: Order, answer: str) -> c.EndOrder:
        remains = {OrderStatus.COMPLETED: 0, OrderStatus.CANCELED: order.quantity}
        return c.EndOrder(
            by=by,
            order_id=order.order_id,
            status=status,
            remains=remains.get(status, number(answer)),
        )

    return command


UNDECIDED = frozenset({Pile.UNCLEAR})
WITH_THE_PROVIDER = frozenset({Pile.REVIEW, Pile.STUCK})

ACTS: dict[str, Act] = {
    "arrived": Act(
        UNDECIDED,
        lambda t, facts, answer: texts.arrived(t, facts, "" if answer == UNKNOWN else answer),
        _accept,
    ),
    "refund": Act(UNDECIDED | {Pile.WAITING}, lambda t, facts, _: texts.refund(t, facts), _reject),
    "delivered": Act(
        WITH_THE_PROVIDER,
        lambda t, facts, _: texts.delivered(t, facts),
        _end_as(OrderStatus.COMPLETED),
    ),
    "refund_all": Act(
        WITH_THE_PROVIDER,
        lambda t, facts, _: texts.refund_all(t, facts),
        _end_as(OrderStatus.CANCELED),
    ),
    "refund_part": Act(
        WITH_THE_PROVIDER,
        lambda t, facts, answer: texts.refund_part(t, facts, number(answer) or 0),
        _end_as(OrderStatus.PARTIAL),
    ),
}
"""By the first part of the button's data (`bot/routes.py`)."""
