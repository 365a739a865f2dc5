"""Owns how updates come: as soon as people are answered, or by the clock; and what is measured."""

import asyncio
import random
import time
from statistics import quantiles
from typing import TypeAlias

import msgspec

from bench.telegram.crowd import Counts, Crowd, Turn, Wrong

STUCK_AFTER_S = 20.0
SETTLE_S = 0.05
"""A reply too many has this long to come after the last one."""


class AtOnce(msgspec.Struct, frozen=True, tag=True):
    """So many people, each with one update on its way: the next follows the reply.

    Attributes:
        warm_up: so many updates before the ones that count.
    """

    people: int
    warm_up: int
    updates: int


class ByTheClock(msgspec.Struct, frozen=True, tag=True):
    """So many updates a second, at random moments (Poisson), for so long."""

    rate: float
    warm_up_s: float
    duration_s: float
    seed: int


Plan: TypeAlias = AtOnce | ByTheClock


class Outcome(msgspec.Struct, frozen=True):
    """What was measured, all replies checked.

    Attributes:
        counts: how much came and went, with what didn't count.
        rate: updates that counted, a second.
        median_ms: from an update to its reply.
        p99_ms: likewise; 99 of 100 were quicker.
    """

    counts: Counts
    rate: float
    median_ms: float
    p99_ms: float


class Drive:
    """One measurement."""

    def __init__(self, crowd: Crowd) -> None:
        """Have these people write."""
        self._crowd = crowd
        self._done = 0
        self._took_s: list[float] = []
        self._first_s = self._last_s = 0.0

    async def go(self, plan: Plan) -> Outcome:
        """Carry it out.

        Raises:
            Wrong: the bot did something wrong, or nothing.
        """
        before = self._crowd.counts
        match plan:
            case AtOnce():
                await self._at_once(plan)
            case ByTheClock():
                await self._by_the_clock(plan)
        await self._until(self._crowd.quiet)
        await asyncio.sleep(SETTLE_S)
        self._look()
        rate = len(self._took_s) / (self._last_s - self._first_s)
        cuts_s = quantiles(self._took_s, n=100)
        counts = self._crowd.counts.since(before)
        return Outcome(counts, rate, cuts_s[49] * 1e3, cuts_s[98] * 1e3)

    async def _at_once(self, plan: AtOnce) -> None:
        end = plan.warm_up + plan.updates
        # Until all that count are done, as many are on their way as before; those don't count.
        ended = asyncio.Event()
        self._first_s = time.perf_counter()

        def done(turn: Turn, took_s: float) -> None:
            self._done += 1
            self._crowd.rest(turn)
            if self._done == plan.warm_up:
                self._first_s = time.perf_counter()
            elif plan.warm_up < self._done <= end:
                self._took_s.append(took_s)
            if self._done == end:
                self._last_s = time.perf_counter()
                ended.set()
            if self._done < end:
                self._crowd.go_on()

        self._crowd.done = done
        for _ in range(plan.people):
            self._crowd.go_on()
        await self._until(ended)

    async def _by_the_clock(self, plan: ByTheClock) -> None:
        dice = random.Random(plan.seed)
        begun_s = time.perf_counter()
        self._first_s = begun_s + plan.warm_up_s
        self._last_s = self._first_s + plan.duration_s

        def done(turn: Turn, took_s: float) -> None:
            self._done += 1
            self._crowd.rest(turn)
            if self._first_s <= turn.given_s < self._last_s:
                self._took_s.append(took_s)

        self._crowd.done = done
        next_s = begun_s
        while next_s < self._last_s:
            await asyncio.sleep(max(0.0, next_s - time.perf_counter()))
            self._look()
            now_s = time.perf_counter()
            while next_s <= now_s and next_s < self._last_s:
                self._crowd.go_on()
                next_s += dice.expovariate(plan.rate)
            if self._crowd.waiting > plan.rate * STUCK_AFTER_S:
                raise Wrong("the bot can't keep up")

    async def _until(self, ended: asyncio.Event) -> None:
        """Wait, but not for a bot that is stuck."""
        waiting: asyncio.Future[object] = asyncio.ensure_future(ended.wait())
        failed: asyncio.Future[object] = self._crowd.failed
        try:
            while not ended.is_set():
                done_before = self._done
                await asyncio.wait(
                    {waiting, failed},
                    timeout=STUCK_AFTER_S,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                self._look()
                if not ended.is_set() and self._done == done_before:
                    raise Wrong(f"the bot has said nothing for {STUCK_AFTER_S:.0f} s")
        finally:
            waiting.cancel()

    def _look(self) -> None:
        if self._crowd.failed.done():
            self._crowd.failed.result()
