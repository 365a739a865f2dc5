"""The control API under /sandbox: its routes, and the mapping of refusals to answers.

The chat page and the tests use it; bots do not know it.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from aiohttp import web

from sandbox.botapi.errors import ApiError
from sandbox.botapi.gateway import as_json
from sandbox.control_lab import Lab
from sandbox.control_networks import NetworkControls
from sandbox.control_panel import PanelControls
from sandbox.control_people import People
from sandbox.live import Live
from sandbox.networks.network import WrongNetworkConfigError
from sandbox.panel.money import WrongAmountError
from sandbox.panel.panel import PanelControlError
from sandbox.people import PersonCannotError
from sandbox.state import Sandbox

T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def control_routes(sandbox: Sandbox) -> list[web.RouteDef]:
    """All routes of the control API."""
    people, lab, live = People(sandbox), Lab(sandbox), Live(sandbox)
    user = "/sandbox/users/{user_id:-?[0-9]+}"
    return [
        web.get("/sandbox/bot", people.bot),
        web.get("/sandbox/users", people.all),
        web.post("/sandbox/users", people.add),
        web.get(user, people.one),
        web.get(f"{user}/messages", people.messages),
        web.get(f"{user}/changes", people.changes),
        web.post(f"{user}/say", people.say),
        web.post(f"{user}/files", people.send_file),
        web.post(f"{user}/albums", people.send_album),
        web.post(f"{user}/story", people.share_story),
        web.delete(f"{user}/messages/{{message_id}}", people.delete),
        web.post(f"{user}/press", people.press),
        web.post(f"{user}/app", people.open_app),
        web.post(f"{user}/block", people.block),
        web.post(f"{user}/unblock", people.unblock),
        web.post(f"{user}/deactivate", people.deactivate),
        web.get("/sandbox/files/{file_id}", people.file),
        web.get("/sandbox/events", live.events),
        web.post("/sandbox/channels/{name}", lab.set_channel),
        web.post("/sandbox/channels/{name}/members", lab.set_member),
        web.get("/sandbox/updates", lab.updates),
        web.post("/sandbox/updates/{update_id:[0-9]+}/repeat", lab.repeat),
        web.get("/sandbox/calls", lab.calls),
        web.get("/sandbox/faults", lab.faults),
        web.post("/sandbox/faults", lab.add_fault),
        web.delete("/sandbox/faults", lab.clear_faults),
        web.post("/sandbox/faults/release", lab.release_slow),
        web.post("/sandbox/limits", lab.set_limits),
        web.post("/sandbox/callbacks/expire", lab.expire_callbacks),
        web.get("/sandbox/provider", lab.provider),
        web.post("/sandbox/provider", lab.script_provider),
        web.delete("/sandbox/provider", lab.calm_provider),
        web.post("/sandbox/provider/release", lab.release_provider),
        *PanelControls(sandbox.panel).routes(),
        *NetworkControls(sandbox.networks).routes(),
    ]


@web.middleware
async def control_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn refusals of the control API into JSON answers."""
    try:
        return await handler(request)
    except PersonCannotError as error:
        return as_json({"error": str(error)}, status=409)
    except ApiError as error:
        return as_json({"error": error.description}, status=409)
    except (WrongNetworkConfigError, WrongAmountError, PanelControlError) as error:
        return as_json({"error": str(error)}, status=400)
    except msgspec.MsgspecError as error:
        return as_json({"error": f"the request does not fit: {error}"}, status=400)
