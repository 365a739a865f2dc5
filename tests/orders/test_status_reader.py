"""Statuses of many orders are read although calls fail."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from ledger.reason_codes import ReasonCode
from orders.following.status_reader import SINGLES, StatusReader
from orders.provider_calls import ProviderCalls
from orders.providers.base import (
    BATCH_MAX,
    CallFailed,
    OrderReport,
    Progress,
    StatusAnswer,
    UnknownToProvider,
)

Batch = Callable[[Sequence[str]], Mapping[str, StatusAnswer] | CallFailed]
Single = Callable[[str], StatusAnswer | CallFailed]

DONE = OrderReport(Progress.COMPLETED, "Completed")
REFUSED = CallFailed(ReasonCode.REFUSED, http_status=200)
GONE = UnknownToProvider("Incorrect order ID")
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


@pytest.mark.parametrize(
    "failed",
    [
        CallFailed(ReasonCode.PROVIDER_FAULT, http_status=500),
        CallFailed(ReasonCode.ANSWER_UNREADABLE, http_status=200),
        CallFailed(ReasonCode.PROGRAM_FAULT),
        DOWN,
    ],
)
@pytest.mark.parametrize("bad", [{"0"}, {"55"}, {"98", "99"}, {"0", "1", "50"}])
async def test_an_order_that_makes_every_call_fail_does_not_keep_the_others_unread(
    failed: CallFailed, bad: set[str]
) -> None:
    panel = Panel(
        lambda ids: failed if bad & {*ids} else all_done(ids),
        lambda one: failed if one in bad else DONE,
    )
    reader, ids = reader_of(panel), [str(number) for number in range(BATCH_MAX)]
    seen: set[str] = set()
    for _ in range(40):
        found = await reader.many(ids)
        seen |= set() if isinstance(found, CallFailed) else found.keys()
    assert seen == {*ids} - bad
    panel.sizes.clear()
    found = await reader.many(ids)
    assert found == all_done([one for one in ids if one not in bad])
    assert len(panel.sizes) < BATCH_MAX // 2


async def test_a_panel_that_is_down_gets_one_call_each_time() -> None:
    panel = Panel(lambda _: DOWN, lambda _: DOWN)
    reader = reader_of(panel)
    for _ in range(20):
        assert await reader.many(IDS) == DOWN
    assert len(panel.sizes) == 20


async def test_after_a_long_outage_an_order_that_spoils_every_answer_comes_last() -> None:
    down = True
    panel = Panel(
        lambda ids: DOWN if down or "0" in ids else all_done(ids),
        lambda one: DOWN if down or one == "0" else DONE,
    )
    reader = reader_of(panel)
    for _ in range(20):
        await reader.many(IDS)
    down = False
    await reader.many(IDS)
    assert await reader.many(IDS) == all_done(IDS[1:])


async def test_a_refused_order_is_asked_about_beside_one_that_spoils_every_answer() -> None:
    spoils = False
    panel = Panel(
        lambda ids: REFUSED if "1" in ids else DOWN if spoils and "0" in ids else all_done(ids),
        lambda one: DOWN if spoils and one == "0" else DONE if one != "1" else GONE,
    )
    reader = reader_of(panel)
    await reader.many(IDS[:3])
    spoils = True
    for _ in range(10):
        await reader.many(IDS[:2])
    assert await reader.many(IDS[:2]) == {"1": GONE}
