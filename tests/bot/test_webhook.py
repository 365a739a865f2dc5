"""The webhook: set, checked, and answered only when an update is durable."""

import asyncio
import json

import pytest
from support.scripted_telegram import (
    DOWN,
    TOKEN,
    accept,
    message,
    receiver_harness,
    refused,
)

from bot.receive.receiver import IN_FLIGHT_MAX
from bot.receive.webhook import Webhook, secret_of
from bot.text.connection_texts import OTHER_WEBHOOK

URL = "https://bot.example/telegram/webhook"
NOW_S = 1_000_000


def info(**more):
    given = {"url": URL, "has_custom_certificate": False, "pending_update_count": 0}
    return {**given, **more}


def body(update):
    return json.dumps(update).encode()


@pytest.fixture
async def bench(tmp_path):
    async with receiver_harness(tmp_path) as bench:
        bench.server.good["getWebhookInfo"] = info()
        bench.webhook = Webhook(
            bench.app.bot,
            bench.receiver,
            bench.health,
            URL,
            secret=secret_of(TOKEN),
            alive=lambda: bench.alive,
            now_s=lambda: NOW_S,
        )
        bench.looks = asyncio.Queue()
        check = bench.webhook._check

        def note_and_check(info):
            is_set = check(info)
            bench.looks.put_nowait(info)
            return is_set

        bench.webhook._check = note_and_check
        yield bench
        await bench.webhook.stop()


async def looked(bench, times=1):
    """Until Telegram was asked so often how its deliveries go, and the answer was dealt with."""
    for _ in range(times):
        await bench.looks.get()


# Having it set


async def test_telegram_is_told_where_to_deliver_and_to_drop_nothing(bench):
    await bench.webhook.start()
    await looked(bench)
    method, given = bench.server.given[0]
    assert method == "setWebhook"
    assert given["url"] == URL
    assert given["secret_token"] == secret_of(TOKEN)
    assert "callback_query" in given["allowed_updates"]
    assert "drop_pending_updates" not in given
    assert bench.health.problem is None


async def test_the_secret_is_the_tokens_and_nobody_can_tell_the_token_from_it():
    assert secret_of(TOKEN) == secret_of(TOKEN)
    assert secret_of(TOKEN) != secret_of(TOKEN + "x")
    assert not any(part in secret_of(TOKEN) for part in TOKEN.split(":"))


@pytest.mark.parametrize(
    "answer", [DOWN, refused(400, "Bad Request: bad webhook: HTTPS url must be provided")]
)
async def test_a_refused_webhook_is_told_and_tried_again(bench, answer):
    bench.server.planned["setWebhook"] = [answer] * 2
    await bench.webhook.start()
    await looked(bench)
    assert len(bench.pauses_s) == 2
    assert all(bench.problems)
    assert bench.health.problem is None


async def test_a_webhook_that_somebody_took_away_is_set_again(bench):
    gone = json.dumps({"ok": True, "result": info(url="")})
    bench.server.planned["getWebhookInfo"] = [(200, gone)]
    await bench.webhook.start()
    await looked(bench, 2)
    assert bench.server.calls.count("setWebhook") == 2


async def test_a_webhook_that_never_lasts_is_told_and_tried_with_pauses(bench):
    gone = json.dumps({"ok": True, "result": info(url="")})
    bench.server.planned["getWebhookInfo"] = [(200, gone)] * 3
    await bench.webhook.start()
    await looked(bench, 4)
    assert len(bench.pauses_s) == 3
    assert all("gone" in str(problem) for problem in bench.problems)


async def test_another_programs_webhook_is_told_and_not_fought_over(bench):
    bench.server.good["getWebhookInfo"] = info(url="https://other.example/hook")
    await bench.webhook.start()
    await looked(bench)
    assert bench.health.problem == OTHER_WEBHOOK
    assert bench.server.calls.count("setWebhook") == 1


async def test_what_telegram_says_of_failed_deliveries_is_told(bench):
    bench.server.good["getWebhookInfo"] = info(
        last_error_date=NOW_S - 5, last_error_message="Connection refused"
    )
    await bench.webhook.start()
    await looked(bench)
    assert "Connection refused" in str(bench.health.problem)


async def test_a_failure_long_ago_or_before_the_last_delivery_is_no_problem(bench):
    bench.server.good["getWebhookInfo"] = info(
        last_error_date=NOW_S - 3600, last_error_message="Connection refused"
    )
    await bench.webhook.start()
    await looked(bench)
    assert bench.health.problem is None


# Taking updates


async def test_a_delivery_is_answered_when_its_update_is_done(bench):
    await bench.webhook.start()
    assert await bench.webhook.accept(body(message(5))) == "accepted"
    assert bench.app.handled == [5]
    assert bench.inbox_path.read_bytes() == b""


async def test_a_slow_one_is_answered_when_it_is_in_the_inbox(bench):
    bench.app.gates[5] = gate = asyncio.Event()
    await bench.webhook.start()
    assert await bench.webhook.accept(body(message(5))) == "accepted"
    assert b'"update_id":5' in bench.inbox_path.read_bytes()
    gate.set()


async def test_a_second_delivery_waits_for_the_first_and_does_nothing_more(bench):
    await bench.webhook.start()
    taken = await asyncio.gather(*(bench.webhook.accept(body(message(5))) for _ in range(3)))
    assert taken == ["accepted"] * 3
    assert bench.app.handled == [5]


async def test_before_the_start_and_after_the_stop_telegram_is_asked_to_come_again(bench):
    assert await bench.webhook.accept(body(message(5))) == "closed"
    await bench.webhook.start()
    await bench.webhook.stop()
    assert await bench.webhook.accept(body(message(5))) == "closed"
    assert bench.app.handled == []


async def test_nothing_is_taken_once_the_ledger_has_failed(bench):
    await bench.webhook.start()
    bench.alive = False
    assert await bench.webhook.accept(body(message(5))) == "closed"


async def test_with_too_much_in_hand_telegram_is_asked_to_come_again(bench):
    await bench.webhook.start()
    numbers = range(1, IN_FLIGHT_MAX + 1)
    bench.app.gates = {number: asyncio.Event() for number in numbers}
    for number in numbers:
        accept(bench.receiver, message(number, person=number))
    assert await bench.webhook.accept(body(message(999, person=999))) == "busy"
    for gate in bench.app.gates.values():
        gate.set()
    await bench.receiver.close(5)


@pytest.mark.parametrize("nonsense", [b"", b"[]", b"{}", b'{"update_id": "5"}', b"\x00", b"{"])
async def test_what_is_no_update_is_said_to_be_none(bench, nonsense):
    await bench.webhook.start()
    assert await bench.webhook.accept(nonsense) == "malformed"


async def test_an_update_that_will_never_make_sense_is_not_asked_for_again(bench):
    await bench.webhook.start()
    assert await bench.webhook.accept(b'{"update_id": 5, "message": {"chat": 3}}') == "accepted"


async def test_half_of_an_emoji_is_handled_and_can_be_persisted(bench):
    bench.app.gates[5] = gate = asyncio.Event()
    await bench.webhook.start()
    half = message(5)
    half["message"]["text"] = "\ud83d"
    assert await bench.webhook.accept(body(half)) == "accepted"
    assert b'"update_id": 5' in bench.inbox_path.read_bytes()
    gate.set()


# How long ago Telegram was heard


async def test_the_last_delivery_is_known_by_its_age(bench):
    now_s = [NOW_S]
    bench.webhook._now_s = lambda: now_s[0]
    await bench.webhook.start()
    assert bench.webhook.last_delivery_age_s() is None
    assert await bench.webhook.accept(body(message(5))) == "accepted"
    now_s[0] += 61
    assert bench.webhook.last_delivery_age_s() == 61
    assert (bench.webhook.last_poll_age_s(), bench.webhook.problem()) == (None, None)
