"""Rules for users: joining, and whether Telegram can reach them."""

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.rules import referrals
from ledger.rules.decision import Decision
from ledger.state import State


def join(state: State, command: c.Join, at_ms: int) -> Decision:
    """Let a person join, invited by the owner of the code that they came with."""
    if command.user_id in state.users:
        return r.AlreadyJoined()
    if command.referral_code in state.user_by_code:
        return r.ReferralCodeTaken()
    inviter_id = state.user_by_code.get(command.invited_by_code)
    inviter = state.users.get(inviter_id) if inviter_id is not None else None
    if inviter is not None and inviter.banned:
        inviter = None
    joined = e.UserJoined(
        user_id=command.user_id,
        referral_code=command.referral_code,
        referred_by=inviter.user_id if inviter else None,
    )
    if inviter is None or state.economy.referral_after_ads > 0:
        return (joined,)
    return (joined, *referrals.earned(state, command.user_id, inviter, at_ms))


def note_reachability(state: State, command: c.NoteUnreachable | c.NoteReachable) -> Decision:
    """Record a change in whether Telegram can reach a person."""
    user = state.users.get(command.user_id)
    if user is None:
        return r.UnknownUser(command.user_id)
    unreachable = isinstance(command, c.NoteUnreachable)
    if user.unreachable == unreachable:
        return r.NothingChanges()
    if isinstance(command, c.NoteUnreachable):
        return (e.UserUnreachable(user_id=user.user_id, reason=command.reason),)
    return (e.UserReachable(user_id=user.user_id),)
