"""Disk errors at every write, of every kind: a clear end, and nothing acknowledged is lost."""

import asyncio
import errno
import logging
import os
import shutil
import signal
import subprocess
import sys

import pytest
from support.books import write_books
from support.processes import ROOT, TOKEN
from support.tiny_disk import fill, make_read_only, tiny_disk

from chaos.acknowledgements import Acknowledgements
from chaos.faulty_disk import FAULTS, WORDS, FaultyDisk
from chaos.invariants import check_folder
from chaos.ledger_run import LedgerRun
from chaos.natural_keys import key_of_command
from ledger.ledger import Ledger, LedgerFailed
from ledger.store.disk import Disk
from ledger.store.file import LOG_NAME, FileLogStore
from ledger.store.recovery import recover
from ledger.store.snapshot import refresh
from ledger.store.user_data import USER_DATA_NAME
from personas.ledger_commands import FIRST_ID, LedgerUser, opening_commands
from sandbox.client import SandboxClient
from sandbox.server import running
from viewbank.snapshot_schedule import SnapshotSchedule

WRITES = 14


async def use(folder, disk, told, rounds=8):
    """Use a ledger for some rounds or until the disk fails; return why it ended, if it did."""
    try:
        ledger = await Ledger.open_folder(folder, disk=disk)
    except (OSError, LedgerFailed) as error:
        return str(error)
    people = [LedgerUser(FIRST_ID + number, "bad", 6) for number in range(6)]

    async def ask(command):
        key = key_of_command(command, ledger.state)
        decision = await ledger.execute(command)
        if isinstance(decision, tuple):
            told.note(f"ok {key} {decision[0].seq} {decision[-1].seq}")

    async def all_ask(commands):
        results = await asyncio.gather(*map(ask, commands), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, LedgerFailed):
                raise result
        return all(result is None for result in results)

    goes_on = True
    for command in opening_commands():
        goes_on = goes_on and await all_ask([command])
    for _ in range(rounds):
        goes_on = goes_on and await all_ask([one.next_command(ledger.state) for one in people])
    assert ledger.failed.is_set() == (not goes_on)
    if not goes_on:
        with pytest.raises(LedgerFailed):
            await ledger.execute(opening_commands()[0])
    await ledger.close()
    return str(ledger.failure or "")


PARTS = [
    (fault, part)
    for fault in FAULTS
    for part in (0.0, 0.4, 1.0)
    if (fault, part) != ("short", 1.0)  # all of it isn't short
]


@pytest.mark.parametrize(("fault", "part"), PARTS)
def test_a_log_that_fails_at_any_write_loses_nothing_told(tmp_path, caplog, fault, part):
    caplog.set_level(logging.CRITICAL)
    lost_at = set()
    for after in range(-1, WRITES):
        folder, told = tmp_path / str(after), Acknowledgements()
        disk = FaultyDisk(fault, after, part)
        why = asyncio.run(use(folder, disk, told))
        assert WORDS[fault] in why, f"after {after} writes: {why}"
        assert disk.fired, "the fault never showed"
        lost_at.add(len(told.granted))
        # The same folder, on a good disk.
        assert asyncio.run(use(folder, Disk(), told)) == ""
        check_folder(folder, failed=True)
        told.check(folder / LOG_NAME)
        assert len(told.granted) > 20
    assert len(lost_at) > 10, "it failed at different places"
    assert any("can't be written" in message for message in caplog.messages)


def test_after_a_failed_sync_the_log_ends_where_it_is_certain(tmp_path):
    """What the system shows after a failed sync need not be on the disk; nothing may rest on it."""

    class SyncFails(Disk):
        broken = False

        def sync(self, fd: int) -> None:
            if self.broken:
                raise OSError(errno.EIO, "Input/output error")
            super().sync(fd)

    async def play():
        disk = SyncFails()
        ledger = await Ledger.open_folder(tmp_path, disk=disk)
        await ledger.execute(opening_commands()[0])
        disk.broken = True
        with pytest.raises(LedgerFailed):
            await ledger.execute(opening_commands()[1])
        await ledger.close()
        return ledger.head

    head = asyncio.run(play())
    assert head.seq == 2
    assert (tmp_path / LOG_NAME).read_bytes().count(b"\n") == head.seq
    assert (tmp_path / LOG_NAME).read_bytes().endswith(head.hash.encode() + b'"}\n')


# A folder that is removed


@pytest.mark.parametrize("how", ["deleted", "moved", "replaced"])
def test_nobody_is_answered_once_the_folder_is_gone(tmp_path, how):
    """Writes to a deleted file succeed, and so do syncs."""
    folder = tmp_path / "data"

    async def play():
        ledger = await Ledger.open_folder(folder)
        await ledger.execute(opening_commands()[0])
        match how:
            case "deleted":
                shutil.rmtree(folder)
            case "moved":
                folder.rename(tmp_path / "elsewhere")
            case "replaced":
                shutil.copytree(folder, tmp_path / "copy")
                shutil.rmtree(folder)
                (tmp_path / "copy").rename(folder)
        with pytest.raises(LedgerFailed, match="deleted, moved or replaced while in use"):
            await ledger.execute(opening_commands()[1])
        await ledger.close()

    asyncio.run(play())
    if how != "deleted":
        place = folder if how == "replaced" else tmp_path / "elsewhere"
        assert recover(place).head.seq == 2
        check_folder(place)


def test_a_new_folder_is_made_to_last(tmp_path):
    synced = []

    class Watched(Disk):
        def sync_folder(self, folder):
            synced.append(folder)
            super().sync_folder(folder)

    store = FileLogStore(tmp_path / "a" / "b" / LOG_NAME, Watched())
    store.open()
    store.close()
    assert synced == [tmp_path, tmp_path / "a", tmp_path / "a" / "b"]


# user_data.json alone


@pytest.fixture
def data(tmp_path):
    """A data folder whose log has grown since user_data.json was written."""
    folder = tmp_path / "data"
    write_books(folder)

    async def play():
        ledger = await Ledger.open_folder(folder)
        await ledger.execute(opening_commands()[0])
        await ledger.close()

    asyncio.run(play())
    return folder


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("after", [-1, 0])
def test_a_user_data_file_that_cant_be_written_stays_as_it_was(data, fault, after):
    before = (data / USER_DATA_NAME).read_bytes()
    disk = FaultyDisk(fault, after)
    with pytest.raises(OSError, match=WORDS[fault]):
        refresh(data, disk)
    assert disk.fired
    assert (data / USER_DATA_NAME).read_bytes() == before
    assert not list(data.glob(".*"))
    refresh(data)
    assert (data / USER_DATA_NAME).read_bytes() != before
    check_folder(data)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_worker_whose_user_data_fails_goes_on(tmp_path, fault):
    run = LedgerRun(tmp_path / "data", seed=3)
    run.round("user_data_fault", fault)
    assert run.tally["faults injected"] == 1
    assert len(run.acknowledged.granted) > 100
    assert not (tmp_path / "data" / USER_DATA_NAME).exists()


def test_a_process_whose_log_fails_says_so_and_ends_with_1(tmp_path):
    run = LedgerRun(tmp_path / "data", seed=4)
    for fault in FAULTS:
        run.round("fault", fault)
    assert run.tally["faults injected"] == len(FAULTS)
    assert run.acknowledged.granted


async def test_the_keeper_of_user_data_warns_and_tries_again(data, caplog):
    (data / USER_DATA_NAME).unlink()
    (data / USER_DATA_NAME).mkdir()  # nothing can take its place
    ledger = await Ledger.open_folder(data)
    keeper = SnapshotSchedule(data, ledger)
    await keeper.refresh()
    (warning,) = [one for one in caplog.messages if "was not refreshed" in one]
    assert "tried again" in warning
    assert "Is a directory" in warning
    assert "Traceback" not in warning
    (data / USER_DATA_NAME).rmdir()
    await keeper.refresh()
    assert recover(data).from_seq == ledger.head.seq
    await ledger.close()


def test_a_snapshot_without_a_log_is_a_clear_error(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "ledger.store.snapshot", "--data", str(tmp_path / "gone")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "the log is not there" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_start_sweeps_what_killed_processes_have_left(data):
    draft = data / f".{USER_DATA_NAME}.12345.tmp"
    other = data / ".gitignore"
    for path in (draft, other):
        path.write_bytes(b"{")
    store = FileLogStore(data / LOG_NAME)
    store.open()
    store.close()
    assert not draft.exists()
    assert other.exists()


# For real


def test_a_disk_that_is_really_full_loses_nothing_told(tmp_path):
    told = Acknowledgements()
    with tiny_disk(tmp_path / "disk") as disk:
        folder = disk / "data"
        why = asyncio.run(use(folder, Disk(), told, rounds=10_000))
        assert "No space left on device" in why or "as on a full disk" in why
        written = len(told.granted)
        assert written > 300
        shutil.copytree(folder, tmp_path / "good")
        fill(disk)
        with pytest.raises(OSError, match=r"No space left|as on a full disk"):
            refresh(folder)
        assert not (folder / USER_DATA_NAME).exists()
    assert asyncio.run(use(tmp_path / "good", Disk(), told)) == ""
    check_folder(tmp_path / "good")
    told.check(tmp_path / "good" / LOG_NAME)
    assert len(told.granted) > written


ADMIN_ID = 7


async def bot(outside, folder) -> asyncio.subprocess.Process:
    """`python -m viewbank`, with an ear on what it complains of."""
    settings = {
        "BOT_TOKEN": TOKEN,
        "ADMIN_ID": str(ADMIN_ID),
        "TELEGRAM_API_URL": outside.telegram_api_url,
        "ORDER_API_URL": outside.provider_url,
        "AD_URL": outside.ad_url,
        "DATA_DIR": str(folder),
        "PORT": "0",
        "LOG_LEVEL": "WARNING",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "viewbank",
        cwd=ROOT,
        env={**os.environ, **settings},
        stderr=asyncio.subprocess.PIPE,
    )


async def welcomed(world, number, process) -> int | None:
    """Somebody new says hello; who that is, or None if the bot came to its end instead."""
    user = await world.add_user(f"Person {number}")
    await user.start()
    hears = asyncio.create_task(user.wait_for("Welcome"))
    ends = asyncio.create_task(process.wait())
    await asyncio.wait([hears, ends], return_when=asyncio.FIRST_COMPLETED)
    greeted = hears.done() and hears.exception() is None
    for task in (hears, ends):
        task.cancel()
    await asyncio.gather(hears, ends, return_exceptions=True)
    return user.id if greeted else None


async def test_the_program_ends_clearly_on_a_full_disk_and_comes_back(tmp_path):
    with tiny_disk(tmp_path / "disk") as disk:
        folder = disk / "data"
        async with (
            running(admin_ids=[ADMIN_ID], token=TOKEN) as outside,
            SandboxClient(outside.url) as world,
        ):
            first = await bot(outside, folder)
            told = []
            filler = None
            while (user_id := await welcomed(world, len(told), first)) is not None:
                told.append(user_id)
                filler = filler or fill(disk)
                assert len(told) < 100, "the disk never got full"
            said = (await first.stderr.read()).decode()
            assert first.returncode == 1, said
            assert "Viewbank stops: the log can't be written" in said
            assert "No space left on device" in said or "as on a full disk" in said
            assert "user_data.json was not refreshed (tried again later)" in said
            assert said.splitlines()[-1].startswith("Viewbank stops: ")
            assert told

            filler.unlink()
            second = await bot(outside, folder)
            assert await welcomed(world, len(told), second)
            second.send_signal(signal.SIGTERM)
            said = (await second.stderr.read()).decode()
            assert await second.wait() == 0, said
            assert set(told) < set(recover(folder).state.users)
            await asyncio.to_thread(check_folder, folder)

            make_read_only(disk)
            third = await bot(outside, folder)
            said = (await third.stderr.read()).decode()
            assert await third.wait() == 1
            assert "Read-only file system" in said
            assert LOG_NAME in said
            assert "Traceback" not in said
