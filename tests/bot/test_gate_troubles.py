"""The gate when Telegram asks for pauses or gives no answer: whose trouble is it, and who waits?

The clock is fake (`tests/support/fake_time.py`), so that seconds are exact and pass at once.
"""

import asyncio

import pytest
from support.fake_time import in_fake_time, now_s
from support.gate_harness import AWAY, Notes, Telegram
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.metrics_hooks import BotHooks
from bot.receive.in_flight import InFlight, current
from bot.send.api_answers import RetryAfter
from bot.send.gate import GivenUpError
from bot.send.queue import SendQueue
from bot.send.rate_limits import NO_LIMITS, TELEGRAM_LIMITS, Priority
from bot.updates import Chat, NewMessage, Person, Update

REPLY, NOTICE, BROADCAST = Priority


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
