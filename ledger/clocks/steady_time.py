"""Time that passed, however often the clock was set meanwhile.

A clock is set forward and back, by hand, by a time server, by a restart without a battery. Each
such step is an event (`ClockStepped`), and the state has the sum of all steps. Two moments of the
log are as far apart as the clock says, less the steps between them. So a clock that jumps to and
fro shortens no pause, and one that was a year ahead prolongs none.
"""

from msgspec import UnsetType

from ledger.clocks.timestamps import to_ms
from ledger.state import State, User


def newest_ms(state: State) -> int | None:
    """When the last event was decided, in epoch milliseconds; None if there is none."""
    return moment_ms(state.books.at)


def last_ad_ms(state: State, user: User) -> int | None:
    """When the last ad was paid, by the present clock, in epoch milliseconds; None if none was."""
    paid_ms = moment_ms(user.last_ad_at)
    if paid_ms is None:
        return None
    return paid_ms + _ms(state.books.clock_steps_ms) - _ms(user.ad_clock_steps_ms)


def stepped(sum_ms: int | UnsetType, step_ms: int) -> int:
    """The sum of all steps after one more."""
    return _ms(sum_ms) + step_ms


def _ms(sum_ms: int | UnsetType) -> int:
    return 0 if isinstance(sum_ms, UnsetType) else sum_ms


def moment_ms(moment: str) -> int | None:
    """A moment of the log in epoch milliseconds; None if there is none."""
    if not moment:
        return None
    try:
        return to_ms(moment)
    except ValueError:
        # A forged line, which `verify` reports; it must not lock anybody out.
        return None
