"""The file of the names: one line an hour for each person, and compacted while it grows."""

import asyncio
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fake_time import in_fake_time

from ledger import commands as c
from ledger import profile_changes
from ledger.ledger import Ledger
from ledger.metrics_hooks import LedgerHooks
from ledger.opening import Opened
from ledger.profile_changes import WRITE_AGAIN_AFTER_S, ProfileChanges
from ledger.state import State, User
from ledger.store import profiles
from ledger.store.base import AppendTiming
from ledger.store.memory import MemoryLogStore
from ledger.store.profiles import Profile, ProfileFile, read_profiles
from ledger.store.record import Head
from ledger.writer import Batch, Written


def profile(language="en", *, user_id=1, choice=""):
    return Profile(user_id=user_id, language=language, language_choice=choice)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "profiles.jsonl"


def written(path):
    return [one["language"] for one in map(msgspec.json.decode, path.read_bytes().splitlines())]


async def opened(folder):
    ledger = await Ledger.open(MemoryLogStore(), folder)
    await ledger.execute(c.Join(by="user:1", user_id=1, referral_code="code1"))
    return ledger


async def until_lines(path, count):
    while not path.exists() or len(path.read_bytes().splitlines()) < count:  # noqa: ASYNC110
        await asyncio.sleep(0.001)


async def test_two_clients_in_two_languages_write_one_line_and_one_at_the_stop(tmp_path, path):
    ledger = await opened(tmp_path)
    for number in range(1000):
        ledger.note_profile(profile(("en", "ru")[number % 2]))
        assert ledger.state.users[1].language == ("en", "ru")[number % 2]
    await ledger.close()
    assert written(path) == ["en", "ru"]


async def test_a_language_that_somebody_chose_is_written_at_once(tmp_path, path):
    ledger = await opened(tmp_path)
    ledger.note_profile(profile("en"))
    ledger.note_profile(profile("ru"))
    ledger.note_profile(profile("en", choice="ru"))
    await until_lines(path, 2)
    assert read_profiles(path)[0][1].language_choice == "ru"
    await ledger.close()
    assert written(path) == ["en", "en"]


def test_an_hour_later_the_newest_is_written():
    changes = ProfileChanges()
    assert changes.note(profile("en"), 0) == [profile("en")]
    assert changes.note(profile("ru"), 1) == []
    assert changes.note(profile("de"), 2) == []
    assert changes.next_s() == WRITE_AGAIN_AFTER_S
    assert changes.due(WRITE_AGAIN_AFTER_S - 1) == []
    assert changes.due(WRITE_AGAIN_AFTER_S) == [profile("de")]
    assert changes.next_s() is None
    assert changes.note(profile("ru"), WRITE_AGAIN_AFTER_S + 1) == []
    assert changes.rest() == [profile("ru")]


def test_what_is_pending_and_remembered_is_bounded_and_nothing_is_lost(monkeypatch):
    monkeypatch.setattr(profile_changes, "PENDING_MAX", 3)
    monkeypatch.setattr(profile_changes, "REMEMBERED_MAX", 5)
    changes, file = ProfileChanges(), []
    for language in ("en", "ru", "de"):
        for user_id in range(1, 20):
            file += changes.note(profile(language, user_id=user_id), 0)
            assert len(changes._pending) <= 3
            assert len(changes._written_at_s) <= 6
    file += changes.rest()
    assert {one.user_id: one.language for one in file} == dict.fromkeys(range(1, 20), "de")


@given(
    steps=st.lists(st.tuples(st.integers(1, 4), st.sampled_from("abc"), st.integers(0, 2000))),
)
def test_nobody_is_written_twice_an_hour_and_the_newest_wins(steps):
    changes, now_s, lines, newest = ProfileChanges(), 0.0, [], {}
    for user_id, language, wait_s in steps:
        now_s += wait_s
        newest[user_id] = language
        lines += [(now_s, one) for one in changes.due(now_s)]
        lines += [(now_s, one) for one in changes.note(profile(language, user_id=user_id), now_s)]
    for user_id in newest:
        moments = [at_s for at_s, one in lines if one.user_id == user_id]
        gaps = [later - earlier for earlier, later in pairwise(moments)]
        assert all(gap >= WRITE_AGAIN_AFTER_S for gap in gaps)
    final = {one.user_id: one.language for _, one in lines}
    final |= {one.user_id: one.language for one in changes.rest()}
    assert final == newest


@in_fake_time
async def test_the_ledger_writes_what_is_pending_when_the_hour_is_over(monkeypatch):
    """The writer is another thread, which knows nothing of this loop's time."""
    handed = []
    monkeypatch.setattr("ledger.ledger.BatchWriter", lambda *_: Writer(handed))
    state = State()
    state.users[1] = User(user_id=1)
    ledger = Ledger(None, Opened(state, Head(), None, None), lambda: 0, LedgerHooks())
    ledger.note_profile(profile("en"))
    await asyncio.sleep(1)
    ledger._written(Written(Batch([], []), Head(), AppendTiming()))
    ledger.note_profile(profile("ru"))
    await asyncio.sleep(WRITE_AGAIN_AFTER_S + 1)
    assert [one.language for one in handed] == ["en", "ru"]


class Writer:
    def __init__(self, handed):
        self._handed = handed

    def write(self, batch):
        self._handed += batch.profiles


def test_a_file_that_grows_far_beyond_what_counts_is_compacted_while_it_is_used(path, monkeypatch):
    monkeypatch.setattr(profiles, "COMPACT_ABOVE", 10)
    file = ProfileFile(path)
    longest = 0
    for number in range(200):
        file.append([profile(f"l{number}", user_id=number % 3 + 1)])
        if file._compaction is not None:
            file._compaction.join()
        longest = max(longest, len(path.read_bytes().splitlines()))
    assert longest <= 2 * 3 + 10 + 2
    assert {one.language for one in read_profiles(path)[0].values()} == {"l197", "l198", "l199"}
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_comes_while_it_is_compacted_is_not_lost(path, monkeypatch):
    monkeypatch.setattr(profiles, "COMPACT_ABOVE", 2)
    file = ProfileFile(path)
    file.append([profile(f"l{number}") for number in range(5)])
    file._compaction.join()
    monkeypatch.setattr(type(file._compaction), "is_alive", lambda _: True)
    file.append([profile("ru", user_id=2)])
    monkeypatch.undo()
    file.append([profile("de", user_id=3)])
    found, lines = read_profiles(path)
    assert {one.user_id: one.language for one in found.values()} == {1: "l4", 2: "ru", 3: "de"}
    assert lines == 3


def test_a_compaction_that_fails_costs_nothing(path, monkeypatch, caplog):
    monkeypatch.setattr(profiles, "COMPACT_ABOVE", 2)
    monkeypatch.setattr(profiles, "_compacted", lambda *_: (_ for _ in ()).throw(OSError("full")))
    file = ProfileFile(path)
    file.append([profile(f"l{number}") for number in range(5)])
    file._compaction.join()
    file.append([profile("ru")])
    assert "can't be compacted" in caplog.text
    assert len(path.read_bytes().splitlines()) == 6
