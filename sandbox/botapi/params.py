"""The parameters of one call, from a query string, form, JSON or multipart body."""

from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import web
from msgspec import Struct

from sandbox.botapi.errors import ApiError, bad_request
from sandbox.shapes import Json

NUMBERS = frozenset({"chat_id", "from_chat_id", "user_id", "message_id", "offset", "timeout"})


class Upload(Struct):
    """A file that came with the call."""

    name: str
    mime: str
    content: bytes


class Params:
    """Typed reading of parameters; what is missing or wrong is refused as Telegram refuses it."""

    def __init__(self, values: dict[str, str], uploads: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.uploads = uploads or {}

    def text(self, name: str, default: str = "") -> str:
        """A string; empty and missing are the same to Telegram."""
        return self.values.get(name) or default

    def has(self, name: str) -> bool:
        """Whether the caller gave the parameter at all."""
        return name in self.values

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; what is none counts as the default, as at Telegram."""
        try:
            return int(self.values.get(name, ""))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """A Boolean; Telegram takes true, yes and 1."""
        return self.values.get(name, "").strip().lower() in {"true", "yes", "1"}

    def json(self, name: str) -> Any:  # noqa: ANN401  any JSON value; the caller checks its shape
        """A JSON-encoded parameter, or None when it is not given."""
        raw = self.values.get(name)
        if not raw:
            return None
        try:
            return msgspec.json.decode(raw)
        except msgspec.DecodeError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def object(self, name: str) -> Json:
        """A JSON object; empty when it is not given."""
        found = self.json(name)
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return found

    def for_journal(self) -> Json:
        """The parameters as they are shown to people and tests: JSON decoded, files by name."""
        shown: Json = {}
        for name, value in self.values.items():
            shown[name] = value
            if value[:1] in {"{", "["} or name in NUMBERS or value in {"true", "false"}:
                with suppress(msgspec.DecodeError):
                    shown[name] = msgspec.json.decode(value)
        for name, upload in self.uploads.items():
            shown[name] = f"<{upload.name}, {len(upload.content)} bytes>"
        return shown


async def read_params(request: web.Request) -> Params:
    """All parameters of the request."""
    values = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.method == "POST" and request.can_read_body:
        if request.content_type == "application/json":
            _add_json(values, await request.read())
        else:
            for name, part in (await request.post()).items():
                if isinstance(part, web.FileField):
                    uploads[name] = Upload(part.filename, part.content_type, part.file.read())
                elif isinstance(part, str):
                    values[name] = part
    return Params(values, uploads)


def _add_json(values: dict[str, str], body: bytes) -> None:
    try:
        found = msgspec.json.decode(body or b"{}", type=Json)
    except msgspec.DecodeError:
        raise ApiError(400, "Bad Request: can't parse request JSON object") from None
    for name, value in found.items():
        if isinstance(value, str):
            values[name] = value
        elif value is not None:
            values[name] = msgspec.json.encode(value).decode()
