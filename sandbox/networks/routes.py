"""What a network offers to pages and publishers: its script, its ads, and its dashboard."""

import asyncio
from pathlib import Path

import msgspec
from aiohttp import web
from msgspec import Struct

from sandbox.ad import ad_page
from sandbox.botapi.gateway import as_json
from sandbox.networks.network import Ad, AdNetwork, NetworkConfig, Networks, NewAd
from sandbox.networks.postbacks import Postbacks
from sandbox.people import PersonCannotError

SDK = Path(__file__).parent / "sdk"
FOR_ALL_PAGES = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}


class Closed(Struct):
    """The person has closed the ad."""

    finished: bool = False


class NetworkRoutes:
    """The handlers."""

    def __init__(self, networks: Networks, postbacks: Postbacks) -> None:
        self.networks = networks
        self.postbacks = postbacks

    def routes(self) -> list[web.RouteDef]:
        """All addresses of the networks."""
        names = "|".join(self.networks.by_name)
        root = f"/networks/{{network:{names}}}"
        ad = f"{root}/ads/{{ad:[0-9]+}}"
        return [
            web.get(f"{root}/sdk.js", self.script),
            web.get(f"{root}/offer", ad_page),
            web.post(f"{root}/preload", self.preload),
            web.post(f"{root}/ads", self.start),
            web.post(f"{ad}/closed", self.closed),
            web.post(f"{ad}/settled", self.settled),
            web.post(f"{root}/configure", self.configure),
        ]

    async def script(self, request: web.Request) -> web.Response:
        """`GET /networks/<name>/sdk.js`; 404 while it is planned to be blocked."""
        network = self._network(request)
        if network.script_is_blocked():
            return web.Response(status=404, headers=FOR_ALL_PAGES)
        parts = [(SDK / name).read_text("utf-8") for name in ("overlay.js", f"{network.name}.js")]
        text = "(() => {\n" + "\n".join(parts) + "\n})();\n"
        return web.Response(text=text, content_type="text/javascript", headers=FOR_ALL_PAGES)

    async def preload(self, request: web.Request) -> web.Response:
        """Find an ad for a later call."""
        network = self._network(request)
        plan = network.preload(msgspec.json.decode(await request.read(), type=NewAd))
        await network.pulse.pause(plan.load_s)
        return _for_all_pages({"screen": plan.screen, "text": plan.text})

    async def start(self, request: web.Request) -> web.Response:
        """Show an ad, or say why not."""
        network = self._network(request)
        ad = network.start(msgspec.json.decode(await request.read(), type=NewAd))
        await network.pulse.pause(ad.plan.load_s)
        self.postbacks.ad_started(network, ad)
        answer = {
            "ad": ad.number,
            "screen": ad.plan.screen,
            "text": ad.plan.text,
            "reward": ad.plan.reward,
            "countdown_s": network.config.countdown_s,
        }
        return _for_all_pages(answer)

    async def closed(self, request: web.Request) -> web.Response:
        """The ad was closed; the answer comes when what must be sent before the promise was."""
        network, ad = self._network(request), self._ad(request)
        ad.finished = msgspec.json.decode(await request.read(), type=Closed).finished
        ad.closed = True
        # A page that goes away does not stop a postback.
        await asyncio.shield(asyncio.ensure_future(self.postbacks.ad_closed(network, ad)))
        return _for_all_pages({})

    async def settled(self, request: web.Request) -> web.Response:
        """The page's promise has settled."""
        network, ad = self._network(request), self._ad(request)
        ad.settled = True
        self.postbacks.promise_settled(network, ad)
        network.pulse.beat()
        return _for_all_pages({})

    async def configure(self, request: web.Request) -> web.Response:
        """The publisher's settings, in place of those before."""
        config = msgspec.json.decode(await request.read(), type=NetworkConfig)
        config.check()
        self._network(request).config = config
        return as_json(config)

    def _network(self, request: web.Request) -> AdNetwork:
        return self.networks.by_name[request.match_info["network"]]

    def _ad(self, request: web.Request) -> Ad:
        ad = self._network(request).ads.get(int(request.match_info["ad"]))
        if ad is None:
            raise PersonCannotError(f"there is no ad {request.match_info['ad']}")
        return ad


def _for_all_pages(body: object) -> web.Response:
    """An answer that the page of any publisher may read."""
    answer = as_json(body)
    answer.headers.update(FOR_ALL_PAGES)
    return answer
