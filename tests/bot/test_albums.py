"""Albums: parts come one by one, in order, without an end mark; the waiting is injected."""

import asyncio

import pytest

from bot.handlers.admin.broadcast import (
    DATA_CHARS_MAX,
    MESSAGE_ID_MAX,
    message_ids_as_data,
    message_ids_from,
)
from bot.receive.albums import PARTS_MAX, QUIET_S, REMEMBERED_MAX, Album, Albums
from bot.updates import Chat, Message

ANNA, BEN = 101, 102


def part(number: int, album: str = "a", chat: int = ANNA) -> Message:
    return Message(number, Chat(chat, "private"), media_group_id=album)


class Clock:
    """Pauses that end when the test says so."""

    def __init__(self) -> None:
        self.pauses: list[asyncio.Event] = []
        self.waited: list[float] = []

    async def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.pauses.append(asyncio.Event())
        await self.pauses[-1].wait()

    async def let_pass(self, number: int) -> None:
        """Wait until the pause with this number has begun, and end it."""
        while len(self.pauses) <= number:  # noqa: ASYNC110 - nothing to wait for but a turn
            await asyncio.sleep(0)
        self.pauses[number].set()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def albums(clock) -> Albums:
    return Albums(clock.pause)


def begin(albums: Albums, message: Message) -> "asyncio.Task[Album | None]":
    albums.note(message)
    return asyncio.create_task(albums.whole(message))


async def test_the_end_is_a_quiet_time_after_the_last_part(albums, clock):
    first = begin(albums, part(1))
    await clock.let_pass(0)
    albums.note(part(2))  # while the pause ends
    await clock.let_pass(1)
    assert await first == Album((1, 2), is_late=False)
    assert clock.waited == [QUIET_S, QUIET_S]
    assert await albums.whole(part(2)) is None, "the first part has brought it along"


async def test_as_many_parts_as_there_can_be_end_it_at_once(albums):
    first = begin(albums, part(1))
    for number in range(2, PARTS_MAX + 1):
        albums.note(part(number))
    assert await first == Album(tuple(range(1, PARTS_MAX + 1)), is_late=False)


@pytest.mark.parametrize("follower", [part(3, ""), part(3, "b")], ids=["message", "album"])
async def test_the_persons_next_message_ends_it_and_nobody_elses(albums, follower):
    first = begin(albums, part(1))
    albums.note(part(2))
    albums.note(part(9, "a", BEN))
    albums.note(part(10, "", BEN))
    await asyncio.sleep(0)
    assert not first.done()
    albums.note(follower)
    assert await first == Album((1, 2), is_late=False)


async def test_two_albums_at_once_stay_apart(albums, clock):
    for message in (part(1), part(2), part(3, "b"), part(4, "b")):
        albums.note(message)
    assert await albums.whole(part(1)) == Album((1, 2), is_late=False)
    second = asyncio.create_task(albums.whole(part(3, "b")))
    await clock.let_pass(0)
    assert await second == Album((3, 4), is_late=False)


async def test_a_part_that_comes_late_is_marked_and_a_repeated_one_is_nothing(albums, clock):
    first = begin(albums, part(1))
    await clock.let_pass(0)
    await first
    late = begin(albums, part(2))
    await clock.let_pass(1)
    assert await late == Album((2,), is_late=True)
    assert await albums.whole(part(1)) is None
    assert await albums.whole(part(2)) is None


async def test_without_a_word_of_its_arrival_an_album_is_collected_too(albums, clock):
    first = asyncio.create_task(albums.whole(part(1)))
    await clock.let_pass(0)
    assert await first == Album((1,), is_late=False)


async def test_after_a_restart_all_parts_may_come_again_and_make_the_same_album():
    async def at_once(_seconds: float) -> None:
        return

    for albums in (Albums(at_once), Albums(at_once)):
        for number in (1, 2, 3):
            albums.note(part(number))
        assert await albums.whole(part(1)) == Album((1, 2, 3), is_late=False)


async def test_a_stop_meanwhile_forgets_nothing_that_is_not_done(albums, clock):
    first = begin(albums, part(1))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    again = begin(albums, part(1))
    await clock.let_pass(len(clock.pauses) - 1)
    await clock.let_pass(1)
    assert await again == Album((1,), is_late=False)


async def test_only_the_last_albums_are_remembered():
    async def at_once(_seconds: float) -> None:
        return

    albums = Albums(at_once)
    for number in range(REMEMBERED_MAX + 5):
        await albums.whole(part(number + 1, f"album {number}"))
    assert len(albums._ended) == REMEMBERED_MAX
    assert not albums._open


@pytest.mark.parametrize(
    "ids", [[1], [5, 6, 7], [2_000_000_000 + n for n in range(10)], [7, 19, 1000]]
)
def test_an_albums_numbers_fit_under_a_button_and_come_back(ids):
    data = message_ids_as_data(ids)
    assert 0 < len(data) <= DATA_CHARS_MAX
    assert message_ids_from(data.split(":")) == ids


def test_numbers_too_far_apart_for_a_button_are_refused():
    assert message_ids_as_data([10**9 * n for n in range(1, 9)]) == ""


@pytest.mark.parametrize(
    "data", ["", "x", "0", "-1", "5:0", "5:-3", "5:x", "1" * 18, ":".join("1" * 11), "²"]
)
def test_forged_numbers_are_none(data):
    assert message_ids_from(data.split(":")) == []
    assert MESSAGE_ID_MAX < 10**17
