"""The writer thread of a ledger: it encodes, hashes and appends batches of events.

The event loop never waits for the disk. It hands over a batch, and is called back when the batch
is durable, or when it is not going to be.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

from ledger import events as e
from ledger.store.base import AppendTiming, LogStore
from ledger.store.profiles import Profile, ProfileFile
from ledger.store.record import Head, encode_records

log = logging.getLogger(__name__)


class Batch(NamedTuple):
    """What is written together."""

    events: list[e.AnyEvent]
    profiles: list[Profile]


class Written(NamedTuple):
    """A batch that is durable, the log's end then, and how long it took."""

    batch: Batch
    head: Head
    timing: AppendTiming


class BatchWriter:
    """Writes one batch after the other. After a failure it writes nothing more."""

    def __init__(
        self,
        store: LogStore,
        head: Head,
        profiles: ProfileFile | None,
        on_written: Callable[[Written], None],
        on_failed: Callable[[BaseException], None],
    ) -> None:
        """Start the thread; called in the event loop, in which both callbacks will be called.

        Args:
            store: open.
            head: where it ends.
            profiles: where names go; None: nowhere.
            on_written: called for each batch that is durable.
            on_failed: called once, when a batch could not be written.
        """
        self._store = store
        self._head = head
        self._profiles = profiles
        self._on_written = on_written
        self._on_failed = on_failed
        self._loop = asyncio.get_running_loop()
        self._batches: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def write(self, batch: Batch) -> None:
        """Have a batch written."""
        self._batches.put(batch)

    async def close(self) -> None:
        """Wait until everything is written, then close the store."""
        self._batches.put(None)
        await asyncio.to_thread(self._thread.join)
        self._store.close()

    def _run(self) -> None:
        while (batch := self._batches.get()) is not None:
            try:
                timing = self._append(batch.events) if batch.events else AppendTiming()
                self._save_profiles(batch.profiles)
            except Exception as error:  # noqa: BLE001 - whatever it was, the log is in doubt
                self._call(self._on_failed, error)
                return
            self._call(self._on_written, Written(batch, self._head, timing))

    def _append(self, events: list[e.AnyEvent]) -> AppendTiming:
        """Make events durable. Encoding and hashing them counts as writing."""
        began_s = perf_counter()
        lines, _ = encode_records(events, self._head)
        sealed_s = perf_counter()
        self._head = self._store.append(lines, self._head)
        write_s, sync_s = self._store.timing
        return AppendTiming(sealed_s - began_s + write_s, sync_s)

    def _save_profiles(self, profiles: list[Profile]) -> None:
        if profiles and self._profiles is not None:
            try:
                self._profiles.append(profiles)
            except (OSError, UnicodeError) as error:
                log.warning("Names could not be saved (they come back by themselves): %s", error)

    def _call(self, what: Callable[..., None], *args: object) -> None:
        try:
            self._loop.call_soon_threadsafe(what, *args)
        except RuntimeError:
            log.warning("The event loop ended before the ledger did.")
