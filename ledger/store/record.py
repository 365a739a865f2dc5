"""The log's records: how an event becomes a line of bytes, and how a line is checked.

A line ends with `,"hash":"<64 hex>"}` and a line feed. The hash is the SHA-256 of the previous
line's hash (64 hex characters, all zeros before the first line) followed by the line's own bytes
up to that last comma. So each line vouches for all lines before it.
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
    """The last line of a log, or of a part of it: its number, its hash, and when it happened."""

    seq: int = 0
    hash: str = ZERO_HASH
    at: str = ""


class RecordKey(msgspec.Struct, gc=False):
    """The fields of a line that a store looks at. It knows nothing of events.

    Attributes:
        more: how many further lines of the same command follow.
        joined: whether the line was written together with the line before it.
    """

    seq: int
    hash: str
    at: str = ""
    more: int = 0
    joined: bool = False

    @property
    def head(self) -> Head:
        """The head of a log that ends with this line."""
        return Head(self.seq, self.hash, self.at)


_decode_key = msgspec.json.Decoder(RecordKey).decode


class BadRecord(Exception):  # noqa: N818 - what is bad, not the raising, is the name
    """A line that doesn't check. The text says what was expected and what is there."""


def seal(event: e.AnyEvent, previous_hash: str) -> tuple[bytes, str]:
    """The event's line, with its line feed, and its hash."""
    body = e.encode.encode(event)[:-1]
    digest = sha256(previous_hash.encode() + body).hexdigest()
    return body + ENDING % digest.encode() + b"\n", digest


def encode_records(
    events: Iterable[e.AnyEvent], head: Head, *, one_write: bool = True
) -> tuple[list[bytes], Head]:
    """The lines of these events, following `head`, and the head after them.

    With `one_write` the lines say that they are written together.
    """
    lines: list[bytes] = []
    seq, digest, at = head
    for event in events:
        if one_write and lines:
            event = replace(event, joined=True)  # noqa: PLW2901 - the same event, in its place
        line, digest = seal(event, digest)
        lines.append(line)
        seq, at = event.seq, event.at
    return lines, Head(seq, digest, at)


def head_at(event: e.AnyEvent) -> Head:
    """The head of a log that ends with this event, which was read from it."""
    return Head(event.seq, event.hash, event.at)


def is_chained(line: bytes, previous_hash: str) -> bool:
    """Whether a line (without its line feed) ends with its hash, and it is the right one."""
    digest = sha256(previous_hash.encode() + line[:-ENDING_BYTES]).hexdigest()
    return line[-ENDING_BYTES:] == ENDING % digest.encode()


def decode_record(line: bytes, head: Head) -> e.AnyEvent:
    """Check a line (without its line feed) against the line before it, and decode it.

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
    """Decode a line without checking its hash.

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


def parse_key(line: bytes) -> RecordKey | None:
    """The key fields of a line, or None if it has none that can be read."""
    try:
        return _decode_key(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def head_of(line: bytes) -> Head:
    """The head of a log that ends with this line.

    Raises:
        ValueError: it is not a line of a log.
    """
    key = parse_key(line)
    if key is None:
        raise ValueError(f"not a line of a log: {line[:200]!r}")
    return key.head
