"""Bot API client: a typed method for each call that the program makes. All texts are HTML.

It has an HTTP session and the gate that calls wait at. Answers are decoded no further than their
callers look: of a message that was just sent, nobody asks for its hundred fields.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias, TypeVar

import msgspec
from telegram.error import BadRequest

from bot.send.api_answers import decode_result
from bot.send.call_params import encode, form, text_params, with_optional
from bot.send.gate import OutgoingGate
from bot.send.http import HttpSession
from bot.send.methods import Method
from bot.send.profile_calls import ProfileCalls
from bot.send.rate_limits import Priority
from bot.send.uploads import Form, UploadFile

T = TypeVar("T")

Keyboard: TypeAlias = Mapping[str, Any]
"""A keyboard as the Bot API has it; made in `bot/text/keyboards.py`."""

CONNECTIONS_MAX = 512
"""For every update in flight, and for what goes out unasked."""
BATCH_BYTES_MAX = 32 * 1024 * 1024
"""The longest answer to a poll: a hundred messages, each with all that it may have, take 12 MB."""


class BotIdentity(msgspec.Struct, frozen=True):
    """Who the bot is."""

    id: int
    username: str = ""


class WebhookInfo(msgspec.Struct, frozen=True):
    """Where Telegram delivers updates to, and how that goes.

    Attributes:
        url: empty if no webhook is set.
        last_error_date: when a delivery last failed, in epoch seconds; 0 if none has.
    """

    url: str
    last_error_date: int = 0
    last_error_message: str = ""


class ChatMember(msgspec.Struct, frozen=True):
    """Somebody's status in a chat. `is_member`: only said of those who are `restricted`."""

    status: str
    is_member: bool = False


class _Sent(msgspec.Struct):
    message_id: int


def _ids_in(results: bytes) -> list[int]:
    """The numbers of sent messages. The call has succeeded, so nothing here may fail."""
    try:
        return [one.message_id for one in _all_sent(results)]
    except ValueError:
        return [0]


_all_sent = msgspec.json.Decoder(list[_Sent]).decode


class BotClient(ProfileCalls):
    """Calls the Bot API for one bot."""

    def __init__(self, token: str, telegram_api_url: str, gate: OutgoingGate) -> None:
        """Not connected yet; use `open` before the first call.

        Args:
            token: the bot's.
            telegram_api_url: the Bot API server, without a slash at the end.
            gate: lets calls leave.
        """
        self._methods_url = f"{telegram_api_url}/bot{token}/"
        self._gate = gate
        self._http = HttpSession(CONNECTIONS_MAX)
        # A long poll must find a connection however many messages are on their way.
        self._polling_http = HttpSession(1, answer_bytes_max=BATCH_BYTES_MAX)
        self._identity = BotIdentity(0)

    @property
    def id(self) -> int:
        """The bot's user id; 0 before `get_me` was answered."""
        return self._identity.id

    @property
    def username(self) -> str:
        """The bot's @name without the @; empty before `get_me` was answered."""
        return self._identity.username

    async def open(self) -> None:
        """Get ready for calls. Nothing is sent yet."""
        await self._http.open()
        await self._polling_http.open()

    async def close(self) -> None:
        """Close all connections."""
        await self._http.close()
        await self._polling_http.close()

    # Messages. Each of these raises a TelegramError if Telegram refuses the call.

    async def say(
        self,
        chat_id: int,
        text: str,
        keyboard: Keyboard | None = None,
        *,
        reply_to: int | None = None,
        quiet: bool = False,
        priority: Priority = Priority.REPLY,
    ) -> None:
        """Send a text to a chat, as a reply to the message `reply_to` of the same chat, if given.

        A quiet one makes no sound.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = text_params(chat_id, text, keyboard)
        if quiet:
            params["disable_notification"] = True
        if reply_to is not None:
            # It may be gone meanwhile; the text matters more.
            params["reply_parameters"] = {
                "message_id": reply_to,
                "allow_sending_without_reply": True,
            }
        await self._write("sendMessage", chat_id, params, priority)

    async def say_quietly(
        self,
        chat_id: int,
        text: str,
        keyboard: Keyboard | None = None,
        *,
        priority: Priority = Priority.REPLY,
    ) -> int:
        """Send a text to a chat without a sound.

        Returns:
            The number of the new message; 0 if Telegram's answer doesn't say it.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = text_params(chat_id, text, keyboard)
        params["disable_notification"] = True
        answer = await self._write("sendMessage", chat_id, params, priority)
        return _ids_in(b"[%b]" % bytes(answer))[0]

    async def ask(
        self,
        chat_id: int,
        text: str,
        keyboard: Keyboard | None = None,
        *,
        priority: Priority = Priority.REPLY,
    ) -> int:
        """Send a text that is edited later.

        Returns:
            As `say_quietly`.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = text_params(chat_id, text, keyboard)
        answer = await self._write("sendMessage", chat_id, params, priority)
        return _ids_in(b"[%b]" % bytes(answer))[0]

    async def edit(
        self,
        chat_id: int,
        message_id: int,
        text: str,
        keyboard: Keyboard | None = None,
        *,
        priority: Priority = Priority.REPLY,
    ) -> None:
        """Replace the text of a message of ours, and its buttons by these or none.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = text_params(chat_id, text, keyboard)
        params["message_id"] = message_id
        await self._write("editMessageText", chat_id, params, priority)

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Delete a message of ours, which must not be older than two days.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = {"chat_id": chat_id, "message_id": message_id}
        await self._write("deleteMessage", chat_id, params, Priority.REPLY)

    async def copy(
        self,
        chat_id: int,
        from_chat_id: int,
        message_id: int,
        keyboard: Keyboard | None = None,
        *,
        priority: Priority = Priority.REPLY,
    ) -> int:
        """Send a copy of somebody's message, without saying whose it was.

        Returns:
            The number of the new message; 0 if Telegram's answer doesn't say it.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = {"chat_id": chat_id, "from_chat_id": from_chat_id, "message_id": message_id}
        answer = await self._write(
            "copyMessage", chat_id, with_optional(params, reply_markup=keyboard), priority
        )
        return _ids_in(b"[%b]" % bytes(answer))[0]

    async def copy_album(
        self,
        chat_id: int,
        from_chat_id: int,
        message_ids: Sequence[int],
        *,
        priority: Priority = Priority.REPLY,
    ) -> list[int]:
        """Send copies of up to 100 messages, which remain an album. They can't have buttons.

        Returns:
            The numbers of the new messages: fewer than given if Telegram left some out.

        Raises:
            TelegramError: Telegram refuses all of them.
        """
        params = {
            "chat_id": chat_id,
            "from_chat_id": from_chat_id,
            "message_ids": sorted(message_ids),
        }
        ids = _ids_in(bytes(await self._write("copyMessages", chat_id, params, priority)))
        if not ids:
            raise BadRequest("none of the messages can be copied")
        return ids

    async def send_photo(
        self,
        chat_id: int,
        photo: UploadFile,
        caption: str = "",
        keyboard: Keyboard | None = None,
        *,
        priority: Priority = Priority.REPLY,
    ) -> None:
        """Send a picture, of 10 MB at most.

        Raises:
            TelegramError: Telegram refuses it.
        """
        call = form(chat_id, caption, keyboard, {"photo": photo})
        await self._write("sendPhoto", chat_id, call, priority)

    async def send_document(
        self,
        chat_id: int,
        document: UploadFile,
        caption: str = "",
        keyboard: Keyboard | None = None,
        *,
        priority: Priority = Priority.REPLY,
    ) -> None:
        """Send a file, of 50 MB at most.

        Raises:
            TelegramError: Telegram refuses it.
        """
        call = form(chat_id, caption, keyboard, {"document": document})
        await self._write("sendDocument", chat_id, call, priority)

    async def answer_callback_query(
        self, query_id: str, text: str = "", *, alert: bool = False
    ) -> None:
        """End the progress bar of a pressed button, with a few words if any.

        Raises:
            TelegramError: Telegram refuses it, as after some minutes.
        """
        params = {"callback_query_id": query_id}
        more = with_optional(params, text=text or None, show_alert=alert or None)
        await self._call("answerCallbackQuery", more, msgspec.Raw)

    async def get_chat_member(self, channel: str, user_id: int) -> ChatMember:
        """What somebody is in a channel, by its @name. The bot should be an administrator there.

        Raises:
            TelegramError: Telegram refuses to say it.
        """
        params = {"chat_id": channel, "user_id": user_id}
        return await self._call("getChatMember", params, ChatMember)

    # Receiving.

    async def get_updates(
        self, offset: int | None, timeout_s: int, allowed: Sequence[str]
    ) -> list[bytes]:
        """Long polling: the JSON of each update from `offset` on, which confirms those before it.

        It does not pass the gate: nothing is written, so nothing has to be durable first.

        Raises:
            TelegramError: as any call.
        """
        params = with_optional({"timeout": timeout_s, "allowed_updates": allowed}, offset=offset)
        usual_s = self._polling_http.timeouts.read_s or 0.0
        answer = await self._polling_http.post(
            f"{self._methods_url}getUpdates", encode(params), read_timeout_s=usual_s + timeout_s
        )
        updates = decode_result(answer.status, answer.body, list[msgspec.Raw])
        return [bytes(update) for update in updates]

    async def set_webhook(
        self, url: str, *, secret: str, connections_max: int, allowed: Sequence[str]
    ) -> None:
        """Have updates delivered to an address. What waits for a poll is not dropped.

        Raises:
            TelegramError: Telegram refuses it.
        """
        params = {
            "url": url,
            "secret_token": secret,
            "max_connections": connections_max,
            "allowed_updates": allowed,
        }
        await self._call("setWebhook", params, msgspec.Raw)

    async def delete_webhook(self) -> None:
        """Have updates wait for a poll. What waits for the webhook is not dropped.

        Raises:
            TelegramError: Telegram refuses it.
        """
        await self._call("deleteWebhook", {}, msgspec.Raw)

    async def get_webhook_info(self) -> WebhookInfo:
        """Where updates go, and how that goes.

        Raises:
            TelegramError: Telegram refuses it.
        """
        return await self._call("getWebhookInfo", {}, WebhookInfo)

    # The bot itself.

    async def get_me(self) -> BotIdentity:
        """Who the bot is; remembered as `id` and `username`.

        Raises:
            TelegramError: Telegram refuses it, as a wrong token.
        """
        self._identity = await self._call("getMe", {}, BotIdentity)
        return self._identity

    async def _write(
        self, method: Method, chat_id: int, params: dict[str, Any] | Form, priority: Priority
    ) -> msgspec.Raw:
        """Put a message into a chat. Most callers don't look at what Telegram makes of it."""
        body = params if isinstance(params, Form) else encode(params)
        send = partial(self._post, method, body, msgspec.Raw)
        return await self._gate.call(method, send, chat_id=chat_id, priority=priority)

    async def _call(self, method: Method, params: dict[str, Any], kind: type[T]) -> T:
        send = partial(self._post, method, encode(params), kind)
        return await self._gate.call(method, send)

    async def _post(self, method: Method, body: bytes | Form, kind: type[T]) -> T:
        """One try of a call; it can be repeated."""
        answer = await self._http.post(self._methods_url + method, body)
        return decode_result(answer.status, answer.body, kind)
