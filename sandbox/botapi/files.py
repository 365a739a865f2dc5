"""Files: what bots and people upload, and how a message names them."""

import mimetypes
import struct
from pathlib import PurePath
from typing import Literal

from sandbox.botapi.errors import ApiError, bad_request
from sandbox.botapi.params import Params, Upload
from sandbox.shapes import Document, PhotoSize, StoredFile

PHOTO_BYTES_MAX = 10 * 1024 * 1024
FILE_BYTES_MAX = 50 * 1024 * 1024
DOWNLOAD_BYTES_MAX = 20 * 1024 * 1024
PHOTO_SIDES_SUM_MAX = 10_000
JPEG_SIZES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))
PNG_HEADER_BYTES = 24
JPEG_SEGMENT_BYTES = 9
JPEG_MARKER = 0xFF

Kind = Literal["photo", "document"]


class Files:
    """All files of the sandbox, by file id."""

    def __init__(self) -> None:
        self.by_id: dict[str, StoredFile] = {}

    def keep(self, kind: Kind, upload: Upload) -> StoredFile:
        """Store an upload, if Telegram would accept it."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        limit = PHOTO_BYTES_MAX if kind == "photo" else FILE_BYTES_MAX
        if len(upload.content) > limit:
            raise ApiError(413, "Request Entity Too Large")
        name = PurePath(upload.name.replace("\\", "/")).name or kind
        guessed = mimetypes.guess_type(name)[0] or upload.mime or "application/octet-stream"
        stored = self._new(kind, name, guessed)
        stored.content = upload.content
        if kind == "photo":
            size = picture_size(upload.content)
            if size is None:
                raise bad_request("IMAGE_PROCESS_FAILED")
            if sum(size) > PHOTO_SIDES_SUM_MAX:
                raise bad_request("PHOTO_INVALID_DIMENSIONS")
            stored.width, stored.height = size
        self.by_id[stored.file_id] = stored
        return stored

    def from_call(self, kind: Kind, params: Params) -> StoredFile:
        """The file of a sendPhoto or sendDocument: an upload, a file id or an address."""
        given = params.text(kind)
        upload = params.uploads.get(kind)
        if given.startswith("attach://"):
            upload = params.uploads.get(given.removeprefix("attach://"))
        if upload is not None:
            return self.keep(kind, upload)
        if not given:
            raise bad_request(f"there is no {kind} in the request")
        if given.startswith(("http://", "https://")):
            stored = self._new(kind, PurePath(given).name or kind, "application/octet-stream")
            stored.source_url = given
            self.by_id[stored.file_id] = stored
            return stored
        stored_before = self.by_id.get(given)
        if stored_before is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored_before.kind != kind:
            raise bad_request(
                f"can't use file of type {stored_before.kind.capitalize()} as {kind.capitalize()}"
            )
        return stored_before

    def find(self, file_id: str) -> StoredFile:
        """The file for getFile."""
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        if len(stored.content) > DOWNLOAD_BYTES_MAX:
            raise bad_request("file is too big")
        return stored

    def at_path(self, path: str) -> StoredFile | None:
        """The file that getFile called by this path."""
        return next((found for found in self.by_id.values() if found.path == path), None)

    def _new(self, kind: Kind, name: str, mime: str) -> StoredFile:
        number = len(self.by_id) + 1
        return StoredFile(f"SANDBOX-{kind}-{number:06}", f"{kind}{number:06}", kind, name, mime)


def as_photo(stored: StoredFile) -> list[PhotoSize]:
    """The sizes of a picture; the sandbox keeps one."""
    size = len(stored.content) or None
    return [PhotoSize(stored.file_id, stored.unique_id, stored.width, stored.height, size)]


def as_document(stored: StoredFile) -> Document:
    """A file as messages show it."""
    size = len(stored.content) or None
    return Document(stored.file_id, stored.unique_id, stored.name, stored.mime, size)


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF or JPEG; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= PNG_HEADER_BYTES:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in {b"GIF87a", b"GIF89a"}:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + JPEG_SEGMENT_BYTES <= len(content) and content[at] == JPEG_MARKER:
        if content[at + 1] in JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    return None
