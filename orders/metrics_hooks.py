"""Owns what the order desk tells of its work: a watcher that hears everything and keeps nothing.

The program passes one in that counts (`viewbank.telemetry.metrics`); without it, this one is deaf.
It is called in the event loop, and must not block or raise.
"""

from orders.providers.answers import Answer


class OrderHooks:
    """Hears what the desk does; times are in seconds."""

    def answered(self, answer: Answer, wait_s: float) -> None:
        """So long after a request was given to the provider, this was known of it."""
