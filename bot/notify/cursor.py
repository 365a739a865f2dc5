"""Owns `notices.json`: which notices are out, so that what a kill left unsent comes later.

The log says who is to hear of what; so this file need only say how far down the log they have
heard. It is written soon after notices went out, never before: what a kill takes from the file is
told twice rather than not at all. It is not synced: the system's memory outlives the process, and
after a power cut an older copy only means that the last notices come again.
"""

import asyncio
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

log = logging.getLogger(__name__)

NOTICES_NAME = "notices.json"
SAVE_EVERY_S = 0.1
SAVE_EVERY_LINES = 10_000
"""As long as nobody hears of anything, so many lines may be gone through again after a kill."""


class Position(msgspec.Struct, frozen=True):
    """What the file holds.

    Attributes:
        seq: the notices of all lines of the log up to this one are out, or were given up for a
            reason that lasts, or are among those that wait.
        waiting: a line and a chat for each notice that waits, in the order of the lines.
    """

    seq: Annotated[int, msgspec.Meta(ge=0)]
    waiting: list[tuple[int, int]] = []


_decode = msgspec.json.Decoder(Position).decode
_encode = msgspec.json.Encoder().encode


class NotificationCursor:
    """How far down the log people have heard. All methods are for the event loop's thread.

    Attributes:
        seq: the line up to which all notices have been taken in hand.
        waiting: of these, line and chat of those that are neither out nor given up.
    """

    def __init__(self, path: Path) -> None:
        """Use `open` before anything else."""
        self.seq = 0
        self.waiting: dict[tuple[int, int], None] = {}
        self._path = path
        self._saved = Position(0)
        self._news = asyncio.Event()
        self._closing = asyncio.Event()
        self._saver: asyncio.Task[None] | None = None

    async def open(self, head_seq: int) -> None:
        """Take up what the last process left.

        Without a file, or with one that can't be read, that is nothing: notices begin behind
        `head_seq`, the last line of the log. What happened before, nobody hears again.
        """
        position = await asyncio.to_thread(_read, self._path, head_seq)
        self.seq = position.seq
        self.waiting = dict.fromkeys(position.waiting)
        # At once: from here on a missing file would mean that notices are lost.
        await self._save()
        self._saver = asyncio.create_task(self._keep_saving(), name="saving which notices are out")

    def take(self, seq: int) -> None:
        """All notices of this line are in hand. Costs nothing as long as there are none."""
        self.seq = seq
        if seq - self._saved.seq >= SAVE_EVERY_LINES:
            self._news.set()

    def promise(self, seq: int, chat_id: int) -> None:
        """A notice waits. A kill before the next save is no harm: `take` comes after this."""
        self.waiting[seq, chat_id] = None

    def done(self, seq: int, chat_id: int) -> None:
        """A notice is out, or given up for good."""
        self.waiting.pop((seq, chat_id), None)
        self._news.set()

    async def close(self) -> None:
        """Save what is the case now."""
        self._closing.set()
        self._news.set()
        if self._saver is not None:
            await self._saver

    async def _keep_saving(self) -> None:
        """Save at the first news at once, then every now and then what came together."""
        while not self._closing.is_set():
            await self._news.wait()
            self._news.clear()
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
            self._news.set()
        else:
            self._saved = position


def _read(path: Path, head_seq: int) -> Position:
    """The file's content, as far as it can be true of a log that ends with line `head_seq`."""
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
    """Give the file this content, all or none. `ledger.store.disk` sweeps up what a kill leaves."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    draft.write_bytes(_encode(position))
    draft.replace(path)
