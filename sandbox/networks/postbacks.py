"""The network's server: calls the publisher's postback address as planned."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from urllib.parse import quote, urlsplit, urlunsplit

import aiohttp
from aiohttp import web
from yarl import URL

from sandbox.networks.network import Ad, AdNetwork
from sandbox.networks.plans import PostbackPlan

TIMEOUT = aiohttp.ClientTimeout(total=10)
SUB_ZONE_STEP = 7
TEXT_MAX = 200
REPEAT_PAUSE_S = 1.0


class Postbacks:
    """Sends the postbacks of all networks; each has a task of its own."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting: dict[tuple[str, int], asyncio.Task[None]] = {}

    async def serve(self, _app: web.Application) -> AsyncIterator[None]:
        """Hold the HTTP client while the sandbox runs."""
        self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        yield
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    def ad_started(self, network: AdNetwork, ad: Ad) -> None:
        """Send what is due when the ad starts to render."""
        if network.name != "adsgram":  # its reward address is called for a whole ad only
            key = (network.name, ad.number)
            task = self._in_background(self._send_all(network, ad, "start"))
            self._starting[key] = task
            task.add_done_callback(lambda _: self._starting.pop(key, None))

    async def ad_closed(self, network: AdNetwork, ad: Ad) -> None:
        """Send what is due before the promise settles; wait for those without delay."""
        if network.name == "adsgram":
            if not ad.finished:
                return
            await self._send_all(network, ad, "start")
        elif starting := self._starting.get((network.name, ad.number)):
            await starting  # the order of the plan is the order of sending
        await self._send_all(network, ad, "before")

    def promise_settled(self, network: AdNetwork, ad: Ad) -> None:
        """Send what is due after the promise has settled."""
        if network.name != "adsgram" or ad.finished:
            self._in_background(self._send_all(network, ad, "after"))

    async def _send_all(self, network: AdNetwork, ad: Ad, when: str) -> None:
        if ad.asked.debug or ad.plan.screen not in {"ad", "never_settles"}:
            return
        for plan in ad.plan.postbacks:
            if plan.when != when or not _is_sent_by(network, plan):
                continue
            copies = [self._send(network, ad, plan) for _ in range(plan.times)]
            if plan.delay_s:
                for copy in copies:
                    self._in_background(copy)
            else:
                await asyncio.gather(*copies)

    async def _send(self, network: AdNetwork, ad: Ad, plan: PostbackPlan) -> None:
        if plan.delay_s:
            await network.gate.hold(plan.delay_s)
        if not network.config.postback_url:
            return
        url = postback_address(network, ad, plan)
        if not await self._attempt(network, ad, url):
            self._in_background(self._repeat(network, ad, url))

    async def _attempt(self, network: AdNetwork, ad: Ad, url: str) -> bool:
        status, text = await self._get(url)
        network.sent(ad, url, status, text)
        return status == web.HTTPOk.status_code

    async def _repeat(self, network: AdNetwork, ad: Ad, url: str) -> None:
        for repeat in range(network.config.repeats):
            await network.pulse.pause(REPEAT_PAUSE_S * 2**repeat)
            if await self._attempt(network, ad, url):
                return

    async def _get(self, url: str) -> tuple[int, str]:
        if self._session is None:
            raise RuntimeError("the sandbox is not being served")
        try:
            async with self._session.get(URL(url), allow_redirects=False) as answer:
                return answer.status, (await answer.text(errors="replace"))[:TEXT_MAX]
        except (aiohttp.ClientError, TimeoutError) as error:
            return 0, str(error) or type(error).__name__

    def _in_background(self, sending: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(sending)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def postback_address(network: AdNetwork, ad: Ad, plan: PostbackPlan) -> str:
    """The publisher's address with the macros replaced, and with the planned mistakes."""
    asked = ad.asked
    person = asked.telegram_id
    if plan.other_user and person.isdecimal():
        person = str(int(person) + 1)
    zone = asked.zone
    macros = {
        "{ymid}": asked.ymid or asked.telegram_id,
        "{zone_id}": zone,
        "{sub_zone_id}": str(int(zone) + SUB_ZONE_STEP) if zone.isdecimal() else "",
        "{request_var}": asked.request_var,
        "{telegram_id}": person,
        "{event_type}": plan.event,
        "{reward_event_type}": plan.reward,
        "{estimated_price}": plan.price,
    }
    if network.name == "adsgram":
        macros = {"[userId]": person}
    url = network.config.postback_url
    if plan.wrong_secret:
        url = _with_wrong_secret(url)
    for macro, value in macros.items():
        if macro[1:-1] not in plan.unreplaced:
            url = url.replace(macro, quote(value, safe=""))
    return url


def _is_sent_by(network: AdNetwork, plan: PostbackPlan) -> bool:
    """AdsGram calls the reward address, or not: it has no unpaid events and no clicks."""
    return network.name != "adsgram" or (plan.reward, plan.event) == ("valued", "impression")


def _with_wrong_secret(url: str) -> str:
    """The secret is the parameter `secret`, or else the last part of the path."""
    parts = urlsplit(url)
    query = parts.query.split("&")
    wrong = "wrong-secret-0123456789"
    if any(one.startswith("secret=") for one in query):
        changed = [f"secret={wrong}" if one.startswith("secret=") else one for one in query]
        return urlunsplit(parts._replace(query="&".join(changed)))
    path = parts.path.rpartition("/")[0]
    return urlunsplit(parts._replace(path=f"{path}/{wrong}"))
