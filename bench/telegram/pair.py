"""Owns a bot and its pretend Telegram, a process each, and what is measured of them."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from bench.measure import ROOT
from bench.telegram.api import TOKEN
from bench.telegram.drive import Outcome, Plan
from bench.telegram.process import TelegramProcess, cpu_s, has_children, pipe, python
from bench.telegram.server import Options

_QUIET_FOR_S = 0.1
_QUIET_WITHIN_S = 120.0


class Entry(NamedTuple):
    """A bot as a contestant.

    Attributes:
        module: run with its options as JSON; `api_url` and `token` are added to them.
        telegram: who writes to it.
    """

    module: str
    options: dict[str, object]
    telegram: Options


class Found(NamedTuple):
    """What was measured, and how busy both sides were meanwhile.

    Attributes:
        cpu_us: of the bot's process, all its threads, for each update.
        cores: how many cores that kept busy.
        telegram_cores: likewise, of the pretend Telegram.
    """

    outcome: Outcome
    cpu_us: float
    cores: float
    telegram_cores: float

    def in_words(self) -> str:
        """For whoever looks at one pair alone."""
        found, counts = self.outcome, self.outcome.counts
        return (
            f"{found.rate:,.0f} updates/s, median {found.median_ms:.1f} ms, p99 "
            f"{found.p99_ms:.1f} ms; {self.cpu_us:.0f} µs of CPU an update, {self.cores:.2f} cores "
            f"(Telegram's {self.telegram_cores:.2f}); {counts.writes / counts.updates:.0%} of "
            f"updates write, {counts.calls / counts.updates:.2f} calls each, of all "
            f"{counts.notices:,} notices"
        )


class Pair:
    """Both processes, started. Use `running`, or `end` it."""

    def __init__(self, entry: Entry) -> None:
        """Start them; measuring waits for the bot to come up."""
        self._name = f"{entry.module} {entry.options}"
        self._ended = False
        self._telegram = TelegramProcess(entry.telegram)
        options = {"api_url": self._telegram.api_url, "token": TOKEN, **entry.options}
        try:
            # A group of its own, so that what it has started can be ended with it.
            self._bot = subprocess.Popen(  # noqa: S603 - our own modules
                python(entry.module, options),
                cwd=ROOT,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError:
            self._telegram.end()
            raise
        threading.Thread(target=self._break_off, daemon=True).start()

    def measure(self, plan: Plan) -> Found:
        """Carry out a plan.

        Raises:
            RuntimeError: the bot did something wrong, or nothing.
        """
        pids = self._bot.pid, self._telegram.pid
        try:
            used_before_s = [cpu_s(pid) for pid in pids]
            outcome = self._telegram.carry_out(plan)
            used_s = [
                cpu_s(pid) - before_s for pid, before_s in zip(pids, used_before_s, strict=True)
            ]
        except (RuntimeError, OSError) as error:
            raise RuntimeError(f"{self._name}: {error}") from None
        bot_us, telegram_us = (one_s / outcome.counts.updates * 1e6 for one_s in used_s)
        return Found(outcome, bot_us, bot_us * outcome.rate / 1e6, telegram_us * outcome.rate / 1e6)

    def until_quiet(self) -> None:
        """Wait until no process is at work for the bot: no snapshot is being written.

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

    def ask(self, number: signal.Signals) -> bytes:
        """Send the bot a signal, and read the line that it says then."""
        self._bot.send_signal(number)
        return pipe(self._bot.stdout).readline()

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End both, and whatever the bot has started. A second time does nothing.

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
        pipe(self._bot.stdout).close()
        self._telegram.end()

    def _break_off(self) -> None:
        """Nobody need wait for a bot that has ended."""
        self._bot.wait()
        self._telegram.break_off()


@contextmanager
def running(*entries: Entry) -> Iterator[list[Pair]]:
    """Start these, and end them at the end, whatever happens."""
    pairs: list[Pair] = []
    try:
        for entry in entries:
            pairs.append(Pair(entry))  # noqa: PERF401 - those that are started must be known
        yield pairs
    finally:
        for pair in pairs:
            pair.end()
