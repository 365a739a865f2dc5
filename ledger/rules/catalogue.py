"""Rules for what the shop offers, and for the comparison with the provider's account."""

from msgspec.structs import replace

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.economy import BOUNDS, Offer
from ledger.rules.decision import Decision
from ledger.rules.orders import writable
from ledger.state import State

NAME_LENGTH_MAX = 200
MISMATCHES_MAX = 50
_BOUNDS = BOUNDS["points_per_1000_views"]
_QUANTITY_MAX = BOUNDS["order_views_max"].high


def change_offer(state: State, command: c.ChangeOffer) -> Decision:
    """Offer a service at a price, change that, or pause it."""
    if command.key and command.key in state.admin_keys:
        return r.AlreadyDone()
    if not (
        command.service_id
        and 0 < len(command.name) <= NAME_LENGTH_MAX
        and 1 <= command.quantity_min <= command.quantity_max <= _QUANTITY_MAX
        and 0 <= command.rate_micro <= e.POINTS_MAX
        and abs(command.position) <= e.POINTS_MAX
    ):
        return r.WrongOffer()
    if not _BOUNDS.low <= command.points_per_1000 <= _BOUNDS.high:
        return r.SettingOutOfRange("points_per_1000", _BOUNDS.low, _BOUNDS.high)
    offer = Offer(**{name: getattr(command, name) for name in Offer.__struct_fields__})
    if state.offers.get(command.service_id) == offer:
        return r.NothingChanges()
    fields = {name: getattr(offer, name) for name in Offer.__struct_fields__}
    return (e.OfferChanged(**fields, key=command.key),)


def note_reconciled(state: State, command: c.NoteReconciled) -> Decision:
    """Record the comparison of a day, once."""
    last = state.books.reconciliation
    if last is not None and last.day == command.day:
        return r.AlreadyDone()
    return (
        e.OrdersReconciled(
            day=command.day,
            orders=command.orders,
            charged_micro=writable(command.charged_micro) or 0,
            balance_micro=writable(command.balance_micro),
            currency=command.currency,
            mismatches=tuple(map(_writable, command.mismatches[:MISMATCHES_MAX])),
            mismatches_count=max(command.mismatches_count, len(command.mismatches)),
        ),
    )


def _writable(mismatch: e.Mismatch) -> e.Mismatch:
    return replace(
        mismatch,
        ours_micro=writable(mismatch.ours_micro) or 0,
        theirs_micro=writable(mismatch.theirs_micro) or 0,
    )
