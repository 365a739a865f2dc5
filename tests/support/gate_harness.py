"""A gate whose Telegram is a script, under a fake clock."""

import asyncio

from telegram.error import NetworkError

from bot.metrics_hooks import BotHooks
from bot.send.gate import OutgoingGate
from bot.send.rate_limits import NO_LIMITS, Priority
from support.fake_time import now_s

AWAY = NetworkError("no connection")


class Settled:
    """A ledger with nothing on its way to the disk."""

    async def settled(self) -> None:
        pass


class Telegram:
    """A gate, and the calls that Telegram received through it, with their times."""

    def __init__(self, limits=NO_LIMITS, hooks=None, admin_ids=frozenset()) -> None:
        self.gate = OutgoingGate(Settled(), limits, hooks or BotHooks(), admin_ids=admin_ids)
        self.heard: list[tuple[float, object]] = []
        self.answers: dict[object, list[object]] = {}
        """What a chat's (or a method's) next calls get; once it is empty, they are taken."""
        self.away = False
        self.takes_s = 0.0

    async def call(self, chat_id, priority=None, endpoint="sendMessage"):
        who = chat_id if chat_id is not None else endpoint
        return await self.gate.call(
            endpoint, self.fail_as(who), chat_id=chat_id, priority=priority or Priority.REPLY
        )

    def fail_as(self, who):
        """A call that gets this one's answers."""

        async def answer() -> str:
            self.heard.append((now_s(), who))
            if self.takes_s:
                await asyncio.sleep(self.takes_s)
            if self.away:
                raise AWAY
            if self.answers.get(who):
                raise self.answers[who].pop(0)
            return f"taken from {who}"

        return answer

    def begin(self, *args, **kwargs) -> asyncio.Task:
        return asyncio.create_task(self.call(*args, **kwargs))

    def times(self, who) -> list[float]:
        return [at_s for at_s, other in self.heard if other == who]


class Notes(BotHooks):
    def __init__(self) -> None:
        self.notes: list[tuple] = []

    def call_waited(self, priority: str, wait_s: float) -> None:
        self.notes.append(("paced", priority, wait_s))

    def call_ended(self, method: str, outcome: str) -> None:
        self.notes.append(("called", method, outcome))

    def update_durable(self, wait_s: float) -> None:
        self.notes.append(("durable", wait_s))

    def update_answered(self, wait_s: float) -> None:
        self.notes.append(("answered", wait_s))

    def call_given_up(self) -> None:
        self.notes.append(("given up",))
