"""The receiver: per-user order, concurrency, limits, and acknowledging only when durable."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.scripted_telegram import accept

from bot.metrics_hooks import BotHooks
from bot.receive.flood_meter import BURST, SWEEP_MIN, FloodMeter
from bot.receive.in_flight import current
from bot.receive.inbox import Inbox
from bot.receive.receiver import IN_FLIGHT_MAX, SHARED_MAX, Receiver
from bot.send.rate_limits import NO_LIMITS

BOT_ID = 123
ADMIN_ID = 7


def message(update_id, person, text="hello", **more):
    who = {"id": person, "is_bot": False, "first_name": "Somebody"}
    chat = {"id": person, "type": "private"}
    return {
        "update_id": update_id,
        more.pop("kind", "message"): {
            "message_id": update_id,
            "date": more.pop("date", 1),
            "chat": chat,
            "from": who,
            "text": text,
            **more,
        },
    }


def press(update_id, person):
    who = {"id": person, "is_bot": False, "first_name": "Somebody"}
    shown = {"message_id": 1, "date": 1, "chat": {"id": person, "type": "private"}}
    query = {"id": str(update_id), "from": who, "data": "x", "message": shown}
    return {"update_id": update_id, "callback_query": query}


class Bot:
    id = BOT_ID
    defaults = None


class App:
    """Handlers that wait until they may go on; what they did, in order."""

    def __init__(self, *, hold=()):
        self.bot = Bot()
        self.handled = []
        self.at_once = Counter()
        self.most_at_once = Counter()
        self.gates = {number: asyncio.Event() for number in hold}
        self.then = lambda _: None

    async def dispatch(self, update):
        person = update.person.id
        self.at_once[person] += 1
        self.most_at_once[person] = max(self.most_at_once[person], self.at_once[person])
        if gate := self.gates.get(update.update_id):
            await gate.wait()
        else:
            await asyncio.sleep(0)
        self.handled.append(update.update_id)
        self.then(update.update_id)
        self.at_once[person] -= 1


class Ears(BotHooks):
    def __init__(self):
        self.ended = []
        self.persisted_updates = 0

    def update_ended(self, kind, outcome):
        self.ended.append((kind, outcome))

    def updates_persisted(self, updates):
        self.persisted_updates += updates


class Room:
    def __init__(self, path, app):
        self.path = path
        self.app = app
        self.hooks = Ears()
        self.alive = True
        self.inbox = Inbox.open(path, BOT_ID)
        self.receiver = Receiver(
            app, self.inbox, self.hooks, alive=lambda: self.alive, admin_ids=frozenset({ADMIN_ID})
        )

    def accept(self, update, **more):
        return accept(self.receiver, update, **more)

    async def close(self):
        await self.receiver.close(5)
        await self.inbox.close()

    def left(self):
        """What the next process would find."""
        copy = self.path.with_name("copy.jsonl")
        copy.write_bytes(self.path.read_bytes())
        return [kept.update_id for kept in Inbox.open(copy, BOT_ID).left]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "inbox.jsonl"


@given(people=st.lists(st.integers(1, 4), max_size=40))
def test_each_person_is_served_in_order_and_one_at_a_time(tmp_path_factory, people):
    async def live():
        room = Room(tmp_path_factory.mktemp("inbox") / "inbox.jsonl", App())
        for number, person in enumerate(people, 1):
            room.accept(message(number, person))
        await room.close()
        return room

    room = asyncio.run(live())
    assert sorted(room.app.handled) == list(range(1, len(people) + 1))
    for person in set(people):
        mine = [number for number in room.app.handled if people[number - 1] == person]
        assert mine == sorted(mine)
        assert room.app.most_at_once[person] == 1


async def test_albums_and_edits_keep_their_place(path):
    room = Room(path, App())
    room.accept(message(1, 1, media_group_id="album"))
    room.accept(message(2, 1, media_group_id="album"))
    room.accept(message(3, 1, kind="edited_message", edit_date=2))
    room.accept(message(4, 1))
    await room.close()
    assert room.app.handled == [1, 2, 3, 4]


async def test_one_who_is_slow_does_not_hold_up_the_others(path):
    room = Room(path, App(hold=[1]))
    first = room.accept(message(1, 1))
    behind = room.accept(message(2, 1))
    other = room.accept(message(3, 2))
    assert await room.receiver.ready_to_acknowledge([other])
    assert room.app.handled == [3]
    room.app.gates[1].set()
    await room.close()
    assert room.app.handled == [3, 1, 2]
    assert (first.is_done, behind.is_done) == (True, True)


async def test_a_flood_is_cut_answered_once_and_counted(path):
    said = []
    app = App(hold=[1])
    room = Room(path, app)

    async def answer(update):
        said.append(update.update_id)

    room.receiver._warn = answer
    accepted = [room.accept(message(number, 1)) for number in range(1, BURST + 21)]
    other = room.accept(message(999, 2))
    assert await room.receiver.ready_to_acknowledge([other])
    assert app.handled == [999]
    assert [update is not None for update in accepted] == [True] * BURST + [False] * 20
    app.gates[1].set()
    await room.close()
    assert app.handled == [999, *range(1, BURST + 1)]
    assert said == [BURST + 1]
    assert Counter(room.hooks.ended) == {
        ("message", "done"): BURST + 1,
        ("message", "flooded"): 20,
    }


async def test_what_merely_waited_during_a_downtime_is_no_flood(path):
    room = Room(path, App())
    updates = [message(number, 1, date=1_000_000 + number) for number in range(1, 201)]
    presses = [press(number, 2) for number in range(201, 301)]
    accepted = [room.accept(update) for update in updates + presses]
    assert None not in accepted
    await room.close()
    assert sorted(room.app.handled) == list(range(1, 301))


async def test_presses_have_no_date_and_are_a_flood_by_when_they_came(path):
    room = Room(path, App(hold=[1]))
    slow = [room.accept(press(number, 1), sent_at_s=number * 1.0) for number in range(1, 101)]
    fast = [room.accept(press(number, 2), sent_at_s=number * 0.1) for number in range(101, 201)]
    assert None not in slow
    assert sum(one is not None for one in fast) == BURST + 19
    room.receiver._warn = None
    room.app.gates[1].set()
    await room.close()


async def test_an_admin_is_never_taken_for_a_flood(path):
    room = Room(path, App())
    assert None not in [room.accept(message(n, ADMIN_ID)) for n in range(1, 4 * BURST)]
    await room.close()


async def test_what_the_inbox_kept_is_not_refused_as_a_flood(path):
    room = Room(path, App())
    kept = [room.accept(message(n, 1), is_persisted=True) for n in range(1, 4 * BURST)]
    assert None not in kept
    await room.close()


async def test_near_the_limit_of_places_one_person_gets_fewer_and_newcomers_still_one(path):
    room = Room(path, App(hold=range(1, 10_000)))
    room.receiver._warn = lambda _: asyncio.sleep(0)
    number = 0
    for person in range(1, 200):
        for _ in range(SHARED_MAX):
            number += 1
            if room.accept(message(number, person + 100, date=1_000_000 + 2 * number)) is None:
                break
    newcomer = room.accept(message(50_000, 5))
    assert newcomer is not None
    assert room.accept(message(50_001, ADMIN_ID)) is not None
    assert not room.receiver.is_full
    assert len(room.receiver._in_flight) < SHARED_MAX + 210
    for gate in room.app.gates.values():
        gate.set()
    await room.close()


def test_where_messages_leave_without_a_limit_nothing_is_a_flood():
    meter = FloodMeter(NO_LIMITS)
    assert all(meter.accepts(1, 0.0) for _ in range(1000))


def test_who_is_quiet_for_half_a_minute_is_forgotten():
    meter = FloodMeter()
    for number in range(100_000):
        assert meter.accepts(number, number / 25)
        assert len(meter) <= SWEEP_MIN


@given(gaps=st.lists(st.integers(0, 5), max_size=200))
def test_no_rate_above_the_limit_is_accepted_for_long(gaps):
    meter, now_s, accepted = FloodMeter(), 0.0, []
    for gap in gaps:
        now_s += gap / 4
        if meter.accepts(1, now_s):
            accepted.append(now_s)
    for first, first_s in enumerate(accepted):
        for last, last_s in enumerate(accepted[first:], first):
            assert last - first + 1 <= BURST + 2 * (last_s - first_s)


async def test_what_is_quick_never_gets_into_the_inbox(path):
    room = Room(path, App())
    update = room.accept(message(1, 1))
    assert await room.receiver.ready_to_acknowledge([update])
    assert (update.is_done, room.hooks.persisted_updates, path.read_bytes()) == (True, 0, b"")
    await room.close()


async def test_what_is_slow_is_safe_once_it_is_in_the_inbox(path):
    room = Room(path, App(hold=[1]))
    update = room.accept(message(1, 1))
    assert await room.receiver.ready_to_acknowledge([update])
    assert (update.is_done, room.hooks.persisted_updates, room.left()) == (False, 1, [1])
    room.app.gates[1].set()
    await room.close()
    assert (update.is_done, path.read_bytes()) == (True, b"")


async def test_what_the_last_process_left_is_handled_first_and_only_once(path):
    before = Room(path, App(hold=[1, 2]))
    accepted = [before.accept(message(1, 1)), before.accept(message(2, 2))]
    assert await before.receiver.ready_to_acknowledge(accepted)
    # The process is killed. Telegram delivers the second one again.
    room = Room(path, App())
    assert room.receiver.recover() == 2
    room.accept(message(2, 2))
    room.accept(message(3, 1))
    await room.close()
    assert sorted(room.app.handled) == [1, 2, 3]
    assert path.read_bytes() == b""
    await before.receiver.close(0)


async def test_an_update_given_twice_is_handled_once_and_safe_when_that_is_done(path):
    room = Room(path, App())
    first = room.accept(message(1, 1))
    again = room.accept(message(1, 1))
    assert again is first
    assert await room.receiver.ready_to_acknowledge([first, again])
    assert room.accept(message(1, 1)) is None
    await room.close()
    assert room.app.handled == [1]
    assert Counter(room.hooks.ended)[("message", "repeated")] == 2


async def test_an_answer_broken_off_by_the_end_is_left_for_the_next_start(path):
    room = Room(path, App())

    def break_off(_):
        current.get().interrupted = True

    room.app.then = break_off
    update = room.accept(message(1, 1))
    await room.receiver.close(5)
    assert await room.receiver.ready_to_acknowledge([update])
    assert (update.is_done, room.left()) == (False, [1])
    await room.inbox.close()


async def test_nothing_counts_as_done_once_the_ledger_has_failed(path):
    room = Room(path, App())
    room.alive = False
    update = room.accept(message(1, 1))
    assert await room.receiver.ready_to_acknowledge([update])
    assert (update.is_done, room.left()) == (False, [1])
    await room.close()


async def test_an_update_that_makes_no_sense_is_passed_over(path, caplog):
    room = Room(path, App())
    assert room.accept({"update_id": 5, "message": {"chat": 3}}) is None
    assert "is invalid" in caplog.text
    with pytest.raises(ValueError, match="update_id"):
        room.accept({"message": {}})
    assert room.hooks.ended == [("message", "failed")]
    await room.close()


async def test_no_more_are_taken_in_hand_than_there_is_room_for(path):
    room = Room(path, App(hold=range(1, IN_FLIGHT_MAX + 1)))
    for number in range(1, IN_FLIGHT_MAX + 1):
        assert not room.receiver.is_full
        room.accept(message(number, number))
    assert room.receiver.is_full
    waiting = asyncio.create_task(room.receiver.wait_for_room())
    await asyncio.sleep(0)
    assert not waiting.done()
    room.app.gates[7].set()
    await waiting
    for gate in room.app.gates.values():
        gate.set()
    await room.close()
    assert len(room.app.handled) == IN_FLIGHT_MAX


async def test_a_failing_error_handler_does_not_end_a_persons_queue(path):
    room = Room(path, App())

    def fail(update_id):
        if update_id == 1:
            raise ZeroDivisionError

    room.app.then = fail
    room.accept(message(1, 1))
    room.accept(message(2, 1))
    await room.close()
    assert room.app.handled == [1, 2]
    assert room.hooks.ended == [("message", "failed"), ("message", "done")]


class SlowInbox:
    """An inbox whose disk is asked when a test says so."""

    left = ()

    def __init__(self):
        self.asked = asyncio.Event()
        self.answer = asyncio.get_running_loop().create_future()
        self.noted = []

    async def keep(self, _updates):
        self.asked.set()
        await self.answer

    def done(self, update_id):
        self.noted.append(update_id)


def held_up(path):
    """A room where update 1 takes long, and so does the inbox's disk."""
    room = Room(path, App(hold=[1]))
    slow = room.receiver._inbox = SlowInbox()
    return room, slow


async def test_a_second_delivery_waits_for_the_disk_as_the_first_does(path):
    room, slow = held_up(path)
    first = asyncio.create_task(room.receiver.ready_to_acknowledge([room.accept(message(1, 1))]))
    await slow.asked.wait()
    again = asyncio.create_task(room.receiver.ready_to_acknowledge([room.accept(message(1, 1))]))
    done, _ = await asyncio.wait([first, again], timeout=0.05)
    assert done == set()
    slow.answer.set_result(None)
    assert await asyncio.gather(first, again) == [True, True]
    room.app.gates[1].set()
    await room.close()
    assert slow.noted == [1]


async def test_who_stops_waiting_for_the_disk_does_not_make_an_update_safe(path):
    room, slow = held_up(path)
    update = room.accept(message(1, 1))
    polling = asyncio.create_task(room.receiver.ready_to_acknowledge([update]))
    await slow.asked.wait()
    polling.cancel()
    await room.receiver.close(0)
    confirming = asyncio.create_task(room.receiver.ready_to_acknowledge([update]))
    done, _ = await asyncio.wait([confirming], timeout=0.05)
    assert done == set()
    slow.answer.set_exception(OSError("no space"))
    assert await confirming is False
    await room.inbox.close()


async def test_when_the_inbox_fails_an_update_is_safe_once_it_is_done(path):
    room, slow = held_up(path)
    slow.answer.set_exception(OSError("no space"))
    update = room.accept(message(1, 1))
    waiting = [asyncio.create_task(room.receiver.ready_to_acknowledge([update])) for _ in range(2)]
    await slow.asked.wait()
    room.app.gates[1].set()
    assert await asyncio.gather(*waiting) == [True, True]
    await room.close()


async def test_half_of_an_emoji_can_be_kept(path):
    room = Room(path, App(hold=[1]))
    update = room.accept(message(1, 1, text="\ud83d"))
    assert await room.receiver.ready_to_acknowledge([update])
    assert room.left() == [1]
    room.app.gates[1].set()
    await room.close()


async def test_groups_and_channels_have_no_share_and_get_no_warning(path):
    room = Room(path, App())
    for number in range(1, BURST + 10):
        update = message(number, 1)
        update["message"]["chat"] = {"id": -100, "type": "supergroup"}
        assert room.accept(update) is None
    await room.close()
    assert room.app.handled == []
    assert set(room.hooks.ended) == {("message", "done")}


@pytest.mark.parametrize("number", [2**70, -5, 0, True, "5"])
async def test_impossible_people_are_passed_over(path, number):
    room = Room(path, App())
    assert room.accept(message(1, number)) is None
    await room.close()
    assert room.app.handled == []


async def test_true_is_no_number_of_an_update(path):
    room = Room(path, App())
    with pytest.raises(ValueError, match="update_id"):
        room.accept(message(True, 1))
    await room.close()
