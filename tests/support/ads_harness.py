"""The ad page's web side on a real ledger: people, sessions, and the networks' calls."""

from collections import Counter
from urllib.parse import urlencode

from ads.metrics_hooks import AdHooks
from ads.networks.adsgram import Adsgram
from ads.networks.monetag import Monetag
from ads.service import AdService, everybody
from support.init_data import BOT_TOKEN, init_data_of
from support.web_harness import WebHarness
from web.ad_endpoints import AdEndpoints
from web.ad_streams import AdStreams
from web.ad_traces import AdTraces
from web.request_rates import RequestRate

SECRET = "right_secret-0123456789"
OLD_SECRET = "older_secret-0123456789"
NETWORKS = (
    Monetag("123", "https://libtl.com/sdk.js"),
    Adsgram("9", "https://sad.adsgram.ai/js/sad.min.js"),
)
ANNA, BEN, STRANGER = 7_000_000_001, 42, 99
COOLDOWN_MS = 30_000


class Counts(AdHooks):
    """Counts what happens."""

    def __init__(self):
        self.postbacks = Counter()
        self.sessions = Counter()
        self.pages = Counter()

    def session_started(self, network):
        self.sessions[network] += 1

    def page_ended(self, network, outcome):
        self.pages[network, outcome] += 1

    def postback(self, network, outcome):
        self.postbacks[network, outcome] += 1


class AdWorld(WebHarness):
    """A web app with ads, and Anna and Ben who have joined."""

    async def open(self):
        await super().open()
        self.counts = Counts()
        self.traces = AdTraces(self.ledger)
        for user_id in (ANNA, BEN):
            await self.join(user_id)

    def endpoints(self, networks=NETWORKS, *, streams=None, may_earn=everybody, **others):
        service = AdService(
            self.ledger,
            BOT_TOKEN,
            networks,
            bot_username=lambda: self.bot_username,
            may_earn=may_earn,
            hooks=self.counts,
        )
        given = {
            "service": service,
            "streams": AdStreams(service, **(streams or {})),
            "traces": self.traces,
            "postback_secrets": (SECRET, OLD_SECRET),
            # Tests are faster than people.
            "per_user": RequestRate(1000, 1000),
        }
        return AdEndpoints(**(given | others))

    async def serve_ads(self, *args, **others):
        """A client of a web app with these endpoints."""
        return await self.serve(ads=self.endpoints(*args, **others))

    async def enter(self, user_id=ANNA):
        """The headers with the token of a person who has opened the page."""
        body = {"init_data": init_data_of(user_id, self.now_ms // 1000)}
        answer = await self.client.post("/ads/api/enter", json=body)
        assert answer.status == 200, await answer.text()
        return {"Authorization": f"Bearer {(await answer.json())['token']}"}

    async def start(self, user_id=ANNA, network=""):
        """A session of this person's next ad."""
        answer = await self.client.post(
            "/ads/api/start", json={"network": network}, headers=await self.enter(user_id)
        )
        body = await answer.json()
        assert answer.status == 200, body
        return body["session"]

    async def tell(self, network="monetag", secret=SECRET, **fields):
        """The network calls; the status of its answer."""
        answer = await self.client.get(f"/postback/{network}/{secret}?{urlencode(fields)}")
        await answer.read()
        return answer.status

    async def shown(self, session, paid="valued", kind="impression", **fields):
        """Monetag says that an ad was shown."""
        return await self.tell(ymid=session, event_type=kind, reward_event_type=paid, **fields)

    def paid(self, user_id=ANNA):
        """How many ads this person was paid for."""
        return self.ledger.state.users[user_id].ads_watched

    def outcomes(self):
        """What became of the networks' calls, without zeros."""
        return {outcome: count for (_, outcome), count in self.counts.postbacks.items()}
