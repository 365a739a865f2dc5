"""Owns the figures: what `/status` and `/ready` tell, read from the ledger's projections.

Nothing here is about one person: no ids, names or links. And nothing is told before it is on the
disk: the figures are taken at one instant, then the ledger is given time to write what they rest
on.
"""

import asyncio

import msgspec

from ledger.ledger import LedgerFailed
from ledger.order_status import OrderStatus
from ledger.timestamps import to_ms, to_text
from web import texts
from web.sources import Sources


class LogUnavailable(Exception):  # noqa: N818 - says what is the matter
    """The log can't be relied on just now. The text is a sentence for everybody."""


class LastEvent(msgspec.Struct, frozen=True, kw_only=True):
    """The last event on the disk. Whoever keeps `hash` can check the whole log up to it later."""

    seq: int
    hash: str
    at: str
    age_s: int


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What `/status` tells. Others' scripts rely on the names.

    Attributes:
        problems: sentences on what isn't well; empty when all is.
        orders: how many orders there are at each stage.
        house_points: what the house's own accounts hold: below zero by what it has given.
        outstanding_points: what users hold and what is reserved for their orders, together.
        postings_sum_points: all accounts together; anything but zero means wrong books.
        events: the figures are those after so many events.
        last_event: while much is being written it may be a little further on than `events`.
    """

    version: str
    mode_note: str
    started_at: str
    uptime_s: int
    problems: list[str]
    users: int
    users_banned: int
    users_unreachable: int
    orders_total: int
    orders: dict[OrderStatus, int]
    users_points: int
    reserved_points: int
    outstanding_points: int
    house_points: int
    postings_sum_points: int
    postings_sum_to_zero: bool
    events: int
    last_event: LastEvent


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """What `/ready` tells: `ok`, or a sentence on what is wrong, for each part."""

    ready: bool
    log: str
    telegram: str


async def read_ready(sources: Sources) -> Ready:
    """Whether Viewbank can do its work."""
    log = await _log_trouble(sources)
    telegram = sources.telegram_ok()
    return Ready(ready=not (log or telegram), log=log or "ok", telegram=telegram or "ok")


async def read_status(sources: Sources) -> Status:
    """The figures of this instant, told once they are on the disk.

    Raises:
        LogUnavailable: they can't be relied on.
    """
    taken = _take_figures(sources)
    if trouble := await _log_trouble(sources):
        raise LogUnavailable(trouble)
    head = sources.ledger.head
    age_s = max(0, sources.ledger.now_ms() - to_ms(head.at)) // 1000
    last = LastEvent(seq=head.seq, hash=head.hash, at=head.at, age_s=age_s)
    return msgspec.structs.replace(taken, last_event=last)


def _take_figures(sources: Sources) -> Status:
    """All in one go, without waiting: the figures belong to the same instant."""
    ledger, state = sources.ledger, sources.ledger.state
    users_points, reserved_points = state.users_points, state.orders_points
    orders = dict.fromkeys(OrderStatus, 0) | state.orders_by_status
    telegram = sources.telegram_ok()
    return Status(
        version=sources.version,
        mode_note=sources.mode_note,
        started_at=to_text(sources.started_at_ms),
        uptime_s=max(0, ledger.now_ms() - sources.started_at_ms) // 1000,
        problems=[telegram] if telegram else [],
        users=len(state.users),
        users_banned=state.banned_count,
        users_unreachable=state.unreachable_count,
        orders_total=len(state.orders),
        orders=orders,
        users_points=users_points,
        reserved_points=reserved_points,
        outstanding_points=users_points + reserved_points,
        house_points=sum(state.accounts.values()),
        postings_sum_points=state.posted_points,
        postings_sum_to_zero=state.posted_points == 0,
        events=state.seq,
        last_event=LastEvent(seq=0, hash="", at="", age_s=0),
    )


async def _log_trouble(sources: Sources) -> str:
    """Wait until all that was decided is on the disk; a sentence if that can't be had."""
    ledger = sources.ledger
    try:
        async with asyncio.timeout(sources.patience_s):
            await ledger.settled()
    except LedgerFailed:
        return texts.log_failed(ledger.failure)
    except TimeoutError:
        return texts.LOG_SLOW
    return texts.LOG_CLOSED if ledger.closed else ""
