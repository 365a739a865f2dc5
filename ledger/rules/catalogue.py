"""Rules for what the shop offers, and for the comparison with the provider's account."""

from msgspec.structs import replace

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.economy import BOUNDS, Offer
from ledger.rules.decision import Decision
from ledger.state import State

NAME_LENGTH_MAX = 200
MISMATCHES_MAX = 50
_BOUNDS = BOUNDS["points_per_1000_views"]


def change_offer(state: State, command: c.ChangeOffer) -> Decision:
    """Offer a service at a price, change that, or pause it."""
    if command.key and command.key in state.admin_keys:
        return r.AlreadyDone()
    if not (
        command.service_id
        and 0 < len(command.name) <= NAME_LENGTH_MAX
        and 1 <= command.quantity_min <= command.quantity_max
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
    event = e.OrdersReconciled(
        day=command.day,
        orders=command.orders,
        charged_micro=command.charged_micro,
        balance_micro=command.balance_micro,
        currency=command.currency,
        mismatches_count=max(command.mismatches_count, len(command.mismatches)),
    )
    return (replace(event, mismatches=command.mismatches[:MISMATCHES_MAX]),)
