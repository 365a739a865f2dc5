"""A bot and its Bot API, a process each, and what is measured of them."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import NamedTuple

from bench.measure import ROOT
from bench.telegram.bot_api import TOKEN
from bench.telegram.contestants import Contestant
from bench.telegram.load import Load, Outcome
from bench.telegram.server_process import ServerProcess, cpu_s, has_children, python

_QUIET_FOR_S = 0.1
_QUIET_WITHIN_S = 120.0


class Found(NamedTuple):
    """What was measured, and how busy both sides were meanwhile.

    Attributes:
        cpu_us: of the bot's process, all its threads, per update.
        cores: how many cores that keeps busy.
        server_cores: the same for the Bot API's process.
    """

    outcome: Outcome
    cpu_us: float
    cores: float
    server_cores: float

    def in_words(self) -> str:
        """For use of one pair alone."""
        found, counts = self.outcome, self.outcome.counts
        return (
            f"{found.rate:,.0f} updates/s, median {found.median_ms:.1f} ms, p99 "
            f"{found.p99_ms:.1f} ms; {self.cpu_us:.0f} µs of CPU an update, {self.cores:.2f} cores "
            f"(Telegram's {self.server_cores:.2f}); {counts.writes / counts.updates:.0%} of "
            f"updates write, {counts.calls / counts.updates:.2f} calls each, of all "
            f"{counts.notifications:,} notifications"
        )


class Pair:
    """Both processes, started by `running`."""

    def __init__(self, contestant: Contestant, server: ServerProcess) -> None:
        """Start the bot on its started Bot API; measuring waits for it to come up."""
        self._name = f"{contestant.module} {contestant.options}"
        self._ended = False
        self._server = server
        options = {"api_url": server.api_url, "token": TOKEN, **contestant.options}
        # A group of its own, so that what it has started can be ended with it.
        self._bot = subprocess.Popen(  # noqa: S603 - our own modules
            python(contestant.module, options), cwd=ROOT, start_new_session=True
        )
        threading.Thread(target=self._end_with_bot, daemon=True).start()

    def measure(self, load: Load) -> Found:
        """Put a load on the bot.

        Raises:
            RuntimeError: the bot did something wrong, or nothing.
        """
        pids = self._bot.pid, self._server.pid
        try:
            used_before_s = [cpu_s(pid) for pid in pids]
            outcome = self._server.carry_out(load)
            used_s = [
                cpu_s(pid) - before_s for pid, before_s in zip(pids, used_before_s, strict=True)
            ]
        except (RuntimeError, OSError) as error:
            raise RuntimeError(f"{self._name}: {error}") from None
        bot_us, server_us = (one_s / outcome.counts.updates * 1e6 for one_s in used_s)
        return Found(outcome, bot_us, bot_us * outcome.rate / 1e6, server_us * outcome.rate / 1e6)

    def until_quiet(self) -> None:
        """Wait until the bot has no other process at work: no snapshot is being written.

        Raises:
            RuntimeError: there is always one.
        """
        busy_s = begun_s = time.monotonic()
        while time.monotonic() - busy_s < _QUIET_FOR_S:
            if has_children(self._bot.pid):
                busy_s = time.monotonic()
            if busy_s - begun_s > _QUIET_WITHIN_S:
                raise RuntimeError(f"{self._name}: its other processes do not end")
            time.sleep(_QUIET_FOR_S / 5)

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End the bot, and whatever it has started. A second time does nothing.

        The log was borrowed, so nothing is lost.
        """
        if self._ended:
            return
        self._ended = True
        if number != signal.SIGKILL:
            self._bot.send_signal(number)
            self._bot.wait()
        # It may have ended, and all that it has started.
        with suppress(ProcessLookupError):
            os.killpg(self._bot.pid, signal.SIGKILL)
        self._bot.wait()

    def _end_with_bot(self) -> None:
        """When the bot ends, nobody need wait for it."""
        self._bot.wait()
        self._server.kill()


@contextmanager
def running(*contestants: Contestant) -> Iterator[list[Pair]]:
    """Start these, and end them when the block ends, whatever happens."""
    with ExitStack() as stack:
        servers = []
        for contestant in contestants:
            servers.append(server := ServerProcess(contestant.telegram))
            stack.callback(server.end)
        pairs = []
        for contestant, server in zip(contestants, servers, strict=True):
            pairs.append(pair := Pair(contestant, server))
            stack.callback(pair.end)
        yield pairs
