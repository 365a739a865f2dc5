"""The gate for outgoing calls: only durable effects, in order, with retries.

The clock is fake (`tests/support/fake_time.py`), so that seconds are exact and pass at once.
"""

import asyncio

import pytest
from support.fake_time import in_fake_time, now_s
from support.gate_harness import AWAY, Telegram
from support.stores import GatedStore
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.metrics_hooks import BotHooks
from bot.receive.in_flight import InFlight, current
from bot.send.api_answers import RetryAfter
from bot.send.gate import GivenUpError, OutgoingGate
from bot.send.queue import SendQueue
from bot.send.rate_limits import NO_LIMITS, TELEGRAM_LIMITS, Priority
from bot.updates import Chat, NewMessage, Person, Update
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


# Telegram asks for a pause.


@in_fake_time
async def test_a_pause_that_telegram_asks_for_holds_the_chat_and_nobody_else():
    telegram = Telegram()
    telegram.answers[1] = [RetryAfter(7)]
    put_off, another = telegram.begin(1), telegram.begin(1)
    await asyncio.sleep(0.5)
    later = telegram.begin(1)
    await telegram.call(2)
    assert telegram.gate.problem() is None
    assert await put_off == "taken from 1"
    await asyncio.gather(another, later)
    assert telegram.heard == [(0.0, 1), (0.5, 2), (7.0, 1), (7.0, 1), (7.0, 1)]


@in_fake_time
async def test_a_pause_for_two_chats_is_no_pause_for_a_third():
    telegram = Telegram(TELEGRAM_LIMITS)
    telegram.answers = {1: [RetryAfter(900)], 2: [RetryAfter(20)]}
    paused = [telegram.begin(1), telegram.begin(2)]
    await asyncio.sleep(0.5)
    assert telegram.gate.problem() is None
    await telegram.call(3, NOTICE)
    await telegram.call(4)
    assert now_s() == 0.5
    await asyncio.gather(*paused)
    assert telegram.times(1) == [0.0, 900.0]
    assert telegram.times(2) == [0.0, 20.0]


@in_fake_time
async def test_when_several_chats_in_a_row_are_to_pause_what_can_wait_does_and_replies_leave():
    telegram = Telegram(TELEGRAM_LIMITS)
    telegram.answers = {chat_id: [RetryAfter(9)] for chat_id in range(1, 8)}
    tasks = [telegram.begin(chat_id) for chat_id in (1, 2, 3)]
    await asyncio.sleep(0.5)
    assert "asks the bot to send fewer" in str(telegram.gate.problem())
    tasks += [telegram.begin(10, NOTICE), telegram.begin(11, BROADCAST)]
    tasks += [telegram.begin(None, endpoint="answerCallbackQuery")]
    tasks += [telegram.begin(chat_id) for chat_id in (4, 5, 6, 7)]
    await asyncio.gather(*tasks)
    assert {at_s for at_s, _ in telegram.heard[3:8]} == {0.5}
    assert telegram.times(10)[0] >= 9.0
    assert telegram.times(11)[0] >= 9.0
    assert telegram.gate.problem() is None


@in_fake_time
async def test_when_many_chats_in_a_row_are_to_pause_replies_slow_down():
    telegram = Telegram(TELEGRAM_LIMITS)
    telegram.answers = {chat_id: [RetryAfter(30)] for chat_id in range(1, 200)}
    tasks = [telegram.begin(chat_id) for chat_id in range(1, 200)]
    await asyncio.sleep(25)
    assert 28 + 20 < len(telegram.heard) < 28 + 100
    await asyncio.gather(*tasks)
    assert telegram.gate.problem() is None


@in_fake_time
async def test_an_answered_reply_shows_that_only_others_are_to_pause_and_they_prove_nothing_more():
    telegram = Telegram(TELEGRAM_LIMITS)
    telegram.answers = {chat_id: [RetryAfter(9)] * 2 for chat_id in range(1, 6)}
    tasks = [telegram.begin(chat_id) for chat_id in range(1, 6)]
    await asyncio.sleep(0.5)
    notice = telegram.begin(10, NOTICE)
    await telegram.call(6)
    await notice
    assert telegram.gate.problem() is None
    assert telegram.times(6) == telegram.times(10) == [0.5]
    await asyncio.sleep(9)
    await telegram.call(11, NOTICE)
    assert telegram.times(11) == [9.5]
    await asyncio.gather(*tasks)


@in_fake_time
async def test_a_call_that_telegram_puts_off_again_and_again_fails():
    telegram = Telegram()
    telegram.answers[1] = [RetryAfter(20)] * 20
    with pytest.raises(GivenUpError):
        await telegram.call(1)
    assert telegram.times(1) == [0.0, 20.0, 40.0, 60.0, 80.0]


@pytest.mark.parametrize("priority", Priority)
@in_fake_time
async def test_short_pauses_again_and_again_end_no_message_within_a_minute(priority):
    telegram = Telegram()
    telegram.answers[1] = [RetryAfter(1)] * 50
    await telegram.call(1, priority)
    assert now_s() == 50.0
    telegram.answers[1] = [RetryAfter(1)] * 200
    with pytest.raises(GivenUpError):
        await telegram.call(1, priority)
    assert now_s() == 110.0


@in_fake_time
async def test_an_answer_to_a_press_does_not_wait_for_a_long_pause():
    telegram = Telegram()
    telegram.answers["answerCallbackQuery"] = [RetryAfter(2), RetryAfter(60)]
    with pytest.raises(RetryAfter):
        await telegram.call(None, endpoint="answerCallbackQuery")
    assert telegram.times("answerCallbackQuery") == [0.0, 2.0]


# The connection is lost.


@pytest.mark.parametrize("priority", [None, NOTICE])
@in_fake_time
async def test_what_is_promised_is_tried_until_telegram_takes_it(priority):
    telegram = Telegram()
    telegram.answers[1] = [NetworkError("Bad Gateway"), TimedOut()] * 4
    assert await telegram.call(1, priority) == "taken from 1"
    assert telegram.times(1) == [0, 1, 3, 7, 15, 31, 61, 91, 121]


@in_fake_time
async def test_what_telegram_refuses_is_not_tried_again():
    telegram = Telegram()
    telegram.answers[1] = [BadRequest("Chat not found")]
    with pytest.raises(BadRequest):
        await telegram.call(1)
    assert telegram.times(1) == [0.0]


@in_fake_time
async def test_a_broadcast_that_is_lost_is_its_senders_business():
    telegram = Telegram()
    telegram.answers[1] = [TimedOut()]
    with pytest.raises(TimedOut):
        await telegram.call(1, BROADCAST)
    assert telegram.times(1) == [0.0]


@in_fake_time
async def test_the_answer_to_a_press_is_tried_a_few_times():
    telegram = Telegram()
    telegram.away = True
    with pytest.raises(NetworkError):
        await telegram.call(None, endpoint="answerCallbackQuery")
    assert telegram.times("answerCallbackQuery") == [0.0, 1.0, 3.0]


@pytest.mark.parametrize("error", [AWAY, RetryAfter(60)])
@pytest.mark.parametrize("method", ["getMe", "setMyCommands", "deleteWebhook", "setWebhook"])
@in_fake_time
async def test_what_the_link_asks_for_is_never_delayed_and_never_tried_again(method, error):
    telegram = Telegram()
    telegram.answers[1] = telegram.answers[2] = [RetryAfter(50)]
    telegram.begin(1)
    telegram.begin(2)
    await asyncio.sleep(0.5)
    telegram.answers[method] = [error]
    with pytest.raises(type(error)):
        await telegram.call(None, endpoint=method)
    assert telegram.times(method) == [0.5]


@in_fake_time
async def test_one_persons_lost_calls_hold_nobody_else_up():
    telegram = Telegram()
    telegram.answers[1] = [AWAY] * 5
    anna = telegram.begin(1)
    await asyncio.sleep(10)  # none is answered meanwhile, but nobody else has lost one either
    for second in range(10, 40):
        await telegram.call(2)
        assert now_s() == second
        await asyncio.sleep(1)
    await anna
    assert telegram.times(1) == [0, 1, 3, 7, 15, 31]
    assert telegram.gate.problem() is None


@in_fake_time
async def test_what_keeps_failing_while_others_get_through_is_given_up_and_counted():
    notes = Notes()
    telegram = Telegram(TELEGRAM_LIMITS, notes)
    telegram.answers = {1: [AWAY] * 99, 2: [TimedOut()] * 99}
    poisoned = [telegram.begin(1), telegram.begin(2, NOTICE)]
    for second in range(61):
        await telegram.call(100 + second)
        assert now_s() == second
        await asyncio.sleep(1)
    results = await asyncio.gather(*poisoned, return_exceptions=True)
    assert [(type(error), error.chat_id) for error in results] == [
        (GivenUpError, 1),
        (GivenUpError, 2),
    ]
    for chat_id in (1, 2):
        assert list(map(int, telegram.times(chat_id))) == [0, 1, 3, 7, 15, 31, 61]
    assert notes.notes.count(("given up",)) == 2


@in_fake_time
async def test_poisoned_chats_delay_neither_replies_nor_notices_and_are_no_problem_of_the_bot():
    telegram = Telegram(TELEGRAM_LIMITS)
    telegram.answers = {chat_id: [AWAY] * 99 for chat_id in range(1, 13)}
    poisoned = [telegram.begin(chat_id) for chat_id in range(1, 13)]
    await asyncio.sleep(20)
    for number in range(30):
        asked_s = now_s()
        await telegram.call(100 + number, NOTICE if number % 2 else REPLY)
        assert now_s() == asked_s
        assert telegram.gate.problem() is None
        await asyncio.sleep(0.7)
    await asyncio.gather(*poisoned, return_exceptions=True)


@in_fake_time
async def test_an_answer_to_somebody_else_sends_no_failed_message_again_before_its_time():
    telegram = Telegram(TELEGRAM_LIMITS)
    telegram.answers = {chat_id: [AWAY] * 99 for chat_id in range(1, 17)}
    poisoned = [telegram.begin(chat_id) for chat_id in range(1, 17)]
    for number in range(6):
        await asyncio.sleep(0.15 * (number + 1) - now_s())
        asked_s = now_s()
        await telegram.call(100 + number)
        assert now_s() == asked_s, "the failed messages use up nobody's share"
    assert [telegram.times(chat_id) for chat_id in range(1, 17)] == [[0.0]] * 16
    for one in poisoned:
        one.cancel()


@in_fake_time
async def test_a_chat_that_recovers_shows_that_the_others_may_be_tried():
    telegram = Telegram(TELEGRAM_LIMITS)
    telegram.away = True
    tasks = [telegram.begin(chat_id) for chat_id in range(1, 6)]
    await asyncio.sleep(20)
    telegram.away = False
    await asyncio.gather(*tasks)
    assert now_s() <= 31.0, "one probe, then all"


@in_fake_time
async def test_a_message_that_fails_holds_up_no_other_in_its_chat():
    telegram = Telegram(TELEGRAM_LIMITS)
    telegram.answers["copyMessage"] = [AWAY] * 3
    copy = asyncio.create_task(
        telegram.gate.call("copyMessage", telegram.fail_as("copyMessage"), chat_id=7)
    )
    await asyncio.sleep(0.5)
    await telegram.call(7)
    assert now_s() == 0.5
    assert await copy == "taken from copyMessage"


@in_fake_time
async def test_admins_come_first_and_busy_chats_last():
    telegram = Telegram(TELEGRAM_LIMITS, admin_ids=frozenset({7}))
    noise = [telegram.begin(chat_id) for chat_id in range(100, 120) for _ in range(4)]
    await asyncio.sleep(0.5)
    noise += [telegram.begin(chat_id) for chat_id in range(100, 120) for _ in range(20)]
    asked_s = now_s()
    await telegram.call(7)
    assert telegram.times(7) == [asked_s]
    for second in range(1, 8):
        await asyncio.sleep(second + 0.5 - now_s())
        asked_s = now_s()
        await asyncio.gather(telegram.call(7), telegram.call(1000 + second))
        assert now_s() == asked_s
    for one in noise:
        one.cancel()


@in_fake_time
async def test_what_goes_to_somebody_else_waits_behind_that_persons_own_replies():
    telegram = Telegram(TELEGRAM_LIMITS, admin_ids=frozenset({7}))
    someone = Update(1, message=NewMessage(1, Chat(5, "private"), from_user=Person(5)))

    async def contact() -> None:
        current.set(InFlight(someone, b"", BotHooks()))
        await asyncio.gather(*(telegram.call(7) for _ in range(30)))

    relaying = asyncio.create_task(contact())
    await asyncio.sleep(0.5)
    for _ in range(5):
        asked_s = now_s()
        await telegram.call(7)
        assert now_s() == asked_s
        await asyncio.sleep(3.5)
    await relaying


@in_fake_time
async def test_while_telegram_is_away_one_call_tries_and_the_others_wait():
    telegram = Telegram()
    telegram.away, telegram.takes_s = True, 5.0
    tasks = [telegram.begin(chat_id) for chat_id in range(100)]
    await asyncio.sleep(6)
    tasks += [telegram.begin(chat_id, NOTICE) for chat_id in range(100, 200)]
    await asyncio.sleep(54)
    # All were under way when it began. Then one at a time of those that failed: 1 s after a
    # failure, then 2, 4, 8 ... And one of those not tried yet: after 0.2 s, 0.4 s, 0.8 s, 1 s ....
    retries = [6.0, 13.0, 22.0, 35.0, 56.0]
    first_tries = [6.0, 11.2, 16.6, 22.4, 28.4, 34.4, 40.4, 46.4, 52.4, 58.4]
    heard_s = [at_s for at_s, _ in telegram.heard]
    assert heard_s == pytest.approx([0.0] * 100 + sorted(retries + first_tries))
    assert "NetworkError" in str(telegram.gate.problem())
    telegram.away = False
    await asyncio.gather(*tasks)
    after = [at_s for at_s, _ in telegram.heard[115:]]
    # Those at 56 s are answered at 61 s, and all others go.
    assert after == [61.0] * 198
    assert telegram.gate.problem() is None


@in_fake_time
async def test_an_answered_press_shows_that_telegram_is_there_and_the_next_message_tries():
    telegram = Telegram()
    telegram.away = True
    tasks = [telegram.begin(chat_id) for chat_id in range(10)]
    await asyncio.sleep(20)
    telegram.away = False
    await telegram.call(None, endpoint="answerCallbackQuery")
    assert now_s() == 20.0
    await asyncio.gather(*tasks)
    assert {at_s for at_s, _ in telegram.heard if at_s > 15} == {20.0}


@in_fake_time
async def test_while_telegram_takes_all_but_messages_they_wait_and_that_is_told():
    telegram = Telegram()
    for chat_id in range(10):
        telegram.answers[chat_id] = [AWAY] * 100
    tasks = [telegram.begin(chat_id) for chat_id in range(10)]
    await asyncio.sleep(5)
    assert telegram.gate.problem() is None, "somebody else may be answered in a moment"
    for _ in range(40):
        await asyncio.sleep(5)
        await telegram.call(None, endpoint="getMe")
        assert "NetworkError" in str(telegram.gate.problem())
    await telegram.call(None, endpoint="answerCallbackQuery")
    assert "NetworkError" in str(telegram.gate.problem())
    tried = [at_s for at_s, who in telegram.heard if isinstance(who, int)]
    assert len(tried) < 25, "ten at first, then one at a time"
    telegram.answers.clear()
    await asyncio.gather(*tasks)
    assert telegram.gate.problem() is None


@pytest.mark.parametrize("people", [1, 2])
@in_fake_time
async def test_the_link_can_have_it_tried_at_once(people):
    telegram = Telegram()
    telegram.away = True
    tasks = [telegram.begin(chat_id) for chat_id in range(people)]
    await asyncio.sleep(20)
    telegram.away = False
    telegram.gate.retry_now()
    await asyncio.gather(*tasks)
    assert [at_s for at_s, _ in telegram.heard if at_s > 15.0] == [20.0] * people


@in_fake_time
async def test_a_pause_asked_for_at_the_end_of_a_failure_is_kept():
    telegram = Telegram()
    telegram.away = True
    tasks = [telegram.begin(chat_id) for chat_id in (1, 2)]
    tasks.append(telegram.begin(None, endpoint="answerCallbackQuery"))
    await asyncio.sleep(0.5)
    telegram.away = False
    telegram.answers[1] = [RetryAfter(60)]
    await asyncio.gather(*tasks)
    assert telegram.times(1) == [0.0, 1.0, 61.0]
    for who in (2, "answerCallbackQuery"):
        assert list(map(int, telegram.times(who))) == [0, 1]


@in_fake_time
async def test_one_broken_off_just_as_its_turn_to_try_has_come_lets_another_try():
    queue = SendQueue(NO_LIMITS)
    calls = [queue.new_call(chat_id, REPLY) for chat_id in (1, 2)]
    for call in calls:
        queue.failed(call, AWAY)
    first, second = [asyncio.create_task(queue.wait(call)) for call in calls]
    await asyncio.sleep(0.5)
    queue.retry_now()
    first.cancel()
    assert round(await second, 6) == 0.6, "as retries follow one another"


@in_fake_time
async def test_when_the_one_that_tries_is_broken_off_another_tries():
    telegram = Telegram()
    telegram.away = True
    tasks = [telegram.begin(chat_id) for chat_id in (1, 2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0.5)
    telegram.takes_s = 3600.0
    await asyncio.sleep(1)
    assert telegram.heard[2:] == [(1.0, 1)]
    telegram.takes_s, telegram.away = 0.0, False
    tasks[0].cancel()
    await tasks[1]
    assert telegram.heard[3:] == [(1.5, 2)]


@in_fake_time
async def test_a_failure_of_hours_loses_nothing_and_doubles_nothing():
    telegram = Telegram(TELEGRAM_LIMITS)
    telegram.away = True
    tasks = [telegram.begin(chat_id, chat_id % 2) for chat_id in range(1, 500)]
    await asyncio.sleep(10_000)
    before = len(telegram.heard)
    assert before < 250 + 2 * 10_000 / 30 + 20, "each reply is tried once, then two probes"
    telegram.away = False
    await asyncio.gather(*tasks)
    taken = sorted(chat_id for _, chat_id in telegram.heard[before:])
    assert taken == list(range(1, 500))


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


class Notes(BotHooks):
    def __init__(self) -> None:
        self.notes: list[tuple] = []

    def call_waited(self, priority: str, wait_s: float) -> None:
        self.notes.append(("paced", priority, wait_s))

    def call_ended(self, method: str, outcome: str) -> None:
        self.notes.append(("called", method, outcome))

    def update_durable(self, wait_s: float) -> None:
        self.notes.append(("durable", wait_s))

    def update_answered(self, wait_s: float) -> None:
        self.notes.append(("answered", wait_s))

    def call_given_up(self) -> None:
        self.notes.append(("given up",))


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
