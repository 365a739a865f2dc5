"""Broadcasts across failures of Telegram, crashes and restarts."""

import asyncio

import pytest

from bot.metrics_hooks import BotHooks
from bot.notify.broadcaster import BATCH, Broadcaster
from bot.text.admin.broadcast_texts import broadcast_progress
from i18n import Translator, Translators
from ledger import commands as c
from ledger import events as e

PEOPLE = 25
NEWS = "Free points on Sunday!"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360"
    "606000000004000146a5e2130000000049454e44ae426082"
)
T = Translator(strict=True)


async def at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


class Mailing:
    """A broadcast to the admin and the people, and what they have got of it."""

    def __init__(self, room) -> None:
        self.room = room
        self.people = []
        self.id = ""

    async def begin(self, people: int) -> None:
        room = self.room
        for number in range(people):
            user = await room.world.add_user(f"P{number}")
            await room.join(user)
            self.people.append(user)
        news = await room.admin.say(NEWS)
        await room.bot.say(room.admin.id, "Send it?")
        question = await room.admin.last()
        self.id = f"{room.bot.id}:{room.admin.id}:{question.id}"
        outcome = await room.ledger.execute(
            c.StartBroadcast(
                by=f"admin:{room.admin.id}",
                broadcast_id=self.id,
                chat_id=room.admin.id,
                message_id=news.id,
            )
        )
        assert isinstance(outcome, tuple)

    def start(self, pause=at_once) -> Broadcaster:
        broadcaster = Broadcaster(
            self.room.bot, self.room.ledger, Translators(strict=True), pause=pause
        )
        broadcaster.start()
        return broadcaster

    @property
    def noted(self):
        return self.room.ledger.state.broadcasts[self.id]

    async def begin_another(self) -> str:
        """One more broadcast; returns its text."""
        room, news = self.room, await self.room.admin.say("One thing more!")
        outcome = await room.ledger.execute(
            c.StartBroadcast(
                by=f"admin:{room.admin.id}",
                broadcast_id=f"{self.id}1",
                chat_id=room.admin.id,
                message_id=news.id,
            )
        )
        assert isinstance(outcome, tuple)
        return "One thing more!"

    async def until(self, kind: type[e.BroadcastEvent]) -> None:
        """Until the ledger notes this; only what comes from now on counts."""
        noted = asyncio.Event()
        self.room.ledger.follow(lambda event: noted.set() if isinstance(event, kind) else None)
        if not (kind is e.BroadcastFinished and self.noted.finished):
            await noted.wait()

    async def copies(self) -> list[int]:
        """How often each person has got it."""
        return [
            sum(seen.by_bot and NEWS in seen for seen in await user.messages())
            for user in self.people
        ]


@pytest.fixture
async def mailing(room):
    return Mailing(room)


@pytest.mark.parametrize("kind", ["500", "drop"])
async def test_a_failure_of_telegram_uses_up_nobody(mailing, kind):
    await mailing.begin(3)
    world, waited = mailing.room.world, []
    await world.fault(kind, times=None)

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 40:
            assert await world.clear_faults() >= 4
        await asyncio.sleep(0)

    broadcaster = mailing.start(pause)
    await mailing.until(e.BroadcastFinished)
    await broadcaster.stop()
    assert (mailing.noted.sent, mailing.noted.failed) == (4, 0)
    assert await mailing.copies() == [1, 1, 1]
    assert waited[0] == 1.0
    assert max(waited) > 60 / 2


async def test_a_lost_answer_is_asked_for_once_more_at_most(mailing):
    await mailing.begin(1)
    (anna,) = mailing.people
    await mailing.room.world.fault("drop", "copyMessage", to=anna, after=True, times=None)
    broadcaster = mailing.start()
    await mailing.until(e.BroadcastFinished)
    await broadcaster.stop()
    assert await mailing.room.world.clear_faults() == 2
    assert (mailing.noted.sent, mailing.noted.failed) == (1, 1)


async def test_what_telegram_refuses_is_not_asked_for_again(mailing):
    await mailing.begin(1)
    await mailing.room.world.fault("error", "copyMessage", to=mailing.people[0], times=None)
    broadcaster = mailing.start()
    await mailing.until(e.BroadcastFinished)
    await broadcaster.stop()
    assert await mailing.room.world.clear_faults() == 1
    assert (mailing.noted.sent, mailing.noted.failed) == (1, 1)


async def test_too_much_at_once_is_waited_out(mailing):
    await mailing.begin(1)
    await mailing.room.world.fault("429", "copyMessage", to=mailing.people[0], retry_after_s=1)
    broadcaster = mailing.start()
    await mailing.until(e.BroadcastFinished)
    await broadcaster.stop()
    assert await mailing.room.world.clear_faults() == 1
    assert await mailing.copies() == [1]


class Priorities(BotHooks):
    def __init__(self) -> None:
        self.heard = []

    def call_waited(self, priority: str, wait_s: float) -> None:  # noqa: ARG002 - as it is called
        self.heard.append(priority)


async def test_everything_a_broadcast_sends_steps_back_behind_answers(mailing):
    await mailing.begin(3)
    hooks = mailing.room.gate._hooks = Priorities()
    broadcaster = mailing.start()
    await mailing.until(e.BroadcastFinished)
    await broadcaster.stop()
    assert hooks.heard == ["broadcast"] * 5  # four people, and the admin's question that shows it


async def first_batch_in_hand(mailing: Mailing) -> Broadcaster:
    """The first batch is out but for one person, whom Telegram keeps waiting."""
    await mailing.begin(PEOPLE)
    last = mailing.people[BATCH - 2]
    await mailing.room.world.fault("slow", "copyMessage", to=last, after=True)
    broadcaster = mailing.start()
    await last.wait_for(NEWS)
    for user in mailing.people[: BATCH - 1]:
        if user is not last:
            await user.wait_for(NEWS)
    assert mailing.noted.cursor == BATCH
    return broadcaster


async def test_a_clean_restart_knows_how_everybody_fared(mailing):
    broadcaster = await first_batch_in_hand(mailing)
    stopping = asyncio.create_task(broadcaster.stop())
    await asyncio.sleep(0)
    assert await mailing.room.world.release_slow_calls() == 1
    await stopping
    assert (mailing.noted.cursor, mailing.noted.sent) == (BATCH, BATCH)
    await mailing.room.close()
    await mailing.room.open()
    again = mailing.start()
    await mailing.until(e.BroadcastFinished)
    await again.stop()
    assert mailing.noted.sent == PEOPLE + 1
    assert "unknown" not in broadcast_progress(T, mailing.noted)
    assert await mailing.copies() == [1] * PEOPLE


async def test_after_a_crash_nobody_is_written_to_twice(mailing):
    broadcaster = await first_batch_in_hand(mailing)
    assert broadcaster._task is not None
    broadcaster._task.cancel()
    await asyncio.gather(broadcaster._task, return_exceptions=True)
    await mailing.room.close()
    await mailing.room.open()
    assert (mailing.noted.cursor, mailing.noted.sent) == (BATCH, 0)
    again = mailing.start()
    await mailing.until(e.BroadcastFinished)
    await again.stop()
    assert mailing.noted.sent == PEOPLE + 1 - BATCH
    assert f"{BATCH} are unknown" in broadcast_progress(T, mailing.noted)
    assert await mailing.copies() == [1] * PEOPLE


async def test_who_is_to_wait_long_does_not_hold_up_the_next_broadcast(mailing, monkeypatch):
    monkeypatch.setattr("bot.notify.broadcaster.STRAGGLERS_WITHIN_S", 0.2)
    await mailing.begin(2)
    anna, ben = mailing.people
    await mailing.room.world.fault("429", "copyMessage", to=anna, times=None, retry_after_s=900)
    broadcaster = mailing.start()
    await ben.wait_for(NEWS)
    more = await mailing.begin_another()
    await ben.wait_for(more)
    assert not mailing.noted.finished
    await broadcaster.stop()


async def test_an_admin_in_trouble_does_not_hold_up_the_broadcast_that_is_shown_there(
    mailing, monkeypatch
):
    monkeypatch.setattr("bot.notify.broadcaster.PROGRESS_EVERY_S", 0.0)
    await mailing.begin(PEOPLE)
    admin = mailing.room.admin
    await mailing.room.world.fault(
        "429", "editMessageText", to=admin, times=None, retry_after_s=900
    )
    broadcaster = mailing.start()
    await mailing.people[-1].wait_for(NEWS)
    await mailing.until(e.BroadcastFinished)
    await broadcaster.stop()
    assert mailing.noted.sent == PEOPLE + 1


async def test_at_the_stop_who_is_still_being_written_to_is_logged_and_the_others_are_counted(
    mailing, caplog
):
    await mailing.begin(3)
    anna, *others = mailing.people
    await mailing.room.world.fault("429", "copyMessage", to=anna, times=None, retry_after_s=900)
    broadcaster = mailing.start()
    for one in others:
        await one.wait_for(NEWS)
    async with asyncio.timeout(1.9):  # a room's time at the shutdown
        await broadcaster.stop()
    assert (mailing.noted.cursor, mailing.noted.sent) == (4, 3)
    assert "being sent to 1 people at the stop" in caplog.text
    again = mailing.start()
    await mailing.until(e.BroadcastFinished)
    await again.stop()
    assert (mailing.noted.sent, mailing.noted.failed) == (3, 0)
    assert "unknown" in broadcast_progress(T, mailing.noted)


async def test_while_nobody_at_all_gets_it_no_more_people_are_begun_with(mailing, monkeypatch):
    monkeypatch.setattr("bot.notify.broadcaster.BATCH_WITHIN_S", 0.05)
    await mailing.begin(PEOPLE)
    await mailing.room.world.fault("slow", "copyMessage", times=None)
    shown = asyncio.Event()
    monkeypatch.setattr(Broadcaster, "_show_soon", lambda *_: shown.set())
    broadcaster = mailing.start()
    await mailing.room.world.wait_for_call("copyMessage")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await shown.wait()
    assert mailing.noted.cursor == BATCH
    await mailing.room.world.clear_faults()
    await mailing.until(e.BroadcastFinished)
    await broadcaster.stop()


async def test_more_people_in_trouble_than_there_are_places_do_not_hold_up_the_stop(
    mailing, monkeypatch
):
    monkeypatch.setattr("bot.notify.broadcaster.STRAGGLERS_MAX", 1)
    monkeypatch.setattr("bot.notify.broadcaster.BATCH_WITHIN_S", 0.1)
    await mailing.begin(PEOPLE)
    for one in mailing.people[:5]:
        await mailing.room.world.fault("429", "copyMessage", to=one, times=None, retry_after_s=900)
    broadcaster = mailing.start()
    for one in mailing.people[5 : BATCH - 1]:
        await one.wait_for(NEWS)
    async with asyncio.timeout(1.9):
        await broadcaster.stop()
    assert (mailing.noted.cursor, mailing.noted.sent) == (BATCH, BATCH - 5)


@pytest.mark.parametrize(("deleted", "sent", "failed"), [(False, 2, 0), (True, 0, 2)])
async def test_an_album_goes_whole_or_counts_as_failed(room, deleted, sent, failed):
    anna = await room.world.add_user("Anna")
    await room.join(anna)
    parts = await room.admin.send_album(PICTURE, PICTURE, PICTURE, caption=NEWS)
    mailing = Mailing(room)
    mailing.people, mailing.id = [anna], f"{room.bot.id}:{room.admin.id}:1"
    first, *more = [part.id for part in parts]
    start = c.StartBroadcast(
        by="admin:7",
        broadcast_id=mailing.id,
        chat_id=room.admin.id,
        message_id=first,
        more_message_ids=tuple(more),
    )
    assert isinstance(await room.ledger.execute(start), tuple)
    if deleted:
        await room.admin.delete(parts[1])
    broadcaster = mailing.start()
    await mailing.until(e.BroadcastFinished)
    await broadcaster.stop()
    assert (mailing.noted.sent, mailing.noted.failed) == (sent, failed)
    albums = [seen.album for seen in await anna.messages() if seen.album]
    assert (len(albums), len(set(albums))) == (2 if deleted else 3, 1)
