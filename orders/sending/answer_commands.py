"""The ledger's command for each answer to an order."""

from typing import assert_never

from ledger import commands as c
from orders.providers.answers import Accepted, Answer, NotSent, Rejected, Unclear


def command_for(order_id: str, answer: Answer, *, follows: bool = False) -> c.AnyCommand:
    """What is recorded of an order's answer.

    Args:
        order_id: the order.
        answer: what became of it.
        follows: whether the provider reports what becomes of orders, and can be asked for
            evidence about an unclear one.
    """
    match answer:
        case Accepted():
            return c.AcceptOrder(
                by="provider",
                order_id=order_id,
                provider_order_id=answer.provider_order_id,
                answer=answer.answer,
                followed=follows,
            )
        case Rejected():
            return c.RejectOrder(
                by="provider",
                order_id=order_id,
                reason_code=answer.reason_code,
                http_status=answer.http_status,
                answer=answer.answer,
            )
        case Unclear():
            return c.NoteUnclear(
                by="provider" if answer.answered else "system",
                order_id=order_id,
                reason_code=answer.reason_code,
                http_status=answer.http_status,
                answer=answer.answer,
                evidence_follows=follows,
            )
        case NotSent():
            return c.NoteNotSent(
                by="system",
                order_id=order_id,
                reason_code=answer.reason_code,
                http_status=answer.http_status,
                answer=answer.answer,
            )
        case _:
            assert_never(answer)
