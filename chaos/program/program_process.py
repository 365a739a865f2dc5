"""The program as a process that is started, killed and stopped, one life after the other."""

import asyncio
import signal
import socket
import time
from pathlib import Path
from typing import Literal, TypeAlias

from chaos.invariants import Finding
from chaos.module_process import ModuleProcess
from chaos.program.sandbox_process import ADMIN_ID, TOKEN, SandboxProcess
from chaos.program.worker import SERVING

UpdateMode: TypeAlias = Literal["polling", "webhook"]
UPDATE_MODES: tuple[UpdateMode, ...] = ("polling", "webhook")

WORKER = "chaos.program.worker"
SERVES_WITHIN_S = 60.0
"""A start that takes longer hangs. Never reached when all is well."""
STOPS_WITHIN_S = 10.0
"""A supervisor's patience after SIGTERM."""


class ProgramProcess:
    """One data folder, and one life after the other."""

    def __init__(self, sandbox: SandboxProcess, folder: Path, worker: str = WORKER) -> None:
        """Not running yet.

        Args:
            sandbox: its Telegram, provider and ad.
            folder: gets the data folder, and `program.log`.
            worker: the module that is run.
        """
        self.data = folder / "data"
        self.log = folder / "program.log"
        self._url = sandbox.url
        self._worker = worker
        self._port = _free_port()
        self._process: ModuleProcess | None = None

    async def start(self, mode: UpdateMode, *, moves: bool) -> None:
        """Begin a life, at another address if it moves; it serves a little later."""
        if moves:
            self._port = _free_port()
        self._process = ModuleProcess(self._worker, **self._environment(mode))
        await self._process.start(log=self.log)

    def _environment(self, mode: UpdateMode) -> dict[str, str]:
        return {
            "BOT_TOKEN": TOKEN,
            "ADMIN_ID": str(ADMIN_ID),
            "TELEGRAM_API_URL": self._url,
            "TELEGRAM_UPDATES": mode,
            "PUBLIC_URL": f"http://127.0.0.1:{self._port}",
            "HOST": "127.0.0.1",
            "PORT": str(self._port),
            "ORDER_API_URL": f"{self._url}/provider/order",
            "AD_URL": f"{self._url}/ad",
            "DATA_DIR": str(self.data),
            "LOG_LEVEL": "WARNING",
        }

    async def serving(self, within_s: float = SERVES_WITHIN_S) -> bool:
        """Wait until it serves; False if it doesn't within that time.

        Raises:
            Finding: it has ended by itself.
        """
        try:
            async with asyncio.timeout(within_s):
                line = await self._running().line()
        except TimeoutError:
            return False
        if line != SERVING:
            raise Finding(f"the program ended by itself; {self.log} says why")
        return True

    async def kill(self, *, group: bool) -> None:
        """SIGKILL, to the process alone or to its group, as when a container ends.

        Raises:
            Finding: it had ended by itself.
        """
        process = self._running()
        ended = process.ended
        status = await process.end(signal.SIGKILL, group=group)
        self._process = None
        if ended or status != -signal.SIGKILL:
            raise Finding(f"the program ended by itself with {status}; {self.log} says why")

    async def stop(self) -> None:
        """SIGTERM, as a supervisor sends it.

        Raises:
            Finding: it did not end well, or not in time.
        """
        process, began_s = self._running(), time.monotonic()
        try:
            async with asyncio.timeout(2 * STOPS_WITHIN_S):
                status = await process.end(signal.SIGTERM)
        except TimeoutError:
            raise Finding(f"SIGTERM did not end it; {self.log} may say why") from None
        self._process = None
        took_s = time.monotonic() - began_s
        if status or took_s > STOPS_WITHIN_S:
            raise Finding(f"after SIGTERM it ended with {status}, {took_s:.1f} s later")

    async def end(self) -> None:
        """Kill everything that is left of it."""
        if self._process is not None:
            await self._process.end(signal.SIGKILL, group=True)

    def _running(self) -> ModuleProcess:
        if self._process is None:
            raise ValueError("the program is not running")
        return self._process


def _free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
