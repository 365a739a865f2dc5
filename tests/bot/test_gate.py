"""The gate for outgoing calls: only durable effects, in order, with retries.

The clock is fake (`tests/support/fake_time.py`), so that seconds are exact and pass at once.
"""

import asyncio

import pytest
from support.fake_time import in_fake_time, now_s
from support.gate_harness import AWAY, Notes, Telegram
from support.stores import GatedStore
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.receive.in_flight import InFlight, current
from bot.send.api_answers import RetryAfter
from bot.send.gate import OutgoingGate
from bot.send.rate_limits import TELEGRAM_LIMITS, Priority
from bot.updates import Update
from ledger import commands as c
from ledger.ledger import Ledger, LedgerFailed

REPLY, NOTICE, BROADCAST = Priority


# The turn.


@in_fake_time
async def test_answers_go_before_notices_and_notices_before_broadcasts():
    telegram = Telegram(TELEGRAM_LIMITS)
    await asyncio.gather(*(telegram.call(chat_id) for chat_id in range(1, 29)))
    late = [
        telegram.begin(100 + number, priority)
        for number, priority in enumerate([BROADCAST, NOTICE, None, BROADCAST, NOTICE, REPLY])
    ]
    await asyncio.gather(*late)
    assert telegram.heard[28:] == [(1.0, chat_id) for chat_id in (102, 105, 101, 104, 100, 103)]


@in_fake_time
async def test_an_answer_leaves_at_once_in_the_midst_of_a_broadcast():
    telegram = Telegram(TELEGRAM_LIMITS)
    everybody = [telegram.begin(chat_id, BROADCAST) for chat_id in range(1000, 1200)]
    for chat_id in range(10):
        await asyncio.sleep(0.7)
        asked_s = now_s()
        await telegram.call(chat_id)
        assert telegram.times(chat_id)[-1] == asked_s
    await asyncio.gather(*everybody)
    assert len(telegram.heard) == 210


@in_fake_time
async def test_only_what_puts_messages_into_chats_has_a_rate_limit():
    telegram = Telegram(TELEGRAM_LIMITS)
    for _ in range(50):
        await telegram.call(None, endpoint="answerCallbackQuery")
        await telegram.call(None, endpoint="getMe")
        await telegram.call(1, endpoint="getChat")
    assert now_s() == 0.0
    methods = ["sendMessage", "copyMessage", "editMessageText", "forwardMessage"] * 2
    await asyncio.gather(*(telegram.call(2, endpoint=method) for method in [*methods, methods[0]]))
    assert telegram.times(2) == [0.0] * 8 + [1.0]


@in_fake_time
async def test_who_stops_waiting_takes_nobodys_turn():
    telegram = Telegram(TELEGRAM_LIMITS)
    await asyncio.gather(*(telegram.call(1) for _ in range(8)))
    impatient, patient = telegram.begin(1), telegram.begin(1)
    await asyncio.sleep(0.5)
    impatient.cancel()
    await patient
    assert impatient.cancelled()
    assert telegram.times(1) == [0.0] * 8 + [1.0]


# The stop.


@in_fake_time
async def test_at_the_stop_replies_wait_for_nothing_and_what_fails_then_fails():
    telegram = Telegram(TELEGRAM_LIMITS)
    telegram.away = True
    lost = [telegram.begin(chat_id) for chat_id in range(3)]
    await asyncio.sleep(20)
    paced = [telegram.begin(7) for _ in range(20)]
    presses = [telegram.begin(None, endpoint="answerCallbackQuery") for _ in range(2)]
    telegram.gate.stop()
    stopped_s = now_s()
    results = await asyncio.gather(*lost, *paced, *presses, return_exceptions=True)
    assert results == [AWAY] * 25
    with pytest.raises(NetworkError):
        await telegram.call(8)
    telegram.away = False
    assert await telegram.call(8) == "taken from 8"
    assert now_s() == stopped_s


@in_fake_time
async def test_after_the_stop_notices_and_broadcasts_keep_to_the_limits_and_replies_pass_them():
    telegram = Telegram(TELEGRAM_LIMITS)
    replies = [telegram.begin(1) for _ in range(12)]
    notices = [telegram.begin(2, NOTICE) for _ in range(9)]
    everybody = [telegram.begin(chat_id, BROADCAST) for chat_id in range(100, 130)]
    mixed = [telegram.begin(1, priority) for priority in (NOTICE, None)]
    await asyncio.sleep(0)
    telegram.gate.stop()
    await asyncio.gather(*replies, mixed[1])
    assert now_s() == 0.0
    late = [telegram.begin(chat_id, NOTICE) for chat_id in (3, 4)]
    later = telegram.begin(5)
    await asyncio.gather(*notices, *everybody, *late, mixed[0], later)
    assert telegram.times(1) == [0.0] * 13 + [9.0]
    assert telegram.times(2) == [0.0] * 5 + [1.0, 2.0, 3.0, 4.0]
    assert telegram.times(5) == [0.0]
    per_s = [sum(at_s == second for at_s, _ in telegram.heard) for second in range(3)]
    assert per_s[1:] == [20, 7], "of 30 a second, 10 are kept from broadcasts"


@in_fake_time
async def test_a_notice_that_waits_for_telegram_at_the_stop_leaves_when_a_reply_gets_through():
    telegram = Telegram()
    telegram.away = True
    replies = [telegram.begin(chat_id) for chat_id in (1, 2)]
    await asyncio.sleep(0.5)
    notices = [telegram.begin(chat_id, NOTICE) for chat_id in (3, 4)]
    telegram.away = False
    await asyncio.sleep(0)
    telegram.gate.stop()
    await asyncio.gather(*replies, *notices)
    assert sorted(telegram.heard[2:]) == [(0.5, chat_id) for chat_id in (1, 2, 3, 4)]


@pytest.mark.parametrize("priority", [NOTICE, BROADCAST])
@in_fake_time
async def test_after_the_stop_nothing_is_tried_again(priority):
    telegram = Telegram()
    telegram.away = True
    telegram.gate.stop()
    with pytest.raises(NetworkError):
        await telegram.call(1, priority)
    assert telegram.times(1) == [0.0]


@in_fake_time
async def test_who_gives_up_after_the_stop_holds_up_nobody_who_still_waits():
    telegram = Telegram(TELEGRAM_LIMITS)
    await asyncio.gather(*(telegram.call(1) for _ in range(8)))
    gone, *others = [telegram.begin(1, NOTICE) for _ in range(3)]
    gone_reply, reply = telegram.begin(1), telegram.begin(1)
    await asyncio.sleep(0.5)
    gone.cancel()
    gone_reply.cancel()
    telegram.gate.stop()
    await asyncio.gather(reply, *others)
    assert telegram.times(1) == [0.0] * 8 + [0.5, 5.0, 6.0]


@in_fake_time
async def test_the_stop_does_not_wait_for_a_pause_that_telegram_asks_for():
    telegram = Telegram()
    telegram.answers[1] = [RetryAfter(3600), RetryAfter(3500)]
    task = telegram.begin(1)
    await asyncio.sleep(1)
    telegram.gate.stop()
    with pytest.raises(RetryAfter):
        await task
    assert now_s() == 1.0


# What others see of it.


@in_fake_time
async def test_the_hooks_are_called_for_each_wait_and_each_end_of_a_call():
    notes = Notes()
    telegram = Telegram(TELEGRAM_LIMITS, notes)
    telegram.answers = {1: [TimedOut()], 2: [BadRequest("no")]}
    await telegram.call(1, NOTICE)
    await asyncio.gather(telegram.call(2), return_exceptions=True)
    await telegram.call(None, endpoint="answerCallbackQuery")
    assert notes.notes == [
        ("paced", "notice", 0.0),
        ("called", "sendMessage", "TimedOut"),
        ("called", "sendMessage", "ok"),
        ("paced", "reply", 0.0),
        ("called", "sendMessage", "BadRequest"),
        ("called", "answerCallbackQuery", "ok"),
    ]
    notes.notes.clear()
    await asyncio.gather(*(telegram.call(3, BROADCAST) for _ in range(10)))
    waits = [note[2] for note in notes.notes if note[0] == "paced"]
    assert waits == [0.0] * 5 + [1.0, 2.0, 3.0, 4.0, 5.0]


@in_fake_time
async def test_an_update_is_answered_by_its_first_reply_that_telegram_takes():
    notes = Notes()
    telegram = Telegram(hooks=notes)
    telegram.answers[1] = [TimedOut()]
    current.set(InFlight(Update(1), b"", notes))
    await asyncio.sleep(2)
    await telegram.call(9, NOTICE)
    assert [note for note in notes.notes if note[0] in {"durable", "answered"}] == []
    await telegram.call(1)
    await telegram.call(1)
    told = [note for note in notes.notes if note[0] in {"durable", "answered"}]
    assert told == [("durable", 2.0), ("answered", 3.0)]


# The disk.


def join(user_id: int) -> c.Join:
    return c.Join(by=f"user:{user_id}", user_id=user_id, referral_code=f"c{user_id}")


async def send(gate: OutgoingGate, sent: list[str], text: str) -> None:
    async def call() -> bool:
        sent.append(text)
        return True

    await gate.call("sendMessage", call, chat_id=1)


async def test_a_message_waits_for_what_was_decided_before_it():
    store, sent = GatedStore(), []
    ledger = await Ledger.open(store)
    gate = OutgoingGate(ledger)
    store.gate.clear()
    deciding = asyncio.create_task(ledger.execute(join(1)))
    await asyncio.sleep(0)
    assert 1 in ledger.state.users
    sending = asyncio.create_task(send(gate, sent, "you have joined"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert sent == []
    store.gate.set()
    await asyncio.gather(deciding, sending)
    assert sent == ["you have joined"]
    await ledger.close()


async def test_when_the_disk_says_no_nobody_is_told_anything():
    store, sent = GatedStore(), []
    ledger = await Ledger.open(store)
    gate = OutgoingGate(ledger)
    store.fault = True
    with pytest.raises(LedgerFailed):
        await ledger.execute(join(1))
    with pytest.raises(LedgerFailed):
        await send(gate, sent, "you have joined")
    assert sent == []
    await ledger.close()
