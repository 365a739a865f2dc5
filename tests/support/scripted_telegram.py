"""A server that answers as Telegram would, or exactly as a test has planned."""

import asyncio
import json
from contextlib import asynccontextmanager

from aiohttp import web

from bot.metrics_hooks import BotHooks
from bot.receive.connection_health import ConnectionHealth
from bot.receive.in_flight import current
from bot.receive.inbox import Inbox
from bot.receive.receiver import Receiver
from bot.send.client import BotClient
from bot.send.gate import OutgoingGate
from bot.send.rate_limits import NO_LIMITS
from bot.updates import decode_update

TOKEN = "123456789:pretend-token-of-the-tests-0123456789"
GOOD = {
    "getMe": {"id": 1, "is_bot": True, "first_name": "Bot", "username": "some_bot"},
    "getMyCommands": [],
    "setMyCommands": True,
    "getMyDescription": {"description": ""},
    "setMyDescription": True,
    "getMyShortDescription": {"short_description": ""},
    "setMyShortDescription": True,
    "deleteWebhook": True,
    "setWebhook": True,
}
LOGIN_PAGE = (200, "<html>Please log in to this network</html>")


def refused(code, description, **parameters):
    """A refusal of the Bot API."""
    more = f', "parameters": {{"retry_after": {parameters["retry_after"]}}}' if parameters else ""
    return code, f'{{"ok": false, "error_code": {code}, "description": "{description}"{more}}}'


NOT_KNOWN = refused(401, "Unauthorized")
NOT_FOUND = refused(404, "Not Found")
DOWN = refused(502, "Bad Gateway")


def message(update_id, person=1):
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1,
            "chat": {"id": person, "type": "private"},
            "from": {"id": person, "is_bot": False, "first_name": "Somebody"},
            "text": "hello",
        },
    }


def accept(receiver, update, **more):
    """Have an update accepted, as it comes: as bytes."""
    data = json.dumps(update).encode()
    return receiver.accept(decode_update(data), data, **more)


class Server:
    """Answers a method with what is planned, one after the other, and then successfully."""

    def __init__(self):
        self.planned = {}
        self.calls = []
        self.given = []
        self.updates = []
        self.good = dict(GOOD)
        self.poll_waits = asyncio.Event()
        """Set when a poll waits for updates: all that was planned has been given."""

    async def answer(self, request):
        method = request.match_info["method"]
        given = await request.post()
        if request.content_type == "application/json":
            given = await request.json()
        self.calls.append(method)
        self.given.append((method, dict(given)))
        if planned := self.planned.get(method):
            code, text = planned.pop(0)
            return web.Response(status=code, text=text)
        if method == "getUpdates":
            return await self._updates(int(given.get("offset", 0)), int(given.get("timeout", 0)))
        return web.json_response({"ok": True, "result": self.good[method]})

    async def _updates(self, offset, timeout_s):
        self.updates = [one for one in self.updates if one["update_id"] >= offset]
        if not self.updates and timeout_s:
            self.poll_waits.set()
            await asyncio.Event().wait()
        return web.json_response({"ok": True, "result": self.updates})


class NoLedger:
    """A ledger where everything is durable."""

    async def settled(self):
        pass


class App:
    """A dispatcher without handlers: it records the updates."""

    def __init__(self, bot):
        self.bot = bot
        self.handled = []
        self.gates = {}
        self.interrupted = False

    async def dispatch(self, update):
        if gate := self.gates.get(update.update_id):
            await gate.wait()
        self.handled.append(update.update_id)
        current.get().interrupted = self.interrupted


class ReceiverHarness:
    """A receiver, its Bot API, and the pauses that it has asked for."""

    def __init__(self, server, url, folder):
        self.server = server
        gate = OutgoingGate(NoLedger(), NO_LIMITS)
        self.app = App(BotClient(TOKEN, url, gate))
        self.alive = True
        self.pauses_s = []
        self.problems = []
        self.on_pause = lambda: None
        self.health = ConnectionHealth(self.pause)
        self.health.problem = None
        self.inbox_path = folder / "inbox.jsonl"
        self.inbox = Inbox.open(self.inbox_path, 1)
        self.receiver = Receiver(self.app, self.inbox, BotHooks(), alive=lambda: self.alive)

    async def pause(self, seconds):
        self.pauses_s.append(seconds)
        self.problems.append(self.health.problem)
        self.on_pause()
        await asyncio.sleep(0)

    async def close(self):
        await self.receiver.close(0)
        await self.inbox.close()
        await self.app.bot.close()


@asynccontextmanager
async def receiver_harness(folder):
    server = Server()
    app = web.Application()
    app.add_routes([web.post("/bot{token}/{method}", server.answer)])
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        bench = ReceiverHarness(server, f"http://127.0.0.1:{runner.addresses[0][1]}", folder)
        await bench.app.bot.open()
        yield bench
        await bench.close()
    finally:
        await runner.cleanup()
