"""An inviter hears of each friend who joins; of many in a minute in one message."""

import pytest
from support.notifier_harness import ANNA, BEN, NotifierHarness, until


@pytest.fixture
async def harness(tmp_path):
    harness = NotifierHarness(tmp_path)
    await harness.open()
    yield harness
    await harness.close()


async def test_one_friend_is_one_quiet_message(harness):
    await harness.join(10, ANNA)
    await harness.telegram.until_told(ANNA, 1)
    (text,) = harness.telegram.told(ANNA)
    assert text.startswith("👋 User 10 has joined with your link.")
    assert harness.telegram.quiet == 1


async def test_those_of_the_next_minute_are_summed_up(harness):
    for user_id in range(10, 18):
        await harness.join(user_id, ANNA)
    await harness.telegram.until_told(ANNA, 1)
    assert harness.notifier.waiting == 7
    harness.minute_over.set()
    await harness.telegram.until_told(ANNA, 2)
    summed = harness.telegram.told(ANNA)[1]
    assert summed.startswith("👋 7 friends have joined with your link:\nUser 11\nUser 12\n")
    assert "User 15\nand 2 more\n" in summed
    await harness.all_out()


async def test_inviters_do_not_share_a_minute(harness):
    await harness.join(10, ANNA)
    await harness.join(11, BEN)
    await harness.telegram.until_told(ANNA, 1)
    await harness.telegram.until_told(BEN, 1)


async def test_after_a_quiet_minute_the_next_friend_is_told_at_once(harness):
    await harness.join(10, ANNA)
    await harness.telegram.until_told(ANNA, 1)
    harness.minute_over.set()
    await until(lambda: not harness.notifier._friend_news._waiting)
    await harness.join(11, ANNA)
    await harness.telegram.until_told(ANNA, 2)


async def test_what_was_collected_survives_a_kill(harness):
    for user_id in (10, 11, 12):
        await harness.join(user_id, ANNA)
    await harness.telegram.until_told(ANNA, 1)
    await harness.restart()
    await harness.telegram.until_told(ANNA, 2)
    harness.minute_over.set()
    await harness.all_out()
    assert ["User 11" in text for text in harness.telegram.told(ANNA)] == [False, True, False]
    assert "User 12" in harness.telegram.told(ANNA)[2]


async def test_somebody_without_an_inviter_is_no_news(harness):
    await harness.join(10)
    await harness.give(BEN, "so")
    await harness.all_out()
    assert harness.telegram.told(ANNA) == []
