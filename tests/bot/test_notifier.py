"""Notifications are sent in order, with bounds, across failures of Telegram and restarts."""

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
async def harness(tmp_path, monkeypatch):
    monkeypatch.setattr(notifier, "STOP_WITHIN_S", 0)
    harness = NotifierHarness(tmp_path)
    await harness.open()
    yield harness
    await harness.close()


def saved(harness) -> dict:
    return json.loads(harness.file.read_bytes())


async def until_saved(harness, **expected) -> None:
    """Wait until the file says so."""
    await until(lambda: saved(harness) == expected)


async def test_a_notice_that_was_not_out_at_the_stop_follows_after_the_start(harness):
    harness.telegram.fail(NetworkError("away"))
    await harness.give(ANNA, "a gift")
    await harness.restart()
    assert harness.telegram.told(ANNA) == []
    harness.telegram.fail(None)
    await harness.all_out()
    await harness.restart()
    assert harness.telegram.reasons(ANNA) == ["a gift"]


async def test_what_one_person_still_waits_for_is_told_to_nobody_else_again(harness):
    harness.telegram.fail(NetworkError("away"), only=ANNA)
    await harness.give(ANNA, "for Anna")
    await harness.give(BEN, "for Ben")
    await harness.telegram.until_told(BEN, 1)
    await harness.restart()
    harness.telegram.fail(None)
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["for Anna"]
    assert harness.telegram.reasons(BEN) == ["for Ben"]


async def test_of_two_who_hear_of_one_event_only_the_one_who_has_not_hears_later(harness):
    await harness.do(c.ChangeSetting(by="system", name="referral_after_ads", value=0, key="s"))
    harness.telegram.fail(NetworkError("away"), only=ANNA)
    cleo = 3
    await harness.do(
        c.Join(by=f"user:{cleo}", user_id=cleo, referral_code="cleo", invited_by_code="code1")
    )
    await harness.telegram.until_told(cleo, 1)
    await harness.restart()
    harness.telegram.fail(None)
    await harness.all_out()
    assert len(harness.telegram.told(cleo)) == 1
    assert len(harness.telegram.told(ANNA)) == 1


async def test_after_a_kill_what_was_noted_as_told_is_not_told_again(harness):
    await harness.give(ANNA, "one")
    await until_saved(harness, seq=harness.ledger.head.seq, waiting=[])
    harness.telegram.fail(NetworkError("away"))
    await harness.give(ANNA, "two")
    await harness.kill()
    harness.telegram.fail(None)
    await harness.start()
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["one", "two"]


async def test_what_happens_while_nobody_follows_is_told_after_the_start(harness):
    await harness.notifier.stop()
    await harness.give(ANNA, "meanwhile")
    await harness.start()
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["meanwhile"]


async def test_what_is_in_the_file_but_not_certain_yet_is_told_once_it_is(tmp_path):
    disk, log = GatedDisk(), tmp_path / "events.jsonl"
    harness = NotifierHarness(tmp_path)
    await harness.open(FileLogStore(log, disk))
    await harness.notifier.stop()
    disk.gate.clear()
    size_bytes = log.stat().st_size
    giving = asyncio.create_task(harness.give(ANNA, "a gift"))
    await until(lambda: log.stat().st_size > size_bytes)
    await harness.start()
    assert harness.notifier.waiting == 0
    disk.gate.set()
    await giving
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["a gift"]
    await harness.close()


async def test_the_first_start_on_an_existing_log_tells_nothing_old(harness):
    await harness.notifier.stop()
    await harness.give(ANNA, "old")
    harness.file.unlink()
    await harness.start()
    assert saved(harness) == {"seq": harness.ledger.head.seq, "waiting": []}
    await harness.give(ANNA, "new")
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["new"]


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
async def test_a_file_that_cannot_be_read_is_survived_with_one_word(harness, caplog, content):
    await harness.notifier.stop()
    await harness.give(ANNA, "old")
    harness.file.write_bytes(content)
    caplog.clear()
    await harness.start()
    assert ["can't be read" in record.message for record in caplog.records] == [True]
    await harness.give(ANNA, "new")
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["new"]


async def test_a_file_ahead_of_the_log_is_survived_with_one_word(harness, caplog):
    await harness.notifier.stop()
    harness.file.write_text('{"seq":9999,"waiting":[[9998,1]]}')
    caplog.clear()
    await harness.start()
    assert ["older copy" in record.message for record in caplog.records] == [True]
    assert saved(harness) == {"seq": harness.ledger.head.seq, "waiting": []}
    await harness.give(ANNA, "new")
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["new"]


async def test_a_file_that_speaks_of_lines_which_are_not_there_is_survived(harness, caplog):
    await harness.notifier.stop()
    await harness.give(ANNA, "waiting")
    seq = harness.ledger.head.seq
    harness.file.write_text(f'{{"seq":{seq},"waiting":[[9998,1],[{seq},1]]}}')
    caplog.clear()
    await harness.start()
    assert ["no line 9998" in record.message for record in caplog.records] == [True]
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["waiting"]


async def test_what_waits_in_the_file_for_somebody_who_hears_nothing_of_it_waits_no_longer(harness):
    await harness.notifier.stop()
    harness.file.write_text(f'{{"seq":{harness.ledger.head.seq},"waiting":[[2,1],[3,99]]}}')
    await harness.start()
    assert harness.notifier.waiting == 0
    await harness.notifier.stop()
    assert saved(harness)["waiting"] == []


async def test_events_of_which_nobody_hears_cost_no_write(harness, monkeypatch):
    writes = []
    write = cursor._write
    monkeypatch.setattr(cursor, "_write", lambda *this: (writes.append(this), write(*this)))
    for user_id in range(100, 150):
        await harness.join(user_id)
    await harness.restart()
    assert len(writes) == 2  # at the stop, and at the start
    assert saved(harness)["seq"] == harness.ledger.head.seq


async def test_after_many_such_events_the_file_follows_all_the_same(harness, monkeypatch):
    monkeypatch.setattr(cursor, "SAVE_EVERY_LINES", 10)
    begun_seq = saved(harness)["seq"]
    for user_id in range(100, 110):
        await harness.join(user_id)
    await until_saved(harness, seq=begun_seq + 10, waiting=[])


async def test_a_disk_that_says_no_to_the_file_stops_nobody(harness, monkeypatch, caplog):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    write = cursor._write
    monkeypatch.setattr(cursor, "_write", refuse)
    monkeypatch.setattr(cursor, "SAVE_EVERY_S", 0)
    await harness.give(ANNA, "one")
    await until(lambda: "No space left" in caplog.text)
    monkeypatch.setattr(cursor, "_write", write)
    await until_saved(harness, seq=harness.ledger.head.seq, waiting=[])
    assert harness.telegram.reasons(ANNA) == ["one"]


@pytest.mark.parametrize("lasting", [Forbidden("bot was blocked by the user"), BadRequest("bad")])
async def test_what_telegram_refuses_for_good_is_given_up_for_good(harness, lasting):
    harness.telegram.fail(lasting)
    await harness.give(ANNA, "never")
    await harness.all_out()
    await harness.restart()
    harness.telegram.fail(None)
    await harness.give(ANNA, "new")
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["new"]


@pytest.mark.parametrize(
    "passing", [TimedOut(), NetworkError("Bad Gateway"), RetryAfter(1), InvalidToken("unknown")]
)
async def test_what_may_pass_is_waited_out(harness, passing):
    harness.telegram.fail(passing)
    await harness.give(ANNA, "one")
    await harness.give(ANNA, "two")
    await harness.telegram.until_asked(20)
    harness.telegram.fail(None)
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["one", "two"]
    assert harness.pauses[:7] == [1, 2, 4, 8, 16, 32, 60]


async def test_a_fault_of_ours_holds_up_nothing_that_is_behind_it(harness, caplog):
    harness.telegram.fail(ValueError("no such argument"))
    await harness.give(ANNA, "faulty")
    await harness.all_out()
    harness.telegram.fail(None)
    await harness.give(ANNA, "fine")
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["fine"]
    assert "no such argument" in caplog.text


async def test_an_event_that_cannot_be_put_into_words_holds_up_nobody(harness, monkeypatch):
    rules = notifier.notices

    def faulty(event, state):
        if getattr(event, "reason", "") == "faulty":
            raise KeyError(event.seq)
        return rules(event, state)

    monkeypatch.setattr(notifier, "notices", faulty)
    await harness.notifier.stop()
    for reason in ("before", "faulty", "behind"):
        await harness.give(ANNA, reason)
    await harness.start()
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["before", "behind"]


async def test_when_the_disk_says_no_the_notice_is_for_the_next_start(harness):
    harness.telegram.fail(LedgerFailed("the log can't be written"))
    await harness.give(ANNA, "one")
    await harness.restart()
    harness.telegram.fail(None)
    await harness.restart()
    await harness.all_out()
    assert harness.telegram.reasons(ANNA) == ["one"]


async def test_no_more_than_so_many_are_sent_at_once(harness):
    people = range(100, 300)
    for user_id in people:
        await harness.join(user_id)
    harness.telegram.hold()
    for user_id in people:
        await harness.give(user_id, "a gift")
    await until(lambda: harness.telegram.in_hand == notifier.SENT_AT_ONCE_MAX)
    harness.telegram.let_go()
    await harness.all_out()
    assert harness.telegram.most_in_hand == notifier.SENT_AT_ONCE_MAX
    assert Counter(chat_id for chat_id, _ in harness.telegram.sent) == dict.fromkeys(people, 1)


async def test_somebody_who_cannot_be_reached_holds_up_nobody_else(harness):
    harness.telegram.fail(TimedOut(), only=ANNA)
    await harness.give(ANNA, "for Anna")
    await harness.give(BEN, "for Ben")
    await harness.telegram.until_told(BEN, 1)
    assert harness.notifier.waiting == 1


async def test_the_stop_ends_while_telegram_answers_nothing(harness, caplog):
    harness.telegram.hold()
    await harness.give(ANNA, "one")
    await harness.notifier.stop()
    assert saved(harness) == {
        "seq": harness.ledger.head.seq,
        "waiting": [[harness.ledger.head.seq, ANNA]],
    }
    assert "1 notices are pending" in caplog.text


async def test_admins_hear_that_the_clock_was_set_by_much(harness):
    await harness.do(c.NoteClockStep(by="system", step_ms=-59_999))
    await harness.do(c.NoteClockStep(by="system", step_ms=-86_400_000))
    await harness.telegram.until_told(ADMIN_ID, 1)
    await harness.do(c.NoteClockStep(by="system", step_ms=3_600_000))
    await harness.telegram.until_told(ADMIN_ID, 2)
    back, forward = harness.telegram.told(ADMIN_ID)
    assert "the clock of this machine was set back by 24 hours" in back
    assert "set forward by 1 hour" in forward
    assert harness.notifier.waiting == 0


async def unclear_order(harness) -> str:
    await harness.give(ANNA, "to spend")
    order_id = "ab12cd34ef56"
    await harness.do(harness.order(ANNA, order_id))
    await harness.do(c.SendOrder(by="system", order_id=order_id))
    await harness.do(
        c.NoteUnclear(by="system", order_id=order_id, reason_code=ReasonCode.NO_ANSWER)
    )
    return order_id


@pytest.mark.parametrize("end", ["restart", "kill"])
async def test_admins_hear_of_an_unclear_order_once_a_start(harness, end):
    harness.telegram.fail(NetworkError("away"))
    await unclear_order(harness)
    if end == "kill":
        await harness.kill()
        await harness.start()
    else:
        await harness.restart()
    harness.telegram.fail(None)
    await harness.telegram.until_told(ADMIN_ID, 1)
    await harness.all_out()
    await harness.restart()
    await harness.telegram.until_told(ADMIN_ID, 2)
    told = harness.telegram.told(ADMIN_ID)
    assert ["Unclear order" in text for text in told] == [True, True]
    assert ["is checking it" in text for text in harness.telegram.told(ANNA)] == [False, True]
    assert len(harness.telegram.sent) == 4


async def test_of_an_order_that_was_settled_meanwhile_only_the_outcome_is_told(harness):
    harness.telegram.fail(NetworkError("away"))
    order_id = await unclear_order(harness)
    await harness.notifier.stop()
    await harness.do(c.AcceptOrder(by="admin:7", order_id=order_id))
    harness.telegram.fail(None)
    await harness.start()
    await harness.all_out()
    assert ["is accepted" in text for text in harness.telegram.told(ANNA)] == [False, True]
    assert harness.telegram.told(ADMIN_ID) == []


async def test_a_problem_at_the_order_dispatcher_is_told_to_the_admins_and_to_nobody_after_a_start(
    harness,
):
    harness.telegram.fail(NetworkError("away"))
    harness.notifier.alert_admins(Alert(ReasonCode.PROVIDER_UNREACHABLE))
    await harness.restart()
    harness.telegram.fail(None)
    harness.notifier.alert_admins(Alert(ReasonCode.PROVIDER_RATE_LIMIT))
    await harness.telegram.until_told(ADMIN_ID, 1)
    assert harness.telegram.told(ADMIN_ID) == ["⚠️ The provider asks us to send more slowly."]


async def test_a_ban_and_its_end_are_told_in_that_order_after_a_start(harness):
    await harness.notifier.stop()
    await harness.do(c.Ban(by="admin:7", user_id=ANNA, key="b", reason="spam"))
    await harness.do(c.Unban(by="admin:7", user_id=ANNA, key="u"))
    await harness.start()
    await harness.all_out()
    assert ["spam" in text for text in harness.telegram.told(ANNA)] == [True, False]
