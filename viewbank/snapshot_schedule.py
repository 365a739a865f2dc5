"""The schedule of snapshots: refreshes `user_data.json` every minute, in a separate process.

The bot's process does none of the work. A failure only makes the next start slower, so it is
logged and tried again.
"""

import asyncio
import logging
import sys
from contextlib import suppress
from pathlib import Path

from ledger.ledger import Ledger

log = logging.getLogger(__name__)

EVERY_S = 60.0


class SnapshotSchedule:
    """Runs `python -m ledger.store.snapshot` when the log has grown.

    Attributes:
        done_seq: the file has reached this line of the log, or a later one; 0 before the first run.
        done_at_ms: when that was, by the ledger's clock; 0 before the first run.
    """

    def __init__(self, folder: Path, ledger: Ledger, every_s: float = EVERY_S) -> None:
        """Create the schedule; `start` begins it."""
        self._folder = folder
        self._ledger = ledger
        self._every_s = every_s
        self.done_seq = 0
        self.done_at_ms = 0
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with a first snapshot at once, so that the next start is fast."""
        self._task = asyncio.create_task(self._work(), name="snapshots")

    async def stop(self) -> None:
        """Stop after a last snapshot, so that the next start has nothing to replay."""
        if self._task is not None:
            # Not cancelled: asyncio can lose a cancellation while it starts a process.
            self._stopping.set()
            await self._task
        await self.refresh()

    async def _work(self) -> None:
        while not self._stopping.is_set():
            await self.refresh()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every_s):
                    await self._stopping.wait()

    async def refresh(self) -> None:
        """Bring the file up to date, if the log has grown. A failure is only logged."""
        seq = self._ledger.head.seq
        if seq == self.done_seq:
            return
        try:
            failure = await self._run()
        except OSError as error:  # out of memory or processes: temporary
            failure = str(error)
        if failure:
            log.warning("user_data.json was not refreshed (tried again later): %s", failure)
        else:
            self.done_seq, self.done_at_ms = seq, self._ledger.now_ms()

    async def _run(self) -> str:
        """Run it once; return what went wrong, or an empty text.

        Raises:
            OSError: the process can't be started.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "ledger.store.snapshot",
            "--data",
            str(self._folder),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await process.communicate()
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise
        if process.returncode == 0:
            return ""
        words = said.decode(errors="replace").strip()[-500:]
        return words or f"it ended with {process.returncode}"
