"""Waking a provider that sleeps: free hosts stop a program that nobody asks, and start it slowly.

A harmless request while the customer still reads the confirmation saves them that minute. Nothing
depends on it: an order is sent and judged as if there was no such request.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from orders.metrics_hooks import OrderHooks

AWAKE_S = 300.0
"""A provider that answered within this time is awake: free hosts wait for at least 15 minutes."""
EVERY_S = 60.0
"""How often it is tried at most, however many customers look at a confirmation."""


class Sleeper(Protocol):
    """A provider that may sleep.

    Attributes:
        answered_at_s: when it last answered anything, by the monotonic clock.
    """

    answered_at_s: float

    def wake(self) -> bool:
        """Make a harmless request; whether it was answered. Blocks; never raises."""


def in_a_thread(work: Callable[[], object]) -> None:
    """Run it in a thread that nobody waits for at the end."""
    threading.Thread(target=work, name="provider-wake-up", daemon=True).start()


class WakeUp:
    """Wakes a provider, unless that was done lately."""

    def __init__(
        self,
        provider: Sleeper,
        *,
        hooks: OrderHooks | None = None,
        now_s: Callable[[], float] = time.monotonic,
        run: Callable[[Callable[[], object]], None] = in_a_thread,
    ) -> None:
        """`run` runs a function that blocks, without waiting for it."""
        self._provider = provider
        self._hooks = hooks or OrderHooks()
        self._now_s = now_s
        self._run = run
        self._tried_at_s = float("-inf")

    def __call__(self) -> None:
        """An order is likely soon. Returns at once; for the event loop's thread."""
        now_s = self._now_s()
        if now_s - self._provider.answered_at_s < AWAKE_S or now_s - self._tried_at_s < EVERY_S:
            return
        self._tried_at_s = now_s
        self._run(self._wake)

    def _wake(self) -> None:
        self._hooks.woken(answered=self._provider.wake())
