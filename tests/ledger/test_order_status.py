"""The words for an order's status are in files and on `/status`, so they never change."""

from typing import get_args

from support.given import ANNA, Scenario

from ledger import commands as c
from ledger import events as e
from ledger.order_status import OPEN, OrderStatus
from ledger.projections import apply
from ledger.reason_codes import MismatchCode, OrderRequest, PauseReason, ReasonCode


def test_the_words_never_change():
    assert [str(status) for status in OrderStatus] == [
        "placed",
        "sending",
        "accepted",
        "rejected",
        "unclear",
        "in_progress",
        "completed",
        "partial",
        "canceled",
        "imported",
    ]


def test_an_order_is_open_until_it_is_accepted_or_closed():
    assert {status for status in OrderStatus if status.is_open} == OPEN
    assert {str(status) for status in OPEN} == {"placed", "sending", "unclear"}


def test_there_is_no_status_that_no_event_leads_to():
    seen = set()
    for kind in get_args(e.AnyEvent):
        if not issubclass(kind, e.OrderEvent):
            continue
        world = Scenario()
        world.join(ANNA)
        if kind not in {e.OrderPlaced, e.OrderImported}:
            world.give(ANNA, 100)
            world.order(ANNA, "a")
        apply(world.state, event_of(kind, world.state.users[ANNA].last_seq))
        seen.add(world.state.orders["a"].status)
    assert seen == set(OrderStatus)


def event_of(kind, prev):
    fields = {
        e.OrderPlaced: {"video_link": "", "video_key": "", "quantity": 1, "price_points": 0},
        e.OrderSending: {"attempt": 1},
        e.OrderRejected: {"refund_points": 100},
        e.OrderImported: {"video_link": "", "quantity": 1, "price_points": 1},
        e.OrderCompleted: {"spent_points": 100},
        e.OrderPartial: {"spent_points": 60, "refund_points": 40},
        e.OrderCanceled: {"spent_points": 0, "refund_points": 100},
        e.OrderCorrected: {"status": OrderStatus.COMPLETED},
        e.OrderRequestMade: {"what": OrderRequest.CANCEL},
        e.OrderRequestAnswered: {"what": OrderRequest.CANCEL, "granted": True},
    }.get(kind, {})
    return kind(seq=9, user_id=ANNA, order_id="a", prev=prev, **fields)


def test_reason_codes_never_change():
    """They are in people's logs; a new one is added here, and none goes away."""
    assert {str(code) for code in ReasonCode} == {
        "provider_unreachable",
        "provider_name_unknown",
        "no_secure_connection",
        "provider_funds_empty",
        "provider_settings_wrong",
        "provider_rate_limit",
        "provider_maintenance",
        "refused",
        "service_discontinued",
        "quantity_refused",
        "earlier_order_running",
        "video_limit_reached",
        "link_refused",
        "refunded_by_admin",
        "attempts_used_up",
        "no_answer",
        "connection_lost",
        "answer_unreadable",
        "answer_unknown",
        "answer_contradictory",
        "provider_address_moved",
        "provider_fault",
        "program_stopped",
        "program_fault",
        "status_unknown",
        "status_failed",
        "remains_unknown",
        "unknown_to_provider",
        "end_keeps_changing",
    }


def test_the_other_codes_never_change():
    assert {str(code) for code in PauseReason} == {"price_rose", "service_gone", "limits_changed"}
    assert {str(code) for code in OrderRequest} == {"cancel", "refill"}
    assert {str(code) for code in MismatchCode} == {
        "order_missing",
        "charge_differs",
        "status_differs",
        "balance_differs",
    }


def test_new_lines_have_no_sentence_of_the_program():
    """What the program says of an order is a code; `reason` is for lines of older versions."""
    kinds = [c.NoteNotSent, c.RejectOrder, c.NoteUnclear, c.NoteReview]
    assert all("reason" not in kind.__struct_fields__ for kind in kinds)
