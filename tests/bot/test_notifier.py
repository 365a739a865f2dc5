"""What is promised to people is sent: in order, bounded, through outages, and after a restart."""

import asyncio
import json
from collections import Counter

import pytest
from support.disks import GatedDisk
from support.notifier_harness import ADMIN_ID, ANNA, BEN, NotifierHarness, until
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TimedOut

from bot.notify import cursor, notifier
from bot.send.api_answers import RetryAfter
from ledger import commands as c
from ledger.ledger import LedgerFailed
from ledger.reason_codes import ReasonCode
from ledger.store.file import FileLogStore
from orders.alerts import Alert


@pytest.fixture
async def desk(tmp_path, monkeypatch):
    monkeypatch.setattr(notifier, "STOP_WITHIN_S", 0)
    desk = NotifierHarness(tmp_path)
    await desk.open()
    yield desk
    await desk.close()


def saved(desk) -> dict:
    return json.loads(desk.file.read_bytes())


async def until_saved(desk, **expected) -> None:
    """Wait until the file says so."""
    await until(lambda: saved(desk) == expected)


async def test_a_notice_that_was_not_out_at_the_stop_follows_after_the_start(desk):
    desk.telegram.fail(NetworkError("away"))
    await desk.give(ANNA, "a gift")
    await desk.restart()
    assert desk.telegram.told(ANNA) == []
    desk.telegram.fail(None)
    await desk.all_out()
    await desk.restart()
    assert desk.telegram.reasons(ANNA) == ["a gift"]


async def test_what_one_person_still_waits_for_is_told_to_nobody_else_again(desk):
    desk.telegram.fail(NetworkError("away"), only=ANNA)
    await desk.give(ANNA, "for Anna")
    await desk.give(BEN, "for Ben")
    await desk.telegram.until_told(BEN, 1)
    await desk.restart()
    desk.telegram.fail(None)
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["for Anna"]
    assert desk.telegram.reasons(BEN) == ["for Ben"]


async def test_of_two_who_hear_of_one_event_only_the_one_who_has_not_hears_later(desk):
    await desk.do(c.ChangeSetting(by="system", name="referral_after_ads", value=0, key="s"))
    desk.telegram.fail(NetworkError("away"), only=ANNA)
    cleo = 3
    await desk.do(
        c.Join(by=f"user:{cleo}", user_id=cleo, referral_code="cleo", invited_by_code="code1")
    )
    await desk.telegram.until_told(cleo, 1)
    await desk.restart()
    desk.telegram.fail(None)
    await desk.all_out()
    assert len(desk.telegram.told(cleo)) == 1
    assert len(desk.telegram.told(ANNA)) == 1


async def test_after_a_kill_what_was_noted_as_told_is_not_told_again(desk):
    await desk.give(ANNA, "one")
    await until_saved(desk, seq=desk.ledger.head.seq, waiting=[])
    desk.telegram.fail(NetworkError("away"))
    await desk.give(ANNA, "two")
    await desk.kill()
    desk.telegram.fail(None)
    await desk.start()
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["one", "two"]


async def test_what_happens_while_nobody_follows_is_told_after_the_start(desk):
    await desk.notifier.stop()
    await desk.give(ANNA, "meanwhile")
    await desk.start()
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["meanwhile"]


async def test_what_is_in_the_file_but_not_certain_yet_is_told_once_it_is(tmp_path):
    disk, log = GatedDisk(), tmp_path / "events.jsonl"
    desk = NotifierHarness(tmp_path)
    await desk.open(FileLogStore(log, disk))
    await desk.notifier.stop()
    disk.gate.clear()
    size_bytes = log.stat().st_size
    giving = asyncio.create_task(desk.give(ANNA, "a gift"))
    await until(lambda: log.stat().st_size > size_bytes)
    await desk.start()
    assert desk.notifier.waiting == 0
    disk.gate.set()
    await giving
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["a gift"]
    await desk.close()


async def test_the_first_start_on_an_existing_log_tells_nothing_old(desk):
    await desk.notifier.stop()
    await desk.give(ANNA, "old")
    desk.file.unlink()
    await desk.start()
    assert saved(desk) == {"seq": desk.ledger.head.seq, "waiting": []}
    await desk.give(ANNA, "new")
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["new"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 30,
        b'{"seq":3,"wai',
        b"[]",
        b'{"seq":-1}',
        b'{"seq":"3"}',
        b'{"seq":3,"waiting":[[1]]}',
        b'{"seq":3,"waiting":["\xff"]}',
        b"[" * 5000,
    ],
)
async def test_a_file_that_cannot_be_read_is_survived_with_one_word(desk, caplog, content):
    await desk.notifier.stop()
    await desk.give(ANNA, "old")
    desk.file.write_bytes(content)
    caplog.clear()
    await desk.start()
    assert ["can't be read" in record.message for record in caplog.records] == [True]
    await desk.give(ANNA, "new")
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["new"]


async def test_a_file_ahead_of_the_log_is_survived_with_one_word(desk, caplog):
    await desk.notifier.stop()
    desk.file.write_text('{"seq":9999,"waiting":[[9998,1]]}')
    caplog.clear()
    await desk.start()
    assert ["older copy" in record.message for record in caplog.records] == [True]
    assert saved(desk) == {"seq": desk.ledger.head.seq, "waiting": []}
    await desk.give(ANNA, "new")
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["new"]


async def test_a_file_that_speaks_of_lines_which_are_not_there_is_survived(desk, caplog):
    await desk.notifier.stop()
    await desk.give(ANNA, "waiting")
    seq = desk.ledger.head.seq
    desk.file.write_text(f'{{"seq":{seq},"waiting":[[9998,1],[{seq},1]]}}')
    caplog.clear()
    await desk.start()
    assert ["no line 9998" in record.message for record in caplog.records] == [True]
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["waiting"]


async def test_what_waits_in_the_file_for_somebody_who_hears_nothing_of_it_waits_no_longer(desk):
    await desk.notifier.stop()
    desk.file.write_text(f'{{"seq":{desk.ledger.head.seq},"waiting":[[2,1],[3,99]]}}')
    await desk.start()
    assert desk.notifier.waiting == 0
    await desk.notifier.stop()
    assert saved(desk)["waiting"] == []


async def test_events_of_which_nobody_hears_cost_no_write(desk, monkeypatch):
    writes = []
    write = cursor._write
    monkeypatch.setattr(cursor, "_write", lambda *this: (writes.append(this), write(*this)))
    for user_id in range(100, 150):
        await desk.join(user_id)
    await desk.restart()
    assert len(writes) == 2  # at the stop, and at the start
    assert saved(desk)["seq"] == desk.ledger.head.seq


async def test_after_many_such_events_the_file_follows_all_the_same(desk, monkeypatch):
    monkeypatch.setattr(cursor, "SAVE_EVERY_LINES", 10)
    begun_seq = saved(desk)["seq"]
    for user_id in range(100, 110):
        await desk.join(user_id)
    await until_saved(desk, seq=begun_seq + 10, waiting=[])


async def test_a_disk_that_says_no_to_the_file_stops_nobody(desk, monkeypatch, caplog):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    write = cursor._write
    monkeypatch.setattr(cursor, "_write", refuse)
    monkeypatch.setattr(cursor, "SAVE_EVERY_S", 0)
    await desk.give(ANNA, "one")
    await until(lambda: "No space left" in caplog.text)
    monkeypatch.setattr(cursor, "_write", write)
    await until_saved(desk, seq=desk.ledger.head.seq, waiting=[])
    assert desk.telegram.reasons(ANNA) == ["one"]


@pytest.mark.parametrize("lasting", [Forbidden("bot was blocked by the user"), BadRequest("bad")])
async def test_what_telegram_refuses_for_good_is_given_up_for_good(desk, lasting):
    desk.telegram.fail(lasting)
    await desk.give(ANNA, "never")
    await desk.all_out()
    await desk.restart()
    desk.telegram.fail(None)
    await desk.give(ANNA, "new")
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["new"]


@pytest.mark.parametrize(
    "passing", [TimedOut(), NetworkError("Bad Gateway"), RetryAfter(1), InvalidToken("unknown")]
)
async def test_what_may_pass_is_waited_out(desk, passing):
    desk.telegram.fail(passing)
    await desk.give(ANNA, "one")
    await desk.give(ANNA, "two")
    await desk.telegram.until_asked(20)
    desk.telegram.fail(None)
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["one", "two"]
    assert desk.pauses[:7] == [1, 2, 4, 8, 16, 32, 60]


async def test_a_fault_of_ours_holds_up_nothing_that_is_behind_it(desk, caplog):
    desk.telegram.fail(ValueError("no such argument"))
    await desk.give(ANNA, "faulty")
    await desk.all_out()
    desk.telegram.fail(None)
    await desk.give(ANNA, "fine")
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["fine"]
    assert "no such argument" in caplog.text


async def test_an_event_that_cannot_be_put_into_words_holds_up_nobody(desk, monkeypatch):
    rules = notifier.notices

    def faulty(event, state):
        if getattr(event, "reason", "") == "faulty":
            raise KeyError(event.seq)
        return rules(event, state)

    monkeypatch.setattr(notifier, "notices", faulty)
    await desk.notifier.stop()
    for reason in ("before", "faulty", "behind"):
        await desk.give(ANNA, reason)
    await desk.start()
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["before", "behind"]


async def test_when_the_disk_says_no_the_notice_is_for_the_next_start(desk):
    desk.telegram.fail(LedgerFailed("the log can't be written"))
    await desk.give(ANNA, "one")
    await desk.restart()
    desk.telegram.fail(None)
    await desk.restart()
    await desk.all_out()
    assert desk.telegram.reasons(ANNA) == ["one"]


async def test_no_more_than_so_many_are_sent_at_once(desk):
    people = range(100, 300)
    for user_id in people:
        await desk.join(user_id)
    desk.telegram.hold()
    for user_id in people:
        await desk.give(user_id, "a gift")
    await until(lambda: desk.telegram.in_hand == notifier.SENT_AT_ONCE_MAX)
    desk.telegram.let_go()
    await desk.all_out()
    assert desk.telegram.most_in_hand == notifier.SENT_AT_ONCE_MAX
    assert Counter(chat_id for chat_id, _ in desk.telegram.sent) == dict.fromkeys(people, 1)


async def test_somebody_who_cannot_be_reached_holds_up_nobody_else(desk):
    desk.telegram.fail(TimedOut(), only=ANNA)
    await desk.give(ANNA, "for Anna")
    await desk.give(BEN, "for Ben")
    await desk.telegram.until_told(BEN, 1)
    assert desk.notifier.waiting == 1


async def test_the_stop_ends_while_telegram_answers_nothing(desk, caplog):
    desk.telegram.hold()
    await desk.give(ANNA, "one")
    await desk.notifier.stop()
    assert saved(desk) == {"seq": desk.ledger.head.seq, "waiting": [[desk.ledger.head.seq, ANNA]]}
    assert "1 notices are not out yet" in caplog.text


async def unclear_order(desk) -> str:
    await desk.give(ANNA, "to spend")
    order_id = "ab12cd34ef56"
    await desk.do(desk.order(ANNA, order_id))
    await desk.do(c.SendOrder(by="system", order_id=order_id))
    await desk.do(c.NoteUnclear(by="system", order_id=order_id, reason_code=ReasonCode.NO_ANSWER))
    return order_id


@pytest.mark.parametrize("end", ["restart", "kill"])
async def test_admins_hear_of_an_unclear_order_once_a_start(desk, end):
    desk.telegram.fail(NetworkError("away"))
    await unclear_order(desk)
    if end == "kill":
        await desk.kill()
        await desk.start()
    else:
        await desk.restart()
    desk.telegram.fail(None)
    await desk.telegram.until_told(ADMIN_ID, 1)
    await desk.all_out()
    await desk.restart()
    await desk.telegram.until_told(ADMIN_ID, 2)
    told = desk.telegram.told(ADMIN_ID)
    assert ["Unclear order" in text for text in told] == [True, True]
    assert ["is checking it" in text for text in desk.telegram.told(ANNA)] == [False, True]
    assert len(desk.telegram.sent) == 4


async def test_of_an_order_that_was_settled_meanwhile_only_the_outcome_is_told(desk):
    desk.telegram.fail(NetworkError("away"))
    order_id = await unclear_order(desk)
    await desk.notifier.stop()
    await desk.do(c.AcceptOrder(by="admin:7", order_id=order_id))
    desk.telegram.fail(None)
    await desk.start()
    await desk.all_out()
    assert ["is accepted" in text for text in desk.telegram.told(ANNA)] == [False, True]
    assert desk.telegram.told(ADMIN_ID) == []


async def test_trouble_at_the_order_desk_is_told_to_the_admins_and_to_nobody_after_a_start(desk):
    desk.telegram.fail(NetworkError("away"))
    desk.notifier.alert_admins(Alert(ReasonCode.PROVIDER_UNREACHABLE))
    await desk.restart()
    desk.telegram.fail(None)
    desk.notifier.alert_admins(Alert(ReasonCode.PROVIDER_RATE_LIMIT))
    await desk.telegram.until_told(ADMIN_ID, 1)
    assert desk.telegram.told(ADMIN_ID) == ["⚠️ The provider asks us to send more slowly."]


async def test_a_ban_and_its_end_are_told_in_that_order_after_a_start(desk):
    await desk.notifier.stop()
    await desk.do(c.Ban(by="admin:7", user_id=ANNA, key="b", reason="spam"))
    await desk.do(c.Unban(by="admin:7", user_id=ANNA, key="u"))
    await desk.start()
    await desk.all_out()
    assert ["spam" in text for text in desk.telegram.told(ANNA)] == [True, False]
