"""The daily digest: once a UTC day, with the figures and hash of one line of the log."""

import asyncio
import re

import pytest
from support.given import NOON_MS
from telegram.error import Forbidden, NetworkError

from bot.notify.digest import LOOK_EVERY_S, DigestSender
from i18n import Translators
from ledger import commands as c
from ledger import events as e
from ledger.audit.known_heads import find_line
from ledger.audit.verify import verify
from ledger.clocks.timestamps import DAY_MS
from ledger.ledger import Ledger
from ledger.store.file import LOG_NAME
from ledger.store.memory import MemoryLogStore
from ledger.store.reader import LogReader

HALF_A_DAY_MS = DAY_MS // 2
ADMINS = frozenset({7, 8})


class FakeBot:
    """Takes messages, unless told what goes wrong."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str]] = []
        self.problem: dict[int, Exception] = {}

    async def say(self, chat_id: int, text: str, **_: object) -> None:
        if chat_id in self.problem:
            raise self.problem[chat_id]
        self.sent.append((chat_id, text))


class Room:
    """A ledger with a clock of its own, and the keeper's sleep in the test's hands."""

    def __init__(self) -> None:
        self.store = MemoryLogStore()
        self.now_ms = NOON_MS
        self.bot = FakeBot()
        self.naps: asyncio.Queue[float] = asyncio.Queue()
        self._wake: asyncio.Queue[None] = asyncio.Queue()
        self.ledger: Ledger
        self.keeper: DigestSender

    async def _sleep(self, seconds: float) -> None:
        self.naps.put_nowait(seconds)
        await self._wake.get()

    async def open(self) -> float:
        """Begin; how long it sleeps first."""
        self.ledger = await Ledger.open(self.store, clock=lambda: self.now_ms)
        self.keeper = DigestSender(
            self.bot, self.ledger, ADMINS, Translators(strict=True), sleep=self._sleep
        )
        self.keeper.start()
        return await self.naps.get()

    async def wake(self) -> float:
        """Let it look; how long it sleeps then."""
        self._wake.put_nowait(None)
        return await self.naps.get()

    async def close(self) -> None:
        await self.keeper.stop()
        await self.ledger.close()

    async def do(self, command: c.AnyCommand) -> None:
        assert isinstance(await self.ledger.execute(command), tuple)

    async def join(self, user_id: int) -> None:
        await self.do(c.Join(by="user:1", user_id=user_id, referral_code=f"c{user_id}"))

    async def ad(self, user_id: int) -> None:
        self.now_ms += 60_000
        number = self.ledger.state.users[user_id].ads_watched + 1
        await self.do(
            c.RewardAd(
                by="user:1", user_id=user_id, ad_number=number, opened_at_ms=self.now_ms - 60_000
            )
        )

    def digests(self) -> list[e.DigestSent]:
        events = LogReader(self.store).events()
        return [event for event in events if isinstance(event, e.DigestSent)]


@pytest.fixture
async def room():
    room = Room()
    yield room
    await room.close()


async def test_it_tells_every_admin_the_figures_and_the_hash_of_the_line_they_are_true_at(room):
    await room.open()
    await room.join(1)
    await room.join(2)
    await room.ad(1)
    head = room.ledger.head
    room.now_ms += HALF_A_DAY_MS
    await room.wake()
    (first, text), (second, same) = room.bot.sent
    assert ({first, second}, text) == (set(ADMINS), same)
    assert "up to 1 Jan 2026 (UTC)" in text
    assert "People: <b>2</b>\n" in text
    assert "Ads watched: <b>1</b>\n" in text
    assert "Points people hold: <b>1</b>" in text
    assert "For watched ads: +1\n✅ Every point is accounted for\n" in text
    assert f"line {head.seq:,}" in text
    assert f"verify --head {head.hash}<" in text
    (noted,) = room.digests()
    assert (noted.day, noted.head_seq, noted.head_hash) == ("2026-01-01", head.seq, head.hash)
    assert (noted.people, noted.ads, noted.orders) == (2, 1, 0)


async def test_the_hash_an_admin_was_told_is_found_again_however_long_the_log_grows(room, tmp_path):
    await room.open()
    await room.join(1)
    room.now_ms += DAY_MS
    await room.wake()
    told = re.search(r"--head (\w{64})", room.bot.sent[0][1])
    for _ in range(20):
        await room.ad(1)
    found = find_line(room.store, told[1])
    assert (found.seq, found.hash) == (2, told[1])
    (tmp_path / LOG_NAME).write_bytes(b"".join(room.store.read(0)))
    assert verify(tmp_path).holds


async def test_a_day_has_one_digest_also_across_restarts(room):
    await room.open()
    await room.join(1)
    room.now_ms += DAY_MS
    await room.wake()
    assert len(room.bot.sent) == 2
    await room.wake()
    await room.close()
    await room.open()
    assert len(room.bot.sent) == 2
    room.now_ms += DAY_MS
    await room.wake()
    assert [noted.day for noted in room.digests()] == ["2026-01-01", "2026-01-02"]
    assert len(room.bot.sent) == 4


async def test_one_that_was_missed_is_sent_at_the_next_start(room):
    await room.open()
    await room.join(1)
    await room.close()
    room.now_ms += 3 * DAY_MS
    await room.open()
    assert [noted.day for noted in room.digests()] == ["2026-01-03"]


async def test_what_is_new_is_counted_from_the_last_digest_also_after_a_restart(room):
    await room.open()
    await room.join(1)
    await room.ad(1)
    room.now_ms += DAY_MS
    await room.wake()
    await room.join(2)
    await room.join(3)
    await room.close()
    await room.open()
    await room.ad(2)
    room.now_ms += DAY_MS
    await room.wake()
    text = room.bot.sent[-1][1]
    assert "People: <b>3</b> (+2 since the last digest)" in text
    assert "Ads watched: <b>2</b> (+1 since the last digest)" in text


async def test_an_empty_shop_has_no_digest_and_neither_has_its_first_day(room):
    await room.open()
    room.now_ms += DAY_MS
    await room.wake()
    await room.join(1)
    await room.wake()
    assert room.bot.sent == []


async def test_the_figures_wait_for_what_is_still_on_its_way_to_the_disk(room):
    await room.open()
    await room.join(1)
    room.now_ms += DAY_MS
    # Nothing has let the writer's answer in since this was decided.
    number = asyncio.ensure_future(room.ad(1))
    await asyncio.sleep(0)
    assert room.ledger.state.seq > room.ledger.head.seq
    await room.wake()
    await number
    (noted,) = room.digests()
    assert (noted.head_seq, noted.ads) == (3, 1)
    assert noted.head_hash == room.ledger.state.books.digest.head_hash
    assert find_line(room.store, noted.head_hash).seq == 3


async def test_who_can_be_reached_is_told_though_another_can_not(room):
    room.bot.problem = {7: NetworkError("no way")}
    await room.open()
    await room.join(1)
    room.now_ms += DAY_MS
    await room.wake()
    assert [chat_id for chat_id, _ in room.bot.sent] == [8]
    assert len(room.digests()) == 1


async def test_a_digest_that_reached_nobody_is_not_noted_and_tried_again(room, caplog):
    room.bot.problem = {7: NetworkError("no way"), 8: Forbidden("bot was blocked by the user")}
    await room.open()
    await room.join(1)
    room.now_ms += DAY_MS
    nap = await room.wake()
    assert nap <= LOOK_EVERY_S
    assert room.digests() == []
    assert "reached no admin" in caplog.text
    room.bot.problem = {}
    await room.wake()
    assert len(room.digests()) == 1


async def test_it_sleeps_to_the_end_of_the_day_and_never_longer_than_an_hour(room):
    room.now_ms += HALF_A_DAY_MS - 90_000
    assert await room.open() == 90
    room.now_ms += 90_000
    assert await room.wake() == LOOK_EVERY_S


YEAR_MS = 365 * DAY_MS


async def test_a_clock_that_was_a_year_ahead_silences_no_digest_and_admins_hear_of_it(room):
    await room.open()
    await room.join(1)
    room.now_ms += YEAR_MS
    await room.wake()
    assert [one.day for one in room.digests()] == ["2026-12-31"]
    room.bot.sent.clear()
    room.now_ms -= YEAR_MS
    await room.wake()
    assert [one.day for one in room.digests()] == ["2026-12-31", "2025-12-31"]
    (_, text), _ = room.bot.sent
    assert "the log has the day 31 Dec 2026, which is still to come" in text
    room.bot.sent.clear()
    await room.wake()
    assert room.bot.sent == []
    room.now_ms += DAY_MS
    await room.wake()
    assert [one.day for one in room.digests()][2:] == ["2026-01-01"]
    (_, text), _ = room.bot.sent
    assert "still to come" not in text


async def test_people_who_joined_by_a_clock_that_was_ahead_delay_no_first_digest(room):
    await room.open()
    room.now_ms += YEAR_MS
    await room.join(1)
    room.now_ms -= YEAR_MS
    await room.wake()
    assert [one.day for one in room.digests()] == ["2025-12-31"]
    assert "1 Jan 2027, which is still to come" in room.bot.sent[0][1]


async def test_a_clock_set_back_tells_nobody_twice(room):
    await room.open()
    await room.join(1)
    room.now_ms += 2 * DAY_MS
    await room.wake()
    room.now_ms -= DAY_MS
    await room.wake()
    assert len(room.digests()) == 1
    assert len(room.bot.sent) == 2
