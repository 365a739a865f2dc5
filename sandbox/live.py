"""Live events for the page: every change as it happens (Server-Sent Events)."""

from contextlib import suppress

import msgspec
from aiohttp import web

from sandbox.state import Sandbox

HEARTBEAT_S = 10.0


class Live:
    """The stream of changes."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Changes after the revision that the page has; `reset` if it must reload."""
        feed = self.sandbox.feed
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        known = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        after = int(known) if known.isdigit() else feed.revision
        with suppress(ConnectionResetError):
            await response.write(b"retry: 1000\n\n")
            if after > feed.revision or after < feed.oldest:
                after = feed.revision
                await response.write(b"event: reset\nid: %d\ndata: {}\n\n" % after)
            while not feed.pulse.closed:
                changes = await feed.wait(after, HEARTBEAT_S)
                for change in changes:
                    body = msgspec.json.encode(change)
                    await response.write(b"id: %d\ndata: %b\n\n" % (change.revision, body))
                    after = change.revision
                if not changes:
                    await response.write(b": still here\n\n")
        return response
