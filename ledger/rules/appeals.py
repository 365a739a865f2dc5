"""Rules for appeals: what a banned person may still write to the admins."""

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.clocks.timestamps import DAY_MS, day_of, to_text
from ledger.rules.decision import Decision
from ledger.state import State


def note(state: State, command: c.NoteAppeal, at_ms: int) -> Decision:
    """Record a banned person's message to the admins: one in a UTC day."""
    user = state.users.get(command.user_id)
    if user is None:
        return r.UnknownUser(command.user_id)
    last = state.books.appeals.get(command.user_id)
    if last is not None and last.message_id == command.message_id:
        return r.AlreadyDone()
    if not user.banned:
        return r.NotBanned()
    if refusal := appeal_wait(state, command.user_id, at_ms):
        return refusal
    return (e.AppealSent(user_id=user.user_id, message_id=command.message_id),)


def appeal_wait(state: State, user_id: int, at_ms: int) -> r.AppealSentToday | None:
    """Why a banned person has to wait before the next appeal; None if they don't."""
    last = state.books.appeals.get(user_id)
    if last is None or day_of(last.at) != day_of(to_text(at_ms)):
        return None
    return r.AppealSentToday(-(-(DAY_MS - at_ms % DAY_MS) // 1000))
