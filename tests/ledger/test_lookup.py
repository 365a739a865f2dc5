"""Finding a line of the log by its number, without reading what is before it."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.given import NOON_MS

from ledger import commands as c
from ledger.ledger import Ledger
from ledger.store.file_log import FileLog
from ledger.store.reader import BadLog, LogReader, reader_behind
from ledger.store.record import parse_record


def give(key: str, reason: str) -> c.AdjustBalance:
    return c.AdjustBalance(by="admin:7", user_id=1, amount_points=1, reason=reason, key=key)


async def write(folder, reasons) -> None:
    ledger = await Ledger.open_folder(folder, clock=lambda: NOON_MS)
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
    everything = list(LogReader(FileLog(path)).events())
    assert len(everything) == len(reasons) + 2
    with FileLog(path) as log:
        for seq in range(len(everything) + 1):
            assert list(reader_behind(log, seq).events()) == everything[seq:]
            if seq:
                assert parse_record(log.record(seq)) == everything[seq - 1]


async def test_a_line_behind_the_last_one_is_not_found(tmp_path):
    await write(tmp_path, ["one"])
    with FileLog(tmp_path / "events.jsonl") as log, pytest.raises(LookupError, match="no line 4"):
        reader_behind(log, 4)


async def test_damage_behind_the_line_is_named(tmp_path):
    await write(tmp_path, ["one", "two", "three"])
    path = tmp_path / "events.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"two"', b'"owt"'))
    with FileLog(path) as log, pytest.raises(BadLog, match="line 4"):
        list(reader_behind(log, 2).events())
