"""Statistics for admins, and the parts of them that the daily digest shows too."""

from collections.abc import Mapping

from bot.text.formats import day_and_time, points
from i18n import N_, Html, Message, Translator
from ledger.order_status import OrderStatus
from ledger.state import State

# Translators: lists such as "3 accepted and 1 unclear" are made of these.
ORDER_COUNTS: dict[OrderStatus, Message] = {
    OrderStatus.PLACED: N_("{n} waiting"),
    OrderStatus.SENDING: N_("{n} being sent"),
    OrderStatus.ACCEPTED: N_("{n} accepted"),
    OrderStatus.REJECTED: N_("{n} rejected"),
    OrderStatus.UNCLEAR: N_("{n} unclear"),
    OrderStatus.IN_PROGRESS: N_("{n} being delivered"),
    OrderStatus.COMPLETED: N_("{n} delivered"),
    OrderStatus.PARTIAL: N_("{n} partly delivered"),
    OrderStatus.CANCELED: N_("{n} stopped"),
    OrderStatus.IMPORTED: N_("{n} from the previous bot"),
}

SOURCES: dict[str, Message] = {
    "house:ads": N_("For watched ads: {points}"),
    "house:referrals": N_("For invited friends: {points}"),
    "house:adjustments": N_("Changed by admins: {points}"),
    "house:taken_back": N_("Taken back after a fraud: {points}"),
    "house:opening": N_("Brought from the previous bot: {points}"),
}
"""Where points come from, by account of the ledger."""
SPENT = "house:orders"
"""Where they go to."""


def statistics(t: Translator, state: State) -> Html:
    """Everything at a glance."""
    people = t(
        "People: <b>{people}</b> ({banned} banned, {unreachable} can't be reached)",
        people=len(state.users),
        banned=state.banned_count,
        unreachable=state.unreachable_count,
    )
    orders = t("Orders: <b>{orders}</b>", orders=state.orders_count)
    events = t(
        "Events: {events}, the last at {time} UTC",
        events=state.seq,
        time=day_and_time(t, state.books.at),
    )
    return Html("\n\n").join(
        [
            t("📊 <b>Statistics</b>"),
            Html("\n").join([people, orders, *by_status(t, state.orders_by_status)]),
            points_of_people(t, state.users_points, state.orders_points, state.spent_points),
            points_by_source(t, state.accounts),
            *ads_income(t, state),
            Html("\n").join([events, balanced(t, state.posted_points)]),
        ]
    )


def by_status(t: Translator, counts: Mapping[OrderStatus, int]) -> list[Html]:
    """A line that says how many orders have which status; none if there are no orders."""
    listed = [
        t(ORDER_COUNTS[status], n=counts[status]) for status in OrderStatus if counts.get(status)
    ]
    return [t("By status: {counts}", counts=t.all_of(listed))] if listed else []


def points_of_people(t: Translator, users_points: int, open_points: int, spent_points: int) -> Html:
    """The points that people have, set aside for open orders, and spent on orders."""
    return t(
        "Points people hold: <b>{users_points}</b>\n"
        "Set aside for open orders: <b>{open_points}</b>\n"
        "Spent on orders: <b>{spent_points}</b>",
        users_points=users_points,
        open_points=open_points,
        spent_points=spent_points,
    )


def points_by_source(t: Translator, accounts: Mapping[str, int]) -> Html:
    """Where the points came from. The ledger's accounts are below zero by what they gave."""
    known = [name for name in SOURCES if name in accounts]
    lines = [t(SOURCES[name], points=t.signed(-accounts[name])) for name in known]
    others = accounts.keys() - SOURCES.keys() - {SPENT}
    if others:
        rest = t.signed(-sum(accounts[name] for name in others))
        lines.append(t("Other: {points}", points=rest))
    title = t("<b>Where the points came from</b>")
    return Html("\n").join([title, *(lines or [t("There are none yet.")])])


def ads_income(t: Translator, state: State) -> list[Html]:
    """What the ad networks owe for ads against what people got; none before the first price."""
    income_microusd = sum(state.ad_income_microusd.values())
    if not income_microusd:
        return []
    paid_points = -state.accounts.get("house:ads", 0)
    lines = [
        t("<b>What ads bring in</b>"),
        t("By the networks' own estimate: <b>{amount}</b>", amount=t.usd(income_microusd)),
        t("Paid for watched ads: <b>{points}</b>", points=points(t, paid_points)),
    ]
    if paid_points:
        per_1000 = income_microusd * 1000 // paid_points
        lines.append(t("Income for 1,000 points paid: <b>{amount}</b>", amount=t.usd(per_1000)))
    return [Html("\n").join(lines)]


def balanced(t: Translator, difference_points: int) -> Html:
    """Whether all accounts add up to zero, as they must."""
    if difference_points == 0:
        return t("✅ Every point is accounted for")
    return t(
        "❌ <b>THE POINTS DON'T ADD UP</b>: there is a difference of {difference}.",
        difference=t.signed(difference_points),
    )
