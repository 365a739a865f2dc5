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
from ledger.order_status import OrderStatus
from ledger.state_types.admin import Broadcast, Digest
from ledger.state_types.orders import ClosedOrder, Order, OrderDay, Reconciliation
from ledger.state_types.people import Appeal, BonusDay, Freeze, Opening, Referral, User


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


__all__ = [
    "CLOSED_KEPT_MS",
    "ORDER_DAYS_KEPT",
    "Appeal",
    "BonusDay",
    "Books",
    "Broadcast",
    "ClosedOrder",
    "Digest",
    "Freeze",
    "Opening",
    "Order",
    "OrderDay",
    "Reconciliation",
    "Referral",
    "State",
    "User",
]
