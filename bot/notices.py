"""Owns what people are told without asking: it follows what is on the disk, and nothing else.

Whoever causes an event (a web page, the order desk, an admin) need not know who is to hear of
it; this file says so.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias

from telegram import InlineKeyboardMarkup
from telegram.error import TelegramError

from bot import admin_texts, keyboards, notice_texts
from bot.context import Bot
from bot.lanes import Lanes
from bot.reach import may_pass, note_unreachable
from ledger import events as e
from ledger.book import Ledger
from ledger.projections import Order, State, User

log = logging.getLogger(__name__)


Pause: TypeAlias = Callable[[float], Awaitable[object]]

PAUSE_FIRST_S = 1.0
PAUSE_MAX_S = 60.0
STOP_WITHIN_S = 5.0


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
            return [Notice(event.user_id, notice_texts.welcome_gift(event.amount_points))]
        case e.BalanceAdjusted():
            user = state.users[event.user_id]
            text = notice_texts.adjusted(user, event.amount_points, event.reason)
            return [Notice(event.user_id, text)]
        case e.UserBanned():
            return [Notice(event.user_id, notice_texts.banned(event.reason))]
        case e.UserUnbanned():
            return [Notice(event.user_id, notice_texts.BAN_LIFTED)]
        case e.OrderAccepted() | e.OrderRejected() | e.OrderUnclear():
            return _order(event, state)
        case _:
            return []


def _referral(event: e.ReferralBonusPaid, state: State) -> list[Notice]:
    inviter, friend = state.users[event.user_id], state.users[event.referee_id]
    told = [Notice(inviter.user_id, notice_texts.bonus(inviter, friend, event.amount_points))]
    # With a welcome gift the friend hears of that instead: it follows in the same command.
    if event.more == 0:
        told.append(Notice(friend.user_id, notice_texts.inviter_thanked(inviter)))
    return told


def _order(event: e.OrderAccepted | e.OrderRejected | e.OrderUnclear, state: State) -> list[Notice]:
    order, user = state.orders[event.order_id], state.users[event.user_id]
    match event:
        case e.OrderAccepted():
            return [Notice(user.user_id, notice_texts.order_accepted(order))]
        case e.OrderRejected():
            text = notice_texts.order_rejected(order, user, event.reason, event.refund_points)
            return [Notice(user.user_id, text)]
        case e.OrderUnclear():
            return [
                Notice(user.user_id, notice_texts.order_unclear(order)),
                _for_admins(order, user),
            ]


def _for_admins(order: Order, user: User) -> Notice:
    text, keyboard = admin_texts.unclear_order(order, user), keyboards.unclear_order(order.order_id)
    return Notice(0, text, keyboard, to_admins=True)


class Notifier:
    """Sends notices as events reach the disk, in order for each person."""

    def __init__(
        self, bot: Bot, ledger: Ledger, admin_ids: frozenset[int], pause: Pause = asyncio.sleep
    ) -> None:
        """Use `start` to begin. `pause` waits so many seconds before a notice is tried again."""
        self._bot = bot
        self._ledger = ledger
        self._admin_ids = sorted(admin_ids)
        self._pause = pause
        self._stopping = asyncio.Event()
        self._lanes = Lanes()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Follow the ledger from now on; admins are reminded of what waits for their word."""
        self._ledger.follow(self._hear)
        state = self._ledger.state
        if state.orders_by_status.get("unclear"):
            for order in state.orders.values():
                if order.status == "unclear":
                    self._promise(_for_admins(order, state.users[order.user_id]))

    def _hear(self, event: e.AnyEvent) -> None:
        for notice in notices(event, self._ledger.state):
            self._promise(notice)

    def alert_admins(self, text: str) -> None:
        """Tell every admin something that no event says: the order desk's troubles."""
        self._promise(Notice(0, admin_texts.trouble(text), to_admins=True))

    def _promise(self, notice: Notice) -> None:
        chats = self._admin_ids if notice.to_admins else [notice.chat_id]
        for chat_id in chats:
            task = asyncio.create_task(self._send(chat_id, notice), name="notice")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _send(self, chat_id: int, notice: Notice) -> None:
        """Send one notice, through any outage; in order for each person."""
        async with self._lanes.lane(chat_id):
            pause_s = PAUSE_FIRST_S
            while True:
                try:
                    await self._bot.send_message(chat_id, notice.text, reply_markup=notice.keyboard)
                except TelegramError as error:
                    if not may_pass(error) or self._stopping.is_set():
                        await self._give_up(chat_id, error)
                        return
                    log.info("A notice waits %s s: %s", pause_s, type(error).__name__)
                    await self._pause(pause_s)
                    pause_s = min(2 * pause_s, PAUSE_MAX_S)
                else:
                    return

    async def _give_up(self, chat_id: int, error: TelegramError) -> None:
        gone = await note_unreachable(self._ledger, chat_id, error)
        if not gone or chat_id in self._admin_ids:
            log.warning("A notice to %s could not be sent: %s", chat_id, error)

    async def stop(self) -> None:
        """Send what is promised, then end. What Telegram can't take now is given up, and logged."""
        self._stopping.set()
        if self._tasks:
            _, waiting = await asyncio.wait(self._tasks, timeout=STOP_WITHIN_S)
            for task in waiting:
                task.cancel()
            if waiting:
                log.warning("%s notices could not be sent before the stop.", len(waiting))
