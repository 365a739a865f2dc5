"""Metrics: what the program counts and times, in Prometheus' format.

The rooms call their metrics hooks, which are implemented here. What can be read at any time is not
counted but read when Prometheus scrapes (`viewbank/telemetry/gauges.py`). No series is about one
person: labels take their values from lists known beforehand, and anything else is `other`.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Sequence
from typing import get_args

from prometheus_client import Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.metrics_core import Metric
from telegram.error import __all__ as telegram_errors

from bot.metrics_hooks import BotHooks, Outcome
from bot.send.methods import METHODS
from bot.send.rate_limits import Priority
from bot.updates import ALLOWED_UPDATES
from ledger import events as e
from ledger.metrics_hooks import LedgerHooks
from ledger.refusals import AnyRefusal
from orders.metrics_hooks import CallName, OrderHooks
from orders.providers.answers import Answer
from viewbank.telemetry.ad_metrics import AdMetrics
from viewbank.telemetry.loop_lag import LoopLag
from viewbank.telemetry.registry import Children, Registry

WAIT_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
DISK_S = (0.0001, 0.00025, 0.0005, *WAIT_S[:-2])
BATCH_EVENTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)

PRIORITIES = tuple(priority.name.lower() for priority in Priority)
CALL_OUTCOMES = frozenset({"ok", *telegram_errors})


class Metrics:
    """All metrics of one run of the program.

    Attributes:
        bot: the hooks of the bot room.
        ledger: the hooks of the ledger.
        orders: the hooks of the order dispatcher.
        ads: the hooks of the ads.
        loop_lag: measures the event loop's lag, once started.
    """

    def __init__(self, version: str) -> None:
        """All at zero. `version` is Viewbank's own."""
        self._registry = registry = Registry()
        ProcessCollector(registry=registry)
        Info("viewbank_build", "The version of Viewbank.", registry=registry).info(
            {"version": version}
        )
        self.bot = _BotMetrics(registry)
        self.ledger = _LedgerMetrics(registry)
        self.orders = _OrderMetrics(registry)
        self.ads = AdMetrics(registry)
        self.loop_lag = LoopLag(
            Histogram(
                "viewbank_loop_lag_seconds",
                "How late the event loop was for a timer; everybody waits that long.",
                buckets=WAIT_S,
                registry=registry,
            ).observe
        )

    def ask(self, gauges: Callable[[], Iterable[Metric]]) -> None:
        """Have these (see `viewbank/telemetry/gauges.py`) read whenever Prometheus scrapes."""
        self._registry.ask(gauges)

    def expose(self) -> bytes:
        """All metrics in Prometheus' text format. Blocks the event loop for a few milliseconds."""
        return generate_latest(self._registry)


class _BotMetrics(BotHooks):
    def __init__(self, registry: Registry) -> None:
        updates = Counter(
            "viewbank_updates_total",
            "Updates from Telegram that were done with, by kind, and by what became of them.",
            ("kind", "outcome"),
            registry=registry,
        )
        self._updates = Children(updates, ALLOWED_UPDATES, get_args(Outcome))
        self._updates.begin_at_zero()
        self._durable = Histogram(
            "viewbank_update_durable_seconds",
            "Time from an update's coming in until what it caused was on the disk.",
            buckets=WAIT_S,
            registry=registry,
        )
        self._answered = Histogram(
            "viewbank_update_answered_seconds",
            "Time from an update's coming in until Telegram had taken the first reply.",
            buckets=WAIT_S,
            registry=registry,
        )
        self._in_flight = 0
        Gauge(
            "viewbank_updates_in_hand",
            "Updates that wait or are being handled now.",
            registry=registry,
        ).set_function(lambda: self._in_flight)
        self._persisted = Counter(
            "viewbank_updates_kept_total",
            "Updates that took so long that they were written to the inbox first.",
            registry=registry,
        )
        calls = Counter(
            "viewbank_telegram_calls_total",
            "Calls to Telegram that ended: ok, or by the name of the error.",
            ("method", "outcome"),
            registry=registry,
        )
        self._calls = Children(calls, METHODS, CALL_OUTCOMES)
        call_waits = Histogram(
            "viewbank_telegram_call_wait_seconds",
            "How long calls to Telegram waited for their turn under its limits, by priority.",
            ("priority",),
            buckets=WAIT_S,
            registry=registry,
        )
        self._call_waits = Children(call_waits, PRIORITIES)
        self._call_waits.begin_at_zero()
        self._given_up = Counter(
            "viewbank_telegram_calls_given_up_total",
            "Messages that kept failing while others got through, and are not tried any more.",
            registry=registry,
        )

    def update_ended(self, kind: str, outcome: Outcome) -> None:
        self._updates.of(kind, outcome).inc()

    def update_durable(self, wait_s: float) -> None:
        self._durable.observe(wait_s)

    def update_answered(self, wait_s: float) -> None:
        self._answered.observe(wait_s)

    def updates_in_flight(self, updates: int) -> None:
        self._in_flight = updates

    def updates_persisted(self, updates: int) -> None:
        self._persisted.inc(updates)

    def call_waited(self, priority: str, wait_s: float) -> None:
        self._call_waits.of(priority).observe(wait_s)

    def call_ended(self, method: str, outcome: str) -> None:
        self._calls.of(method, outcome).inc()

    def call_given_up(self) -> None:
        self._given_up.inc()


class _LedgerMetrics(LedgerHooks):
    def __init__(self, registry: Registry) -> None:
        events = Counter(
            "viewbank_events_total",
            "Events that reached the disk, by type.",
            ("type",),
            registry=registry,
        )
        self._events = {
            kind: events.labels(kind.__struct_config__.tag) for kind in get_args(e.AnyEvent)
        }
        refusals = Counter(
            "viewbank_refusals_total",
            "Commands that the ledger refused, by the name of the reason.",
            ("reason",),
            registry=registry,
        )
        self._refusals = {kind: refusals.labels(kind.__name__) for kind in get_args(AnyRefusal)}
        self._batch = Histogram(
            "viewbank_ledger_batch_events",
            "Events that shared one write and one sync.",
            buckets=BATCH_EVENTS,
            registry=registry,
        )
        self._write = Histogram(
            "viewbank_ledger_write_seconds",
            "Time to seal the lines of a batch and write them.",
            buckets=DISK_S,
            registry=registry,
        )
        self._sync = Histogram(
            "viewbank_ledger_sync_seconds",
            "Time until the disk had a batch (fdatasync).",
            buckets=DISK_S,
            registry=registry,
        )

    def refused(self, refusal: AnyRefusal) -> None:
        self._refusals[type(refusal)].inc()

    def batch_written(self, events: Sequence[e.AnyEvent], write_s: float, sync_s: float) -> None:
        # A lock for each type and not for each event: a batch may have thousands.
        for kind, count in Tally(map(type, events)).items():
            self._events[kind].inc(count)
        self._batch.observe(len(events))
        self._write.observe(write_s)
        self._sync.observe(sync_s)


class _OrderMetrics(OrderHooks):
    def __init__(self, registry: Registry) -> None:
        waits = Histogram(
            "viewbank_order_answer_seconds",
            "Time from sending an order to the provider until its answer, by what that was.",
            ("outcome",),
            buckets=(*WAIT_S, 60.0, 120.0),
            registry=registry,
        )
        self._waits = {kind: waits.labels(kind.__struct_config__.tag) for kind in get_args(Answer)}
        calls = Histogram(
            "viewbank_order_provider_call_seconds",
            "Time of calls to the order provider other than orders, by call and outcome.",
            ("call", "outcome"),
            buckets=(*WAIT_S, 60.0),
            registry=registry,
        )
        self._calls = Children(calls, get_args(CallName), ("ok", "failed"))
        self._calls.begin_at_zero()
        polled = Counter(
            "viewbank_orders_polled_total",
            "Orders whose status was asked for, by whether the answer had it.",
            ("outcome",),
            registry=registry,
        )
        self._polled = polled.labels("answered")
        self._left_out = polled.labels("left_out")
        wakes = Counter(
            "viewbank_order_provider_wakes_total",
            "Requests that were to wake the order provider, by whether it answered.",
            ("outcome",),
            registry=registry,
        )
        self._wakes = {True: wakes.labels("answered"), False: wakes.labels("failed")}

    def answered(self, answer: Answer, wait_s: float) -> None:
        self._waits[type(answer)].observe(wait_s)

    def called(self, name: CallName, wait_s: float, *, failed: bool) -> None:
        self._calls.of(name, "failed" if failed else "ok").observe(wait_s)

    def polled(self, orders: int, missing: int) -> None:
        self._polled.inc(orders - missing)
        self._left_out.inc(missing)

    def woken(self, *, answered: bool) -> None:
        self._wakes[answered].inc()
