"""Reconciles three records: the messages to users, the log on disk, and the provider's list.

Once everybody has a reply, all three must agree: each reported effect happened once, no
effect is unreported, and everybody who must be notified has been.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from chaos.invariants import Finding
from chaos.natural_keys import KeyReader
from chaos.program.admin import ECONOMY, Admin
from chaos.program.chat_user import ChatUser
from chaos.program.population import Population
from ledger import events as e
from ledger.order_status import ENDS, OrderStatus
from ledger.projections import apply
from ledger.state import Order, State, User
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader
from ledger.store.record import Head
from personas.persona import Ordered, Persona
from sandbox.client_view import Order as Received

SENT = ENDS | {OrderStatus.ACCEPTED}
"""The statuses of an order that the provider has when all is over."""


class Books:
    """The log, read on from where it was read last; every line's hash and place is checked.

    Attributes:
        state: what the events add up to.
        notifications: who must be notified of what.
        unclear: the orders that the admin must be notified of.
        sendings: how often an order was about to leave.
    """

    def __init__(self, log: Path) -> None:
        """Nothing is read yet."""
        self.state = State()
        self.notifications: set[tuple[int, str, str]] = set()
        self.unclear: set[str] = set()
        self.sendings = 0
        self._log = log
        self._head = Head()
        self._keys = KeyReader()
        self._seen: set[str] = set()

    def read_on(self) -> int:
        """Read what is new; how many events that is.

        Raises:
            Finding: the same thing is in the log twice.
            BadLog, BrokenBooks: the log doesn't check.
        """
        reader, events = LogReader(FileLog(self._log), self._head), 0
        for command in reader.commands():
            for event in command:
                self._add(event)
                events += 1
        self._head = reader.head
        return events

    def _add(self, event: e.AnyEvent) -> None:
        key = self._keys.key(event)
        if key in self._seen:
            raise Finding(f"{key} is in the log twice, the second time in line {event.seq}")
        self._seen.add(key)
        apply(self.state, event)
        match event:
            case e.OrderSending():
                self.sendings += 1
            case e.OrderAccepted():
                self.notifications.add((event.user_id, "accepted", event.order_id))
            case e.OrderRejected():
                self.notifications.add((event.user_id, "rejected", event.order_id))
            case e.OrderUnclear():
                self.unclear.add(event.order_id)
            case e.ReferralBonusPaid():
                self.notifications.add((event.user_id, "bonus", str(event.referee_id)))
            case e.ReferralWelcomePaid():
                self.notifications.add((event.user_id, "gift", "Your welcome gift"))


def differences(
    books: Books, population: Population, received: list[Received], requests: int
) -> Iterator[str]:
    """What users know, the log and the provider's list don't agree on."""
    state = books.state
    personas = [user.persona for user in population.users.values()]
    met = {one.user_id for one in [population.admin.persona, *personas] if one.welcomed}
    if met != state.users.keys():
        yield f"other people are met than in the books: {met ^ state.users.keys()}"
    friends = Counter(
        one.invited_by
        for one in personas
        if one.invited_by and len(one.ads) >= ECONOMY["referral_after_ads"]
    )
    for persona in personas:
        if (user := state.users.get(persona.user_id)) is not None:
            yield from _of_user(persona, user, state, friends[persona.user_id])
    yield from _of_orders(state, received)
    if requests > books.sendings:
        yield f"{requests} requests reached the provider, and only {books.sendings} were to leave"
    yield from _of_notifications(books, population)


def _of_user(persona: Persona, user: User, state: State, friends: int) -> Iterator[str]:
    """Compare the messages to each user with the books."""
    user_id, inviter = persona.user_id, persona.invited_by or None
    if (user.referred_by, user.referral_code) != (inviter, persona.code or user.referral_code):
        yield f"{user_id} came by {inviter}, and the books say {user.referred_by}"
    if persona.ads != set(range(1, user.ads_watched + 1)):
        yield f"{user_id} was paid for ads {persona.ads}, and the books have {user.ads_watched}"
    ordered = {one: state.orders[one] for one in state.orders_of.get(user_id, [])}
    if persona.orders.keys() != ordered.keys():
        yield f"{user_id} placed {list(persona.orders)}, and the books have {list(ordered)}"
    for order_id in persona.orders.keys() & ordered.keys():
        told, order = persona.orders[order_id], ordered[order_id]
        found = Ordered(order.video_key.partition(":")[2], order.quantity, order.total_cost)
        if found != told:
            yield f"{user_id} got {told} for order {order_id}, and the books say {found}"
    balance = _balance(persona, friends, ordered)
    if user.balance != balance:
        yield f"{user_id} should have {balance} points, and the books say {user.balance}"


def _balance(persona: Persona, friends: int, ordered: dict[str, Order]) -> int:
    """In points, from their messages; what orders gave back is in the books."""
    points = ECONOMY["ad_reward_points"] * len(persona.ads)
    points += ECONOMY["referral_bonus_points"] * friends
    if persona.invited_by and len(persona.ads) >= ECONOMY["referral_after_ads"]:
        points += ECONOMY["referral_welcome_points"]
    points -= sum(told.price_points for told in persona.orders.values())
    return points + sum(order.refunded_points for order in ordered.values())


def _of_orders(state: State, received: list[Received]) -> Iterator[str]:
    """Each order is at the provider once, or not at all, as the books say."""
    at_provider = Counter(order.video for order in received)
    for order in state.orders.values():
        times = at_provider.pop(order.video_link, 0)
        if not order.is_closed:
            yield f"order {order.order_id} is still {order.status}"
        elif times != (order.status in SENT):
            yield f"order {order.order_id}, {order.status}, is at the provider {times} times"
    if at_provider:
        yield f"the provider has orders that the books don't have: {list(at_provider)}"


def _of_notifications(books: Books, population: Population) -> Iterator[str]:
    """Missing notifications, and notifications of what never happened."""
    heard = {(user.id, *what) for user in population.users.values() for what in user.notified}
    for user_id, what, which in books.notifications - heard:
        yield f"{user_id} was not notified of {what} {which}"
    for user_id, what, which in heard - books.notifications:
        if what != "unclear" or which not in books.unclear:
            yield f"{user_id} was notified of {what} {which}, which never happened"
    yield from _of_admin(population.admin, books, population.users.values())


def _of_admin(admin: Admin, books: Books, users: Iterable[ChatUser]) -> Iterator[str]:
    if books.unclear != admin.asked.keys():
        yield f"the admin was not asked about {books.unclear ^ admin.asked.keys()}"
    for user in users:
        for text in user.persona.written:
            if text not in admin.read:
                yield f"the admin has not read: {text}"
