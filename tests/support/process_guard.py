"""Fails tests that start a process though they are not marked for it."""

import sys

EVENTS = frozenset({"subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty", "os.system"})


class UnmarkedProcessError(AssertionError):
    """A test starts a process, and its lane is not `process`."""


class ProcessGuard:
    """Watches every start of a process in this interpreter.

    Attributes:
        watching: whether one is wrong now.
        started: those that were wrong; a test may have swallowed the error.
    """

    def __init__(self) -> None:
        """Watch for ever: an audit hook can't be removed."""
        self.watching = False
        self.started: list[str] = []
        sys.addaudithook(self._heard)

    def watch(self, *, on: bool) -> None:
        """Begin a test, in which a start is wrong or is not."""
        self.watching = on
        self.started.clear()

    def _heard(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.watching and event in EVENTS:
            # Not the rest of the arguments: the environment may hold secrets.
            what = f"{event} {arguments[1:2]}"
            self.started.append(what)
            raise UnmarkedProcessError(f"{what} without the mark `process`: see support/lanes.py")
