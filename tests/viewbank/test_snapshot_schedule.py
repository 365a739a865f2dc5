"""Snapshots refresh `user_data.json`; a failure is only logged."""

import asyncio
import sys

import pytest

from ledger import commands as c
from ledger.ledger import Ledger
from ledger.store.user_data import USER_DATA_NAME
from viewbank.snapshot_schedule import SnapshotSchedule


@pytest.fixture
async def ledger(tmp_path):
    ledger = await Ledger.open_folder(tmp_path / "data")
    yield ledger
    await ledger.close()


@pytest.fixture
def keeper(ledger, tmp_path):
    return SnapshotSchedule(tmp_path / "data", ledger)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "data" / USER_DATA_NAME


class Runs(list):
    """The processes that were asked for."""

    def __init__(self):
        super().__init__()
        self._news = asyncio.Queue()

    def note(self, arguments):
        self.append(arguments)
        self._news.put_nowait(arguments)

    async def next(self):
        await asyncio.wait_for(self._news.get(), 30)


@pytest.fixture
def runs(monkeypatch):
    runs = Runs()
    real = asyncio.create_subprocess_exec

    async def noted(*arguments, **more):
        runs.note(arguments)
        return await real(*arguments, **more)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    return runs


async def grow(ledger):
    seq = ledger.head.seq
    command = c.ChangeSetting(by="system", name="ad_reward_points", value=60 + seq, key=f"{seq}")
    assert isinstance(await ledger.execute(command), tuple)
    assert ledger.head.seq > seq


async def test_a_log_that_has_not_grown_needs_no_process(keeper, ledger, file, runs):
    await keeper.refresh()
    await keeper.refresh()
    assert (file.exists(), len(runs)) == (True, 1)
    await grow(ledger)
    await keeper.refresh()
    assert len(runs) == 2


async def test_no_process_to_be_had_is_logged_and_tried_again(
    keeper, file, runs, monkeypatch, caplog
):
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/no/such/python")
        await keeper.refresh()
    assert "not refreshed (tried again later)" in caplog.text
    assert (file.exists(), len(runs)) == (False, 1)
    await keeper.refresh()
    assert (file.exists(), len(runs)) == (True, 2)


async def test_the_work_goes_on_after_a_failure(ledger, file, runs, monkeypatch, tmp_path):
    python = sys.executable
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    keeper = SnapshotSchedule(tmp_path / "data", ledger, every_s=0)
    keeper.start()
    await runs.next()
    await runs.next()
    monkeypatch.setattr(sys, "executable", python)
    await keeper.stop()
    assert file.exists()


async def test_a_process_that_fails_is_logged_with_its_words(
    keeper, file, monkeypatch, caplog, tmp_path
):
    script = tmp_path / "python"
    script.write_text("#!/bin/sh\necho 'no room left' >&2\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    await keeper.refresh()
    assert "no room left" in caplog.text
    assert not file.exists()


async def test_stopping_refreshes_a_last_time_though_it_was_in_the_midst(
    ledger, keeper, file, runs
):
    keeper.start()
    await runs.next()
    await grow(ledger)
    await keeper.stop()
    assert f'"seq":{ledger.head.seq}' in file.read_text().replace(" ", "")
