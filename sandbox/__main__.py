"""`python -m sandbox`: runs the simulated Telegram alone until it is stopped."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from sandbox.control_people import NewPerson
from sandbox.server import running
from sandbox.state import DEFAULT_TOKEN


def parse_arguments() -> argparse.Namespace:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free one")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the token that bots must use")
    parser.add_argument("--bot-username", default="viewbank_demo_bot")
    parser.add_argument("--bot-name", default="Viewbank")
    parser.add_argument("--admin", type=int, action="append", default=[], metavar="ID")
    parser.add_argument("--person", action="append", default=[], metavar="NAME")
    parser.add_argument("--state-file", type=Path, help="keep the chats in this file")
    return parser.parse_args()


async def serve(arguments: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(
        host=arguments.host,
        port=arguments.port,
        token=arguments.token,
        bot_username=arguments.bot_username,
        bot_name=arguments.bot_name,
        admin_ids=arguments.admin,
        users=[NewPerson(name) for name in arguments.person],
        state_file=arguments.state_file,
    ) as world:
        sys.stdout.write(f"{world.url}\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(parse_arguments()))
