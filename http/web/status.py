"""The figures behind `/`, `/status` and `/ready`, read from the ledger's projections.

They say nothing about single people: no ids, names or links. And they show durable events only:
the figures are read at one instant, then the ledger gets time to write the events behind them.
"""

import asyncio

import msgspec

from i18n import Translator
from ledger.clocks.timestamps import to_ms, to_text
from ledger.ledger import LedgerFailed
from ledger.order_status import OrderStatus
from web import texts
from web.dependencies import Dependencies
from web.texts import Sentence


class LogUnavailable(Exception):  # noqa: N818 - says what is the matter
    """The figures can't be relied on, because the log can't be written now."""

    def __init__(self, problem: Sentence) -> None:
        """Say what is wrong, in a sentence that everybody may read."""
        super().__init__(problem)
        self.problem = problem


class LastEvent(msgspec.Struct, frozen=True, kw_only=True):
    """The last durable event. With `hash`, the whole log up to it can be checked later."""

    seq: int
    hash: str
    at: str
    age_s: int


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The figures. As JSON they are the API of `/status`: others' scripts rely on the names.

    The sentences are in the language of the translator that they were read with. JSON is for
    programs, so it has them in English, whatever language the request asks for.

    Attributes:
        mode_note: a sentence for the top of the page; empty if nothing is special.
        problems: sentences on what is wrong; empty if nothing is.
        orders: how many orders there are of each status.
        reserved_points: what is on the accounts of orders.
        open_orders_points: the same: only open orders have points set aside.
        spent_orders_points: paid for orders that are at their end.
        house_points: the balance of Viewbank's own accounts; what it gives out makes it negative.
        outstanding_points: users' balances and `reserved_points` together.
        postings_sum_points: the balance of all accounts; anything but zero is an error.
        events: the number of the event at which the figures were read.
        last_event: under load it may be a few events later than `events`.
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
    open_orders_points: int
    spent_orders_points: int
    outstanding_points: int
    house_points: int
    postings_sum_points: int
    postings_sum_to_zero: bool
    events: int
    last_event: LastEvent


class Ready(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether people can be served.

    Attributes:
        ready: whether both parts work.
        log: `ok`, or in English what is wrong with it.
        telegram: as `log`, for the connection to Telegram.
        last_poll_age_s: since the last poll of Telegram came back, if updates are polled for.
        last_delivery_age_s: since the last update was delivered, if there is a webhook.
    """

    ready: bool
    log: str
    telegram: str
    last_poll_age_s: int | None = None
    last_delivery_age_s: int | None = None


async def read_ready(deps: Dependencies) -> Ready:
    """Check the log and the connection to Telegram."""
    t = deps.translators.default
    log = await _log_problem(deps)
    telegram = deps.telegram_problem(t)
    return Ready(
        ready=log is None and not telegram,
        log=log(t).text if log else "ok",
        telegram=telegram or "ok",
        last_poll_age_s=_whole(deps.last_poll_age_s()),
        last_delivery_age_s=_whole(deps.last_delivery_age_s()),
    )


def _whole(age_s: float | None) -> int | None:
    return None if age_s is None else max(0, int(age_s))


async def read_status(deps: Dependencies, t: Translator) -> Status:
    """The figures of this instant, returned when the events behind them are durable.

    Args:
        deps: where the figures come from.
        t: for the sentences.

    Raises:
        LogUnavailable: the figures can't be relied on.
    """
    figures = _read_figures(deps, t)
    if problem := await _log_problem(deps):
        raise LogUnavailable(problem)
    head = deps.ledger.head
    age_s = max(0, deps.ledger.now_ms() - to_ms(head.at)) // 1000
    last = LastEvent(seq=head.seq, hash=head.hash, at=head.at, age_s=age_s)
    return msgspec.structs.replace(figures, last_event=last)


def _read_figures(deps: Dependencies, t: Translator) -> Status:
    """Read everything without waiting in between, so that the figures belong together."""
    ledger, state = deps.ledger, deps.ledger.state
    users_points, reserved_points = state.users_points, state.orders_points
    orders = dict.fromkeys(OrderStatus, 0) | state.orders_by_status
    telegram = deps.telegram_problem(t)
    return Status(
        version=deps.version,
        mode_note=t(texts.DEMO_NOTE).text if deps.demo else "",
        started_at=to_text(deps.started_at_ms),
        uptime_s=max(0, ledger.now_ms() - deps.started_at_ms) // 1000,
        problems=[telegram] if telegram else [],
        users=len(state.users),
        users_banned=state.banned_count,
        users_unreachable=state.unreachable_count,
        orders_total=state.orders_count,
        orders=orders,
        users_points=users_points,
        reserved_points=reserved_points,
        open_orders_points=reserved_points,
        spent_orders_points=state.spent_points,
        outstanding_points=users_points + reserved_points,
        house_points=sum(state.accounts.values()),
        postings_sum_points=state.posted_points,
        postings_sum_to_zero=state.posted_points == 0,
        events=state.seq,
        last_event=LastEvent(seq=0, hash="", at="", age_s=0),
    )


async def _log_problem(deps: Dependencies) -> Sentence | None:
    """Wait until all decided events are durable; a sentence if they don't get there."""
    ledger = deps.ledger
    try:
        async with asyncio.timeout(deps.disk_timeout_s):
            await ledger.settled()
    except LedgerFailed:
        return texts.log_failed(ledger.failure)
    except TimeoutError:
        return texts.log_slow
    return texts.log_closed if ledger.closed else None
