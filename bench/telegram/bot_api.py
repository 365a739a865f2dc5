"""The Bot API's methods, as far as the bench's bots call them, and the order provider."""

import asyncio
import time
from collections.abc import Callable, Mapping
from itertools import count
from urllib.parse import parse_qsl

import msgspec

from bench.telegram.exchanges import Exchange, Exchanges
from bench.telegram.http_connection import OK, Respond
from bench.telegram.objects import Chat, Message, Person, rendered
from bench.telegram.update_queue import LIMIT, UpdateQueue

TOKEN = "123456789:pretend-token-of-the-bench-0123456789"  # noqa: S105 - it opens nothing
ORDER_PATH = "/order"
WAKE_UP_PATH = "/"
"""What the program asks an order provider for while a customer reads the confirmation."""
BOT = Person(123_456_789, "Bench", "bench_bot", is_bot=True)
_FIRST_ORDER = 23_501

Fields = Mapping[str, str]
_encode = msgspec.json.Encoder().encode
_NO_WEBHOOK = (
    b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}'
)
_TRUE = b'{"ok":true,"result":true}'


class BotApi:
    """Answers one bot's calls, and its orders."""

    def __init__(self, exchanges: Exchanges, updates: UpdateQueue, *, poll_s: float = 0) -> None:
        """Take `poll_s` of network time for each call for updates."""
        self._exchanges = exchanges
        self._updates = updates
        self._poll_s = poll_s
        self._orders = count(_FIRST_ORDER)
        self._prefix = f"/bot{TOKEN}/"
        self._constant: dict[str, bytes] = {
            "getMe": _result(BOT),
            "getWebhookInfo": _NO_WEBHOOK,
            "deleteWebhook": _TRUE,
            "setWebhook": _TRUE,
            "getMyCommands": b'{"ok":true,"result":[]}',
            "setMyCommands": _TRUE,
            "getChatMenuButton": b'{"ok":true,"result":{"type":"commands"}}',
            "getMyDescription": b'{"ok":true,"result":{"description":""}}',
            "setMyDescription": _TRUE,
            "getMyShortDescription": b'{"ok":true,"result":{"short_description":""}}',
            "setMyShortDescription": _TRUE,
            "setChatMenuButton": _TRUE,
        }
        self._methods: dict[str, Callable[[Fields, Respond], None]] = {
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "deleteMessage": self._delete_message,
            "answerCallbackQuery": self._answer_callback_query,
            "getUpdates": self._get_updates,
        }

    def handle(self, target: str, body: bytes, respond: Respond) -> None:
        """Handle a request; whatever is wrong with it ends the measurement."""
        path, _, query = target.partition("?")
        try:
            self._route(path, _fields(body or query.encode()), respond)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing is measured any more
            self._exchanges.fail(error)
            respond(b'{"ok":false,"error_code":400,"description":"the bench is over"}', 400)

    def _route(self, path: str, fields: Fields, respond: Respond) -> None:
        if path == ORDER_PATH:
            respond(b'{"order":%d}' % next(self._orders), OK)
            return
        if path == WAKE_UP_PATH:
            respond(b"{}", OK)
            return
        name = path.removeprefix(self._prefix)
        if method := self._methods.get(name):
            method(fields, respond)
        elif name in self._constant:
            respond(self._constant[name], OK)
        else:
            raise AssertionError(f"the bench's Bot API does not know {name}")

    def _get_updates(self, fields: Fields, respond: Respond) -> None:
        limit = min(int(fields.get("limit", LIMIT)), LIMIT)
        asked = int(fields.get("offset", 0)), limit, float(fields.get("timeout", 0)), respond
        if self._poll_s:
            asyncio.get_running_loop().call_later(self._poll_s, self._updates.get, *asked)
        else:
            self._updates.get(*asked)

    def _send_message(self, fields: Fields, respond: Respond) -> None:
        message = self._message(fields, self._exchanges.next_message_id())
        self._end(_result(message), self._exchanges.sent(message), respond)

    def _edit_message_text(self, fields: Fields, respond: Respond) -> None:
        message = self._message(fields, int(fields["message_id"]))
        message.edit_date = message.date
        self._end(_result(message), self._exchanges.edited(message), respond)

    def _delete_message(self, _fields: Fields, respond: Respond) -> None:
        self._exchanges.deleted()
        respond(_TRUE, OK)

    def _answer_callback_query(self, fields: Fields, respond: Respond) -> None:
        exchange = self._exchanges.answered(fields["callback_query_id"], fields.get("text", ""))
        self._end(_TRUE, exchange, respond)

    def _message(self, fields: Fields, message_id: int) -> Message:
        text = fields["text"]
        shown, entities = rendered(text) if fields.get("parse_mode") == "HTML" else (text, [])
        chat, date = Chat(int(fields["chat_id"]), "Anna"), int(time.time())
        message = Message(message_id, BOT, chat, date, shown, entities)
        if '"inline_keyboard"' in fields.get("reply_markup", ""):
            message.reply_markup = msgspec.Raw(fields["reply_markup"].encode())
        return message

    def _end(self, result: bytes, exchange: Exchange | None, respond: Respond) -> None:
        respond(result, OK)
        if exchange is not None:
            self._exchanges.call_ended(exchange)


def _result(what: Person | Message) -> bytes:
    return b'{"ok":true,"result":' + _encode(what) + b"}"


def _fields(body: bytes) -> Fields:
    """The call's parameters, from a form or from JSON, all of them as text."""
    if body.startswith(b"{"):
        given: dict[str, msgspec.Raw] = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        return {name: _text(bytes(value)) for name, value in given.items()}
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _text(value: bytes) -> str:
    return msgspec.json.decode(value, type=str) if value.startswith(b'"') else value.decode()
