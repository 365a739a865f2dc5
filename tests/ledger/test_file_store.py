"""The file store: what it does with the end of its file, and what it keeps from readers."""

import os
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.books import a_little, events_of, offsets_of, write_books

from ledger.store import file_lines
from ledger.store.base import TornTail
from ledger.store.disk import Disk
from ledger.store.file import FileLogStore
from ledger.store.file_lines import lines_backwards
from ledger.store.file_log import FileLog
from ledger.store.reader import BadLog
from ledger.store.record import ZERO_HASH, encode_records, head_at

AT_MS = 1_767_268_800_123
NAME = "events.jsonl.torn-20260101T120000.123Z"


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    return write_books(tmp_path_factory.mktemp("books"), a_little).read_bytes()


@pytest.fixture
def log(tmp_path, books):
    """A good log's file."""
    path = tmp_path / "events.jsonl"
    path.write_bytes(books)
    return path


def store_of(log, disk=None) -> FileLogStore:
    return FileLogStore(log, disk, clock=lambda: AT_MS)


def names(log) -> list[str]:
    return sorted(path.name for path in log.parent.iterdir())


def more_lines(log, head, count=2) -> list[bytes]:
    """Lines that can follow `head`; the store doesn't look into them."""
    events = events_of(log)[1 : 1 + count]
    return encode_records([type(one)(**_at(one, head, n)) for n, one in enumerate(events)], head)[0]


def _at(event, head, number):
    fields = {name: getattr(event, name) for name in event.__struct_fields__}
    return fields | {"seq": head.seq + 1 + number, "hash": "", "more": 0, "joined": False}


@pytest.mark.parametrize("torn", [b"x", b'{"type":"user_jo', b"{}" * 100_000])
def test_a_torn_tail_doesnt_count_and_stays_until_the_first_append(log, books, torn):
    log.write_bytes(books + torn)
    store = store_of(log)
    head = store.open()
    assert head == head_at(events_of(log)[-1])
    assert store.torn == TornTail(len(books), len(torn), f"{NAME}-{len(books)}")
    assert store.size_bytes == len(books)
    assert b"".join(store.read(0)) == books
    assert (log.read_bytes(), names(log)) == (books + torn, [log.name])
    lines = more_lines(log, head)
    store.append(lines, head)
    assert log.read_bytes() == books + b"".join(lines)
    assert (log.parent / f"{NAME}-{len(books)}").read_bytes() == torn
    assert store.torn is None
    store.close()


def test_a_command_of_which_lines_are_missing_is_torn(log, books):
    starts = [*offsets_of(log), len(books)]
    events = events_of(log)
    (first,) = [event for event in events if event.more > 1]
    for lines in range(1, first.more + 1):
        log.write_bytes(books[: starts[first.seq - 1 + lines]])
        store = store_of(log)
        assert store.open() == head_at(events[first.seq - 2])
        assert store.torn is not None
        assert store.torn.offset_bytes == starts[first.seq - 1]
        store.close()


def test_a_damaged_line_of_such_a_command_is_damage_and_not_torn(log, books):
    starts = [*offsets_of(log), len(books)]
    (first,) = [event for event in events_of(log) if event.more > 1]
    begin, end = starts[first.seq - 1], starts[first.seq + 1]
    for offset in range(begin, end - 1):
        bad = bytearray(books[:end])
        bad[offset] ^= 1
        log.write_bytes(bad)
        read = b"".join(FileLog(log).read(0))
        assert len(read) > begin, f"the change at byte {offset} was passed over"


def test_an_end_that_cant_be_read_is_named_by_the_first_bad_line_and_unlocked(log, books):
    log.write_bytes(books.replace(b'"seq":3', b'"seq":x') + b"nonsense\n")
    store = store_of(log)
    with pytest.raises(BadLog, match="line 3 "):
        store.open()
    log.write_bytes(books)
    store.open()
    store.close()


def test_its_own_reader_is_given_what_is_durable_and_nothing_else(log, books):
    seen = []

    class Asking(Disk):
        def sync(self, fd):
            seen.append(b"".join(store.read(0)))
            with pytest.raises(LookupError):
                store.record(books.count(b"\n") + 1)
            super().sync(fd)

    store = store_of(log, Asking())
    head = store.open()
    lines = more_lines(log, head, count=1)
    head = store.append(lines, head)
    assert seen == [books]
    assert b"".join(store.read(0)) == books + b"".join(lines)
    assert store.record(head.seq) + b"\n" == lines[0]
    store.close()


def test_lines_that_are_appended_while_somebody_reads_come_with_the_next_reading(log, books):
    store = store_of(log)
    head = store.open()
    reading = FileLog(log).read(0)
    first = next(reading)
    store.append(more_lines(log, head), head)
    store.close()
    assert first + b"".join(reading) == books


def test_a_place_is_the_byte_where_the_line_begins(log, books):
    for line, (begin, _) in enumerate(pairwise([*offsets_of(log), len(books)]), 1):
        place = FileLog(log).place(line)
        assert (place.name, place.line_number, place.offset_bytes) == (str(log), line, begin)


@given(
    lines=st.lists(st.binary(max_size=40).map(lambda data: data.replace(b"\n", b""))),
    block=st.integers(1, 50),
)
def test_lines_are_read_backwards_whatever_their_length(tmp_path_factory, lines, block):
    path = tmp_path_factory.mktemp("lines") / "lines"
    path.write_bytes(b"".join(line + b"\n" for line in lines) + b"no line")
    with pytest.MonkeyPatch.context() as patch, path.open("rb") as file:
        patch.setattr(file_lines, "_BLOCK_BYTES", block)
        end = os.fstat(file.fileno()).st_size - len(b"no line")
        found = list(lines_backwards(file.fileno(), end))
    assert [line.content for line in reversed(found)] == lines
    assert all(path.read_bytes()[offset:].startswith(line) for offset, line in found)


def test_the_first_line_follows_nothing(tmp_path):
    store = store_of(tmp_path / "new" / "events.jsonl")
    assert store.open().hash == ZERO_HASH
    store.close()
