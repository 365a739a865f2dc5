"""Every crash point of a busy run: after any operation, in any write, and in any order of sectors.

The run is recorded once; each folder that a crash could have left is built and started from.
"""

import logging
import random
from itertools import pairwise
from pathlib import Path

import pytest

from chaos.crash_points.crash_images import DiskState, after_kills, after_power_cuts
from chaos.crash_points.image_check import ImageCheck
from chaos.crash_points.recorded_disk import Acknowledged, Create, Rename, Sync, Truncate, Write
from chaos.crash_points.recorded_run import record
from chaos.invariants import Finding
from ledger.audit.verify import verify
from ledger.store.file import LOG_NAME
from ledger.store.file_log import FileLog
from ledger.store.reader import BadLog, LogReader
from ledger.store.recovery import recover
from ledger.store.torn_write import SECTOR_BYTES
from ledger.store.user_data import USER_DATA_NAME


@pytest.fixture(autouse=True)
def _quiet():
    """What a start says of a torn tail is expected thousands of times here."""
    logging.getLogger("ledger").setLevel(logging.ERROR)
    yield
    logging.getLogger("ledger").setLevel(logging.NOTSET)


def recorded(folder, **size):
    (folder / "run").mkdir()
    return record(folder / "run", **size)


@pytest.fixture
def run(tmp_path):
    """Busy: batches of up to 13 commands, so that writes span many sectors."""
    return recorded(tmp_path, seed=1, batches=8, users=12)


def check_all(folder, run, images):
    with ImageCheck(folder / "image", run) as check:
        for image in images:
            check.check(image)
    return check.tally


def test_the_run_has_all_that_reaches_a_disk(run):
    kinds = {type(operation) for operation in run.operations}
    assert {Write, Truncate, Sync, Create, Rename, Acknowledged} <= kinds
    renamed = {one.target for one in run.operations if isinstance(one, Rename)}
    assert USER_DATA_NAME in renamed
    assert any(name.startswith("events.jsonl.torn-") for name in renamed)
    assert max(len(one.data) for one in run.operations if isinstance(one, Write)) > 2000
    told = [one.seq for one in run.operations if isinstance(one, Acknowledged)]
    assert max(told) == len(run.ends_bytes) - 1


def test_the_same_seed_gives_the_same_run(tmp_path, run):
    (tmp_path / "again").mkdir()
    assert recorded(tmp_path / "again", seed=1, batches=8, users=12).log == run.log


def test_a_kill_at_any_byte_loses_nothing_told(tmp_path):
    """Any byte of the log; of the drafts of user_data.json, which no start reads, some lengths."""
    run = recorded(tmp_path, seed=22, batches=2, users=3)
    log, sparse = file_named(run, LOG_NAME), drafts(run)
    lengths = sum(
        len(one.data) for one in run.operations if isinstance(one, Write) and one.file == log
    )
    assert lengths > 2000
    assert run.log.count(b'"more":'), "no command of several lines was at stake"
    tally = check_all(tmp_path, run, after_kills(run.operations, sparse))
    assert tally["crash images"] >= lengths
    assert tally["starts from images"] == tally["crash images that differ"] > lengths * 0.9
    assert tally["torn tails in images"] > len(run.log) / 2


def test_a_power_cut_behind_any_operation_loses_nothing_told(tmp_path, run):
    images = after_power_cuts(run.operations, random.Random(1))
    tally = check_all(tmp_path, run, images)
    assert tally["crash images that differ"] > 300
    assert tally["torn tails with holes"] > 30
    assert tally["starts from images"] == tally["crash images that differ"], "none is refused"


def without(run, wrong):
    """The run of a ledger that forgets some operations."""
    kept = [one for one in run.operations if not wrong(one)]
    assert len(kept) < len(run.operations)
    return run._replace(operations=kept)


def file_named(run, name):
    return next(one.file for one in run.operations if isinstance(one, Create) and one.name == name)


def drafts(run):
    return {
        one.file
        for one in run.operations
        if isinstance(one, Create) and one.name.startswith(f".{USER_DATA_NAME}")
    }


def test_the_check_finds_a_log_that_is_not_synced(tmp_path, run):
    log = file_named(run, LOG_NAME)
    wrong = without(run, lambda one: isinstance(one, Sync) and one.file == log)
    with pytest.raises(Finding, match=r"were acknowledged|refused without need"):
        check_all(tmp_path, wrong, after_power_cuts(wrong.operations, random.Random(1)))


def test_the_check_finds_a_draft_that_is_renamed_before_it_is_synced(tmp_path, run):
    log = file_named(run, LOG_NAME)
    wrong = without(run, lambda one: isinstance(one, Sync) and one.file != log)
    with pytest.raises(Finding, match=r"user_data\.json"):
        check_all(tmp_path, wrong, after_power_cuts(wrong.operations, random.Random(1)))


def test_the_check_finds_an_answer_before_the_write(tmp_path, run):
    disk, told = DiskState(), None
    for operation in run.operations:
        if isinstance(operation, Write) and operation.file == file_named(run, LOG_NAME):
            told = disk.told_seq, disk.after_kill()
        disk.apply(operation)
    before_seq, image = told
    assert disk.told_seq > before_seq
    check_all(tmp_path / "right", run, [image])
    with pytest.raises(Finding, match="were acknowledged"):
        check_all(tmp_path / "wrong", run, [image._replace(told_seq=disk.told_seq)])


# Holes: what a power cut leaves, and what is damage.


@pytest.fixture
def holed(tmp_path, run):
    """A hand that puts NUL bytes into the run's log, in a folder of its own."""
    folder = tmp_path / "holed"
    folder.mkdir()

    def make(begin: int, end: int, size: int = len(run.log)) -> Path:
        content = run.log[:begin] + bytes(end - begin) + run.log[end:size]
        assert len(content) == size
        (folder / LOG_NAME).write_bytes(content)
        return folder

    return make


def last_line_over_sectors(run):
    """Where the last line begins, where within it a sector begins, and where it ends."""
    for begin, end in reversed(list(pairwise(run.ends_bytes))):
        sector = begin + -begin % SECTOR_BYTES
        if begin < sector < end:
            return begin, sector, end
    raise AssertionError


def test_a_hole_to_the_end_is_a_torn_tail(run, holed):
    begin, sector, end = last_line_over_sectors(run)
    recovered = recover(holed(sector, end, end))
    assert run.ends_bytes[recovered.head.seq] <= begin
    assert recovered.torn_bytes == end - run.ends_bytes[recovered.head.seq]


def test_a_hole_that_begins_where_the_write_began_is_a_torn_tail(run, holed):
    """The sector that the new lines share with old ones did not reach the disk."""
    begin, sector, end = last_line_over_sectors(run)
    folder = holed(begin, sector, end)
    assert (folder / LOG_NAME).read_bytes().endswith(b"}\n")
    recovered = recover(folder)
    assert run.ends_bytes[recovered.head.seq] <= begin
    assert recovered.torn_bytes == end - run.ends_bytes[recovered.head.seq]
    (problem,) = verify(folder).problems
    assert "unfinished command" in problem.what


def test_a_hole_with_lines_that_go_on_behind_it_is_damage(run, holed):
    at = run.ends_bytes[10]
    sector = at + -at % SECTOR_BYTES
    folder = holed(sector, sector + SECTOR_BYTES)
    with pytest.raises(BadLog, match=r"line 1\d \(at byte"):
        recover(folder)


@pytest.mark.parametrize("back", [2, 80, 100])
def test_a_single_byte_that_became_nul_is_damage_even_in_the_last_line(run, holed, back):
    folder = holed(len(run.log) - back, len(run.log) - back + 1)
    with pytest.raises(BadLog, match=f"line {len(run.ends_bytes) - 1} "):
        recover(folder)


def test_a_single_byte_that_became_nul_in_the_middle_is_damage(run, holed):
    folder = holed(run.ends_bytes[7] + 20, run.ends_bytes[7] + 21)
    with pytest.raises(BadLog, match=r"line 8 \(at byte"):
        recover(folder)


def test_a_bad_last_line_without_a_hole_is_damage(run, holed):
    folder = holed(0, 0)
    log = folder / LOG_NAME
    log.write_bytes(run.log[:-10] + b"x" + run.log[-9:])
    with pytest.raises(BadLog):
        list(LogReader(FileLog(log)).events())


def test_the_images_are_true_to_the_run(run):
    """The recording is true: played to its end, it is the folder of the run."""
    disk = DiskState()
    for operation in run.operations:
        disk.apply(operation)
    last = disk.after_kill()
    assert last.files[LOG_NAME] == run.log
    assert last.told_seq == len(run.ends_bytes) - 1
