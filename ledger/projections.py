"""Owns the state that events build, and the one function that builds it: `apply`.

`Books` is what `data/user_data.json` holds, in the predecessor's three collections (`users`,
`referrals`, `orders`) and some more. `State` adds what is only looked up, and can be made anew
from the books at any time. Nothing but `apply` changes either, except the profile fields of a
`User`, which `ledger.profiles` fills in: names are not part of what happened.
"""

from typing import assert_never

import msgspec

from ledger import events as e
from ledger.economy import Economy
from ledger.moments import day_of
from ledger.postings import account_name, postings


class User(msgspec.Struct, kw_only=True, gc=False):
    """One person. Points are whole numbers, moments UTC text.

    Attributes:
        balance: points to spend.
        referrals_count: friends who joined by this person's link.
        ads_today: ads paid on the UTC day of `last_ad_at`.
        referral_paid: whether this person's own inviter has had the bonus for them.
        last_seq: `seq` of this person's newest event: where a history begins to be read.
        username: like the other names a profile: not from the log, possibly empty.
    """

    user_id: int
    username: str = ""
    first_name: str = ""
    language: str = ""
    balance: int = 0
    ads_watched: int = 0
    referral_code: str = ""
    referred_by: int | None = None
    referrals_count: int = 0
    join_date: str = ""
    ads_today: int = 0
    last_ad_at: str = ""
    referral_paid: bool = False
    banned: bool = False
    unreachable: bool = False
    last_seq: int = 0


class Referral(msgspec.Struct, gc=False):
    """A friend somebody invited. `reward` is the bonus paid for them in points, 0 until then."""

    user_id: int
    date: str
    reward: int = 0


class Order(msgspec.Struct, kw_only=True, gc=False):
    """One order of views.

    Attributes:
        total_cost: its price in points.
        reserve_points: what the order holds right now: the price, or 0 once it is final.
        status: `placed`, `sending`, `accepted`, `rejected` or `unclear`.
        attempts: how often it was about to leave for the provider.
        note: the reason for its present status, if there is one.
    """

    order_id: str
    user_id: int
    video_link: str
    video_key: str
    quantity: int
    total_cost: int
    reserve_points: int = 0
    status: str = "placed"
    attempts: int = 0
    provider_order_id: str = ""
    note: str = ""
    created_at: str = ""
    updated_at: str = ""


class Broadcast(msgspec.Struct, kw_only=True, gc=False):
    """One message to everybody; the fields are those of the broadcast events."""

    chat_id: int
    message_id: int
    audience: int
    by: str
    started_at: str
    cursor: int = 0
    sent: int = 0
    unreachable: int = 0
    failed: int = 0
    finished: bool = False


class Books(msgspec.Struct, kw_only=True):
    """All that events have built. `accounts` holds the house's own (`house:ads` ...), in points."""

    seq: int = 0
    at: str = ""
    users: dict[int, User] = {}
    referrals: dict[int, list[Referral]] = {}
    orders: dict[str, Order] = {}
    economy: Economy = msgspec.field(default_factory=Economy)
    accounts: dict[str, int] = {}
    broadcasts: dict[str, Broadcast] = {}
    admin_keys: dict[str, int] = {}


class State:
    """The books, with what makes looking things up quick.

    Attributes:
        user_by_code: who owns a referral code.
        orders_of: the ids of a person's orders, oldest first.
        orders_by_status: how many orders there are of each status.
        held_points: what users hold, and what orders hold in reserve.
        user_ids: everybody, in the order of joining.
        banned_count: how many people are banned now.
        unreachable_count: how many can't be written to now.
    """

    def __init__(self, books: Books | None = None) -> None:
        self.books = books = books or Books()
        self.users = books.users
        self.referrals = books.referrals
        self.orders = books.orders
        self.economy = books.economy
        self.accounts = books.accounts
        self.broadcasts = books.broadcasts
        self.admin_keys = books.admin_keys
        self.user_ids = list(books.users)
        self.banned_count = sum(user.banned for user in books.users.values())
        self.unreachable_count = sum(user.unreachable for user in books.users.values())
        self.user_by_code = {user.referral_code: user.user_id for user in books.users.values()}
        self.orders_of: dict[int, list[str]] = {}
        self.orders_by_status: dict[str, int] = {}
        for order in books.orders.values():
            self.orders_of.setdefault(order.user_id, []).append(order.order_id)
            self.count_order(order.status, 1)
        self.held_points = {
            "user": sum(user.balance for user in books.users.values()),
            "order": sum(order.reserve_points for order in books.orders.values()),
        }

    @property
    def seq(self) -> int:
        """`seq` of the last event applied."""
        return self.books.seq

    @property
    def posted_points(self) -> int:
        """What all accounts hold together; anything but zero means that the books are wrong."""
        return sum(self.held_points.values()) + sum(self.accounts.values())

    def count_order(self, status: str, change: int) -> None:
        """Count an order in or out of a status."""
        self.orders_by_status[status] = self.orders_by_status.get(status, 0) + change


class BrokenBooks(Exception):  # noqa: N818 - what is broken, not the raising, is the name
    """An event that can't follow from what was before it; the log was not written by our rules."""


def apply(state: State, event: e.AnyEvent) -> None:
    """Let one event have happened.

    Raises:
        BrokenBooks: the event contradicts the books (an account below zero, an unknown order).
            The state is then unusable.
    """
    try:
        _note(state, event)
        _post(state, event)
    except KeyError as error:
        raise BrokenBooks(
            f"seq {event.seq} speaks of {error}, which the log doesn't know"
        ) from None
    if isinstance(event, e.UserEvent):
        user = state.users[event.user_id]
        if user.last_seq != event.prev:
            raise BrokenBooks(f"seq {event.seq}: prev is {event.prev}, not {user.last_seq}")
        user.last_seq = event.seq
    state.books.seq = event.seq
    state.books.at = event.at


def _post(state: State, event: e.AnyEvent) -> None:
    total = 0
    for kind, owner, points in postings(event):
        total += points
        left = 0
        if kind == "user":
            user = state.users[owner]  # type: ignore[index] # a user account's owner is an id
            user.balance = left = user.balance + points
            state.held_points["user"] += points
        elif kind == "order":
            order = state.orders[owner]  # type: ignore[index] # an order account's owner is text
            order.reserve_points = left = order.reserve_points + points
            state.held_points["order"] += points
        else:
            name = account_name(kind, owner)
            state.accounts[name] = state.accounts.get(name, 0) + points
        if left < 0:
            raise BrokenBooks(f"seq {event.seq}: {account_name(kind, owner)} would be {left}")
    if total:
        raise BrokenBooks(f"seq {event.seq}: its postings sum to {total}, not to zero")


def _note(state: State, event: e.AnyEvent) -> None:  # noqa: C901, PLR0912 - one row per event
    match event:
        case e.AdRewarded():
            _note_ad(state.users[event.user_id], event)
        case e.OrderPlaced():
            _note_order(state, event)
        case e.OrderSending():
            _move_order(state, event, "sending", "").attempts = event.attempt
        case e.OrderNotSent():
            _move_order(state, event, "placed", event.reason)
        case e.OrderAccepted():
            order = _move_order(state, event, "accepted", "")
            order.provider_order_id = event.provider_order_id
        case e.OrderRejected():
            _move_order(state, event, "rejected", event.reason)
        case e.OrderUnclear():
            _move_order(state, event, "unclear", event.reason)
        case e.UserJoined():
            _note_joined(state, event)
        case e.ReferralBonusPaid():
            state.users[event.referee_id].referral_paid = True
            for referral in state.referrals[event.user_id]:
                if referral.user_id == event.referee_id:
                    referral.reward = event.amount_points
        case e.BalanceAdjusted():
            state.admin_keys[event.key] = event.seq
        case e.UserBanned() | e.UserUnbanned():
            state.users[event.user_id].banned = banned = isinstance(event, e.UserBanned)
            state.banned_count += 1 if banned else -1
            state.admin_keys[event.key] = event.seq
        case e.UserUnreachable() | e.UserReachable():
            state.users[event.user_id].unreachable = gone = isinstance(event, e.UserUnreachable)
            state.unreachable_count += 1 if gone else -1
        case e.SettingChanged():
            if event.name not in Economy.__struct_fields__:
                raise KeyError(event.name)
            setattr(state.economy, event.name, event.value)
            state.admin_keys[event.key] = event.seq
        case e.BroadcastStarted():
            state.broadcasts[event.broadcast_id] = Broadcast(
                chat_id=event.chat_id,
                message_id=event.message_id,
                audience=event.audience,
                by=event.by,
                started_at=event.at,
            )
        case e.BroadcastProgressed() | e.BroadcastFinished():
            _note_broadcast(state.broadcasts[event.broadcast_id], event)
        case e.ReferralWelcomePaid() | e.TailCut() | e.LogStarted():
            pass
        case _:
            assert_never(event)


def _note_joined(state: State, event: e.UserJoined) -> None:
    state.users[event.user_id] = User(
        user_id=event.user_id,
        referral_code=event.referral_code,
        referred_by=event.referred_by,
        join_date=event.at,
    )
    state.user_ids.append(event.user_id)
    state.user_by_code[event.referral_code] = event.user_id
    if event.referred_by is not None:
        state.users[event.referred_by].referrals_count += 1
        friends = state.referrals.setdefault(event.referred_by, [])
        friends.append(Referral(event.user_id, event.at))


def _note_ad(user: User, event: e.AdRewarded) -> None:
    same_day = day_of(user.last_ad_at) == day_of(event.at)
    user.ads_today = user.ads_today + 1 if same_day else 1
    user.ads_watched = event.ad_number
    user.last_ad_at = event.at


def _note_order(state: State, event: e.OrderPlaced) -> None:
    state.orders[event.order_id] = Order(
        order_id=event.order_id,
        user_id=event.user_id,
        video_link=event.video_link,
        video_key=event.video_key,
        quantity=event.quantity,
        total_cost=event.price_points,
        created_at=event.at,
        updated_at=event.at,
    )
    state.orders_of.setdefault(event.user_id, []).append(event.order_id)
    state.count_order("placed", 1)


def _move_order(state: State, event: e.OrderEvent, status: str, note: str) -> Order:
    order = state.orders[event.order_id]
    state.count_order(order.status, -1)
    state.count_order(status, 1)
    order.status, order.note, order.updated_at = status, note, event.at
    return order


def _note_broadcast(
    broadcast: Broadcast, event: e.BroadcastProgressed | e.BroadcastFinished
) -> None:
    broadcast.sent = event.sent
    broadcast.unreachable = event.unreachable
    broadcast.failed = event.failed
    if isinstance(event, e.BroadcastProgressed):
        broadcast.cursor = event.cursor
    else:
        broadcast.finished = True
