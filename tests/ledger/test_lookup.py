"""A line of the log is found by its number, and read on from, without reading what is before."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.given import NOON_MS

from ledger import commands as c
from ledger.ledger import Ledger
from ledger.store.lookup import RecordLookup, batches_behind
from ledger.store.reader import BadLog, LogReader


def give(key: str, reason: str) -> c.AdjustBalance:
    return c.AdjustBalance(by="admin:7", user_id=1, amount_points=1, reason=reason, key=key)


async def write(folder, reasons) -> None:
    ledger = await Ledger.open(folder, clock=lambda: NOON_MS)
    await ledger.execute(c.Join(by="user:1", user_id=1, referral_code="code1"))
    await asyncio.gather(
        *(ledger.execute(give(str(key), reason)) for key, reason in enumerate(reasons))
    )
    await ledger.close()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    reasons=st.lists(
        st.integers(1, 200).flatmap(lambda n: st.sampled_from(["x" * n, "é" * n])), max_size=60
    )
)
def test_behind_every_line_the_rest_of_the_log_is_read(tmp_path_factory, reasons):
    folder = tmp_path_factory.mktemp("log")
    asyncio.run(write(folder, reasons))
    path = folder / "events.jsonl"
    everything = list(LogReader(path).events())
    assert len(everything) == len(reasons) + 2
    with RecordLookup(path) as lines:
        for seq in range(len(everything) + 1):
            rest = [event for batch in batches_behind(path, seq) for event in batch]
            assert rest == everything[seq:]
            if seq:
                assert lines.event(seq) == everything[seq - 1]


async def test_a_line_behind_the_last_one_is_not_found(tmp_path):
    await write(tmp_path, ["one"])
    with pytest.raises(LookupError, match="no line 4"):
        next(batches_behind(tmp_path / "events.jsonl", 4))


async def test_damage_behind_the_line_is_named(tmp_path):
    await write(tmp_path, ["one", "two", "three"])
    path = tmp_path / "events.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"two"', b'"owt"'))
    with pytest.raises(BadLog, match="line 4"):
        list(batches_behind(path, 2))
