"""The webhook: delivered with the secret, retried until accepted, never beside polling."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.botapi.updates import UpdateQueue, Webhook
from sandbox.botapi.webhook import WebhookSender


class Receiver:
    """A bot's web server: answers as planned (a status, or that and Retry-After), then 200."""

    def __init__(self) -> None:
        self.plan: list[int | tuple[int, str]] = []
        self.got: asyncio.Queue[tuple[str, dict]] = asyncio.Queue()
        self.url = ""
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.inside = self.inside_at_most = 0

    async def take(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        await self.got.put((secret, await request.json()))
        self.inside += 1
        self.inside_at_most = max(self.inside_at_most, self.inside)
        try:
            await self.may_answer.wait()
        finally:
            self.inside -= 1
        match self.plan.pop(0) if self.plan else 200:
            case (status, retry_after):
                return web.Response(status=status, headers={"Retry-After": retry_after})
            case status:
                return web.Response(status=status)

    async def next_update(self) -> dict:
        async with asyncio.timeout(10):
            return (await self.got.get())[1]

    async def next_text(self) -> str:
        return (await self.next_update())["message"]["text"]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    async with TestServer(app) as server:
        receiver.url = str(server.make_url("/hook"))
        yield receiver


async def test_updates_are_posted_with_the_secret_and_taken_once(api, ann, receiver):
    assert await api("setWebhook", url=receiver.url, secret_token="s3cret", max_connections=7)
    async with asyncio.timeout(10):
        secret, update = await receiver.got.get()
    assert (secret, update["message"]["text"]) == ("s3cret", "/start")
    await ann.say("one")
    assert await receiver.next_text() == "one"
    await ann.say("two")
    assert await receiver.next_text() == "two"
    info = await api("getWebhookInfo")
    assert (info["url"], info["max_connections"]) == (receiver.url, 7)


async def test_what_is_not_taken_comes_again_before_anything_newer_of_that_chat(api, ann, receiver):
    receiver.plan = [500, 302, 404]
    await ann.say("newer")
    await api("setWebhook", url=receiver.url)
    came = [await receiver.next_text() for _ in range(5)]
    assert came == ["/start", "/start", "/start", "/start", "newer"]
    info = await api("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 404 Not Found"


@pytest.mark.usefixtures("ann")
async def test_one_chat_that_fails_does_not_hold_up_another(api, world, receiver):
    receiver.plan = [500, 200]
    await world.add_user("Ben", invite="code")
    await api("setWebhook", url=receiver.url)
    came = [await receiver.next_text() for _ in range(3)]
    assert came == ["/start", "/start code", "/start"]


async def test_there_is_no_polling_beside_a_webhook(api, receiver):
    poll = asyncio.create_task(api("getUpdates", timeout=30))
    await api("getWebhookInfo")
    await api("setWebhook", url=receiver.url)
    assert await poll == "Conflict: terminated by setWebhook request"
    assert (await api("getUpdates")).startswith("Conflict: can't use getUpdates method while")
    await api("deleteWebhook", drop_pending_updates=True)
    assert await api("getUpdates") == []


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"url": "ftp://x"}, "bad webhook: invalid webhook URL specified"),
        (
            {"url": "https://x.com", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
    ],
)
async def test_a_wrong_webhook_is_refused(api, params, refusal):
    assert await api("setWebhook", **params) == f"Bad Request: {refusal}"


# What a bot can see of the way Telegram delivers


class Delivery:
    """A queue, and a sender for it whose pauses take no time and are noted."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.queue = UpdateQueue(clock)
        self.pauses_s: list[float] = []

    async def pause(self, wait_s: float) -> None:
        self.pauses_s.append(wait_s)
        self.clock.now += wait_s

    def add(self, text: str, *, chat_id: int = 42, kind: str = "message") -> None:
        self.queue.add(kind, {"text": text}, chat_id)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        sender = asyncio.create_task(WebhookSender(self.queue, self.pause).run())
        yield
        self.queue.pulse.close()
        await sender

    async def until(self, ready) -> None:
        assert await self.queue.pulse.until(ready, 10), "it never came"

    async def until_all_done(self) -> None:
        await self.until(lambda: not self.queue.state.pending)


@pytest.fixture
def delivery(clock) -> Delivery:
    return Delivery(clock)


async def test_retry_after_is_kept_to_and_lets_no_other_pause_grow(delivery, receiver):
    receiver.plan = [(429, "3"), (503, "1"), (429, "1"), 500, (200, "7")]
    delivery.add("patience")
    async with delivery.running():
        delivery.queue.set_webhook(Webhook(receiver.url))
        await delivery.until_all_done()
    assert delivery.pauses_s == [3, 1, 1, 0.2]


async def test_without_retry_after_it_is_tried_again_at_once_and_then_ever_later(
    delivery, receiver
):
    receiver.plan = [500] * 14
    delivery.add("never mind")
    async with delivery.running():
        delivery.queue.set_webhook(Webhook(receiver.url))
        await delivery.until_all_done()
    doubled = [round(0.1 * 2**n, 1) for n in range(1, 10)]
    assert [round(pause_s, 1) for pause_s in delivery.pauses_s] == [0, *doubled, 60, 60, 60, 60]


@pytest.mark.parametrize("asked", ["soon", "-5", "1.5", "nan", "Wed, 21 Oct 2026 07:28:00 GMT", ""])
async def test_a_retry_after_that_is_no_number_of_seconds_counts_as_none(delivery, receiver, asked):
    receiver.plan = [(429, asked)]
    delivery.add("hello")
    async with delivery.running():
        delivery.queue.set_webhook(Webhook(receiver.url))
        await delivery.until_all_done()
    assert delivery.pauses_s == [0]


async def test_nobody_is_asked_to_wait_longer_than_an_hour(delivery, receiver):
    receiver.plan = [(429, "99999")]
    delivery.add("hello")
    async with delivery.running():
        delivery.queue.set_webhook(Webhook(receiver.url))
        await delivery.until_all_done()
    assert delivery.pauses_s == [3600]


async def test_an_update_is_dropped_when_it_would_be_too_old_after_the_pause(delivery, receiver):
    receiver.plan = [(429, "149"), (429, "2")]
    delivery.add("pressed", kind="callback_query")
    async with delivery.running():
        delivery.queue.set_webhook(Webhook(receiver.url))
        await delivery.until_all_done()
    assert delivery.pauses_s == [149]
    assert receiver.got.qsize() == 2


async def test_an_update_that_is_too_old_is_not_sent(delivery, receiver, clock):
    delivery.add("pressed", kind="callback_query")
    clock.now += 151
    delivery.add("still fresh")
    async with delivery.running():
        delivery.queue.set_webhook(Webhook(receiver.url))
        await delivery.until_all_done()
    assert [(await receiver.next_update())["message"]["text"]] == ["still fresh"]
    assert receiver.got.empty()


async def test_a_press_does_not_wait_for_the_message_before_it_but_messages_do(delivery, receiver):
    receiver.may_answer.clear()
    delivery.add("first")
    delivery.add("edited", kind="edited_message")
    delivery.add("press", kind="callback_query")
    delivery.add("second press", kind="callback_query")
    async with delivery.running():
        delivery.queue.set_webhook(Webhook(receiver.url))
        kinds = [set(await receiver.next_update()) - {"update_id"} for _ in range(2)]
        await delivery.until(lambda: receiver.inside == 2)
        assert receiver.got.empty()
        receiver.may_answer.set()
        await delivery.until_all_done()
    assert kinds == [{"message"}, {"callback_query"}]
    later = [set(await receiver.next_update()) - {"update_id"} for _ in range(2)]
    assert sorted(map(str, later)) == ["{'callback_query'}", "{'edited_message'}"]


async def test_no_more_connections_than_the_bot_asked_for(delivery, receiver):
    receiver.may_answer.clear()
    for chat_id in range(10):
        delivery.add("hello", chat_id=chat_id)
    async with delivery.running():
        delivery.queue.set_webhook(Webhook(receiver.url, max_connections=3))
        for _ in range(3):
            await receiver.next_update()
        receiver.may_answer.set()
        await delivery.until_all_done()
    assert (receiver.inside_at_most, receiver.got.qsize()) == (3, 7)


async def test_who_waits_to_be_tried_again_takes_no_connection(delivery, receiver):
    async def pause(_wait_s: float) -> None:
        await asyncio.Event().wait()

    delivery.pause = pause
    receiver.plan = [(429, "60")]
    delivery.add("told to wait", chat_id=1)
    delivery.add("somebody else", chat_id=2)
    async with delivery.running():
        delivery.queue.set_webhook(Webhook(receiver.url, max_connections=1))
        await delivery.until(lambda: len(delivery.queue.state.pending) == 1)
    assert delivery.queue.state.pending[0].payload == {"text": "told to wait"}


async def test_what_was_being_delivered_when_the_webhook_went_is_given_to_the_next_poll(
    api, ann, receiver
):
    receiver.may_answer.clear()
    await api("setWebhook", url=receiver.url)
    assert await receiver.next_text() == "/start"
    await ann.say("newer")
    await api("deleteWebhook")
    receiver.may_answer.set()
    polled = await api("getUpdates", timeout=0)
    assert [update["message"]["text"] for update in polled] == ["/start", "newer"]


async def test_what_was_fetched_but_not_confirmed_comes_by_webhook(api, ann, receiver):
    await ann.say("two")
    seen = await api("getUpdates")
    await api("getUpdates", offset=seen[1]["update_id"])
    await api("setWebhook", url=receiver.url)
    assert await receiver.next_text() == "two"


async def test_the_same_webhook_set_again_changes_nothing_but_the_kinds_of_updates(
    api, ann, receiver
):
    receiver.plan = [500]
    await api("setWebhook", url=receiver.url, secret_token="a")
    assert [await receiver.next_text() for _ in range(2)] == ["/start"] * 2
    before = await api("getWebhookInfo")
    assert await api("setWebhook", url=receiver.url, secret_token="a", allowed_updates=["message"])
    assert await api("getWebhookInfo") == {**before, "allowed_updates": ["message"]}
    assert "last_error_message" in before
    assert await api("setWebhook", url=receiver.url, secret_token="b")
    assert "last_error_message" not in await api("getWebhookInfo")
    await ann.say("hello")
    async with asyncio.timeout(10):
        secret, update = await receiver.got.get()
    assert (secret, update["message"]["text"]) == ("b", "hello")


async def test_what_waits_to_be_sent_again_can_be_dropped(api, ann, receiver):
    receiver.plan = [(429, "3600")]
    await api("setWebhook", url=receiver.url)
    assert await receiver.next_text() == "/start"
    await api("setWebhook", url=receiver.url, drop_pending_updates=True)
    await ann.say("hello")
    assert await receiver.next_text() == "hello"


async def test_only_the_kinds_asked_for_are_delivered(api, ann, receiver):
    await api("setWebhook", url=receiver.url, allowed_updates=["message"])
    assert await receiver.next_text() == "/start"
    await ann.block()
    await ann.unblock()
    await ann.say("hello")
    assert await receiver.next_text() == "hello"


async def test_the_webhooks_state_is_told_with_the_moment_of_its_problem(
    api, ann, receiver, served, clock
):
    receiver.plan = [(503, "3600")]
    clock.now += 100
    await api("setWebhook", url=receiver.url)
    assert await receiver.next_text() == "/start"
    await ann.say("behind it")
    webhook = served.sandbox.updates.state.webhook
    assert await served.sandbox.updates.pulse.until(lambda: webhook.last_error_date, 10)
    assert await api("getWebhookInfo") == {
        "url": receiver.url,
        "has_custom_certificate": False,
        "pending_update_count": 2,
        "max_connections": 40,
        "last_error_date": int(clock.now),
        "last_error_message": "Wrong response from the webhook: 503 Service Unavailable",
    }


async def test_an_address_where_nobody_listens_is_told_as_such(delivery):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    webhook = Webhook(f"http://127.0.0.1:{port}/")
    delivery.add("hello", kind="callback_query")
    async with delivery.running():
        delivery.queue.set_webhook(webhook)
        await delivery.until_all_done()
    assert webhook.last_error_message == "Connection refused"


async def test_a_receiver_that_is_gone_for_23_hours_loses_its_webhook(delivery, receiver):
    receiver.plan = [(410, "1790")] * 48
    delivery.add("hello")
    async with delivery.running():
        delivery.queue.set_webhook(Webhook(receiver.url))
        await delivery.until(lambda: not delivery.queue.state.webhook.url)
    assert (receiver.got.qsize(), len(delivery.queue.state.pending)) == (48, 1)


async def test_a_receiver_that_is_gone_only_now_and_then_keeps_its_webhook(delivery, receiver):
    receiver.plan = [(410, "1800")] * 24 + [(500, "1800")] + [(410, "1800")] * 23
    webhook = Webhook(receiver.url)
    delivery.add("hello")
    async with delivery.running():
        delivery.queue.set_webhook(webhook)
        await delivery.until_all_done()
    assert (receiver.got.qsize(), delivery.queue.state.webhook) == (48, webhook)


async def test_a_poll_beside_a_webhook_does_not_change_what_is_delivered(api, ann, receiver):
    await api("setWebhook", url=receiver.url)
    assert await receiver.next_text() == "/start"
    refusal = await api("getUpdates", allowed_updates=["callback_query"])
    assert refusal.startswith("Conflict: can't use getUpdates")
    await ann.say("hello")
    assert await receiver.next_text() == "hello"
