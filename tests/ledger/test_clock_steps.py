"""A clock that is set, ahead, or jumping pays no ad earlier, and locks nobody out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.books import events_of, forge
from support.given import ANNA, BEN, NOON_MS, Scenario, facts

from ledger import commands as c
from ledger import events as e
from ledger import refusals as r
from ledger.audit.verify import verify
from ledger.clocks.clock_watch import STEP_MIN_MS, ClockWatch
from ledger.ledger import Ledger
from ledger.rules.ads import ad_wait
from ledger.state import User
from ledger.store.file import LOG_NAME
from ledger.store.memory import MemoryLogStore
from ledger.store.recovery import recover
from ledger.store.snapshot import refresh

DAY_S = 86_400
YEAR_S = 365 * DAY_S
PAID = [("AdRewarded", ANNA, 1)]


@pytest.fixture
def world():
    world = Scenario()
    world.join(ANNA)
    return world


def paid(decision):
    return isinstance(decision, tuple)


def test_a_clock_that_flaps_by_a_day_pays_one_ad_a_pause(world):
    times_paid = 0
    for number in range(20):
        world.clock_is_set((-DAY_S, DAY_S)[number % 2])
        world.later(10)
        times_paid += paid(world.ad(ANNA))
    assert times_paid == 1 + (20 * 10 - 10) // 30


def test_a_clock_that_flaps_by_a_day_does_not_end_the_daily_cap(world):
    world.set("ads_per_day_max", 2)
    world.ads(ANNA, 2)
    for seconds in (-DAY_S, DAY_S, DAY_S, -DAY_S):
        world.clock_is_set(seconds)
        world.later(60)
        assert isinstance(world.ad(ANNA), r.DailyCapReached)


def test_a_clock_that_was_a_year_ahead_once_blocks_nobody(world):
    world.clock_is_set(YEAR_S)
    assert facts(world.ad(ANNA)) == PAID
    world.clock_is_set(-YEAR_S)
    assert world.ad(ANNA) == r.CooldownActive(30)
    world.later(30)
    assert facts(world.ad(ANNA)) == PAID


def test_the_cap_that_was_reached_a_year_ahead_ends_with_the_day(world):
    world.set("ads_per_day_max", 2)
    world.clock_is_set(YEAR_S)
    world.ads(ANNA, 2)
    world.clock_is_set(-YEAR_S)
    world.later(60)
    assert isinstance(world.ad(ANNA), r.DailyCapReached)
    world.later(DAY_S)
    assert facts(world.ad(ANNA)) == PAID
    assert world.state.users[ANNA].ads_today == 1


def test_a_pause_that_was_over_stays_over_when_the_clock_is_set(world):
    world.ad(ANNA)
    world.later(60)
    world.clock_is_set(-3600)
    assert facts(world.ad(ANNA)) == PAID


def test_yesterdays_ads_do_not_count_today_because_the_clock_was_set_a_little(world):
    world.set("ads_per_day_max", 2)
    world.ads(ANNA, 2)
    world.later(DAY_S)
    world.clock_is_set(-120)
    assert facts(world.ad(ANNA)) == PAID


def test_a_clock_that_went_back_while_the_program_was_off_is_noticed_at_the_next_command(world):
    """What passed meanwhile is unknown; nothing is assumed."""
    world.ad(ANNA)
    world._watch = ClockWatch(None)
    world.later(-YEAR_S)
    assert world.ad(ANNA) == r.CooldownActive(30)
    assert world.log[-1].step_ms == -YEAR_S * 1000
    world.later(30)
    assert facts(world.ad(ANNA)) == PAID


def test_asked_before_the_step_is_recorded_the_answer_is_the_same(world):
    """A handler asks what it shows without a command."""
    world.ad(ANNA)
    user = world.state.users[ANNA]
    assert ad_wait(world.state, user, world.now_ms - DAY_S * 1000) == r.CooldownActive(30)


def test_an_ad_ahead_of_a_log_of_an_earlier_version_locks_nobody_out(world):
    """That version recorded no steps."""
    world.ad(ANNA)
    user: User = world.state.users[ANNA]
    user.last_ad_at = "2027-01-01T12:00:00.000Z"
    assert facts(world.ad(ANNA)) == PAID


@settings(max_examples=200, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from([0, 0, 0, 5, -5, 3600, -3600, DAY_S, -DAY_S, YEAR_S, -YEAR_S]),
            st.integers(1, 100),
        ),
        max_size=60,
    )
)
def test_however_the_clock_jumps_nobody_is_paid_before_the_pause_nor_much_later(steps):
    world = Scenario()
    world.now_ms += 5 * YEAR_S * 1000
    world.join(ANNA)
    world.join(BEN)
    passed_s, last_s = 0, None
    for jump_s, wait_s in steps:
        if jump_s:
            world.clock_is_set(jump_s)
        world.later(wait_s)
        passed_s += wait_s
        decision = world.ad(ANNA)
        is_due = last_s is None or passed_s - last_s >= 30
        assert paid(decision) == is_due
        if is_due:
            last_s = passed_s


# In the running ledger.


class Machine:
    """A ledger on a machine whose clock can be set."""

    def __init__(self):
        self.now_ms, self.up_ms = NOON_MS, 5_000
        self.store = MemoryLogStore()
        self.ledger = None

    async def open(self):
        self.ledger = await Ledger.open(
            self.store, clock=lambda: self.now_ms, uptime=lambda: self.up_ms
        )

    def later(self, seconds, *, clock_is_set_s=0.0):
        self.up_ms += int(seconds * 1000)
        self.now_ms += int((seconds + clock_is_set_s) * 1000)

    async def ad(self):
        number = self.ledger.state.users[ANNA].ads_watched + 1
        return await self.ledger.execute(
            c.RewardAd(
                by="user:1",
                user_id=ANNA,
                ad_number=number,
                opened_at_ms=self.now_ms - 60_000,
                timed=False,
            )
        )

    async def join(self):
        await self.ledger.execute(c.Join(by="user:1", user_id=ANNA, referral_code="code0001"))

    def steps(self):
        lines = b"".join(self.store.read(0)).splitlines()
        found = [e.decode.decode(line) for line in lines]
        return [one.step_ms for one in found if isinstance(one, e.ClockStepped)]


@pytest.fixture
async def machine():
    machine = Machine()
    await machine.open()
    await machine.join()
    yield machine
    await machine.ledger.close()


async def test_a_step_forward_is_noticed_and_pays_nothing_earlier(machine):
    assert paid(await machine.ad())
    machine.later(10, clock_is_set_s=DAY_S)
    assert await machine.ad() == r.CooldownActive(20)
    assert machine.steps() == [DAY_S * 1000]
    machine.later(20)
    assert paid(await machine.ad())


async def test_a_long_quiet_time_is_no_step(machine):
    assert paid(await machine.ad())
    machine.later(YEAR_S)
    assert paid(await machine.ad())
    assert machine.steps() == []


async def test_a_clock_that_is_corrected_gradually_is_not_set(machine):
    for _ in range(10):
        machine.later(60, clock_is_set_s=(STEP_MIN_MS - 1) / 1000)
        assert paid(await machine.ad())
    assert machine.steps() == []


async def test_an_hour_back_is_noticed_however_long_nobody_came(machine):
    machine.later(7200, clock_is_set_s=-3600)
    assert paid(await machine.ad())
    assert machine.steps() == [-3600 * 1000]


async def test_a_restart_with_the_clock_behind_is_noticed(machine):
    assert paid(await machine.ad())
    await machine.ledger.close()
    machine.up_ms = 0
    machine.now_ms -= YEAR_S * 1000
    await machine.open()
    assert await machine.ad() == r.CooldownActive(30)
    machine.later(30)
    assert paid(await machine.ad())
    assert machine.steps() == [-YEAR_S * 1000]


async def test_steps_survive_a_restart_and_the_log_with_them_is_proved(tmp_path):
    now_ms = NOON_MS

    async def opened():
        return await Ledger.open_folder(tmp_path, clock=lambda: now_ms)

    async def ad(ledger, number):
        return await ledger.execute(
            c.RewardAd(by="user:1", user_id=ANNA, ad_number=number, opened_at_ms=0, timed=False)
        )

    ledger = await opened()
    await ledger.execute(c.Join(by="user:1", user_id=ANNA, referral_code="code0001"))
    assert paid(await ad(ledger, 1))
    now_ms -= DAY_S * 1000
    assert await ad(ledger, 2) == r.CooldownActive(30)
    now_ms += 30_000
    assert paid(await ad(ledger, 2))
    await ledger.close()
    refresh(tmp_path)
    assert verify(tmp_path).problems == ()
    state = recover(tmp_path).state
    assert state.books.clock_steps_ms == -DAY_S * 1000
    assert state.users[ANNA].ad_clock_steps_ms == -DAY_S * 1000
    assert state.users[ANNA].ads_today == 2
    ledger = await opened()
    assert await ad(ledger, 3) == r.CooldownActive(30)
    await ledger.close()


def test_a_state_without_a_step_is_written_as_before(tmp_path):
    """An earlier version's files stay comparable byte for byte."""
    forge(
        tmp_path / LOG_NAME,
        [
            e.LogStarted(seq=1, at="2026-01-01T12:00:00.000Z", by="system", format=1),
            e.UserJoined(
                seq=2, at="2026-01-01T12:00:00.000Z", by="user:1", user_id=1, referral_code="c"
            ),
        ],
    )
    refresh(tmp_path)
    assert len(events_of(tmp_path / LOG_NAME)) == 2
    assert b"clock" not in (tmp_path / "user_data.json").read_bytes()
