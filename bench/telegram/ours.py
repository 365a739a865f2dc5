"""Our whole bot as a contestant: `python -m bench.telegram.ours OPTIONS`.

It is started as the program is, by `viewbank.run`, without rate limits for outgoing messages: the
bench's Bot API takes more than 30 messages a second.
"""

import asyncio
import cProfile
import sys
from pathlib import Path

import msgspec

from bench.telegram.bot_api import ORDER_PATH
from bench.telegram.shop_folder import ADMIN_ID, allow_haste
from bot.send.rate_limits import NO_LIMITS
from viewbank.run import run
from viewbank.settings import Settings
from viewbank.telemetry.logs import set_up_logs


class Options(msgspec.Struct, frozen=True):
    """Where everything is.

    Attributes:
        api_url: the Bot API's address, and the order provider's.
        profile: a file for the cProfile statistics of the event loop's thread; written on SIGTERM.
    """

    api_url: str
    token: str
    folder: str
    profile: str = ""


def settings_for(api_url: str, token: str, folder: Path) -> Settings:
    """The settings that an operator would have in the environment."""
    return Settings(
        bot_token=token,
        admin_ids=frozenset({ADMIN_ID}),
        telegram_api_url=api_url,
        data_dir=folder,
        port=0,
        ad_url="https://example.com/ad",
        order_api_url=f"{api_url}{ORDER_PATH}",
        log_level="WARNING",
    )


async def main(options: Options) -> int:
    """Run until stopped; return the exit status."""
    settings = settings_for(options.api_url, options.token, Path(options.folder))
    set_up_logs(settings.log_level, settings.secrets())
    return await run(settings, prepare=allow_haste, limits=NO_LIMITS)


def _profiled(options: Options) -> int:
    profile = cProfile.Profile()
    try:
        return profile.runcall(asyncio.run, main(options))
    finally:
        profile.dump_stats(options.profile)


if __name__ == "__main__":
    given = msgspec.json.decode(sys.argv[1], type=Options)
    sys.exit(_profiled(given) if given.profile else asyncio.run(main(given)))
