"""Certificates are checked before anything is sent, also through a proxy."""

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from aiohttp import web
from support.loopback import Loopback, data, loopback, ok, opened, post, says
from telegram.error import NetworkError

from bot.send.delivery_errors import may_have_arrived


class Certificate(NamedTuple):
    """For `localhost`: the file to trust, and the server's side of it."""

    path: Path
    context: ssl.SSLContext


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Certificate:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl program, to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    path, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-nodes", "-days", "1", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(path)),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path, key)
    return Certificate(path, context)


@pytest.fixture
async def secure(certificate) -> AsyncIterator[Loopback]:
    async with loopback(certificate.context) as api:
        yield api


async def test_a_server_that_can_prove_its_name_is_called(secure, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    async with opened() as client:
        for _ in range(3):
            assert await post(client, secure.url(), data(chat_id=42)) is True
    assert len({seen.caller_port for seen in secure.seen}) == 1


async def test_a_server_that_cannot_got_nothing(secure, certificate, monkeypatch):
    async with opened() as client:
        with pytest.raises(NetworkError, match=r"(?i)certificate") as caught:
            await post(client, secure.url())
    assert not may_have_arrived(caught.value)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    async with opened() as client:
        with pytest.raises(NetworkError, match=r"(?i)certificate") as caught:
            await post(client, secure.url().replace("localhost", "127.0.0.1"))
    assert not may_have_arrived(caught.value)
    assert secure.seen == []


async def test_a_connection_that_the_server_closed_unnoticed_costs_no_call(
    secure, certificate, monkeypatch
):
    transports = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        transports.append(request.transport)
        return await says(ok())(request)

    secure.answer = answer
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    async with opened() as client:
        for _ in range(3):
            assert await post(client, secure.url(), data(chat_id=42)) is True
            transports[-1].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
    assert len({seen.caller_port for seen in secure.seen}) == 3


async def test_tls_goes_through_a_proxys_tunnel(secure, certificate, monkeypatch):
    """The proxy learns where to, and no more."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65_536):
            writer.write(chunk)
        writer.close()

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).partition(b" HTTP")[0].decode())
        there = await asyncio.open_connection("127.0.0.1", int(secure.origin.rpartition(":")[2]))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(carry(reader, there[1]), carry(there[0], writer))

    asked: list[str] = []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    async with await asyncio.start_server(tunnel, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with opened(proxy=address) as client:
            for _ in range(2):
                assert await post(client, secure.url()) is True
    assert asked == ["CONNECT " + secure.origin.removeprefix("https://")]
