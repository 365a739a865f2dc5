"""The simulated order provider: `GET /provider/order?video=…&qty=…`, answered as configured.

It records every order that it accepted and every request that it received, so a test can check
that nothing is sent twice. A slow answer ends when the test releases it.
"""

from collections.abc import Callable
from typing import Literal

from aiohttp import web
from msgspec import Struct, field

from sandbox.faults import SLOW_MAX_S, Gate
from sandbox.feed import Pulse

FIRST_ORDER_ID = 23_501

BehaviourKind = Literal[
    "ok",  # {"order": 23501}
    "ok_text",  # {"order": "23501"}
    "error",  # 200 with {"error": text} and no order
    "status",  # the given status with {"error": text}
    "body",  # the given status with the text as it is, and the link in place of {video}
    "html",  # 200 with a page
    "empty",  # 200 with nothing
    "redirect",  # 302
    "slow",  # takes the order, then holds back the answer
    "break_after",  # takes the order, then breaks off the connection
    "break_before",  # breaks off without taking the order
]


class Behaviour(Struct, forbid_unknown_fields=True):
    """How the provider answers."""

    kind: BehaviourKind = "ok"
    times: int | None = 1
    """For how many requests; None until changed."""
    status: int = 500
    text: str = "neworder.error.not_enough_funds"
    takes_order: bool = False
    """For a `status`, `body`, `html`, `empty` or `redirect` answer: the order exists anyway."""
    retry_after_s: int = 0
    delay_s: float = SLOW_MAX_S


class ReceivedOrder(Struct):
    """An order that the provider accepted."""

    order: int
    video: str
    qty: int
    at: float


class ProviderState(Struct):
    """What survives a restart."""

    requests: int = 0
    """Every request that arrived, answered or not."""
    orders: list[ReceivedOrder] = field(default_factory=list)
    script: list[Behaviour] = field(default_factory=list)


class Provider:
    """The provider's orders and its plan for the next requests."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.state = ProviderState()
        self.gate = Gate()
        self.pulse = Pulse()
        self._clock = clock

    def behaviour(self) -> Behaviour:
        """The planned answer to this request; accepted if nothing is planned."""
        if not self.state.script:
            return Behaviour()
        first = self.state.script[0]
        if first.times is not None:
            first.times -= 1
            if first.times <= 0:
                self.state.script.pop(0)
        return first

    def take(self, video: str, qty: int) -> ReceivedOrder:
        """Record an order."""
        order = ReceivedOrder(FIRST_ORDER_ID + len(self.state.orders), video, qty, self._clock())
        self.state.orders.append(order)
        return order

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """`GET /provider/order`."""
        self.state.requests += 1
        plan = self.behaviour()
        try:
            return await self._answer(request, plan)
        finally:
            self.pulse.beat()

    async def _answer(self, request: web.Request, plan: Behaviour) -> web.StreamResponse:
        if plan.kind == "break_before":
            return broken_off(request)
        video, qty_text = request.query.get("video", ""), request.query.get("qty", "")
        if not video or not qty_text.isascii() or not qty_text.isdigit():
            return web.json_response({"error": "video and a whole qty are required"}, status=400)
        takes = plan.kind in {"ok", "ok_text", "slow", "break_after"} or plan.takes_order
        taken = self.take(video, int(qty_text)) if takes else None
        self.pulse.beat()
        if plan.kind == "break_after":
            return broken_off(request)
        if plan.kind == "slow":
            await self.gate.hold(plan.delay_s)
        return planned_answer(plan, taken.order if taken else 0, video)


def planned_answer(plan: Behaviour, number: int, video: str = "") -> web.Response:
    """A complete answer, successful or not."""
    headers = {"Retry-After": str(plan.retry_after_s)} if plan.retry_after_s else {}
    match plan.kind:
        case "ok_text":
            return web.json_response({"order": str(number)})
        case "error":
            return web.json_response({"error": plan.text})
        case "status":
            return web.json_response({"error": plan.text}, status=plan.status, headers=headers)
        case "body":
            text = plan.text.replace("{video}", video)
            return web.Response(text=text, status=plan.status, content_type="application/json")
        case "html":
            page = "<!doctype html><title>Maintenance</title><p>We will be back soon.</p>"
            return web.Response(text=page, content_type="text/html")
        case "empty":
            return web.Response()
        case "redirect":
            return web.Response(status=302, headers={"Location": "/provider/elsewhere"})
        case "ok" | "slow" | "break_after" | "break_before":
            return web.json_response({"order": number})


def broken_off(request: web.Request) -> web.Response:
    """Close the connection without an answer; the returned response is not sent."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
