"""Puts load on a running ledger: many callers at once, each waiting for its decision.

All users of the log watch ads in turn; deciding what to do next must cost next to nothing here, so
there are no personas. The clock advances with the commands, so that nobody is refused for coming
back too soon, and every decision is checked: a refusal would be cheaper than an event.
"""

import asyncio
from collections.abc import Callable, Iterator
from itertools import cycle
from time import perf_counter

from ledger import commands as c
from ledger.clocks.timestamps import to_ms
from ledger.ledger import Ledger
from ledger.state import State

DAY_MS = 86_400_000
ROUND_MS = 1_000_000
"""Everybody comes once in this time: 86 ads a day, below the cap of 100."""


class CommandClock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        """Not set yet; a ledger can be opened with it already."""
        self.now_ms = 0

    def __call__(self) -> int:
        """The present moment."""
        return self.now_ms


class Traffic:
    """Endless commands for one open ledger.

    Attributes:
        done: how many commands were decided.
    """

    def __init__(self, ledger: Ledger, clock: CommandClock) -> None:
        """Begin a day after the log's last event."""
        self._ledger = ledger
        self._clock = clock
        self._people = cycle(list(ledger.state.users))
        self._step_ms = -(-ROUND_MS // len(ledger.state.users))
        clock.now_ms = to_ms(ledger.state.books.at) + DAY_MS
        self.done = 0

    def next(self) -> c.RewardAd:
        """The next command; the clock advances."""
        self._clock.now_ms += self._step_ms
        return reward(self._ledger.state, next(self._people))

    async def drive(self, callers: int, go_on: Callable[[], bool]) -> float:
        """Let a number of callers send commands while `go_on` returns true; commands per second."""
        done_before, begun = self.done, perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(callers):
                group.create_task(self._call(go_on))
        return (self.done - done_before) / (perf_counter() - begun)

    async def _call(self, go_on: Callable[[], bool]) -> None:
        while go_on():
            decision = await self._ledger.execute(self.next())
            if not isinstance(decision, tuple):
                raise AssertionError(f"the bench measures events, not refusals: {decision}")  # noqa: TRY004 - a refusal is no wrong type
            self.done += 1


def reward(state: State, user_id: int) -> c.RewardAd:
    """The command that pays somebody's next ad."""
    return c.RewardAd(
        by=f"user:{user_id}",
        user_id=user_id,
        ad_number=state.users[user_id].ads_watched + 1,
        opened_at_ms=0,
    )


def for_commands(commands: int) -> Callable[[], bool]:
    """For `drive`: true this many times."""
    left: Iterator[int] = iter(range(commands))
    return lambda: next(left, None) is not None


def for_seconds(duration_s: float) -> Callable[[], bool]:
    """For `drive`: true for this long."""
    end = perf_counter() + duration_s
    return lambda: perf_counter() < end


def until_done(task: asyncio.Task[None]) -> Callable[[], bool]:
    """For `drive`: true until the task has ended."""
    return lambda: not task.done()
