"""The program with its promise broken: Telegram hears at once that we have what it gives."""

import sys

from bot.receive.receiver import Receiver
from chaos.program.worker import main


async def at_once(_intake, _helds):
    return True


Receiver.safe = at_once

if __name__ == "__main__":
    sys.exit(main())
