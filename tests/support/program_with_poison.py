"""The program with a fault put into it: a message that says `poison` kills the process.

With `POISON_WORKS=no` it doesn't any more, as after a repair.
"""

import os
import signal
import sys

from bot.dispatcher import Dispatcher
from chaos.program.worker import main

_dispatch = Dispatcher.dispatch


async def dispatch(self, update):
    if update.message is not None and update.message.text == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
    await _dispatch(self, update)


if os.environ.get("POISON_WORKS") != "no":
    Dispatcher.dispatch = dispatch

if __name__ == "__main__":
    sys.exit(main())
