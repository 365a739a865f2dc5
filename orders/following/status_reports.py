"""Records what the provider reports of an order.

Before points move, the report is confirmed by a call for the order alone: some providers mix up
the orders of an answer about several.
"""

import logging
from typing import assert_never

from ledger import commands as c
from ledger import refusals as r
from ledger.ledger import Ledger
from ledger.order_status import ENDS, OrderStatus
from ledger.reason_codes import ReasonCode
from ledger.rules.deliveries import DeliveryCommand, decide_delivery
from ledger.state import Order
from orders.following.status_reader import StatusReader
from orders.providers.base import (
    CallFailed,
    OrderReport,
    Progress,
    StatusAnswer,
    UnknownToProvider,
)

log = logging.getLogger(__name__)

END_STATUS: dict[Progress, OrderStatus] = {
    Progress.COMPLETED: OrderStatus.COMPLETED,
    Progress.PARTIAL: OrderStatus.PARTIAL,
    Progress.CANCELED: OrderStatus.CANCELED,
}
"""The ends among what a provider reports."""


class StatusReports:
    """Turns reports into commands; what changes nothing is not recorded."""

    def __init__(self, ledger: Ledger, reader: StatusReader) -> None:
        """`reader` asks again before points move."""
        self._ledger = ledger
        self._reader = reader

    async def record(self, order_id: str, answer: StatusAnswer) -> CallFailed | None:
        """Record what an answer about several orders says of this one.

        Returns:
            Why it could not be confirmed; None if it is recorded, or nothing changes.

        Raises:
            LedgerFailed: the log can't be written.
        """
        order = self._ledger.state.orders.get(order_id)
        if order is None:
            return None
        command = command_for(order, answer)
        if command is None or not self._changes(command):
            return None
        if isinstance(command, c.NoteProgress):
            await self._ledger.execute(command)
            return None
        confirmed = await self._reader.one(order.provider_order_id)
        if isinstance(confirmed, CallFailed):
            return confirmed
        await self._record_confirmed(order_id, confirmed)
        return None

    async def _record_confirmed(self, order_id: str, answer: StatusAnswer) -> None:
        order = self._ledger.state.orders.get(order_id)
        command = command_for(order, answer) if order is not None else None
        if command is None or not self._changes(command):
            return
        decision = await self._ledger.execute(command)
        if isinstance(decision, r.RemainsUnknown):
            review = _review(order_id, ReasonCode.REMAINS_UNKNOWN, _text_of(answer))
            await self._ledger.execute(review)

    def _changes(self, command: DeliveryCommand) -> bool:
        """Whether the ledger would record anything, by its own rules: most polls bring nothing."""
        state = self._ledger.state
        decision = decide_delivery(state, command)
        if isinstance(decision, r.RemainsUnknown):
            review = _review(command.order_id, ReasonCode.REMAINS_UNKNOWN, "")
            return isinstance(decide_delivery(state, review), tuple)
        return isinstance(decision, tuple)


def command_for(order: Order, answer: StatusAnswer) -> DeliveryCommand | None:
    """What is to be recorded of an answer about this order; None: nothing."""
    order_id = order.order_id
    if isinstance(answer, UnknownToProvider):
        if order.status in ENDS:
            return None  # Some forget orders after a while; the reconciliation lists them.
        return _review(order_id, ReasonCode.UNKNOWN_TO_PROVIDER, answer.text)
    match answer.progress:
        case Progress.ACCEPTED | Progress.RUNNING:
            return _going_on(order, answer)
        case Progress.COMPLETED | Progress.PARTIAL | Progress.CANCELED:
            return c.EndOrder(
                by="provider",
                order_id=order_id,
                status=END_STATUS[answer.progress],
                remains=answer.remains,
                charge_micro=answer.charge_micro,
                currency=answer.currency,
            )
        case Progress.FAILED:
            return _review(order_id, ReasonCode.STATUS_FAILED, answer.word)
        case Progress.UNKNOWN:
            return _review(order_id, ReasonCode.STATUS_UNKNOWN, answer.word)
        case _:
            assert_never(answer.progress)


def _going_on(order: Order, report: OrderReport) -> DeliveryCommand | None:
    if order.status in ENDS:
        # More is delivered after a completed order where it was topped up. After a refund it is
        # something that a person must see.
        if order.status is OrderStatus.COMPLETED:
            return None
        return _review(order.order_id, ReasonCode.STATUS_UNKNOWN, report.word)
    if report.progress is Progress.ACCEPTED and order.review is None:
        return None
    return c.NoteProgress(
        by="provider",
        order_id=order.order_id,
        start_count=report.start_count,
        remains=report.remains,
    )


def _review(order_id: str, reason_code: ReasonCode, answer: str) -> c.NoteReview:
    return c.NoteReview(by="provider", order_id=order_id, reason_code=reason_code, answer=answer)


def _text_of(answer: StatusAnswer) -> str:
    return answer.text if isinstance(answer, UnknownToProvider) else answer.word
