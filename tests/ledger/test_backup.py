"""Back-ups: always a prefix of the log, and enough to restore from."""

import asyncio
import shutil
import threading
from pathlib import Path

import pytest
from support.books import ANNA, a_little, events_of, everything, forge, offsets_of, write_books
from typer.testing import CliRunner

from ledger import commands as c
from ledger.audit.verify import verify
from ledger.ledger import Ledger
from ledger.store.base import LogLocked
from ledger.store.disk import Disk
from ledger.store.reader import BadLog
from ledger.store.recovery import recover
from ledger.transfer import backup as backup_module
from ledger.transfer.backup import BackupRefused, back_up
from viewbank.cli.main import app


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("backup")
    write_books(folder)
    return folder


@pytest.fixture
def data(books, tmp_path):
    return Path(shutil.copytree(books, tmp_path / "data"))


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "somewhere" / "copy"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def balances(folder: Path) -> dict[int, int]:
    return {user.user_id: user.balance for user in recover(folder).state.users.values()}


def test_it_copies_the_log_and_the_names_and_what_it_says_is_so(data, copy):
    done = back_up(data, copy)
    log = (data / "events.jsonl").read_bytes()
    assert contents(copy) == {
        "events.jsonl": log,
        "profiles.jsonl": (data / "profiles.jsonl").read_bytes(),
    }
    assert done.before.seq == 0
    assert done.head.seq == log.count(b"\n")
    assert verify(copy).holds


def test_what_is_restored_from_it_has_the_same_balances_and_goes_on(data, copy, tmp_path):
    back_up(data, copy)
    restored = tmp_path / "restored"
    restored.mkdir()
    for name in ("events.jsonl", "profiles.jsonl"):
        shutil.copy(copy / name, restored / name)
    assert balances(restored) == balances(data)
    assert recover(restored).state.users[ANNA].first_name == "Anna"

    async def go_on():
        ledger = await Ledger.open_folder(restored)
        command = c.Join(by="user:9", user_id=9, referral_code="nine")
        assert isinstance(await ledger.execute(command), tuple)
        await ledger.close()

    asyncio.run(go_on())
    assert verify(restored).holds


def test_into_the_same_folder_again_it_adds_what_is_new_and_leaves_the_rest(data, copy):
    log = data / "events.jsonl"
    whole, offsets = log.read_bytes(), offsets_of(log)
    log.write_bytes(whole[: offsets[10]])
    first = back_up(data, copy)
    inode = (copy / "events.jsonl").stat().st_ino
    log.write_bytes(whole)
    second = back_up(data, copy)
    assert first.head == second.before
    assert second.head.seq == len(offsets)
    assert (copy / "events.jsonl").read_bytes() == whole
    assert (copy / "events.jsonl").stat().st_ino == inode
    third = back_up(data, copy)
    assert third.before == third.head == second.head


def test_a_backup_that_died_at_any_byte_is_completed_by_the_next_one(tmp_path, copy):
    log = write_books(tmp_path / "data", a_little)
    whole = log.read_bytes()
    copy.mkdir(parents=True)
    for length in range(0, len(whole), 7):
        (copy / "events.jsonl").write_bytes(whole[:length])
        assert back_up(tmp_path / "data", copy).head.seq == whole.count(b"\n")
        assert (copy / "events.jsonl").read_bytes() == whole


def test_an_unfinished_command_at_the_end_is_not_copied(data, copy):
    log = data / "events.jsonl"
    whole = log.read_bytes()
    with log.open("ab") as file:
        file.write(b'{"type":"ad_rewarded","se')
    with (data / "profiles.jsonl").open("ab") as file:
        file.write(b'{"user_id":1')
    back_up(data, copy)
    assert (copy / "events.jsonl").read_bytes() == whole
    assert (copy / "profiles.jsonl").read_bytes().endswith(b"}\n")


def test_a_copy_of_another_log_is_refused_and_left_alone(data, copy, tmp_path):
    write_books(tmp_path / "other", a_little)
    back_up(tmp_path / "other", copy)
    before = contents(copy)
    with pytest.raises(BackupRefused, match="is of another log"):
        back_up(data, copy)
    assert contents(copy) == before


def test_a_log_that_has_lost_lines_does_not_overwrite_the_copy_that_still_has_them(data, copy):
    back_up(data, copy)
    before = contents(copy)
    log = data / "events.jsonl"
    log.write_bytes(log.read_bytes()[: offsets_of(log)[-3]])
    with pytest.raises(BackupRefused, match="has lost or changed lines"):
        back_up(data, copy)
    assert contents(copy) == before


def test_a_log_that_was_written_anew_does_not_overwrite_the_copy(data, copy):
    back_up(data, copy)
    before = contents(copy)
    log = data / "events.jsonl"
    events = events_of(log)
    forge(log, [*events[:-1], type(events[-1])(**_fields(events[-1], by="somebody"))])
    with pytest.raises(BackupRefused, match="is of another log"):
        back_up(data, copy)
    assert contents(copy) == before


def _fields(event, **changes):
    return {name: getattr(event, name) for name in event.__struct_fields__} | changes


@pytest.mark.parametrize("content", [b"my notes", b"my notes\n", b'{"type":"log_ended"'])
def test_a_file_of_that_name_that_is_no_log_is_left_alone(data, copy, content):
    copy.mkdir(parents=True)
    (copy / "events.jsonl").write_bytes(content)
    with pytest.raises((BackupRefused, BadLog)):
        back_up(data, copy)
    assert contents(copy) == {"events.jsonl": content}


def test_a_damaged_copy_is_found_and_a_damaged_log_is_not_copied(data, copy, tmp_path):
    back_up(data, copy)
    log = copy / "events.jsonl"
    good = log.read_bytes()
    log.write_bytes(good.replace(b'"ad_number":3', b'"ad_number":4'))
    with pytest.raises(BadLog) as caught:
        back_up(data, copy)
    assert caught.value.place.name == str(log)
    (data / "events.jsonl").write_bytes(log.read_bytes())
    with pytest.raises(BadLog) as caught:
        back_up(data, tmp_path / "new")
    assert caught.value.place.name == str(data / "events.jsonl")
    assert not (tmp_path / "new" / "events.jsonl").read_bytes()


def test_bytes_that_turn_out_wrong_when_read_back_are_found(data, copy):
    class BadDisk(Disk):
        """A medium that keeps one byte differently."""

        def write(self, fd, data):
            super().write(fd, bytes(data).replace(b'"ad_number":3', b'"ad_number":7'))

    with pytest.raises(BadLog) as caught:
        back_up(data, copy, BadDisk())
    assert caught.value.place.name == str(copy / "events.jsonl")


def test_everything_is_synced_before_it_is_said_to_be_there(data, copy):
    calls = []

    def folder_of(fd):
        return Path(f"/proc/self/fd/{fd}").readlink().parent.name

    class Noting(Disk):
        def write(self, fd, data):
            calls.append("write")
            super().write(fd, data)

        def sync(self, fd):
            calls.append(f"sync {folder_of(fd)}")
            super().sync(fd)

        def fsync(self, fd):
            calls.append(f"fsync {folder_of(fd)}")
            super().fsync(fd)

        def sync_folder(self, folder):
            calls.append(f"folder {folder.name}")
            super().sync_folder(folder)

    back_up(data, copy, Noting())
    wrote = calls.index("write")
    assert calls[wrote - 1] == "sync data", "no line may be in the copy alone after a power cut"
    assert calls[wrote + 1 : wrote + 3] == ["fsync copy", "folder copy"]


def test_the_folder_of_a_running_bot_and_the_log_itself_are_refused(data, tmp_path):
    with pytest.raises(BackupRefused, match="the folder of the log itself"):
        back_up(data, data)
    with pytest.raises(BackupRefused, match="is not there"):
        back_up(tmp_path, data)

    back_up(data, tmp_path / "running")

    async def play():
        ledger = await Ledger.open_folder(tmp_path / "running")
        try:
            with pytest.raises(LogLocked):
                back_up(data, tmp_path / "running")
        finally:
            await ledger.close()

    asyncio.run(play())


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("log", [None, b""], ids=["no log", "an empty log"])
def test_a_folder_with_other_files_is_no_back_up_and_stays_as_it_is(data, tmp_path, log):
    target = tmp_path / "etc"
    target.mkdir()
    (target / "passwd").write_text("root")
    if log is not None:
        (target / "events.jsonl").write_bytes(log)
    before = files_in(target)
    with pytest.raises(BackupRefused, match="other files"):
        back_up(data, target)
    assert files_in(target) == before


def test_a_log_with_another_first_line_is_not_added_to(data, tmp_path):
    other = tmp_path / "other"

    async def begin():
        await (await Ledger.open_folder(other)).close()

    asyncio.run(begin())
    before = files_in(other)
    with pytest.raises(BackupRefused, match="its first line is not that of"):
        back_up(data, other)
    assert files_in(other) == before


def test_a_new_an_empty_and_a_broken_off_folder_are_taken(data, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "disk" / "lost+found").mkdir(parents=True)
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "events.jsonl").write_bytes(b'{"type":"log_st')
    for name in ("new/deep", "empty", "disk"):
        assert back_up(data, tmp_path / name).head.seq > 1
    (tmp_path / "half" / "events.jsonl").write_bytes((data / "events.jsonl").read_bytes()[:20])
    assert back_up(data, tmp_path / "half").head.seq > 1


def test_an_earlier_back_up_may_have_other_files_beside_it(data, copy):
    back_up(data, copy)
    (copy / "README").write_text("of the house")
    assert back_up(data, copy).head.seq > 1


def test_copies_made_while_the_bot_writes_are_each_whole_and_grow(tmp_path, copy, monkeypatch):
    """Many back-ups, while many commands of two and three lines go in."""
    monkeypatch.setattr(backup_module, "_PIECE_BYTES", 1000)
    data = tmp_path / "data"
    heads, stop = [], threading.Event()

    def keep_copying():
        while not stop.is_set():
            heads.append(back_up(data, copy).head)
            assert verify(copy).holds

    async def play():
        now_ms = 10**12
        ledger = await Ledger.open_folder(data, clock=lambda: now_ms)
        copying = asyncio.create_task(asyncio.to_thread(keep_copying))
        for first in range(1, 100_000, 50):
            await asyncio.gather(
                *[
                    ledger.execute(
                        c.ImportUser(
                            by="system",
                            user_id=user_id,
                            referral_code=f"c{user_id}",
                            referred_by=None,
                            amount_points=user_id,
                            ads_watched=0,
                        )
                    )
                    for user_id in range(first, first + 50)
                ]
            )
            if len(heads) >= 8 or copying.done():
                break
        await ledger.close()
        stop.set()
        await copying

    asyncio.run(play())
    assert len(heads) >= 8, "the copies must have been made while it wrote"
    assert len({head.seq for head in heads}) >= 4
    assert [head.seq for head in heads] == sorted(head.seq for head in heads)
    back_up(data, copy)
    assert balances(copy) == balances(data)


# The command


def run(*arguments):
    return CliRunner().invoke(app, ["backup", *[str(argument) for argument in arguments]])


def test_the_command_says_how_far_the_copy_goes(data, copy):
    result = run(copy, "--data", data)
    head = recover(data).head
    assert result.exit_code == 0, result.output
    assert f"the log up to line {head.seq:,}, of {head.at}; {head.seq:,} lines are new" in (
        result.stdout
    )
    assert head.hash in result.stdout
    assert "; 0 lines are new" in run(copy, "--data", data).stdout


def test_a_refusal_is_a_sentence_and_ends_with_1(data, copy, tmp_path):
    write_books(tmp_path / "other", everything)
    run(copy, "--data", tmp_path / "other")
    log = data / "events.jsonl"
    forge(log, [type(one)(**_fields(one, by="somebody")) for one in events_of(log)])
    result = run(copy, "--data", data)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "Nothing was changed" in result.stderr
