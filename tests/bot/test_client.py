"""Our short ways to what we say most."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from support.scripted_telegram import TOKEN, NoLedger
from telegram.error import TelegramError

from bot.send.client import TelegramBot
from bot.send.delivery_errors import may_pass
from bot.send.gate import OutgoingGate


@pytest.mark.parametrize("page", ["[]", "{}", "null", '{"ok": true}'])
async def test_json_that_is_not_the_bot_apis_is_an_outage_too(page):
    """A proxy's page is no answer: nothing that was promised counts as said."""

    async def give(_request: web.Request) -> web.Response:
        return web.Response(text=page, content_type="application/json")

    app = web.Application()
    app.add_routes([web.post("/bot{token}/{method}", give)])
    server = TestServer(app)
    await server.start_server()
    bot = TelegramBot(TOKEN, str(server.make_url("")).rstrip("/"), OutgoingGate(NoLedger()))
    await bot.request.initialize()
    try:
        with pytest.raises(TelegramError) as caught:
            await bot._post_plain("sendMessage", {"chat_id": 1, "text": "hello"})
        assert may_pass(caught.value)
    finally:
        await bot.close_connections()
        await server.close()
