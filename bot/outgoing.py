"""Owns the gate that every call to Telegram passes: the pace, and that nothing untrue gets out."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram.ext import AIORateLimiter

from ledger.book import Ledger

TRIED_AGAIN = 3


class OutgoingGate(AIORateLimiter):
    """Telegram's limits, and the ledger's: what a text says is on the disk before it leaves.

    A handler may build its text from the state of that instant, which may be ahead of the disk.
    The wait is here, once, so that no handler can forget it.
    """

    def __init__(self, ledger: Ledger) -> None:
        """Wait for this ledger."""
        super().__init__(max_retries=TRIED_AGAIN)
        self._ledger = ledger

    async def process_request(  # noqa: PLR0917 - PTB calls it so
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,  # noqa: ANN401 - PTB's signature
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:  # noqa: ANN401 - likewise
        """Let one call out, when all that was decided before it is on the disk.

        Raises:
            LedgerFailed: the disk said no; nobody is told anything any more.
        """
        await self._ledger.settled()
        return await super().process_request(
            callback, args, kwargs, endpoint, data, rate_limit_args
        )
