"""Connecting to Telegram is retried until Telegram answers."""

import asyncio

import pytest
from support.scripted_telegram import DOWN, LOGIN_PAGE, NOT_KNOWN, receiver_harness, refused

from bot.receive.connection import Connection, TokenRefused
from bot.receive.connection_health import ConnectionHealth
from resilience.backoff import Backoff


async def publish_nothing():
    pass


@pytest.fixture
async def bench(tmp_path):
    async with receiver_harness(tmp_path) as bench:
        bench.health.problem = ConnectionHealth().problem
        bench.link = Connection(bench.app.bot, publish_nothing, bench.health)
        yield bench
        await bench.link.close()


async def test_a_token_that_telegram_refuses_at_the_start_is_the_end(bench):
    bench.server.planned["getMe"] = [NOT_KNOWN]
    with pytest.raises(TokenRefused, match="BOT_TOKEN"):
        await bench.link.connect()
    assert bench.pauses_s == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (DOWN, "can't be reached"),
        (LOGIN_PAGE, "is not Telegram"),
        ((200, '{"login": "please"}'), "is not Telegram"),
        ((200, "[]"), "is not Telegram"),
        ((511, "log in"), "can't be reached"),
        ((404, "<html>nothing here</html>"), "can't be reached"),
        ((401, "<html>who are you?</html>"), "can't be reached"),
        (refused(429, "Too Many", retry_after=77), "asks the bot to wait"),
    ],
)
async def test_connecting_goes_on_until_telegram_itself_answers(bench, answer, words):
    bench.server.planned["getMe"] = [answer] * 2
    await bench.link.connect()
    assert bench.server.planned["getMe"] == []
    assert len(bench.pauses_s) == 2
    assert all(words in str(problem) for problem in bench.problems)
    assert (bench.health.problem, bench.link.username) == (None, "some_bot")


async def test_pauses_grow_to_a_bound_and_are_never_shorter_than_telegram_asks(bench):
    bench.server.planned["getMe"] = [DOWN] * 7 + [refused(429, "Too Many", retry_after=77)]
    await bench.link.connect()
    assert bench.pauses_s == [1, 2, 4, 8, 16, 30, 30, 77]


async def test_before_it_is_connected_the_link_says_so(bench):
    assert "not connected" in str(bench.health.problem)
    assert bench.link.username == ""


async def test_closing_before_anything_began_is_allowed(bench):
    await bench.link.close()
    assert bench.server.calls == []


async def test_closing_after_a_start_that_never_got_through_leaves_no_connection_open(bench):
    bench.server.planned["getMe"] = [DOWN]
    sessions = [http._session for http in (bench.app.bot._http, bench.app.bot._polling_http)]
    assert not any(session.closed for session in sessions)
    await bench.link.close()
    assert all(session.closed for session in sessions)


@pytest.mark.parametrize("answer", [DOWN, NOT_KNOWN, refused(429, "Too Many", retry_after=10**9)])
async def test_people_are_served_though_what_the_bot_shows_cannot_be_set(
    bench, monkeypatch, answer
):
    monkeypatch.setattr("bot.receive.connection.PUBLISH_WITHIN_S", 0.01)
    monkeypatch.setattr("bot.receive.connection.PUBLISH_BACKOFF", Backoff(0.01, 0.01))
    tried, done = [], asyncio.Event()

    async def publish():
        bench.server.planned["setMyCommands"] = [answer] if len(tried) < 3 else []
        tried.append(1)
        await bench.app.bot.set_my_commands([])
        done.set()

    link = Connection(bench.app.bot, publish, bench.health)
    await link.connect()
    assert link.username == "some_bot"
    await done.wait()
    assert len(tried) == 4
    await link.close()
