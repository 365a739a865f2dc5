"""Owns the state that events build, and the one function that builds it: `apply`.

`Books` is what `data/user_data.json` holds, in the predecessor's three collections (`users`,
`referrals`, `orders`) and some more. `State` adds what is only looked up, and can be made anew
from the books at any time. Nothing but `apply` changes either, except the profile fields of a
`User`, which `ledger.store.profiles` fills in: names are not part of what happened.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import msgspec

from ledger import events as e
from ledger.economy import BOUNDS, Economy
from ledger.order_status import OrderStatus
from ledger.postings import RULES, Posting, account_name
from ledger.reason_codes import ReasonCode
from ledger.timestamps import DAY_LENGTH


class User(msgspec.Struct, kw_only=True, gc=False):
    """One person. Points are whole numbers, moments UTC text.

    Attributes:
        balance: points to spend.
        referrals_count: friends who joined by this person's link.
        ads_today: ads paid on the UTC day of `last_ad_at`.
        referral_paid: whether this person's own inviter has had the bonus for them.
        last_seq: `seq` of this person's newest event: where a history begins to be read.
        imported: whether what they brought along from the bot before this one is in here.
        username: like the other names a profile: not from the log, possibly empty.
        language: the language of the person's Telegram app, an IETF tag. A profile field too.
        language_choice: the language they chose with /language, or empty. Likewise.
    """

    user_id: int
    username: str = ""
    first_name: str = ""
    language: str = ""
    language_choice: str = ""
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
    imported: bool = False


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
        attempts: how often it was about to leave for the provider.
        reason_code: why it has its present status, if that needs a reason.
        http_status: the status of the provider's answer behind that, 0 if there was none.
        note: the reason as a sentence, from lines older than `reason_code`; of an imported order
            its status in the previous bot.
    """

    order_id: str
    user_id: int
    video_link: str
    video_key: str
    quantity: int
    total_cost: int
    reserve_points: int = 0
    status: OrderStatus = OrderStatus.PLACED
    attempts: int = 0
    provider_order_id: str = ""
    reason_code: ReasonCode | None = None
    http_status: int = 0
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


class Digest(msgspec.Struct, kw_only=True, gc=False):
    """The last thing the admins were told of the log; the fields are those of `DigestSent`."""

    day: str
    head_seq: int
    head_hash: str
    people: int
    ads: int
    orders: int


class Books(msgspec.Struct, kw_only=True):
    """All that events have built. `accounts` holds the house's own (`house:ads` ...), in points.

    `old_codes` are the codes of people who have another one now, from the bot before this one.
    """

    seq: int = 0
    at: str = ""
    users: dict[int, User] = {}
    referrals: dict[int, list[Referral]] = {}
    orders: dict[str, Order] = {}
    economy: Economy = msgspec.field(default_factory=Economy)
    accounts: dict[str, int] = {}
    broadcasts: dict[str, Broadcast] = {}
    admin_keys: dict[str, int] = {}
    old_codes: dict[str, int] = {}
    digest: Digest | None = None


# A start with a million people goes through them some times; these are the quick way.
_CODE = attrgetter("referral_code")
_BANNED = attrgetter("banned")
_UNREACHABLE = attrgetter("unreachable")
_BALANCE = attrgetter("balance")


class State:
    """The books, with what makes looking things up quick.

    Attributes:
        unpaid_referrals: of friends whose inviter has not had the bonus yet, by the friend.
        user_by_code: who owns a referral code.
        orders_of: the ids of a person's orders, oldest first.
        orders_by_status: how many orders there are of each status.
        users_points: what all users hold.
        orders_points: what all orders hold in reserve.
        user_ids: everybody, in the order of joining.
        banned_count: how many people are banned now.
        unreachable_count: how many can't be written to now.
    """

    __slots__ = (
        "accounts",
        "admin_keys",
        "banned_count",
        "books",
        "broadcasts",
        "economy",
        "old_codes",
        "orders",
        "orders_by_status",
        "orders_of",
        "orders_points",
        "referrals",
        "unpaid_referrals",
        "unreachable_count",
        "user_by_code",
        "user_ids",
        "users",
        "users_points",
    )

    def __init__(self, books: Books | None = None) -> None:
        self.books = books = books or Books()
        self.users = books.users
        self.referrals = books.referrals
        self.orders = books.orders
        self.economy = books.economy
        self.accounts = books.accounts
        self.broadcasts = books.broadcasts
        self.admin_keys = books.admin_keys
        self.old_codes = books.old_codes
        users = books.users.values()
        self.user_ids = list(books.users)
        self.user_by_code = dict(zip(map(_CODE, users), self.user_ids, strict=True))
        self.user_by_code |= books.old_codes
        self.banned_count = sum(map(_BANNED, users))
        self.unreachable_count = sum(map(_UNREACHABLE, users))
        self.users_points: int = sum(map(_BALANCE, users))
        self.unpaid_referrals = {
            friend.user_id: friend
            for friends in books.referrals.values()
            for friend in friends
            if not books.users[friend.user_id].referral_paid
        }
        self.orders_of: dict[int, list[str]] = {}
        self.orders_by_status: dict[OrderStatus, int] = {}
        for order in books.orders.values():
            self.orders_of.setdefault(order.user_id, []).append(order.order_id)
            self.count_order(order.status, 1)
        self.orders_points = sum(order.reserve_points for order in books.orders.values())

    @property
    def seq(self) -> int:
        """`seq` of the last event applied."""
        return self.books.seq

    @property
    def posted_points(self) -> int:
        """What all accounts hold together; anything but zero means that the books are wrong."""
        return self.users_points + self.orders_points + sum(self.accounts.values())

    def count_order(self, status: OrderStatus, change: int) -> None:
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
        note, rule, about_user = _ROWS[type(event)]
        if note is not None:
            note(state, event)
        if rule is not None:
            _post(state, event, rule(event))
        if about_user:
            user = state.users[event.user_id]  # type: ignore[union-attr] # the row says so
            if user.last_seq != event.prev:  # type: ignore[union-attr] # likewise
                raise BrokenBooks(_wrong_prev(event, user.last_seq))
            user.last_seq = event.seq
    except KeyError as error:
        raise BrokenBooks(
            f"seq {event.seq} speaks of {error}, which the log doesn't know"
        ) from None
    books = state.books
    books.seq = event.seq
    books.at = event.at


def _wrong_prev(event: e.AnyEvent, last_seq: int) -> str:
    return f"seq {event.seq}: prev is {getattr(event, 'prev', 0)}, not {last_seq}"


def _post(state: State, event: e.AnyEvent, moves: tuple[Posting, ...]) -> None:
    total = 0
    for kind, owner, points in moves:
        total += points
        if kind == "user":
            user = state.users[owner]  # type: ignore[index] # a user account's owner is an id
            user.balance = left = user.balance + points
            state.users_points += points
        elif kind == "order":
            order = state.orders[owner]  # type: ignore[index] # an order account's owner is text
            order.reserve_points = left = order.reserve_points + points
            state.orders_points += points
        else:
            state.accounts[owner] = state.accounts.get(owner, 0) + points  # type: ignore[index, arg-type] # a name
            continue
        if left < 0:
            raise BrokenBooks(f"seq {event.seq}: {account_name(kind, owner)} would be {left}")
    if total:
        raise BrokenBooks(f"seq {event.seq}: its postings sum to {total}, not to zero")


def _note_joined(state: State, event: e.UserJoined) -> None:
    if event.user_id in state.users:
        raise BrokenBooks(f"seq {event.seq}: user {event.user_id} joined before")
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
        state.unpaid_referrals[event.user_id] = referral = Referral(event.user_id, event.at)
        state.referrals.setdefault(event.referred_by, []).append(referral)


def _note_ad(state: State, event: e.AdRewarded) -> None:
    user = state.users[event.user_id]
    same_day = user.last_ad_at[:DAY_LENGTH] == event.at[:DAY_LENGTH]
    user.ads_today = user.ads_today + 1 if same_day else 1
    user.ads_watched = event.ad_number
    user.last_ad_at = event.at


def _note_order(state: State, event: e.OrderPlaced) -> None:
    if event.order_id in state.orders:
        raise BrokenBooks(f"seq {event.seq}: the order {event.order_id} was there before")
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
    state.count_order(OrderStatus.PLACED, 1)


def _move_order(state: State, event: e.OrderEvent, status: OrderStatus) -> Order:
    order = state.orders[event.order_id]
    state.count_order(order.status, -1)
    state.count_order(status, 1)
    order.status, order.updated_at = status, event.at
    order.reason_code, order.http_status, order.note = None, 0, ""
    return order


def _move_order_because(
    state: State, event: e.OrderReasonEvent | e.OrderRejected, status: OrderStatus
) -> None:
    order = _move_order(state, event, status)
    order.reason_code, order.http_status = event.reason_code, event.http_status
    order.note = event.reason


def _note_sending(state: State, event: e.OrderSending) -> None:
    _move_order(state, event, OrderStatus.SENDING).attempts = event.attempt


def _note_not_sent(state: State, event: e.OrderNotSent) -> None:
    _move_order_because(state, event, OrderStatus.PLACED)


def _note_accepted(state: State, event: e.OrderAccepted) -> None:
    order = _move_order(state, event, OrderStatus.ACCEPTED)
    order.provider_order_id = event.provider_order_id


def _note_rejected(state: State, event: e.OrderRejected) -> None:
    _move_order_because(state, event, OrderStatus.REJECTED)


def _note_unclear(state: State, event: e.OrderUnclear) -> None:
    _move_order_because(state, event, OrderStatus.UNCLEAR)


def _note_bonus(state: State, event: e.ReferralBonusPaid) -> None:
    state.users[event.referee_id].referral_paid = True
    referral = state.unpaid_referrals.pop(event.referee_id, None)
    if referral is not None:
        referral.reward = event.amount_points


def _note_opening(state: State, event: e.OpeningBalanceRecorded) -> None:
    user = state.users[event.user_id]
    user.imported = True
    user.ads_watched += event.ads_watched
    user.join_date = event.joined_at or user.join_date
    if event.referral_code:
        state.old_codes[event.referral_code] = event.user_id
        state.user_by_code[event.referral_code] = event.user_id
    referral = state.unpaid_referrals.get(event.user_id)
    if referral is not None:
        referral.date = user.join_date
        if event.referral_paid:
            user.referral_paid = True
            referral.reward = event.referral_reward_points
            del state.unpaid_referrals[event.user_id]


def _note_imported_order(state: State, event: e.OrderImported) -> None:
    if event.order_id in state.orders:
        raise BrokenBooks(f"seq {event.seq}: the order {event.order_id} was there before")
    state.orders[event.order_id] = Order(
        order_id=event.order_id,
        user_id=event.user_id,
        video_link=event.video_link,
        video_key="",
        quantity=event.quantity,
        total_cost=event.price_points,
        status=OrderStatus.IMPORTED,
        note=event.old_status,
        created_at=event.created_at or event.at,
        updated_at=event.at,
    )
    state.orders_of.setdefault(event.user_id, []).append(event.order_id)
    state.count_order(OrderStatus.IMPORTED, 1)


def _note_digest(state: State, event: e.DigestSent) -> None:
    state.books.digest = Digest(
        day=event.day,
        head_seq=event.head_seq,
        head_hash=event.head_hash,
        people=event.people,
        ads=event.ads,
        orders=event.orders,
    )


def _note_adjusted(state: State, event: e.BalanceAdjusted) -> None:
    state.admin_keys[event.key] = event.seq


def _note_ban(state: State, event: e.UserBanned | e.UserUnbanned) -> None:
    state.users[event.user_id].banned = banned = isinstance(event, e.UserBanned)
    state.banned_count += 1 if banned else -1
    state.admin_keys[event.key] = event.seq


def _note_reach(state: State, event: e.UserUnreachable | e.UserReachable) -> None:
    state.users[event.user_id].unreachable = gone = isinstance(event, e.UserUnreachable)
    state.unreachable_count += 1 if gone else -1


def _note_setting(state: State, event: e.SettingChanged) -> None:
    if event.name not in Economy.__struct_fields__:
        raise KeyError(event.name)
    # A price of nothing would be divided by. Highest values may change with the version.
    if event.value < BOUNDS[event.name].low:
        raise BrokenBooks(f"seq {event.seq}: {event.name} can't be {event.value}")
    setattr(state.economy, event.name, event.value)
    state.admin_keys[event.key] = event.seq


def _note_broadcast_start(state: State, event: e.BroadcastStarted) -> None:
    state.broadcasts[event.broadcast_id] = Broadcast(
        chat_id=event.chat_id,
        message_id=event.message_id,
        audience=event.audience,
        by=event.by,
        started_at=event.at,
    )


def _note_broadcast(state: State, event: e.BroadcastProgressed | e.BroadcastFinished) -> None:
    broadcast = state.broadcasts[event.broadcast_id]
    broadcast.sent = event.sent
    broadcast.unreachable = event.unreachable
    broadcast.failed = event.failed
    if isinstance(event, e.BroadcastProgressed):
        broadcast.cursor = event.cursor
    else:
        broadcast.finished = True


# A table, not a match: replaying a long log asks it for every event. A test compares it with the
# union, so that none is forgotten.
_NOTES: dict[type[e.Event], Callable[[State, Any], None] | None] = {
    e.AdRewarded: _note_ad,
    e.OrderPlaced: _note_order,
    e.OrderSending: _note_sending,
    e.OrderNotSent: _note_not_sent,
    e.OrderAccepted: _note_accepted,
    e.OrderRejected: _note_rejected,
    e.OrderUnclear: _note_unclear,
    e.UserJoined: _note_joined,
    e.ReferralBonusPaid: _note_bonus,
    e.ReferralWelcomePaid: None,
    e.BalanceAdjusted: _note_adjusted,
    e.UserBanned: _note_ban,
    e.UserUnbanned: _note_ban,
    e.UserUnreachable: _note_reach,
    e.UserReachable: _note_reach,
    e.SettingChanged: _note_setting,
    e.BroadcastStarted: _note_broadcast_start,
    e.BroadcastProgressed: _note_broadcast,
    e.BroadcastFinished: _note_broadcast,
    e.OpeningBalanceRecorded: _note_opening,
    e.OrderImported: _note_imported_order,
    e.DigestSent: _note_digest,
    e.TailCut: None,
    e.LogStarted: None,
}
_ROWS = {
    kind: (note, RULES.get(kind), issubclass(kind, e.UserEvent)) for kind, note in _NOTES.items()
}
