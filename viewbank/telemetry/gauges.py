"""Gauges: what is read from the rooms when Prometheus scrapes.

Each function gives the gauges of one room, for `Metrics.ask`. They read the live state, which may
be ahead of the disk by `viewbank_ledger_waiting_events`. Unlike the status page they don't wait for
the disk, because a disk that hangs must show.
"""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from bot.notify.notifier import Notifier
from bot.receive.polling import Polling
from bot.receive.webhook import Webhook
from bot.text.connection_texts import Problem
from ledger.ledger import Ledger
from ledger.order_status import OrderStatus
from orders.desk import OrderDesk
from orders.sending.dispatcher import OrderDispatcher
from viewbank.snapshot_schedule import SnapshotSchedule
from web.connections import Connections


def program_gauges(
    ledger: Ledger, telegram_problem: Callable[[], Problem | None]
) -> Iterator[Metric]:
    """Whether people can be served, as `/ready` has it."""
    connected = telegram_problem() is None
    writable = ledger.failure is None and not ledger.closed
    yield _gauge("viewbank_ready", "1 while people can be served, else 0.", connected and writable)
    yield _gauge("viewbank_telegram_connected", "1 while Telegram answers, else 0.", connected)


def receiving_gauges(source: Polling | Webhook) -> Iterator[Metric]:
    """How long ago Telegram was last heard; nothing before the first time."""
    yield _gauge(
        "viewbank_last_poll_age_seconds",
        "Seconds since the last poll of Telegram came back; only if updates are polled for.",
        source.last_poll_age_s(),
    )
    yield _gauge(
        "viewbank_last_delivery_age_seconds",
        "Seconds since Telegram last delivered an update; only if there is a webhook.",
        source.last_delivery_age_s(),
    )


def ledger_gauges(ledger: Ledger) -> Iterator[Metric]:
    """How long the log is, and the sums of the books."""
    state, head = ledger.state, ledger.head
    yield _gauge("viewbank_ledger_seq", "Number of the last line on the disk.", head.seq)
    yield _gauge("viewbank_ledger_size_bytes", "Size of the log.", ledger.size_bytes)
    yield _gauge(
        "viewbank_ledger_waiting_events",
        "Events that were decided and are not on the disk yet.",
        state.seq - head.seq,
    )
    yield _gauge("viewbank_users", "People who have joined.", len(state.users))
    yield _gauges(
        "viewbank_orders",
        "Orders at each stage.",
        "status",
        {str(status): state.orders_by_status.get(status, 0) for status in OrderStatus},
    )
    yield _gauges(
        "viewbank_points",
        "Points of people, on the accounts of orders, and the house's own; together always 0.",
        "holder",
        {
            "users": state.users_points,
            "orders": state.orders_points,
            "house": sum(state.accounts.values()),
        },
    )
    yield _gauges(
        "viewbank_order_points",
        "Points of orders: set aside for open ones, spent on the others.",
        "stage",
        {"open": state.orders_points, "spent": state.spent_points},
    )
    broadcasts = [one for one in state.broadcasts.values() if not one.finished]
    yield _gauge(
        "viewbank_broadcast_people_left",
        "People whom messages to everybody have still to reach.",
        sum(one.audience - one.cursor for one in broadcasts),
    )


def notice_gauges(notifier: Notifier) -> Iterator[Metric]:
    """The notices that are still to be sent."""
    yield _gauge(
        "viewbank_notices_waiting", "Notices that were promised and are not out.", notifier.waiting
    )


def order_gauges(dispatcher: OrderDispatcher) -> Iterator[Metric]:
    """The orders that wait for the provider."""
    yield _gauge(
        "viewbank_orders_waiting", "Orders that wait or are on their way now.", dispatcher.pending
    )
    yield _gauge(
        "viewbank_orders_held_up",
        "1 while the provider takes no orders and all of them wait, else 0.",
        dispatcher.paused_because is not None,
    )


def desk_gauges(desk: OrderDesk) -> Iterator[Metric]:
    """The orders that are followed, and our account at the provider; nothing if it can't say."""
    poller, account = desk.poller, desk.account
    balance = account.balance if account is not None else None
    yield _gauge(
        "viewbank_orders_followed",
        "Orders that the provider is asked about from time to time.",
        poller.followed if poller is not None else None,
    )
    yield _gauge(
        "viewbank_order_provider_balance",
        "Our balance at the order provider as last read, in its currency.",
        balance.amount_micro / 1_000_000 if balance is not None else None,
    )
    yield _gauge(
        "viewbank_order_provider_balance_read_timestamp_seconds",
        "When that was read, as a Unix time.",
        account.read_at_ms / 1000 or None if account is not None else None,
    )


def snapshot_gauges(schedule: SnapshotSchedule) -> Iterator[Metric]:
    """How fresh `user_data.json` is; nothing before this process has refreshed it."""
    yield _gauge(
        "viewbank_snapshot_seq",
        "Number of the line of the log that user_data.json has reached at least.",
        schedule.done_seq or None,
    )
    yield _gauge(
        "viewbank_snapshot_timestamp_seconds",
        "When user_data.json was last brought up to date, as a Unix time.",
        schedule.done_at_ms / 1000 or None,
    )


def web_gauges(connections: Connections) -> Iterator[Metric]:
    """The web server's connections."""
    yield _gauge("viewbank_web_connections", "Connections to the web server.", len(connections))
    yield CounterMetricFamily(
        "viewbank_web_connections_refused",
        "Connections that were turned away, because there were too many.",
        connections.refused,
    )
    yield CounterMetricFamily(
        "viewbank_web_connections_closed_early",
        "Waiting connections that were closed to make room for others.",
        connections.closed_early,
    )


def _gauge(name: str, meaning: str, value: float | None) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _gauges(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
