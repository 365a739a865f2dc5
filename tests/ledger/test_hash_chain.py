"""A long log's hashes are checked by a second process; the outcome is the same as without it."""

import re
import shutil
from hashlib import sha256
from itertools import product

import pytest
from msgspec.structs import replace
from support.books import events_of, forge, offsets_of, write_books

from ledger import events as e
from ledger.audit.verify import verify
from ledger.store import reader
from ledger.store.base import LinesFile
from ledger.store.file_log import FileLog
from ledger.store.hash_chain import HashProcess, WrongHash
from ledger.store.reader import BadLog, LogReader
from ledger.store.rebuild import rebuild
from ledger.store.record import Head
from ledger.store.user_data import encode


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("books")
    write_books(folder)
    return folder


@pytest.fixture
def data(books, tmp_path):
    return shutil.copytree(books, tmp_path / "data")


@pytest.fixture
def processes(monkeypatch):
    """Every log is long here, and read in small blocks; the processes that were started."""
    started = []

    class Watched(HashProcess):
        def __init__(self, head: Head, lines: LinesFile) -> None:
            super().__init__(head, lines)
            started.append(self._process)

    monkeypatch.setattr(reader, "WORTH_A_PROCESS_BYTES", 0)
    monkeypatch.setattr("ledger.store.file_log._BLOCK_BYTES", 1000)
    monkeypatch.setattr(reader, "HashProcess", Watched)
    return started


def test_a_good_log_is_replayed_and_verified_to_the_same(books, processes):
    rebuilt = rebuild(books)
    assert encode(rebuilt.state, rebuilt.head) == (books / "user_data.json").read_bytes()
    assert verify(books).holds
    assert [process.returncode for process in processes] == [0, 0]


def test_a_reader_that_starts_behind_a_line_checks_from_there(books, processes):
    events = events_of(books / "events.jsonl")
    start = Head(events[9].seq, events[9].hash, events[9].at)
    found = LogReader(FileLog(books / "events.jsonl"), start, second_process=True).events()
    assert list(found) == events[10:]
    assert len(processes) == 1


def test_a_changed_line_is_named_as_without_a_second_process(data, processes, monkeypatch):
    log = data / "events.jsonl"
    good, starts = log.read_bytes(), offsets_of(log)
    for line, worth_bytes in product((1, 2, 20, len(starts)), (0, 1 << 30)):
        monkeypatch.setattr(reader, "WORTH_A_PROCESS_BYTES", worth_bytes)
        at = starts[line - 1] + good[starts[line - 1] :].index(b'"by":"') + len('"by":"')
        log.write_bytes(good[:at] + b"x" + good[at + 1 :])
        with pytest.raises(BadLog, match=r"expected the .*hash") as raised:
            rebuild(data)
        assert (raised.value.line_number, raised.value.offset_bytes) == (line, starts[line - 1])
        problem = verify(data).problems[0]
        assert (problem.line_number, problem.offset_bytes) == (line, starts[line - 1])
    assert len(processes) == 8
    assert None not in [process.returncode for process in processes]


def test_a_line_that_cant_be_decoded_comes_behind_a_wrong_hash_before_it(data, processes):
    log = data / "events.jsonl"
    content = log.read_bytes().replace(b'"user_id":103', b'"user_id":"x"')
    log.write_bytes(content)
    first = content[: content.index(b'"user_id":"x"')].count(b"\n") + 1
    with pytest.raises(BadLog) as raised:
        rebuild(data)
    assert raised.value.line_number == first
    log.write_bytes(content.replace(b'"by":"user:102"', b'"by":"user:999"', 1))
    with pytest.raises(BadLog) as raised:
        rebuild(data)
    assert raised.value.line_number < first
    assert processes


def test_a_contradiction_is_named_unless_a_wrong_hash_comes_before_it(data, processes):
    log = data / "events.jsonl"
    events = events_of(log)
    index = next(i for i, event in enumerate(events) if isinstance(event, e.OrderPlaced))
    forge(log, [*events[:index], replace(events[index], prev=1), *events[index + 1 :]])
    with pytest.raises(BadLog, match="prev is 1") as raised:
        rebuild(data)
    assert raised.value.line_number == index + 1
    log.write_bytes(log.read_bytes().replace(b'"by":"user:102"', b'"by":"user:999"', 1))
    with pytest.raises(BadLog, match="with the hash") as raised:
        rebuild(data)
    assert raised.value.line_number < index + 1
    assert [process.returncode for process in processes] == [0, 0]


def test_a_process_that_dies_is_no_good_log(books, processes, monkeypatch):
    finish = HashProcess.finish

    def kill_and_finish(self):
        self._process.kill()
        return finish(self)

    monkeypatch.setattr(HashProcess, "finish", kill_and_finish)
    with pytest.raises(OSError, match="without an answer"):
        rebuild(books)
    assert processes


def test_a_reader_that_is_given_up_leaves_no_process(books, processes):
    log_reader = LogReader(FileLog(books / "events.jsonl"), second_process=True)
    batches = log_reader.batches()
    first = next(batches)
    (process,) = processes
    assert process.poll() is None
    batches.close()
    assert process.returncode is not None
    rest = list(log_reader.events())
    assert [*first, *rest] == events_of(books / "events.jsonl")
    assert [process.returncode for process in processes[1:]] == [0]


def test_lines_that_are_written_meanwhile_are_checked_too(data, processes):
    """The second process has been started when they come; their hashes are checked here."""
    log = data / "events.jsonl"
    whole, starts = log.read_bytes(), offsets_of(log)
    seen, more = whole[: starts[20]], whole[starts[20] :]

    class Growing(FileLog):
        def read(self, after):
            with self.path.open("ab") as file:
                file.write(more[:-100] + more[-100:].replace(b'"', b"'", 1))
            return super().read(after)

    log.write_bytes(seen)
    with pytest.raises(BadLog, match=f"line {len(starts)} "):
        list(LogReader(Growing(log), second_process=True).events())
    assert [process.returncode for process in processes] == [0]


def test_the_process_says_which_line_and_which_hash(books):
    lines = (books / "events.jsonl").read_bytes().splitlines(keepends=True)
    hashes = [re.findall(rb'"hash":"(\w{64})"', line)[0].decode() for line in lines]
    with FileLog(books / "events.jsonl") as log:
        found = log.lines_file(3)
        with found.file:
            assert found.size_bytes == len(b"".join(lines[3:]))
            assert HashProcess(Head(3, hashes[2]), found).finish() is None
        found = log.lines_file(3)
        with found.file:
            process = HashProcess(Head(3, hashes[3]), found)
            assert process.finish() == WrongHash(4, _hash_behind(hashes[3], lines[3]))


def _hash_behind(previous, line):
    return sha256(previous.encode() + line[: line.rindex(b',"hash"')]).hexdigest()
