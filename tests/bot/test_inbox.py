"""The inbox: pending updates survive a kill, handled ones are removed, and no text stays."""

import asyncio

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.disks import GatedDisk

from bot.receive.inbox import DEATHS_MAX, REWRITE_ABOVE_BYTES, Inbox

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


async def crash(inbox, *handling):
    """The process dies while it handles these; nothing is closed."""
    await inbox.note_handling(handling)
    inbox._thread.shutdown()


async def test_what_waited_while_the_process_died_is_never_given_up(path):
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep(updates(1, 2))
    await crash(inbox)
    for _ in range(20):
        inbox = Inbox.open(path, BOT_ID)
        assert [one.update_id for one in inbox.left] == [1, 2]
        await crash(inbox)
    assert inbox.set_aside.updates(BOT_ID) == []


async def test_what_processes_died_with_alone_is_set_aside_whole(path, caplog):
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep(updates(1, 2, text="my poison"))
    for deaths in range(DEATHS_MAX):
        assert [one.deaths for one in inbox.left if one.update_id == 1] in ([], [deaths])
        await crash(inbox, 1)
        inbox = Inbox.open(path, BOT_ID, clock=lambda: 0)
    assert [one.update_id for one in inbox.left] == [2]
    assert "set aside" in caplog.text
    file = path.with_name("set_aside.jsonl")
    assert file.stat().st_mode & 0o777 == 0o600
    (kept,) = [msgspec.json.decode(line) for line in file.read_bytes().splitlines()]
    assert kept["update"] == msgspec.json.decode(updates(1, text="my poison")[1])
    assert kept["at"] == "1970-01-01T00:00:00.000Z"
    assert kept["reason"] == "the program ended 3 times while it handled only this"
    await inbox.close()


async def test_who_dies_beside_others_is_not_suspected(path):
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep(updates(1, 2))
    for _ in range(2 * DEATHS_MAX):
        await crash(inbox, 1, 2)
        inbox = Inbox.open(path, BOT_ID)
    assert [(one.update_id, one.deaths) for one in inbox.left] == [(1, 0), (2, 0)]
    await inbox.close()


async def test_a_clean_stop_ends_the_count_of_crashes(path):
    for crashes in range(3):
        inbox = Inbox.open(path, BOT_ID)
        assert inbox.crashes == crashes
        await crash(inbox)
    inbox = Inbox.open(path, BOT_ID)
    assert inbox.crashes == 3
    await inbox.close()
    again = Inbox.open(path, BOT_ID)
    assert again.crashes == 0
    await again.close()


async def test_a_file_of_an_earlier_version_is_read_and_its_tries_are_no_suspicion(path):
    entry = {"bot_id": BOT_ID, "update_id": 1, "update": {"update_id": 1}, "tries": 9}
    path.write_bytes(
        msgspec.json.encode({"keep": entry}) + b'\n{"tried":[1]}\n{"tried":[1]}\n{"done":[2]}\n'
    )
    inbox = Inbox.open(path, BOT_ID)
    assert [(one.update_id, one.deaths) for one in inbox.left] == [(1, 0)]
    await inbox.close()


async def test_a_line_of_what_was_set_aside_that_cannot_be_read_stays(path):
    file = path.with_name("set_aside.jsonl")
    file.write_bytes(b'{"half a\n')
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep(updates(1))
    inbox.set_aside.add(list(inbox._open.values()), 0)
    assert file.read_bytes().startswith(b'{"half a\n{"at":')
    await inbox.close()


@pytest.mark.parametrize("what", ["deleted", "moved", "replaced"])
async def test_a_file_that_is_gone_is_written_anew_with_all_that_is_open(path, what, caplog):
    inbox = Inbox.open(path, BOT_ID)
    await inbox.keep(updates(1, 2))
    inbox.done(1)
    if what == "moved":
        path.rename(path.with_name("elsewhere"))
    else:
        path.unlink()
    if what == "replaced":
        path.write_bytes(b'{"keep":{"bot_id":123,"update_id":77,"update":{}}}\n')
    await inbox.keep(updates(3))
    assert left(path) == [2, 3]
    assert "written anew" in caplog.text
    await inbox.keep(updates(4))
    inbox.done(2)
    inbox.done(3)
    inbox.done(4)
    await inbox.close()
    assert path.read_bytes() == b""


async def test_nothing_is_confirmed_that_no_file_has(path):
    inbox = Inbox.open(path, BOT_ID)
    folder = path.parent
    folder.rename(folder.with_name("moved away"))
    with pytest.raises(OSError, match="No such file"):
        await inbox.keep(updates(1))
    folder.with_name("moved away").rename(folder)
    await inbox.keep(updates(2))
    assert left(path) == [2]
    await inbox.close()


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
