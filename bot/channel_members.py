"""Who is a member of the required channel, as far as Telegram says.

A member is remembered for a while, so that not every tap asks Telegram. Who is none is asked about
again each time: they may have just joined. When Telegram can't say it, nobody is held back.
"""

import asyncio
import time
from collections.abc import Callable
from enum import Enum, auto

from telegram.error import BadRequest, TelegramError

from bot.conversations import Recent
from bot.send.client import BotClient, ChatMember

MEMBER_FOR_S = 600.0
UNKNOWN_FOR_S = 30.0
"""After a failure Telegram is not asked again for so long, or every tap would wait for it."""
ANSWER_WITHIN_S = 4.0
REMEMBERED_MAX = 10_000

_NO_MEMBER = ("participant_id_invalid", "user_not_participant", "member not found")
"""How Telegram refuses to speak of somebody who has never been in the channel."""


class Standing(Enum):
    """What is known of a person and the channel."""

    MEMBER = auto()
    NO_MEMBER = auto()
    UNKNOWN = auto()


class ChannelMembers:
    """Asks Telegram, and remembers the answers."""

    def __init__(
        self,
        remembered_max: int = REMEMBERED_MAX,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nobody is known."""
        self._monotonic_s = monotonic_s
        self._members: Recent[tuple[str, int], float] = Recent(remembered_max)
        self._unknown_until_s: dict[str, float] = {}
        self._reported: set[str] = set()
        self.problem = ""

    async def standing(self, bot: BotClient, channel: str, user_id: int) -> Standing:
        """Whether a person is a member now, or was one a moment ago."""
        now_s = self._monotonic_s()
        if (self._members.get((channel, user_id)) or 0.0) > now_s:
            return Standing.MEMBER
        if self._unknown_until_s.get(channel, 0.0) > now_s:
            return Standing.UNKNOWN
        standing = await self._ask(bot, channel, user_id)
        if standing is Standing.MEMBER:
            self._members.put((channel, user_id), now_s + MEMBER_FOR_S)
        elif standing is Standing.UNKNOWN:
            self._unknown_until_s = {channel: now_s + UNKNOWN_FOR_S}
        return standing

    async def _ask(self, bot: BotClient, channel: str, user_id: int) -> Standing:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                member = await bot.get_chat_member(channel, user_id)
        except TimeoutError:
            self.problem = "no answer"
            return Standing.UNKNOWN
        except TelegramError as error:
            words = str(error).lower()
            if isinstance(error, BadRequest) and any(known in words for known in _NO_MEMBER):
                return Standing.NO_MEMBER
            self.problem = str(error)
            return Standing.UNKNOWN
        return _standing_of(member)

    def reports_now(self, channel: str) -> bool:
        """Whether the admins have not heard yet that this channel can't be checked.

        They count as told from now on.
        """
        if channel in self._reported:
            return False
        self._reported.add(channel)
        return True

    def forget(self) -> None:
        """The setting was changed: begin anew."""
        self._unknown_until_s.clear()
        self._reported.clear()


def _standing_of(member: ChatMember) -> Standing:
    match member.status:
        case "member" | "administrator" | "creator":
            return Standing.MEMBER
        case "restricted":
            return Standing.MEMBER if member.is_member else Standing.NO_MEMBER
        case "left" | "kicked":
            return Standing.NO_MEMBER
        case _:
            return Standing.UNKNOWN  # newer than this program
