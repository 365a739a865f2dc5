"""The ad networks' part of the control API: what the next ads do, and what was sent."""

import msgspec
from aiohttp import web
from msgspec import Struct

from sandbox.botapi.gateway import as_json
from sandbox.control_people import WAIT_MAX_S
from sandbox.networks.network import AdNetwork, Networks
from sandbox.networks.plans import PRESETS, Step, plan_of
from sandbox.people import PersonCannotError
from sandbox.shapes import Json

LAST_SHOWN = 5


class NetworkScript(Struct, forbid_unknown_fields=True):
    """The next ads, in order."""

    script: list[Step]


class NetworkControls:
    """The handlers."""

    def __init__(self, networks: Networks) -> None:
        self.networks = networks

    def routes(self) -> list[web.RouteDef]:
        """All routes of this part."""
        one = "/sandbox/networks/{network}"
        return [
            web.get("/sandbox/networks", self.all),
            web.get(one, self.one),
            web.post(one, self.script),
            web.delete(one, self.calm),
            web.post(f"{one}/release", self.release),
        ]

    async def all(self, _request: web.Request) -> web.Response:
        """The networks in short, and the presets: what the chat page shows."""
        presets = [{"name": name, "label": preset.label} for name, preset in PRESETS.items()]
        shown = [self._in_short(network) for network in self.networks.by_name.values()]
        return as_json({"networks": shown, "presets": presets})

    async def one(self, request: web.Request) -> web.Response:
        """All ads and postbacks; may wait for a number of them, or of late postbacks."""
        network = self._network(request)
        query = request.query
        wait_s = msgspec.convert(query.get("wait_s", "0"), float, strict=False)
        ads, postbacks, late = (
            msgspec.convert(query.get(name, "0"), int, strict=False)
            for name in ("ads", "postbacks", "late")
        )
        within_s = min(wait_s, WAIT_MAX_S)

        def enough() -> bool:
            return network.ads_started >= ads and len(network.postbacks) >= postbacks

        await network.pulse.until(enough, within_s)
        await network.gate.until_waiting(late, within_s)
        return as_json(
            {
                **self._in_short(network),
                "ads": list(network.ads.values()),
                "postbacks": network.postbacks,
                "late": network.gate.waiting,
            }
        )

    async def script(self, request: web.Request) -> web.Response:
        """Set what the next ads do, in place of what was set before."""
        network = self._network(request)
        given = msgspec.json.decode(await request.read(), type=NetworkScript)
        for step in given.script:
            if step.plan is None and step.preset not in PRESETS:
                raise PersonCannotError(
                    f"{step.preset!r} is no outcome of an ad; there are {', '.join(PRESETS)}"
                )
        network.script = [plan_of(step) for step in given.script]
        return as_json(self._in_short(network), status=201)

    async def calm(self, request: web.Request) -> web.Response:
        """Show and pay normally again, and send late postbacks at once."""
        return as_json({"released": self._network(request).calm()})

    async def release(self, request: web.Request) -> web.Response:
        """Send late postbacks at once."""
        return as_json({"released": self._network(request).gate.release()})

    def _network(self, request: web.Request) -> AdNetwork:
        name = request.match_info["network"]
        if name not in self.networks.by_name:
            raise PersonCannotError(f"there is no network {name!r}")
        return self.networks.by_name[name]

    def _in_short(self, network: AdNetwork) -> Json:
        return {
            "name": network.name,
            "config": network.config,
            "script": network.script,
            "ads_started": network.ads_started,
            "last_postbacks": network.postbacks[-LAST_SHOWN:],
        }
