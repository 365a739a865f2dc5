"""The ledger calls its metrics hooks."""

import asyncio

import pytest
from support.stores import GatedStore

from ledger import commands as c
from ledger import writer
from ledger.ledger import Ledger, LedgerFailed
from ledger.metrics_hooks import LedgerHooks
from ledger.refusals import AlreadyJoined, UnknownUser
from ledger.store import file
from ledger.store.memory import MemoryLogStore
from ledger.store.profiles import Profile


class Ears(LedgerHooks):
    def __init__(self):
        self.refusals = []
        self.batches = []
        self.times = []

    def refused(self, refusal):
        self.refusals.append(refusal)

    def batch_written(self, events, write_s, sync_s):
        self.batches.append([type(event).__name__ for event in events])
        self.times.append((write_s, sync_s))


def join(user_id):
    return c.Join(by=f"user:{user_id}", user_id=user_id, referral_code=f"c{user_id}")


@pytest.fixture
def ears():
    return Ears()


@pytest.fixture
async def ledger(ears):
    ledger = await Ledger.open(MemoryLogStore(), hooks=ears)
    yield ledger
    await ledger.close()


async def test_a_batch_is_told_by_the_time_that_the_command_is_answered(ledger, ears):
    await ledger.execute(join(1))

    assert ears.batches == [["LogStarted"], ["UserJoined"]]


async def test_a_batch_is_told_only_when_it_is_durable(ears):
    store = GatedStore()
    ledger = await Ledger.open(store, hooks=ears)
    store.gate.clear()
    first = asyncio.create_task(ledger.execute(join(1)))
    await asyncio.to_thread(store.waiting.wait)
    others = [asyncio.create_task(ledger.execute(join(number))) for number in (2, 3)]
    await asyncio.sleep(0)
    assert ears.batches == [["LogStarted"]]

    store.gate.set()
    await asyncio.gather(first, *others)

    assert ears.batches == [["LogStarted"], ["UserJoined"], ["UserJoined", "UserJoined"]]
    await ledger.close()


async def test_writing_and_syncing_are_timed_apart(tmp_path, ears, monkeypatch):
    ledger = await Ledger.open_folder(tmp_path, hooks=ears)
    clock = iter([100.0, 100.5, 102.5])
    monkeypatch.setattr(file, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(writer, "perf_counter", lambda: 7.0)  # encoding takes no time

    await ledger.execute(join(1))

    assert ears.times[-1] == (0.5, 2.0)
    await ledger.close()


async def test_a_refusal_is_told_as_it_is_and_is_no_batch(ledger, ears):
    await ledger.execute(join(1))
    batches = len(ears.batches)

    await ledger.execute(join(1))
    await ledger.execute(c.NoteReachable(by="system", user_id=9))

    assert ears.refusals == [AlreadyJoined(), UnknownUser(user_id=9)]
    assert len(ears.batches) == batches


async def test_names_alone_are_no_batch(ledger, ears):
    await ledger.execute(join(1))
    batches = len(ears.batches)

    ledger.note_profile(Profile(user_id=1, first_name="Anna"))
    await ledger.close()

    assert ledger.state.users[1].first_name == "Anna"
    assert len(ears.batches) == batches


async def test_a_batch_that_failed_is_not_told(ears):
    store = GatedStore()
    ledger = await Ledger.open(store, hooks=ears)
    store.fault = True

    with pytest.raises(LedgerFailed):
        await ledger.execute(join(1))

    assert ears.batches == [["LogStarted"]]
    await ledger.close()
