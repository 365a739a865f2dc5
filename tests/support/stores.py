"""A log in memory whose appends fail or block as a test says."""

import errno
import os
import threading
from collections.abc import Sequence

from ledger.store.memory import MemoryLogStore
from ledger.store.record import Head


class GatedStore(MemoryLogStore):
    """Fails while `fault` is set, and blocks every append while its gate is closed.

    Attributes:
        fault: whether appends fail, as on a full disk.
        fired: how often one has failed.
        gate: closed by `gate.clear()`, opened by `gate.set()`.
        waiting: set once an append waits at the closed gate.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fault = False
        self.fired = 0
        self.gate = threading.Event()
        self.gate.set()
        self.waiting = threading.Event()

    def append(self, lines: Sequence[bytes], expected: Head) -> Head:
        if self.fault:
            self.fired += 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if not self.gate.is_set():
            self.waiting.set()
            assert self.gate.wait(20)
        return super().append(lines, expected)
