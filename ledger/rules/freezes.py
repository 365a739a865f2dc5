"""Rules against fraud: stopping what a person earns, and taking back what they earned by fraud.

Both are an admin's decisions. A person whose earning is frozen keeps and spends their points.
"""

from typing import TypeAlias

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.rules.admin import BALANCE_MAX_POINTS
from ledger.rules.decision import Decision
from ledger.state import State, User

FreezeCommand: TypeAlias = c.FreezeEarning | c.UnfreezeEarning | c.TakeBackEarnings


def decide_freeze(state: State, command: FreezeCommand) -> Decision:
    """Decide a command against fraud."""
    if command.key in state.admin_keys:
        return r.AlreadyDone()
    user = state.users.get(command.user_id)
    if user is None:
        return r.UnknownUser(command.user_id)
    if isinstance(command, c.TakeBackEarnings):
        return _take_back(user, command)
    is_frozen = command.user_id in state.books.frozen
    if isinstance(command, c.FreezeEarning):
        if is_frozen:
            return r.AlreadyFrozen()
        frozen = e.EarningFrozen(
            user_id=user.user_id, key=command.key, reason=command.reason, sign=command.sign
        )
        return (frozen,)
    if not is_frozen:
        return r.NotFrozen()
    return (e.EarningUnfrozen(user_id=user.user_id, key=command.key),)


def _take_back(user: User, command: c.TakeBackEarnings) -> Decision:
    after_points = user.balance - command.amount_points
    if command.amount_points <= 0 or after_points < -BALANCE_MAX_POINTS:
        return r.NothingToAdjust()
    if after_points < 0 and not command.below_zero:
        return r.NotEnoughPoints(-after_points, user.balance)
    return (
        e.EarningsTakenBack(
            user_id=user.user_id,
            amount_points=-command.amount_points,
            key=command.key,
            reason=command.reason,
            below_zero=after_points < 0,
        ),
    )
