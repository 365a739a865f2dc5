"""The panel over HTTP: reads the form, applies the planned fault, and answers."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import web

from sandbox.faults import SLOW_MAX_S
from sandbox.panel.actions import Request
from sandbox.panel.families import FirstFamily, SecondFamily, Shown
from sandbox.panel.faults import ACTIONS, PanelFault
from sandbox.panel.panel import Panel
from sandbox.provider import Behaviour, broken_off, planned_answer

PATHS: dict[str, type[FirstFamily]] = {
    "/panel/api/v2": FirstFamily,
    "/panel/api/v1": SecondFamily,
}
OTHER = "other"
"""How requests without a known action are counted."""


class PanelRoutes:
    """The handlers."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel

    def routes(self) -> list[web.RouteDef]:
        """Both families' addresses."""
        return [web.post(path, self.answer) for path in PATHS]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """`POST /panel/api/v2`, and v1."""
        with self.panel.answering():
            return await self._handle(request)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        action = str(form.get("action", "")).strip()
        counted = action if action in ACTIONS else OTHER
        requests = self.panel.state.requests
        requests[counted] = requests.get(counted, 0) + 1
        fault = self.panel.next_fault(counted, is_batch="orders" in form)
        self.panel.pulse.beat()
        if fault.kind == "break_before":
            return broken_off(request)
        await self._until_awake(fault)
        return await self._answer(request, form, fault)

    async def _until_awake(self, fault: PanelFault) -> None:
        """A request that wakes the panel waits, and all that come meanwhile wait with it."""
        if fault.kind == "wake":
            self.panel.sleeping += 1
            try:
                await self.panel.gate.hold(fault.delay_s)
            finally:
                self.panel.sleeping -= 1
                self.panel.pulse.beat()
        await self.panel.pulse.until(lambda: not self.panel.sleeping, SLOW_MAX_S)

    async def _answer(
        self, request: web.Request, form: Mapping[str, Any], fault: PanelFault
    ) -> web.StreamResponse:
        settings = self.panel.state.settings
        family = PATHS[request.path](settings.numbers, settings.currency)
        asked = Request(self.panel, family, form, fault)
        shown = asked.answer() if fault.acts else None
        self.panel.pulse.beat()
        match fault.kind:
            case "break_after":
                return broken_off(request)
            case "slow":
                await self.panel.gate.hold(fault.delay_s)
            case "error":
                return as_panel_json({"error": fault.words})
            case "bare_string":
                return as_panel_json(fault.words)
            case "half_json":
                body = msgspec.json.encode(shown)
                return _json_bytes(body[: len(body) // 2])
            case "cut_body":
                return await _cut(request, msgspec.json.encode(shown))
            case "status" | "body" | "html" | "empty" | "redirect":
                number = asked.recorded.order if asked.recorded else 0
                text = fault.words.replace("{order}", str(number))
                text = text.replace("{link}", asked.form.field("link"))
                planned = Behaviour(
                    fault.kind,
                    status=fault.status,
                    text=text,
                    retry_after_s=fault.retry_after_s,
                )
                return planned_answer(planned, number)
        return as_panel_json(shown)


def as_panel_json(shown: Shown) -> web.Response:
    """A complete answer."""
    return _json_bytes(msgspec.json.encode(shown))


def _json_bytes(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/json")


async def _cut(request: web.Request, body: bytes) -> web.StreamResponse:
    """Announce the whole body, send half of it, and break off."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    await asyncio.sleep(0)
    if request.transport is not None:
        request.transport.abort()
    return response
