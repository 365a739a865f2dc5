"""Which messages follow from an event, to whom, and in each reader's language.

Whoever causes an event (a web page, the order dispatcher, an admin) need not know who is notified
of it: this file says so, and `bot/notify/notifier.py` sends it. What admins read of orders and of
the shop is in `bot/notify/order_notices.py`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from bot.context import translator_for
from bot.notify.order_news import news_for_buyer
from bot.send.client import Keyboard
from bot.text import notification_texts
from bot.text.admin import admin_texts
from bot.text.admin.admin_keyboards import person as keyboard_of_person
from bot.text.friends_texts import friends_joined
from i18n import Html, Translator, Translators
from ledger import events as e
from ledger.state import State, User
from orders.alerts import Alert

CLOCK_STEP_TOLD_FROM_MS = 60_000
"""Admins need not hear of the seconds by which a time server corrects a clock at a start."""


class Notice(NamedTuple):
    """A message that nobody asked for.

    Attributes:
        to_admins: sent to this person because they are one.
        friends: of whose joining it tells. It makes no sound, and those of a minute are one.
    """

    chat_id: int
    text: str
    keyboard: Keyboard | None = None
    to_admins: bool = False
    friends: tuple[int, ...] = ()


class AdNotice(NamedTuple):
    """To a person whose ad a network has confirmed. Its words are those of the whole sitting."""

    chat_id: int
    amount_points: int
    to_admins: bool = False


AnyNotice: TypeAlias = Notice | AdNotice


@dataclass(frozen=True, slots=True)
class Readers:
    """Who can be notified, and in which language each of them reads."""

    state: State
    translators: Translators
    admin_ids: Collection[int]

    def t_for(self, user_id: int) -> Translator:
        """The texts in this person's language."""
        return translator_for(self.translators, self.state.users.get(user_id))


def notices(event: e.AnyEvent, readers: Readers) -> Sequence[AnyNotice]:
    """The messages that follow from an event.

    The state may be further than the event: a notice is also made after a restart.
    """
    match event:
        case e.AdRewarded() if event.network:
            return [AdNotice(event.user_id, event.amount_points)]
        case e.ReferralBonusPaid():
            return _referral(event, readers)
        case e.OrderEvent():
            return _order(event, readers)
        case e.UserJoined() if event.referred_by is not None:
            return _friend_joined(event, event.referred_by, readers)
        case (
            e.ReferralWelcomePaid()
            | e.BalanceAdjusted()
            | e.UserBanned()
            | e.UserUnbanned()
            | e.EarningFrozen()
            | e.EarningUnfrozen()
            | e.EarningsTakenBack()
        ):
            return [Notice(event.user_id, _to_the_person(event, readers))]
        case e.ClockStepped() if abs(event.step_ms) >= CLOCK_STEP_TOLD_FROM_MS:
            return [
                Notice(
                    admin_id, admin_texts.clock_stepped(readers.t_for(admin_id), event), None, True
                )
                for admin_id in readers.admin_ids
            ]
        case _:
            return []


def alert_notices(alert: Alert, readers: Readers) -> list[Notice]:
    """To the admins: something that no event says."""
    return [
        Notice(admin_id, admin_texts.alert(readers.t_for(admin_id), alert), to_admins=True)
        for admin_id in readers.admin_ids
    ]


def _to_the_person(
    event: e.ReferralWelcomePaid
    | e.BalanceAdjusted
    | e.UserBanned
    | e.UserUnbanned
    | e.EarningFrozen
    | e.EarningUnfrozen
    | e.EarningsTakenBack,
    readers: Readers,
) -> Html:
    t = readers.t_for(event.user_id)
    match event:
        case e.ReferralWelcomePaid():
            return notification_texts.welcome_gift(t, event.amount_points)
        case e.BalanceAdjusted():
            user = readers.state.users[event.user_id]
            return notification_texts.adjusted(t, user, event.amount_points, event.reason)
        case e.UserBanned():
            return notification_texts.banned(t, event.reason)
        case e.UserUnbanned():
            return t(notification_texts.BAN_LIFTED)
        case e.EarningFrozen():
            return notification_texts.frozen(t, event.reason)
        case e.EarningUnfrozen():
            return t(notification_texts.UNFROZEN)
        case e.EarningsTakenBack():
            user = readers.state.users[event.user_id]
            return notification_texts.taken_back(t, user, event.amount_points, event.reason)


def _friend_joined(event: e.UserJoined, inviter_id: int, readers: Readers) -> list[Notice]:
    """To the inviter, unless the bonus was paid at once: that has a notice of its own."""
    if readers.state.users[event.user_id].referral_paid:
        return []
    text = friends_joined_notice([event.user_id], inviter_id, readers)
    return [Notice(inviter_id, text, friends=(event.user_id,))]


def friends_joined_notice(friend_ids: Sequence[int], inviter_id: int, readers: Readers) -> Html:
    """What an inviter reads of these friends, who have joined within a minute."""
    state = readers.state
    friends = [state.users[user_id] for user_id in friend_ids]
    return friends_joined(readers.t_for(inviter_id), state.economy, friends)


def _referral(event: e.ReferralBonusPaid, readers: Readers) -> list[Notice]:
    users = readers.state.users
    inviter, friend = users[event.user_id], users[event.referee_id]
    found = _limit_reached(event, inviter, readers)
    if not event.amount_points:
        return found  # While a friend gives no points, there is nothing to thank for.
    bonus = notification_texts.bonus(readers.t_for(inviter.user_id), inviter, friend, event)
    found.append(Notice(inviter.user_id, bonus))
    # With a welcome gift the friend is notified of that instead: it follows in the same command.
    if event.more == 0:
        thanked = notification_texts.inviter_thanked(readers.t_for(friend.user_id), inviter)
        found.append(Notice(friend.user_id, thanked))
    return found


def _limit_reached(event: e.ReferralBonusPaid, inviter: User, readers: Readers) -> list[Notice]:
    """To the admins: somebody has got all the bonuses of a day. That can happen once a day."""
    if not event.is_last_of_day:
        return []
    found = []
    for admin_id in readers.admin_ids:
        t = readers.t_for(admin_id)
        text = admin_texts.many_friends(t, inviter, event.number_today)
        found.append(Notice(admin_id, text, keyboard_of_person(t, inviter.user_id), to_admins=True))
    return found


def _order(event: e.OrderEvent, readers: Readers) -> list[Notice]:
    """To the buyer. What the admins hear of orders is in `order_notices`."""
    news = news_for_buyer(readers.t_for(event.user_id), readers.state, event)
    return [Notice(event.user_id, news.text, news.keyboard)] if news else []
