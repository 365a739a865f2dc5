"""The program with a deliberate bug: updates are acknowledged at once."""

import sys

from bot.receive.receiver import Receiver
from chaos.program.worker import main


async def at_once(_receiver, _updates):
    return True


Receiver.ready_to_acknowledge = at_once

if __name__ == "__main__":
    sys.exit(main())
