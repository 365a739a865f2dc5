"""Proxies, given or from the environment."""

import os
from collections.abc import AsyncIterator

import pytest
from aiohttp import encode_basic_auth
from support.loopback import Loopback, data, loopback, ok, opened, post, says
from telegram.error import NetworkError

from bot.send.delivery_errors import may_have_arrived
from bot.send.http import HttpSession


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


async def test_a_proxy_that_is_given_is_asked(api, proxy, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")  # is about those of the environment
    async with opened(proxy=proxy.origin) as client:
        assert await post(client, api.url(), data(chat_id=42)) == "by the proxy"
        await post(client, api.url("getMe"))
    assert [seen.target for seen in proxy.seen] == [api.url(), api.url("getMe")]
    assert len({seen.caller_port for seen in proxy.seen}) == 1


async def test_a_proxy_is_told_who_asks(api, proxy):
    address = proxy.origin.replace("://", "://ann:s%40cret@")
    async with opened(proxy=address) as client:
        for _ in range(2):
            assert await post(client, api.url()) == "by the proxy"
    expected = encode_basic_auth("ann", "s@cret")
    assert [seen.headers["Proxy-Authorization"] for seen in proxy.seen] == [expected] * 2


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
async def test_the_environment_may_name_a_proxy(api, proxy, monkeypatch, name):
    monkeypatch.setenv(name, proxy.origin.removeprefix("http://"))
    async with opened() as client:
        assert await post(client, api.url()) == "by the proxy"


async def test_the_one_for_the_scheme_goes_before_the_one_for_all(api, proxy, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", proxy.origin)
    async with opened() as client:
        assert await post(client, api.url()) == "by the proxy"


@pytest.mark.parametrize("but", ["127.0.0.1", "example.org, 127.0.0.1", "*"])
async def test_the_environment_may_except_an_address(api, monkeypatch, but):
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", but)
    async with opened() as client:
        assert await post(client, api.url()) == "from Telegram"


async def test_an_exception_covers_the_names_below_it(proxy, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", proxy.origin)
    monkeypatch.setenv("NO_PROXY", "telegram.invalid")
    async with opened() as client:
        for direct in ("http://telegram.invalid/bot1:a/x", "http://api.telegram.invalid/bot1:a/x"):
            with pytest.raises(NetworkError):
                await post(client, direct)
        assert await post(client, "http://nottelegram.invalid/bot1:a/x") == "by the proxy"


async def test_a_proxy_for_one_scheme_is_not_for_the_other(api, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    async with opened() as client:
        assert await post(client, api.url()) == "from Telegram"


async def test_a_proxy_that_is_not_there_carried_nothing(api):
    async with opened(proxy="http://127.0.0.1:1") as client:
        with pytest.raises(NetworkError) as caught:
            await post(client, api.url())
    assert not may_have_arrived(caught.value)


async def test_a_tunnel_that_is_refused_carried_nothing(proxy):
    proxy.answer = says(b"Who are you?", 407)
    async with opened(proxy=proxy.origin.replace("://", "://ann:secret@")) as client:
        with pytest.raises(NetworkError, match="407") as caught:
            await post(client, "https://telegram.invalid/bot1:a/getMe")
    assert not may_have_arrived(caught.value)
    assert "secret" not in f"{caught.value!r}"
    assert [seen.target for seen in proxy.seen] == ["telegram.invalid:443"]


def test_a_socks_proxy_is_refused_when_nobody_speaks_it(monkeypatch):
    with pytest.raises(RuntimeError, match=r"(?i)socks"):
        HttpSession(proxy="socks5://127.0.0.1:1080")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(RuntimeError, match=r"(?i)socks"):
        HttpSession()


def test_an_unknown_kind_of_proxy_is_refused():
    with pytest.raises(ValueError, match="Unknown scheme for proxy URL"):
        HttpSession(proxy="gopher://127.0.0.1:70")
