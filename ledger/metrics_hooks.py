"""Metrics hooks of the ledger; no-op by default.

The program passes a subclass that counts (`viewbank.telemetry.metrics`). All methods are called in
the event loop, and must neither block nor raise.
"""

from collections.abc import Sequence

from ledger import events as e
from ledger.refusals import AnyRefusal


class LedgerHooks:
    """Called by the ledger as it works."""

    def refused(self, refusal: AnyRefusal) -> None:
        """A command was refused."""

    def batch_written(self, events: Sequence[e.AnyEvent], write_s: float, sync_s: float) -> None:
        """Events became durable with one write, encoding included, and one sync."""
