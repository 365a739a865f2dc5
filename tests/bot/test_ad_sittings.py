"""Who watches several ads in a row is told of them in one message, which is edited."""

import json

import pytest
from support.notifier_harness import ANNA, BEN, NotifierHarness, until
from telegram.error import BadRequest, Forbidden, NetworkError

from bot.notify import ad_sittings, notifier
from ledger import commands as c


@pytest.fixture
async def harness(tmp_path, monkeypatch):
    monkeypatch.setattr(notifier, "STOP_WITHIN_S", 0)
    harness = NotifierHarness(tmp_path)
    await harness.open()
    for name, value in {"ad_cooldown_s": 0, "ad_reward_points": 50}.items():
        await harness.do(c.ChangeSetting(by="system", name=name, value=value, key=name))
    yield harness
    await harness.close()


async def watched(harness, user_id=ANNA, times=1):
    for _ in range(times):
        await harness.ad(user_id)
        await harness.all_out()


def first_lines(texts):
    return [text.partition("\n")[0] for text in texts]


def edits(harness):
    return [(place, text.partition("\n")[0]) for _, place, text in harness.telegram.edited]


async def test_the_ads_of_a_sitting_are_one_message_that_is_edited(harness):
    await watched(harness, times=3)
    assert first_lines(harness.telegram.told(ANNA)) == ["✅ <b>+50 points</b> for 1 ad"]
    assert edits(harness) == [
        (1, "✅ <b>+100 points</b> for 2 ads"),
        (1, "✅ <b>+150 points</b> for 3 ads"),
    ]
    assert "You have <b>150 points</b>" in harness.telegram.edited[-1][2]


async def test_ten_minutes_without_an_ad_end_a_sitting(harness):
    await watched(harness)
    harness.now_s += ad_sittings.SITTING_S
    await watched(harness)
    harness.now_s += ad_sittings.SITTING_S + 1
    await watched(harness)
    assert first_lines(harness.telegram.told(ANNA)) == ["✅ <b>+50 points</b> for 1 ad"] * 2
    assert edits(harness) == [(1, "✅ <b>+100 points</b> for 2 ads")]


async def test_who_writes_ends_their_own_sitting_and_nobody_elses(harness):
    await watched(harness, ANNA)
    await watched(harness, BEN)
    harness.sittings.end(ANNA)
    await watched(harness, ANNA)
    await watched(harness, BEN)
    assert len(harness.telegram.told(ANNA)) == 2
    assert len(harness.telegram.told(BEN)) == 1


async def test_an_ad_that_no_network_confirmed_is_not_told_here(harness):
    await harness.ad(ANNA, network="")
    await harness.all_out()
    assert harness.telegram.told(ANNA) == []


@pytest.mark.parametrize("points", [0, 1])
async def test_what_is_paid_is_said_as_it_is(harness, points):
    await harness.do(c.ChangeSetting(by="system", name="ad_reward_points", value=points, key="p"))
    await watched(harness)
    expected = "✅ <b>+1 point</b> for 1 ad" if points else "✅ Thank you! 1 ad watched"
    assert first_lines(harness.telegram.told(ANNA)) == [expected]


async def test_a_message_that_was_deleted_is_followed_by_a_new_one_that_knows_all(harness):
    await watched(harness)
    harness.telegram.fail_edits(BadRequest("Message to edit not found"))
    await watched(harness)
    assert first_lines(harness.telegram.told(ANNA)) == [
        "✅ <b>+50 points</b> for 1 ad",
        "✅ <b>+100 points</b> for 2 ads",
    ]


async def test_an_edit_that_had_arrived_before_its_repetition_is_no_reason_for_a_new_one(harness):
    await watched(harness)
    harness.telegram.fail_edits(BadRequest("Message is not modified: specified new content ..."))
    await watched(harness)
    harness.telegram.fail_edits(None)
    await watched(harness)
    assert len(harness.telegram.told(ANNA)) == 1
    assert edits(harness)[-1] == (1, "✅ <b>+150 points</b> for 3 ads")


async def test_ads_that_are_paid_while_telegram_is_away_are_told_together(harness):
    harness.telegram.fail(NetworkError("away"))
    await harness.ad(ANNA)
    await until(lambda: harness.telegram.asked >= 1)
    for _ in range(5):
        await harness.ad(ANNA)
    harness.telegram.fail(None)
    await harness.all_out()
    assert len(harness.telegram.told(ANNA)) == 1
    assert edits(harness) == [(1, "✅ <b>+300 points</b> for 6 ads")]


async def test_what_was_not_told_at_the_stop_is_told_in_one_message_after_the_start(harness):
    harness.telegram.fail(NetworkError("away"))
    for _ in range(3):
        await harness.ad(ANNA)
    await harness.restart()
    harness.telegram.fail(None)
    await harness.all_out()
    assert first_lines(harness.telegram.told(ANNA) + [one[2] for one in harness.telegram.edited])[
        -1
    ] == ("✅ <b>+150 points</b> for 3 ads")
    assert len(harness.telegram.told(ANNA)) == 1


async def test_after_a_kill_nothing_that_was_told_is_told_again(harness):
    await watched(harness, times=2)
    told = {"seq": harness.ledger.head.seq, "waiting": []}
    await until(lambda: json.loads(harness.file.read_bytes()) == told)
    await harness.kill()
    await harness.start()
    await watched(harness)
    assert first_lines(harness.telegram.told(ANNA)) == ["✅ <b>+50 points</b> for 1 ad"] * 2


async def test_who_has_blocked_the_bot_is_not_asked_again(harness):
    harness.telegram.fail(Forbidden("bot was blocked by the user"))
    await watched(harness)
    harness.telegram.fail(None)
    assert harness.ledger.state.users[ANNA].unreachable
    assert harness.notifier.waiting == 0


async def test_the_memory_of_sittings_is_bounded(harness, monkeypatch):
    monkeypatch.setattr(ad_sittings, "SITTINGS_MAX", 1)
    await watched(harness, ANNA)
    await watched(harness, BEN)
    await watched(harness, ANNA)
    assert len(harness.telegram.told(ANNA)) == 2
    assert len(harness.telegram.told(BEN)) == 1
