"""The inbox: pending updates survive a kill, handled ones are removed, and no text stays."""

import asyncio

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.disks import GatedDisk

from bot.receive.inbox import REWRITE_ABOVE_BYTES, DEATHS_MAX, Inbox

BOT_ID = 123


def updates(*numbers, text="hello"):
    return {
        number: msgspec.json.encode({"update_id": number, "message": {"text": text}})
        for number in numbers
    }


def left(path, bot_id=BOT_ID):
    """What the next process would find; the file is that of a process that goes on."""
    copy = path.with_name("copy.jsonl")
    copy.write_bytes(path.read_bytes())
    return [one.update_id for one in Inbox.open(copy, bot_id).left]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "inbox.jsonl"


async def test_what_is_kept_and_not_done_is_there_at_the_next_start_in_order(path):
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep(updates(1, 2, 3))
    inbox.done(2)
    await inbox.keep(updates(4))
    assert left(path) == [1, 3, 4]
    await inbox.close()
    again = Inbox.open(path, BOT_ID)
    assert [msgspec.json.decode(one.update)["update_id"] for one in again.left] == [1, 3, 4]
    await again.close()


async def test_once_all_is_done_nothing_of_what_people_wrote_stays(path):
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep(updates(1, 2, text="my secret"))
    inbox.done(1)
    inbox.done(2)
    await inbox.close()
    assert path.read_bytes() == b""


async def test_another_bot_does_not_answer_for_this_one(path):
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep(updates(1))
    assert left(path, BOT_ID + 1) == []
    await inbox.close()


async def test_an_update_that_every_start_dies_with_is_given_up(path, caplog):
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep(updates(1))
    await inbox.close()
    for _ in range(DEATHS_MAX - 1):
        inbox = Inbox.open(path, BOT_ID)
        assert [one.update_id for one in inbox.begin()] == [1]
        await inbox.close()
    inbox = Inbox.open(path, BOT_ID)
    assert inbox.left == []
    assert "given up" in caplog.text
    await inbox.close()


async def test_a_start_that_ends_before_it_handles_anything_is_no_try(path):
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep(updates(1))
    await inbox.close()
    for _ in range(2 * DEATHS_MAX):
        inbox = Inbox.open(path, BOT_ID)
        await inbox.close()
    assert left(path) == [1]


async def test_a_file_that_grows_is_rewritten_with_what_is_open(path):
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep(updates(1))
    long = "x" * (REWRITE_ABOVE_BYTES // 8)
    for number in range(2, 30):
        await inbox.keep(updates(number, text=long))
        inbox.done(number)
    await inbox.close()
    assert path.stat().st_size < REWRITE_ABOVE_BYTES
    assert left(path) == [1]


async def test_a_disk_that_says_no_is_told_and_loses_nothing_else(path):
    disk = GatedDisk()
    inbox = Inbox.open(path, BOT_ID, disk)
    await inbox.keep(updates(1))
    disk.fault = "short"
    with pytest.raises(OSError, match="bytes could be written"):
        await inbox.keep(updates(2))
    disk.fault = None
    await inbox.keep(updates(3))
    assert left(path) == [1, 3]
    await inbox.close()


ACTIONS = st.lists(st.tuples(st.sampled_from(["keep", "done"]), st.integers(1, 6)), max_size=20)


@given(actions=ACTIONS, cut=st.integers(0, 60))
def test_a_kill_at_any_byte_leaves_what_was_kept_before(tmp_path_factory, actions, cut):
    """Nothing that `keep` answered for is lost, and a torn last write spoils no other."""
    path = tmp_path_factory.mktemp("inbox") / "inbox.jsonl"

    async def live() -> set[int]:
        inbox, open_, number = Inbox.open(path, BOT_ID), set(), 0
        for what, which in actions:
            if what == "keep":
                number += 1
                await inbox.keep(updates(number))
                open_.add(number)
            elif which in open_:
                inbox.done(which)
                open_.discard(which)
        await inbox.close()
        return open_

    open_ = asyncio.run(live())
    with path.open("ab") as file:
        line = {"keep": {"bot_id": BOT_ID, "update_id": 99, "update": {}}}
        file.write((msgspec.json.encode(line) + b"\n")[:cut])
    assert set(left(path)) - {99} == open_


async def test_a_line_that_no_json_reader_takes_is_passed_over(path):
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep(updates(1))
    await inbox.close()
    bad = b'{"keep":{"bot_id":123,"update_id":2,"update":{"text":"\xff"},"tries":1}}\n'
    path.write_bytes(bad + path.read_bytes())
    assert left(path) == [1]


async def test_a_fault_of_any_kind_is_told_and_does_not_end_the_inbox(path, monkeypatch):
    inbox = Inbox.open(path, BOT_ID)
    monkeypatch.setattr(inbox, "_write", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await inbox.keep(updates(1))
    monkeypatch.undo()
    await inbox.keep(updates(2))
    assert left(path) == [2]
    await inbox.close()


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (b'{"update_id":1, "a":"\xc3\xbc"}', b'{"update_id":1, "a":"\xc3\xbc"}'),
        (b'{\n  "update_id":\r\n1}', b'{   "update_id":  1}'),
        (b'{"update_id":1,"a":"\\ud83d"}', b'{"update_id": 1, "a": "?"}'),
        (b'{"update_id":1,"a":"\xff"}', '{"update_id": 1, "a": "\ufffd"}'.encode()),
    ],
)
async def test_an_update_stays_as_it_came_but_on_one_line_and_readable(path, data, kept):
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep({1: data})
    await inbox.close()
    again = Inbox.open(path, BOT_ID)
    assert [bytes(one.update) for one in again.left] == [kept]
    await again.close()
