"""Owns what people are told without asking: it follows what is on the disk, and nothing else.

Whoever causes an event (a web page, the order desk, an admin) need not know who is to hear of
it; this file says so.
"""

import asyncio
import logging
from html import escape
from typing import NamedTuple

from telegram import InlineKeyboardMarkup
from telegram.error import TelegramError

from bot import admin_texts, keyboards
from bot.context import Bot, name_of
from bot.lanes import Lanes
from bot.reach import note_unreachable
from bot.texts import points, views
from ledger import events as e
from ledger.book import Ledger
from ledger.projections import State

log = logging.getLogger(__name__)


class Notice(NamedTuple):
    """A message nobody asked for. `to_admins`: to every admin, and `chat_id` is not used."""

    chat_id: int
    text: str
    keyboard: InlineKeyboardMarkup | None = None
    to_admins: bool = False


def notices(event: e.AnyEvent, state: State) -> list[Notice]:
    """Who is to hear of an event, and in which words."""
    match event:
        case e.ReferralBonusPaid():
            return _referral(event, state)
        case e.ReferralWelcomePaid():
            gift = points(event.amount_points)
            return [Notice(event.user_id, f"🎁 Your welcome gift: <b>+{gift}</b>!")]
        case e.BalanceAdjusted():
            return [Notice(event.user_id, _adjusted(event, state))]
        case e.UserBanned():
            reason = f" Reason: {escape(event.reason)}" if event.reason else ""
            return [Notice(event.user_id, f"⛔️ You can't earn or order for now.{reason}")]
        case e.UserUnbanned():
            return [Notice(event.user_id, "✅ You can earn and order again.")]
        case e.OrderAccepted() | e.OrderRejected() | e.OrderUnclear():
            return _order(event, state)
        case _:
            return []


def _referral(event: e.ReferralBonusPaid, state: State) -> list[Notice]:
    inviter, friend = state.users[event.user_id], state.users[event.referee_id]
    bonus = points(event.amount_points)
    told = [
        Notice(
            inviter.user_id,
            f"🎉 Your friend {escape(name_of(friend))} counts now: <b>+{bonus}</b>! "
            f"You have {points(inviter.balance)}.",
        )
    ]
    # With a welcome gift the friend hears of that instead: it follows in the same command.
    if event.more == 0:
        thanks = f"🎉 {escape(name_of(inviter))} has just got a bonus for inviting you."
        told.append(Notice(friend.user_id, f"{thanks} Invite friends yourself with /start."))
    return told


def _adjusted(event: e.BalanceAdjusted, state: State) -> str:
    sign = "+" if event.amount_points > 0 else "−"
    return (
        f"💳 The admin changed your points: <b>{sign}{points(abs(event.amount_points))}</b>\n"
        f"Reason: {escape(event.reason)}\n\n"
        f"You have {points(state.users[event.user_id].balance)}."
    )


def _order(event: e.OrderAccepted | e.OrderRejected | e.OrderUnclear, state: State) -> list[Notice]:
    order, user = state.orders[event.order_id], state.users[event.user_id]
    name = f"order <code>{escape(order.order_id)}</code> ({views(order.quantity)})"
    match event:
        case e.OrderAccepted():
            return [
                Notice(user.user_id, f"🚀 Your {name} is accepted. The views are on their way.")
            ]
        case e.OrderRejected():
            back = points(event.refund_points)
            text = (
                f"↩️ Your {name} was not possible: {escape(event.reason)}\n\n<b>{back}</b> came "
                f"back to you. You have {points(user.balance)}."
            )
            return [Notice(user.user_id, text)]
        case e.OrderUnclear():
            text = (
                f"🔎 Your {name} takes a little longer: a person is checking it with the "
                "provider. Your points are safe, and you don't need to do anything."
            )
            return [
                Notice(user.user_id, text),
                Notice(
                    0,
                    admin_texts.unclear_order(order, user),
                    keyboards.unclear_order(order.order_id),
                    to_admins=True,
                ),
            ]


class Notifier:
    """Sends notices as events reach the disk, in order for each person."""

    def __init__(self, bot: Bot, ledger: Ledger, admin_ids: frozenset[int]) -> None:
        """Use `start` to begin."""
        self._bot = bot
        self._ledger = ledger
        self._admin_ids = sorted(admin_ids)
        self._lanes = Lanes()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Follow the ledger from now on."""
        self._ledger.follow(self._hear)

    def _hear(self, event: e.AnyEvent) -> None:
        for notice in notices(event, self._ledger.state):
            self._promise(notice)

    def alert_admins(self, text: str) -> None:
        """Tell every admin something that no event says: the order desk's troubles."""
        self._promise(Notice(0, f"⚠️ {escape(text)}", to_admins=True))

    def _promise(self, notice: Notice) -> None:
        chats = self._admin_ids if notice.to_admins else [notice.chat_id]
        for chat_id in chats:
            task = asyncio.create_task(self._send(chat_id, notice), name="notice")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _send(self, chat_id: int, notice: Notice) -> None:
        async with self._lanes.lane(chat_id):
            try:
                # What the text says may be newer than the event, but never ahead of the disk.
                await self._ledger.settled()
                await self._bot.send_message(chat_id, notice.text, reply_markup=notice.keyboard)
            except TelegramError as error:
                if not await note_unreachable(self._ledger, chat_id, error):
                    log.warning("A notice to %s could not be sent: %s", chat_id, error)

    async def stop(self) -> None:
        """Send what is promised, then end."""
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
