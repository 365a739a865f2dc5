"""Owns our view of PTB's bot: what is said and taken a thousand times, without the ceremony.

PTB makes an object of every message that it is given, with a hundred fields, also of those that
we have just sent. That is most of a bot's work, and nobody here looks at them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import Defaults, ExtBot
from telegram.request import RequestData

from bot.send.gate import OutgoingGate
from bot.send.http import AiohttpRequest
from bot.send.http_body import Plain
from bot.send.rate_limits import Priority

Keyboard: TypeAlias = Mapping[str, Any]
"""A keyboard as the Bot API has it; made in `bot/text/keyboards.py`."""

CONNECTIONS_MAX = 512
"""For every update in hand, and for what goes out unasked."""
_NO_PREVIEW = {"is_disabled": True}


class TelegramBot(ExtBot[Priority]):
    """PTB's bot, and short ways to what we do most. All texts are HTML."""

    def __init__(self, token: str, telegram_api_url: str, gate: OutgoingGate) -> None:
        """Not connected yet.

        Args:
            token: the bot's.
            telegram_api_url: the Bot API server, without a slash at the end.
            gate: lets out what goes to Telegram.
        """
        super().__init__(
            token,
            base_url=f"{telegram_api_url}/bot",
            base_file_url=f"{telegram_api_url}/file/bot",
            defaults=Defaults(parse_mode=ParseMode.HTML),
            rate_limiter=gate,
            request=AiohttpRequest(connection_pool_size=CONNECTIONS_MAX),
            get_updates_request=AiohttpRequest(connection_pool_size=1),
        )
        self._gate = gate

    async def say(
        self,
        chat_id: int,
        text: str,
        keyboard: Keyboard | None = None,
        *,
        reply_to: int | None = None,
        priority: Priority = Priority.REPLY,
    ) -> None:
        """Write to a chat, in answer to the message `reply_to` of the same chat, if given.

        Raises:
            TelegramError: Telegram refuses it.
        """
        data: dict[str, Any] = {
            "chat_id": chat_id,
            "text": text,
            "parse_mode": "HTML",
            "link_preview_options": _NO_PREVIEW,
        }
        if keyboard is not None:
            data["reply_markup"] = keyboard
        if reply_to is not None:
            data["reply_parameters"] = {"message_id": reply_to}
        await self._call("sendMessage", data, priority)

    async def change(
        self,
        chat_id: int,
        message_id: int,
        text: str,
        keyboard: Keyboard | None = None,
        *,
        priority: Priority = Priority.REPLY,
    ) -> None:
        """Give a message of ours another text, and these buttons or none.

        Raises:
            TelegramError: Telegram refuses it.
        """
        data: dict[str, Any] = {
            "chat_id": chat_id,
            "message_id": message_id,
            "text": text,
            "parse_mode": "HTML",
            "link_preview_options": _NO_PREVIEW,
        }
        if keyboard is not None:
            data["reply_markup"] = keyboard
        await self._call("editMessageText", data, priority)

    async def copy(
        self,
        chat_id: int,
        from_chat_id: int,
        message_id: int,
        keyboard: Keyboard | None = None,
        *,
        priority: Priority = Priority.REPLY,
    ) -> None:
        """Send somebody's message on, without saying whose it was.

        Raises:
            TelegramError: Telegram refuses it.
        """
        data: dict[str, Any] = {
            "chat_id": chat_id,
            "from_chat_id": from_chat_id,
            "message_id": message_id,
        }
        if keyboard is not None:
            data["reply_markup"] = keyboard
        await self._call("copyMessage", data, priority)

    async def answer_press(self, query_id: str, text: str = "", *, alert: bool = False) -> None:
        """End the wait that a pressed button shows, with a few words if any.

        Raises:
            TelegramError: Telegram refuses it, as after some minutes.
        """
        data: dict[str, Any] = {"callback_query_id": query_id}
        if text:
            data["text"] = text
        if alert:
            data["show_alert"] = True
        await self._call("answerCallbackQuery", data, Priority.REPLY)

    async def get_raw_updates(
        self, offset: int | None, timeout_s: int, allowed: Sequence[str]
    ) -> list[dict[str, Any]]:
        """As `get_updates`, without making objects of them: some may be in hand already.

        Raises:
            TelegramError: as any call.
            TypeError: the answer is not a list.
        """
        data: dict[str, Any] = {"timeout": timeout_s, "allowed_updates": allowed}
        if offset is not None:
            data["offset"] = offset
        polls = self._request[0]
        found = await polls.post(
            f"{self._base_url}/getUpdates",
            _plain(data),
            read_timeout=(polls.read_timeout or 0) + timeout_s,
        )
        if not isinstance(found, list):
            raise TypeError(f"getUpdates gave a {type(found).__name__} for a list")
        return found

    async def _call(self, endpoint: str, data: dict[str, Any], priority: Priority) -> None:
        await self._gate.process_request(
            self._post_plain, (endpoint, data), {}, endpoint, data, priority
        )

    async def _post_plain(self, endpoint: str, data: dict[str, Any]) -> object:
        try:
            return await self._request[1].post(f"{self._base_url}/{endpoint}", _plain(data))
        except (LookupError, TypeError):
            # JSON, and not the Bot API's: a proxy's page, say. It is tried again as an outage is.
            raise TelegramError("What answered is not Telegram.") from None

    async def close_connections(self) -> None:
        """For a bot that was never connected; else `shutdown` does it."""
        for request in self._request:
            await request.shutdown()


def _plain(data: dict[str, Any]) -> RequestData:
    """What our own request class takes as well."""
    return cast("RequestData", Plain(data))
