"""The whole program in a process of its own, as `python -m viewbank` starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from bench.measure import ROOT
from bench.telegram.bot_api import TOKEN
from bench.telegram.shop_folder import ADMIN_ID

POLL_EVERY_S = 0.005
READY_WITHIN_S = 60.0


class Program(NamedTuple):
    """The program's process, and the port of its web server."""

    pid: int
    port: int


@contextmanager
def running_program(
    folder: Path,
    api_url: str,
    *,
    order_api_url: str,
    token: str = TOKEN,
    module: str = "viewbank",
    settings: Mapping[str, str] | None = None,
) -> Iterator[Program]:
    """Start it, wait until it is ready, and kill it at the end.

    Args:
        folder: the data folder.
        api_url: the Bot API's address.
        order_api_url: the order provider's address.
        token: the bot's.
        module: what to run; it reads the settings from the environment, as `viewbank` does.
        settings: more of them.
    """
    port = _free_port()
    environment = os.environ | {
        "BOT_TOKEN": token,
        "ADMIN_ID": str(ADMIN_ID),
        "TELEGRAM_API_URL": api_url,
        "ORDER_API_URL": order_api_url,
        "AD_URL": "https://example.com/ad",
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
    }
    environment |= settings or {}
    process = subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, "-m", module], cwd=ROOT, env=environment, start_new_session=True
    )
    try:
        _wait_until_ready(process, port)
        yield Program(process.pid, port)
    finally:
        # Together with the snapshot that it has begun to write.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    begun_s = time.perf_counter()
    while not _is_ready(port):
        if process.poll() is not None:
            raise AssertionError(f"it has ended with status {process.returncode}")
        if time.perf_counter() - begun_s > READY_WITHIN_S:
            raise AssertionError("it is never ready")
        time.sleep(POLL_EVERY_S)


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/ready", timeout=5) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 - OK
    except (URLError, ConnectionError):
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
