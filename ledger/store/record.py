"""Owns the line: how an event becomes the bytes of the log, and how bytes are checked.

A line ends with `,"hash":"<64 hex>"}` and a line feed. The hash is the SHA-256 of the previous
line's hash (64 hex characters, all zeros before the first line) followed by the line's own bytes
up to that last comma. So each line seals all lines before it.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from ledger import events as e

ZERO_HASH = "0" * 64
ENDING = b',"hash":"%b"}'
"""What every line ends with (before its line feed), the hash in place of `%b`."""
ENDING_BYTES = len(ENDING) - len(b"%b") + len(ZERO_HASH)
_HASH_AT = -66


class Head(NamedTuple):
    """Where a log stands: its last line, and how many bytes it has up to there."""

    seq: int = 0
    hash: str = ZERO_HASH
    size_bytes: int = 0
    at: str = ""


class BadRecord(Exception):  # noqa: N818 - what is bad, not the raising, is the name
    """A line that doesn't check. The text says what was expected and what is there."""


def seal(event: e.AnyEvent, previous_hash: str) -> tuple[bytes, str]:
    """The event's line, with its line feed, and its hash."""
    body = e.encode.encode(event)[:-1]
    digest = sha256(previous_hash.encode() + body).hexdigest()
    return body + ENDING % digest.encode() + b"\n", digest


def decode_record(line: bytes, head: Head) -> e.AnyEvent:
    """Check a line (without its line feed) against the line before it, and read it.

    Raises:
        BadRecord: it is not a line of ours, its hash doesn't fit, or its number doesn't.
    """
    found = line[_HASH_AT:-2]
    if line[-ENDING_BYTES:] != ENDING % found:
        raise BadRecord('expected the line to end with ,"hash":"<64 hex>"}')
    expected = sha256(head.hash.encode() + line[:-ENDING_BYTES]).hexdigest()
    if found != expected.encode():
        raise BadRecord(
            f"expected the hash {expected}, found {found.decode('ascii', 'replace')}: this line "
            "or the one before it was changed, removed or moved"
        )
    event = parse_record(line)
    if event.seq != head.seq + 1:
        raise BadRecord(f"expected seq {head.seq + 1}, found {event.seq}")
    return event


def parse_record(line: bytes) -> e.AnyEvent:
    """Read a line without checking its hash.

    Raises:
        BadRecord: it is not an event that this program knows.
    """
    try:
        event = e.decode.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRecord(f"expected an event that this version of Viewbank knows: {error}") from None
    if isinstance(event, e.LogStarted) and event.format > e.LOG_FORMAT:
        raise BadRecord(
            f"the log has format {event.format}, and this version of Viewbank reads up to "
            f"{e.LOG_FORMAT}: use the newer version that wrote it"
        )
    return event


def encode_records(
    events: Iterable[e.AnyEvent], head: Head, *, one_write: bool = True
) -> tuple[bytes, Head]:
    """The lines of these events, following `head`, and where the log stands after them.

    With `one_write` they say that they reach the disk together.
    """
    lines: list[bytes] = []
    seq, digest, size, at = head
    for event in events:
        if one_write and lines:
            event = replace(event, joined=True)  # noqa: PLW2901 - the same event, in its place
        line, digest = seal(event, digest)
        lines.append(line)
        seq, at = event.seq, event.at
        size += len(line)
    return b"".join(lines), Head(seq, digest, size, at)
