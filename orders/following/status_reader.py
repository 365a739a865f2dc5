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
SINGLES = 1000
"""How many single calls there are before another one for several orders is tried."""


class StatusReader:
    """Asks for the status of orders, by the provider's numbers.

    A provider that refuses a call because of one of its orders gets the halves of it, and that
    order alone from then on. One that refuses every call for several orders gets single calls,
    and now and then a call for several again: the refusals may have had another reason.

    A call that fails in another way may fail because of one of its orders too, or because the
    provider is down. No further call is made then, but the next time these orders are asked about
    in calls of half the size, after the others: so an order that spoils every answer is alone soon,
    and a provider that is down gets no call more. With each success the calls grow again.
    """

    def __init__(self, provider: FollowingProvider, calls: ProviderCalls) -> None:
        """Use this provider."""
        self._provider = provider
        self._calls = calls
        self._alone: set[str] = set()
        self._singles_left = 0
        self._failures: dict[str, int] = {}

    async def one(self, provider_order_id: str) -> StatusAnswer | CallFailed:
        """The status of an order, by a call for it alone."""
        return await self._calls.read("status", partial(self._provider.status, provider_order_id))

    async def many(
        self, provider_order_ids: Sequence[str]
    ) -> Mapping[str, StatusAnswer] | CallFailed:
        """The status of at most `BATCH_MAX` orders; those that were left out are not there.

        A call that fails leaves out its orders, maybe those behind them too. `CallFailed`: nothing
        was found.
        """
        ids = list(dict.fromkeys(provider_order_ids))
        together = [one for one in ids if one not in self._alone]
        alone = [one for one in ids if one in self._alone]
        found: dict[str, StatusAnswer] = {}
        parts = self._parts(together)
        self._singles_left = max(0, self._singles_left - len(together))
        for part in parts:
            answer = await self._batch(part)
            if isinstance(answer, CallFailed):
                if found or len(part) == 1:
                    found |= await self._singly(alone)
                return found or answer
            found |= answer
        return found | await self._singly(alone)

    def _parts(self, ids: list[str]) -> list[list[str]]:
        """The orders of each call: those of calls that failed last, in smaller ones."""
        by_failures: dict[int, list[str]] = {}
        for one in ids:
            by_failures.setdefault(self._failures.get(one, 0), []).append(one)
        parts = []
        for failures, some in sorted(by_failures.items()):
            size = 1 if self._singles_left else max(1, BATCH_MAX >> failures)
            parts += [some[start : start + size] for start in range(0, len(some), size)]
        return parts

    def _note_failure(self, ids: list[str]) -> None:
        for one in ids:
            self._failures[one] = self._failures.get(one, 0) + 1

    def _note_success(self, ids: list[str]) -> None:
        """The next call may be twice as large."""
        for one in ids:
            failures = min(self._failures.pop(one, 0), BATCH_MAX.bit_length()) - 1
            if failures > 0:
                self._failures[one] = failures

    async def _batch(self, ids: list[str]) -> dict[str, StatusAnswer] | CallFailed:
        if len(ids) == 1:
            return await self._single(ids[0])
        answer = await self._calls.read("statuses", partial(self._provider.statuses, ids))
        if not isinstance(answer, CallFailed):
            self._note_success(ids)
            return dict(answer)
        if answer.reason_code not in _REFUSALS:
            self._note_failure(ids)
            return answer
        half = len(ids) // 2
        found: dict[str, StatusAnswer] = {}
        for part in (ids[:half], ids[half:]):
            answer = await self._batch(part)
            if isinstance(answer, CallFailed):
                return found or answer
            found |= answer
        if half == 1 and not self._alone.intersection(ids):
            self._singles_left = SINGLES  # Each of them alone was fine: the form is refused.
        return found

    async def _single(self, provider_order_id: str) -> dict[str, StatusAnswer] | CallFailed:
        """One of a batch that was refused, or all there is to ask."""
        answer = await self.one(provider_order_id)
        if isinstance(answer, CallFailed) and answer.reason_code not in _REFUSALS:
            self._note_failure([provider_order_id])
            return answer
        self._note_success([provider_order_id])
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
