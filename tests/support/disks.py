"""A disk whose writes and syncs fail or block as a test requests; its files are real."""

import threading

from chaos.faulty_disk import FaultyDisk


class GatedDisk(FaultyDisk):
    """Fails as `fault` says, and blocks every sync while its gate is closed.

    Attributes:
        fault: None, or what goes wrong from the next write on.
        gate: closed by `gate.clear()`, opened by `gate.set()`.
        waiting: set once a sync waits at the closed gate.
        syncs: how many syncs of the log have succeeded.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.waiting = threading.Event()
        self.syncs = 0

    def sync(self, fd: int) -> None:
        if not self.gate.is_set():
            self.waiting.set()
            assert self.gate.wait(20)
        super().sync(fd)
        self.syncs += 1
