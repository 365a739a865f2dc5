"""File uploads: the parts of the request, and sending it again."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from support.loopback import Loopback, Part, data, loopback, ok, opened, post, refusal, says
from telegram.error import NetworkError

from bot.send.http import HttpSession
from bot.send.uploads import CHUNK_BYTES, Form, UploadFile


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with loopback() as api:
        yield api


@pytest.fixture
async def client() -> AsyncIterator[HttpSession]:
    async with opened() as client:
        yield client


def upload(content: bytes, name: str = "x.bin", content_type: str = "text/plain") -> Form:
    return Form({}, {"document": UploadFile(name, content, content_type)})


async def test_a_file_goes_beside_its_parameters(api, client):
    fields = {"chat_id": "42", "caption": "für dich 🙂\n", "silent": "true"}
    file = UploadFile("points.csv", b"a,b\r\n--1,2\r\n", "text/csv")
    await post(client, api.url(), Form(fields, {"document": file}))
    parts = api.seen[0].parts()
    assert parts.pop("document") == Part(b"a,b\r\n--1,2\r\n", "points.csv", "text/csv")
    assert {name: part.content.decode() for name, part in parts.items()} == fields
    assert {part.file_name for part in parts.values()} == {None}
    assert int(api.seen[0].headers["Content-Length"]) == len(api.seen[0].body)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Übersicht – März 🙂.txt", "Übersicht – März 🙂.txt"),
        ('the "best" one.txt', 'the \\"best\\" one.txt'),
        ("back\\slash.txt", "back\\\\slash.txt"),
    ],
)
async def test_file_names_are_sent_as_they_are_but_cannot_break_out(api, client, name, sent):
    await post(client, api.url(), upload(b"x", name))
    assert api.seen[0].parts()["document"].file_name == sent


async def test_a_file_name_with_a_line_end_is_not_sent(api, client):
    with pytest.raises(NetworkError, match="control character"):
        await post(client, api.url(), upload(b"x", "new\r\nline.txt"))
    assert api.seen == []


async def test_several_files_go_together(api, client):
    files = {
        "first": UploadFile("1.txt", b"first", "text/plain"),
        "second": UploadFile("2.png", b"second", "image/png"),
    }
    await post(client, api.url(), Form({"chat_id": "42"}, files))
    parts = api.seen[0].parts()
    assert parts["first"] == Part(b"first", "1.txt", "text/plain")
    assert parts["second"] == Part(b"second", "2.png", "image/png")


async def test_an_upload_can_be_sent_again(api, client):
    content = os.urandom(300_000)
    call = upload(content)
    for _ in range(2):
        await post(client, api.url(), call)
        assert api.seen[-1].parts()["document"].content == content
    assert int(api.seen[-1].headers["Content-Length"]) == len(api.seen[-1].body)


async def test_an_empty_file_is_a_file(api, client):
    await post(client, api.url(), upload(b"", "empty.txt"))
    assert api.seen[0].parts() == {"document": Part(b"", "empty.txt", "text/plain")}


async def test_a_large_file_arrives_whole(api, client):
    content = os.urandom(12_000_000)
    await post(client, api.url(), upload(content))
    assert api.seen[0].parts()["document"].content == content


async def test_a_refusal_may_come_before_the_end_of_a_file(api, client):
    """And the caller gets that answer, not the error that the rest was not read."""

    async def refuses(request: web.BaseRequest) -> web.StreamResponse:
        answer = await says(refusal(413, "Request Entity Too Large"), 413)(request)
        await answer.prepare(request)
        await answer.write_eof()
        return answer

    api.reads, api.answer = False, refuses
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await post(client, api.url(), upload(b"x" * 8_000_000))


async def test_other_calls_go_on_during_an_upload(api, client):
    gate = asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.raw_path.endswith("sendDocument"):
            await gate.wait()
        return await says(ok())(request)

    api.answer = answer
    call = upload(b"x" * 4_000_000)
    sending = asyncio.create_task(post(client, api.url("sendDocument"), call))
    assert await post(client, api.url(), data(chat_id=42)) is True
    gate.set()
    assert await sending is True


async def test_the_loop_serves_others_between_the_chunks_of_an_upload(api, client):
    """The server reads all of it, and turns of other tasks come in between."""
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count_turns())
    await post(client, api.url(), upload(b"x" * 8_000_000))
    counting.cancel()
    assert turns >= 8_000_000 // CHUNK_BYTES
