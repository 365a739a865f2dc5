"""The lines of `inbox.jsonl`: their format, and what a reader makes of them.

`{"keep": ...}` has an update, `{"done": [ids]}` says which need no second handling, and
`{"handling": [ids]}` which of them, and no others, are being handled now: a crash names what it
came with. What earlier versions counted in other fields is ignored.
"""

import logging
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from bot.lenient_json import as_valid_json

log = logging.getLogger(__name__)

_LINE_ENDS_TO_SPACES = bytes.maketrans(b"\r\n", b"  ")
"""Between the tokens of a JSON text they mean the same; within them, there are none."""


class InboxEntry(msgspec.Struct, omit_defaults=True):
    """An update in the inbox.

    Attributes:
        bot_id: whose it is; another bot must not answer it.
        update: its JSON as Telegram sent it.
        deaths: how many processes died while they handled it and nothing else.
    """

    bot_id: int
    update_id: int
    update: msgspec.Raw
    deaths: int = 0


class _Line(msgspec.Struct, omit_defaults=True):
    keep: InboxEntry | None = None
    handling: list[int] | None = None
    done: list[int] = []


class InboxContent(NamedTuple):
    """What is in a file.

    Attributes:
        entries: the updates that are not done, in the order they came.
        handling: those of them that were being handled at the end.
    """

    entries: list[InboxEntry]
    handling: list[InboxEntry]


def as_line(data: bytes) -> bytes:
    """An update's bytes as they came, but for line ends, and for text that no file can hold."""
    valid = as_valid_json(data)
    return valid.translate(_LINE_ENDS_TO_SPACES) if b"\n" in valid or b"\r" in valid else valid


def entry_lines(entries: Iterable[InboxEntry]) -> bytes:
    """The lines of these entries."""
    return b"".join(_encode(_Line(keep=entry)) for entry in entries)


def done_line(update_ids: list[int]) -> bytes:
    """These need no second handling."""
    return _encode(_Line(done=update_ids))


def handling_line(update_ids: Collection[int]) -> bytes:
    """These, and no others, are being handled."""
    return _encode(_Line(handling=list(update_ids)))


def _encode(line: _Line) -> bytes:
    return msgspec.json.encode(line) + b"\n"


def read_inbox(path: Path) -> InboxContent:
    """What is in the file. A line that can't be read is what a kill left of a write.

    Raises:
        OSError: the file is there and can't be read.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return InboxContent([], [])
    entries: dict[int, InboxEntry] = {}
    handling: list[int] = []
    decoder = msgspec.json.Decoder(_Line)
    for number, data in enumerate(lines, 1):
        try:
            line = decoder.decode(data)
            if line.keep is not None:
                msgspec.json.decode(line.keep.update)
        except (msgspec.DecodeError, ValueError):
            log.warning("Line %s of the inbox is incomplete; skipped.", number)
            continue
        if line.keep is not None:
            entries[line.keep.update_id] = line.keep
        if line.handling is not None:
            handling = line.handling
        for update_id in line.done:
            entries.pop(update_id, None)
    return InboxContent(
        list(entries.values()), [entries[one] for one in handling if one in entries]
    )
