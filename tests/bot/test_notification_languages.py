"""Each notification is in its reader's language."""

import pytest
from msgspec.structs import replace
from support.given import ADMIN, ANNA, BEN, Scenario

from bot.notify.notifications import Readers, alert_notices, notices
from i18n import Translators
from ledger import commands as c
from ledger import events as e
from orders.alerts import Alert, AlertCode

TRANSLATORS = Translators(strict=True)
SECOND_ADMIN = 8


@pytest.fixture
def world():
    """Anna reads Russian, though her app is English; Ben's app is Russian."""
    world = Scenario()
    world.join(ANNA)
    world.join(BEN, f"code{ANNA:04}")
    for user_id in (ADMIN, SECOND_ADMIN):
        world.join(user_id)
    anna, ben = world.state.users[ANNA], world.state.users[BEN]
    anna.language, anna.language_choice = "en", "ru"
    ben.language = "ru-RU"
    return world


def readers(world):
    return Readers(world.state, TRANSLATORS, [ADMIN, SECOND_ADMIN])


def texts(world, event):
    return {notice.chat_id: notice.text for notice in notices(event, readers(world))}


def test_both_friends_hear_of_the_bonus_in_their_own_language(world):
    world.set("referral_after_ads", 1)
    world.state.users[BEN].language_choice = "en"
    world.ads(BEN, 1)
    (event,) = [event for event in world.log if isinstance(event, e.ReferralBonusPaid)]
    said = texts(world, event)
    assert "<b>+1\u00a0000 баллов</b>! У вас 1\u00a0000 баллов." in said[ANNA]
    assert "has just got points for inviting you" in said[BEN]


def at_the_limit(world):
    """The bonus with which Anna has reached the day's limit."""
    world.set("referral_after_ads", 1)
    world.set("referrals_per_day_max", 1)
    world.ads(BEN, 1)
    (event,) = [event for event in world.log if isinstance(event, e.ReferralBonusPaid)]
    return event


def test_who_reaches_the_limit_of_bonuses_hears_it_and_so_do_the_admins(world):
    said = texts(world, at_the_limit(world))
    assert "Сегодня вы получили баллы за 1 друга — больше за один день нельзя." in said[ANNA]
    for admin_id in (ADMIN, SECOND_ADMIN):
        assert "has got points for 1 friend today, the most in one day" in said[admin_id]
        assert f"<code>{ANNA}</code>" in said[admin_id]


def test_a_bonus_below_or_before_the_limit_is_no_matter_for_the_admins(world):
    event = at_the_limit(world)
    for other in (replace(event, day_max=2), replace(event, number_today=0, day_max=0)):
        said = texts(world, other)
        assert ADMIN not in said
        assert "больше за один день" not in said[ANNA]


def test_while_a_friend_gives_no_points_nobody_is_thanked_for_one(world):
    world.set("referral_bonus_points", 0)
    world.set("referral_after_ads", 1)
    world.ads(BEN, 1)
    (event,) = [event for event in world.log if isinstance(event, e.ReferralBonusPaid)]
    assert texts(world, event) == {}


def test_the_choice_counts_more_than_the_app(world):
    (event,) = world.give(ANNA, 2)
    assert "Администратор изменил ваш баланс: <b>+2 балла</b>" in texts(world, event)[ANNA]
    world.state.users[ANNA].language_choice = "en"
    assert "The admin changed your points: <b>+2 points</b>" in texts(world, event)[ANNA]


def test_without_a_choice_the_app_decides(world):
    (event,) = world.when(c.Ban(by="admin:7", user_id=BEN, key="k", reason="spam"))
    assert texts(world, event) == {
        BEN: "⛔️ Сейчас вы не можете зарабатывать баллы и делать заказы. Причина: spam"
    }


def test_every_admin_gets_a_notice_of_their_own(world):
    found = alert_notices(Alert(AlertCode.MANY_UNCLEAR), readers(world))
    assert [notice.chat_id for notice in found] == [ADMIN, SECOND_ADMIN]
    assert all(notice.to_admins for notice in found)
