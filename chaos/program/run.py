"""Owns the siege: the whole program killed under people who use it, again and again, and the count.

The outside world and the people live on. Each of the program's lives ends from outside, at a
moment of chance; every so many kills all people rest until they are answered, and what they were
told, the books and the provider's list are compared.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from chaos.invariants import Finding, check_folder
from chaos.program.output import Traces
from chaos.program.population import Town
from chaos.program.process import WAYS, WORKER, Program, Way
from chaos.program.reconciliation import Books, differences
from chaos.program.sandbox_process import Outside
from ledger.audit.verify import verify
from ledger.projections import BrokenBooks
from ledger.store.file import LOG_NAME
from ledger.store.reader import BadLog
from sandbox.client_view import Order

Moment: TypeAlias = Literal["starting", "just serving", "in mid-reply", "serving", "stop"]

PEOPLE = 64
PATIENCE_S = 15.0
"""As long as nobody kills it, the program leaves nobody waiting for longer."""
KILLS_BETWEEN_RESTS = 20
_MOMENTS: dict[Moment, int] = {
    "starting": 10,
    "just serving": 15,
    "in mid-reply": 20,
    "serving": 50,
    "stop": 5,
}
_SWITCH_SHARE = 0.4
"""So many lives take updates the other way."""
_MOVE_SHARE = 0.7
"""So many have another address. At the old one Telegram tries ever more seldom to deliver."""
_LOOK_AGAIN_S = 0.2


class Siege:
    """One program, one town, and many kills.

    Attributes:
        tally: what was done and seen.
        findings: what is as it must not be; the first ones end the siege.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        *,
        people: int = PEOPLE,
        ways: Sequence[Way] = WAYS,
        patience_s: float = PATIENCE_S,
        worker: str = WORKER,
    ) -> None:
        """Use `lay`.

        Args:
            folder: empty; gets the data folder and what the processes say.
            seed: all chance comes from it; what the kills hit is up to the machine.
            people: so many use the bot at any time.
            ways: how updates may come in; from life to life it may be another one.
            patience_s: who waits longer, with nobody killing the program, is lost.
            worker: the module that is the program.
        """
        self.tally: Counter[str] = Counter()
        self.findings: list[str] = []
        self._folder = folder
        self._seed = seed
        self._people = people
        self._ways = ways
        self._patience_s = patience_s
        self._worker = worker
        self._dice = random.Random(seed)
        self._way = self._dice.choice(ways)
        self._start_s = 1.0

    def words(self) -> str:
        """The progress line."""
        count = self.tally
        return (
            f"{count['kills']:,} kills of the program, {count['taps']:,} taps, "
            f"{count['replies repeated after a kill']:,} replies repeated, "
            f"{len(self.findings)} findings"
        )

    async def lay(self, kills: int, told: Callable[[], None] = lambda: None) -> None:
        """Go through so many kills; `told` is called after each."""
        self._folder.mkdir(parents=True, exist_ok=True)
        async with Outside.open(self._folder / "outside.log") as outside:
            self._outside = outside
            self._program = Program(outside, self._folder, self._worker)
            self._town = Town(outside, self._people, self._seed, self.tally, self.findings)
            self._books = Books(self._program.data / LOG_NAME)
            self._traces = Traces(self._program, self.tally)
            try:
                await self._go_through(kills, told)
            except (Finding, BadLog, BrokenBooks) as error:
                self.findings.append(f"{type(error).__name__}: {error}")
            finally:
                await self._town.end()
                await self._program.end()
                self._town.count()

    async def _go_through(self, kills: int, told: Callable[[], None]) -> None:
        await self._begin_life()
        await self._program.serving()
        await self._town.wake()
        await self._end_life("stop")
        while self.tally["kills"] < kills and not self.findings:
            await self._outside.plan_provider(self._dice)
            self._town.go_on()
            next_rest = min(kills, self.tally["kills"] + KILLS_BETWEEN_RESTS)
            while self.tally["kills"] < next_rest and not self.findings:
                await self._live_and_die()
                told()
            await self._rest()
        await asyncio.to_thread(check_folder, self._program.data)

    async def _live_and_die(self) -> None:
        """One life under load."""
        (moment,) = self._dice.choices(list(_MOMENTS), list(_MOMENTS.values()))
        began_s = time.monotonic()
        await self._begin_life()
        if moment == "starting":
            if await self._program.serving(self._dice.uniform(0, self._start_s)):
                moment = "just serving"
        else:
            await self._program.serving()
            self._start_s = time.monotonic() - began_s
        match moment:
            case "just serving":
                await asyncio.sleep(self._dice.uniform(0, 0.05))
            case "in mid-reply":
                await self._town.until_presses_answered(self._dice.randint(1, 30))
            case "serving" | "stop":
                await asyncio.sleep(self._dice.uniform(0.05, 1))
        await self._end_life(moment)

    async def _begin_life(self, *, moves: bool | None = None) -> None:
        if self._dice.random() < _SWITCH_SHARE:
            self._way = self._ways[self._ways.index(self._way) - 1]
        self._town.life += 1
        moves = self._dice.random() < _MOVE_SHARE if moves is None else moves
        await self._program.start(self._way, moves=moves)

    async def _end_life(self, moment: Moment) -> None:
        if moment == "stop":
            await self._program.stop()
            self.tally["clean stops"] += 1
        else:
            await self._program.kill(group=self._dice.random() < 1 / 2)
            self.tally["kills"] += 1
            self.tally[f"kills, {self._way}"] += 1
            self.tally[f"kills, {moment}"] += 1
            self.tally["updates left at Telegram"] += await self._outside.pending_updates()
            self.tally["updates left in the inbox"] += self._traces.left_in_inbox()
        self.findings += self._traces.read_log()
        self.tally["events"] += self._books.read_on()

    async def _rest(self) -> None:
        """One life without a kill: everybody is answered, and all agree."""
        await self._begin_life(moves=True)
        await self._program.serving()
        for person, tap in await self._town.rest(self._patience_s):
            left = await self._outside.pending_updates()
            self._town.wrong(f"never answered: {tap} ({left} updates are at Telegram)", person)
        if not self.findings:
            self.findings += await self._disagreements()
        report = await asyncio.to_thread(verify, self._program.data)
        self.findings += map(str, report.problems)
        self.tally["comparisons of everything"] += 1
        await self._end_life("stop")

    async def _disagreements(self) -> list[str]:
        """What is not as it should be, though everything had time to get there."""
        deadline_s = time.monotonic() + self._patience_s
        while True:
            self.tally["events"] += self._books.read_on()
            provider = await self._outside.world.provider.wait_for()
            received = [Order(raw) for raw in provider["orders"]]
            found = list(differences(self._books, self._town, received, provider["requests"]))
            if left := await self._outside.pending_updates():
                found.append(f"Telegram has still {left} updates, and everybody is answered")
            if not found or time.monotonic() > deadline_s:
                return found
            await asyncio.sleep(_LOOK_AGAIN_S)
