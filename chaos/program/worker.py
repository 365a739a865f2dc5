"""The process that is killed, with the whole program in it: `python -m chaos.program.worker`.

It runs as `python -m viewbank` does, on settings from the environment, without rate limits for
outgoing messages: 64 users in a hurry need more than Telegram's 30 messages a second. When it can
serve them it writes `serving` to stdout.
"""

import asyncio
import os
import sys
from pathlib import Path

from bot.send.rate_limits import NO_LIMITS
from viewbank.run import run
from viewbank.settings_reader import read_settings
from viewbank.telemetry.logs import set_up_logs

SERVING = "serving"


def main() -> int:
    """Run until killed or stopped; return the exit status."""
    # An operator's .env is not for us.
    settings = read_settings(os.environ, Path(os.devnull))
    set_up_logs(settings.log_level, settings.secrets())
    return asyncio.run(run(settings, limits=NO_LIMITS, on_ready=_announce))


def _announce(_address: str) -> None:
    os.write(1, f"{SERVING}\n".encode())


if __name__ == "__main__":
    sys.exit(main())
