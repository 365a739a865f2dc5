"""Owns all the people at once: so many use the bot at any time, and new ones come for those who go.

One stream brings whatever happens in any chat, in its order, and each person hears their part.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from itertools import count

from chaos.program.admin import Admin
from chaos.program.person import Person
from chaos.program.sandbox_process import ADMIN_ID, Outside
from chaos.program.taps import Tap
from personas.visits import Unexpected, visit
from sandbox.client import SandboxRefusedError

FIRST_ID = 2_000_000_001
INVITED_SHARE = 0.7
SLOW_SHARE = 0.1
"""So many are on a slow network: what takes longer than a moment goes into the inbox."""
SLOW_S = 0.08
QUIET_S = 2.0
"""If nothing happens for so long, nothing will."""


class Town:
    """The people of one siege.

    Attributes:
        life: which of the program's lives this is; a new one is counted before it begins.
        tally: what was done and seen.
        findings: what is as it must not be.
        admin: the admin.
        people: everybody else, those who have left too.
    """

    def __init__(
        self, outside: Outside, seats: int, seed: int, tally: Counter[str], findings: list[str]
    ) -> None:
        """So many at any time; all chance comes from the seed."""
        self.wire = outside.world.wire
        self.life = 0
        self.tally = tally
        self.findings = findings
        self.people: dict[int, Person] = {}
        self._outside = outside
        self._seats = seats
        self._seed = seed
        self._ids = count(FIRST_ID)
        self._dice = random.Random(f"{seed}/town")
        self.admin = Admin(self, outside.world.provider, random.Random(f"{seed}/admin"))
        self._open = asyncio.Event()
        self._presses = 0
        self._pressed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def wake(self) -> None:
        """Let the admin prepare, on a program that serves; the others begin with `go_on`."""
        self._begin(self._listen())
        await self.admin.set_up()
        self._begin(self.admin.settle())
        for number in range(self._seats):
            self._begin(self._seat(slow=number < SLOW_SHARE * self._seats))

    async def end(self) -> None:
        """Nobody does anything any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def rest(self, patience_s: float) -> list[tuple[Person, Tap]]:
        """Let nobody begin anything; who is still not answered after so many seconds."""
        self._open.clear()
        deadline_s = asyncio.get_running_loop().time() + patience_s
        while waiting := [
            (person, tap)
            for person in [self.admin, *self.people.values()]
            for tap in person.open_taps
        ]:
            left_s = deadline_s - asyncio.get_running_loop().time()
            if left_s <= 0:
                return waiting
            await asyncio.wait([tap.reply for _, tap in waiting], timeout=left_s)
        return []

    def go_on(self) -> None:
        """Let everybody do as they like."""
        self._open.set()

    async def until_presses_answered(self, times: int) -> None:
        """Return at the very moment when the bot has answered so many presses more.

        What else is to come of the last one has not come yet.
        """
        self._presses = times
        self._pressed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(QUIET_S):
                await self._pressed.wait()

    async def until_open(self, person: Person) -> None:
        """The admin goes on during a rest: what is unclear has to be settled."""
        if person is not self.admin:
            await self._open.wait()

    def wrong(self, what: str, person: Person) -> None:
        """Note something that must not be, and what went before it."""
        before = "\n    ".join(person.lines)
        self.findings.append(f"Person {person.id}: {what}\n    {before}")

    def count(self) -> None:
        """Add to the tally what is known at the end."""
        people = list(self.people.values())
        self.tally["people"] += len(people)
        self.tally["ads paid"] += sum(len(person.ads) for person in people)
        self.tally["orders placed"] += sum(len(person.orders) for person in people)
        self.tally["messages to the admin"] += sum(len(one.written) for one in people)
        self.tally["messages to the admin read twice"] += sum(self.admin.read.values()) - len(
            self.admin.read
        )
        heard = sum(sum(person.noticed.values()) for person in people)
        self.tally["notices"] += heard
        self.tally["notices heard twice"] += heard - sum(len(one.noticed) for one in people)

    def _begin(self, life: Coroutine[None, None, None]) -> None:
        self._tasks.append(asyncio.create_task(self._watched(life)))

    async def _watched(self, life: Coroutine[None, None, None]) -> None:
        try:
            await life
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody has to know
            self.findings.append(f"the torture itself fails: {type(error).__name__}: {error}")

    async def _listen(self) -> None:
        async for change in self._outside.changes():
            person = self.admin if change.user_id == ADMIN_ID else self.people.get(change.user_id)
            if person is not None:
                person.hear(change)
            if change.kind == "callback":
                self._presses -= 1
                if self._presses == 0:
                    self._pressed.set()

    async def _seat(self, *, slow: bool) -> None:
        """One person after the other."""
        while True:
            person = self._newcomer()
            await self.until_open(person)
            await self._outside.world.add_user(f"Person{person.id}", id=person.id)
            if slow:
                await self._outside.slow_down(person.id, SLOW_S)
            try:
                await visit(person)
            except (Unexpected, SandboxRefusedError) as error:
                self.wrong(str(error), person)

    def _newcomer(self) -> Person:
        known = [person for person in self.people.values() if person.code]
        inviter = None
        if known and self._dice.random() < INVITED_SHARE:
            inviter = self._dice.choice(known[-self._seats :])
        user_id = next(self._ids)
        person = Person(self, user_id, random.Random(f"{self._seed}/{user_id}"), inviter)
        self.people[user_id] = person
        return person
