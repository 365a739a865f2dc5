"""The inbox, `inbox.jsonl`: updates that were acknowledged while they are still in flight.

An update that is handled within a moment is never in it. One that takes longer, because Telegram is
far away or the rate limits are used up, is written here first, so that it holds up nobody behind it
and a kill can't lose it. What is left here is handled again at the next start.

A line is one entry: `{"keep": ...}` with the update, `{"tried": [ids]}`, or `{"done": [ids]}`. The
file is emptied as soon as nothing in it is open, so that what people wrote doesn't stay.
"""

import asyncio
import logging
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from bot.lenient_json import as_valid_json
from ledger.store.disk import Disk

log = logging.getLogger(__name__)

INBOX_NAME = "inbox.jsonl"
TRIES_MAX = 10
"""An update that this many processes have died with is likely to be what they died of."""
REWRITE_ABOVE_BYTES = 4 << 20
MARK_WITHIN_S = 0.05
_LINE_ENDS_TO_SPACES = bytes.maketrans(b"\r\n", b"  ")
"""Between the tokens of a JSON text they mean the same; within them, there are none."""


class InboxEntry(msgspec.Struct):
    """An update in the inbox.

    Attributes:
        bot_id: whose it is; another bot must not answer it.
        tries: how many processes have begun to handle it.
        update: its JSON as Telegram sent it.
    """

    bot_id: int
    update_id: int
    update: msgspec.Raw
    tries: int = 1


class _Line(msgspec.Struct, omit_defaults=True):
    keep: InboxEntry | None = None
    tried: list[int] = []
    done: list[int] = []


class Inbox:
    """The file, for one bot; all methods but `open` are for the event loop's thread.

    Attributes:
        left: what the last process left, in the order it came.
    """

    def __init__(self, path: Path, bot_id: int, disk: Disk, left: list[InboxEntry]) -> None:
        """Use `open`."""
        self.left = left
        self._bot_id = bot_id
        self._path = path
        self._disk = disk
        is_new = not path.exists()
        self._fd = disk.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        if is_new:
            disk.sync_folder(path.parent)
        self._size_bytes = os.fstat(self._fd).st_size
        self._open: dict[int, InboxEntry] = {entry.update_id: entry for entry in left}
        self._writing: list[InboxEntry] = []
        self._marks: list[int] = []
        self._written: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="inbox")
        self._flushing: asyncio.Task[None] | None = None
        self._torn = False

    @classmethod
    def open(cls, path: Path, bot_id: int, disk: Disk | None = None) -> "Inbox":
        """Read what the last process left. Blocks.

        Raises:
            OSError: the disk failed.
        """
        disk = disk or Disk()
        left, given_up = [], 0
        for entry in _read(path):
            if entry.bot_id != bot_id:
                continue
            if entry.tries >= TRIES_MAX:
                given_up += 1
            else:
                left.append(entry)
        if given_up:
            log.error("%s updates are given up: %s starts ended with them.", given_up, TRIES_MAX)
        if left or path.exists():
            disk.replace(path, _lines(left))
        return cls(path, bot_id, disk, left)

    def begin(self) -> list[InboxEntry]:
        """What is left is about to be handled: that counts as a try, in case we die of it."""
        tried = _Line(tried=[entry.update_id for entry in self.left])
        for entry in self.left:
            entry.tries += 1
        if tried.tried:
            line = msgspec.json.encode(tried) + b"\n"
            try:
                # Here and now: what kills us may come with the first of them.
                self._disk.write(self._fd, line)
                self._size_bytes += len(line)
            except OSError as error:
                log.warning("The inbox can't be written: %s", error)
                self._torn = True
        return self.left

    async def keep(self, updates: Mapping[int, bytes]) -> None:
        """Return when these, JSON by their number, are durable.

        Raises:
            OSError: the disk failed.
            ValueError: one of them is no JSON.
        """
        entries = [
            InboxEntry(self._bot_id, update_id, msgspec.Raw(_as_line(data)))
            for update_id, data in updates.items()
        ]
        self._writing += entries
        if self._written is None:
            self._written = asyncio.get_running_loop().create_future()
        written = self._written
        self._flush_soon()
        await asyncio.shield(written)

    def done(self, update_id: int) -> None:
        """This one needs no second handling. It is recorded soon, for the case of a kill."""
        self._marks.append(update_id)
        if self._timer is None and self._flushing is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(MARK_WITHIN_S, self._flush_soon)

    async def close(self) -> None:
        """Record what is done. What is not stays for the next start."""
        self._flush_soon()
        if self._flushing is not None:
            await self._flushing
        self._thread.shutdown()
        os.close(self._fd)

    def _flush_soon(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._flushing is None and (self._writing or self._marks):
            self._flushing = asyncio.create_task(self._flush(), name="inbox")

    async def _flush(self) -> None:
        """Write until nothing waits; what comes while the disk is busy shares the next write."""
        loop = asyncio.get_running_loop()
        while self._writing or self._marks:
            new, marks, written = self._writing, self._marks, self._written
            self._writing, self._marks, self._written = [], [], None
            self._open.update((entry.update_id, entry) for entry in new)
            for update_id in marks:
                self._open.pop(update_id, None)
            still_open = None
            if not self._open or self._torn or self._size_bytes > REWRITE_ABOVE_BYTES:
                still_open = list(self._open.values())
            try:
                await loop.run_in_executor(self._thread, self._write, new, marks, still_open)
            except Exception as error:  # noqa: BLE001 - raised in the waiting tasks
                log.warning("The inbox can't be written: %s", error)
                # Half a line may be there now: the next write begins anew.
                self._torn = True
                for entry in new:
                    self._open.pop(entry.update_id, None)
                if written is not None:
                    written.set_exception(error)
                    written.exception()  # the waiting task may have been cancelled
            else:
                self._torn = False
                if written is not None:
                    written.set_result(None)
        self._flushing = None

    def _write(
        self, new: list[InboxEntry], marks: list[int], still_open: list[InboxEntry] | None
    ) -> None:
        """In the inbox's thread."""
        if still_open == []:
            self._disk.truncate(self._fd, 0)
            self._size_bytes = 0
            return
        if still_open is not None:
            data = _lines(still_open)
            self._disk.replace(self._path, data)
            old, self._fd = self._fd, self._disk.open(self._path, os.O_RDWR | os.O_APPEND)
            os.close(old)
            self._size_bytes = len(data)
            return
        data = _lines(new)
        if marks:
            data += msgspec.json.encode(_Line(done=marks)) + b"\n"
        self._disk.write(self._fd, data)
        self._size_bytes += len(data)
        if new:
            self._disk.sync(self._fd)


def _as_line(data: bytes) -> bytes:
    """An update's bytes as they came, but for line ends, and for text that no file can hold."""
    valid = as_valid_json(data)
    return valid.translate(_LINE_ENDS_TO_SPACES) if b"\n" in valid or b"\r" in valid else valid


def _lines(entries: Iterable[InboxEntry]) -> bytes:
    return b"".join(msgspec.json.encode(_Line(keep=entry)) + b"\n" for entry in entries)


def _read(path: Path) -> list[InboxEntry]:
    """What is open in the file. A line that can't be read is what a kill left of a write."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    entries: dict[int, InboxEntry] = {}
    decoder = msgspec.json.Decoder(_Line)
    for number, data in enumerate(lines, 1):
        try:
            line = decoder.decode(data)
            if line.keep is not None:
                msgspec.json.decode(line.keep.update)
        except (msgspec.DecodeError, ValueError):
            log.warning("Line %s of the inbox is incomplete; skipped.", number)
            continue
        if line.keep is not None:
            entries[line.keep.update_id] = line.keep
        for update_id in line.tried:
            if update_id in entries:
                entries[update_id].tries += 1
        for update_id in line.done:
            entries.pop(update_id, None)
    return list(entries.values())
