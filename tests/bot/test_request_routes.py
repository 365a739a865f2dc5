"""Proxies, given or named by the environment, on the way to Telegram."""

import os
from collections.abc import AsyncIterator

import pytest
from aiohttp import encode_basic_auth
from support.loopback import Loopback, data, loopback, ok, says
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

from bot.send.delivery_errors import may_have_arrived
from bot.send.http import AiohttpRequest

BOTH = pytest.mark.parametrize("kind", [HTTPXRequest, AiohttpRequest])


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with loopback() as api:
        api.answer = says(ok("from Telegram"))
        yield api


@pytest.fixture
async def proxy() -> AsyncIterator[Loopback]:
    """It answers in Telegram's place, so that a test sees which way was taken."""
    async with loopback() as proxy:
        proxy.answer = says(ok("by the proxy"))
        yield proxy


@BOTH
async def test_a_proxy_that_is_given_is_asked(kind, api, proxy, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")  # is about those of the environment
    async with kind(proxy=proxy.origin) as client:
        assert await client.post(api.url(), data(chat_id=42)) == "by the proxy"
        await client.retrieve(api.url("file"))
    assert [seen.target for seen in proxy.seen] == [api.url(), api.url("file")]
    assert len({seen.caller_port for seen in proxy.seen}) == 1


@BOTH
async def test_a_proxy_is_told_who_asks(kind, api, proxy):
    address = proxy.origin.replace("://", "://ann:s%40cret@")
    async with kind(proxy=address) as client:
        for _ in range(2):
            assert await client.post(api.url()) == "by the proxy"
    expected = encode_basic_auth("ann", "s@cret")
    assert [seen.headers["Proxy-Authorization"] for seen in proxy.seen] == [expected] * 2


@BOTH
@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
async def test_the_environment_may_name_a_proxy(kind, api, proxy, monkeypatch, name):
    monkeypatch.setenv(name, proxy.origin.removeprefix("http://"))
    async with kind() as client:
        assert await client.post(api.url()) == "by the proxy"


@BOTH
async def test_the_one_for_the_scheme_goes_before_the_one_for_all(kind, api, proxy, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", proxy.origin)
    async with kind() as client:
        assert await client.post(api.url()) == "by the proxy"


@BOTH
@pytest.mark.parametrize("but", ["127.0.0.1", "example.org, 127.0.0.1", "*"])
async def test_the_environment_may_except_an_address(kind, api, monkeypatch, but):
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", but)
    async with kind() as client:
        assert await client.post(api.url()) == "from Telegram"


@BOTH
async def test_an_exception_covers_the_names_below_it(kind, proxy, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", proxy.origin)
    monkeypatch.setenv("NO_PROXY", "telegram.invalid")
    async with kind() as client:
        for direct in ("http://telegram.invalid/bot1:a/x", "http://api.telegram.invalid/bot1:a/x"):
            with pytest.raises(NetworkError):
                await client.post(direct)
        assert await client.post("http://nottelegram.invalid/bot1:a/x") == "by the proxy"


@BOTH
async def test_a_proxy_for_one_scheme_is_not_for_the_other(kind, api, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    async with kind() as client:
        assert await client.post(api.url()) == "from Telegram"


@BOTH
async def test_a_proxy_that_is_not_there_carried_nothing(kind, api):
    async with kind(proxy="http://127.0.0.1:1") as client:
        with pytest.raises(NetworkError) as caught:
            await client.post(api.url())
    assert not may_have_arrived(caught.value)


@BOTH
async def test_a_tunnel_that_is_refused_carried_nothing(kind, proxy):
    proxy.answer = says(b"Who are you?", 407)
    async with kind(proxy=proxy.origin.replace("://", "://ann:secret@")) as client:
        with pytest.raises(NetworkError, match="407") as caught:
            await client.post("https://telegram.invalid/bot1:a/getMe")
    assert not may_have_arrived(caught.value)
    assert "secret" not in f"{caught.value!r}"
    assert [seen.target for seen in proxy.seen] == ["telegram.invalid:443"]


@BOTH
def test_a_socks_proxy_is_refused_when_nobody_speaks_it(kind, monkeypatch):
    with pytest.raises(RuntimeError, match=r"(?i)socks"):
        kind(proxy="socks5://127.0.0.1:1080")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(RuntimeError, match=r"(?i)socks"):
        kind()


@BOTH
def test_an_unknown_kind_of_proxy_is_refused(kind):
    with pytest.raises(ValueError, match="Unknown scheme for proxy URL"):
        kind(proxy="gopher://127.0.0.1:70")
