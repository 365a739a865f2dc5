"""Owns the admin among the people: sets the economy, reads everything, settles unclear orders."""

import asyncio
import random
import re
from collections import Counter

from chaos.program.person import Around, Person
from chaos.program.sandbox_process import ADMIN_ID
from chaos.program.taps import Message
from sandbox.client import ProviderHand

ECONOMY = {
    "ad_watch_s": 0,
    "ad_cooldown_s": 0,
    "ads_per_day_max": 100_000,
    "ad_reward_points": 60,
    "referral_after_ads": 2,
    "referral_bonus_points": 100,
    "referral_welcome_points": 30,
}
"""No waiting, and bonuses after the second ad: commands of one, two and three lines."""

_UNCLEAR = re.compile(r"🔎 Unclear order ([0-9a-f]{12})\n.*?watch\?v=([\w-]{11})", re.DOTALL)
_WRITTEN = re.compile(r"This is from Person\d+, with the number [0-9a-f]+\.")
_OTHER_WORDS = ("📨 Message from", "📒 Daily digest", "⚠️ Several orders in a row are unclear")


class Admin(Person):
    """Whoever runs the shop.

    Attributes:
        read: what people wrote, and how often it came.
        asked: the orders that the admin was asked about, and how often.
    """

    def __init__(self, around: Around, provider: ProviderHand, dice: random.Random) -> None:
        """Has not heard of the bot yet."""
        super().__init__(around, ADMIN_ID, dice)
        self.read: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self._provider = provider
        self._questions: asyncio.Queue[tuple[str, str, Message]] = asyncio.Queue()

    async def set_up(self) -> None:
        """Set the economy in the chat, as admins do."""
        await self.say("/start", "Welcome")
        self.welcomed = True
        for name, value in ECONOMY.items():
            # Handled again after a kill, it changes nothing.
            await self.say(f"/set {name} {value}", f"{name} is {value:,}", "Nothing changed")

    async def settle(self) -> None:
        """Settle what is unclear, as the provider's own page shows it, for ever."""
        while True:
            order_id, video, question = await self._questions.get()
            taken = [order.video for order in await self._provider.orders()]
            arrived = any(link.endswith(video) for link in taken)
            button = f"{'arrived' if arrived else 'refund'}:{order_id}"
            await self.change(question, button, f"Order {order_id}:", "is settled already")
            self.around.tally["unclear orders settled by the admin"] += 1

    def _knows(self, text: str, message: Message) -> bool:
        if found := _UNCLEAR.match(text):
            order_id, video = found.groups()
            self.asked[order_id] += 1
            # Every start reminds of those that wait.
            if self.asked[order_id] == 1:
                self._questions.put_nowait((order_id, video, message))
            return True
        if _WRITTEN.fullmatch(text):
            self.read[text] += 1
            return True
        return text.startswith(_OTHER_WORDS) or super()._knows(text, message)
