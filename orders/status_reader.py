"""Reads what became of orders: many in one call, and each alone where that doesn't work."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from ledger.reason_codes import ReasonCode
from orders.provider_calls import ProviderCalls
from orders.providers.base import (
    BATCH_MAX,
    CallFailed,
    FollowingProvider,
    StatusAnswer,
    UnknownToProvider,
)

_REFUSALS = frozenset(
    {
        ReasonCode.REFUSED,
        ReasonCode.SERVICE_DISCONTINUED,
        ReasonCode.QUANTITY_REFUSED,
        ReasonCode.EARLIER_ORDER_RUNNING,
        ReasonCode.VIDEO_LIMIT_REACHED,
        ReasonCode.LINK_REFUSED,
    }
)
"""The provider was reached and said no: to the whole call, or to one of its orders."""


class StatusReader:
    """Asks for the status of orders, by the provider's numbers.

    A provider that refuses a call because of one of its orders gets the halves of it, and that
    order alone from then on. One that refuses every call for several orders gets single calls.
    """

    def __init__(self, provider: FollowingProvider, calls: ProviderCalls) -> None:
        """Use this provider."""
        self._provider = provider
        self._calls = calls
        self._alone: set[str] = set()
        self._batch_max = BATCH_MAX

    async def one(self, provider_order_id: str) -> StatusAnswer | CallFailed:
        """The status of an order, by a call for it alone."""
        return await self._calls.read("status", partial(self._provider.status, provider_order_id))

    async def many(
        self, provider_order_ids: Sequence[str]
    ) -> Mapping[str, StatusAnswer] | CallFailed:
        """The status of at most `BATCH_MAX` orders; those that were left out are not there."""
        ids = list(dict.fromkeys(provider_order_ids))
        together = [one for one in ids if one not in self._alone]
        found: dict[str, StatusAnswer] = {}
        for start in range(0, len(together), self._batch_max):
            answer = await self._batch(together[start : start + self._batch_max])
            if isinstance(answer, CallFailed):
                return answer
            found |= answer
        return found | await self._singly([one for one in ids if one in self._alone])

    async def _batch(self, ids: list[str]) -> dict[str, StatusAnswer] | CallFailed:
        if len(ids) == 1:
            return await self._single(ids[0])
        answer = await self._calls.read("statuses", partial(self._provider.statuses, ids))
        if not isinstance(answer, CallFailed):
            return dict(answer)
        if answer.reason_code not in _REFUSALS:
            return answer
        half = len(ids) // 2
        found: dict[str, StatusAnswer] = {}
        for part in (ids[:half], ids[half:]):
            answer = await self._batch(part)
            if isinstance(answer, CallFailed):
                return answer
            found |= answer
        if half == 1 and not self._alone.intersection(ids):
            self._batch_max = 1  # Each of them alone was fine: it's the form that is refused.
        return found

    async def _single(self, provider_order_id: str) -> dict[str, StatusAnswer] | CallFailed:
        """One of a batch that was refused, or all there is to ask."""
        answer = await self.one(provider_order_id)
        if isinstance(answer, CallFailed) and answer.reason_code not in _REFUSALS:
            return answer
        if isinstance(answer, CallFailed | UnknownToProvider):
            self._alone.add(provider_order_id)
        return {} if isinstance(answer, CallFailed) else {provider_order_id: answer}

    async def _singly(self, ids: list[str]) -> dict[str, StatusAnswer]:
        answers = await asyncio.gather(*(self.one(one) for one in ids))
        return {
            one: answer
            for one, answer in zip(ids, answers, strict=True)
            if not isinstance(answer, CallFailed)
        }
