"""The Bot API's process: `python -m bench.telegram.server OPTIONS`.

It listens on a free port and prints which. Each line on stdin is a load; it is carried out, and
what was measured is one line on stdout. The end of stdin ends it.
"""

import asyncio
import gc
import sys
from typing import Literal

import msgspec

from bench.telegram.bot_api import BotApi
from bench.telegram.exchanges import Exchanges
from bench.telegram.http_connection import Connection
from bench.telegram.load import Load, Measurement, Outcome
from bench.telegram.population import ShopVisits, echo_visits
from bench.telegram.update_queue import UpdateQueue

BOT_COMES_WITHIN_S = 60.0


class Options(msgspec.Struct, frozen=True):
    """Who writes to the bot.

    Attributes:
        visits: what they do.
        known: how many users are in the shop's log.
        poll_s: the network's time for each call for updates.
    """

    visits: Literal["echo", "shop"]
    known: int = 0
    poll_s: float = 0


class Listening(msgspec.Struct, frozen=True):
    """The first line that it prints."""

    port: int


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The bot did something wrong: the last line that it prints."""

    why: str


class Measured(msgspec.Struct, frozen=True, tag=True):
    """A load was carried out."""

    outcome: Outcome


Line = Failed | Measured


async def serve(options: Options) -> None:
    """Listen, and carry out loads."""
    loop = asyncio.get_running_loop()
    updates = UpdateQueue()
    visits = ShopVisits(options.known) if options.visits == "shop" else echo_visits()
    exchanges = Exchanges(updates, iter(visits))
    api = BotApi(exchanges, updates, poll_s=options.poll_s)
    server = await loop.create_server(lambda: Connection(api.handle), "127.0.0.1", 0)
    _print(Listening(server.sockets[0].getsockname()[1]))
    gc.collect()
    gc.freeze()
    async with server:
        while line := await asyncio.to_thread(sys.stdin.buffer.readline):
            try:
                async with asyncio.timeout(BOT_COMES_WITHIN_S):
                    await updates.asked.wait()
                load: Load = msgspec.json.decode(line, type=Load)
                outcome = await Measurement(exchanges).run(load)
            except Exception as error:  # noqa: BLE001 - reported to the caller
                _print(Failed(f"{type(error).__name__}: {error}"))
                return
            _print(Measured(outcome))


def _print(what: msgspec.Struct) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    asyncio.run(serve(msgspec.json.decode(sys.argv[1], type=Options)))
