"""Metrics hooks of the ledger; no-op by default.

The program passes in hooks that count (`viewbank.telemetry.metrics`). All methods are called in
the event loop; none may block or raise.
"""

from collections.abc import Sequence

from ledger import events as e
from ledger.refusals import AnyRefusal


class LedgerHooks:
    """Called when something happens in the ledger. Times are in seconds."""

    def refused(self, refusal: AnyRefusal) -> None:
        """A command was refused."""

    def batch_written(self, events: Sequence[e.AnyEvent], write_s: float, sync_s: float) -> None:
        """These events are durable. `write_s` is the time to encode, hash and write them."""
