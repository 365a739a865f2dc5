"""Owns what the ledger tells of its work: a watcher with ears for everything, that keeps nothing.

The program passes one in that counts (`viewbank.telemetry.metrics`); without it, this one is deaf.
All methods are called in the event loop; none may block or raise.
"""

from collections.abc import Sequence

from ledger import events as e
from ledger.refusals import AnyRefusal


class LedgerHooks:
    """Hears what the ledger does; times are in seconds."""

    def refused(self, refusal: AnyRefusal) -> None:
        """A command was refused."""

    def batch_written(self, events: Sequence[e.AnyEvent], write_s: float, sync_s: float) -> None:
        """These events are on the disk: by one write, with the sealing before it, and one sync."""
