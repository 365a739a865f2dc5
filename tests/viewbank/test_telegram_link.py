"""The link to Telegram, against a server that answers what a test has planned, word for word."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram.ext import Application

from viewbank.telegram_link import PAUSE_MAX_S, TelegramLink, TokenRefused

TOKEN = "123456789:pretend-token-of-the-tests-0123456789"
GOOD = {
    "getMe": {"id": 1, "is_bot": True, "first_name": "Bot", "username": "some_bot"},
    "setMyCommands": True,
    "deleteWebhook": True,
}
LOGIN_PAGE = (200, "<html>Please log in to this network</html>")


def refused(code, description, **parameters):
    """An answer of the Bot API that says no."""
    more = f', "parameters": {{"retry_after": {parameters["retry_after"]}}}' if parameters else ""
    return code, f'{{"ok": false, "error_code": {code}, "description": "{description}"{more}}}'


NOT_KNOWN = refused(401, "Unauthorized")
NOT_FOUND = refused(404, "Not Found")
DOWN = refused(502, "Bad Gateway")


class Server:
    """Gives what is planned for a method, one after the other, and then what is good."""

    def __init__(self):
        self.planned = {}
        self.calls = []
        self.updates = []
        self.held = asyncio.Event()
        """Set when a poll waits for updates: all that was planned has been given."""

    async def answer(self, request):
        method = request.match_info["method"]
        given = await request.post()
        self.calls.append(method)
        if planned := self.planned.get(method):
            code, text = planned.pop(0)
            return web.Response(status=code, text=text)
        if method == "getUpdates":
            return await self._updates(int(given.get("offset", 0)), int(given.get("timeout", 0)))
        return web.json_response({"ok": True, "result": GOOD[method]})

    async def _updates(self, offset, timeout_s):
        self.updates = [one for one in self.updates if one["update_id"] >= offset]
        if not self.updates and timeout_s:
            self.held.set()
            await asyncio.Event().wait()
        return web.json_response({"ok": True, "result": self.updates})


class Bench:
    """A link, its server, and the pauses that it wanted."""

    def __init__(self, server, url):
        self.server = server
        self.app = Application.builder().token(TOKEN).base_url(f"{url}/bot").job_queue(None).build()
        self.pauses_s = []
        self.troubles = []
        self.on_pause = lambda: None
        self.link = TelegramLink(self.app, frozenset({7}), self.pause)

    async def pause(self, seconds):
        self.pauses_s.append(seconds)
        self.troubles.append(self.link.trouble())
        self.on_pause()
        await asyncio.sleep(0)

    async def serve(self):
        await self.link.connect()
        await self.link.take_updates()


@asynccontextmanager
async def served():
    server = Server()
    app = web.Application()
    app.add_routes([web.post("/bot{token}/{method}", server.answer)])
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield server, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture
async def bench():
    async with served() as (server, url):
        bench = Bench(server, url)
        yield bench
        await bench.link.stop_taking()
        await bench.link.close()


# Connecting


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
        (refused(429, "Too Many", retry_after=77), "asks the bot to wait"),
    ],
)
async def test_connecting_goes_on_until_telegram_itself_answers(bench, answer, words):
    bench.server.planned["getMe"] = [answer] * 2
    await bench.link.connect()
    assert bench.server.planned["getMe"] == []
    assert len(bench.pauses_s) == 2
    assert all(words in trouble for trouble in bench.troubles)
    assert (bench.link.trouble(), bench.link.username) == ("", "some_bot")


async def test_pauses_grow_to_a_bound_and_are_never_shorter_than_telegram_asks(bench):
    bench.server.planned["getMe"] = [DOWN] * 7 + [refused(429, "Too Many", retry_after=77)]
    await bench.link.connect()
    assert bench.pauses_s == [1, 2, 4, 8, 16, PAUSE_MAX_S, PAUSE_MAX_S, 77]


async def test_before_it_is_connected_the_link_says_so(bench):
    assert "not connected" in bench.link.trouble()
    assert bench.link.username == ""


# Taking updates


@pytest.mark.parametrize("answer", [NOT_KNOWN, NOT_FOUND, DOWN, LOGIN_PAGE, (200, "[]")])
async def test_no_answer_to_a_poll_makes_the_bot_deaf(bench, answer):
    bench.server.planned["getUpdates"] = [answer] * 2
    await bench.serve()
    await bench.server.held.wait()
    assert len(bench.pauses_s) == 2
    assert all(bench.troubles)
    assert bench.link.trouble() == ""


async def test_an_update_that_makes_no_sense_does_not_end_the_polling(bench):
    bench.server.planned["getUpdates"] = [
        (200, '{"ok": true, "result": [{"update_id": 5, "message": {"chat": 3}}]}')
    ]
    await bench.serve()
    await bench.server.held.wait()
    assert len(bench.pauses_s) == 1


async def test_a_failing_delete_webhook_holds_nobody_up_and_is_tried_again(bench):
    bench.server.planned["deleteWebhook"] = [DOWN] * 3
    await asyncio.wait_for(bench.serve(), 5)
    await bench.server.held.wait()
    assert len(bench.pauses_s) == 3
    assert bench.server.calls.count("deleteWebhook") == 4


async def test_another_program_with_the_token_is_named_until_a_whole_poll_went_well(bench):
    bench.server.planned["getUpdates"] = [refused(409, "Conflict: terminated by other getUpdates")]
    await bench.serve()
    await bench.server.held.wait()
    assert len(bench.pauses_s) == 1
    assert "same BOT_TOKEN" in bench.link.trouble()


async def test_updates_are_handed_over_once_and_confirmed(bench):
    taken = []
    bench.app.process_update = lambda update: taken.append(update.update_id) or asyncio.sleep(0)
    bench.server.updates = [{"update_id": 5}, {"update_id": 6}]
    await bench.serve()
    await bench.server.held.wait()
    await bench.link.stop_taking()
    assert taken == [5, 6]
    assert bench.server.updates == []


# Stopping


@pytest.mark.parametrize("answer", [NOT_KNOWN, DOWN, LOGIN_PAGE])
async def test_stopping_in_the_midst_of_trouble_is_a_clean_stop(bench, answer):
    seen = asyncio.Event()
    bench.on_pause = seen.set
    bench.server.planned["getUpdates"] = [answer] * 100_000
    await bench.serve()
    await seen.wait()
    await bench.link.stop_taking()
    assert not bench.app.running
    await bench.link.close()
    polls = bench.server.calls.count("getUpdates")
    assert polls >= 1
    bench.server.planned.clear()


async def test_a_confirmation_that_fails_at_the_stop_is_only_logged(bench, caplog):
    bench.server.updates = [{"update_id": 5}]
    bench.app.process_update = lambda _: asyncio.sleep(0)
    await bench.serve()
    await bench.server.held.wait()
    bench.server.planned["getUpdates"] = [DOWN]
    await bench.link.stop_taking()
    assert bench.server.planned["getUpdates"] == []
    assert "may come once more" in caplog.text


async def test_stopping_before_anything_began_is_allowed(bench):
    await bench.link.stop_taking()
    await bench.link.close()
    assert bench.server.calls == []
