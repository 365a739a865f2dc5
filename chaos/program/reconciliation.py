"""Owns the comparison: what people were told, the books on the disk, the provider's own list.

All three must say the same once everybody is answered: each thing that was told happened once,
nothing happened that nobody was told of, and whoever is to hear of something has heard it.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from chaos.invariants import Finding
from chaos.natural_keys import KeyReader
from chaos.program.admin import ECONOMY, Admin
from chaos.program.person import Ordered, Person
from chaos.program.population import Town
from ledger import events as e
from ledger.projections import Order, State, User, apply
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from ledger.store.record import Head
from sandbox.client_view import Order as Received

FINAL = ("accepted", "rejected")


class Books:
    """The log, read on from where it was read last; every line's hash and place is checked.

    Attributes:
        state: what the events have built.
        notices: who is to hear of what, and of each unclear order the admin.
        sendings: how often an order was about to leave.
    """

    def __init__(self, log: Path) -> None:
        """Nothing is read yet."""
        self.state = State()
        self.notices: set[tuple[int, str, str]] = set()
        self.unclear: set[str] = set()
        self.sendings = 0
        self._log = log
        self._head = Head()
        self._keys = KeyReader()
        self._seen: set[str] = set()

    def read_on(self) -> int:
        """Take what is new; how many events that is.

        Raises:
            Finding: the same thing is in the log twice.
            BadLog, BrokenBooks: the log doesn't check.
        """
        reader, events = LogReader(FileLog(self._log), self._head), 0
        for command in reader.commands():
            for event in command:
                self._take(event)
                events += 1
        self._head = reader.head
        return events

    def _take(self, event: e.AnyEvent) -> None:
        key = self._keys.key(event)
        if key in self._seen:
            raise Finding(f"{key} is in the log twice, the second time in line {event.seq}")
        self._seen.add(key)
        apply(self.state, event)
        match event:
            case e.OrderSending():
                self.sendings += 1
            case e.OrderAccepted():
                self.notices.add((event.user_id, "accepted", event.order_id))
            case e.OrderRejected():
                self.notices.add((event.user_id, "rejected", event.order_id))
            case e.OrderUnclear():
                self.unclear.add(event.order_id)
            case e.ReferralBonusPaid():
                self.notices.add((event.user_id, "bonus", str(event.referee_id)))
            case e.ReferralWelcomePaid():
                self.notices.add((event.user_id, "gift", "Your welcome gift"))


def differences(books: Books, town: Town, received: list[Received], requests: int) -> Iterator[str]:
    """What people know, the books and the provider's list don't agree on."""
    state = books.state
    met = {person.id for person in [town.admin, *town.people.values()] if person.welcomed}
    if met != state.users.keys():
        yield f"other people are met than in the books: {met ^ state.users.keys()}"
    friends = Counter(
        person.invited_by.id
        for person in town.people.values()
        if person.invited_by and len(person.ads) >= ECONOMY["referral_after_ads"]
    )
    for person in town.people.values():
        if (user := state.users.get(person.id)) is not None:
            yield from _of_person(person, user, state, friends[person.id])
    yield from _of_orders(state, received)
    if requests > books.sendings:
        yield f"{requests} requests reached the provider, and only {books.sendings} were to leave"
    yield from _unheard(books, town)


def _of_person(person: Person, user: User, state: State, friends: int) -> Iterator[str]:
    """What they were told of themselves, against the books."""
    inviter = person.invited_by.id if person.invited_by else None
    if (user.referred_by, user.referral_code) != (inviter, person.code or user.referral_code):
        yield f"{person.id} came by {inviter}, and the books say {user.referred_by}"
    if person.ads != set(range(1, user.ads_watched + 1)):
        yield f"{person.id} was paid for ads {person.ads}, and the books have {user.ads_watched}"
    ordered = {one: state.orders[one] for one in state.orders_of.get(person.id, [])}
    if person.orders.keys() != ordered.keys():
        yield f"{person.id} placed {list(person.orders)}, and the books have {list(ordered)}"
    for order_id in person.orders.keys() & ordered.keys():
        told, order = person.orders[order_id], ordered[order_id]
        found = Ordered(order.video_key.partition(":")[2], order.quantity, order.total_cost)
        if found != told:
            yield f"{person.id} was told {told} of order {order_id}, and the books say {found}"
    balance = _balance(person, friends, ordered)
    if user.balance != balance:
        yield f"{person.id} should have {balance} points, and the books say {user.balance}"


def _balance(person: Person, friends: int, ordered: dict[str, Order]) -> int:
    """In points, from what they were told; of the orders, which came to nothing is in the books."""
    points = ECONOMY["ad_reward_points"] * len(person.ads)
    points += ECONOMY["referral_bonus_points"] * friends
    if person.invited_by and len(person.ads) >= ECONOMY["referral_after_ads"]:
        points += ECONOMY["referral_welcome_points"]
    rejected = {one for one, order in ordered.items() if order.status == "rejected"}
    return points - sum(
        told.price_points for one, told in person.orders.items() if one not in rejected
    )


def _of_orders(state: State, received: list[Received]) -> Iterator[str]:
    """Each order is at the provider once, or not at all, as the books say."""
    at_provider = Counter(order.video for order in received)
    for order in state.orders.values():
        times = at_provider.pop(order.video_link, 0)
        if order.status not in FINAL:
            yield f"order {order.order_id} is still {order.status}"
        elif times != (order.status == "accepted"):
            yield f"order {order.order_id}, {order.status}, is at the provider {times} times"
    if at_provider:
        yield f"the provider has orders that the books don't have: {list(at_provider)}"


def _unheard(books: Books, town: Town) -> Iterator[str]:
    """Who should have heard of something, or has heard of what never was."""
    heard = {(person.id, *notice) for person in town.people.values() for notice in person.noticed}
    for user_id, what, which in books.notices - heard:
        yield f"{user_id} has not heard of {what} {which}"
    for user_id, what, which in heard - books.notices:
        if what != "unclear" or which not in books.unclear:
            yield f"{user_id} has heard of {what} {which}, which never was"
    yield from _unread(town.admin, books, town)


def _unread(admin: Admin, books: Books, town: Town) -> Iterator[str]:
    if books.unclear != admin.asked.keys():
        yield f"the admin was not asked about {books.unclear ^ admin.asked.keys()}"
    for person in town.people.values():
        for text in person.written:
            if text not in admin.read:
                yield f"the admin has not read: {text}"
