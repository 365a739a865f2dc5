"""The state of the ledger in memory: the projection of all events.

`Books` is the content of `data/user_data.json`: the three collections of the previous bot
(`users`, `referrals`, `orders`) and some more. `State` adds indexes and totals, which can be
rebuilt from the books at any time. Only `ledger.projections.apply` changes either, except for the
names in a `User`, which `ledger.store.profiles` fills in: names are not part of the log.
"""

from collections import deque
from operator import attrgetter

import msgspec
from msgspec import UNSET, UnsetType

from ledger.economy import Economy, Offer
from ledger.order_status import CLOSED, DELIVERING, OrderStatus
from ledger.reason_codes import OrderRequest, ReasonCode


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
    """One order.

    Attributes:
        total_cost: its price in points.
        service_id: the offer that was bought; empty: views, by the economy's settings.
        comments: the texts to post, one a line.
        reserve_points: the points reserved for it now: the price, or 0 once it is closed.
        refunded_points: what went back to the person.
        attempts: how often it was sent, or about to be sent.
        unreached: how often in all no connection to the provider was made for it.
        followed: whether the provider reports what becomes of it.
        start_count: the count before the delivery; None: unknown.
        remains: how much is still to be delivered, or was not; None: unknown.
        charge_micro: what the provider charged, in millionths of its currency; None: unknown.
        reason_code: why it has its present status, if that needs a reason.
        http_status: the status of the provider's answer behind that, 0 if there was none.
        review: why a person must look at it, although the provider goes on.
        oddities: how often the provider reported what needs a person, or changed its end.
        evidence_seq: the line of the log with the evidence about an unclear order, 0: none yet.
        evidence_follows: whether evidence is looked for.
        requests: what the provider was asked to do about it, and whether it will: None if it has
            not answered yet.
        note: the reason as a sentence, from lines older than `reason_code`; of an imported order
            its status in the previous bot.
        placed_seq: the line of the log that placed it.
        last_seq: the last line about it.
        closed_seq: the line that closed it or changed its end last, 0 as long as it is open.
    """

    order_id: str
    user_id: int
    video_link: str
    video_key: str
    quantity: int
    total_cost: int
    service_id: str = ""
    comments: str = ""
    reserve_points: int = 0
    refunded_points: int = 0
    status: OrderStatus = OrderStatus.PLACED
    attempts: int = 0
    unreached: int = 0
    provider_order_id: str = ""
    followed: bool = False
    start_count: int | None = None
    remains: int | None = None
    charge_micro: int | None = None
    reason_code: ReasonCode | None = None
    http_status: int = 0
    review: ReasonCode | None = None
    oddities: int = 0
    evidence_seq: int = 0
    evidence_follows: bool = False
    requests: dict[OrderRequest, bool | None] = {}
    note: str = ""
    created_at: str = ""
    updated_at: str = ""
    placed_seq: int = 0
    last_seq: int = 0
    closed_seq: int = 0

    @property
    def is_of_this_bot(self) -> bool:
        """Whether it was placed here, and not in the previous bot."""
        return self.status is not OrderStatus.IMPORTED

    @property
    def is_delivering(self) -> bool:
        """Whether the provider has it and reports what becomes of it."""
        return self.followed and self.status in DELIVERING

    @property
    def is_closed(self) -> bool:
        """Whether it is at its end: nothing is reserved for it any more."""
        return self.status in CLOSED or (self.status is OrderStatus.ACCEPTED and not self.followed)


class ClosedOrder(msgspec.Struct, gc=False):
    """What stays in memory of an order that was closed a while ago. The log has the rest.

    `placed_seq` is the line that placed it, `last_seq` the last line about it.
    """

    status: OrderStatus
    placed_seq: int
    last_seq: int


class OrderDay(msgspec.Struct, kw_only=True, gc=False):
    """The orders of one UTC day, by the day on which each thing happened.

    Attributes:
        placed: how many were placed; `accepted`: how many the provider accepted.
        ended: how many came to an end.
        spent_points: paid for what was delivered.
        refunded_points: given back.
        charged_micro: what the provider charged for the orders that ended.
    """

    placed: int = 0
    accepted: int = 0
    ended: int = 0
    spent_points: int = 0
    refunded_points: int = 0
    charged_micro: int = 0


class Reconciliation(msgspec.Struct, kw_only=True, gc=False):
    """The last comparison with the provider; `seq` is its line, the rest as in the event."""

    seq: int
    day: str
    orders: int
    charged_micro: int
    balance_micro: int | None = None
    mismatches_count: int = 0


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
        offers: what the shop sells or has sold, by the provider's number for the service.
        closed_orders: the orders that were closed a while ago, which `orders` doesn't have.
        orders_of: the ids of each person's orders, oldest first; of closed ones too.
        order_days: the orders of the last days, by UTC day, oldest first.
        provider_currency: the currency of the last charge.
        reconciliation: the last comparison with the provider.
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
    offers: dict[str, Offer] = {}
    closed_orders: dict[str, ClosedOrder] = {}
    orders_of: dict[int, list[str]] = {}
    order_days: dict[str, OrderDay] = {}
    provider_currency: str = ""
    reconciliation: Reconciliation | None = None


CLOSED_KEPT_MS = 48 * 3_600_000
"""How long a closed order stays in memory, in milliseconds: the provider may still change it."""
ORDER_DAYS_KEPT = 62

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
        orders: those that are open, and those that were closed within `CLOSED_KEPT_MS`.
        closing: the ids of the closed ones among them, by `closed_seq`.
        orders_of: the ids of each person's orders, oldest first; of closed ones too.
        orders_by_status: how many orders have each status; closed ones too.
        users_points: all balances together.
        orders_points: all points reserved for orders, together.
        user_ids: everybody, in order of joining.
        banned_count: how many people are banned now.
        unreachable_count: how many people are unreachable now.
    """

    __slots__ = (
        "accounts",
        "ad_income_microusd",
        "admin_keys",
        "banned_count",
        "books",
        "broadcasts",
        "closed_orders",
        "closing",
        "economy",
        "offers",
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
        self.offers = books.offers
        self.closed_orders = books.closed_orders
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
        self.orders_of: dict[int, list[str]] = books.orders_of
        self.orders_by_status: dict[OrderStatus, int] = {}
        for closed in books.closed_orders.values():
            self.count_order(closed.status, 1)
        for order in books.orders.values():
            self.count_order(order.status, 1)
        self.closing = deque(
            sorted(
                (one.order_id for one in books.orders.values() if one.is_closed),
                key=lambda one: books.orders[one].closed_seq,
            )
        )
        self.orders_points = sum(order.reserve_points for order in books.orders.values())

    @property
    def seq(self) -> int:
        """`seq` of the last event applied."""
        return self.books.seq

    @property
    def orders_count(self) -> int:
        """How many orders were ever placed or imported."""
        return len(self.orders) + len(self.closed_orders)

    @property
    def spent_points(self) -> int:
        """The points that paid for orders, all together."""
        return self.accounts.get("house:orders", 0)

    @property
    def posted_points(self) -> int:
        """The sum of all accounts; anything but zero means that the books are wrong."""
        return self.users_points + self.orders_points + sum(self.accounts.values())

    def count_order(self, status: OrderStatus, change: int) -> None:
        """Add to the number of orders with a status."""
        self.orders_by_status[status] = self.orders_by_status.get(status, 0) + change
