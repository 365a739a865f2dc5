"""The running ledger on a real file: acknowledged means durable, and a disk error ends it."""

import asyncio
import json
from hashlib import sha256

import pytest
from support.disks import GatedDisk

from ledger import commands as c
from ledger import refusals as r
from ledger.events import UserJoined
from ledger.ledger import Ledger, LedgerFailed
from ledger.store.base import LogLocked
from ledger.store.file import FileLogStore
from ledger.store.file_log import FileLog
from ledger.store.memory import MemoryLogStore
from ledger.store.profiles import Profile
from ledger.store.reader import BadLog, LogReader
from ledger.store.record import Head, encode_records
from ledger.store.recovery import recover
from ledger.store.snapshot import refresh


def join(user_id: int, code: str = "") -> c.Join:
    return c.Join(
        by=f"user:{user_id}", user_id=user_id, referral_code=f"c{user_id}", invited_by_code=code
    )


def ad(user_id: int, number: int) -> c.RewardAd:
    return c.RewardAd(by=f"user:{user_id}", user_id=user_id, ad_number=number, opened_at_ms=0)


async def test_ten_lines_of_anyones_code_can_check_the_chain(tmp_path):
    ledger = await Ledger.open_folder(tmp_path)
    for user_id in range(1, 6):
        await ledger.execute(join(user_id, "c1"))
    await ledger.close()
    previous = "0" * 64
    for number, line in enumerate((tmp_path / "events.jsonl").read_bytes().splitlines(), 1):
        body, _, rest = line.rpartition(b',"hash":"')
        assert sha256(previous.encode() + body).hexdigest() == rest[:-2].decode()
        assert json.loads(line)["seq"] == number
        previous = rest[:-2].decode()
    assert number == 6


async def test_nobody_is_answered_before_the_disk_has_it(tmp_path):
    disk = GatedDisk()
    ledger = await Ledger.open_folder(tmp_path, disk=disk)
    disk.gate.clear()
    answer = asyncio.create_task(ledger.execute(join(1)))
    await asyncio.to_thread(disk.waiting.wait, 20)
    refusal = asyncio.create_task(ledger.execute(join(1)))
    told = asyncio.create_task(ledger.settled())
    await asyncio.sleep(0)
    assert 1 in ledger.state.users, "decided in memory already"
    assert not answer.done()
    assert not refusal.done(), "a refusal rests on what is not on the disk yet"
    assert not told.done()
    disk.gate.set()
    assert isinstance(await answer, tuple)
    assert await refusal == r.AlreadyJoined()
    await told
    await ledger.close()


async def test_commands_that_wait_together_share_one_sync(tmp_path):
    disk = GatedDisk()
    ledger = await Ledger.open_folder(tmp_path, disk=disk)
    disk.gate.clear()
    first = asyncio.create_task(ledger.execute(join(1)))
    await asyncio.to_thread(disk.waiting.wait, 20)
    before = disk.syncs
    others = [asyncio.create_task(ledger.execute(join(user_id))) for user_id in range(2, 258)]
    await asyncio.sleep(0)
    disk.gate.set()
    await asyncio.gather(first, *others)
    assert disk.syncs - before == 2
    assert ledger.head.seq == 258
    await ledger.close()


async def test_followers_hear_every_event_once_in_order_and_only_from_the_disk(tmp_path):
    ledger = await Ledger.open_folder(tmp_path)
    heard: list[int] = []

    def follow(event):
        assert event.seq <= ledger.head.seq
        heard.append(event.seq)

    ledger.follow(follow)
    await asyncio.gather(*(ledger.execute(join(user_id)) for user_id in range(1, 40)))
    await ledger.close()
    assert heard == list(range(2, 41))


@pytest.mark.parametrize("fault", ["full", "sync_error"])
async def test_a_disk_that_says_no_ends_it_and_loses_nothing_told(tmp_path, fault):
    disk = GatedDisk()
    ledger = await Ledger.open_folder(tmp_path, disk=disk)
    await ledger.execute(join(1))
    disk.fault = fault
    outcomes = await asyncio.gather(
        *(ledger.execute(join(user_id)) for user_id in range(2, 9)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [LedgerFailed] * 7
    assert ledger.failed.is_set()
    disk.fault = None
    with pytest.raises(LedgerFailed):
        await ledger.execute(join(9))
    with pytest.raises(LedgerFailed):
        await ledger.settled()
    await ledger.close()
    assert 1 in recover(tmp_path).state.users


async def test_a_log_that_somebody_else_has_written_to_is_the_end():
    """As where another process has taken over; nothing is added to what it has written."""
    store = MemoryLogStore()
    ledger = await Ledger.open(store)
    store._lines += encode_records([UserJoined(seq=2, user_id=9, referral_code="x")], ledger.head)[
        0
    ]
    with pytest.raises(LedgerFailed, match="found line 2"):
        await ledger.execute(join(1))
    assert ledger.failed.is_set()
    await ledger.close()
    assert len(store._lines) == 2


async def test_a_ledger_in_memory_is_as_it_was_when_it_is_opened_again():
    store = MemoryLogStore()
    ledger = await Ledger.open(store)
    await ledger.execute(join(1))
    await ledger.execute(join(2, "c1"))
    await ledger.close()
    again = await Ledger.open(store)
    assert again.state.books == ledger.state.books
    assert (again.head, again.size_bytes) == (ledger.head, ledger.size_bytes)
    await again.close()


async def test_a_second_process_is_turned_away_at_once(tmp_path):
    ledger = await Ledger.open_folder(tmp_path)
    with pytest.raises(LogLocked, match=r"events\.jsonl is in use"):
        await Ledger.open_folder(tmp_path)
    await ledger.close()
    again = await Ledger.open_folder(tmp_path)
    await again.close()


async def test_every_length_of_a_torn_tail_leaves_whole_commands(tmp_path):
    ledger = await Ledger.open_folder(tmp_path)
    setting = c.ChangeSetting(by="admin:7", name="referral_after_ads", value=1, key="7:1")
    await ledger.execute(setting)
    await ledger.execute(join(1))
    await ledger.execute(join(2, "c1"))
    whole_bytes, whole_seq = ledger.size_bytes, ledger.head.seq
    await ledger.execute(ad(2, 1))  # two events: the ad and the bonus
    await ledger.close()
    log = tmp_path / "events.jsonl"
    full = log.read_bytes()
    for length in range(whole_bytes + 1, len(full)):
        folder = tmp_path / str(length)
        folder.mkdir()
        (folder / "events.jsonl").write_bytes(full[:length])
        recovered = recover(folder)
        assert recovered.head.seq == whole_seq
        assert recovered.torn_bytes == length - whole_bytes
        assert recovered.state.users[1].balance == 0
        assert recovered.state.users[2].balance == 0


async def test_a_torn_tail_is_cut_kept_aside_and_noted(tmp_path):
    ledger = await Ledger.open_folder(tmp_path)
    await ledger.execute(join(1))
    await ledger.close()
    log = tmp_path / "events.jsonl"
    size = log.stat().st_size
    with log.open("ab") as file:
        file.write(b'{"type":"user_joi')
    ledger = await Ledger.open_folder(tmp_path)
    await ledger.execute(join(2))
    await ledger.close()
    (kept,) = tmp_path.glob("events.jsonl.torn-*")
    assert kept.read_bytes() == b'{"type":"user_joi'
    types = [json.loads(line)["type"] for line in log.read_bytes().splitlines()]
    assert types == ["log_started", "user_joined", "tail_cut", "user_joined"]
    note = json.loads(log.read_bytes().splitlines()[2])
    assert (note["offset_bytes"], note["length_bytes"]) == (size, 17)
    assert note["kept_as"] == kept.name


@pytest.mark.parametrize("content", [b"", b'{"type":"log_sta', b"x"])
async def test_a_log_that_broke_off_at_its_very_beginning_starts_anew(tmp_path, content):
    (tmp_path / "events.jsonl").write_bytes(content)
    ledger = await Ledger.open_folder(tmp_path)
    assert ledger.head.seq == 1
    await ledger.close()


async def test_a_bad_line_in_the_middle_stops_the_start_and_changes_nothing(tmp_path):
    ledger = await Ledger.open_folder(tmp_path)
    for user_id in range(1, 5):
        await ledger.execute(join(user_id))
    await ledger.close()
    log = tmp_path / "events.jsonl"
    bad = log.read_bytes().replace(b'"user_id":2', b'"user_id":9')
    log.write_bytes(bad)
    with pytest.raises(BadLog, match=r"line 3 \(at byte \d+\): expected the hash"):
        await Ledger.open_folder(tmp_path)
    assert log.read_bytes() == bad
    assert [path.name for path in tmp_path.iterdir()] == ["events.jsonl"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b'"type":"user_joined"', b'"type":"user_teleported"', "this version"),
        (b'"format":1', b'"format":2', "newer version"),
        (b'"user_id":1', b'"user_id":1,"shoe_size":43', "this version"),
    ],
)
async def test_a_log_of_a_newer_version_is_a_clear_error_and_is_not_cut(tmp_path, old, new, words):
    ledger = await Ledger.open_folder(tmp_path)
    await ledger.execute(join(1))
    await ledger.close()
    log, previous, lines = tmp_path / "events.jsonl", "0" * 64, []
    for line in log.read_bytes().replace(old, new).splitlines():
        body = line.rpartition(b',"hash":"')[0]
        previous = sha256(previous.encode() + body).hexdigest()
        lines.append(body + b',"hash":"' + previous.encode() + b'"}\n')
    log.write_bytes(b"".join(lines))
    with pytest.raises(BadLog, match=words):
        await Ledger.open_folder(tmp_path)
    assert log.read_bytes() == b"".join(lines)


async def test_user_data_is_only_a_short_cut(tmp_path):
    ledger = await Ledger.open_folder(tmp_path)
    await ledger.execute(join(1))
    await ledger.execute(ad(1, 1))
    refresh(tmp_path)
    await ledger.execute(join(2, "c1"))
    await ledger.close()
    quick = recover(tmp_path)
    assert quick.from_seq == 3
    (tmp_path / "user_data.json").unlink()
    slow = recover(tmp_path)
    assert slow.from_seq == 0
    assert quick.state.books == slow.state.books
    assert quick.head == slow.head


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"format":1}', b"null"],
)
async def test_a_broken_user_data_file_is_passed_over_with_a_warning(tmp_path, content):
    ledger = await Ledger.open_folder(tmp_path)
    await ledger.execute(join(1))
    await ledger.close()
    (tmp_path / "user_data.json").write_bytes(content)
    recovered = recover(tmp_path)
    assert "user_data.json" in recovered.warning
    assert list(recovered.state.users) == [1]


async def test_user_data_of_another_log_is_passed_over(tmp_path):
    for name, people in (("one", 3), ("two", 5)):
        ledger = await Ledger.open_folder(tmp_path / name)
        for user_id in range(1, people):
            await ledger.execute(join(user_id))
        await ledger.close()
        refresh(tmp_path / name)
    (tmp_path / "two/user_data.json").replace(tmp_path / "one/user_data.json")
    recovered = recover(tmp_path / "one")
    assert "doesn't belong" in recovered.warning
    assert list(recovered.state.users) == [1, 2]


def test_a_short_write_is_a_failure_and_never_half_a_success(tmp_path, monkeypatch):
    store = FileLogStore(tmp_path / "events.jsonl")
    head = store.open()
    monkeypatch.setattr("ledger.store.disk.os.write", lambda _fd, data: len(data) - 1)
    from support.given import Scenario  # noqa: PLC0415 - only this test needs events without a ledger

    world = Scenario()
    world.when(c.StartLog(by="system"))
    lines, _ = encode_records(world.log, head)
    with pytest.raises(OSError, match="only"):
        store.append(lines, head)
    store.close()
    assert store.open() == Head()
    store.close()


async def test_a_reader_beside_the_writer_stops_at_the_last_whole_command(tmp_path):
    ledger = await Ledger.open_folder(tmp_path)
    await ledger.execute(join(1))
    with (tmp_path / "events.jsonl").open("ab") as file:
        file.write(b'{"type":"user_joined","seq":3,')
    log = FileLog(tmp_path / "events.jsonl")
    assert [event.seq for event in LogReader(log).events()] == [1, 2]
    assert log.torn_bytes == 30
    await ledger.close()


async def test_a_follower_that_fails_does_not_keep_the_event_from_the_others(tmp_path):
    ledger = await Ledger.open_folder(tmp_path)
    heard: list[int] = []

    def broken(_event) -> None:
        raise RuntimeError("a bug in a room")

    ledger.follow(broken)
    ledger.follow(lambda event: heard.append(event.seq))
    await ledger.execute(join(1))
    await ledger.execute(join(2))
    await ledger.close()
    assert heard == [2, 3]


async def test_a_name_that_no_file_can_hold_stops_nothing(tmp_path):
    ledger = await Ledger.open_folder(tmp_path)
    await ledger.execute(join(1))
    ledger.note_profile(Profile(user_id=1, first_name="a\ud800"))
    await ledger.execute(join(2))
    await ledger.close()
    assert sorted(recover(tmp_path).state.users) == [1, 2]


async def test_closing_twice_does_nothing_the_second_time(tmp_path):
    ledger = await Ledger.open_folder(tmp_path)
    await ledger.close()
    await ledger.close()
    assert ledger.closed


async def test_names_are_kept_for_us_alone_and_compacted_when_there_are_far_too_many_lines(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("ledger.opening.COMPACT_ABOVE", 5)
    ledger = await Ledger.open_folder(tmp_path)
    await ledger.execute(join(1))
    ledger.note_profile(Profile(user_id=1, first_name="Anna 0"))
    await ledger.close()
    path = tmp_path / "profiles.jsonl"
    with path.open("ab") as file:
        file.writelines(b'{"user_id":1,"first_name":"Anna %d"}\n' % number for number in range(10))
    ledger = await Ledger.open_folder(tmp_path)
    assert ledger.state.users[1].first_name == "Anna 9"
    await ledger.close()
    assert path.read_bytes() == b'{"user_id":1,"first_name":"Anna 9"}\n'
    refresh(tmp_path)
    for name in ("profiles.jsonl", "user_data.json", "events.jsonl"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
