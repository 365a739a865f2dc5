"""What the library's callers may rely on: the same from its own HTTP client and from ours."""

import gzip
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from support.loopback import Loopback, data, loopback, ok, refusal, says
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode, PollLimit
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot.send.http import AiohttpRequest


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with loopback() as api:
        yield api


@pytest.fixture(params=[HTTPXRequest, AiohttpRequest])
async def client(request) -> AsyncIterator[BaseRequest]:
    async with request.param() as client:
        yield client


async def test_an_answers_result_comes_back(api, client):
    api.answer = says(ok({"message_id": 5, "text": "Größe 🙂", "chat": {"id": -(10**12)}}))
    result = await client.post(api.url(), data(chat_id=42, text="x"))
    assert result == {"message_id": 5, "text": "Größe 🙂", "chat": {"id": -(10**12)}}
    assert api.seen[0].method == "POST"
    assert api.seen[0].target == api.url().removeprefix(api.origin)
    assert api.seen[0].headers["User-Agent"] == BaseRequest.USER_AGENT


async def test_parameters_arrive_as_telegram_reads_them(api, client):
    class Name(str):
        __slots__ = ()

    await client.post(
        api.url(),
        data(
            chat_id=-1001234567890123,
            text='Größe 🙂 & "more" = <b>é</b>\n+1%20',
            latitude=52.5,
            protect_content=True,
            disable_notification=False,
            parse_mode=ParseMode.HTML,
            limit=PollLimit.MAX_OPTION_NUMBER,
            name=Name("of a subclass"),
            message_ids=[1, 2, 3],
            reply_markup=InlineKeyboardMarkup(
                [[InlineKeyboardButton("Zurück", callback_data="back:1")]]
            ),
            nothing=None,
        ),
    )
    assert api.seen[0].values() == {
        "chat_id": -1001234567890123,
        "text": 'Größe 🙂 & "more" = <b>é</b>\n+1%20',
        "latitude": 52.5,
        "protect_content": True,
        "disable_notification": False,
        "parse_mode": "HTML",
        "limit": 12,
        "name": "of a subclass",
        "message_ids": [1, 2, 3],
        "reply_markup": {"inline_keyboard": [[{"text": "Zurück", "callback_data": "back:1"}]]},
    }


@pytest.mark.parametrize("nothing", [None, data()])
async def test_a_call_needs_no_parameters(api, client, nothing):
    assert await client.post(api.url("getMe"), nothing) is True
    assert api.seen[0].method == "POST"
    assert api.seen[0].body in {b"", b"{}"}


async def test_a_large_call_arrives_whole(api, client):
    text = "x" * 1_000_000
    await client.post(api.url(), data(text=text))
    assert api.seen[0].values() == {"text": text}


async def test_a_file_is_fetched_byte_for_byte(api, client):
    content = bytes(range(256)) * 40_000
    api.answer = says(content)
    assert await client.retrieve(api.url("documents/file_1.bin")) == content
    assert (api.seen[0].method, api.seen[0].body) == ("GET", b"")


async def test_answers_may_be_compressed(api, client):
    api.answer = says(gzip.compress(ok("Größe" * 10_000)), Content_Encoding="gzip")
    assert await client.post(api.url()) == "Größe" * 10_000
    assert "gzip" in api.seen[0].headers["Accept-Encoding"]


async def test_answers_may_come_in_pieces(api, client):
    async def in_pieces(request: web.BaseRequest) -> web.StreamResponse:
        answer = web.StreamResponse()
        answer.enable_chunked_encoding()
        await answer.prepare(request)
        for byte in ok("Größe"):
            await answer.write(bytes([byte]))
        return answer

    api.answer = in_pieces
    assert await client.post(api.url()) == "Größe"


REFUSALS = [
    (400, "Bad Request: chat not found", BadRequest("Chat not found")),
    (401, "Unauthorized", InvalidToken("Unauthorized")),
    (403, "Forbidden: bot was blocked by the user", Forbidden("bot was blocked by the user")),
    (404, "Not Found", InvalidToken("Not Found")),
    (409, "Conflict: terminated by other getUpdates", Conflict("terminated by other getUpdates")),
    (413, "Request Entity Too Large", NetworkError("Request Entity Too Large")),
    (500, "Internal Server Error", NetworkError("Internal Server Error")),
    (502, "Bad Gateway", NetworkError("Bad Gateway")),
]


@pytest.mark.parametrize(("code", "description", "error"), REFUSALS)
async def test_a_refusal_is_the_librarys_exception(api, client, code, description, error):
    api.answer = says(refusal(code, description), code)
    with pytest.raises(type(error)) as caught:
        await client.post(api.url(), data(chat_id=42))
    assert type(caught.value) is type(error)
    assert error.message in caught.value.message
    assert caught.value.__cause__ is None


async def test_too_many_calls_say_how_long_to_wait(api, client, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    api.answer = says(refusal(429, "Too Many Requests: retry after 7", retry_after=7), 429)
    with pytest.raises(RetryAfter) as caught:
        await client.post(api.url())
    assert caught.value.retry_after.total_seconds() == 7


async def test_a_group_that_moved_says_where_to(api, client):
    moved = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100123)
    api.answer = says(moved, 400)
    with pytest.raises(ChatMigrated) as caught:
        await client.post(api.url())
    assert caught.value.new_chat_id == -100123


@pytest.mark.parametrize(("code", "kind"), [(404, InvalidToken), (500, NetworkError)])
async def test_a_page_for_people_is_no_answer(api, client, code, kind):
    api.answer = says(b"<html>nginx</html>", code, Content_Type="text/html")
    with pytest.raises(kind, match=r"Parsing the server response b'<html>nginx</html>' failed"):
        await client.post(api.url())


@pytest.mark.parametrize("body", [b"", b"<html>hello</html>", b'{"ok":true,', b"\xff\xfe"])
async def test_what_is_no_json_is_refused(api, client, body, caplog):
    api.answer = says(body)
    with caplog.at_level(logging.CRITICAL), pytest.raises(TelegramError) as caught:
        await client.post(api.url())
    assert caught.value.message == "Invalid server response"


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (b'{"result":"a\xffb"}', "a\N{REPLACEMENT CHARACTER}b"),
        (b'{"result":"\\ud83d"}', "\ud83d"),
        (b' {"result" : 12345678901234567890123}\n', 12345678901234567890123),
        (b'{"result":[1.5,null,{"a":{}}]}', [1.5, None, {"a": {}}]),
    ],
)
async def test_what_is_nearly_json_is_read_as_well_as_can_be(api, client, body, result):
    api.answer = says(body)
    assert await client.post(api.url()) == result


async def test_nobody_is_sent_elsewhere(api, client):
    api.answer = says(b"", 302, Location=api.url("elsewhere"))
    with pytest.raises(NetworkError, match=r"Found \(302\)"):
        await client.post(api.url())
    with pytest.raises(NetworkError, match=r"Found \(302\)"):
        await client.retrieve(api.url())
    assert [seen.target.rpartition("/")[2] for seen in api.seen] == ["sendMessage"] * 2
