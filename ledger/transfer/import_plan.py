"""The plan of an import: the commands that import the old file into the current state.

Making a plan changes nothing, so a dry run shows the plan and discards it. Inviters come before
their friends. What can't be right in the old file is left out and noted.
"""

import re
from collections.abc import Callable

import msgspec

from ledger import commands as c
from ledger.order_status import OrderStatus
from ledger.state import State, User
from ledger.store.profiles import Profile
from ledger.transfer.predecessor_file import OldFile, OldUser

POINTS_A_VIEW = 10
ADS_A_VIEW = 10
"""The exchange rates of the old bot, independent of the settings here."""

_A_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What an invitation link of Telegram may contain."""


class Plan(msgspec.Struct):
    """What an import would do.

    Attributes:
        people: the users to import, inviters first.
        orders: the orders to import.
        profiles: names of people who have none here.
        notes: sentences on what differs from the old file, without their full stop.
        people_before: how many users were imported before.
        orders_before: how many orders were imported before.
        joined_before: how many of `people` have joined here already.
    """

    people: list[c.ImportUser] = []
    orders: list[c.ImportOrder] = []
    profiles: list[Profile] = []
    notes: list[str] = []
    people_before: int = 0
    orders_before: int = 0
    joined_before: int = 0

    @property
    def points(self) -> int:
        """The sum of the imported balances, in points."""
        return sum(person.amount_points for person in self.people)


def make_plan(old: OldFile, state: State, new_code: Callable[[], str]) -> Plan:
    """Make the plan for this file and state; `new_code` creates a referral code."""
    plan = Plan()
    inviters = _inviters(old, state, plan.notes)
    codes = _Codes(old, state, new_code)
    for user in _inviters_first(old.users, inviters):
        known = state.users.get(user.user_id)
        if known is None or not (known.username or known.first_name):
            plan.profiles.append(_profile(user))
        if known is not None and known.imported:
            plan.people_before += 1
            continue
        inviter = inviters[user.user_id]
        if known is not None:
            plan.joined_before += 1
            if known.referred_by != inviter:
                plan.notes.append(
                    f"user {user.user_id} has joined here already, and who invited them stays as "
                    "it is here"
                )
        paid_views = old.paid_views.get((inviter, user.user_id)) if inviter is not None else None
        if inviter is not None and paid_views is None:
            plan.notes.append(
                f"the old file shows no bonus for inviting user {user.user_id}; user {inviter} "
                "gets it here once that friend qualifies"
            )
        plan.people.append(
            c.ImportUser(
                by="system",
                user_id=user.user_id,
                referral_code=codes.take(user, known, plan.notes),
                referred_by=inviter,
                amount_points=user.balance * POINTS_A_VIEW + user.ads_watched % ADS_A_VIEW,
                ads_watched=user.ads_watched,
                joined_at=user.join_date or "",
                referral_paid=paid_views is not None,
                referral_reward_points=(paid_views or 0) * POINTS_A_VIEW,
            )
        )
    _plan_orders(old, state, plan)
    return plan


def _plan_orders(old: OldFile, state: State, plan: Plan) -> None:
    for order in old.orders:
        known = state.orders.get(order.order_id) or state.closed_orders.get(order.order_id)
        if known is not None and known.status is OrderStatus.IMPORTED:
            plan.orders_before += 1
        elif known is not None:
            plan.notes.append(f"order {order.order_id} is left out: one here has the same id")
        elif order.user_id not in old.users and order.user_id not in state.users:
            plan.notes.append(
                f"order {order.order_id} is left out: nobody knows its user {order.user_id}"
            )
        else:
            plan.orders.append(
                c.ImportOrder(
                    by="system",
                    user_id=order.user_id,
                    order_id=order.order_id,
                    video_link=order.video_link,
                    quantity=order.quantity,
                    price_points=order.total_cost * POINTS_A_VIEW,
                    created_at=order.created_at or "",
                    old_status=order.status,
                )
            )


def _profile(user: OldUser) -> Profile:
    return Profile(
        user_id=user.user_id, username=user.username or "", first_name=user.first_name or ""
    )


class _Codes:
    """The referral codes in use: here, and by earlier users of the old file."""

    def __init__(self, old: OldFile, state: State, new_code: Callable[[], str]) -> None:
        self._here = state.user_by_code
        self._taken: set[str] = set()
        self._wanted = {user.referral_code for user in old.users.values()}
        self._new_code = new_code

    def take(self, user: OldUser, known: User | None, notes: list[str]) -> str:
        """The referral code for this user: the old one if it is valid and free."""
        code = user.referral_code or ""
        owner = self._here.get(code)
        if _A_CODE.fullmatch(code) and code not in self._taken and owner in {None, user.user_id}:
            self._taken.add(code)
            return code
        if code:
            why = "belongs to somebody else" if _A_CODE.fullmatch(code) else "can't be in a link"
            notes.append(
                f"the referral code {code[:64]!r} of user {user.user_id} {why}; they have another "
                "one here, and links with the old one don't lead to them"
            )
        if known is not None:
            return known.referral_code
        fresh = self._new_code()
        while fresh in self._here or fresh in self._taken or fresh in self._wanted:
            fresh = self._new_code()
        self._taken.add(fresh)
        return fresh


def _inviters(old: OldFile, state: State, notes: list[str]) -> dict[int, int | None]:
    """Who invited each user; None where the old file can't be right."""
    inviters: dict[int, int | None] = {}
    for user_id, user in old.users.items():
        inviter = user.referred_by
        inviters[user_id] = None
        if inviter is None:
            continue
        if inviter == user_id:
            notes.append(f"user {user_id} can't have been invited by themselves: by nobody, then")
        elif inviter not in old.users and inviter not in state.users:
            notes.append(f"nobody knows user {inviter}, who invited user {user_id}: nobody, then")
        else:
            inviters[user_id] = inviter
    _open_circles(inviters, notes)
    for inviter, friend in old.paid_views:
        if inviters.get(friend) != inviter:
            notes.append(
                f"user {friend} is listed as a friend of user {inviter}, but doesn't say so "
                "themselves: left out"
            )
    return inviters


def _open_circles(inviters: dict[int, int | None], notes: list[str]) -> None:
    """Break circles of invitations: the first user of a circle has no inviter."""
    place = {user_id: number for number, user_id in enumerate(inviters)}
    walked: dict[int, int] = {}
    for start in inviters:
        path: list[int] = []
        step: int | None = start
        while step is not None and step in inviters and step not in walked:
            walked[step] = start
            path.append(step)
            step = inviters[step]
        if step is not None and walked.get(step) == start and step in path:
            circle = path[path.index(step) :]
            first = min(circle, key=place.__getitem__)
            inviters[first] = None
            people = ", ".join(map(str, sorted(circle)))
            notes.append(
                f"users {people} are said to have invited one another in a circle: user {first}, "
                "who comes first, by nobody"
            )


def _inviters_first(users: dict[int, OldUser], inviters: dict[int, int | None]) -> list[OldUser]:
    """Order the users as in the file, but each after their inviter."""
    placed: dict[int, OldUser] = {}
    for start in users:
        chain: list[int] = []
        step: int | None = start
        while step is not None and step in users and step not in placed:
            chain.append(step)
            step = inviters[step]
        placed |= {user_id: users[user_id] for user_id in reversed(chain)}
    return list(placed.values())
