"""Puts load on a bot and measures it: as fast as it replies, or at a given rate."""

import asyncio
import random
import time
from statistics import quantiles
from typing import TypeAlias

import msgspec

from bench.telegram.exchanges import Counts, Exchange, Exchanges, WrongReply

STUCK_AFTER_S = 20.0
SETTLE_S = 0.05
"""A reply too many has this long to come after the last one."""


class ClosedLoop(msgspec.Struct, frozen=True, tag=True):
    """A number of people, each with one update in flight: the next one follows the reply.

    Attributes:
        warm_up: how many updates before the ones that count.
    """

    people: int
    warm_up: int
    updates: int


class OpenLoop(msgspec.Struct, frozen=True, tag=True):
    """Updates at random moments (Poisson), whether or not the earlier ones were answered."""

    rate: float
    warm_up_s: float
    duration_s: float
    seed: int


Load: TypeAlias = ClosedLoop | OpenLoop


class Outcome(msgspec.Struct, frozen=True):
    """What was measured, all replies checked.

    Attributes:
        counts: how much came and went, with what didn't count.
        rate: updates per second, of those that count.
        median_ms: from an update to its reply.
        p99_ms: the same for all but the slowest of 100.
    """

    counts: Counts
    rate: float
    median_ms: float
    p99_ms: float


class Measurement:
    """One measurement."""

    def __init__(self, exchanges: Exchanges) -> None:
        """Let these people write."""
        self._exchanges = exchanges
        self._done = 0
        self._took_s: list[float] = []
        self._first_s = self._last_s = 0.0

    async def run(self, load: Load) -> Outcome:
        """Carry it out.

        Raises:
            WrongReply: the bot did something wrong, or nothing.
        """
        before = self._exchanges.counts
        match load:
            case ClosedLoop():
                await self._closed_loop(load)
            case OpenLoop():
                await self._open_loop(load)
        await self._until(self._exchanges.quiet)
        await asyncio.sleep(SETTLE_S)
        self._raise_if_failed()
        rate = len(self._took_s) / (self._last_s - self._first_s)
        cuts_s = quantiles(self._took_s, n=100)
        counts = self._exchanges.counts.since(before)
        return Outcome(counts, rate, cuts_s[49] * 1e3, cuts_s[98] * 1e3)

    async def _closed_loop(self, load: ClosedLoop) -> None:
        end = load.warm_up + load.updates
        # As many stay in flight until all that count are done; the others don't count.
        ended = asyncio.Event()
        self._first_s = time.perf_counter()

        def done(exchange: Exchange, took_s: float) -> None:
            self._done += 1
            self._exchanges.rest(exchange)
            if self._done == load.warm_up:
                self._first_s = time.perf_counter()
            elif load.warm_up < self._done <= end:
                self._took_s.append(took_s)
            if self._done == end:
                self._last_s = time.perf_counter()
                ended.set()
            if self._done < end:
                self._exchanges.begin_next()

        self._exchanges.done = done
        for _ in range(load.people):
            self._exchanges.begin_next()
        await self._until(ended)

    async def _open_loop(self, load: OpenLoop) -> None:
        dice = random.Random(load.seed)
        begun_s = time.perf_counter()
        self._first_s = begun_s + load.warm_up_s
        self._last_s = self._first_s + load.duration_s

        def done(exchange: Exchange, took_s: float) -> None:
            self._done += 1
            self._exchanges.rest(exchange)
            if self._first_s <= exchange.sent_s < self._last_s:
                self._took_s.append(took_s)

        self._exchanges.done = done
        next_s = begun_s
        while next_s < self._last_s:
            await asyncio.sleep(max(0.0, next_s - time.perf_counter()))
            self._raise_if_failed()
            now_s = time.perf_counter()
            while next_s <= now_s and next_s < self._last_s:
                self._exchanges.begin_next()
                next_s += dice.expovariate(load.rate)
            if self._exchanges.waiting > load.rate * STUCK_AFTER_S:
                raise WrongReply("the bot can't keep up")

    async def _until(self, ended: asyncio.Event) -> None:
        """Wait, but not for a bot that is stuck."""
        waiting: asyncio.Future[object] = asyncio.ensure_future(ended.wait())
        failed: asyncio.Future[object] = self._exchanges.failed
        try:
            while not ended.is_set():
                done_before = self._done
                await asyncio.wait(
                    {waiting, failed},
                    timeout=STUCK_AFTER_S,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                self._raise_if_failed()
                if not ended.is_set() and self._done == done_before:
                    raise WrongReply(f"the bot has said nothing for {STUCK_AFTER_S:.0f} s")
        finally:
            waiting.cancel()

    def _raise_if_failed(self) -> None:
        if self._exchanges.failed.done():
            self._exchanges.failed.result()
