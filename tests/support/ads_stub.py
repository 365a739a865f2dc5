"""A server that speaks the ad page's contract and says what a test wants, with the page itself.

The network's and Telegram's scripts are fakes under `/fake/`. The answer's policy is as strict as
it can be, so a page that needs more than its own files complains.
"""

import asyncio
import json
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from i18n import Translators
from web.ads_page import AdsPageConfig, render_ads_page
from web.language import reader_of
from web.pages import FILES

TRANSLATORS = Translators(strict=True)
FAKES = Path(__file__).with_name("ads_fakes.js")
NONCE = "n0nce"
POLICY = (
    f"default-src 'none'; script-src 'nonce-{NONCE}' 'strict-dynamic'; style-src 'nonce-{NONCE}'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
STATE = {
    "status": "ready",
    "balance_points": 40,
    "ads_today": 3,
    "ads_per_day_max": 100,
    "cooldown_s": 30,
    "cooldown_left_s": 0,
    "resets_in_s": 18_720,
    "reward_points": 1,
    "order_metric": "views",
    "order_min_quantity": 10,
    "order_min_points": 100,
    "bot_username": "viewbank_test_bot",
    "channel": "",
}
CONFIGS = {
    "monetag": {"sdk_url": "/fake/monetag.js", "zone": "777", "function": "show_777"},
    "adsgram": {"sdk_url": "/fake/adsgram.js", "block_id": "4321"},
}


class AdsStub:
    """The server. `state`, `networks` and `problems` are for the test to change."""

    def __init__(self):
        self.state = dict(STATE)
        self.networks = ("monetag", "adsgram")
        self.problems = {}
        """By the last word of the path: the status and the error that it answers with."""
        self.calls = []
        self.sessions = 0
        self.token = "t0k3n"
        self.streams = set()
        self.news = asyncio.Event()
        self.server = TestServer(self._app())

    def _app(self):
        app = web.Application()
        app.add_routes(
            [
                web.get("/ads", self._page),
                web.get("/static/{name}", self._file),
                web.get("/fake/{name}", self._fake),
                web.post("/ads/api/enter", self._enter),
                web.post("/ads/api/start", self._start),
                web.post("/ads/api/done", self._done),
                web.get("/ads/api/events", self._events),
            ]
        )
        app.on_response_prepare.append(self._add_policy)
        app.on_shutdown.append(self._hang_up)
        return app

    async def __aenter__(self):
        await self.server.start_server()
        return self

    async def __aexit__(self, *_exc):
        self.cut_streams()
        await self.server.close()

    def url(self, path="/ads"):
        return str(self.server.make_url("")).rstrip("/") + path

    def tell(self, **changes):
        """Change the state and send it down all streams."""
        self.state |= changes
        self._send("state", self.state)

    def credit(self, amount_points=1, **changes):
        """Pay an ad, as the postback does."""
        self.state["balance_points"] += amount_points
        self.state["ads_today"] += 1
        self.state |= {"status": "cooldown", "cooldown_left_s": 30} | changes
        self._send("credited", {"amount_points": amount_points, "session": f"s{self.sessions}"})
        self._send("state", self.state)

    def cut_streams(self):
        for stream in self.streams:
            stream.put_nowait(None)

    def fail(self, name, status, **error):
        self.problems[name] = (status, error)

    async def until(self, condition):
        """Wait until this is so; it is asked again after every call."""
        async with asyncio.timeout(10):
            while not condition():
                self.news.clear()
                await self.news.wait()

    def asked(self, name):
        """The bodies of all calls of this name."""
        return [body for called, body in self.calls if called == name]

    def _send(self, name, value):
        for stream in self.streams:
            stream.put_nowait(f"event: {name}\ndata: {json.dumps(value)}\n\n")

    async def _page(self, request):
        config = AdsPageConfig("viewbank_test_bot", self.networks, NONCE, "/fake/telegram.js")
        page = render_ads_page(reader_of(request, TRANSLATORS), config)
        return web.Response(text=page, content_type="text/html")

    async def _file(self, request):
        return web.FileResponse(FILES[request.match_info["name"]])

    async def _fake(self, _request):
        return web.FileResponse(FAKES)

    async def _enter(self, request):
        body = await request.json()
        return self._answer("enter", body, lambda: {"token": self.token, "state": self.state})

    async def _start(self, request):
        body = await request.json()
        return self._answer("start", body, lambda: self._session(body["network"]), request)

    def _session(self, network):
        self.sessions += 1
        return {
            "session": f"s{self.sessions}",
            "network": network,
            "config": CONFIGS[network],
            "expires_in_s": 900,
            "state": self.state,
        }

    async def _done(self, request):
        return self._answer("done", await request.json(), lambda: self.state, request)

    def _answer(self, name, body, answer, request=None):
        self.calls.append((name, body))
        self.news.set()
        if name in self.problems:
            status, error = self.problems[name]
            problem = {"error": error}
            if status == 409:
                problem["state"] = self.state
            return web.json_response(problem, status=status)
        if request and request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"error": {"code": "expired"}}, status=401)
        return web.json_response(answer())

    async def _events(self, request):
        self.calls.append(("events", request.query_string))
        if "events" in self.problems:
            status, error = self.problems["events"]
            return web.json_response({"error": error}, status=status)
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"error": {"code": "expired"}}, status=401)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        stream = asyncio.Queue()
        stream.put_nowait(f"event: state\ndata: {json.dumps(self.state)}\n\n: still here\n\n")
        self.streams.add(stream)
        self.news.set()
        try:
            while (event := await stream.get()) is not None:
                await response.write(event.encode())
        finally:
            self.streams.discard(stream)
        return response

    async def _add_policy(self, _request, response):
        response.headers["Content-Security-Policy"] = POLICY

    async def _hang_up(self, _app):
        self.cut_streams()
