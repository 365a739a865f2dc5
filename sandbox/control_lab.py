"""The tests' part of the control API: planned faults, repeated updates, and what the bot did."""

import math
from typing import Literal

import msgspec
from aiohttp import web
from msgspec import Struct

from sandbox.botapi.gateway import as_json
from sandbox.control_people import WAIT_MAX_S
from sandbox.faults import Fault
from sandbox.people import PersonCannotError
from sandbox.provider import Behaviour
from sandbox.state import ApiCall, Sandbox


class Repeat(Struct, forbid_unknown_fields=True):
    """An update to be delivered again."""

    new_id: bool = False


class Limits(Struct, forbid_unknown_fields=True):
    """The limit on the bot's messages; None switches it off."""

    messages_per_s: int | None = None


class Script(Struct, forbid_unknown_fields=True):
    """The provider's next answers, in order."""

    script: list[Behaviour]


class ChannelSetup(Struct, forbid_unknown_fields=True):
    """A channel."""

    bot_is_admin: bool = True


class MemberSetup(Struct, forbid_unknown_fields=True):
    """What somebody is in a channel, in Telegram's words."""

    user_id: int
    status: Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
    is_member: bool = False


class Lab:
    """The handlers."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def updates(self, _request: web.Request) -> web.Response:
        """Every update so far, and those that the bot has not confirmed."""
        queue = self.sandbox.updates
        shown = [
            {**update.as_json(), "kind": update.kind, "chat_id": update.chat_id}
            for update in queue.history
        ]
        pending = [update.update_id for update in queue.state.pending]
        return as_json({"updates": shown, "pending": pending})

    async def repeat(self, request: web.Request) -> web.Response:
        """Deliver an update again."""
        how = msgspec.json.decode(await request.read() or b"{}", type=Repeat)
        update_id = int(request.match_info["update_id"])
        return as_json(self.sandbox.updates.repeat(update_id, new_id=how.new_id).as_json())

    async def set_channel(self, request: web.Request) -> web.Response:
        """Add a channel, or change whether the bot is an administrator there."""
        how = msgspec.json.decode(await request.read() or b"{}", type=ChannelSetup)
        name = request.match_info["name"]
        return as_json(self.sandbox.add_channel(name, bot_is_admin=how.bot_is_admin), status=201)

    async def set_member(self, request: web.Request) -> web.Response:
        """Let somebody join a channel, leave it, or be restricted in it."""
        who = msgspec.json.decode(await request.read(), type=MemberSetup)
        channel = self.sandbox.channels.get(request.match_info["name"].lower())
        if channel is None:
            raise PersonCannotError("there is no such channel")
        channel.statuses[who.user_id] = who.status
        channel.still_in = [one for one in channel.still_in if one != who.user_id]
        if who.is_member:
            channel.still_in.append(who.user_id)
        return as_json(channel)

    async def calls(self, request: web.Request) -> web.Response:
        """The bot's calls after a number, of one method or all; may wait for the first."""
        query = request.query
        after = msgspec.convert(query.get("after", "0"), int, strict=False)
        wait_s = msgspec.convert(query.get("wait_s", "0"), float, strict=False)
        method = query.get("method", "").lower()

        def found() -> list[ApiCall]:
            return [
                call
                for call in self.sandbox.calls
                if call.number > after and (not method or call.method.lower() == method)
            ]

        calls = await self.sandbox.feed.pulse.until(found, min(wait_s, WAIT_MAX_S))
        return as_json({"calls": calls or [], "last": self.sandbox.calls_made})

    async def faults(self, _request: web.Request) -> web.Response:
        """What is planned, and how often each fired."""
        faults = self.sandbox.faults
        return as_json({"faults": faults.planned, "slow_calls": faults.gate.waiting})

    async def add_fault(self, request: web.Request) -> web.Response:
        """Plan a fault."""
        fault = msgspec.json.decode(await request.read(), type=Fault)
        self.sandbox.faults.planned.append(fault)
        return as_json(fault, status=201)

    async def clear_faults(self, _request: web.Request) -> web.Response:
        """Clear all planned faults; the answer has how often each fired."""
        return as_json({"faults": self.sandbox.faults.clear()})

    async def release_slow(self, _request: web.Request) -> web.Response:
        """Release slow calls."""
        return as_json({"released": self.sandbox.faults.gate.release()})

    async def set_limits(self, request: web.Request) -> web.Response:
        """Switch the limit on messages on or off."""
        limits = msgspec.json.decode(await request.read(), type=Limits)
        self.sandbox.faults.messages_per_s = limits.messages_per_s
        return as_json(limits)

    async def expire_callbacks(self, _request: web.Request) -> web.Response:
        """Make all presses so far too old to be answered."""
        for callback in self.sandbox.callbacks.values():
            callback.at = -math.inf
        return as_json({"expired": len(self.sandbox.callbacks)})

    async def provider(self, request: web.Request) -> web.Response:
        """The provider's orders; may wait for a number of requests, or of slow ones."""
        provider = self.sandbox.provider
        query = request.query
        wait_s = msgspec.convert(query.get("wait_s", "0"), float, strict=False)
        requests = msgspec.convert(query.get("requests", "0"), int, strict=False)
        waiting = msgspec.convert(query.get("waiting", "0"), int, strict=False)
        within_s = min(wait_s, WAIT_MAX_S)
        await provider.pulse.until(lambda: provider.state.requests >= requests, within_s)
        await provider.gate.until_waiting(waiting, within_s)
        return as_json({**msgspec.to_builtins(provider.state), "waiting": provider.gate.waiting})

    async def script_provider(self, request: web.Request) -> web.Response:
        """Set the provider's next answers, in place of those set before."""
        script = msgspec.json.decode(await request.read(), type=Script)
        self.sandbox.provider.state.script = script.script
        return as_json(script, status=201)

    async def calm_provider(self, _request: web.Request) -> web.Response:
        """Answer normally again; the recorded orders stay."""
        self.sandbox.provider.state.script = []
        return as_json({"released": self.sandbox.provider.gate.release()})

    async def release_provider(self, _request: web.Request) -> web.Response:
        """Release slow answers."""
        return as_json({"released": self.sandbox.provider.gate.release()})
