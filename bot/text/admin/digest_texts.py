"""The daily digest for admins: the figures of one instant, and the hash of the log's last line."""

from datetime import date
from typing import NamedTuple

from bot.text.admin.stats_texts import balanced, by_status, points_by_source, points_of_people
from bot.text.formats import day_and_time
from i18n import Html, Translator
from ledger.order_status import OrderStatus
from ledger.state import Digest, State


class Figures(NamedTuple):
    """The state after line `seq`. Points are whole numbers, `at` is UTC text."""

    seq: int
    at: str
    people: int
    ads: int
    orders: int
    orders_by_status: dict[OrderStatus, int]
    users_points: int
    orders_points: int
    spent_points: int
    house_points: dict[str, int]
    last: Digest | None


def take_figures(state: State, ads: int) -> Figures:
    """The figures of this instant; `ads` is the number of ads watched so far."""
    return Figures(
        seq=state.seq,
        at=state.books.at,
        people=len(state.users),
        ads=ads,
        orders=state.orders_count,
        orders_by_status=dict(state.orders_by_status),
        users_points=state.users_points,
        orders_points=state.orders_points,
        spent_points=state.spent_points,
        house_points=dict(state.accounts),
        last=state.books.digest,
    )


def digest(t: Translator, day: str, figures: Figures, head_hash: str, wrong_day: str = "") -> Html:
    """The digest up to the end of a day (`2026-11-22`).

    `wrong_day`: a day of the log that is still to come, if there is one: a clock was wrong.
    """
    total = figures.users_points + figures.orders_points + sum(figures.house_points.values())
    parts = [
        t("📒 <b>Daily digest</b>, up to {day} (UTC)", day=t.day(date.fromisoformat(day))),
        *([_wrong_clock(t, wrong_day)] if wrong_day else []),
        Html("\n").join([*_counts(t, figures), *by_status(t, figures.orders_by_status)]),
        points_of_people(t, figures.users_points, figures.orders_points, figures.spent_points),
        points_by_source(t, figures.house_points) + Html("\n") + balanced(t, total),
        t(
            "The log ends with line {line}, written {time} UTC. The hash of this line:\n"
            "<code>{head_hash}</code>",
            line=figures.seq,
            time=day_and_time(t, figures.at),
            head_hash=head_hash,
        ),
        t(
            "Please keep this message. With it you can check at any time that nothing up to this "
            "line was changed later. Run this next to the log:\n"
            "<code>python -m viewbank verify --head {head_hash}</code>",
            head_hash=head_hash,
        ),
    ]
    return Html("\n\n").join(parts)


def _wrong_clock(t: Translator, wrong_day: str) -> Html:
    return t(
        "⚠️ The clock of this machine is wrong, or was: the log has the day {day}, which is still "
        "to come. Please check the date and the time of the machine.",
        day=t.day(date.fromisoformat(wrong_day)),
    )


def _counts(t: Translator, figures: Figures) -> list[Html]:
    people = t("People: <b>{people}</b>", people=figures.people)
    ads = t("Ads watched: <b>{ads}</b>", ads=figures.ads)
    orders = t("Orders: <b>{orders}</b>", orders=figures.orders)
    last = figures.last
    if last is None:
        return [people, ads, orders]
    return [
        _with_change(t, people, figures.people - last.people),
        _with_change(t, ads, figures.ads - last.ads),
        _with_change(t, orders, figures.orders - last.orders),
    ]


def _with_change(t: Translator, figure: Html, change: int) -> Html:
    # Translators: {figure} is "People: 12", for instance; {change} is "+3".
    return t("{figure} ({change} since the last digest)", figure=figure, change=t.signed(change))
