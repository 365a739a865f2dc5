"""Statuses of many orders are read although calls fail."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from ledger.reason_codes import ReasonCode
from orders.provider_calls import ProviderCalls
from orders.providers.base import CallFailed, OrderReport, Progress, StatusAnswer
from orders.status_reader import SINGLES, StatusReader

Batch = Callable[[Sequence[str]], Mapping[str, StatusAnswer] | CallFailed]
Single = Callable[[str], StatusAnswer | CallFailed]

DONE = OrderReport(Progress.COMPLETED, "Completed")
REFUSED = CallFailed(ReasonCode.REFUSED, http_status=200)
DOWN = CallFailed(ReasonCode.CONNECTION_LOST)


class Panel:
    """A panel whose two calls answer as a test says; it notes how many orders each asked for."""

    follows = True

    def __init__(self, batch: Batch, single: Single) -> None:
        self.sizes: list[int] = []
        self._batch, self._single = batch, single

    def statuses(self, ids: Sequence[str]) -> Mapping[str, StatusAnswer] | CallFailed:
        self.sizes.append(len(ids))
        return self._batch(ids)

    def status(self, order_id: str) -> StatusAnswer | CallFailed:
        self.sizes.append(1)
        return self._single(order_id)


def reader_of(panel: Panel) -> StatusReader:
    return StatusReader(panel, ProviderCalls(4))  # type: ignore[arg-type] # only these two calls


def all_done(ids: Sequence[str]) -> dict[str, StatusAnswer]:
    return dict.fromkeys(ids, DONE)


IDS = [str(number) for number in range(10)]


@pytest.mark.parametrize("fails_at", range(1, 10))
async def test_what_was_read_before_a_call_failed_is_kept(fails_at: int) -> None:
    panel = Panel(lambda _: REFUSED, lambda one: DOWN if one == str(fails_at) else DONE)
    found = await reader_of(panel).many(IDS)
    assert isinstance(found, Mapping)
    assert {*IDS[:fails_at]} <= found.keys()
    assert str(fails_at) not in found


async def test_a_call_that_fails_at_once_is_a_failure() -> None:
    panel = Panel(lambda _: REFUSED, lambda _: DOWN)
    assert await reader_of(panel).many(IDS) == DOWN


async def test_a_panel_without_the_call_for_several_gets_single_calls() -> None:
    panel = Panel(lambda _: REFUSED, lambda _: DONE)
    reader = reader_of(panel)
    assert await reader.many(IDS) == all_done(IDS)
    panel.sizes.clear()
    assert await reader.many(IDS) == all_done(IDS)
    assert panel.sizes == [1] * len(IDS)


async def test_a_call_for_several_is_tried_again_after_refusals_that_had_another_reason() -> None:
    refusing = True
    panel = Panel(lambda ids: REFUSED if refusing else all_done(ids), lambda _: DONE)
    reader = reader_of(panel)
    await reader.many(IDS)
    refusing = False
    for _ in range(SINGLES // len(IDS)):
        await reader.many(IDS)
    panel.sizes.clear()
    assert await reader.many(IDS) == all_done(IDS)
    assert panel.sizes == [len(IDS)]
