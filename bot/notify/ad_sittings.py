"""Sittings: who watches several ads in a row is told of them in one message, which is edited.

A person is at the ad page, not in the chat, and the page has told them already. So the message
comes without a sound, and the next ad changes it. A sitting ends when no ad was paid for ten
minutes, or when the person writes: the message is no longer the newest then, and the next ad has a
new one. Which message it is, is in memory only: after a restart a new one begins.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from telegram.error import BadRequest

from bot.send.client import BotClient
from bot.send.rate_limits import Priority
from bot.text import keyboards
from bot.text.earning_texts import ads_credited
from i18n import Translator
from ledger.economy import on_sale, reference_offer
from ledger.state import State

SITTING_S = 600.0
SITTINGS_MAX = 10_000
"""Beyond these, the oldest are forgotten: their next ad has a new message."""


@dataclass(slots=True)
class _Sitting:
    message_id: int
    ads: int
    points: int
    last_s: float


class CreditedAds:
    """Ads of one person that one message will tell of.

    Attributes:
        user_id: the person.
        ads: how many.
        points: what they paid, all together.
        seqs: the lines of their events.
    """

    __slots__ = ("ads", "points", "seqs", "user_id")

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        self.ads = 0
        self.points = 0
        self.seqs: list[int] = []


class AdSittings:
    """Who is in a sitting, and what has not been told of it yet."""

    def __init__(self, page_url: str = "", *, now_s: Callable[[], float] = time.monotonic) -> None:
        """No sittings. `page_url`: the ad page, for the button to the next ad; empty: none."""
        self._page_url = page_url
        self._now_s = now_s
        self._sittings: dict[int, _Sitting] = {}
        self._untold: dict[int, CreditedAds] = {}

    def add(self, user_id: int, amount_points: int, seq: int) -> CreditedAds | None:
        """Note a paid ad. What is to be told, or None if it goes with what waits already."""
        waiting = self._untold.get(user_id)
        ads = waiting or self._untold.setdefault(user_id, CreditedAds(user_id))
        ads.ads += 1
        ads.points += amount_points
        ads.seqs.append(seq)
        return ads if waiting is None else None

    def begin(self, ads: CreditedAds) -> None:
        """The message is on its way: what is paid from now on goes with the next."""
        if self._untold.get(ads.user_id) is ads:
            del self._untold[ads.user_id]

    def end(self, user_id: int) -> None:
        """The person wrote something."""
        self._sittings.pop(user_id, None)

    async def tell(self, bot: BotClient, t: Translator, state: State, ads: CreditedAds) -> None:
        """Tell a person of their ads: in the message of the sitting, or in a new one.

        Raises:
            TelegramError: Telegram refuses the new message, or can't be reached.
        """
        user_id, sitting = ads.user_id, self._current(ads.user_id)
        told_ads = ads.ads + (sitting.ads if sitting else 0)
        told_points = ads.points + (sitting.points if sitting else 0)
        user = state.users[user_id]
        offer = reference_offer(on_sale(state.economy, state.offers))
        text = ads_credited(t, user, state.economy, offer, ads=told_ads, amount_points=told_points)
        keyboard = keyboards.next_ad_page(t, self._page_url)
        if sitting is not None:
            try:
                await bot.edit(
                    user_id, sitting.message_id, text, keyboard, priority=Priority.NOTICE
                )
            except BadRequest as error:
                # A repeated try may find that the first one has arrived.
                is_told = "not modified" in error.message.lower()
            else:
                is_told = True
            if is_told:
                sitting.ads, sitting.points = told_ads, told_points
                sitting.last_s = self._now_s()
                return
            # The person has deleted the message, say.
            self._forget(user_id, sitting)
        message_id = await bot.say_quietly(user_id, text, keyboard, priority=Priority.NOTICE)
        if message_id:
            self._remember(user_id, _Sitting(message_id, told_ads, told_points, self._now_s()))

    def _current(self, user_id: int) -> _Sitting | None:
        sitting = self._sittings.get(user_id)
        if sitting is not None and self._now_s() - sitting.last_s > SITTING_S:
            self._forget(user_id, sitting)
            return None
        return sitting

    def _remember(self, user_id: int, sitting: _Sitting) -> None:
        self._sittings.pop(user_id, None)
        while len(self._sittings) >= SITTINGS_MAX:
            del self._sittings[next(iter(self._sittings))]
        self._sittings[user_id] = sitting

    def _forget(self, user_id: int, sitting: _Sitting) -> None:
        if self._sittings.get(user_id) is sitting:
            del self._sittings[user_id]
