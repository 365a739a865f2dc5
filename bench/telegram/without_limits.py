"""The program without limits for outgoing messages: `python -m bench.telegram.without_limits`.

Like `python -m viewbank`, it reads its settings from the environment. Telegram's limit of 30
messages a second would hide how fast the program itself is.
"""

import asyncio
import os
import sys
from pathlib import Path

from bot.send.rate_limits import NO_LIMITS
from viewbank.run import run
from viewbank.settings_reader import read_settings
from viewbank.telemetry.logs import set_up_logs


async def main() -> int:
    """Run until stopped; return the exit status."""
    settings = read_settings(os.environ, Path(".env"))
    set_up_logs(settings.log_level, settings.secrets())
    return await run(settings, limits=NO_LIMITS)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
