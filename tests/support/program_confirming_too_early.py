"""The program with its promise broken: Telegram hears that an update is safe before it is."""

import sys

from bot.receive.receiver import Receiver
from chaos.program.worker import main


async def at_once(_receiver, _updates):
    return True


Receiver.safe = at_once

if __name__ == "__main__":
    sys.exit(main())
