"""Owns `user_data.json`: the state as a file, written in one go, and read at start-up.

It is a projection, never a source. It names the line of the log it stands at; a start takes it
when that line is in the log, and replays only what came after. Deleting it loses nothing. The
running bot never writes it: `refresh`, in a process of its own, takes the last one, replays the
new lines and writes the next one. So the everyday path is the recovery path.
"""

import argparse
import errno
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import msgspec

from ledger import events as e
from ledger.economy import Economy
from ledger.projections import BrokenBooks, apply
from ledger.state import Books, Broadcast, Digest, Order, Referral, State, User
from ledger.store.disk import Disk
from ledger.store.file import LOG_NAME
from ledger.store.hash_chain import WORTH_A_PROCESS_BYTES, SealCheck
from ledger.store.profiles import PROFILES_NAME, fill_in, read_profiles
from ledger.store.reader import BadLog, LogReader, Progress
from ledger.store.record import BadRecord, Head, parse_record

USER_DATA_NAME = "user_data.json"
USER_DATA_FORMAT = 1
_CHECKSUM = b',"checksum":"%b"}'
_CHECKSUM_BYTES = len(_CHECKSUM % (b"0" * 64))
_LONGEST_LINE_BYTES = 1 << 16
"""Far more than a line of ours has; behind a longer one the whole log is replayed."""


class UserData(msgspec.Struct, kw_only=True):
    """The file: the books (`orders` as a list, as the predecessor had it) and where they stand.

    Attributes:
        hash: the hash of the log's line `seq`.
        size_bytes: how much of the log there is up to that line.
        checksum: ends the file: SHA-256 of all bytes before `,"checksum":`.
    """

    format: int
    seq: int
    hash: str
    size_bytes: int
    at: str
    users: dict[int, User]
    referrals: dict[int, list[Referral]]
    orders: list[Order]
    economy: Economy
    accounts: dict[str, int]
    broadcasts: dict[str, Broadcast]
    admin_keys: dict[str, int]
    old_codes: dict[str, int] = {}
    digest: Digest | None = None
    checksum: str = ""


_decode = msgspec.json.Decoder(UserData).decode
_encode = msgspec.json.Encoder().encode


class Recovered(msgspec.Struct):
    """A state, where the log stood when it was built, and how it came about.

    Attributes:
        from_seq: the line the replay began behind: 0 when the whole log was read.
        torn_bytes: what lies unfinished behind `head`.
        warning: why `user_data.json` was not used, if it was there and wasn't.
        profile_lines: how many lines `profiles.jsonl` has.
    """

    state: State
    head: Head
    from_seq: int
    torn_bytes: int
    warning: str = ""
    profile_lines: int = 0


def recover(folder: Path) -> Recovered:
    """The state that the files in a data folder hold. Blocking.

    Raises:
        BadLog: the log doesn't check.
        OSError: a file can't be read.
    """
    log_path = folder / LOG_NAME
    state, start, warning = _start_from(folder / USER_DATA_NAME, log_path)
    if not log_path.exists():
        return Recovered(state, start, 0, 0, warning)
    reader = replay_into(state, log_path, start)
    profiles, lines = read_profiles(folder / PROFILES_NAME)
    fill_in(state, profiles)
    return Recovered(state, reader.head, start.seq, reader.torn_bytes, warning, lines)


def replay_into(
    state: State, log_path: Path, start: Head, progress: Progress | None = None
) -> LogReader:
    """Apply all of the log behind `start`; the reader knows how far that was.

    Raises:
        BadLog: a line doesn't check, or contradicts the lines before it.
        OSError: the file can't be read.
    """
    end_bytes = log_path.stat().st_size
    if end_bytes - start.size_bytes < WORTH_A_PROCESS_BYTES:
        reader = LogReader(log_path, start)
        for events in reader.batches(progress):
            apply_all(state, events, reader)
        return reader
    # Long: another process checks the hashes meanwhile. What is written behind its end while we
    # read is checked here.
    reader = LogReader(log_path, start, sealed_bytes=end_bytes)
    with SealCheck(log_path, start, end_bytes):
        for events in reader.batches(progress):
            apply_all(state, events, reader)
    return reader


def apply_all(state: State, events: list[e.AnyEvent], reader: LogReader) -> None:
    """Apply the events that the reader has just given.

    Raises:
        BadLog: one of them contradicts the lines before it.
    """
    event = None
    try:
        for event in events:
            apply(state, event)
    except BrokenBooks as error:
        if event is None:
            raise
        raise reader.contradiction(event, str(error)) from None


def _start_from(path: Path, log_path: Path) -> tuple[State, Head, str]:
    """A state to go on from, and the place in the log it stands at."""
    try:
        raw = path.read_bytes()
        with ThreadPoolExecutor(1) as beside:
            unchanged = beside.submit(is_unchanged, raw)
            data = _decode(raw)
    except FileNotFoundError:
        return State(), Head(), ""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OSError) as error:
        return State(), Head(), f"{path} can't be read ({error}); the whole log is replayed instead"
    if not unchanged.result():
        return State(), Head(), f"{path} was changed or damaged; the whole log is replayed instead"
    head = Head(data.seq, data.hash, data.size_bytes, data.at)
    if data.format != USER_DATA_FORMAT or not stands_in(log_path, head):
        return State(), Head(), f"{path} doesn't belong to this log; the whole log is replayed"
    fields = {name: getattr(data, name) for name in Books.__struct_fields__ if name != "orders"}
    books = Books(**fields, orders={order.order_id: order for order in data.orders})
    try:
        return State(books), head, ""
    except (KeyError, ValueError):
        return State(), Head(), f"{path} contradicts itself; the whole log is replayed instead"


def is_unchanged(raw: bytes) -> bool:
    """Whether the file ends with the checksum of all before it, as it was written."""
    digest = sha256(memoryview(raw)[:-_CHECKSUM_BYTES]).hexdigest()
    return raw[-_CHECKSUM_BYTES:] == _CHECKSUM % digest.encode()


def stands_in(log_path: Path, head: Head) -> bool:
    """Whether a command of the log ends at this place, with this number and hash."""
    if not log_path.exists() or not 0 < head.size_bytes <= log_path.stat().st_size:
        return False
    begin = max(0, head.size_bytes - _LONGEST_LINE_BYTES)
    with log_path.open("rb") as log:
        log.seek(begin)
        lines = log.read(head.size_bytes - begin).rsplit(b"\n", 2)
    if len(lines) == 1 or lines[-1]:
        return False
    try:
        event = parse_record(lines[-2])
    except BadRecord:
        return False
    return (event.seq, event.hash, event.at, event.more) == (head.seq, head.hash, head.at, 0)


def encode(state: State, head: Head) -> bytes:
    """The content of `user_data.json` for a state and its place in the log."""
    books = state.books
    fields = {name: getattr(books, name) for name in Books.__struct_fields__ if name != "orders"}
    data = UserData(
        **fields,
        orders=list(books.orders.values()),
        format=USER_DATA_FORMAT,
        hash=head.hash,
        size_bytes=head.size_bytes,
    )
    body = _encode(data).removesuffix(_CHECKSUM % b"")
    return body + _CHECKSUM % sha256(body).hexdigest().encode()


def write(folder: Path, state: State, head: Head, disk: Disk) -> None:
    """Write `user_data.json` atomically.

    Raises:
        OSError: the disk said no; the file is as it was before.
    """
    # The log goes first: the file must never name a line that a power cut can still take away.
    fd = disk.open(folder / LOG_NAME, os.O_RDONLY)
    try:
        disk.sync(fd)
    finally:
        os.close(fd)
    disk.replace(folder / USER_DATA_NAME, encode(state, head))


def refresh(folder: Path, disk: Disk | None = None) -> Recovered:
    """Bring `user_data.json` up to the log's last complete command. Blocking.

    Raises:
        BadLog: the log doesn't check; the file is left as it was.
        OSError: a file can't be read or written; likewise.
    """
    recovered = recover(folder)
    if not (folder / LOG_NAME).exists():
        raise FileNotFoundError(errno.ENOENT, "the log is not there", str(folder / LOG_NAME))
    if recovered.head.seq:
        write(folder, recovered.state, recovered.head, disk or Disk())
    return recovered


def main() -> None:
    """Refresh once, in a process of its own; the running bot starts one every now and then."""
    parser = argparse.ArgumentParser(
        prog="python -m ledger.store.snapshot", description=main.__doc__
    )
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data folder")
    folder: Path = parser.parse_args().data
    try:
        recovered = refresh(folder)
    except (BadLog, OSError) as error:
        sys.exit(f"{folder / USER_DATA_NAME} was not written: {error}")
    if recovered.warning:
        sys.stderr.write(f"{recovered.warning}.\n")


if __name__ == "__main__":
    main()
