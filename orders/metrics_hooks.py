"""Metrics hooks of the order dispatcher; no-op by default.

The program passes in one that counts (`viewbank.telemetry.metrics`). Hooks are called in the event
loop, but for `woken`, and must not block or raise.
"""

from orders.providers.answers import Answer


class OrderHooks:
    """Called when something happens in the dispatcher. Times are in seconds."""

    def answered(self, answer: Answer, wait_s: float) -> None:
        """A request ended with this answer after `wait_s`."""

    def woken(self, *, answered: bool) -> None:
        """A request that was to wake the provider ended. Called in a thread of its own."""
