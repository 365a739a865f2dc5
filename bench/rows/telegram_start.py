"""The start row: from `python -m viewbank` to the moment when it is ready."""

import subprocess
import sys
import time
from pathlib import Path

from bench.figures import Figure, at_most
from bench.logs import Bench
from bench.measure import ROOT, apart, in_turns, seconds
from bench.telegram.bot_api import ORDER_PATH
from bench.telegram.program import running_program
from bench.telegram.server import Options
from bench.telegram.server_process import ServerProcess
from bench.telegram.shop_folder import shop
from ledger.store.recovery import recover


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
    begun_s = time.perf_counter()
    with running_program(folder, api_url, order_api_url=f"{api_url}{ORDER_PATH}"):
        return time.perf_counter() - begun_s


def _import() -> None:
    subprocess.run([sys.executable, "-c", "import viewbank.run"], cwd=ROOT, check=True)


def _recover(folder: str) -> float:
    return seconds(lambda: recover(Path(folder)))
