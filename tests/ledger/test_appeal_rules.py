"""Rules for appeals: a banned person writes to the admins once a day."""

import pytest
from support.given import ANNA, BEN, Scenario, facts

from ledger import commands as c
from ledger import refusals as r
from ledger.clocks.timestamps import DAY_MS
from ledger.rules.appeals import appeal_wait

BAN = c.Ban(by="admin:7", user_id=ANNA, key="7:b1")
UNBAN = c.Unban(by="admin:7", user_id=ANNA, key="7:b2")


def appeal(message_id: int, user_id: int = ANNA) -> c.NoteAppeal:
    return c.NoteAppeal(by=f"user:{user_id}", user_id=user_id, message_id=message_id)


@pytest.fixture
def world() -> Scenario:
    world = Scenario()
    world.join(ANNA)
    world.when(BAN)
    return world


def test_a_banned_person_appeals_once_in_a_utc_day(world):
    assert facts(world.when(appeal(1))) == [("AppealSent", ANNA, None)]
    left_s = (DAY_MS - world.now_ms % DAY_MS) // 1000
    assert world.when(appeal(2)) == r.AppealSentToday(left_s)
    world.later(left_s - 1)
    assert world.when(appeal(3)) == r.AppealSentToday(1)
    world.later(1)
    assert isinstance(world.when(appeal(4)), tuple)


def test_the_same_message_counts_once(world):
    world.when(appeal(1))
    assert world.when(appeal(1)) == r.AlreadyDone()
    world.later(86_400)
    assert world.when(appeal(1)) == r.AlreadyDone()


def test_only_the_banned_appeal_and_a_lifted_ban_forgets_their_appeals(world):
    world.join(BEN)
    assert world.when(appeal(1, BEN)) == r.NotBanned()
    assert world.when(appeal(1, 999)) == r.UnknownUser(999)
    world.when(appeal(2))
    world.when(UNBAN)
    assert world.state.books.appeals == {}
    world.when(c.Ban(by="admin:7", user_id=ANNA, key="7:b3"))
    assert appeal_wait(world.state, ANNA, world.now_ms) is None


def test_a_clock_that_was_set_back_locks_nobody_out_for_longer_than_a_day(world):
    world.later(400 * 86_400)
    world.when(appeal(1))
    world.later(-400 * 86_400)
    assert isinstance(world.when(appeal(2)), tuple)
