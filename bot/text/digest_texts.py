"""Owns what the daily digest tells admins: the figures of one instant, and where the log stood."""

from html import escape
from typing import NamedTuple

from bot.text.untranslated import day_and_time
from ledger.projections import Digest, State


class Figures(NamedTuple):
    """The books of one instant, after line `seq`. Points are whole numbers, `at` is UTC text."""

    seq: int
    at: str
    people: int
    ads: int
    orders: int
    orders_by_status: dict[str, int]
    users_points: int
    orders_points: int
    house_points: dict[str, int]
    last: Digest | None


def take_figures(state: State, ads: int) -> Figures:
    """The figures of this instant; `ads` is how many have been watched by now."""
    return Figures(
        seq=state.seq,
        at=state.books.at,
        people=len(state.users),
        ads=ads,
        orders=len(state.orders),
        orders_by_status={name: count for name, count in state.orders_by_status.items() if count},
        users_points=state.users_points,
        orders_points=state.orders_points,
        house_points=dict(state.accounts),
        last=state.books.digest,
    )


def digest(day: str, figures: Figures, head_hash: str) -> str:
    """The message, as Telegram's HTML."""
    last = figures.last
    people_before, ads_before, orders_before = (
        (last.people, last.ads, last.orders) if last else (None, None, None)
    )
    by_status = ", ".join(f"{n:,} {name}" for name, n in sorted(figures.orders_by_status.items()))
    house = "\n".join(
        f"{escape(name)}: {points:,}" for name, points in sorted(figures.house_points.items())
    )
    total = figures.users_points + figures.orders_points + sum(figures.house_points.values())
    lines = [
        f"📒 <b>Daily digest</b>, up to {escape(day)} (UTC)",
        (
            f"People: <b>{figures.people:,}</b>{_more(figures.people, people_before)}\n"
            f"Ads watched: <b>{figures.ads:,}</b>{_more(figures.ads, ads_before)}\n"
            f"Orders: <b>{figures.orders:,}</b>{_more(figures.orders, orders_before)}"
            f"{f': {by_status}' if by_status else ''}"
        ),
        (
            f"Points people hold: <b>{figures.users_points:,}</b>\n"
            f"Points held for orders: <b>{figures.orders_points:,}</b>\n"
            f"{house}\nAll together: {total:,}{'' if total == 0 else ' ❌ THE BOOKS ARE OFF'}"
        ),
        (
            f"The log stands at line {figures.seq:,}, of {day_and_time(figures.at)}, with the "
            f"hash\n<code>{head_hash}</code>"
        ),
        (
            "Please keep this message. Whenever you want to know that nothing up to that line was "
            "changed since, run this beside the log:\n"
            f"<code>python -m viewbank verify --head {head_hash}</code>"
        ),
    ]
    return "\n\n".join(lines)


def _more(now: int, before: int | None) -> str:
    return "" if before is None else f" ({now - before:+,} since the last digest)"
