"""Delivery of updates by webhook: per chat in order, again and again until somebody takes them."""

import asyncio
from contextlib import suppress

import aiohttp
import msgspec

from sandbox.botapi.updates import Update, UpdateQueue, Webhook

FIRST_DELAY_S = 0.2
DELAY_MAX_S = 60.0
RETRY_AFTER_MAX_S = 3600.0
ANSWER_WITHIN_S = 60.0
IDLE_S = 3600.0


class WebhookSender:
    """Takes pending updates whenever a webhook is set."""

    def __init__(self, queue: UpdateQueue) -> None:
        self._queue = queue
        self._busy_chats: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver until the sandbox closes."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_S)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            try:
                while not self._queue.pulse.closed:
                    update = await self._queue.pulse.until(self._next, IDLE_S)
                    if update is not None:
                        self._busy_chats.add(update.chat_id)
                        task = asyncio.create_task(self._deliver(session, update))
                        self._tasks.add(task)
                        task.add_done_callback(self._tasks.discard)
            finally:
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    def _next(self) -> Update | None:
        """The oldest update of a chat that no other update of the same chat is being sent for."""
        webhook = self._queue.state.webhook
        if not webhook.url or len(self._busy_chats) >= webhook.max_connections:
            return None
        for update in self._queue.state.pending:
            if update.chat_id not in self._busy_chats:
                return update
        return None

    async def _deliver(self, session: aiohttp.ClientSession, update: Update) -> None:
        queue = self._queue
        delay_s = FIRST_DELAY_S
        try:
            while (webhook := queue.state.webhook).url and queue.is_pending(update):
                wait_s = await self._post(session, webhook, update)
                if wait_s is None:
                    queue.delivered(update)
                    return
                await queue.webhook_changed(webhook, max(wait_s, delay_s))
                delay_s = min(delay_s * 2, DELAY_MAX_S)
        finally:
            self._busy_chats.discard(update.chat_id)
            queue.pulse.beat()

    async def _post(
        self, session: aiohttp.ClientSession, webhook: Webhook, update: Update
    ) -> float | None:
        """None when it was taken; else how long the receiver asked to wait."""
        headers = {"Content-Type": "application/json"}
        if webhook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
        try:
            async with session.post(
                webhook.url,
                data=msgspec.json.encode(update.as_json()),
                headers=headers,
                allow_redirects=False,
            ) as answer:
                if answer.ok and answer.status < 300:  # noqa: PLR2004  any 2xx
                    return None
                problem = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                asked_s = 0.0
                with suppress(ValueError):
                    asked_s = float(answer.headers.get("Retry-After", "0"))
        except (aiohttp.ClientError, TimeoutError) as error:
            problem, asked_s = f"Connection failed: {type(error).__name__}", 0.0
        webhook.last_error_date = int(update.at)
        webhook.last_error_message = problem
        return min(asked_s, RETRY_AFTER_MAX_S)
