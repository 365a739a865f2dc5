"""A person's history, read backwards from the log."""

import asyncio
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.given import NOON_MS

from ledger import commands as c
from ledger.history import Cursor, HistoryReader, change_of
from ledger.ledger import Ledger
from ledger.store.file_log import FileLog
from ledger.store.reader import LogReader

STEPS = st.lists(
    st.tuples(st.integers(1, 5), st.integers(-50, 100), st.text(max_size=30)), max_size=60
)


async def write(folder, steps) -> Ledger:
    clock_ms = NOON_MS
    ledger = await Ledger.open_folder(folder, clock=lambda: clock_ms)
    for user_id in range(1, 6):
        await ledger.execute(
            c.Join(by=f"user:{user_id}", user_id=user_id, referral_code=f"c{user_id}")
        )
    for number, (user_id, points, reason) in enumerate(steps):
        clock_ms += 40_000
        await ledger.execute(
            c.AdjustBalance(
                by="admin:7",
                user_id=user_id,
                amount_points=points,
                reason=reason * (1 + number % 40),
                key=str(number),
            )
        )
    return ledger


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, limit=st.integers(1, 7))
def test_leafing_back_shows_every_event_with_the_balance_after_it(tmp_path_factory, steps, limit):
    folder = tmp_path_factory.mktemp("history")

    async def play():
        ledger = await write(folder, steps)
        await ledger.close()
        return ledger.state

    state = asyncio.run(play())
    expected = defaultdict(list)
    balances: dict[int, int] = defaultdict(int)
    for event in LogReader(FileLog(folder / "events.jsonl")).events():
        user_id = getattr(event, "user_id", None)
        if user_id:
            balances[user_id] += change_of(event, user_id)
            expected[user_id].insert(0, (event.seq, balances[user_id]))
    with FileLog(folder / "events.jsonl") as log:
        reader = HistoryReader(log)
        for user_id, user in state.users.items():
            cursor, seen = Cursor(user.last_seq, user.balance), []
            while cursor:
                page = reader.page(user_id, cursor, limit)
                assert len(page.lines) <= limit
                seen += [(line.event.seq, line.balance_points) for line in page.lines]
                cursor = page.older
            assert seen == expected[user_id]


@pytest.mark.parametrize("seq", [1, 2, 4, 99, 10**12])
async def test_a_forged_cursor_shows_nothing_of_others(tmp_path, seq):
    ledger = await write(tmp_path, [(2, 50, "a secret")])
    with FileLog(tmp_path / "events.jsonl") as log, pytest.raises(LookupError):
        HistoryReader(log).page(5, Cursor(seq, 0), 10)
    await ledger.close()


async def test_only_what_moved_the_balance_when_asked_so(tmp_path):
    ledger = await write(tmp_path, [(1, 5, "x"), (1, 7, "y")])
    await ledger.execute(c.Ban(by="admin:7", user_id=1, key="ban"))
    user = ledger.state.users[1]
    with FileLog(tmp_path / "events.jsonl") as log:
        reader, newest = HistoryReader(log), Cursor(user.last_seq, user.balance)
        page = reader.page(1, newest, 10, moves_only=True)
    assert [(line.change_points, line.balance_points) for line in page.lines] == [(7, 12), (5, 5)]
    await ledger.close()


async def test_older_moves_are_offered_only_where_there_are_some(tmp_path):
    ledger = await write(tmp_path, [(1, 5, "x"), (1, 7, "y")])
    await ledger.execute(c.Ban(by="admin:7", user_id=1, key="ban"))
    user = ledger.state.users[1]
    with FileLog(tmp_path / "events.jsonl") as log:
        reader, newest = HistoryReader(log), Cursor(user.last_seq, user.balance)
        assert reader.page(1, newest, 2, moves_only=True).older is None
        older = reader.page(1, newest, 1, moves_only=True).older
        assert older is not None
        page = reader.page(1, older, 1, moves_only=True)
    assert [(line.change_points, line.balance_points) for line in page.lines] == [(5, 5)]
    assert page.older is None
    await ledger.close()
