"""A person's history, read backwards from the log."""

import asyncio
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.given import NOON_MS
from support.stores import GatedStore

from ledger import commands as c
from ledger.history import Cursor, HistoryReader, change_of
from ledger.ledger import Ledger
from ledger.store.memory import MemoryLogStore
from ledger.store.reader import LogReader

STEPS = st.lists(
    st.tuples(st.integers(1, 5), st.integers(-50, 100), st.text(max_size=30)), max_size=60
)


async def write(store, steps) -> Ledger:
    clock_ms = NOON_MS
    ledger = await Ledger.open(store, clock=lambda: clock_ms)
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


def give(user_id: int, points: int) -> c.AdjustBalance:
    return c.AdjustBalance(
        by="admin:7", user_id=user_id, amount_points=points, reason="", key=f"give:{points}"
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, limit=st.integers(1, 7))
def test_leafing_back_shows_every_event_with_the_balance_after_it(steps, limit):
    store = MemoryLogStore()

    async def play():
        ledger = await write(store, steps)
        await ledger.close()
        return ledger.state

    state = asyncio.run(play())
    expected = defaultdict(list)
    balances: dict[int, int] = defaultdict(int)
    for event in LogReader(store).events():
        user_id = getattr(event, "user_id", None)
        if user_id:
            balances[user_id] += change_of(event, user_id)
            expected[user_id].insert(0, (event.seq, balances[user_id]))
    reader = HistoryReader(store)
    for user_id, user in state.users.items():
        cursor, seen = Cursor(user.last_seq, user.balance), []
        while cursor:
            page = reader.page(user_id, cursor, limit)
            assert len(page.lines) <= limit
            seen += [(line.event.seq, line.balance_points) for line in page.lines]
            cursor = page.older
        assert seen == expected[user_id]


@pytest.mark.parametrize("seq", [1, 2, 4, 99, 10**12])
async def test_a_forged_cursor_shows_nothing_of_others(seq):
    ledger = await write(MemoryLogStore(), [(2, 50, "a secret")])
    with pytest.raises(LookupError):
        await ledger.history(5, Cursor(seq, 0), 10)
    await ledger.close()


async def test_only_what_moved_the_balance_when_asked_so():
    ledger = await write(MemoryLogStore(), [(1, 5, "x"), (1, 7, "y")])
    await ledger.execute(c.Ban(by="admin:7", user_id=1, key="ban"))
    page = await ledger.history(1, None, 10, moves_only=True)
    assert [(line.change_points, line.balance_points) for line in page.lines] == [(7, 12), (5, 5)]
    await ledger.close()


async def test_older_moves_are_offered_only_where_there_are_some():
    ledger = await write(MemoryLogStore(), [(1, 5, "x"), (1, 7, "y")])
    await ledger.execute(c.Ban(by="admin:7", user_id=1, key="ban"))
    assert (await ledger.history(1, None, 2, moves_only=True)).older is None
    older = (await ledger.history(1, None, 1, moves_only=True)).older
    assert older is not None
    page = await ledger.history(1, older, 1, moves_only=True)
    assert [(line.change_points, line.balance_points) for line in page.lines] == [(5, 5)]
    assert page.older is None
    await ledger.close()


async def test_a_history_has_what_was_decided_before_it_was_asked_for():
    """It waits for the log; what is decided meanwhile is for the next page that is asked for."""
    store = GatedStore()
    ledger = await write(store, [])
    store.gate.clear()
    giving = asyncio.create_task(ledger.execute(give(1, 5)))
    await asyncio.to_thread(store.waiting.wait)
    reading = asyncio.create_task(ledger.history(1, None, 10))
    await asyncio.sleep(0)
    giving_more = asyncio.create_task(ledger.execute(give(1, 7)))
    await asyncio.sleep(0)
    store.gate.set()
    page = await reading
    assert [line.balance_points for line in page.lines] == [5, 0]
    await asyncio.gather(giving, giving_more)
    await ledger.close()


async def test_a_history_up_to_a_moment_begins_with_the_last_event_by_then():
    ledger = await write(MemoryLogStore(), [(1, 5, "x"), (2, 9, "z"), (1, 7, "y")])
    seqs = [line.event.seq for line in (await ledger.history(1, None, 9)).lines]
    assert await ledger.history_at(1, seqs[0] - 1) == Cursor(seqs[1], 5)
    assert await ledger.history_at(1, 1) is None
    await ledger.close()


async def test_an_event_is_found_by_its_number_once_it_is_durable():
    store = GatedStore()
    ledger = await write(store, [(1, 5, "x")])
    assert (await ledger.event(7)).amount_points == 5
    store.gate.clear()
    giving = asyncio.create_task(ledger.execute(give(1, 5)))
    await asyncio.to_thread(store.waiting.wait)
    with pytest.raises(LookupError, match="no line 8"):
        await ledger.event(8)
    store.gate.set()
    await giving
    assert (await ledger.event(8)).amount_points == 5
    await ledger.close()


@pytest.mark.parametrize("after", [0, 1, 5, 6])
async def test_events_after_a_line_end_where_followers_begin(after):
    """Each event comes once: from the log, or to the follower."""
    ledger = await write(MemoryLogStore(), [])
    got = []
    async for event in ledger.events_after(after):
        got.append(event.seq)
        if len(got) < 20:
            giving = asyncio.create_task(ledger.execute(give(1, len(got))))
            await asyncio.sleep(0)
    ledger.follow(lambda event: got.append(event.seq))
    await ledger.execute(give(1, 100))
    if after < 6:
        await giving
    assert got == list(range(after + 1, ledger.head.seq + 1))
    await ledger.close()


async def test_events_after_a_line_that_is_not_there_are_an_error():
    store = MemoryLogStore()
    ledger = await write(store, [])
    del store._lines[3:]
    with pytest.raises(LookupError, match="no line 5"):
        [event async for event in ledger.events_after(5)]
    with pytest.raises(LookupError, match="no line 4"):
        [event async for event in ledger.events_after(3)]
    await ledger.close()
