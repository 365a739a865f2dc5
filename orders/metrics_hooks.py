"""Metrics hooks of the order desk; no-op by default.

The program passes in one that counts (`viewbank.telemetry.metrics`). Hooks are called in the event
loop, but for `woken`, and must not block or raise.
"""

from typing import Literal, TypeAlias

from orders.providers.answers import Answer

CallName: TypeAlias = Literal["statuses", "status", "services", "balance", "cancel", "refill"]


class OrderHooks:
    """Called when something happens at the order desk. Times are in seconds."""

    def answered(self, answer: Answer, wait_s: float) -> None:
        """A request ended with this answer after `wait_s`."""

    def called(self, name: CallName, wait_s: float, *, failed: bool) -> None:
        """A call other than an order ended after `wait_s`."""

    def polled(self, orders: int, missing: int) -> None:
        """The provider was asked about so many orders, and left out so many of them."""

    def woken(self, *, answered: bool) -> None:
        """A request that was to wake the provider ended. Called in a thread of its own."""
