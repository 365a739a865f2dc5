"""The webhook: delivered with the secret, again until taken, and no polling beside it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer


class Receiver:
    """A bot's web server: answers with the statuses planned, then 200."""

    def __init__(self) -> None:
        self.plan: list[int] = []
        self.got: asyncio.Queue[tuple[str, dict]] = asyncio.Queue()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        await self.got.put((secret, await request.json()))
        return web.Response(status=self.plan.pop(0) if self.plan else 200)

    async def next_text(self) -> str:
        async with asyncio.timeout(10):
            return (await self.got.get())[1]["message"]["text"]


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
