"""Request bodies that are too large for one write: files in a form, and long JSON.

They are written in chunks, so that the event loop serves others meanwhile, and each chunk has its
own time limit: aiohttp has none for writing.
"""

import asyncio
from collections.abc import Mapping
from typing import Final, NamedTuple

import aiohttp
from aiohttp.abc import AbstractStreamWriter

CHUNK_BYTES: Final = 65_536
"""What a connection buffers without waiting for the peer."""


class UploadFile(NamedTuple):
    """A file to send.

    Attributes:
        name: what people see. No control characters.
        content_type: such as `text/csv`.
    """

    name: str
    content: bytes
    content_type: str


class Form(NamedTuple):
    """A call with files. It can be sent any number of times.

    Attributes:
        fields: the parameters as text; objects as JSON.
        files: by the name of their parameter.
    """

    fields: Mapping[str, str]
    files: Mapping[str, UploadFile]


def upload_bytes(body: bytes | Form) -> int:
    """How much of a body is written in chunks; 0 if one write is enough."""
    if isinstance(body, bytes):
        return len(body) if len(body) > CHUNK_BYTES else 0
    return sum(len(file.content) for file in body.files.values())


class WriteLimit(NamedTuple):
    """The time limit for writing a chunk: `timeout` expires if the peer accepts none meanwhile."""

    timeout: asyncio.Timeout
    write_timeout_s: float | None

    def restart(self) -> None:
        """A chunk is about to be written."""
        if self.write_timeout_s is not None:
            now_s = asyncio.get_running_loop().time()
            self.timeout.reschedule(now_s + self.write_timeout_s)

    def end(self) -> None:
        """All chunks were written."""
        self.timeout.reschedule(None)


class ChunkedBytes(aiohttp.Payload):
    """Bytes that aiohttp writes in chunks, each within the limit."""

    def __init__(self, content: bytes, content_type: str, limit: WriteLimit) -> None:
        """For one request."""
        super().__init__(content, content_type=content_type)
        self._content = content
        self._limit = limit

    @property
    def size(self) -> int:
        """How many bytes will be written."""
        return len(self._content)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The content as text."""
        return self._content.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write all of it."""
        for start in range(0, len(self._content), CHUNK_BYTES):
            self._limit.restart()
            await writer.write(self._content[start : start + CHUNK_BYTES])
            # While the system accepts all at once, writing never yields to other tasks.
            await asyncio.sleep(0)
        self._limit.end()


def form_data(form: Form, limit: WriteLimit) -> aiohttp.FormData:
    """The form as `multipart/form-data`. aiohttp's object serves one request, so make it anew."""
    # File names in UTF-8, as browsers write them: Telegram decodes nothing.
    data = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in form.fields.items():
        data.add_field(name, value)
    for name, file in form.files.items():
        content = ChunkedBytes(file.content, file.content_type, limit)
        data.add_field(name, content, filename=file.name)
    return data
