"""Suspects: after crashes, updates are handled one at a time, so that a crash names its cause.

A process that dies may have died of an update, or of anything else: most of the updates in flight
merely waited for Telegram. So after `CAREFUL_AFTER_CRASHES` in a row every update, recovered or
new, has a turn: only one handler runs at a time, and the file of the inbox says which. An update is
suspected only during its turn, and gives that up while it waits for Telegram. So nobody waits for
longer than the others' turns take, which is milliseconds each.

Updates that processes have died with before, and those that an admin has tried again, always take
their turns, and the former come last.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, nullcontext
from types import TracebackType

from bot.receive.in_flight import InFlight
from bot.receive.inbox import Inbox
from bot.receive.inbox_lines import InboxEntry

log = logging.getLogger(__name__)

CAREFUL_AFTER_CRASHES = 2
CALM_AFTER_S = 60.0
"""A process that has lived so long, and has handled all that was left to it, is no crash loop."""
TURN_MAX_S = 10.0
"""A handler that takes longer stays suspected, and the others go on beside it."""


class Suspects:
    """Whose turn it is, and who is suspected if the process dies now."""

    def __init__(self, inbox: Inbox, persist: Callable[[InFlight], Awaitable[bool]]) -> None:
        """Nobody is suspected yet.

        Args:
            inbox: notes whose turn it is.
            persist: writes an update to the inbox, unless it is there.
        """
        self._inbox = inbox
        self._persist = persist
        self._is_careful = inbox.crashes >= CAREFUL_AFTER_CRASHES
        self._always: set[int] = set()
        self._had_no_turn: set[int] = set()
        self._handled_now: set[int] = set()
        self._turn = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, left: Collection[InboxEntry]) -> None:
        """The process begins, with what the last one left."""
        if any(entry.deaths for entry in left):
            self._is_careful = True
        if self._is_careful:
            log.warning(
                "%s starts in a row ended without a clean stop: updates are handled one at a time "
                "for now.",
                self._inbox.crashes,
            )
            self._had_no_turn = {entry.update_id for entry in left}
        if self._inbox.crashes or self._is_careful:
            self._look_later()

    def dismiss(self, update_id: int) -> None:
        """This one needs no handling."""
        self._had_no_turn.discard(update_id)

    def watch(self, update_id: int) -> None:
        """This update is to be suspected whenever it is being handled."""
        self._always.add(update_id)

    def handling(self, in_flight: InFlight) -> AbstractAsyncContextManager[None]:
        """To be entered while an update is being handled."""
        if self._is_careful or in_flight.update.update_id in self._always:
            return _Turn(self, in_flight)
        return nullcontext()

    def close(self) -> None:
        """Expect no more crashes."""
        if self._timer is not None:
            self._timer.cancel()

    def _look_later(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(CALM_AFTER_S, self._look)

    def _look(self) -> None:
        if self._had_no_turn:
            self._look_later()
            return
        self._timer = None
        if self._is_careful:
            log.info("All is well again: updates are handled at the same time.")
        self._is_careful = False
        self._inbox.note_calm()

    # For turns.

    async def take_turn(self, in_flight: InFlight) -> asyncio.TimerHandle:
        """Wait until no other update has its turn, and have this one suspected."""
        if not in_flight.is_persisted:
            await self._persist(in_flight)
        update_id = in_flight.update.update_id
        await self._turn.acquire()
        timer = asyncio.get_running_loop().call_later(TURN_MAX_S, self._turn.release)
        self._handled_now.add(update_id)
        try:
            await asyncio.shield(self._inbox.note_handling(self._handled_now))
        except OSError:
            pass  # The inbox has logged it. People are served even so.
        except BaseException:
            self.end_turn(in_flight, timer)
            raise
        return timer

    def end_turn(self, in_flight: InFlight, timer: asyncio.TimerHandle) -> None:
        """It is suspected no longer."""
        update_id = in_flight.update.update_id
        self._handled_now.discard(update_id)
        self._had_no_turn.discard(update_id)
        self._inbox.note_handling(self._handled_now)
        if asyncio.get_running_loop().time() < timer.when():
            timer.cancel()
            self._turn.release()


class _Turn:
    """The turns of one update: one, and another one after each wait for Telegram."""

    def __init__(self, suspects: Suspects, in_flight: InFlight) -> None:
        self._suspects = suspects
        self._in_flight = in_flight
        self._timer: asyncio.TimerHandle | None = None
        self._is_taking = False
        self._waits = 0

    async def __aenter__(self) -> None:
        self._in_flight.waiting = lambda: _Wait(self)
        self._timer = await self._suspects.take_turn(self._in_flight)

    async def __aexit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        if self._timer is not None:
            self._suspects.end_turn(self._in_flight, self._timer)
            self._timer = None

    def begin_wait(self) -> None:
        """One more call to Telegram waits; a handler may make several at once."""
        self._waits += 1
        self._end()

    async def end_wait(self, kind: type[BaseException] | None) -> None:
        """A call has ended, in whatever way."""
        self._waits -= 1
        # A handler that is cancelled does nothing more.
        is_cancelled = kind is not None and issubclass(kind, asyncio.CancelledError)
        if self._waits or self._is_taking or is_cancelled:
            return
        self._is_taking = True
        try:
            self._timer = await self._suspects.take_turn(self._in_flight)
        finally:
            self._is_taking = False
        if self._waits:
            self._end()


class _Wait:
    def __init__(self, turn: _Turn) -> None:
        self._turn = turn

    async def __aenter__(self) -> None:
        self._turn.begin_wait()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._turn.end_wait(kind)
