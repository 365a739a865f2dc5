"""The users' part of the control API: the users, their chats, and their actions."""

from urllib.parse import parse_qs, urlsplit

import msgspec
from aiohttp import web
from msgspec import Struct

from sandbox import people
from sandbox.botapi.files import Kind
from sandbox.botapi.gateway import as_json
from sandbox.botapi.params import read_params
from sandbox.people import PersonCannotError
from sandbox.shapes import Account, Json
from sandbox.state import Sandbox

WAIT_MAX_S = 120.0


class NewPerson(Struct, forbid_unknown_fields=True):
    """A user to add."""

    first_name: str
    id: int | None = None
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "en"
    is_admin: bool = False
    invite: str = ""
    """A code or a t.me link: the person then starts the bot with it."""


class Saying(Struct, forbid_unknown_fields=True):
    """A text that a user sends."""

    text: str
    reply_to: int = 0


class Pressing(Struct, forbid_unknown_fields=True):
    """A press of an inline button."""

    message_id: int
    data: str
    wait_s: float = 0
    forged: bool = False
    """Sent by a changed client: no button of the message carries this data."""


class People:
    """The handlers."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def bot(self, _request: web.Request) -> web.Response:
        """The profile of the bot."""
        bot = self.sandbox.bot
        return as_json(
            {
                "id": bot.id,
                "first_name": bot.first_name,
                "username": bot.username,
                "descriptions": self.sandbox.settings.descriptions,
                "short_descriptions": self.sandbox.settings.short_descriptions,
                "revision": self.sandbox.feed.revision,
            }
        )

    async def all(self, _request: web.Request) -> web.Response:
        """List all users."""
        shown = [self.sandbox.shown_account(account) for account in self.sandbox.accounts.values()]
        return as_json({"users": shown, "revision": self.sandbox.feed.revision})

    async def add(self, request: web.Request) -> web.Response:
        """Add a user; with an invite, they start the bot at once."""
        new = msgspec.json.decode(await request.read(), type=NewPerson)
        if not new.first_name.strip():
            raise PersonCannotError("a person needs a name")
        if new.id is not None and new.id in self.sandbox.accounts:
            raise PersonCannotError(f"there is a person {new.id} already")
        account = self.sandbox.add_person(
            new.first_name.strip(),
            id=new.id,
            last_name=new.last_name,
            username=(new.username or "").removeprefix("@") or None,
            language_code=new.language_code,
            is_admin=new.is_admin,
        )
        if code := start_code(new.invite):
            people.say(self.sandbox, account, f"/start {code}")
        return as_json(self.sandbox.shown_account(account), status=201)

    async def one(self, request: web.Request) -> web.Response:
        """One person."""
        return as_json(self.sandbox.shown_account(self._account(request)))

    async def messages(self, request: web.Request) -> web.Response:
        """The whole chat as it is now; may wait for a change after a revision first."""
        account = self._account(request)
        if "after" in request.query:
            await self._wait(request, account)
        return as_json(self._chat(account))

    async def changes(self, request: web.Request) -> web.Response:
        """What changed in a chat after a revision, each as it looked then; may wait for it."""
        found = await self._wait(request, self._account(request))
        return as_json({"changes": found, "revision": self.sandbox.feed.revision})

    async def say(self, request: web.Request) -> web.Response:
        """Send a text."""
        saying = msgspec.json.decode(await request.read(), type=Saying)
        account = self._account(request)
        kept = people.say(self.sandbox, account, saying.text, reply_to=saying.reply_to)
        return as_json(self.sandbox.shown(account, kept))

    async def send_file(self, request: web.Request) -> web.Response:
        """Send a picture or a file: multipart, with `kind`, `caption` and `reply_to`."""
        account = self._account(request)
        params = await read_params(request)
        upload = params.uploads.get("file")
        if upload is None:
            raise PersonCannotError("there is no file")
        kind: Kind = "photo" if params.text("kind") == "photo" else "document"
        stored = self.sandbox.files.keep(kind, upload)
        kept = people.send_file(
            self.sandbox,
            account,
            stored,
            caption=params.text("caption"),
            reply_to=params.integer("reply_to"),
        )
        return as_json(self.sandbox.shown(account, kept))

    async def send_album(self, request: web.Request) -> web.Response:
        """Send files together: multipart, with `kind`, `caption` and `reply_to`."""
        account = self._account(request)
        params = await read_params(request)
        kind: Kind = "photo" if params.text("kind") == "photo" else "document"
        sent = people.send_album(
            self.sandbox,
            account,
            [self.sandbox.files.keep(kind, upload) for upload in params.uploads.values()],
            caption=params.text("caption"),
            reply_to=params.integer("reply_to"),
        )
        return as_json({"messages": [self.sandbox.shown(account, kept) for kept in sent]})

    async def share_story(self, request: web.Request) -> web.Response:
        """Send a story, which the bot can't copy."""
        account = self._account(request)
        kept = people.share_story(self.sandbox, account)
        return as_json(self.sandbox.shown(account, kept))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a message."""
        message_id = int(request.match_info["message_id"])
        people.delete(self.sandbox, self._account(request), message_id)
        return as_json({})

    async def press(self, request: web.Request) -> web.Response:
        """Press an inline button; may wait for the bot's answer."""
        pressing = msgspec.json.decode(await request.read(), type=Pressing)
        callback = people.press(
            self.sandbox,
            self._account(request),
            pressing.message_id,
            pressing.data,
            forged=pressing.forged,
        )
        wait_s = min(pressing.wait_s, WAIT_MAX_S)
        answer = await self.sandbox.feed.pulse.until(lambda: callback.answer, wait_s)
        return as_json({"callback_query_id": callback.id, "answer": answer})

    async def block(self, request: web.Request) -> web.Response:
        """Block the bot."""
        account = self._account(request)
        people.block(self.sandbox, account)
        return as_json(self.sandbox.shown_account(account))

    async def unblock(self, request: web.Request) -> web.Response:
        """Unblock the bot."""
        account = self._account(request)
        people.unblock(self.sandbox, account)
        return as_json(self.sandbox.shown_account(account))

    async def deactivate(self, request: web.Request) -> web.Response:
        """Delete the person's account."""
        account = self._account(request)
        people.deactivate(self.sandbox, account)
        return as_json(self.sandbox.shown_account(account))

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The content of a file; only pictures are shown in place."""
        stored = self.sandbox.files.by_id.get(request.match_info["file_id"])
        if stored is None or stored.source_url:
            raise web.HTTPNotFound
        shown = stored.mime in {"image/png", "image/jpeg", "image/gif", "image/webp"}
        name = stored.name.replace('"', "").encode("ascii", "replace").decode()
        place = "inline" if shown else "attachment"
        return web.Response(
            body=stored.content,
            content_type=stored.mime if shown else "application/octet-stream",
            headers={
                "Content-Disposition": f'{place}; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    def _account(self, request: web.Request) -> Account:
        user_id = int(request.match_info["user_id"])
        account = self.sandbox.accounts.get(user_id)
        if account is None:
            raise PersonCannotError(f"there is no person {user_id}")
        return account

    async def _wait(self, request: web.Request, account: Account) -> list[Json]:
        after = msgspec.convert(request.query.get("after", "0"), int, strict=False)
        wait_s = msgspec.convert(request.query.get("wait_s", "0"), float, strict=False)
        found = await self.sandbox.feed.wait(after, min(wait_s, WAIT_MAX_S), account.person.id)
        changes: list[Json] = msgspec.to_builtins(found)
        return changes

    def _chat(self, account: Account) -> Json:
        sandbox = self.sandbox
        buttons = sandbox.settings.menu_buttons
        return {
            "user": sandbox.shown_account(account),
            "messages": [sandbox.shown(account, kept) for kept in account.messages.values()],
            "reply_keyboard": account.reply_keyboard,
            "description": sandbox.description_for(account),
            "commands": sandbox.commands_of(account),
            "menu_button": buttons.get(account.person.id, buttons.get(0, {"type": "default"})),
            "revision": sandbox.feed.revision,
        }


def start_code(invite: str) -> str:
    """The code in an invite link, or the code itself."""
    invite = invite.strip()
    if "start=" in invite:
        return parse_qs(urlsplit(invite).query).get("start", [""])[0]
    return invite
