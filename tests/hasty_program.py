"""The program with its promise broken: Telegram hears at once that we have what it gives."""

import sys

from bot.receive.receiver import Receiver
from torture.program_worker import main


async def at_once(_receiver, _updates):
    return True


Receiver.ready_to_acknowledge = at_once

if __name__ == "__main__":
    sys.exit(main())
