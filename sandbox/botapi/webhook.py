"""Delivery of updates by webhook: in order within a queue, retried until they are accepted.

As with Telegram, the messages of a chat are one queue, and each other kind of update is another: a
press may arrive while a message before it is still being answered.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import aiohttp
import msgspec

from resilience.backoff import Backoff
from sandbox.botapi.updates import Update, UpdateQueue, Webhook

RETRY_BACKOFF = Backoff(first_s=0.2, max_s=60.0)
"""A tenth of Telegram's, so that the demo and the tests need not wait long."""
RETRY_AFTER_MAX_S = 3600
ANSWER_WITHIN_S = 60.0
IDLE_S = 3600.0
CLOSED_AFTER_S = 23 * 3600
"""After a receiver answered 410 (gone) for this time, nothing is delivered any more."""

Lane: TypeAlias = tuple[int, str]
Pause: TypeAlias = Callable[[float], Awaitable[object]]


class WebhookSender:
    """Delivers pending updates while a webhook is set."""

    def __init__(self, queue: UpdateQueue, pause: Pause = asyncio.sleep) -> None:
        """`pause` waits for seconds before an update is sent again."""
        self._queue = queue
        self._pause = pause

    async def run(self) -> None:
        """Deliver until the sandbox closes."""
        pulse = self._queue.pulse
        timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_S)
        # The webhook's `max_connections` counts, not the default of the session.
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
            while not pulse.closed:
                webhook = await pulse.until(self._webhook, IDLE_S)
                if webhook is not None:
                    await _Deliveries(self._queue, webhook, session, self._pause).run()

    def _webhook(self) -> Webhook | None:
        webhook = self._queue.state.webhook
        return webhook if webhook.url else None


class _Deliveries:
    """The deliveries in flight to one webhook. A new webhook starts without waiting for them."""

    def __init__(
        self, queue: UpdateQueue, webhook: Webhook, session: aiohttp.ClientSession, pause: Pause
    ) -> None:
        self._queue = queue
        self._webhook = webhook
        self._session = session
        self._pause = pause
        self._connections = asyncio.Semaphore(webhook.max_connections)
        self._busy: set[Lane] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver until the webhook changes or the sandbox closes."""
        try:
            while not self._over():
                found = await self._queue.pulse.until(lambda: self._over() or self._next(), IDLE_S)
                if isinstance(found, Update):
                    self._busy.add(_lane(found))
                    task = asyncio.create_task(self._deliver(found))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                    await asyncio.sleep(0)  # now it has its connection, if one is free
        finally:
            # Answers that had not arrived yet are lost: those updates are delivered again.
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _over(self) -> bool:
        return self._queue.pulse.closed or self._queue.state.webhook is not self._webhook

    def _next(self) -> Update | None:
        """The oldest update of a queue that has none in flight."""
        if self._connections.locked():
            return None
        for update in self._queue.state.pending:
            if _lane(update) not in self._busy:
                return update
        return None

    async def _deliver(self, update: Update) -> None:
        queue = self._queue
        tries, backoffs, wait_s = 0, 0, 0.0
        try:
            while queue.lives(update, wait_s):
                if tries:
                    await self._pause(wait_s)
                if self._over():
                    return
                async with self._connections:
                    retry_after_s = await self._post(update)
                queue.pulse.beat()  # a connection is free
                if retry_after_s is None:
                    break
                wait_s = retry_after_s
                # The first retry is immediate; then the pauses double.
                if tries and not retry_after_s:
                    backoffs += 1
                    wait_s = RETRY_BACKOFF.pause_s(backoffs)
                tries += 1
            queue.done(update)
        finally:
            self._busy.discard(_lane(update))
            queue.pulse.beat()

    async def _post(self, update: Update) -> int | None:
        """None if it was accepted; otherwise the seconds of Retry-After, or 0."""
        headers = {"Content-Type": "application/json"}
        if self._webhook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._webhook.secret_token
        try:
            async with self._session.post(
                self._webhook.url,
                data=msgspec.json.encode(update.as_json()),
                headers=headers,
                allow_redirects=False,
            ) as answer:
                self._count_gone(gone=answer.status == 410)  # noqa: PLR2004
                if answer.ok and answer.status < 300:  # noqa: PLR2004  any 2xx
                    return None
                problem = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                asked = answer.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError) as error:
            problem, asked = _in_words(error), ""
        self._webhook.last_error_date = int(self._queue.now())
        self._webhook.last_error_message = problem
        return min(int(asked), RETRY_AFTER_MAX_S) if asked.isdecimal() else 0

    def _count_gone(self, *, gone: bool) -> None:
        now = self._queue.now()
        if not gone:
            self._webhook.gone_since = 0.0
        elif not self._webhook.gone_since:
            self._webhook.gone_since = now
        elif now > self._webhook.gone_since + CLOSED_AFTER_S:
            self._queue.set_webhook(Webhook())


def _lane(update: Update) -> Lane:
    is_message = update.kind in {"message", "edited_message"}
    return update.chat_id, "message" if is_message else update.kind


def _in_words(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "Read timeout expired"
        case aiohttp.ClientConnectorError() if error.os_error.errno:
            return os.strerror(error.os_error.errno)
        case _:
            return "Connection closed"
