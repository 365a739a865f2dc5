"""The client's calls as Telegram receives them, their results, and what is retried."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from support.loopback import TOKEN, Loopback, Part, loopback, ok, refusal, resets, says
from support.scripted_telegram import NoLedger
from telegram import BotCommand, BotCommandScopeChat
from telegram.error import InvalidToken, TelegramError

from bot.send import client as client_module
from bot.send.client import BotClient, BotIdentity, WebhookInfo
from bot.send.delivery_errors import is_transient
from bot.send.gate import OutgoingGate
from bot.send.methods import METHODS
from bot.send.rate_limits import NO_LIMITS
from bot.send.uploads import UploadFile
from resilience.backoff import Backoff

KEYBOARD = {"inline_keyboard": [[{"text": "Zurück", "callback_data": "back:1"}]]}
NO_PREVIEW = {"is_disabled": True}
CHART = UploadFile("chart.png", b"\x89PNG", "image/png")
TABLE = UploadFile("points.csv", "a,ü\n".encode(), "text/csv")


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with loopback() as api:
        yield api


@pytest.fixture
async def bot(api, monkeypatch) -> AsyncIterator[BotClient]:
    """It waits for nothing before it retries."""
    monkeypatch.setattr("bot.send.circuit_breaker.SEND_BACKOFF", Backoff(0.0, 0.0))
    bot = BotClient(TOKEN, api.origin, OutgoingGate(NoLedger(), NO_LIMITS))
    await bot.open()
    yield bot
    await bot.close()


def sent(api: Loopback) -> tuple[str, dict]:
    """The last call: its method, and its parameters as Telegram understands them."""
    seen = api.seen[-1]
    assert seen.target.startswith(f"/bot{TOKEN}/")
    return seen.target.rpartition("/")[2], seen.values()


CALLS = {
    "a text": (
        lambda bot: bot.say(42, "<b>Grüße</b> 🙂"),
        "sendMessage",
        {"chat_id": 42, "text": "<b>Grüße</b> 🙂", "parse_mode": "HTML"},
    ),
    "a reply with buttons": (
        lambda bot: bot.say(42, "hi", KEYBOARD, reply_to=7),
        "sendMessage",
        {
            "chat_id": 42,
            "text": "hi",
            "parse_mode": "HTML",
            "reply_markup": KEYBOARD,
            "reply_parameters": {"message_id": 7, "allow_sending_without_reply": True},
        },
    ),
    "another text": (
        lambda bot: bot.edit(42, 7, "now", KEYBOARD),
        "editMessageText",
        {
            "chat_id": 42,
            "message_id": 7,
            "text": "now",
            "parse_mode": "HTML",
            "reply_markup": KEYBOARD,
        },
    ),
    "a deletion": (
        lambda bot: bot.delete(42, 7),
        "deleteMessage",
        {"chat_id": 42, "message_id": 7},
    ),
    "a copy": (
        lambda bot: bot.copy(42, 43, 7, KEYBOARD),
        "copyMessage",
        {"chat_id": 42, "from_chat_id": 43, "message_id": 7, "reply_markup": KEYBOARD},
    ),
    "copies of an album": (
        lambda bot: bot.copy_album(42, 43, [8, 7]),
        "copyMessages",
        {"chat_id": 42, "from_chat_id": 43, "message_ids": [7, 8]},
    ),
    "an answer to a press": (
        lambda bot: bot.answer_callback_query("q1"),
        "answerCallbackQuery",
        {"callback_query_id": "q1"},
    ),
    "an alert": (
        lambda bot: bot.answer_callback_query("q1", "No!", alert=True),
        "answerCallbackQuery",
        {"callback_query_id": "q1", "text": "No!", "show_alert": True},
    ),
    "a webhook": (
        lambda bot: bot.set_webhook(
            "https://b.example/x", secret="s", connections_max=9, allowed=("message",)
        ),
        "setWebhook",
        {
            "url": "https://b.example/x",
            "secret_token": "s",
            "max_connections": 9,
            "allowed_updates": ["message"],
        },
    ),
    "no webhook": (lambda bot: bot.delete_webhook(), "deleteWebhook", {}),
    "commands for all": (
        lambda bot: bot.set_my_commands([BotCommand("start", "Begin")]),
        "setMyCommands",
        {"commands": [{"command": "start", "description": "Begin"}]},
    ),
    "an admin's commands in a language": (
        lambda bot: bot.set_my_commands(
            [BotCommand("start", "Начать")], scope=BotCommandScopeChat(7), language_code="ru"
        ),
        "setMyCommands",
        {
            "commands": [{"command": "start", "description": "Начать"}],
            "scope": {"type": "chat", "chat_id": 7},
            "language_code": "ru",
        },
    ),
    "no commands": (
        lambda bot: bot.delete_my_commands(scope=BotCommandScopeChat(7)),
        "deleteMyCommands",
        {"scope": {"type": "chat", "chat_id": 7}},
    ),
    "a description": (
        lambda bot: bot.set_my_description("Views", language_code="ru"),
        "setMyDescription",
        {"description": "Views", "language_code": "ru"},
    ),
    "a short description": (
        lambda bot: bot.set_my_short_description("Views"),
        "setMyShortDescription",
        {"short_description": "Views"},
    ),
}


@pytest.mark.parametrize("call", CALLS)
async def test_a_call_arrives_as_telegram_reads_it(api, bot, call):
    make, method, params = CALLS[call]
    await make(bot)
    if method in {"sendMessage", "editMessageText"}:
        params = params | {"link_preview_options": NO_PREVIEW}
    assert sent(api) == (method, params)
    assert method in METHODS


async def test_half_of_an_emoji_can_be_sent(api, bot):
    await bot.say(42, "half \ud83d")
    assert b"\\ud83d" in api.seen[-1].body


@pytest.mark.parametrize(
    ("method", "name", "file"), [("sendPhoto", "photo", CHART), ("sendDocument", "document", TABLE)]
)
async def test_a_file_goes_with_its_caption_and_buttons(api, bot, method, name, file):
    send = bot.send_photo if name == "photo" else bot.send_document
    await send(42, file, "<b>Für dich</b>", KEYBOARD)
    parts = api.seen[-1].parts()
    assert api.seen[-1].target.endswith(f"/{method}")
    assert parts.pop(name) == Part(file.content, file.name, file.content_type)
    fields = {name: part.content.decode() for name, part in parts.items()}
    assert msgspec.json.decode(fields.pop("reply_markup")) == KEYBOARD
    assert fields == {"chat_id": "42", "caption": "<b>Für dich</b>", "parse_mode": "HTML"}


@pytest.mark.parametrize(
    "problem",
    [
        says(refusal(502, "Bad Gateway"), 502),
        says(refusal(429, "Too Many Requests", retry_after=0.001), 429),
        resets,
    ],
)
async def test_an_upload_that_is_not_taken_is_sent_again_whole(api, bot, problem):
    answers = [problem, says(ok({"message_id": 1}))]

    async def answer(request):
        return await answers.pop(0)(request)

    api.answer = answer
    await bot.send_document(42, TABLE)
    assert [seen.parts()["document"].content for seen in api.seen] == [TABLE.content] * 2


async def test_the_bot_knows_who_it_is_once_it_has_asked(api, bot):
    assert (bot.id, bot.username) == (0, "")
    api.answer = says(ok({"id": 5, "is_bot": True, "first_name": "B", "username": "some_bot"}))
    assert await bot.get_me() == BotIdentity(5, "some_bot")
    assert (bot.id, bot.username) == (5, "some_bot")


async def test_where_updates_go_is_read(api, bot):
    api.answer = says(ok({"url": "", "has_custom_certificate": False, "pending_update_count": 3}))
    assert await bot.get_webhook_info() == WebhookInfo("")
    failed = {"url": "https://x", "last_error_date": 5, "last_error_message": "refused"}
    api.answer = says(ok(failed))
    assert await bot.get_webhook_info() == WebhookInfo("https://x", 5, "refused")


async def test_updates_come_as_the_bytes_that_telegram_sent(api, bot):
    api.answer = says(b'{"ok":true,"result":[ {"update_id":5, "x":"\xc3\xbc"},{"update_id":6}]}')
    found = await bot.get_updates(5, 10, ("message",))
    assert found == ['{"update_id":5, "x":"ü"}'.encode(), b'{"update_id":6}']
    assert sent(api) == (
        "getUpdates",
        {"offset": 5, "timeout": 10, "allowed_updates": ["message"]},
    )


async def test_a_long_poll_waits_longer_than_other_calls_and_needs_no_place_of_theirs(
    api, monkeypatch
):
    monkeypatch.setattr(client_module, "CONNECTIONS_MAX", 0)
    bot = BotClient(TOKEN, api.origin, OutgoingGate(NoLedger(), NO_LIMITS))
    await bot.open()
    limits = []
    post = bot._polling_http.post

    async def note(url, body, *, read_timeout_s):
        limits.append(read_timeout_s)
        return await post(url, body, read_timeout_s=read_timeout_s)

    bot._polling_http.post = note
    api.answer = says(ok([]))
    assert await bot.get_updates(None, 10, ()) == []
    assert limits == [15.0]
    await bot.close()


@pytest.mark.parametrize("page", [b"[]", b"{}", b"null", b'{"ok": true}'])
async def test_json_that_is_not_the_bot_apis_is_a_network_error_too(api, bot, page):
    """A proxy's page is no answer: nothing that was promised counts as said."""
    api.answer = says(page, Content_Type="application/json")
    with pytest.raises(TelegramError) as caught:
        await bot._post("sendMessage", b"{}", msgspec.Raw)
    assert is_transient(caught.value)


async def test_a_refused_token_is_told_and_not_shown(api, bot):
    api.answer = says(refusal(401, "Unauthorized"), 401)
    with pytest.raises(InvalidToken) as caught:
        await bot.get_me()
    assert TOKEN not in f"{caught.value!r} {caught.value}"
