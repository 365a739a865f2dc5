"""Chaos runs of the whole program: killed under its users again and again, and reconciled.

The sandbox and the users live on. Each life of the program ends from outside, at a random moment.
Every few kills all users rest until they have their replies; then their messages, the log and
the provider's list are compared.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from chaos.invariants import Finding, check_folder
from chaos.program.output import ProgramOutput
from chaos.program.population import Population
from chaos.program.program_process import UPDATE_MODES, WORKER, ProgramProcess, UpdateMode
from chaos.program.reconciliation import Books, differences
from chaos.program.sandbox_process import SandboxProcess
from ledger.audit.verify import verify
from ledger.broken_books import BrokenBooks
from ledger.store.file import LOG_NAME
from ledger.store.reader import BadLog
from sandbox.client_view import Order

Moment: TypeAlias = Literal["starting", "just serving", "in mid-reply", "serving", "stop"]

USERS = 64
PATIENCE_S = 15.0
"""While nobody kills it, the program must answer everybody within this time."""
KILLS_BETWEEN_RESTS = 20
ANSWERED_MAX = 200
"""The most actions that a life answers before it ends."""
_MOMENTS: dict[Moment, int] = {
    "starting": 10,
    "just serving": 15,
    "in mid-reply": 20,
    "serving": 50,
    "stop": 5,
}
_SWITCH_SHARE = 0.4
"""How many lives get their updates the other way."""
_MOVE_SHARE = 0.7
"""How many have another address. At the old one Telegram tries to deliver ever more seldom."""
_LOOK_AGAIN_S = 0.2


class ProgramRun:
    """One program, one population, and many kills.

    Attributes:
        tally: counts of what happened.
        findings: what must not have happened; the first ones end the run.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        *,
        users: int = USERS,
        modes: Sequence[UpdateMode] = UPDATE_MODES,
        patience_s: float = PATIENCE_S,
        worker: str = WORKER,
    ) -> None:
        """Use `run`.

        Args:
            folder: empty; gets the data folder and the processes' logs.
            seed: all choices come from it; what the kills hit is up to the machine.
            users: how many use the bot at any time.
            modes: how updates may come in; from life to life it may be another one.
            patience_s: who waits longer, while nobody kills the program, is never answered.
            worker: the module that is the program.
        """
        self.tally: Counter[str] = Counter()
        self.findings: list[str] = []
        self._folder = folder
        self._seed = seed
        self._users = users
        self._modes = modes
        self._patience_s = patience_s
        self._worker = worker
        self._dice = random.Random(seed)
        self._mode = self._dice.choice(modes)
        self._start_s = 1.0

    def progress(self) -> str:
        """What was done so far, in one line."""
        count = self.tally
        return (
            f"{count['kills']:,} kills of the program, {count['actions']:,} actions, "
            f"{count['replies repeated after a kill']:,} replies repeated, "
            f"{len(self.findings)} findings"
        )

    async def run(self, kills: int, after_kill: Callable[[], None] = lambda: None) -> None:
        """Kill it this many times; `after_kill` is called after each."""
        self._folder.mkdir(parents=True, exist_ok=True)
        async with SandboxProcess.open(self._folder / "sandbox.log") as sandbox:
            self._sandbox = sandbox
            self._program = ProgramProcess(sandbox, self._folder, self._worker)
            self._population = Population(
                sandbox, self._users, self._seed, self.tally, self.findings
            )
            self._books = Books(self._program.data / LOG_NAME)
            self._output = ProgramOutput(self._program, self.tally)
            try:
                await self._kill_and_rest(kills, after_kill)
            except (Finding, BadLog, BrokenBooks) as error:
                self.findings.append(f"{type(error).__name__}: {error}")
            finally:
                await self._population.end()
                await self._program.end()
                self._population.count()

    async def _kill_and_rest(self, kills: int, after_kill: Callable[[], None]) -> None:
        await self._begin_life()
        await self._program.serving()
        await self._population.begin()
        await self._end_life("stop")
        while self.tally["kills"] < kills and not self.findings:
            await self._sandbox.plan_provider(self._dice)
            self._population.resume()
            next_rest = min(kills, self.tally["kills"] + KILLS_BETWEEN_RESTS)
            while self.tally["kills"] < next_rest and not self.findings:
                await self._live_and_die()
                after_kill()
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
                await self._population.until_presses_answered(self._dice.randint(1, 30))
            case "serving" | "stop":
                # Counted, not timed: a slow machine gets as much done before the kill.
                await self._population.until_answered(self._dice.randint(5, ANSWERED_MAX))
        await self._end_life(moment)

    async def _begin_life(self, *, moves: bool | None = None) -> None:
        if self._dice.random() < _SWITCH_SHARE:
            self._mode = self._modes[self._modes.index(self._mode) - 1]
        self._population.life += 1
        moves = self._dice.random() < _MOVE_SHARE if moves is None else moves
        await self._program.start(self._mode, moves=moves)

    async def _end_life(self, moment: Moment) -> None:
        if moment == "stop":
            await self._program.stop()
            self.tally["clean stops"] += 1
        else:
            await self._program.kill(group=self._dice.random() < 1 / 2)
            self.tally["kills"] += 1
            self.tally[f"kills, {self._mode}"] += 1
            self.tally[f"kills, {moment}"] += 1
            self.tally["updates left at Telegram"] += await self._sandbox.pending_updates()
            self.tally["updates left in the inbox"] += self._output.left_in_inbox()
        self.findings += self._output.read_log()
        self.tally["events"] += self._books.read_on()

    async def _rest(self) -> None:
        """One life without a kill: everybody gets their replies, and all must agree."""
        await self._begin_life(moves=True)
        await self._program.serving()
        for user, sent in await self._population.rest(self._patience_s):
            left = await self._sandbox.pending_updates()
            what = f"never answered: {sent.action} ({left} updates are at Telegram)"
            self._population.wrong(what, user)
        if not self.findings:
            self.findings += await self._disagreements()
        report = await asyncio.to_thread(verify, self._program.data)
        self.findings += map(str, report.problems)
        self.tally["reconciliations"] += 1
        await self._end_life("stop")

    async def _disagreements(self) -> list[str]:
        """What is not as it should be, though everything had time to get there."""
        deadline_s = time.monotonic() + self._patience_s
        while True:
            self.tally["events"] += self._books.read_on()
            provider = await self._sandbox.client.provider.wait_for()
            received = [Order(raw) for raw in provider["orders"]]
            found = list(differences(self._books, self._population, received, provider["requests"]))
            if left := await self._sandbox.pending_updates():
                found.append(f"Telegram still has {left} updates, and everybody is answered")
            if not found or time.monotonic() > deadline_s:
                return found
            await asyncio.sleep(_LOOK_AGAIN_S)
