"""The panel's part of the control API: its plan, its records, and what tests set by hand."""

from typing import Any, TypeVar

import msgspec
from aiohttp import web
from msgspec import Struct

from sandbox.botapi.gateway import as_json
from sandbox.control_people import WAIT_MAX_S
from sandbox.panel.catalogue import Service
from sandbox.panel.faults import Chaos, PanelFault
from sandbox.panel.money import micro_of, text_of
from sandbox.panel.orders import ENDS, ByHand, End, PanelOrder
from sandbox.panel.panel import Panel, PanelControlError
from sandbox.panel.state import PanelSettings
from sandbox.shapes import Json

T = TypeVar("T")
LAST_SHOWN = 5


class PanelScript(Struct, forbid_unknown_fields=True):
    """The next faults; each request takes the first one that fits."""

    script: list[PanelFault]


class PanelEnds(Struct, forbid_unknown_fields=True):
    """How the next orders end: names, or ends in detail."""

    ends: list[str | End]


class NewBalance(Struct, forbid_unknown_fields=True):
    """The money at the panel, as decimal text."""

    balance: str


class PanelControls:
    """The handlers."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel

    def routes(self) -> list[web.RouteDef]:
        """All routes of this part."""
        root = "/sandbox/panel"
        service = f"{root}/services/{{service:[0-9]+}}"
        return [
            web.get(root, self.all),
            web.get(f"{root}/last", self.last),
            web.post(f"{root}/faults", self.script),
            web.post(f"{root}/chaos", self.chaos),
            web.delete(f"{root}/faults", self.calm),
            web.post(f"{root}/release", self.release),
            web.post(f"{root}/ends", self.ends),
            web.post(f"{root}/settings", self.settings),
            web.post(f"{root}/balance", self.balance),
            web.post(service, self.change_service),
            web.delete(service, self.remove_service),
            web.post(f"{root}/orders/{{order:[0-9]+}}", self.set_order),
        ]

    async def all(self, request: web.Request) -> web.Response:
        """Everything; may wait for a number of requests (of an action), orders or slow answers."""
        query, panel = request.query, self.panel
        wait_s = msgspec.convert(query.get("wait_s", "0"), float, strict=False)
        action = query.get("action", "")
        requests, orders, waiting = (
            msgspec.convert(query.get(name, "0"), int, strict=False)
            for name in ("requests", "orders", "waiting")
        )
        within_s = min(wait_s, WAIT_MAX_S)

        def enough() -> bool:
            seen = panel.state.requests.get(action, 0) if action else panel.requests
            return seen >= requests and len(panel.state.orders) >= orders

        await panel.pulse.until(enough, within_s)
        await panel.gate.until_waiting(waiting, within_s)
        panel.advance()
        return as_json(
            {
                **msgspec.to_builtins(panel.state),
                "orders": [self._shown(order) for order in panel.state.orders],
                "balance": text_of(panel.state.balance_micro),
                "waiting": panel.gate.waiting,
            }
        )

    async def last(self, _request: web.Request) -> web.Response:
        """The last orders and the plan in short: what the chat page shows."""
        self.panel.advance()
        names = {one.service: one.name for one in self.panel.state.services}
        orders = [
            {**self._shown(order), "name": names.get(order.service, "")}
            for order in self.panel.state.orders[: -LAST_SHOWN - 1 : -1]
        ]
        return as_json(
            {
                "orders": orders,
                "ends": self.panel.state.ends,
                "balance": text_of(self.panel.state.balance_micro),
                "currency": self.panel.state.settings.currency,
            }
        )

    async def script(self, request: web.Request) -> web.Response:
        """Set the next faults, in place of those set before."""
        given = msgspec.json.decode(await request.read(), type=PanelScript)
        self.panel.state.script = given.script
        return as_json(given, status=201)

    async def chaos(self, request: web.Request) -> web.Response:
        """Let chance decide where the script has nothing; with no odds, it stops."""
        chaos = msgspec.json.decode(await request.read(), type=Chaos)
        for name in chaos.ends:
            _known_end(name)
        self.panel.state.chaos = chaos
        return as_json(chaos, status=201)

    async def calm(self, _request: web.Request) -> web.Response:
        """Answer normally again; orders, settings and the catalogue stay."""
        hits = sum(fault.hits for fault in self.panel.state.script)
        return as_json({"hits": hits, "released": self.panel.calm()})

    async def release(self, _request: web.Request) -> web.Response:
        """Release slow answers, and wake the panel up."""
        return as_json({"released": self.panel.gate.release()})

    async def ends(self, request: web.Request) -> web.Response:
        """Set how the next orders end, in place of what was set before."""
        given = msgspec.json.decode(await request.read(), type=PanelEnds)
        self.panel.state.ends = [
            one if isinstance(one, End) else _known_end(one) for one in given.ends
        ]
        return as_json({"ends": self.panel.state.ends}, status=201)

    async def settings(self, request: web.Request) -> web.Response:
        """Change the settings that are given."""
        changed = _merged(self.panel.state.settings, await request.read(), PanelSettings)
        self.panel.state.settings = changed
        return as_json(changed)

    async def balance(self, request: web.Request) -> web.Response:
        """Set the money at the panel."""
        given = msgspec.json.decode(await request.read(), type=NewBalance)
        self.panel.state.balance_micro = micro_of(given.balance)
        return as_json({"balance": text_of(self.panel.state.balance_micro)})

    async def change_service(self, request: web.Request) -> web.Response:
        """Change what is given of a service; a new id needs at least `name` and `rate`."""
        number = int(request.match_info["service"])
        known = self.panel.service(number)
        service = _merged(known or {"service": number}, await request.read(), Service)
        if service.service != number:
            raise PanelControlError("a service keeps its id")
        others = [one for one in self.panel.state.services if one.service != number]
        self.panel.state.services = sorted([*others, service], key=lambda one: one.service)
        return as_json(service)

    async def remove_service(self, request: web.Request) -> web.Response:
        """A service vanishes; its orders stay."""
        service = self.panel.service(int(request.match_info["service"]))
        if service is None:
            raise PanelControlError("there is no such service")
        self.panel.state.services.remove(service)
        return as_json(service)

    async def set_order(self, request: web.Request) -> web.Response:
        """Set what an order shows."""
        given = msgspec.json.decode(await request.read(), type=ByHand)
        seen = self.panel.set_order(int(request.match_info["order"]), given)
        return as_json(self._shown(seen.order))

    def _shown(self, order: PanelOrder) -> Json:
        seen = self.panel.view(order)
        return {
            **msgspec.to_builtins(order),
            "status": seen.status,
            "remains": seen.remains,
            "start_count": seen.start_count,
            "charge": self.panel.charge(seen),
        }


def _known_end(name: str) -> End:
    if name not in ENDS:
        raise PanelControlError(f"{name!r} is no end of an order; there are {', '.join(ENDS)}")
    return msgspec.structs.replace(ENDS[name])


def _merged(known: Struct | Json, body: bytes, to: type[T]) -> T:
    """What is known, with what the body gives in place of it."""
    given = msgspec.json.decode(body, type=dict[str, Any])
    return msgspec.convert({**msgspec.to_builtins(known), **given}, to)
