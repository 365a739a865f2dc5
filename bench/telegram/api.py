"""Owns the Bot API's methods, as far as the bench's bots call them, and the order provider."""

import asyncio
import time
from collections.abc import Callable, Mapping
from itertools import count
from urllib.parse import parse_qsl

import msgspec

from bench.telegram.crowd import Crowd, Turn
from bench.telegram.feed import LIMIT, Feed
from bench.telegram.objects import Chat, Message, Person, see
from bench.telegram.wire import OK, Answer

TOKEN = "123456789:pretend-token-of-the-bench-0123456789"  # noqa: S105 - it opens nothing
ORDER_PATH = "/order"
BOT = Person(123_456_789, "Bench", "bench_bot", is_bot=True)
NO_SUCH = 404
_FIRST_ORDER = 23_501

Fields = Mapping[str, str]
_encode = msgspec.json.Encoder().encode
_NO_WEBHOOK = (
    b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}'
)
_TRUE = b'{"ok":true,"result":true}'


class BotApi:
    """Answers one bot's calls, and its orders."""

    def __init__(self, crowd: Crowd, feed: Feed, *, delay_s: float = 0, poll_s: float = 0) -> None:
        """Take the network's time: for whatever people are to see, and for each poll."""
        self._crowd = crowd
        self._feed = feed
        self._delay_s = delay_s
        self._poll_s = poll_s
        self._orders = count(_FIRST_ORDER)
        self._prefix = f"/bot{TOKEN}/"
        self._quick: dict[str, bytes] = {
            "getMe": _result(BOT),
            "getWebhookInfo": _NO_WEBHOOK,
            "deleteWebhook": _TRUE,
            "setWebhook": _TRUE,
            "getMyCommands": b'{"ok":true,"result":[]}',
            "setMyCommands": _TRUE,
            "getMyDescription": b'{"ok":true,"result":{"description":""}}',
            "setMyDescription": _TRUE,
            "getMyShortDescription": b'{"ok":true,"result":{"short_description":""}}',
            "setMyShortDescription": _TRUE,
            "setChatMenuButton": _TRUE,
        }
        self._methods: dict[str, Callable[[Fields, Answer], None]] = {
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "answerCallbackQuery": self._answer_callback_query,
            "getUpdates": self._get_updates,
        }

    def handle(self, target: str, body: bytes, answer: Answer) -> None:
        """Take a request; what is wrong with it ends the measurement."""
        path, _, query = target.partition("?")
        try:
            self._route(path, _fields(body or query.encode()), answer)
        except Exception as error:  # noqa: BLE001 - whatever it is, this is no measurement any more
            self._crowd.fail(error)
            answer(b'{"ok":false,"error_code":400,"description":"the bench is over"}', 400)

    def _route(self, path: str, fields: Fields, answer: Answer) -> None:
        if path == ORDER_PATH:
            answer(b'{"order":%d}' % next(self._orders), OK)
            return
        name = path.removeprefix(self._prefix)
        if method := self._methods.get(name):
            method(fields, answer)
        elif name in self._quick:
            answer(self._quick[name], OK)
        else:
            raise AssertionError(f"the pretend Telegram does not know {name}")

    def _get_updates(self, fields: Fields, answer: Answer) -> None:
        limit = min(int(fields.get("limit", LIMIT)), LIMIT)
        asked = int(fields.get("offset", 0)), limit, float(fields.get("timeout", 0)), answer
        if self._poll_s:
            asyncio.get_running_loop().call_later(self._poll_s, self._feed.get, *asked)
        else:
            self._feed.get(*asked)

    def _send_message(self, fields: Fields, answer: Answer) -> None:
        message = self._message(fields, self._crowd.next_message_id())
        self._end(_result(message), self._crowd.sent(message), answer)

    def _edit_message_text(self, fields: Fields, answer: Answer) -> None:
        message = self._message(fields, int(fields["message_id"]))
        message.edit_date = message.date
        self._end(_result(message), self._crowd.edited(message), answer)

    def _answer_callback_query(self, fields: Fields, answer: Answer) -> None:
        turn = self._crowd.answered(fields["callback_query_id"], fields.get("text", ""))
        self._end(_TRUE, turn, answer)

    def _message(self, fields: Fields, message_id: int) -> Message:
        text = fields["text"]
        shown, entities = see(text) if fields.get("parse_mode") == "HTML" else (text, [])
        chat, date = Chat(int(fields["chat_id"]), "Anna"), int(time.time())
        message = Message(message_id, BOT, chat, date, shown, entities)
        if '"inline_keyboard"' in fields.get("reply_markup", ""):
            message.reply_markup = msgspec.Raw(fields["reply_markup"].encode())
        return message

    def _end(self, result: bytes, turn: Turn | None, answer: Answer) -> None:
        """Let the bot have its answer, at once or when the network has had its time."""
        if self._delay_s:
            loop = asyncio.get_running_loop()
            loop.call_later(self._delay_s, self._end_now, result, turn, answer)
        else:
            self._end_now(result, turn, answer)

    def _end_now(self, result: bytes, turn: Turn | None, answer: Answer) -> None:
        answer(result, OK)
        if turn is not None:
            self._crowd.call_ended(turn)


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
