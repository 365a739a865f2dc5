"""Owns what a request to Telegram carries: JSON, or fields and files in parts."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from typing import IO, Any, Final, Literal, NamedTuple, TypeAlias

import msgspec
from telegram.request import RequestData

Piece: TypeAlias = bytes | IO[bytes]

_JSON_TYPE: Final = "application/json"
JSON_HEADERS: Final = {"Content-Type": _JSON_TYPE}

AT_ONCE_BYTES = 65_536
"""What a connection takes without asking how the other side gets on; more goes in such pieces."""

_ESCAPED: Final = {ord("\\"): "\\\\"} | {
    number: f"%{number:02X}" for number in (*range(0x20), ord('"'))
}
"""What would end a name in the head of a part."""


class Plain(NamedTuple):
    """Parameters that are as the Bot API has them already, in place of the library's RequestData.

    The library goes through all it is given in search of files and objects, on every call.
    """

    parameters: dict[str, Any]
    contains_files: Literal[False] = False

    @property
    def json_payload(self) -> bytes:
        """For what is in no UTF-8, such as half of an emoji."""
        return json.dumps(self.parameters).encode()


class Body:
    """What is too large to be written in one go. It can be sent several times.

    Attributes:
        headers: its type and its length.
    """

    def __init__(self, pieces: list[Piece], content_type: str) -> None:
        """These pieces, one after the other; files are read from their beginning."""
        self._pieces = pieces
        self.headers = {
            "Content-Type": content_type,
            "Content-Length": str(sum(_size_bytes(piece) for piece in pieces)),
        }

    async def chunks(self, wait: asyncio.Timeout, write_s: float | None) -> AsyncIterator[bytes]:
        """What to write next.

        Args:
            wait: runs out when the other side takes nothing for `write_s`.
            write_s: seconds to write one chunk; None: no limit.
        """
        now = asyncio.get_running_loop().time
        for piece in self._pieces:
            async for chunk in _read(piece):
                if write_s is not None:
                    wait.reschedule(now() + write_s)
                yield chunk
                wait.reschedule(None)


def body_of(data: RequestData | Plain) -> bytes | Body:
    """What to send: JSON that goes out in one write, or else a `Body`."""
    if isinstance(data, RequestData) and data.contains_files:
        return _multipart(data)
    content = _json(data)
    return content if len(content) <= AT_ONCE_BYTES else Body([content], _JSON_TYPE)


def _json(data: RequestData | Plain) -> bytes:
    """The parameters, nested as they are: Telegram takes the JSON of each for its value."""
    try:
        return msgspec.json.encode(data.parameters, enc_hook=_plain_text)
    except (TypeError, ValueError):  # a subclass of int; half of an emoji
        return data.json_payload


def _plain_text(value: object) -> str:
    """Texts are `Html`, a subclass of str, which msgspec doesn't write by itself."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"not JSON: {type(value).__name__}")


def _multipart(data: RequestData) -> Body:
    """Fields and files as `multipart/form-data`, as browsers write it: names in UTF-8."""
    mark = os.urandom(16).hex()
    before = "".join(
        f"--{mark}\r\n{_disposition(name)}\r\n\r\n{value}\r\n"
        for name, value in data.json_parameters.items()
    )
    pieces: list[Piece] = []
    for name, (file_name, content, mime) in data.multipart_data.items():
        about = f'{_disposition(name)}; filename="{_quoted(file_name)}"\r\nContent-Type: {mime}'
        pieces += [f"{before}--{mark}\r\n{about}\r\n\r\n".encode(), content]
        before = "\r\n"
    pieces.append(f"{before}--{mark}--\r\n".encode())
    return Body(pieces, f"multipart/form-data; boundary={mark}")


def _disposition(name: str) -> str:
    return f'Content-Disposition: form-data; name="{_quoted(name)}"'


def _quoted(name: str) -> str:
    return name.translate(_ESCAPED)


def _size_bytes(piece: Piece) -> int:
    return len(piece) if isinstance(piece, bytes) else piece.seek(0, os.SEEK_END)


async def _read(piece: Piece) -> AsyncIterator[bytes]:
    if isinstance(piece, bytes):
        for start in range(0, len(piece), AT_ONCE_BYTES):
            yield piece[start : start + AT_ONCE_BYTES]
    else:
        piece.seek(0)
        while chunk := await asyncio.to_thread(piece.read, AT_ONCE_BYTES):
            yield chunk
