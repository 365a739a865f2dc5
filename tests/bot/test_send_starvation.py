"""However many others write at the pace they may, nobody waits for ever. The clock is fake."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from support.fake_time import in_fake_time
from support.gate_harness import AWAY, Telegram

from bot.send.rate_limits import TELEGRAM_LIMITS, Priority

CHATTERS = 60
"""Together they want more than 30 messages a second, though each keeps to one a second."""
WITHIN_S = 6.0


@asynccontextmanager
async def chatter(telegram):
    """People who write again a moment after each answer."""

    async def chat(number):
        while True:
            await telegram.call(number)
            await asyncio.sleep(1.05 + number % 7 / 100)

    telegram.takes_s = 0.03
    tasks = [asyncio.create_task(chat(1000 + number)) for number in range(CHATTERS)]
    await asyncio.sleep(10)
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("replies", [2, 5])
@in_fake_time
async def test_quick_presses_are_answered_while_many_others_write_at_their_pace(replies):
    telegram = Telegram(TELEGRAM_LIMITS)
    async with chatter(telegram):
        for newcomer in range(20):
            for _ in range(replies):
                async with asyncio.timeout(WITHIN_S):
                    await telegram.call(newcomer)


@pytest.mark.parametrize("priority", [Priority.NOTICE, Priority.BROADCAST])
@in_fake_time
async def test_notices_and_broadcasts_move_while_many_others_write_at_their_pace(priority):
    telegram = Telegram(TELEGRAM_LIMITS)
    async with chatter(telegram):
        for number in range(20):
            async with asyncio.timeout(WITHIN_S):
                await telegram.call(number, priority)


@in_fake_time
async def test_what_failed_once_is_retried_while_many_others_write_at_their_pace():
    telegram = Telegram(TELEGRAM_LIMITS)
    async with chatter(telegram):
        for number in range(20):
            telegram.answers[number] = [AWAY]
            async with asyncio.timeout(2 * WITHIN_S):
                await telegram.call(number)


@in_fake_time
async def test_a_newcomers_first_reply_waits_no_longer_for_what_must_not_starve():
    telegram = Telegram(TELEGRAM_LIMITS)
    async with chatter(telegram):
        crowd = [
            telegram.begin(number, priority)
            for number, priority in enumerate([Priority.NOTICE, Priority.BROADCAST] * 200)
        ]
        for newcomer in range(5000, 5020):
            async with asyncio.timeout(WITHIN_S):
                await telegram.call(newcomer)
            await asyncio.sleep(0.2)
    for task in crowd:
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)


@in_fake_time
async def test_notices_to_twelve_people_in_trouble_hold_up_no_other_for_long_in_a_quiet_night():
    """Nobody is answered meanwhile, so nothing shows that it is these people's own trouble."""
    telegram = Telegram(TELEGRAM_LIMITS)
    for number in range(12):
        telegram.answers[number] = [AWAY] * 10_000
    troubled = [telegram.begin(number, Priority.NOTICE) for number in range(12)]
    await asyncio.sleep(1)
    async with asyncio.timeout(12):
        await telegram.call(100, Priority.NOTICE)
    for task in troubled:
        task.cancel()
    await asyncio.gather(*troubled, return_exceptions=True)
