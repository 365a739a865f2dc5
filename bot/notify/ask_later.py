"""Orders that an admin wants to be asked about again in some hours.

In memory only: at a start the admins are asked about all orders that wait for a person anyway.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

Pause: TypeAlias = Callable[[float], Awaitable[object]]
Remind: TypeAlias = Callable[[int, str], Awaitable[None]]
"""Called with the admin and the order's id when the time is over. It raises nothing."""

HOUR_S = 3600.0


class AskLater:
    """Timers by admin and order; a new one replaces that of the same admin and order."""

    def __init__(self, pause: Pause = asyncio.sleep) -> None:
        """No timers. `pause` waits for seconds."""
        self._pause = pause
        self._timers: dict[tuple[int, str], asyncio.Task[None]] = {}
        self._remind: Remind | None = None

    def start(self, remind: Remind) -> None:
        """From now on this is called when a time is over."""
        self._remind = remind

    async def stop(self) -> None:
        """Forget all of them."""
        timers = list(self._timers.values())
        self._timers.clear()
        for timer in timers:
            timer.cancel()
        await asyncio.gather(*timers, return_exceptions=True)

    def add(self, admin_id: int, order_id: str, hours: int) -> None:
        """Have this admin asked again after so many hours."""
        key = (admin_id, order_id)
        if key in self._timers:
            self._timers[key].cancel()
        self._timers[key] = asyncio.create_task(self._wait(admin_id, order_id, hours))

    def is_put_off(self, order_id: str) -> bool:
        """Whether an admin has put this order off."""
        return any(one == order_id for _, one in self._timers)

    async def _wait(self, admin_id: int, order_id: str, hours: int) -> None:
        await self._pause(hours * HOUR_S)
        del self._timers[admin_id, order_id]
        if self._remind is not None:
            await self._remind(admin_id, order_id)
