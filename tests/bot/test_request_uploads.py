"""Files on their way to Telegram: what is in the parts, and that they can be sent again."""

import asyncio
import io
import os
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from support.loopback import Loopback, Part, data, loopback, ok, refusal, says
from telegram import InputFile, InputMediaDocument, InputMediaPhoto
from telegram.error import NetworkError
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


async def test_a_file_goes_beside_its_parameters(api, client):
    file = InputFile(b"a,b\r\n--1,2\r\n", filename="points.csv")
    await client.post(api.url(), data(chat_id=42, caption="für dich\n", document=file, silent=True))
    assert api.seen[0].parts() == {
        "chat_id": Part(b"42"),
        "caption": Part("für dich\n".encode()),
        "silent": Part(b"true"),
        "document": Part(b"a,b\r\n--1,2\r\n", "points.csv", "text/csv"),
    }
    assert int(api.seen[0].headers["Content-Length"]) == len(api.seen[0].body)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Übersicht – März 🙂.txt", "Übersicht – März 🙂.txt"),
        ('the "best" one.txt', "the %22best%22 one.txt"),
        ("back\\slash.txt", "back\\\\slash.txt"),
        ("new\r\nline.txt", "new%0D%0Aline.txt"),
    ],
)
async def test_file_names_are_sent_as_they_are_but_cannot_break_out(api, client, name, sent):
    file = InputFile(b"x")
    file.filename = name
    await client.post(api.url(), data(document=file))
    assert api.seen[0].parts()["document"].file_name == sent


async def test_several_files_are_attached_by_name(api, client):
    album = [
        InputMediaDocument(b"first", filename="1.txt"),
        InputMediaPhoto(b"second", caption="zwei", filename="2.png"),
    ]
    await client.post(api.url("sendMediaGroup"), data(chat_id=42, media=album))
    media = api.seen[0].values()["media"]
    assert [one["type"] for one in media] == ["document", "photo"]
    parts = api.seen[0].parts()
    attached = [parts[one["media"].removeprefix("attach://")] for one in media]
    assert attached == [
        Part(b"first", "1.txt", "text/plain"),
        Part(b"second", "2.png", "image/png"),
    ]


async def test_an_upload_can_be_sent_again(api, client, tmp_path):
    path = tmp_path / "report.bin"
    content = os.urandom(300_000)
    path.write_bytes(content)
    with path.open("rb") as handle:
        for source in (content, handle, io.BytesIO(content)):
            call = data(document=InputFile(source, read_file_handle=False))
            for _ in range(2):
                await client.post(api.url(), call)
                assert api.seen[-1].parts()["document"].content == content
        assert not handle.closed
    assert int(api.seen[-1].headers["Content-Length"]) == len(api.seen[-1].body)


async def test_an_empty_file_is_a_file(api, client):
    await client.post(api.url(), data(document=InputFile(b"", filename="empty.txt")))
    assert api.seen[0].parts() == {"document": Part(b"", "empty.txt", "text/plain")}


async def test_a_large_file_arrives_whole(api, client):
    content = os.urandom(12_000_000)
    await client.post(api.url(), data(document=InputFile(content)))
    assert api.seen[0].parts()["document"].content == content


async def test_a_refusal_may_come_before_the_end_of_a_file(api, client):
    """And is what the caller hears of, not that nobody took the rest."""

    async def refuses(request: web.BaseRequest) -> web.StreamResponse:
        answer = await says(refusal(413, "Request Entity Too Large"), 413)(request)
        await answer.prepare(request)
        await answer.write_eof()
        return answer

    api.reads, api.answer = False, refuses
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await client.post(api.url(), data(document=InputFile(b"x" * 8_000_000)))


async def test_other_calls_go_on_during_an_upload(api, client):
    gate = asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.raw_path.endswith("sendDocument"):
            await gate.wait()
        return await says(ok())(request)

    api.answer = answer
    upload = data(document=InputFile(b"x" * 4_000_000))
    sending = asyncio.create_task(client.post(api.url("sendDocument"), upload))
    assert await client.post(api.url(), data(chat_id=42)) is True
    gate.set()
    assert await sending is True
