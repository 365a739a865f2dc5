"""Reading answers of the Bot API, and answers that are not the Bot API's."""

import gzip
import warnings
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from aiohttp import web
from support.loopback import Loopback, data, loopback, ok, opened, post, refusal, says
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.error import RetryAfter as LibrarysRetryAfter

from bot.send.api_answers import RETRY_AFTER_MAX_S, RetryAfter, decode_result, refusal_of
from bot.send.delivery_errors import is_transient, may_have_arrived
from bot.send.http import USER_AGENT, HttpSession


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with loopback() as api:
        yield api


@pytest.fixture
async def client() -> AsyncIterator[HttpSession]:
    async with opened() as client:
        yield client


async def test_an_answers_result_comes_back(api, client):
    api.answer = says(ok({"message_id": 5, "text": "Größe 🙂", "chat": {"id": -(10**12)}}))
    result = await post(client, api.url(), data(chat_id=42, text="x"))
    assert result == {"message_id": 5, "text": "Größe 🙂", "chat": {"id": -(10**12)}}
    assert api.seen[0].method == "POST"
    assert api.seen[0].target == api.url().removeprefix(api.origin)
    assert api.seen[0].headers["User-Agent"] == USER_AGENT
    assert api.seen[0].headers["Content-Type"] == "application/json"


async def test_a_large_call_arrives_whole(api, client):
    text = "x" * 1_000_000
    await post(client, api.url(), data(text=text))
    assert api.seen[0].values() == {"text": text}


async def test_answers_may_be_compressed(api, client):
    api.answer = says(gzip.compress(ok("Größe" * 10_000)), Content_Encoding="gzip")
    assert await post(client, api.url()) == "Größe" * 10_000
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
    assert await post(client, api.url()) == "Größe"


REFUSALS = [
    (400, "Bad Request: chat not found", BadRequest("Chat not found")),
    (401, "Unauthorized", InvalidToken("Unauthorized")),
    (403, "Forbidden: bot was blocked by the user", Forbidden("bot was blocked by the user")),
    (404, "Not Found", InvalidToken("Not Found")),
    (409, "Conflict: terminated by other getUpdates", Conflict("terminated by other getUpdates")),
    (413, "Request Entity Too Large", NetworkError("Request Entity Too Large")),
    (429, "Too Many Requests", NetworkError("Too Many Requests")),
    (500, "Internal Server Error", NetworkError("Internal Server Error")),
    (502, "Bad Gateway", NetworkError("Bad Gateway")),
    (599, "of no status that anybody knows", NetworkError("of no status that anybody knows")),
]


@pytest.mark.parametrize(("code", "description", "error"), REFUSALS)
async def test_a_refusal_is_the_librarys_exception(api, client, code, description, error):
    api.answer = says(refusal(code, description), code)
    with pytest.raises(type(error)) as caught:
        await post(client, api.url(), data(chat_id=42))
    assert type(caught.value) is type(error)
    assert error.message in caught.value.message
    assert not may_have_arrived(caught.value)


async def test_too_many_calls_say_how_long_to_wait(api, client):
    api.answer = says(refusal(429, "Too Many Requests: retry after 7", retry_after=7), 429)
    with pytest.raises(RetryAfter) as caught:
        await post(client, api.url())
    assert caught.value.wait_s == 7
    assert is_transient(caught.value)


def test_the_wait_is_the_librarys_too_and_nobody_is_warned_of_it():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error = RetryAfter(7)
        assert isinstance(error, LibrarysRetryAfter)
        assert error.retry_after.total_seconds() == 7
        assert type(error).__name__ == "RetryAfter", "metrics count errors by this name"


async def test_a_group_that_moved_says_where_to(api, client):
    moved = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100123)
    api.answer = says(moved, 400)
    with pytest.raises(ChatMigrated) as caught:
        await post(client, api.url())
    assert caught.value.new_chat_id == -100123


@pytest.mark.parametrize("code", [301, 400, 401, 403, 404, 409, 413, 429, 500, 502, 599])
@pytest.mark.parametrize(
    "page", [b"<html>nginx</html>", b"", b'{"error": "blocked"}', b'{"ok": true}', b"[]", b"null"]
)
async def test_a_page_for_people_is_no_answer_and_the_call_may_have_arrived(
    api, client, code, page
):
    """It says nothing of the chat, the message or the token, whatever its status says."""
    api.answer = says(page, code, Content_Type="text/html")
    with pytest.raises(NetworkError, match=r"not from the Bot API") as caught:
        await post(client, api.url())
    assert type(caught.value) is NetworkError
    assert str(page) in str(caught.value)
    assert is_transient(caught.value)
    assert may_have_arrived(caught.value)


@pytest.mark.parametrize(
    ("asked", "wait_s"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("0.0001", 0.5),
        ('"7"', 7),
        ('" 7 "', 7),
        ("1000000000", RETRY_AFTER_MAX_S),
        ("1" * 400, RETRY_AFTER_MAX_S),
        ('"1e999"', RETRY_AFTER_MAX_S),
    ],
)
def test_how_long_to_wait_is_read_as_well_as_can_be_and_has_a_bound(asked, wait_s):
    error = refusal_of(429, b'{"ok":false,"parameters":{"retry_after":%b}}' % asked.encode())
    assert isinstance(error, RetryAfter)
    assert error.wait_s == wait_s


NO_TIMES = ["0", "-5", "null", '""', '"soon"', '"nan"', "true", "[5]", '"-1e999"', "-0.0"]
NO_PARAMETERS = ["{}", "null", "[]", "5", '"later"', '{"migrate_to_chat_id":"x"}']


@pytest.mark.parametrize(
    "parameters", [*(f'{{"retry_after":{one}}}' for one in NO_TIMES), *NO_PARAMETERS]
)
def test_too_many_calls_without_a_time_is_a_failure_that_backs_off(parameters):
    error = refusal_of(429, b'{"ok":false,"parameters":%b}' % parameters.encode())
    assert type(error) is NetworkError
    assert not may_have_arrived(error)


@pytest.mark.parametrize("description", ["null", "5", "[]", '{"a":1}', '""'])
def test_a_refusal_in_odd_words_is_still_one(description):
    error = refusal_of(403, b'{"ok":false,"description":%b}' % description.encode())
    assert type(error) is Forbidden
    assert "Forbidden (403)" in str(error)


def test_a_long_page_is_not_repeated_whole():
    with pytest.raises(NetworkError) as caught:
        decode_result(502, b"x" * 100_000, Any)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>hello</html>",
        b'{"ok":true,',
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"null",
        b'{"ok":true}',
        b'{"ok":false,"description":"no"}',
        b'{"ok":true,"result":' + b"[" * 100_000,
    ],
)
def test_what_is_not_the_bot_apis_is_a_network_error_too(body):
    with pytest.raises(TelegramError) as caught:
        decode_result(200, body, Any)
    assert type(caught.value) is TelegramError
    assert is_transient(caught.value)
    assert may_have_arrived(caught.value)


def test_a_result_of_another_shape_is_not_the_bot_apis_either():
    for body in (ok("a word"), ok({"update_id": 5}), ok(None)):
        with pytest.raises(TelegramError):
            decode_result(200, body, list[msgspec.Raw])


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (b'{"result":"a\xffb"}', "a\N{REPLACEMENT CHARACTER}b"),
        (b'{"result":"\\ud83d"}', "?"),
        (b' {"result" : 12345678901234567890123}\n', 12345678901234567890123),
        (b'{"result":[1.5,null,{"a":{}}]}', [1.5, None, {"a": {}}]),
    ],
)
def test_what_is_nearly_json_is_read_as_well_as_can_be(body, result):
    assert decode_result(200, body, Any) == result


async def test_nobody_is_sent_elsewhere(api, client):
    api.answer = says(b"", 302, Location=api.url("elsewhere"))
    with pytest.raises(NetworkError, match=r"Found \(302\)"):
        await post(client, api.url())
    assert [seen.target.rpartition("/")[2] for seen in api.seen] == ["sendMessage"]
