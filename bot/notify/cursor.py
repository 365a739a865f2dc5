"""Notification cursor, `notices.json`: which notices are out, so that a kill loses none.

The log says who is to be notified of what, so this file need only say how far down the log that has
happened. It is written soon after notices went out, never before: what a kill takes from the file
is sent twice rather than not at all. It is not synced: the system's memory outlives the process,
and after a power cut an older copy only means that the last notices come again.
"""

import asyncio
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from ledger.store.disk import for_us_alone

log = logging.getLogger(__name__)

NOTICES_NAME = "notices.json"
SAVE_EVERY_S = 0.1
SAVE_EVERY_LINES = 10_000
"""While nobody is notified of anything, at most this many lines are read again after a kill."""


class Position(msgspec.Struct, frozen=True):
    """What the file holds.

    Attributes:
        seq: all notices of the log's lines up to this one were sent, or given up for good, or are
            in `waiting`.
        waiting: line and chat of each notice that waits, in the order of the lines.
    """

    seq: Annotated[int, msgspec.Meta(ge=0)]
    waiting: list[tuple[int, int]] = []


_decode = msgspec.json.Decoder(Position).decode
_encode = msgspec.json.Encoder().encode


class NotificationCursor:
    """How far down the log people were notified. All methods are for the event loop's thread.

    Attributes:
        seq: the line up to which all notices were queued.
        waiting: of these, line and chat of those that were neither sent nor given up.
    """

    def __init__(self, path: Path) -> None:
        """Use `open` before anything else."""
        self.seq = 0
        self.waiting: dict[tuple[int, int], None] = {}
        self._path = path
        self._saved = Position(0)
        self._changed = asyncio.Event()
        self._closing = asyncio.Event()
        self._saver: asyncio.Task[None] | None = None

    async def open(self, head_seq: int) -> None:
        """Load what the last process left.

        Without a file, or with one that can't be read, notices begin behind `head_seq`, the last
        line of the log: nobody is notified again of what happened before.
        """
        position = await asyncio.to_thread(_read, self._path, head_seq)
        self.seq = position.seq
        self.waiting = dict.fromkeys(position.waiting)
        # At once: from here on a missing file would mean that notices are lost.
        await self._save()
        self._saver = asyncio.create_task(self._save_changes(), name="notification cursor")

    def advance(self, seq: int) -> None:
        """All notices of this line are queued. Costs nothing as long as there are none."""
        self.seq = seq
        if seq - self._saved.seq >= SAVE_EVERY_LINES:
            self._changed.set()

    def add(self, seq: int, chat_id: int) -> None:
        """A notice waits. A kill before the next save is harmless: `advance` comes after this."""
        self.waiting[seq, chat_id] = None

    def done(self, seq: int, chat_id: int) -> None:
        """A notice was sent, or given up for good."""
        self.waiting.pop((seq, chat_id), None)
        self._changed.set()

    async def close(self) -> None:
        """Save the current position."""
        self._closing.set()
        self._changed.set()
        if self._saver is not None:
            await self._saver

    async def _save_changes(self) -> None:
        """Save at the first change at once, then in intervals what came together."""
        while not self._closing.is_set():
            await self._changed.wait()
            self._changed.clear()
            await self._save()
            with suppress(TimeoutError):
                async with asyncio.timeout(SAVE_EVERY_S):
                    await self._closing.wait()
        await self._save()

    async def _save(self) -> None:
        position = Position(self.seq, list(self.waiting))
        if position == self._saved:
            return
        try:
            await asyncio.to_thread(_write, self._path, position)
        except OSError as error:
            log.warning("%s can't be written, so notices may come twice: %s", self._path, error)
            self._changed.set()
        else:
            self._saved = position


def _read(path: Path, head_seq: int) -> Position:
    """The file's content, as far as it fits a log that ends with line `head_seq`."""
    try:
        position = _decode(path.read_bytes())
    except FileNotFoundError:
        return Position(head_seq)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OSError) as error:
        log.warning("%s can't be read (%s): notices that waited may be lost.", path, error)
        return Position(head_seq)
    if position.seq > head_seq:
        log.warning(
            "%s stands at line %s, and the log ends with line %s: it must be an older copy. "
            "Notices go on from there.",
            path,
            position.seq,
            head_seq,
        )
        return Position(head_seq, [key for key in position.waiting if key[0] <= head_seq])
    return position


def _write(path: Path, position: Position) -> None:
    """Replace the file, all or nothing. `ledger.store.disk` removes drafts that a kill leaves."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with open(draft, "wb", opener=for_us_alone) as file:
        file.write(_encode(position))
    draft.replace(path)
