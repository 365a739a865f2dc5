"""What every log store promises, run against each of them."""

import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest
from support.disks import GatedDisk

from ledger import events as e
from ledger.store.base import LogConflict, LogLocked, LogStore
from ledger.store.file import FileLogStore
from ledger.store.memory import MemoryLogStore
from ledger.store.reader import LogReader
from ledger.store.record import ZERO_HASH, Head, encode_records

AT = "2026-01-01T12:00:00.000Z"


class Kind(NamedTuple):
    """One kind of store.

    Attributes:
        store: one on an empty log, not open.
        another: one more on the same log, as another process would have it.
        fail: let its appends fail from now on, as late as the store can fail.
    """

    store: LogStore
    another: Callable[[], LogStore]
    fail: Callable[[], None]


def file_kind(folder: Path) -> Kind:
    disk = GatedDisk()
    path = folder / "data" / "events.jsonl"

    def fail() -> None:
        disk.fault = "write_error"  # half of the bytes are in the file, and can't be taken back

    return Kind(FileLogStore(path, disk), lambda: FileLogStore(path), fail)


def memory_kind(_: Path) -> Kind:
    store = MemoryLogStore()
    return Kind(store, lambda: store, lambda: None)


@pytest.fixture(params=[file_kind, memory_kind], ids=["file", "memory"])
def kind(request, tmp_path) -> Kind:
    return request.param(tmp_path)


@pytest.fixture
def store(kind) -> Iterator[LogStore]:
    kind.store.open()
    yield kind.store
    kind.store.close()


def command(first_seq: int, lines: int = 1) -> list[e.AnyEvent]:
    """The events of one command."""
    return [
        e.LogStarted(seq=1, at=AT, by="system", format=1)
        if seq == 1
        else e.UserJoined(
            seq=seq,
            at=AT,
            by="user:1",
            more=first_seq + lines - 1 - seq,
            user_id=seq,
            referral_code=f"né{seq}",
        )
        for seq in range(first_seq, first_seq + lines)
    ]


def append(store: LogStore, head: Head, *sizes: int) -> tuple[Head, list[bytes]]:
    """Append one batch of commands of so many lines each."""
    events: list[e.AnyEvent] = []
    for size in sizes:
        events += command(head.seq + len(events) + 1, size)
    lines, expected = encode_records(events, head)
    found = store.append(lines, head)
    assert found == expected
    return found, lines


def lines_of(store: LogStore, after: int = 0) -> list[bytes]:
    return b"".join(store.read(after)).splitlines(keepends=True)


def commands_of(block: bytes) -> int:
    """How many commands the lines of a block make; they must be whole."""
    count, left = 0, 0
    for line in block.splitlines():
        event = e.decode.decode(line)
        assert left in {0, event.more + 1}
        left = event.more
        count += left == 0
    assert left == 0
    return count


def test_an_empty_log_has_no_head_and_no_lines(store):
    assert (lines_of(store), store.size_bytes, store.torn) == ([], 0, None)
    store.close()
    assert store.open() == Head() == Head(0, ZERO_HASH, "")


def test_what_is_appended_is_read_back_whole(store):
    head, first = append(store, Head(), 1, 3)
    head, second = append(store, head, 2)
    assert lines_of(store) == first + second
    assert store.size_bytes == len(b"".join(first + second))
    assert head == Head(6, second[-1][-67:-3].decode(), AT)


def test_it_is_all_there_again_after_closing_and_opening(store, kind):
    head, lines = append(store, Head(), 1, 3)
    store.close()
    again = kind.another()
    assert again.open() == head
    assert (lines_of(again), again.torn, again.size_bytes) == (lines, None, len(b"".join(lines)))
    assert [again.record(seq) + b"\n" for seq in range(1, 5)] == lines
    head, more = append(again, head, 2)
    again.close()
    assert store.open() == head
    assert lines_of(store) == lines + more


def test_reading_begins_behind_any_command(store):
    head, lines = append(store, Head(), 1, 3)
    append(store, head, 2, 1)
    everything = lines_of(store)
    for after in (0, 1, 4, 6, 7):
        assert lines_of(store, after) == everything[after:]
    assert lines == everything[:4]


def test_reading_behind_a_line_that_is_not_there_is_an_error(store):
    append(store, Head(), 1, 1)
    for after in (3, 10**12):
        with pytest.raises(LookupError):
            list(store.read(after))


def test_every_block_ends_where_a_command_ends(store):
    head, _ = append(store, Head(), 1)
    for size in range(1, 120):
        head, _ = append(store, head, size, 300 - size)
    blocks = list(store.read(0))
    assert sum(commands_of(block) for block in blocks) == 1 + 2 * 119
    assert len(b"".join(blocks)) > 10 * (1 << 16)


def test_a_stale_head_is_refused_and_changes_nothing(store):
    first, _ = append(store, Head(), 1)
    second, lines = append(store, first, 2)
    wrong = [Head(), first, second._replace(hash="0" * 64), second._replace(seq=4)]
    for expected in wrong:
        more, _ = encode_records(command(expected.seq + 1), expected)
        with pytest.raises(LogConflict) as refused:
            store.append(more, expected)
        assert (refused.value.expected, refused.value.found) == (expected, second)
    assert lines_of(store)[1:] == lines
    append(store, second, 1)


def test_a_second_writer_is_refused_until_the_first_has_closed(store, kind):
    other = kind.another()
    with pytest.raises(LogLocked, match="in use"):
        other.open()
    head, _ = append(store, Head(), 1)
    store.close()
    assert other.open() == head
    other.close()


def test_any_line_is_found_by_its_number(store):
    head, lines = append(store, Head(), 1, 3)
    for size in range(1, 60):
        head, more = append(store, head, size)
        lines += more
    assert [store.record(seq) + b"\n" for seq in range(1, head.seq + 1)] == lines


@pytest.mark.parametrize("seq", [0, -1, 3, 10**12])
def test_a_line_outside_the_log_is_an_error(store, seq):
    with pytest.raises(LookupError):
        store.record(seq)
    append(store, Head(), 1, 1)
    with pytest.raises(LookupError):
        store.record(seq)


def test_a_failed_append_leaves_nothing_after_opening_again(store, kind):
    class Broken(list[bytes]):
        def __iter__(self):
            yield self[0]
            raise OSError("the lines can't be had")

    head, lines = append(store, Head(), 1)
    broken = Broken(encode_records(command(2, 3), head)[0])
    kind.fail()
    with pytest.raises(OSError, match=r"can't be had|Input/output error"):
        store.append(broken, head)
    store.close()
    again = kind.another()
    assert again.open() == head
    assert lines_of(again) == lines
    with pytest.raises(LookupError):
        again.record(2)
    append(again, head, 2)
    again.close()


def test_the_chain_checks_from_the_bytes_alone(store):
    head, _ = append(store, Head(), 1, 3)
    append(store, head, 2, 5)
    previous, seq = "0" * 64, 0
    for line in b"".join(store.read(0)).splitlines():
        body, _, rest = line.rpartition(b',"hash":"')
        assert sha256(previous.encode() + body).hexdigest() == rest[:-2].decode()
        previous, seq = rest[:-2].decode(), seq + 1
    assert seq == 11


def test_a_reader_beside_the_writer_sees_whole_commands_only(store, kind):
    """It reads again and again while batches of commands of all sizes are appended."""
    reader, counts, written = kind.another(), [], threading.Event()
    head, _ = append(store, Head(), 1)

    def read() -> None:
        while not (written.is_set() and counts[-1] == 1 + 3 * 100):
            block = b"".join(reader.read(0))
            counts.append(commands_of(block))
            line = reader.record(block.count(b"\n"))
            assert block.endswith(line + b"\n")

    reading = threading.Thread(target=read)
    reading.start()
    try:
        for size in range(1, 101):
            head, _ = append(store, head, size, 1, 3)
    finally:
        written.set()
        reading.join(60)
    assert not reading.is_alive()
    reader.close()
    assert counts[-1] == 1 + 3 * 100
    assert counts == sorted(counts)
    assert [event.seq for event in LogReader(reader).events()] == list(range(1, head.seq + 1))


def test_lines_are_named_for_people_by_their_number(store):
    append(store, Head(), 1, 1)
    place = store.place(2)
    assert place.line_number == 2
    assert ", line 2" in str(place)
