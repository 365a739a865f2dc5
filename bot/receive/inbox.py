"""The inbox, `inbox.jsonl`: updates that were acknowledged while they are still in flight.

An update that is handled within a moment is never in it. One that takes longer, because Telegram is
far away or the rate limits are used up, is written here first, so that it holds up nobody behind it
and a kill can't lose it. What is left here is handled again at the next start.

The file (`bot/receive/inbox_lines.py`) is emptied as soon as nothing in it is open, so that what
people wrote doesn't stay. After crashes (`bot/receive/crash_count.py`) it also says what the next
one came with: an update that was the only one being handled at `DEATHS_MAX` crashes is set aside
(`bot/receive/set_aside.py`).
"""

import asyncio
import logging
import os
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec

from bot.receive.crash_count import CrashCount
from bot.receive.inbox_lines import (
    InboxEntry,
    as_line,
    done_line,
    entry_lines,
    handling_line,
    read_inbox,
)
from bot.receive.set_aside import SET_ASIDE_NAME, SetAside
from ledger.clocks.timestamps import Clock, wall_clock_ms
from ledger.store.disk import Disk

log = logging.getLogger(__name__)

INBOX_NAME = "inbox.jsonl"
DEATHS_MAX = 3
"""An update that so many processes died with, alone, is what they died of."""
REWRITE_ABOVE_BYTES = 4 << 20
MARK_WITHIN_S = 0.05


class _Batch(NamedTuple):
    """What is written together. `handling`: None if that is as before."""

    new: list[InboxEntry]
    done: list[int]
    handling: list[int] | None


class Inbox:
    """The file, for one bot; all methods but `open` are for the event loop's thread.

    Attributes:
        left: what the last process left, in the order it came.
        set_aside: what is no longer tried.
    """

    def __init__(
        self, path: Path, bot_id: int, disk: Disk, left: list[InboxEntry], set_aside: SetAside
    ) -> None:
        """Use `open`."""
        self.left = left
        self.set_aside = set_aside
        self.bot_id = bot_id
        self._path = path
        self._disk = disk
        self._open: dict[int, InboxEntry] = {entry.update_id: entry for entry in self.left}
        self._handling: list[int] = []
        self._fd = -1
        self._size_bytes = self._rewrite_above_bytes = 0
        self._must_rewrite = False
        self._rewrite()
        self._crash_count = CrashCount(path, disk)
        self._writing: list[InboxEntry] = []
        self._marks: list[int] = []
        self._handling_changed = False
        self._written: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="inbox")
        self._flushing: asyncio.Task[None] | None = None

    @classmethod
    def open(
        cls, path: Path, bot_id: int, disk: Disk | None = None, clock: Clock = wall_clock_ms
    ) -> "Inbox":
        """Read what the last process left, and set aside what it and others died of. Blocks.

        Raises:
            OSError: the disk failed.
        """
        disk = disk or Disk()
        set_aside = SetAside(path.with_name(SET_ASIDE_NAME), disk)
        content = read_inbox(path)
        if len(content.handling) == 1:
            content.handling[0].deaths += 1
        ours = [entry for entry in content.entries if entry.bot_id == bot_id]
        fatal = [entry for entry in ours if entry.deaths >= DEATHS_MAX]
        if fatal:
            set_aside.add(fatal, clock())
            log.error(
                "%s updates are set aside in %s: the program ended %s times while it handled "
                "nothing else.",
                len(fatal),
                SET_ASIDE_NAME,
                DEATHS_MAX,
            )
        left = [entry for entry in ours if entry.deaths < DEATHS_MAX]
        return cls(path, bot_id, disk, left, set_aside)

    @property
    def crashes(self) -> int:
        """How many starts in a row, the last one included, ended without a clean stop."""
        return self._crash_count.crashes

    async def keep(self, updates: Mapping[int, bytes]) -> None:
        """Return when these, JSON by their number, are durable.

        Raises:
            OSError: the disk failed.
            ValueError: one of them is no JSON.
        """
        self._writing += [
            InboxEntry(self.bot_id, update_id, msgspec.Raw(as_line(data)))
            for update_id, data in updates.items()
        ]
        await asyncio.shield(self._next_write())

    def note_handling(self, update_ids: Collection[int]) -> "asyncio.Future[None]":
        """These, and no others, are being handled; a crash of the process counts against them.

        Returns:
            Done when the file says so. A kill can't take that back, a power cut can.
        """
        self._handling = list(update_ids)
        self._handling_changed = True
        return self._next_write()

    def note_calm(self) -> None:
        """This start has gone well for some time: earlier crashes don't count any more."""
        self._thread.submit(self._crash_count.note_calm)

    def done(self, update_id: int) -> None:
        """This one needs no second handling. It is recorded soon, for the case of a kill."""
        self._marks.append(update_id)
        if self._timer is None and self._flushing is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(MARK_WITHIN_S, self._flush_soon)

    async def close(self) -> None:
        """Record what is done, and that this was a clean stop. The rest is for the next start."""
        self._flush_soon()
        if self._flushing is not None:
            await self._flushing
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._crash_count.note_stop)
        self._thread.shutdown()
        os.close(self._fd)

    def _next_write(self) -> "asyncio.Future[None]":
        """Done with the next write, which comes soon."""
        if self._written is None:
            self._written = asyncio.get_running_loop().create_future()
        written = self._written
        self._flush_soon()
        return written

    def _flush_soon(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._flushing is None and self._has_work:
            self._flushing = asyncio.create_task(self._flush(), name="inbox")

    @property
    def _has_work(self) -> bool:
        return bool(self._writing or self._marks or self._handling_changed)

    def _take_batch(self) -> _Batch:
        batch = _Batch(
            self._writing, self._marks, self._handling if self._handling_changed else None
        )
        self._writing, self._marks, self._handling_changed = [], [], False
        return batch

    async def _flush(self) -> None:
        """Write until nothing waits; what comes while the disk is busy shares the next write."""
        loop = asyncio.get_running_loop()
        while self._has_work:
            batch, written, self._written = self._take_batch(), self._written, None
            self._open.update((entry.update_id, entry) for entry in batch.new)
            for update_id in batch.done:
                self._open.pop(update_id, None)
            try:
                await loop.run_in_executor(self._thread, self._write, batch)
            except Exception as error:  # noqa: BLE001 - raised in the waiting tasks
                log.warning("The inbox can't be written: %s", error)
                # Half a line may be there now: the next write begins anew.
                self._must_rewrite = True
                for entry in batch.new:
                    self._open.pop(entry.update_id, None)
                if written is not None:
                    written.set_exception(error)
                    written.exception()  # the waiting task may have been cancelled
            else:
                if written is not None:
                    written.set_result(None)
        self._flushing = None

    # In the inbox's thread. The event loop changes `_open` only between two writes.

    def _write(self, batch: _Batch) -> None:
        """Make a batch durable, in the file that the next process will read."""
        if self._must_rewrite or self._size_bytes > self._rewrite_above_bytes:
            self._rewrite()
            return
        if self._open:
            self._append(batch)
        else:
            self._disk.truncate(self._fd, 0)
            self._size_bytes = 0
        try:
            self._disk.check_place(self._fd, self._path)
        except OSError as error:
            log.warning("The inbox is written anew: %s", error)
            self._rewrite()

    def _append(self, batch: _Batch) -> None:
        data = entry_lines(batch.new)
        if batch.done:
            data += done_line(batch.done)
        if batch.handling is not None:
            data += handling_line(batch.handling)
        self._disk.write(self._fd, data)
        self._size_bytes += len(data)
        if batch.new:
            self._disk.sync(self._fd)

    def _rewrite(self) -> None:
        """Write the whole file anew, whatever there is in its place."""
        data = entry_lines(self._open.values())
        if self._handling:
            data += handling_line(self._handling)
        self._disk.replace(self._path, data)
        old, self._fd = self._fd, self._disk.open(self._path, os.O_RDWR | os.O_APPEND)
        if old >= 0:
            os.close(old)
        self._size_bytes = len(data)
        self._rewrite_above_bytes = max(REWRITE_ABOVE_BYTES, 2 * len(data))
        self._must_rewrite = False
