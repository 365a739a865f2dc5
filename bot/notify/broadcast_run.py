"""One broadcast in this process: how far it is, who is being written to, and how it went so far."""

import asyncio
from typing import Literal, TypeAlias

from ledger import commands as c
from ledger.state import Broadcast

Outcome: TypeAlias = Literal["sent", "unreachable", "failed", "unknown"]


class BroadcastRun:
    """One broadcast in this process.

    Attributes:
        broadcast_id: which one.
        broadcast: as the ledger has it.
        cursor: how many of its audience were begun with.
        sending: those who are being written to.
    """

    def __init__(self, broadcast_id: str, broadcast: Broadcast) -> None:
        """Continue where the last process ended."""
        self.broadcast_id = broadcast_id
        self.broadcast = broadcast
        self.cursor = broadcast.cursor
        self.sending: set[asyncio.Task[Outcome]] = set()
        self._counts = {
            "sent": broadcast.sent,
            "unreachable": broadcast.unreachable,
            "failed": broadcast.failed,
        }

    def count_ended(self) -> int:
        """Count those who are no longer being written to; returns how many they are."""
        ended = {task for task in self.sending if task.done()}
        self.sending -= ended
        for task in ended:
            if (outcome := task.result()) != "unknown":
                self._counts[outcome] += 1
        return len(ended)

    def progress(self, cursor: int) -> c.ProgressBroadcast:
        """Record how far it is, before it goes on to there."""
        return c.ProgressBroadcast(
            by="system", broadcast_id=self.broadcast_id, cursor=cursor, **self._counts
        )

    def finish(self) -> c.FinishBroadcast:
        """Record how it ended."""
        return c.FinishBroadcast(by="system", broadcast_id=self.broadcast_id, **self._counts)
