"""What admins read about the provider: our money there, what orders earn, and what differs."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, assert_never

from bot.text.admin.desk.services_texts import Money, reading_failed
from bot.text.formats import day_and_time
from i18n import N_, Html, Translator, escape
from ledger import events as e
from ledger.clocks.timestamps import to_text
from ledger.event_types.catalogue import Mismatch
from ledger.reason_codes import MismatchCode, OrderRequest
from ledger.state import OrderDay
from orders.providers.base import Balance, CallFailed

DAYS_SHOWN = 7
DIFFERENCES_A_PAGE = 10
DAYS_LEFT_MAX = 10_000

NO_ACCOUNT = N_("This provider doesn't report our balance and what becomes of orders.")
NOT_COMPARED = N_("Our orders were not compared with the provider's account yet.")


class Account(NamedTuple):
    """Our account at the provider, as last read; `read_at_ms` is 0 if it never was.

    `days_left`: how long the balance lasts at the present rate; None: that can't be said.
    """

    balance: Balance | None
    read_at_ms: int
    problem: CallFailed | None
    days_left: float | None


class Business(NamedTuple):
    """What there is to say of our orders there.

    Attributes:
        days: the last days, by UTC day.
        requests: how many requests wait for the provider's answer.
        compared: the last comparison.
    """

    days: Mapping[str, OrderDay]
    requests: Mapping[OrderRequest, int]
    compared: e.OrdersReconciled | None


def provider(t: Translator, account: Account, business: Business, money: Money) -> Html:
    """The page of the provider."""
    parts = [
        t("🏦 <b>Provider</b>"),
        _account(t, account, money),
        _comparison(t, business.compared, money),
        _margins(t, business.days, money),
    ]
    if waiting := _requests(t, business.requests):
        parts.append(waiting)
    return Html("\n\n").join(parts)


def _account(t: Translator, account: Account, money: Money) -> Html:
    if account.balance is None:
        lines = [t("Our balance there was not read yet.")]
    else:
        lines = [
            t(
                "Our balance there: <b>{balance}</b> (read {time} UTC)",
                balance=money.shown(t, account.balance.amount_micro),
                time=day_and_time(t, to_text(account.read_at_ms)),
            ),
            _lasts(t, account.days_left),
        ]
    if account.problem is not None:
        lines.append(reading_failed(t, account.problem))
    return Html("\n").join(lines)


def _lasts(t: Translator, days_left: float | None) -> Html:
    if days_left is None:
        return t("How long it lasts can't be said yet: too little was ordered.")
    whole = int(min(days_left, DAYS_LEFT_MAX))
    if not whole:
        return t("⚠️ At the present rate it lasts for less than a day.")
    return t.plural(
        "At the present rate it lasts for {n} day.",
        "At the present rate it lasts for {n} days.",
        whole,
    )


def _comparison(t: Translator, compared: e.OrdersReconciled | None, money: Money) -> Html:
    if compared is None:
        return t(NOT_COMPARED)
    charged = money.shown(t, compared.charged_micro)
    day = _day(t, compared.day)
    said = t.plural(
        "Compared on {day}: {n} order, {charged} charged.",
        "Compared on {day}: {n} orders, {charged} charged.",
        compared.orders,
        day=day,
        charged=charged,
    )
    return Html("\n").join([said, _how_many_differ(t, compared.mismatches_count)])


def _how_many_differ(t: Translator, count: int) -> Html:
    if not count:
        return t("✅ Our books and the provider's agree.")
    return t.plural("⚠️ {n} difference.", "⚠️ {n} differences.", count)


def _margins(t: Translator, days: Mapping[str, OrderDay], money: Money) -> Html:
    """A small table of the newest days: earned, cost, left. Days without orders are left out."""
    title = t("<b>Margin per day</b> (days in UTC)")
    if not days:
        return Html("\n").join([title, t("No order has ended yet.")])
    table = [
        [t("day").text, t("earned").text, t("cost").text, t("margin").text],
        *[_row(t, day, days[day], money) for day in sorted(days, reverse=True)[:DAYS_SHOWN]],
    ]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    lines = [
        " ".join(
            [row[0].ljust(widths[0])]
            + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        )
        for row in table
    ]
    parts = [title, Html("<pre>") + escape("\n".join(lines)) + Html("</pre>")]
    if not money.economy.point_value_micro:
        parts.append(t("<code>/set point_value_micro</code> says what a point is worth to you."))
    return Html("\n").join(parts)


def _row(t: Translator, day: str, one: OrderDay, money: Money) -> list[str]:
    earned = _rounded(one.spent_points * money.economy.point_value_micro)
    cost = _rounded(one.charged_micro)
    # Whoever subtracts the amounts that are shown gets the margin that is shown. The currency
    # stands above; a phone is narrow.
    return [day[5:], *[t.money(micro, "").text for micro in (earned, cost, earned - cost)]]


def _rounded(micro: int) -> int:
    """Rounded to two places where that leaves something."""
    return round(micro, -4) or micro


def _requests(t: Translator, requests: Mapping[OrderRequest, int]) -> Html | None:
    cancel, refill = requests.get(OrderRequest.CANCEL, 0), requests.get(OrderRequest.REFILL, 0)
    if not cancel and not refill:
        return None
    return t(
        "Requests that wait for the provider's answer: to stop an order {cancel}, to refill one "
        "{refill}.",
        cancel=cancel,
        refill=refill,
    )


def differences(
    t: Translator, compared: e.OrdersReconciled, page: int, pages: int, money: Money
) -> Html:
    """A page of what differs, from 0; if there are more than the event has, it says so."""
    start = page * DIFFERENCES_A_PAGE
    shown = compared.mismatches[start : start + DIFFERENCES_A_PAGE]
    parts = [
        t(
            "⚠️ <b>Differences of {day}</b>, page {page} of {pages}",
            day=_day(t, compared.day),
            page=page + 1,
            pages=pages,
        ),
        Html("\n").join(
            Html("• ") + _difference(t, one, compared.currency, money) for one in shown
        ),
    ]
    left_out = compared.mismatches_count - len(compared.mismatches)
    if left_out > 0:
        parts.append(
            t.plural(
                "{n} more is not listed: the log keeps the first ones of a day.",
                "{n} more are not listed: the log keeps the first ones of a day.",
                left_out,
            )
        )
    return Html("\n\n").join(parts)


def _difference(t: Translator, one: Mismatch, currency: str, money: Money) -> Html:
    there = Money(money.economy, currency or money.currency)
    ours, theirs = there.shown(t, one.ours_micro), there.shown(t, one.theirs_micro)
    order = Html("<code>") + escape(one.order_id) + Html("</code>")
    match one.code:
        case MismatchCode.ORDER_MISSING:
            return t("order {order} is not known there", order=order)
        case MismatchCode.CHARGE_DIFFERS:
            return t(
                "order {order} should cost {ours}, charged was {theirs}",
                order=order,
                ours=ours,
                theirs=theirs,
            )
        case MismatchCode.STATUS_DIFFERS:
            return t("order {order} has another status there", order=order)
        case MismatchCode.BALANCE_DIFFERS:
            return t(
                "the balance should be {ours}, it is {theirs}",
                ours=ours,
                theirs=theirs,
            )
        case _:
            assert_never(one.code)


def differences_found(t: Translator, event: e.OrdersReconciled) -> Html:
    """A notice: our books and the provider's differ."""
    day = _day(t, event.day)
    return t.plural(
        "⚠️ Our orders of {day} were compared with the provider's account: {n} difference.",
        "⚠️ Our orders of {day} were compared with the provider's account: {n} differences.",
        event.mismatches_count,
        day=day,
    )


def _day(t: Translator, day: str) -> str:
    try:
        return t.day(date.fromisoformat(day))
    except ValueError:
        return day
