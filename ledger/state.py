"""The state of the ledger in memory: the projection of all events.

`Books` is the content of `data/user_data.json`: the three collections of the previous bot
(`users`, `referrals`, `orders`) and some more. `State` adds indexes and totals, which can be
rebuilt from the books at any time. Only `ledger.projections.apply` changes either, except for the
names in a `User`, which `ledger.store.profiles` fills in: names are not part of the log.
"""

from operator import attrgetter

import msgspec
from msgspec import UNSET, UnsetType

from ledger.economy import Economy
from ledger.order_status import OrderStatus
from ledger.reason_codes import ReasonCode


class User(msgspec.Struct, kw_only=True, gc=False):
    """One person. Points are whole numbers, times are UTC text.

    Attributes:
        username: from the profile, not the log, like the next four; may be empty.
        language: the language of the person's Telegram app, an IETF tag.
        language_choice: the language they chose with /language.
        balance: points to spend.
        referrals_count: friends who joined with this person's link.
        ads_today: ads paid on the UTC day of `last_ad_at`.
        referral_paid: whether this person's own inviter has got the bonus for them.
        last_seq: `seq` of this person's newest event, where reading a history starts.
        imported: whether their balance in the previous bot is included.
        ad_clock_steps_ms: `clock_steps_ms` at `last_ad_at`.
    """

    user_id: int
    username: str = ""
    first_name: str = ""
    last_name: str = ""
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
    ad_clock_steps_ms: int | UnsetType = UNSET


class Referral(msgspec.Struct, gc=False):
    """An invited friend. `reward` is the bonus paid for them in points, 0 until it is paid."""

    user_id: int
    date: str
    reward: int = 0


class Order(msgspec.Struct, kw_only=True, gc=False):
    """One order of views.

    Attributes:
        total_cost: its price in points.
        reserve_points: the points reserved for it now: the price, or 0 once it is closed.
        attempts: how often it was sent, or about to be sent.
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

    @property
    def is_of_this_bot(self) -> bool:
        """Whether it was placed here, and not in the previous bot."""
        return self.status is not OrderStatus.IMPORTED

    @property
    def is_paid(self) -> bool:
        """Whether its points paid for something that the provider has accepted."""
        return self.status is OrderStatus.ACCEPTED

    @property
    def open_points(self) -> int:
        """The points set aside for it that come back if it is rejected."""
        return 0 if self.is_paid else self.reserve_points


class BonusDay(msgspec.Struct, kw_only=True, gc=False):
    """The bonuses for friends of one UTC day: the newest day on which one was paid.

    Attributes:
        day: `2026-11-22`, empty before the first.
        counts: how many each person got on that day, by their id.
    """

    day: str = ""
    counts: dict[int, int] = {}

    def count_of(self, user_id: int, day: str) -> int:
        """How many bonuses this person got on this day."""
        return self.counts.get(user_id, 0) if day == self.day else 0


class Opening(msgspec.Struct, gc=False):
    """An ad that a person has opened and that is not paid; the fields are those of `AdOpened`."""

    ad_number: int
    at: str
    network: str = ""
    session_id: str = ""


class Broadcast(msgspec.Struct, kw_only=True, gc=False):
    """One message to everybody; the fields are those of the broadcast events."""

    chat_id: int
    message_id: int
    more_message_ids: tuple[int, ...] = ()
    audience: int
    by: str
    started_at: str
    cursor: int = 0
    sent: int = 0
    unreachable: int = 0
    failed: int = 0
    finished: bool = False


class Appeal(msgspec.Struct, gc=False):
    """The last message of a banned person to the admins."""

    message_id: int
    at: str


class Freeze(msgspec.Struct, kw_only=True, gc=False):
    """Why and since when a person earns nothing; the fields are those of `EarningFrozen`."""

    at: str
    by: str
    reason: str = ""
    sign: str = ""


class Digest(msgspec.Struct, kw_only=True, gc=False):
    """The last digest that the admins got; the fields are those of `DigestSent`."""

    day: str
    head_seq: int
    head_hash: str
    people: int
    ads: int
    orders: int


class Books(msgspec.Struct, kw_only=True):
    """Everything that the events built up.

    Attributes:
        accounts: the points of the house's own accounts (`house:ads` ...).
        admin_keys: the natural keys of admins' commands, with the `seq` of their event.
        old_codes: codes from the previous bot, of people who have another one now.
        bonus_day: how many bonuses for friends were paid today.
        early_gifts: welcome gifts in points, by person, of those whose inviter still waits for
            the bonus: the gift must not be paid again with it.
        clock_steps_ms: how far the machine's clock was set, all together; not there before it was
            set for the first time.
        appeals: the last one of each person who is banned and has sent one.
        openings: the ad that each person opened last, until their next ad is paid.
        ad_income_microusd: what each ad network estimates that it owes for the ads paid so far.
        waiting_bonuses: when each friend qualified whose inviter still waits for the bonus.
        frozen: who earns nothing for now.
        required_channel: the @name of the channel whose members can earn; empty: everybody can.
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
    bonus_day: BonusDay = msgspec.field(default_factory=BonusDay)
    early_gifts: dict[int, int] = {}
    clock_steps_ms: int | UnsetType = UNSET
    appeals: dict[int, Appeal] = {}
    openings: dict[int, Opening] = {}
    ad_income_microusd: dict[str, int] = {}
    waiting_bonuses: dict[int, str] = {}
    frozen: dict[int, Freeze] = {}
    required_channel: str = ""


# A start with a million people goes through all of them several times; these are the fast way.
_CODE = attrgetter("referral_code")
_BANNED = attrgetter("banned")
_UNREACHABLE = attrgetter("unreachable")
_BALANCE = attrgetter("balance")


class State:
    """The books, with indexes and totals.

    Attributes:
        unpaid_referrals: referrals whose bonus is not paid yet, by the friend's id.
        user_by_code: the owner of each referral code.
        orders_of: the ids of each person's orders, oldest first.
        orders_by_status: how many orders have each status.
        users_points: all balances together.
        orders_points: all points on the accounts of orders, together.
        accepted_points: the part of them that paid for orders which the provider has accepted.
        user_ids: everybody, in order of joining.
        banned_count: how many people are banned now.
        unreachable_count: how many people are unreachable now.
    """

    __slots__ = (
        "accepted_points",
        "accounts",
        "ad_income_microusd",
        "admin_keys",
        "banned_count",
        "books",
        "broadcasts",
        "economy",
        "old_codes",
        "openings",
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
        self.openings = books.openings
        self.ad_income_microusd = books.ad_income_microusd
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
        self.accepted_points = sum(
            order.reserve_points for order in books.orders.values() if order.is_paid
        )

    @property
    def seq(self) -> int:
        """`seq` of the last event applied."""
        return self.books.seq

    @property
    def open_orders_points(self) -> int:
        """The points set aside for orders that may still be rejected, and so come back."""
        return self.orders_points - self.accepted_points

    @property
    def posted_points(self) -> int:
        """The sum of all accounts; anything but zero means that the books are wrong."""
        return self.users_points + self.orders_points + sum(self.accounts.values())

    def count_order(self, status: OrderStatus, change: int) -> None:
        """Add to the number of orders with a status."""
        self.orders_by_status[status] = self.orders_by_status.get(status, 0) + change
