"""Owns the pretend Telegram's process: `python -m bench.telegram.server OPTIONS`.

It listens on a free port and says which. Each line on stdin is a plan; it is carried out, and what
was measured is one line on stdout. The end of stdin ends it.
"""

import asyncio
import gc
import sys
from typing import Literal

import msgspec

from bench.telegram.api import BotApi
from bench.telegram.crowd import Crowd
from bench.telegram.drive import Drive, Outcome, Plan
from bench.telegram.feed import Feed
from bench.telegram.visits import ShopVisits, echo_visits
from bench.telegram.wire import Connection

BOT_COMES_WITHIN_S = 60.0


class Options(msgspec.Struct, frozen=True):
    """Who writes to the bot, and how far away it is.

    Attributes:
        crowd: what people do.
        known: so many are in the shop's log.
        delay_s: the network's time for each reply.
        poll_s: the network's time for each call for updates.
    """

    crowd: Literal["echo", "shop"]
    known: int = 0
    delay_s: float = 0
    poll_s: float = 0


class Listening(msgspec.Struct, frozen=True):
    """The first line that it says."""

    port: int


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The bot did something wrong: the last line that it says."""

    why: str


class Measured(msgspec.Struct, frozen=True, tag=True):
    """A plan was carried out."""

    outcome: Outcome


Said = Failed | Measured


async def serve(options: Options) -> None:
    """Listen, and carry out plans."""
    loop = asyncio.get_running_loop()
    feed = Feed()
    visits = ShopVisits(options.known) if options.crowd == "shop" else echo_visits()
    crowd = Crowd(feed, iter(visits))
    api = BotApi(crowd, feed, delay_s=options.delay_s, poll_s=options.poll_s)
    server = await loop.create_server(lambda: Connection(api.handle), "127.0.0.1", 0)
    _say(Listening(server.sockets[0].getsockname()[1]))
    gc.collect()
    gc.freeze()
    async with server:
        while line := await asyncio.to_thread(sys.stdin.buffer.readline):
            try:
                async with asyncio.timeout(BOT_COMES_WITHIN_S):
                    await feed.asked.wait()
                plan: Plan = msgspec.json.decode(line, type=Plan)
                outcome = await Drive(crowd).go(plan)
            except Exception as error:  # noqa: BLE001 - said to whoever asked for the measurement
                _say(Failed(f"{type(error).__name__}: {error}"))
                return
            _say(Measured(outcome))


def _say(what: msgspec.Struct) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    asyncio.run(serve(msgspec.json.decode(sys.argv[1], type=Options)))
