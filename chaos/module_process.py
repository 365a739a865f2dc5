"""A Python module run in a process of its own, which can be signalled and killed."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]


class ModuleProcess:
    """`python -m MODULE ARGUMENTS`, with everything that it starts in one process group."""

    def __init__(self, module: str, *arguments: str, **environment: str) -> None:
        """Not started yet; `environment` is added to our own."""
        self._command = [sys.executable, "-m", module, *arguments]
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, *, log: Path | None = None, capture_errors: bool = False) -> None:
        """Start it, for the first time or again.

        Args:
            log: what it writes to stderr is appended to this file.
            capture_errors: `finish` returns what it writes to stderr.
        """
        errors: int | None = asyncio.subprocess.PIPE if capture_errors else None
        log_fd = None
        if log is not None:
            errors = log_fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=ROOT,
                env=os.environ | self._environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        finally:
            if log_fd is not None:
                os.close(log_fd)

    async def line(self) -> str:
        """The next line of its stdout; empty if it has ended."""
        stdout = self._started().stdout
        if stdout is None:
            raise ValueError("the process was started without its pipe")
        return (await stdout.readline()).decode().strip()

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self._started().returncode is not None

    def send(self, number: signal.Signals, *, group: bool = False) -> None:
        """Send a signal to it, or to its whole group; nothing happens if it has ended."""
        process = self._started()
        with suppress(ProcessLookupError):
            if group:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)

    async def end(self, number: signal.Signals, *, group: bool = False) -> int:
        """Send it a signal and wait until it has ended; its exit status."""
        if group or not self.ended:
            self.send(number, group=group)
        # Not until its pipes are closed: what it has started may live on and hold them.
        return await self._started().wait()

    async def finish(self) -> tuple[int, str]:
        """Wait until it ends by itself; its exit status, and its stderr if that was captured."""
        process = self._started()
        _, errors = await process.communicate()
        return int(process.returncode or 0), (errors or b"").decode()

    def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise ValueError("the process was not started")
        return self._process
