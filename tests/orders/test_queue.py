"""The queue of orders: fair, and one order in flight for a video at a time."""

import asyncio
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.sending.queue import OrderQueue, QueuedOrder


async def test_videos_take_ready_videos():
    line = OrderQueue()
    for order_id in ("a1", "a2", "a3", "b1", "c1"):
        line.add(QueuedOrder(order_id, order_id[0]))
    served = []
    while line:
        ticket = await line.next()
        served.append(ticket.order_id)
        line.done(ticket)
    assert served == ["a1", "b1", "c1", "a2", "a3"]


async def test_an_order_waits_once_however_often_it_is_added():
    line = OrderQueue()
    ticket = QueuedOrder("a1", "a")
    line.add(ticket)
    line.add(ticket)
    assert len(line) == 1
    assert await line.next() == ticket
    line.add(ticket)
    assert len(line) == 1
    line.done(ticket)
    assert (len(line), line._waiting) == (0, {})


async def test_an_order_that_has_to_wait_again_goes_behind_the_others():
    line = OrderQueue()
    for order_id in ("a1", "a2", "b1"):
        line.add(QueuedOrder(order_id, order_id[0]))
    line.back(await line.next())
    served = []
    while line:
        ticket = await line.next()
        served.append(ticket.order_id)
        line.done(ticket)
    assert served == ["b1", "a2", "a1"]


async def test_an_order_has_no_turn_while_another_one_holds_its_key():
    line = OrderQueue()
    for order_id in ("a1", "a2", "b1"):
        line.add(QueuedOrder(order_id, order_id[0]))
    first = await line.next()
    line.hold(first.key, "a1")
    line.done(first)
    other = await line.next()
    line.done(other)
    assert (other.order_id, len(line), line.is_held(first.key)) == ("b1", 1, True)
    waiting = asyncio.ensure_future(line.next())
    await asyncio.sleep(0)
    assert not waiting.done()
    line.let_go(first.key, "somebody else")
    await asyncio.sleep(0)
    assert not waiting.done()
    line.let_go(first.key, "a1")
    assert (await waiting).order_id == "a2"


async def test_an_order_that_goes_back_while_its_key_is_held_stays_the_first():
    line = OrderQueue()
    for order_id in ("a1", "a2"):
        line.add(QueuedOrder(order_id, order_id[0]))
    first = await line.next()
    line.hold(first.key, "a0")
    line.back(first)
    line.let_go(first.key, "a0")
    assert await line.next() == first


async def test_orders_for_one_video_and_two_services_have_turns_of_their_own():
    line = OrderQueue()
    line.add(QueuedOrder("a1", "a", service_id="5"))
    line.add(QueuedOrder("a2", "a", service_id="6"))
    assert [(await line.next()).order_id for _ in range(2)] == ["a1", "a2"]


STEPS = st.one_of(
    st.sampled_from(["next", "done", "back"]),
    st.tuples(st.sampled_from(["add", "hold", "let_go"]), st.sampled_from("abc")),
)


@settings(deadline=None)
@given(st.lists(STEPS, max_size=60))
async def test_every_order_is_served_once_and_a_video_never_twice_at_once(  # noqa: C901 - a case for each step
    steps: list,
):
    line = OrderQueue()
    out: list[QueuedOrder] = []
    added: list[str] = []
    served: Counter[str] = Counter()
    held: set[str] = set()
    for step in steps:
        match step:
            case ("add", video_key):
                ticket = QueuedOrder(f"o{len(added)}", video_key)
                added.append(ticket.order_id)
                line.add(ticket)
            case ("hold", video_key):
                held.add(video_key)
                line.hold(("", video_key), "x")
            case ("let_go", video_key):
                held.discard(video_key)
                line.let_go(("", video_key), "x")
            case "next":
                if (ticket := await next_at_once(line)) is not None:
                    assert ticket.video_key not in held
                    out.append(ticket)
                assert len({ticket.video_key for ticket in out}) == len(out)
            case "done" if out:
                ticket = out.pop()
                served[ticket.order_id] += 1
                line.done(ticket)
            case "back" if out:
                line.back(out.pop(0))
    for video_key in held:
        line.let_go(("", video_key), "x")
    for ticket in out:
        line.back(ticket)
    while line:
        ticket = await next_at_once(line)
        served[ticket.order_id] += 1
        line.done(ticket)
    assert served == Counter(added)
    assert (line._waiting, line._holders, line._missed_turn) == ({}, {}, set())


async def next_at_once(line: OrderQueue) -> QueuedOrder | None:
    turn = asyncio.ensure_future(line.next())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    if turn.done():
        return turn.result()
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)
    return None
