"""One person in order, many at once, and nobody takes all the places."""

import asyncio

from telegram import Chat, Update, User
from telegram import Message as TelegramMessage

from bot.lanes import WAITING_MAX, Lanes, OneAtATimePerPerson


def update_of(user_id: int, number: int) -> Update:
    user = User(user_id, "Somebody", is_bot=False)
    message = TelegramMessage(number, None, Chat(user_id, "private"), from_user=user)
    return Update(number, message=message)


async def test_a_lane_is_held_by_one_at_a_time_in_the_order_of_coming():
    lanes, entered = Lanes(), asyncio.Queue()

    async def pass_through(name: str, gate: asyncio.Event) -> None:
        async with lanes.lane(1):
            entered.put_nowait(name)
            await gate.wait()

    gates = [asyncio.Event() for _ in range(3)]
    tasks = [
        asyncio.create_task(pass_through(name, gate))
        for name, gate in zip("abc", gates, strict=True)
    ]
    for name, gate in zip("abc", gates, strict=True):
        assert await entered.get() == name
        assert entered.empty()
        gate.set()
    await asyncio.gather(*tasks)
    assert lanes.waiting(1) == 0


async def test_people_do_not_wait_for_each_other_and_a_flood_is_cut_off():
    processor, gate, handled = OneAtATimePerPerson(256), asyncio.Event(), []

    async def slow(number: int) -> None:
        await gate.wait()
        handled.append(number)

    async def quick(number: int) -> None:
        handled.append(number)

    flood = [
        asyncio.create_task(processor.process_update(update_of(1, number), slow(number)))
        for number in range(300)
    ]
    other = asyncio.create_task(processor.process_update(update_of(2, 999), quick(999)))
    await other
    assert handled == [999]
    gate.set()
    await asyncio.gather(*flood)
    assert handled == [999, *range(WAITING_MAX)]
