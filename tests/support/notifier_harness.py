"""A notifier on a real ledger, with a scripted Telegram; it can be killed."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

from bot.notify.ad_sittings import AdSittings
from bot.notify.cursor import NOTICES_NAME
from bot.notify.notifier import Notifier
from bot.send.client import BotClient
from bot.send.rate_limits import Priority
from i18n import Translators
from ledger import commands as c
from ledger.ledger import Ledger
from ledger.store.base import LogStore
from ledger.store.memory import MemoryLogStore
from support.given import KEY, LINK, NOON_MS

ANNA, BEN, ADMIN_ID = 1, 2, 7


async def until(is_so: Callable[[], bool]) -> None:
    """Let other tasks run until the condition holds."""
    while not is_so():  # noqa: ASYNC110 - not everything that a test waits for tells
        await asyncio.sleep(0)


class Telegram:
    """The part of the bot that a notifier needs. A message is delivered when the call returns."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str]] = []
        self.edited: list[tuple[int, int, str]] = []
        self.asked = 0
        self.quiet = 0
        self.in_hand = 0
        self.most_in_hand = 0
        self._error: Exception | None = None
        self._edit_error: Exception | None = None
        self._only = 0
        self._open = asyncio.Event()
        self._open.set()

    async def say(
        self,
        chat_id: int,
        text: str,
        keyboard: object,  # noqa: ARG002 - as the bot has it
        *,
        quiet: bool = False,
        priority: Priority,
    ) -> None:
        assert priority is Priority.NOTICE
        self.asked += 1
        self.in_hand += 1
        self.most_in_hand = max(self.most_in_hand, self.in_hand)
        try:
            await asyncio.sleep(0)
            await self._open.wait()
        finally:
            self.in_hand -= 1
        if self._error is not None and self._only in {0, chat_id}:
            raise self._error
        self.sent.append((chat_id, text))
        self.quiet += quiet

    async def say_quietly(
        self, chat_id: int, text: str, keyboard: object, *, priority: Priority
    ) -> int:
        await self.say(chat_id, text, keyboard, priority=priority)
        return len(self.sent)

    async def edit(
        self, chat_id: int, message_id: int, text: str, keyboard: object, *, priority: Priority
    ) -> None:
        if self._edit_error is not None:
            raise self._edit_error
        sent = list(self.sent)
        try:
            await self.say(chat_id, text, keyboard, priority=priority)
        finally:
            self.sent = sent
        self.edited.append((chat_id, message_id, text))

    def fail(self, error: Exception | None, *, only: int = 0) -> None:
        """Fail all messages, or only one person's; None: deliver them."""
        self._error, self._only = error, only

    def fail_edits(self, error: Exception | None) -> None:
        """Refuse to edit messages; None: edit them."""
        self._edit_error = error

    def hold(self) -> None:
        """Answer nothing."""
        self._open.clear()

    def let_go(self) -> None:
        self._open.set()

    def told(self, chat_id: int) -> list[str]:
        return [text for chat, text in self.sent if chat == chat_id]

    def reasons(self, chat_id: int) -> list[str]:
        """The reasons in the notifications of changed points."""
        return [re.findall("Reason: (.*)", text)[0] for text in self.told(chat_id)]

    async def until_told(self, chat_id: int, count: int) -> None:
        await until(lambda: len(self.told(chat_id)) >= count)

    async def until_asked(self, more: int) -> None:
        wanted = self.asked + more
        await until(lambda: self.asked >= wanted)


class NotifierHarness:
    """Ledger, Telegram and notifier; Anna and Ben have joined."""

    def __init__(self, folder: Path) -> None:
        self.telegram = Telegram()
        self.ledger: Ledger
        self.notifier: Notifier
        self.sittings: AdSittings
        self.now_s = 0.0
        self.file = folder / NOTICES_NAME
        self.pauses: list[float] = []
        self.minute_over = asyncio.Event()
        self._folder = folder
        self._keys = 0

    async def open(self, store: LogStore | None = None) -> None:
        self.ledger = await Ledger.open(store or MemoryLogStore(), clock=lambda: NOON_MS)
        for user_id in (ANNA, BEN):
            await self.join(user_id)
        await self.start()

    async def close(self) -> None:
        await self.notifier.stop()
        await self.ledger.close()

    async def ad(self, user_id: int, network: str = "monetag") -> None:
        """A network confirms the person's next ad, long after the one before."""
        number = self.ledger.state.users[user_id].ads_watched + 1
        await self.do(
            c.RewardAd(
                by=network or f"user:{user_id}",
                user_id=user_id,
                ad_number=number,
                opened_at_ms=NOON_MS,
                timed=False,
                network=network,
                session_id=f"nonce{number}",
            )
        )

    async def start(self) -> None:
        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)
            await asyncio.sleep(0)

        bot = cast("BotClient", self.telegram)
        self.sittings = AdSittings(now_s=lambda: self.now_s)
        self.notifier = Notifier(
            bot,
            self.ledger,
            frozenset({ADMIN_ID}),
            self._folder,
            Translators(),
            sittings=self.sittings,
            pause=pause,
            collect=self.collect,
        )
        await self.notifier.start()

    async def collect(self, seconds: float) -> None:  # noqa: ARG002 - as long as the test likes
        """The minute in which news of friends are collected."""
        await self.minute_over.wait()
        self.minute_over.clear()

    async def kill(self) -> None:
        """Keep only the file, as it is now. The ledger goes on, as after a restart."""
        content = self.file.read_bytes()
        self.telegram.hold()
        await self.notifier.stop()
        self.telegram.let_go()
        self.file.write_bytes(content)

    async def restart(self) -> None:
        await self.notifier.stop()
        await self.start()

    async def all_out(self) -> None:
        """Wait until everything is delivered or given up."""
        await until(lambda: not self.notifier.waiting)

    async def do(self, command: c.AnyCommand) -> None:
        outcome = await self.ledger.execute(command)
        assert isinstance(outcome, tuple), outcome

    async def join(self, user_id: int, invited_by: int = 0) -> None:
        await self.do(
            c.Join(
                by=f"user:{user_id}",
                user_id=user_id,
                referral_code=f"code{user_id}",
                invited_by_code=f"code{invited_by}" if invited_by else "",
            )
        )

    async def give(self, user_id: int, reason: str) -> None:
        """Cause one notification."""
        self._keys += 1
        await self.do(
            c.AdjustBalance(
                by="admin:7", user_id=user_id, amount_points=100, reason=reason, key=f"{self._keys}"
            )
        )

    @staticmethod
    def order(user_id: int, order_id: str) -> c.PlaceOrder:
        return c.PlaceOrder(
            by=f"user:{user_id}",
            user_id=user_id,
            order_id=order_id,
            video_link=LINK,
            video_key=KEY,
            quantity=10,
            price_points=100,
        )
