"""Metrics: given some activity, when Prometheus scrapes, then these figures."""

import asyncio
from types import SimpleNamespace
from typing import get_args

import prometheus_client
import pytest
from support.given import KEY, LINK, NOON_MS
from support.scrape import Scrape
from support.stores import GatedStore

from ads.metrics_hooks import AdHooks, PostbackOutcome
from bot.metrics_hooks import BotHooks, Outcome
from bot.text.connection_texts import ASKED_TO_WAIT
from bot.updates import ALLOWED_UPDATES
from ledger import commands as c
from ledger import events as e
from ledger.ledger import Ledger, LedgerFailed
from ledger.metrics_hooks import LedgerHooks
from ledger.reason_codes import ReasonCode
from ledger.refusals import AlreadyDone, AnyRefusal, CooldownActive
from orders.metrics_hooks import CallName, OrderHooks
from orders.providers.answers import Accepted, Answer, NotSent, Rejected, Unclear
from orders.providers.base import Balance
from orders.sending.dispatcher import OrderDispatcher
from viewbank.telemetry.gauges import (
    desk_gauges,
    ledger_gauges,
    notice_gauges,
    order_gauges,
    program_gauges,
    receiving_gauges,
    snapshot_gauges,
    web_gauges,
)
from viewbank.telemetry.metrics import Metrics

ANNA = 71_234_598_760


class Shop:
    """A ledger with metrics, and Anna in it."""

    def __init__(self, ledger, metrics, store):
        self.ledger, self.metrics, self.store = ledger, metrics, store
        self._keys = 0

    async def do(self, kind, by="admin:7", **fields):
        return await self.ledger.execute(kind(by=by, **fields))

    async def give(self, points):
        self._keys += 1
        key = f"7:{self._keys}"
        await self.do(c.AdjustBalance, user_id=ANNA, amount_points=points, reason="a gift", key=key)

    async def order(self, order_id):
        await self.do(
            c.PlaceOrder,
            user_id=ANNA,
            order_id=order_id,
            video_link=LINK,
            video_key=KEY,
            quantity=10,
            price_points=100,
        )

    async def watch_ad(self, number):
        return await self.do(c.RewardAd, user_id=ANNA, ad_number=number, opened_at_ms=0)

    def scrape(self):
        return Scrape(self.metrics.expose())


@pytest.fixture
def metrics():
    return Metrics("9.8.7")


@pytest.fixture
async def shop(metrics):
    store = GatedStore()
    ledger = await Ledger.open(store, clock=lambda: NOON_MS, hooks=metrics.ledger)
    metrics.ask(lambda: ledger_gauges(ledger))
    shop = Shop(ledger, metrics, store)
    await shop.do(c.Join, user_id=ANNA, referral_code="annas")
    yield shop
    store.gate.set()
    await ledger.close()


def scrape(metrics):
    return Scrape(metrics.expose())


async def test_a_paid_ad_is_counted_once_it_is_on_the_disk(shop):
    before = shop.scrape()
    await shop.watch_ad(1)

    assert before.value("viewbank_events_total", type="ad_rewarded") == 0
    assert shop.scrape().value("viewbank_events_total", type="ad_rewarded") == 1


async def test_a_refusal_is_counted_by_its_name_and_nothing_else_is(shop):
    await shop.watch_ad(1)
    events = shop.scrape().value("viewbank_events_total", type="ad_rewarded")

    decision = await shop.watch_ad(2)

    after = shop.scrape()
    assert isinstance(decision, CooldownActive)
    assert after.value("viewbank_refusals_total", reason="CooldownActive") == 1
    assert sum(one.value for one in after.samples("viewbank_refusals_total")) == 1
    assert after.value("viewbank_events_total", type="ad_rewarded") == events


async def test_what_reaches_the_disk_together_is_one_batch(shop):
    before = shop.scrape()
    joins = (shop.do(c.Join, user_id=number, referral_code=f"c{number}") for number in range(1, 6))
    await asyncio.gather(*joins)
    after = shop.scrape()

    def grown(name, **labels):
        return after.value(name, **labels) - before.value(name, **labels)

    assert grown("viewbank_ledger_batch_events_count") == 1
    assert grown("viewbank_ledger_batch_events_sum") == 5
    assert grown("viewbank_ledger_batch_events_bucket", le="4.0") == 0
    assert grown("viewbank_ledger_batch_events_bucket", le="8.0") == 1
    assert grown("viewbank_ledger_write_seconds_count") == 1
    assert grown("viewbank_ledger_sync_seconds_count") == 1


def test_every_event_and_every_refusal_is_shown_from_the_start(metrics):
    shown = scrape(metrics)

    events = {kind.__struct_config__.tag for kind in get_args(e.AnyEvent)}
    refusals = {kind.__name__ for kind in get_args(AnyRefusal)}
    assert len(events) > 20
    assert len(refusals) > 20
    assert shown.labels("viewbank_events_total", "type") == events
    assert shown.labels("viewbank_refusals_total", "reason") == refusals


def test_times_of_the_disk_go_into_their_histograms(metrics):
    metrics.ledger.batch_written([e.LogStarted(format=1)], write_s=0.0002, sync_s=0.02)
    shown = scrape(metrics)

    assert shown.value("viewbank_ledger_write_seconds_bucket", le="0.0001") == 0
    assert shown.value("viewbank_ledger_write_seconds_bucket", le="0.00025") == 1
    assert shown.value("viewbank_ledger_sync_seconds_bucket", le="0.01") == 0
    assert shown.value("viewbank_ledger_sync_seconds_bucket", le="0.025") == 1


def test_updates_are_counted_by_kind_and_outcome(metrics):
    metrics.bot.update_ended("message", "done")
    metrics.bot.update_ended("message", "done")
    metrics.bot.update_ended("callback_query", "flooded")
    shown = scrape(metrics)

    def count(kind, outcome):
        return shown.value("viewbank_updates_total", kind=kind, outcome=outcome)

    assert count("message", "done") == 2
    assert count("callback_query", "flooded") == 1
    assert count("message", "flooded") == 0
    assert len(list(shown.samples("viewbank_updates_total"))) == len(ALLOWED_UPDATES) * len(
        get_args(Outcome)
    )


def test_times_of_an_update_go_into_their_histograms(metrics):
    metrics.bot.update_durable(0.004)
    metrics.bot.update_answered(0.3)
    shown = scrape(metrics)

    assert shown.value("viewbank_update_durable_seconds_bucket", le="0.0025") == 0
    assert shown.value("viewbank_update_durable_seconds_bucket", le="0.005") == 1
    assert shown.value("viewbank_update_answered_seconds_bucket", le="0.25") == 0
    assert shown.value("viewbank_update_answered_seconds_bucket", le="0.5") == 1


def test_the_load_is_the_last_one_told(metrics):
    for updates in (1, 7, 3):
        metrics.bot.updates_in_flight(updates)
    metrics.bot.updates_persisted(2)
    shown = scrape(metrics)

    assert shown.value("viewbank_updates_in_hand") == 3
    assert shown.value("viewbank_updates_kept_total") == 2


def test_calls_to_telegram_are_counted_by_method_and_outcome(metrics):
    metrics.bot.call_ended("sendMessage", "ok")
    metrics.bot.call_ended("sendMessage", "RetryAfter")
    metrics.bot.call_waited("reply", 0.0)
    metrics.bot.call_waited("broadcast", 4.0)
    shown = scrape(metrics)

    def calls(outcome):
        return shown.value("viewbank_telegram_calls_total", method="sendMessage", outcome=outcome)

    def waits(priority):
        return shown.value("viewbank_telegram_call_wait_seconds_sum", priority=priority)

    assert (calls("ok"), calls("RetryAfter")) == (1, 1)
    assert (waits("reply"), waits("notice"), waits("broadcast")) == (0, 0, 4)


def test_what_telegram_invents_tomorrow_counts_as_other(metrics):
    for number in range(50):
        metrics.bot.update_ended(f"new_kind_{number}", "done")
        metrics.bot.call_ended(f"newMethod{number}", f"NewError{number}")
        metrics.bot.call_waited(f"new priority {number}", 1.0)
    shown = scrape(metrics)

    assert shown.value("viewbank_updates_total", kind="other", outcome="done") == 50
    assert shown.value("viewbank_telegram_calls_total", method="other", outcome="other") == 50
    assert shown.value("viewbank_telegram_call_wait_seconds_count", priority="other") == 50
    assert "new_kind" not in shown.text
    assert "newMethod" not in shown.text
    assert "NewError" not in shown.text
    assert "new priority" not in shown.text


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Accepted("77"), "accepted"),
        (Rejected(ReasonCode.REFUSED), "rejected"),
        (Unclear(ReasonCode.NO_ANSWER), "unclear"),
        (NotSent(ReasonCode.PROVIDER_UNREACHABLE), "not_sent"),
    ],
)
async def test_an_orders_answer_is_timed_by_its_outcome(shop, answer, outcome):
    class Provider:
        follows = False

        def send(self, _order):
            return answer

    async def no_second_try(_pause_s):
        await asyncio.Event().wait()

    dispatcher = OrderDispatcher(
        shop.ledger, Provider(), pause=no_second_try, hooks=shop.metrics.orders
    )
    shop.metrics.ask(lambda: order_gauges(dispatcher))
    await shop.give(1000)
    await shop.order("a1")
    await dispatcher.start()
    while dispatcher.pending and not dispatcher.paused_because:  # noqa: ASYNC110 - neither is told by an event
        await asyncio.sleep(0)
    await dispatcher.stop()

    shown = shop.scrape()
    counts = {one.labels["outcome"]: one.value for one in counts_of(shown)}
    assert counts == dict.fromkeys(("accepted", "rejected", "unclear", "not_sent"), 0) | {
        outcome: 1
    }
    held_up = isinstance(answer, NotSent)
    assert shown.value("viewbank_orders_held_up") == held_up
    assert shown.value("viewbank_orders_waiting") == held_up


def counts_of(shown):
    return shown.samples("viewbank_order_answer_seconds_count")


def test_every_answer_of_a_provider_has_its_place(metrics):
    for answer in (
        Accepted("77"),
        Rejected(ReasonCode.REFUSED),
        Unclear(ReasonCode.NO_ANSWER),
        NotSent(ReasonCode.PROVIDER_UNREACHABLE),
    ):
        metrics.orders.answered(answer, 0.1)

    assert [one.value for one in counts_of(scrape(metrics))] == [1] * len(get_args(Answer))


def test_calls_to_the_provider_are_timed_by_call_and_outcome(metrics):
    for name in get_args(CallName):
        metrics.orders.called(name, 0.1, failed=False)
    metrics.orders.called("balance", 0.2, failed=True)
    shown = scrape(metrics)

    def count(call, outcome):
        name = "viewbank_order_provider_call_seconds_count"
        return shown.value(name, call=call, outcome=outcome)

    assert [count(name, "ok") for name in get_args(CallName)] == [1] * 6
    assert count("balance", "failed") == 1


def test_orders_that_an_answer_left_out_are_counted(metrics):
    metrics.orders.polled(100, 3)
    shown = scrape(metrics)

    assert shown.value("viewbank_orders_polled_total", outcome="answered") == 97
    assert shown.value("viewbank_orders_polled_total", outcome="left_out") == 3


@pytest.mark.parametrize("follows", [True, False])
def test_the_account_at_the_provider_is_shown_if_there_is_one(metrics, follows):
    account = SimpleNamespace(balance=Balance(12_345_678), read_at_ms=NOON_MS)
    desk = SimpleNamespace(
        poller=SimpleNamespace(followed=7) if follows else None,
        account=account if follows else None,
    )
    metrics.ask(lambda: desk_gauges(desk))
    shown = scrape(metrics)

    found = [
        one.value
        for name in ("orders_followed", "order_provider_balance")
        for one in shown.samples(f"viewbank_{name}")
    ]
    assert found == ([7, 12.345678] if follows else [])


async def test_the_books_are_shown_and_sum_to_nothing(shop):
    await shop.give(1000)
    await shop.order("a1")
    await shop.do(c.SendOrder, order_id="a1")
    await shop.do(c.NoteUnclear, order_id="a1", reason_code=ReasonCode.NO_ANSWER)
    shown = shop.scrape()

    points = {one.labels["holder"]: one.value for one in shown.samples("viewbank_points")}
    assert points == {"users": 900, "orders": 100, "house": -1000}
    assert shown.value("viewbank_orders", status="unclear") == 1
    assert shown.value("viewbank_orders", status="placed") == 0
    assert shown.value("viewbank_users") == 1
    assert shown.value("viewbank_ledger_seq") == shop.ledger.head.seq
    assert shown.value("viewbank_ledger_size_bytes") == shop.ledger.size_bytes


async def test_what_a_hanging_disk_holds_up_is_shown_while_it_hangs(shop):
    seq = shop.ledger.head.seq
    shop.store.gate.clear()
    joining = asyncio.create_task(shop.do(c.Join, user_id=5, referral_code="c5"))
    await asyncio.to_thread(shop.store.waiting.wait)
    hanging = shop.scrape()
    shop.store.gate.set()
    await joining

    assert hanging.value("viewbank_ledger_waiting_events") == 1
    assert hanging.value("viewbank_ledger_seq") == seq
    assert shop.scrape().value("viewbank_ledger_waiting_events") == 0


async def test_a_broadcast_shows_how_many_are_left(shop):
    for number in range(1, 5):
        await shop.do(c.Join, user_id=number, referral_code=f"c{number}")
    await shop.do(c.StartBroadcast, broadcast_id="1:7:9", chat_id=7, message_id=9)
    counts = {"sent": 0, "unreachable": 0, "failed": 0}
    begun = shop.scrape()
    await shop.do(c.ProgressBroadcast, broadcast_id="1:7:9", cursor=2, **counts)
    halfway = shop.scrape()
    await shop.do(c.ProgressBroadcast, broadcast_id="1:7:9", cursor=5, **counts)
    await shop.do(c.FinishBroadcast, broadcast_id="1:7:9", **counts)

    left = [one.value("viewbank_broadcast_people_left") for one in (begun, halfway, shop.scrape())]
    assert left == [5, 3, 0]


async def test_ready_needs_telegram_and_the_disk(shop):
    problem = None
    shop.metrics.ask(lambda: program_gauges(shop.ledger, lambda: problem))

    def ready_and_connected():
        shown = shop.scrape()
        return shown.value("viewbank_ready"), shown.value("viewbank_telegram_connected")

    assert ready_and_connected() == (1, 1)
    problem = ASKED_TO_WAIT
    assert ready_and_connected() == (0, 0)
    problem = None
    shop.store.fault = True
    with pytest.raises(LedgerFailed):
        await shop.give(1)
    assert ready_and_connected() == (0, 1)


def test_a_snapshot_is_shown_once_there_is_one(metrics):
    keeper = SimpleNamespace(done_seq=0, done_at_ms=0)
    metrics.ask(lambda: snapshot_gauges(keeper))
    none_yet = scrape(metrics)
    keeper.done_seq, keeper.done_at_ms = 42, NOON_MS

    names = {"viewbank_snapshot_seq", "viewbank_snapshot_timestamp_seconds"}
    shown = scrape(metrics)
    assert names <= {family.name for family in none_yet.families}
    assert not [one for name in names for one in none_yet.samples(name)]
    assert shown.value("viewbank_snapshot_seq") == 42
    assert shown.value("viewbank_snapshot_timestamp_seconds") == NOON_MS / 1000


def test_notices_that_wait_are_shown(metrics):
    metrics.ask(lambda: notice_gauges(SimpleNamespace(waiting=3)))

    assert scrape(metrics).value("viewbank_notices_waiting") == 3


def test_the_version_and_the_process_are_shown(metrics):
    shown = scrape(metrics)

    assert shown.value("viewbank_build_info", version="9.8.7") == 1
    assert shown.value("process_resident_memory_bytes") > 1_000_000
    assert shown.value("process_cpu_seconds_total") > 0


def test_how_late_the_loop_is_goes_into_its_histogram(metrics):
    metrics.loop_lag._note(0.06)

    assert scrape(metrics).value("viewbank_loop_lag_seconds_sum") == 0.06


async def test_two_runs_in_one_process_share_nothing(shop):
    other = Metrics("1.0.0")
    await shop.watch_ad(1)

    assert shop.scrape().value("viewbank_events_total", type="ad_rewarded") == 1
    assert scrape(other).value("viewbank_events_total", type="ad_rewarded") == 0
    assert b"viewbank" not in prometheus_client.generate_latest()


async def test_names_follow_prometheus_conventions_and_each_says_what_it_is(shop):
    shop.metrics.bot.call_ended("sendMessage", "ok")
    shop.metrics.ask(lambda: program_gauges(shop.ledger, str))
    shown = shop.scrape()

    assert len(shown.families) > 25
    for family in shown.families:
        assert family.name.startswith(("viewbank_", "process_")), family.name
        assert family.documentation.endswith("."), family.name
        if family.type == "histogram":
            assert family.name.endswith(("_seconds", "_events")), family.name
        if family.type == "counter":
            # The parser removes the suffix.
            assert f"\n# TYPE {family.name}_total counter\n" in shown.text


async def test_nothing_in_it_is_about_one_person(shop):
    await shop.give(1000)
    await shop.order("feedc0ffee42")
    await shop.do(c.Ban, user_id=ANNA, key="7:99", reason="for Quentin")
    shown = shop.scrape()

    assert shown.value("viewbank_events_total", type="order_placed") == 1
    for trace in (str(ANNA), "annas", "feedc0ffee42", "AbCdEfGhI_k", "Quentin"):
        assert trace not in shown.text


async def test_asking_again_and_again_adds_no_series(shop):
    shop.metrics.bot.call_ended("sendMessage", "ok")
    first = shop.scrape()

    for number in range(1, 30):
        await shop.do(c.Join, user_id=number, referral_code=f"c{number}")
        shop.metrics.ledger.refused(AlreadyDone())
        shop.metrics.bot.call_ended("sendMessage", "ok")
        shop.metrics.bot.update_ended("message", "done")

    assert shop.scrape().series_count() == first.series_count()


@pytest.mark.parametrize(
    ("implementation", "hooks"),
    [("bot", BotHooks), ("ledger", LedgerHooks), ("orders", OrderHooks), ("ads", AdHooks)],
)
def test_every_metrics_hook_is_implemented(metrics, implementation, hooks):
    """A hook that only the no-op class has would count nothing, and nobody would notice."""
    words = {name for name in vars(hooks) if not name.startswith("_")}
    heard = vars(type(getattr(metrics, implementation)))

    assert words
    assert words <= set(heard)


@pytest.mark.parametrize(("poll_s", "delivery_s"), [(7.5, None), (None, 61.0), (None, None)])
def test_how_long_ago_telegram_was_heard_is_shown_once_it_was(metrics, poll_s, delivery_s):
    source = SimpleNamespace(last_poll_age_s=lambda: poll_s, last_delivery_age_s=lambda: delivery_s)
    metrics.ask(lambda: receiving_gauges(source))
    shown = scrape(metrics)

    polls = [one.value for one in shown.samples("viewbank_last_poll_age_seconds")]
    deliveries = [one.value for one in shown.samples("viewbank_last_delivery_age_seconds")]
    assert polls == ([] if poll_s is None else [poll_s])
    assert deliveries == ([] if delivery_s is None else [delivery_s])


def test_the_web_servers_connections_are_shown(metrics):
    class Connections:
        refused, closed_early = 2, 3

        def __len__(self):
            return 4

    metrics.ask(lambda: web_gauges(Connections()))
    shown = scrape(metrics)

    assert shown.value("viewbank_web_connections") == 4
    assert shown.value("viewbank_web_connections_refused_total") == 2
    assert shown.value("viewbank_web_connections_closed_early_total") == 3


def test_postbacks_are_counted_by_network_and_outcome(metrics):
    before = scrape(metrics)
    for outcome in get_args(PostbackOutcome):
        for network in ("monetag", "adsgram"):
            name = "viewbank_postbacks_total"
            assert before.value(name, network=network, outcome=outcome) == 0
    metrics.ads.postback("monetag", "paid")
    metrics.ads.postback("somebody's guess", "wrong_secret")
    metrics.ads.session_started("adsgram")
    metrics.ads.page_ended("monetag", "no_ad")
    after = scrape(metrics)
    assert after.value("viewbank_postbacks_total", network="monetag", outcome="paid") == 1
    assert after.value("viewbank_postbacks_total", network="other", outcome="wrong_secret") == 1
    assert after.value("viewbank_ad_sessions_total", network="adsgram") == 1
    assert after.value("viewbank_ad_page_outcomes_total", network="monetag", outcome="no_ad") == 1
