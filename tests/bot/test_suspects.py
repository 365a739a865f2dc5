"""After crashes one handler runs at a time, and the file says which; nobody else is suspected."""

import asyncio

import pytest
from support.scripted_telegram import accept

from bot.metrics_hooks import BotHooks
from bot.receive import suspects
from bot.receive.in_flight import current
from bot.receive.inbox import DEATHS_MAX, Inbox
from bot.receive.inbox_lines import read_inbox
from bot.receive.receiver import Receiver

BOT_ID = 123


def message(update_id, person=None):
    person = person or update_id
    who = {"id": person, "is_bot": False, "first_name": "Somebody"}
    chat = {"id": person, "type": "private"}
    content = {"message_id": 1, "date": 1, "chat": chat, "from": who, "text": "hello"}
    return {"update_id": update_id, "message": content}


class Handlers:
    """Handlers that wait where a test says: while they work, or for Telegram."""

    def __init__(self, *, working=(), waiting=()):
        self.bot = None
        self.working = {number: asyncio.Event() for number in working}
        self.waiting = {number: asyncio.Event() for number in waiting}
        self.begun, self.ended = [], []
        self.now = self.most = 0

    async def dispatch(self, update):
        number = update.update_id
        self.begun.append(number)
        self.now += 1
        self.most = max(self.most, self.now)
        if gate := self.working.get(number):
            await gate.wait()
        await asyncio.sleep(0)
        self.now -= 1
        if gate := self.waiting.get(number):
            async with current.get().waiting():
                await gate.wait()
        self.ended.append(number)


class Start:
    """One start of a program: what it finds, until it stops or crashes."""

    def __init__(self, path, handlers):
        self.path = path
        self.handlers = handlers
        self.inbox = Inbox.open(path, BOT_ID)
        self.receiver = Receiver(handlers, self.inbox, BotHooks())

    def suspected(self):
        return [one.update_id for one in read_inbox(self.path).handling]

    async def until(self, condition):
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110 - a thread writes the file
                await asyncio.sleep(0.001)

    async def crash(self):
        """Nothing is closed; the file stays as it is."""
        content = self.path.read_bytes()
        running = self.path.with_suffix(".running").read_bytes()
        await self.receiver.close(0)
        await self.inbox.close()
        self.path.write_bytes(content)
        self.path.with_suffix(".running").write_bytes(running)

    async def close(self):
        await self.receiver.close(5)
        await self.inbox.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "inbox.jsonl"


async def crashed(path, times, *updates):
    """So many starts have crashed, and left these updates, which merely waited."""
    people = {one["message"]["from"]["id"] for one in updates}
    for number in range(times):
        start = Start(path, Handlers(waiting=[one["update_id"] for one in updates]))
        start.receiver.recover()
        if number == 0:
            for update in updates:
                await start.receiver.ready_to_acknowledge([accept(start.receiver, update)])
        await start.until(lambda: len(start.handlers.begun) == len(people))  # noqa: B023
        await start.crash()


async def test_after_one_crash_all_are_handled_at_the_same_time(path):
    await crashed(path, 1, message(1), message(2), message(3))
    start = Start(path, Handlers(working=[1, 2, 3]))
    assert start.receiver.recover() == 3
    await start.until(lambda: start.handlers.now == 3)
    assert start.suspected() == []
    for gate in start.handlers.working.values():
        gate.set()
    await start.close()


async def test_after_two_crashes_one_is_handled_at_a_time_and_the_file_says_which(path):
    await crashed(path, 2, message(1), message(2), message(3))
    start = Start(path, Handlers(working=[1, 2, 3]))
    start.receiver.recover()
    for number in (1, 2, 3):
        await start.until(lambda: start.suspected() == [number])  # noqa: B023
        await start.until(lambda: number in start.handlers.begun)  # noqa: B023
        start.handlers.working[number].set()
    await start.close()
    assert start.handlers.most == 1
    assert start.handlers.ended == [1, 2, 3]
    assert read_inbox(path).entries == []


async def test_who_waits_for_telegram_holds_up_nobody_and_is_not_suspected(path):
    await crashed(path, 2, message(1), message(2))
    start = Start(path, Handlers(waiting=[1]))
    start.receiver.recover()
    await start.until(lambda: start.handlers.ended == [2])
    await start.until(lambda: start.suspected() == [])
    start.handlers.waiting[1].set()
    await start.close()
    assert start.handlers.ended == [2, 1]


async def test_the_rest_of_a_handler_behind_a_reply_is_a_turn_too(path):
    await crashed(path, 2, message(1), message(2))
    start = Start(path, Handlers(waiting=[1], working=[2]))
    start.receiver.recover()
    await start.until(lambda: start.suspected() == [2])
    start.handlers.waiting[1].set()
    for _ in range(20):
        await asyncio.sleep(0)
    assert start.handlers.ended == []
    start.handlers.working[2].set()
    await start.close()
    assert sorted(start.handlers.ended) == [1, 2]


async def test_a_new_update_takes_its_turn_and_is_in_the_file_before_its_handler_starts(path):
    """What kills at once has not been acknowledged; the file must name it even so."""
    await crashed(path, 2)
    start = Start(path, Handlers(working=[7]))
    start.receiver.recover()
    accept(start.receiver, message(7))
    await start.until(lambda: start.handlers.begun == [7])
    assert start.suspected() == [7]
    await start.crash()
    again = Start(path, Handlers())
    assert [(one.update_id, one.deaths) for one in again.inbox.left] == [(7, 1)]
    await again.close()


async def test_a_poison_is_set_aside_and_the_others_are_handled_before_it(path):
    await crashed(path, 2, message(1, person=1), message(2, person=2), message(3, person=1))
    begun = []
    for _ in range(DEATHS_MAX):
        start = Start(path, Handlers(working=[1]))
        start.receiver.recover()
        await start.until(lambda: 1 in start.handlers.begun)  # noqa: B023
        begun.append(start.handlers.begun)
        await start.crash()
    # At first nobody knows. From then on who was died with comes last, with all that is theirs.
    assert begun == [[1], [2, 1], [1]]
    start = Start(path, Handlers())
    assert [one.update_id for one in start.inbox.set_aside.updates(BOT_ID)] == [1]
    start.receiver.recover()
    await start.until(lambda: start.handlers.ended == [3])
    # Telegram delivers it again, because it was never acknowledged.
    assert accept(start.receiver, message(1)) is None
    await start.close()
    assert start.handlers.begun == [3]


async def test_what_was_set_aside_is_tried_again_once_and_counts_anew(path):
    await crashed(path, 2, message(1))
    for _ in range(DEATHS_MAX):
        start = Start(path, Handlers(working=[1]))
        start.receiver.recover()
        await start.until(lambda: start.handlers.begun)  # noqa: B023
        await start.crash()
    start = Start(path, Handlers(working=[1]))
    start.receiver.recover()
    (aside,) = start.inbox.set_aside.updates(BOT_ID)
    await start.receiver.try_again(aside.key)
    assert not start.receiver.is_set_aside(aside.key)
    await start.receiver.try_again(aside.key)
    for deaths in range(1, DEATHS_MAX + 1):
        await start.until(lambda: start.handlers.begun == [1])  # noqa: B023
        assert start.suspected() == [1]
        await start.crash()
        start = Start(path, Handlers(working=[1]))
        start.receiver.recover()
        assert [one.deaths for one in start.inbox.left] == [deaths][: deaths < DEATHS_MAX]
    (again,) = start.inbox.set_aside.updates(BOT_ID)
    assert again.key != aside.key
    await start.close()


async def test_a_handler_that_hangs_holds_up_nobody_for_ever(path, monkeypatch):
    monkeypatch.setattr(suspects, "TURN_MAX_S", 0)
    await crashed(path, 2, message(1), message(2))
    start = Start(path, Handlers(working=[1]))
    start.receiver.recover()
    await start.until(lambda: start.handlers.ended == [2])
    await start.until(lambda: start.suspected() == [1])
    start.handlers.working[1].set()
    await start.close()


async def test_a_start_that_goes_well_is_careful_for_a_while_only(path, monkeypatch):
    monkeypatch.setattr(suspects, "CALM_AFTER_S", 0)
    await crashed(path, 2, message(1))
    start = Start(path, Handlers())
    start.receiver.recover()
    running = path.with_suffix(".running")
    await start.until(lambda: running.read_bytes() == b"0\n")
    assert start.handlers.ended == [1]
    await start.crash()
    assert Inbox.open(path, BOT_ID).crashes == 1


async def test_several_calls_at_once_are_one_wait(path):
    """A handler may make two calls at a time; it has its turn again when both have ended."""
    await crashed(path, 2, message(1))
    handlers = Handlers()
    gates = [asyncio.Event(), asyncio.Event()]

    async def call(gate):
        async with current.get().waiting():
            await gate.wait()

    async def dispatch(_update):
        await asyncio.gather(*map(call, gates))
        handlers.ended.append(1)

    handlers.dispatch = dispatch
    start = Start(path, handlers)
    start.receiver.recover()
    gates[0].set()
    await start.until(lambda: start.suspected() == [])
    gates[1].set()
    await start.close()
    assert handlers.ended == [1]
