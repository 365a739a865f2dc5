"""All users of a chaos run: a fixed number at any time, and new ones come for those who leave.

One stream has the changes of all chats, in order; each user gets their own.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from itertools import count

from chaos.program.admin import ECONOMY, Admin
from chaos.program.chat_user import ChatUser
from chaos.program.reply_matching import SentAction
from chaos.program.sandbox_process import ADMIN_ID, SandboxProcess
from personas.actions import Unexpected
from personas.persona import Persona, Temper
from personas.visits import thorough_visit
from sandbox.client import SandboxRefusedError

FIRST_ID = 2_000_000_001
INVITED_SHARE = 0.7
SLOW_SHARE = 0.1
"""How many are on a slow network: what takes longer than a moment goes into the inbox."""
SLOW_S = 0.08
QUIET_S = 2.0
"""When nothing happens for this long, waiting for it ends."""
TEMPER = Temper(ECONOMY["ad_reward_points"], double_tap_share=0.15, give_up_share=0.1)


class Population:
    """The users of one chaos run.

    Attributes:
        life: which of the program's lives this is; a new one is counted before it begins.
        tally: counts of what happened.
        findings: what must not have happened.
        admin: the admin.
        users: everybody else by id, those who have left too.
    """

    def __init__(
        self,
        sandbox: SandboxProcess,
        size: int,
        seed: int,
        tally: Counter[str],
        findings: list[str],
    ) -> None:
        """`size` users at any time; all their choices come from the seed."""
        self.wire = sandbox.client.wire
        self.life = 0
        self.tally = tally
        self.findings = findings
        self.users: dict[int, ChatUser] = {}
        self._sandbox = sandbox
        self._size = size
        self._seed = seed
        self._ids = count(FIRST_ID)
        self._dice = random.Random(f"{seed}/population")
        self.admin = Admin(self, sandbox.client.provider, random.Random(f"{seed}/admin"))
        self._open = asyncio.Event()
        self._presses = _Countdown()
        self._replies = _Countdown()
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        """Have the admin set up a program that serves; the others begin with `resume`."""
        self._start(self._listen())
        await self.admin.set_up()
        self._start(self.admin.settle())
        for number in range(self._size):
            self._start(self._place(slow=number < SLOW_SHARE * self._size))

    async def end(self) -> None:
        """Stop everybody at once."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def resume(self) -> None:
        """Let everybody act."""
        self._open.set()

    async def rest(self, patience_s: float) -> list[tuple[ChatUser, SentAction]]:
        """Let nobody begin an action; those that have no reply when patience ends."""
        self._open.clear()
        loop = asyncio.get_running_loop()
        deadline_s = loop.time() + patience_s
        while waiting := [
            (user, sent) for user in [self.admin, *self.users.values()] for sent in user.pending
        ]:
            left_s = deadline_s - loop.time()
            if left_s <= 0:
                return waiting
            await asyncio.wait([sent.reply for _, sent in waiting], timeout=left_s)
        return []

    async def until_presses_answered(self, times: int) -> None:
        """Return as soon as this many more presses are answered.

        What else is to come of the last one has not come yet.
        """
        await self._presses.reach_zero_from(times)

    async def until_answered(self, times: int) -> None:
        """Return when this many more actions have got their reply."""
        await self._replies.reach_zero_from(times)

    def answered(self) -> None:
        """An action has got its reply."""
        self.tally["actions answered"] += 1
        self._replies.count_down()

    async def until_open(self, user: ChatUser) -> None:
        """Wait out a rest; the admin does not, because what is unclear must be settled."""
        if user is not self.admin:
            await self._open.wait()

    def wrong(self, what: str, user: ChatUser) -> None:
        """Note something that must not happen, and what came before it."""
        before = "\n    ".join(user.lines)
        self.findings.append(f"Person {user.id}: {what}\n    {before}")

    def count(self) -> None:
        """Add to the tally what is known at the end."""
        users = list(self.users.values())
        read, notified = self.admin.read, [user.notified for user in users]
        self.tally["people"] += len(users)
        self.tally["ads paid"] += sum(len(user.persona.ads) for user in users)
        self.tally["orders placed"] += sum(len(user.persona.orders) for user in users)
        self.tally["messages to the admin"] += sum(len(user.persona.written) for user in users)
        self.tally["messages to the admin read twice"] += sum(read.values()) - len(read)
        self.tally["notifications"] += sum(one.total() for one in notified)
        self.tally["notifications twice"] += sum(one.total() - len(one) for one in notified)
        self.tally["conversations forgotten in a kill"] += sum(
            user.persona.forgotten for user in users
        )

    def _start(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.append(asyncio.create_task(self._watched(work)))

    async def _watched(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - whatever it is, it must be reported
            self.findings.append(f"the chaos run itself fails: {type(error).__name__}: {error}")

    async def _listen(self) -> None:
        async for change in self._sandbox.changes():
            user = self.admin if change.user_id == ADMIN_ID else self.users.get(change.user_id)
            if user is not None:
                user.hear(change)
            if change.kind == "callback":
                self._presses.count_down()

    async def _place(self, *, slow: bool) -> None:
        """One user after the other."""
        while True:
            user = self._newcomer()
            await self.until_open(user)
            await self._sandbox.client.add_user(f"Person{user.id}", id=user.id)
            if slow:
                await self._sandbox.slow_down(user.id, SLOW_S)
            try:
                await user.make(thorough_visit(user.persona))
            except (Unexpected, SandboxRefusedError) as error:
                self.wrong(str(error), user)

    def _newcomer(self) -> ChatUser:
        known = [user.persona for user in self.users.values() if user.persona.code]
        inviter = None
        if known and self._dice.random() < INVITED_SHARE:
            inviter = self._dice.choice(known[-self._size :])
        user_id = next(self._ids)
        persona = Persona(
            user_id,
            TEMPER,
            random.Random(f"{self._seed}/{user_id}"),
            invited_by=inviter.user_id if inviter else 0,
            inviter_code=inviter.code if inviter else "",
            restarts=lambda: self.life,
        )
        self.users[user_id] = user = ChatUser(self, persona)
        return user


class _Countdown:
    """Waits until something has happened a number of times."""

    def __init__(self) -> None:
        self._left = 0
        self._happened = asyncio.Event()

    def count_down(self) -> None:
        self._left -= 1
        self._happened.set()

    async def reach_zero_from(self, times: int) -> None:
        """Return after this many times, or when it doesn't happen any more."""
        self._left = times
        with suppress(TimeoutError):
            while self._left > 0:
                self._happened.clear()
                async with asyncio.timeout(QUIET_S):
                    await self._happened.wait()
