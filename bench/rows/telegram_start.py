"""The start row: from `python -m viewbank` to the moment when it is ready."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.figures import Figure, at_most
from bench.logs import Bench
from bench.measure import ROOT, apart, in_turns, seconds
from bench.telegram.bot_api import ORDER_PATH, TOKEN
from bench.telegram.server import Options
from bench.telegram.server_process import ServerProcess
from bench.telegram.shop_folder import ADMIN_ID, shop
from ledger.store.recovery import recover

POLL_EVERY_S = 0.005
READY_WITHIN_S = 60.0


def run(bench: Bench) -> list[Figure]:
    """Start it several times, with user_data.json in its folder."""
    made = bench.middle()
    telegram = ServerProcess(Options("shop", made.users))
    try:
        with shop(made) as folder:
            found = in_turns(
                bench.sizes.times,
                {
                    "start": lambda: _start(folder, telegram.api_url),
                    "import": lambda: seconds(_import),
                    "recover": lambda: apart(_recover, str(folder)),
                },
            )
    finally:
        telegram.end()
    start, importing, recovering = found["start"], found["import"], found["recover"]
    rest_s = start.median - importing.median - recovering.median
    return [
        Figure(
            key="telegram.start",
            what=f"Start, {made.users:,} users: from the command to ready",
            unit="s",
            ours=start.median,
            spread=start.spread,
            other=importing.median,
            other_name="importing the program alone",
            aim=at_most(2, "ours"),
            limit=(
                f"Importing takes {importing.median:.2f} s, user_data.json and the names "
                f"{recovering.median:.2f} s, all the rest {rest_s:.2f} s."
            ),
        )
    ]


def _start(folder: Path, api_url: str) -> float:
    """Seconds until it is ready."""
    port = _free_port()
    environment = os.environ | {
        "BOT_TOKEN": TOKEN,
        "ADMIN_ID": str(ADMIN_ID),
        "TELEGRAM_API_URL": api_url,
        "ORDER_API_URL": f"{api_url}{ORDER_PATH}",
        "AD_URL": "https://example.com/ad",
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }
    begun_s = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "viewbank"], cwd=ROOT, env=environment, start_new_session=True
    )
    try:
        while not _is_ready(port):
            if process.poll() is not None:
                raise AssertionError(f"it has ended with status {process.returncode}")
            if time.perf_counter() - begun_s > READY_WITHIN_S:
                raise AssertionError("it is never ready")
            time.sleep(POLL_EVERY_S)
        return time.perf_counter() - begun_s
    finally:
        # Together with the snapshot that it has begun to write.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/ready", timeout=5) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 - OK
    except (URLError, ConnectionError):
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _import() -> None:
    subprocess.run([sys.executable, "-c", "import viewbank.run"], cwd=ROOT, check=True)


def _recover(folder: str) -> float:
    return seconds(lambda: recover(Path(folder)))
