"""The admin of a chaos run: sets the economy, reads everything, settles unclear orders."""

import asyncio
import random
import re
from collections import Counter

from chaos.program.chat_user import ChatUser, ShownMessage, Surroundings
from chaos.program.sandbox_process import ADMIN_ID
from personas import phrases
from personas.persona import Persona, Temper
from sandbox.client import ProviderControl

ECONOMY = {
    "ad_watch_s": 0,
    "ad_cooldown_s": 0,
    "ads_per_day_max": 100_000,
    "ad_reward_points": 60,
    "referral_after_ads": 2,
    "referral_bonus_points": 100,
    "referral_welcome_points": 30,
    "referrals_per_day_max": 100_000,
    "orders_per_minute_max": 100_000,
}
"""No waiting, and bonuses after the second ad: commands of one, two and three events."""

_UNCLEAR = re.compile(r"🔎 Unclear order ([0-9a-f]{12})\n.*?watch\?v=([\w-]{11})", re.DOTALL)
_OTHERS = ("📨 Message from", "📒 Daily digest", "⚠️ Several orders in a row are unclear")


class Admin(ChatUser):
    """The admin of the shop.

    Attributes:
        read: what people wrote, and how often it came.
        asked: the orders that the admin was asked about, and how often.
    """

    def __init__(
        self, surroundings: Surroundings, provider: ProviderControl, dice: random.Random
    ) -> None:
        """Has not met the bot yet."""
        super().__init__(surroundings, Persona(ADMIN_ID, Temper(ECONOMY["ad_reward_points"]), dice))
        self.read: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self._provider = provider
        self._questions: asyncio.Queue[tuple[str, str, ShownMessage]] = asyncio.Queue()

    async def set_up(self) -> None:
        """Set the economy in the chat, as admins do."""
        await self.act(self.persona.says("/start", phrases.WELCOME))
        self.persona.welcomed = True
        for name, value in ECONOMY.items():
            # Handled again after a kill, it changes nothing.
            words = f"{name} is {value:,}", "Nothing changed"
            await self.act(self.persona.says(f"/set {name} {value}", *words))

    async def settle(self) -> None:
        """Settle every unclear order as the provider's own page shows it, for ever."""
        while True:
            order_id, video, question = await self._questions.get()
            received = [order.video for order in await self._provider.orders()]
            arrived = any(link.endswith(video) for link in received)
            button = f"{'arrived' if arrived else 'refund'}:{order_id}"
            words = f"Order {order_id}:", "is settled already"
            asking = self.persona.changes(question, button, "❓", *words)._replace(writes=False)
            asked = await self.act(asking)
            if asked.message is not None and "❓" in asked.text:
                await self.act(self.persona.changes(asked.message, f"{button}:", *words))
            self.surroundings.tally["unclear orders settled by the admin"] += 1

    def _is_unasked(self, message: ShownMessage) -> bool:
        text = message.text
        if found := _UNCLEAR.match(text):
            order_id, video = found.groups()
            self.asked[order_id] += 1
            # Every start reminds of those that are not settled.
            if self.asked[order_id] == 1:
                self._questions.put_nowait((order_id, video, message))
            return True
        if phrases.LETTER.fullmatch(text):
            self.read[text] += 1
            return True
        return text.startswith(_OTHERS) or super()._is_unasked(message)
