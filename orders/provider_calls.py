"""Calls to the order provider: in threads, and never more at once than a setting says.

Orders and questions share the limit. Questions get at most half of it, and the next free slot goes
to whoever has waited longest: neither can keep the other waiting.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ledger.reason_codes import ReasonCode
from orders.metrics_hooks import CallName, OrderHooks
from orders.providers.base import CallFailed
from resilience.backoff import Backoff

log = logging.getLogger(__name__)

CALL_BACKOFF = Backoff(first_s=5.0, max_s=600.0, jitter_share=0.25)
"""Between questions that fail in a row."""

_Answer = TypeVar("_Answer")


class ProviderCalls:
    """Runs blocking calls in threads of its own.

    Attributes:
        slots: holds one place for each request that may be made at once. Whoever calls `run` has
            acquired one.
    """

    def __init__(self, requests_max: int, hooks: OrderHooks | None = None) -> None:
        """`requests_max` is how many requests may be made at once, at least 1."""
        self.slots = asyncio.Semaphore(requests_max)
        self._reads = asyncio.Semaphore(max(1, requests_max // 2))
        self._hooks = hooks or OrderHooks()
        # A call whose caller was cancelled keeps its thread, so the limit holds even then.
        self._threads = ThreadPoolExecutor(requests_max, thread_name_prefix="order-provider")

    async def run(self, call: Callable[[], _Answer]) -> _Answer:
        """Make a call. Raises what the call raises."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    async def read(
        self, name: CallName, call: Callable[[], _Answer | CallFailed]
    ) -> _Answer | CallFailed:
        """Ask the provider something, when there is a slot. Never raises for a failed call."""
        loop = asyncio.get_running_loop()
        async with self._reads, self.slots:
            started_s = loop.time()
            answer: _Answer | CallFailed
            try:
                answer = await self.run(call)
            except Exception:
                log.exception("The call %s failed by a fault of ours.", name)
                answer = CallFailed(ReasonCode.PROGRAM_FAULT)
            failed = isinstance(answer, CallFailed)
            self._hooks.called(name, loop.time() - started_s, failed=failed)
        return answer

    def close(self) -> None:
        """Start no further calls. Those that are being made go on in their threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)
