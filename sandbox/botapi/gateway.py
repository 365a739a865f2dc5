"""The entry point of the Bot API: checks the token, finds the method, and records the call.

It is also the one place where a refusal becomes an answer.
"""

from contextlib import suppress

import msgspec
from aiohttp import web

from sandbox.botapi.call import Call
from sandbox.botapi.errors import (
    METHOD_UNKNOWN,
    TOKEN_MALFORMED,
    UNAUTHORIZED,
    ApiError,
    bad_request,
)
from sandbox.botapi.methods import BY_LOWER_NAME, COUNTED_AS_MESSAGES, Method
from sandbox.botapi.params import Params, read_params
from sandbox.faults import DRIP_EVERY_S, Fault, as_error
from sandbox.provider import broken_off
from sandbox.shapes import Json
from sandbox.state import ApiCall, Sandbox


class Gateway:
    """`/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, whatever happens."""
        token = request.match_info["token"]
        if ":" not in token:
            return answer_error(ApiError(*TOKEN_MALFORMED))
        if token != self.sandbox.token:
            return answer_error(ApiError(*UNAUTHORIZED))
        try:
            params = await read_params(request)
        except ApiError as error:
            return answer_error(error)
        known = BY_LOWER_NAME.get(request.match_info["method"].lower())
        if known is None:
            self._journal(request.match_info["method"], params, ApiError(*METHOD_UNKNOWN))
            return answer_error(ApiError(*METHOD_UNKNOWN))
        name, method = known
        fault = self.sandbox.faults.take(name, params.integer("chat_id") or None)
        if fault is None:
            return await self._carry_out(name, method, params)
        return await self._with_fault(request, fault, name, method, params)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The content behind a file_path."""
        if request.match_info["token"] != self.sandbox.token:
            return answer_error(ApiError(*UNAUTHORIZED))
        stored = self.sandbox.files.at_path(request.match_info["path"])
        if stored is None:
            return answer_error(ApiError(404, "Not Found"))
        return web.Response(body=stored.content, content_type="application/octet-stream")

    async def _carry_out(self, name: str, method: Method, params: Params) -> web.Response:
        try:
            if self.sandbox.settings.logged_out and name != "logOut":
                raise bad_request("Logged out")
            if name in COUNTED_AS_MESSAGES:
                self.sandbox.faults.count_message(self.sandbox.clock())
            result = await method(Call(self.sandbox, params))
        except ApiError as error:
            self._journal(name, params, error)
            return answer_error(error)
        shown = msgspec.to_builtins(result)
        if name != "getUpdates":
            self._journal(name, params, None, shown)
        return as_json({"ok": True, "result": shown})

    async def _with_fault(
        self, request: web.Request, fault: Fault, name: str, method: Method, params: Params
    ) -> web.StreamResponse:
        """Fail as planned: before the call is carried out, or after."""
        outcome = None
        if fault.after or fault.kind == "slow":
            outcome = await self._carry_out(name, method, params)
        if fault.kind == "slow" and outcome is not None:
            await self.sandbox.faults.gate.hold(fault.delay_s)
            return outcome
        error = as_error(fault)
        if outcome is None:
            self._journal(name, params, error or ApiError(0, "connection dropped"))
        if fault.kind == "drip":
            return await self._drip(request)
        if error is None:
            return broken_off(request)
        return answer_error(error)

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        """Begin to answer, then one space a second until released; the answer never comes."""
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        with suppress(ConnectionError):
            await answer.prepare(request)
            gate = self.sandbox.faults.gate
            while not gate.pulse.closed and not await gate.hold(DRIP_EVERY_S):
                await answer.write(b" ")
        return broken_off(request)

    def _journal(
        self, name: str, params: Params, error: ApiError | None, result: object = None
    ) -> None:
        sandbox = self.sandbox
        sandbox.calls_made += 1
        call = ApiCall(sandbox.calls_made, name, params.for_journal(), sandbox.clock())
        if error is None:
            call.result = result
        else:
            call.ok, call.code, call.description = False, error.code, error.description
        sandbox.calls.append(call)
        sandbox.feed.pulse.beat()


def answer_error(error: ApiError) -> web.Response:
    """A refusal in Telegram's form."""
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.retry_after_s is not None:
        body["parameters"] = {"retry_after": error.retry_after_s}
    return as_json(body, status=error.code)


def as_json(body: object, status: int = 200) -> web.Response:
    """Any answer."""
    return web.Response(
        body=msgspec.json.encode(body), status=status, content_type="application/json"
    )
